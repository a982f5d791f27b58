/* json_scan.h - a strict JSON reader that walks a text once, front to back, and builds nothing:
 * UTF-8, the grammar of RFC 8259, depth, duplicate keys, finite numbers. Everything that reads
 * JSON goes through it: json_text.c, which keeps what it reads as a tree, safetensors.c for
 * headers.
 *
 *     sts_scan_enter(&s, '{');
 *     while ((more = sts_scan_more(&s, '}')) > 0) { sts_scan_key(&s, &key); sts_scan_value(&s); }
 */
#ifndef STS_CORE_JSON_SCAN_H
#define STS_CORE_JSON_SCAN_H

#include "core/json.h"

typedef struct sts_scan {
    const char *text;
    size_t n, at;
    const char *name; /* of the file, for messages */
    int code;
    sts_err *err;
    size_t budget; /* what a tree of the text may take in memory; SIZE_MAX: no tree is built */
    size_t cost;   /* ... and what it would take so far */
    int depth;
    bool first;    /* nothing was read yet in the innermost brackets */
    bool nul;      /* set it after sts_scan_start to allow \u0000 in strings */
    uint64_t object[STS_JSON_DEPTH + 1]; /* a number for each open object */
    uint64_t objects, seed;
    uint64_t (*keys)[2]; /* hashes of (object, key): a set by open addressing */
    size_t n_keys, cap_keys;
    char *buf; /* a string with its escapes decoded */
    size_t cap_buf;
} sts_scan;

sts_scan sts_scan_start(const char *text, size_t n, const char *name, int code, sts_err *err);
void sts_scan_done(sts_scan *s); /* frees what the scan holds, not the text */

/* All return -1 on a fault, with "NAME: byte N: what" in err. */
int sts_scan_enter(sts_scan *s, char open);  /* '{' or '[' */
int sts_scan_more(sts_scan *s, char close);  /* 1: an element follows; 0: the bracket is closed */
int sts_scan_key(sts_scan *s, sts_str *key); /* and its colon; a key seen in this object fails */
int sts_scan_text(sts_scan *s, sts_str *text); /* decoded; valid until the next call */
int sts_scan_size(sts_scan *s, size_t *out);   /* a whole number from 0 to 2^53 */
int sts_scan_value(sts_scan *s);               /* checks and skips any value */
int sts_scan_end(sts_scan *s);                 /* only white space is left */
/* The byte that the next value starts with, or -1 at the end. */
int sts_scan_peek(sts_scan *s);
/* Counts a value towards the budget, for who enters or decodes it other than by sts_scan_value. */
int sts_scan_node(sts_scan *s);
/* The next value as a tree; NULL on a fault. (json_text.c) */
sts_json *sts_scan_tree(sts_scan *s);
/* The values of the members key[0..n) of an object, as text; n = 0 where one is absent. */
int sts_scan_members(sts_str object, const char *name, const char *const *key, size_t n,
                     sts_str *value, sts_err *err);
/* A fault at byte `at` in words. */
int sts_scan_fail(const sts_scan *s, size_t at, const char *what);

#endif
