/* utf8.h - strict UTF-8 (RFC 3629): no overlong forms, no surrogates, and here no NUL either. */
#ifndef STS_CORE_UTF8_H
#define STS_CORE_UTF8_H

#include <stddef.h>

/* Where the first byte stands that is NUL or not UTF-8; n when there is none. */
size_t sts_utf8_check(const char *s, size_t n);

/* Nothing but white space (ASCII's, no-break, ideographic, U+2000..200B, U+FEFF)? s is UTF-8. */
int sts_utf8_blank(const char *s, size_t n);

#endif
