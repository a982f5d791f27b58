/* utf8.c - checks 16 bytes at a time while they are ASCII, one character at a time elsewhere. */
#include "core/utf8.h"

#include <stdint.h>
#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

/* Eight bytes that are all 1..127: taking 1 from each sets a high bit only where there is a 0. */
static int plain(uint64_t w)
{
    return !((w | (w - ONES)) & HIGH);
}

/* Length of the character of two bytes or more at p[n], or 0 (Unicode, table 3-7). */
static size_t multibyte(const unsigned char *p, size_t n)
{
    unsigned c = p[0];
    size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || len > n) return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xf0 && p[1] < 0x90)) return 0; /* overlong */
    if ((c == 0xed && p[1] > 0x9f) || (c == 0xf4 && p[1] > 0x8f)) return 0; /* no character */
    return len;
}

size_t sts_utf8_check(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0;
    while (i < n) {
        uint64_t w[2];
        while (n - i >= sizeof w) {
            memcpy(w, p + i, sizeof w);
            if (!plain(w[0]) || !plain(w[1])) break;
            i += sizeof w;
        }
        if (n - i < sizeof w && n >= sizeof w) { /* the last bytes, with some before them */
            memcpy(w, p + n - sizeof w, sizeof w);
            if (plain(w[0]) && plain(w[1])) return n;
        }
        while (i < n && p[i] - 1U < 0x7f) i++;
        if (i == n) break;
        size_t k = multibyte(p + i, n - i);
        if (!k) return i;
        i += k;
    }
    return n;
}

int sts_utf8_blank(const char *s, size_t n)
{
    static const char *const wide[] = {"\xc2\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"};
    size_t i = 0;
    while (i < n) {
        size_t k = (s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r')) ? 1 : 0;
        for (size_t j = 0; !k && j < 3; j++)
            if (n - i >= strlen(wide[j]) && !memcmp(s + i, wide[j], strlen(wide[j])))
                k = strlen(wide[j]);
        if (!k && n - i >= 3 && !memcmp(s + i, "\xe2\x80", 2) && (unsigned char)s[i + 2] <= 0x8b)
            k = 3;
        if (!k) return 0;
        i += k;
    }
    return 1;
}
