/* json.h - strict reading of untrusted JSON over cJSON, getters, and writing that is always
 * strict JSON. A validating pass (UTF-8, grammar, depth <= 64, duplicate keys, numbers in
 * range, end of text, number of nodes) runs before cJSON sees the text. */
#ifndef STS_CORE_JSON_H
#define STS_CORE_JSON_H

#include "core/err.h"

#include <cjson/cJSON.h>
#include <stdint.h>

#define STS_JSON_LIMIT ((size_t)64 << 20) /* bytes of any JSON file but a safetensors header */
#define STS_JSON_DEPTH 64

/* Checks that text[n] is one strict JSON value; on failure fills err with `code` and
 * "NAME: byte N: what". `name` is a file name for the message. */
int sts_json_check(const char *text, size_t n, const char *name, int code, sts_err *err);

/* Checked, then parsed by cJSON; freed by cJSON_Delete. NULL on error. */
cJSON *sts_json_parse(const char *text, size_t n, const char *name, int code, sts_err *err);
cJSON *sts_json_load(const char *path, int code, sts_err *err);

/* The member `key` of an object (case-sensitive), or NULL. */
const cJSON *sts_json_get(const cJSON *object, const char *key);

/* Getters: absent (or null) keeps *out as it is; a wrong type or range fails with `code`,
 * naming `name` (the file) and the key. Integers must be whole and within [min, max]. */
typedef struct sts_json_in {
    const cJSON *object;
    const char *name; /* the file, for messages */
    int code;
    sts_err *err;
} sts_json_in;
int sts_json_int(const sts_json_in *in, const char *key, int64_t min, int64_t max, int64_t *out);
int sts_json_num(const sts_json_in *in, const char *key, double min, double max, double *out);
int sts_json_bool(const sts_json_in *in, const char *key, bool *out);
int sts_json_text(const sts_json_in *in, const char *key, const char **out); /* borrowed */

/* Adds a number, or null when it is not finite. */
cJSON *sts_json_add_num(cJSON *object, const char *key, double x);

/* The same, to the last bit (cJSON itself may round the last digits); for writing only: the member
 * counts as raw text in this tree, and is a number once it was read back. */
cJSON *sts_json_add_exact(cJSON *object, const char *key, double x);

/* cJSON's text with a newline at the end, written atomically. */
int sts_json_save(const cJSON *json, const char *path, sts_err *err);

#endif
