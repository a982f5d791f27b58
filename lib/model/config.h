/* config.h - JSON files of a model directory: objects, and keys that are known. */
#ifndef STS_MODEL_CONFIG_H
#define STS_MODEL_CONFIG_H

#include "core/json.h"

/* Loads a file that must hold an object. NULL on error (STS_MODEL, STS_FAILED). */
sts_json *sts_config_load(const char *path, sts_err *err);

/* Refuses every key that is not in `known` (names separated by spaces): for files whose other keys
 * the reference does not take either. */
int sts_config_keys(const sts_json_in *in, const char *known);
/* Notes them, for files whose other keys the reference passes over. */
void sts_config_note_keys(const sts_json_in *in, const char *known);

/* Is `word` one of the names separated by spaces in `list`? */
bool sts_config_listed(const char *list, const char *word);

/* Is the member absent, null, false, or empty? What is switched off need not be supported. */
bool sts_config_off(const sts_json *object, const char *key);

/* May a path of a JSON file be followed below the directory? "" and names with "/" inside; nothing
 * absolute, no "..", no backslash. */
bool sts_config_path_ok(const char *path);

#endif
