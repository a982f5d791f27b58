/* unicode.c - classes of code points and lower case. Letters and numbers follow utf8proc and a
 * table of newer ones; punctuation, accents and marks follow the old tables of the reference. */
#include "token/unicode.h"

#include "token/unicode_tables.h"

#include <string.h>

size_t sts_utf8_ascii(const char *s, size_t n)
{
    size_t i = 0;
    for (uint64_t word; i + 8 <= n; i += 8) {
        memcpy(&word, s + i, 8);
        if (word & 0x8080808080808080u) break;
    }
    while (i < n && (unsigned char)s[i] < 0x80) i++;
    return i;
}

size_t sts_utf8_valid(const char *s, size_t n)
{
    for (size_t i = 0;;) {
        i += sts_utf8_ascii(s + i, n - i);
        if (i == n) return n;
        utf8proc_int32_t cp;
        utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s + i,
                                              (utf8proc_ssize_t)(n - i), &cp);
        if (k <= 0) return i;
        i += (size_t)k;
    }
}

static bool in_ranges(uint32_t cp, const sts_range *r, size_t n)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cp > r[mid].last) lo = mid + 1;
        else hi = mid;
    }
    return lo < n && r[lo].first <= cp;
}

int sts_newer_category(uint32_t cp)
{
    const sts_category_range *r = sts_range_newer;
    size_t lo = 0, hi = cp < r[0].first ? 0 : sts_range_newer_n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cp > r[mid].last) lo = mid + 1;
        else hi = mid;
    }
    bool in = lo < sts_range_newer_n && r[lo].first <= cp;
    return in ? (int)r[lo].category : UTF8PROC_CATEGORY_CN;
}

static int category(uint32_t cp)
{
    int newer = sts_newer_category(cp);
    return newer != UTF8PROC_CATEGORY_CN ? newer : (int)utf8proc_category((utf8proc_int32_t)cp);
}

bool sts_is_space(uint32_t cp)
{
    if (cp < 0x80) return cp == ' ' || (cp >= 9 && cp <= 13);
    return cp == 0x85 || cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) ||
           cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

bool sts_is_letter(uint32_t cp)
{
    if (cp < 0x80) return (cp | 32) >= 'a' && (cp | 32) <= 'z';
    int c = category(cp);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool sts_is_number(uint32_t cp)
{
    if (cp < 0x80) return cp >= '0' && cp <= '9';
    int c = category(cp);
    return c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO;
}

bool sts_is_numeric(uint32_t cp)
{
    return sts_is_number(cp) || (cp >= 0x11de0 && cp <= 0x11de9) ||
           (cp >= 0x16ff4 && cp <= 0x16ff6);
}

bool sts_is_word(uint32_t cp)
{
    if (cp < 0x80) return sts_is_letter(cp) || sts_is_number(cp) || cp == '_';
    int c = category(cp);
    if (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NL) return true; /* L, M, Nd, Nl */
    /* the circled and squared letters of Other_Alphabetic; Join_Control */
    return c == UTF8PROC_CATEGORY_PC || (cp >= 0x24b6 && cp <= 0x24e9) ||
           (cp >= 0x1f130 && cp <= 0x1f149) || (cp >= 0x1f150 && cp <= 0x1f169) ||
           (cp >= 0x1f170 && cp <= 0x1f189) || cp == 0x200c || cp == 0x200d;
}

bool sts_is_punct(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= 33 && cp <= 47) || (cp >= 58 && cp <= 64) || (cp >= 91 && cp <= 96) ||
               (cp >= 123 && cp <= 126);
    return in_ranges(cp, sts_range_punct, sts_range_punct_n);
}

bool sts_is_control(uint32_t cp)
{
    return in_ranges(cp, sts_range_control, sts_range_control_n);
}

bool sts_is_accent(uint32_t cp)
{
    return cp >= 0x300 && in_ranges(cp, sts_range_accent, sts_range_accent_n);
}

bool sts_is_mark(uint32_t cp)
{
    return cp >= 0x300 && in_ranges(cp, sts_range_mark, sts_range_mark_n);
}

bool sts_is_cjk(uint32_t cp)
{
    if (cp < 0x3400) return false;
    /* 2b920, not 2b820, is the reference's own; extension E starts at 2b820 */
    return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf) ||
           (cp >= 0x20000 && cp <= 0x2a6df) || (cp >= 0x2a700 && cp <= 0x2b73f) ||
           (cp >= 0x2b740 && cp <= 0x2b81f) || (cp >= 0x2b920 && cp <= 0x2ceaf) ||
           (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x2f800 && cp <= 0x2fa1f);
}

/* Pairs of cases that Unicode 16 and 17 added. */
static uint32_t newer_lower(uint32_t cp)
{
    static const struct {
        uint32_t first, last, lower;
    } pair[] = {{0x1c89, 0x1c89, 0x1c8a},   {0xa7cb, 0xa7cb, 0x264},  {0xa7cc, 0xa7cc, 0xa7cd},
                {0xa7ce, 0xa7ce, 0xa7cf},   {0xa7d2, 0xa7d2, 0xa7d3}, {0xa7d4, 0xa7d4, 0xa7d5},
                {0xa7da, 0xa7da, 0xa7db},   {0xa7dc, 0xa7dc, 0x19b},  {0x10d50, 0x10d65, 0x10d70},
                {0x16ea0, 0x16eb8, 0x16ebb}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        if (cp >= pair[i].first && cp <= pair[i].last) return pair[i].lower + (cp - pair[i].first);
    return cp;
}

int sts_lower(uint32_t cp, uint32_t out[2])
{
    if (cp < 0x80) {
        out[0] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
        return 1;
    }
    if (cp == 0x130) { /* the one capital whose lower case is two characters */
        out[0] = 'i';
        out[1] = 0x307;
        return 2;
    }
    out[0] = (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
    if (out[0] == cp && cp >= 0x1c89) out[0] = newer_lower(cp);
    return 1;
}
