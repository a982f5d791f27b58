/* base64.h - bytes written as text. */
#ifndef STS_CORE_BASE64_H
#define STS_CORE_BASE64_H

#include <stddef.h>

/* The bytes of s[n] into out, which has room for 3 for every 4 characters: how many, or -1 where it
 * is not base 64 with padding. */
long sts_base64(const char *s, size_t n, unsigned char *out);

#endif
