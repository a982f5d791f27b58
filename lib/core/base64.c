/* base64.c - base 64, read strictly. */
#include "core/base64.h"

#include <stdint.h>

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

long sts_base64(const char *s, size_t n, unsigned char *out)
{
    size_t o = 0, pad = 0;
    while (pad < 2 && pad < n && s[n - 1 - pad] == '=') pad++;
    if (n % 4) return -1;
    for (size_t i = 0; i < n; i += 4) {
        uint32_t bits = 0;
        for (size_t k = i; k < i + 4; k++) {
            int v = k + pad >= n ? 0 : sextet(s[k]);
            if (v < 0) return -1;
            bits = bits << 6 | (uint32_t)v;
        }
        for (int shift = 16; shift >= 0; shift -= 8) out[o++] = (unsigned char)(bits >> shift);
    }
    for (size_t k = 0; k < pad; k++)
        if (out[--o]) return -1;
    return (long)o;
}
