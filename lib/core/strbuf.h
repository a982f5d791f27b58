/* strbuf.h - a text built piece by piece; a failure is remembered and reported once, at the end. */
#ifndef STS_CORE_STRBUF_H
#define STS_CORE_STRBUF_H

#include "core/err.h"

/* Appends to the text in out[size], whose end is at `at`; what does not fit is cut. Its new end,
 * always below size. For texts whose length is bounded: others belong in an sts_strbuf. */
size_t sts_append(char *out, size_t size, size_t at, const char *fmt, ...) STS_PRINTF(4, 5);

/* Zero-initialise before use. */
typedef struct sts_strbuf {
    char *s;
    size_t n, cap;
    bool failed;
} sts_strbuf;

void sts_strbuf_add(sts_strbuf *b, const char *s, size_t n);
void sts_strbuf_printf(sts_strbuf *b, const char *fmt, ...) STS_PRINTF(2, 3);

#define STS_COLUMNS 80 /* of what is printed for people */

/* `label`, padded to `indent` columns, and a text: broken at blanks into lines of STS_COLUMNS that
 * start at the indent. A word that is longer, such as a path, stays whole. */
void sts_put_wrapped(sts_strbuf *out, int indent, const char *label, const char *fmt, ...)
    STS_PRINTF(4, 5);

/* The NUL-terminated text, now the caller's (sts_free); NULL when memory ran out on the way. */
char *sts_strbuf_take(sts_strbuf *b);

#endif
