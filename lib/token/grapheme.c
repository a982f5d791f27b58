/* grapheme.c - extended grapheme clusters (UAX 29), over utf8proc. */
#include "token/unicode.h"

#include "token/unicode_tables.h"

/* Marks that are newer than utf8proc's tables extend a cluster too, unless it is a control. */
static bool extends(uint32_t a, uint32_t b)
{
    int mark = sts_newer_category(b);
    bool unicode_17 = (b >= 0x1acf && b <= 0x1add) || (b >= 0x1ae0 && b <= 0x1aeb) ||
                      (b >= 0x10efa && b <= 0x10efb) || (b >= 0x11b60 && b <= 0x11b67) ||
                      b == 0x1e6e3 || b == 0x1e6e6 || b == 0x1e6ee || b == 0x1e6ef || b == 0x1e6f5;
    if (mark != UTF8PROC_CATEGORY_MN && mark != UTF8PROC_CATEGORY_MC &&
        mark != UTF8PROC_CATEGORY_ME && !unicode_17)
        return false;
    int c = (int)utf8proc_category((utf8proc_int32_t)a);
    bool joiner = a == 0x200c || a == 0x200d;
    return c != UTF8PROC_CATEGORY_CC && c != UTF8PROC_CATEGORY_ZL && c != UTF8PROC_CATEGORY_ZP &&
           (c != UTF8PROC_CATEGORY_CF || joiner);
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
            !extends(a, b))
            break;
        at += k;
    }
    return at;
}
