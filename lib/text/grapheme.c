/* grapheme.c - extended grapheme clusters (UAX 29), over utf8proc. */
#include "text/unicode.h"

#include "text/unicode_tables.h"

/* Marks that are newer than utf8proc's tables: they extend a cluster too. */
static bool newer_mark(uint32_t cp)
{
    int c = sts_newer_category(cp);
    return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC || c == UTF8PROC_CATEGORY_ME;
}

size_t sts_grapheme(const char *s, size_t n)
{
    uint32_t a, b;
    size_t at = sts_utf8_get(s, &a);
    if (at < n && a < 0x80 && a != '\r' && (unsigned char)s[at] < 0x80) return at;
    utf8proc_int32_t state = 0;
    for (; at < n; a = b) {
        size_t k = sts_utf8_get(s + at, &b);
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)a, (utf8proc_int32_t)b, &state) &&
            !(newer_mark(b) && !sts_is_control(a)))
            break;
        at += k;
    }
    return at;
}
