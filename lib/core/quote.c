/* quote.c - bytes out of a file as messages show them: one printable line. */
#include "core/quote.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

/* Characters that turn the direction of what follows, or end the line. */
static bool turns_text(utf8proc_int32_t cp)
{
    return cp == 0x61c || cp == 0x200e || cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

/* Length of the printable UTF-8 character at s[n], or 0: then its first byte is to be escaped. */
static size_t printable(const char *s, size_t n)
{
    utf8proc_int32_t cp;
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &cp);
    if (k <= 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) return 0;
    return turns_text(cp) ? 0 : (size_t)k;
}

const char *sts_quote(char *out, size_t size, const char *s, size_t n)
{
    size_t o = 0, safe = 0; /* safe: where "..." would still fit */
    for (size_t i = 0; i < n;) {
        char piece[5];
        size_t k = printable(s + i, n - i), len = k ? k : 4;
        if (k) memcpy(piece, s + i, k);
        else snprintf(piece, sizeof piece, "\\x%02x", (unsigned char)s[i]);
        if (o + len >= size) {
            snprintf(out + safe, size - safe, "...");
            return out;
        }
        memcpy(out + o, piece, len);
        o += len;
        i += k ? k : 1;
        if (o + 4 <= size) safe = o;
    }
    out[o] = 0;
    return out;
}

const char *sts_show_path(char out[STS_SHOWN_PATH], const char *path)
{
    size_t n = strlen(path), keep = n < 240 ? n : 240;
    char tail[1024]; /* escaped, a byte may become four */
    sts_quote(tail, sizeof tail, path + n - keep, keep);
    if (strlen(tail) > 240) sts_quote(tail, sizeof tail, path + n - (keep = 60), 60);
    bool in = !strcmp(path, "-");
    snprintf(out, STS_SHOWN_PATH, "%s%.240s", keep < n ? "..." : "",
             in ? "stdin" : n ? tail : "''");
    return out;
}
