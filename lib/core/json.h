/* json.h - strict reading of untrusted JSON (UTF-8, grammar, depth <= 64, duplicate keys, numbers
 * in range, end of text, size of the tree), getters, and writing that is always strict JSON. */
#ifndef STS_CORE_JSON_H
#define STS_CORE_JSON_H

#include "core/err.h"
#include "core/json_tree.h"
#include "core/limits.h"

#include <stdint.h>

/* Checks that text[n] is one strict JSON value; on failure fills err with `code` and
 * "NAME: byte N: what". `name` is a file name for the message. */
int sts_json_check(const char *text, size_t n, const char *name, int code, sts_err *err);

/* Checked, as a tree; freed by sts_json_free. NULL on error. */
sts_json *sts_json_parse(const char *text, size_t n, const char *name, int code, sts_err *err);
sts_json *sts_json_load(const char *path, int code, sts_err *err);

/* Getters: absent (or null) keeps *out as it is; a wrong type or range fails with `code`,
 * naming `name` (the file) and the key. Integers must be whole and within [min, max]. */
typedef struct sts_json_in {
    const sts_json *object;
    const char *name; /* the file, for messages */
    int code;
    sts_err *err;
} sts_json_in;
int sts_json_int(const sts_json_in *in, const char *key, int64_t min, int64_t max, int64_t *out);
int sts_json_num(const sts_json_in *in, const char *key, double min, double max, double *out);
int sts_json_bool(const sts_json_in *in, const char *key, bool *out);
int sts_json_text(const sts_json_in *in, const char *key, const char **out); /* borrowed */

/* Adds a number, or null, to the last bit (else the last digit may be rounded); for writing only:
 * the member counts as raw text in this tree, and is a number once it was read back. */
sts_json *sts_json_add_exact(sts_json *object, const char *key, double x);

/* Adds an item; where that fails the item is freed. */
void sts_json_put(sts_json *object, const char *key, sts_json *item);
/* Adds an object or array that stays its owner's and outlives this one; NULL adds nothing. */
void sts_json_refer(sts_json *object, const char *key, const sts_json *item);
void sts_json_append(sts_json *array, sts_json *item);

/* The text of a tree that was begun when sts_json_denied() was `since`, with a line end: the tree
 * is whole if that count is still the same. Bytes that are not UTF-8 (of file names, say) become
 * \xNN, which sts_name_decode takes back; a backslash that would read as the start of one becomes
 * \x5c. Freed by sts_free. NULL when memory is, or was, out. */
char *sts_json_print(const sts_json *json, bool pretty, size_t since);

/* Takes back \xNN in all strings of a tree, which may be NULL, that was read from such a text. */
void sts_json_decode(sts_json *json);

/* As sts_json_print; the tree, which may be NULL, is freed. */
char *sts_json_finish(sts_json *json, bool pretty, size_t since);

/* That text written to a file, atomically. */
int sts_json_save_whole(const sts_json *json, size_t since, const char *path, sts_err *err);

/* The same for a tree that is known to be whole. */
int sts_json_save(const sts_json *json, const char *path, sts_err *err);

#endif
