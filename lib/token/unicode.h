/* unicode.h - code points as the reference's parts see them: UTF-8, classes, lower case, normal
 * forms, grapheme clusters. Texts given here are valid UTF-8 (sts_utf8_valid checks). */
#ifndef STS_TOKEN_UNICODE_H
#define STS_TOKEN_UNICODE_H

#include "token/textbuf.h"

#include <stdbool.h>

/* The code point at s into *cp; its length in bytes. */
static inline size_t sts_utf8_get(const char *s, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s;
    if (p[0] < 0x80) return *cp = p[0], 1;
    if (p[0] < 0xe0) return *cp = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu), 2;
    if (p[0] < 0xf0)
        return *cp = (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu), 3;
    return *cp = (p[0] & 7u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu), 4;
}

/* Bytes of the character that starts with byte c. */
static inline size_t sts_utf8_len(char c)
{
    unsigned char b = (unsigned char)c;
    return b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
}

/* Writes cp to out[4]; its length in bytes. */
static inline size_t sts_utf8_put(char *out, uint32_t cp)
{
    if (cp < 0x80) return out[0] = (char)cp, 1;
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n - 1; i > 0; i--, cp >>= 6) out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)(lead[n] | cp);
    return n;
}

/* How many leading bytes of s[n] are valid UTF-8. */
size_t sts_utf8_valid(const char *s, size_t n);
/* How many leading bytes are ASCII. */
size_t sts_utf8_ascii(const char *s, size_t n);

bool sts_is_space(uint32_t cp);   /* White_Space */
bool sts_is_letter(uint32_t cp);  /* L, Unicode 16 */
bool sts_is_number(uint32_t cp);  /* N, Unicode 16 */
bool sts_is_numeric(uint32_t cp); /* N, Unicode 17 */
bool sts_is_word(uint32_t cp);    /* \w of UTS 18: Alphabetic, M, Nd, Pc, Join_Control */
bool sts_is_punct(uint32_t cp);   /* ASCII's, and P of Unicode 8 */
bool sts_is_control(uint32_t cp); /* what BertNormalizer cleans away: Cc, Cf, Co of Unicode 8 */
bool sts_is_accent(uint32_t cp);  /* Mn of Unicode 8 */
bool sts_is_mark(uint32_t cp);    /* M of Unicode 9 */
bool sts_is_cjk(uint32_t cp);     /* what BertNormalizer takes for a Chinese character */

/* Lower case, each character by itself (no final sigma); out[2] gets one or two. */
int sts_lower(uint32_t cp, uint32_t out[2]);

/* Normal forms of Unicode 9. Appends to out. O(n log n) in the longest run of marks. */
typedef enum { STS_NFD = 0, STS_NFC = 1, STS_NFKD = 2, STS_NFKC = 3 } sts_normal;
int sts_normal_form(sts_normal form, const char *s, size_t n, sts_text *out);

/* Bytes of the extended grapheme cluster (UAX 29) at the start of s[n], n > 0. */
size_t sts_grapheme(const char *s, size_t n);

#endif
