/* test_utf8.c - strict UTF-8, against utf8proc on every sequence of up to three bytes. */
#include "core/utf8.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

/* The reference: one character at a time. */
static size_t slow_check(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t cp;
        utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s + i,
                                              (utf8proc_ssize_t)(n - i), &cp);
        if (k <= 0 || cp == 0) return i;
        i += (size_t)k;
    }
    return n;
}

Test(utf8, every_short_sequence)
{
    char s[3];
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            for (unsigned c = 0; c < 256; c++) {
                s[0] = (char)a, s[1] = (char)b, s[2] = (char)c;
                if (sts_utf8_check(s, 3) != slow_check(s, 3))
                    cr_assert(false, "%02x %02x %02x: %zu", a, b, c, sts_utf8_check(s, 3));
            }
        }
    }
}

Test(utf8, four_bytes)
{
    for (unsigned a = 0xf0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            char s[4] = {(char)a, (char)b, '\x80', '\xbf'};
            cr_assert_eq(sts_utf8_check(s, 4), slow_check(s, 4), "%02x %02x", a, b);
        }
    }
}

/* A bad byte at every place of texts around the width of the fast path. */
Test(utf8, places)
{
    for (size_t n = 0; n < 70; n++) {
        char s[70];
        memset(s, 'a', sizeof s);
        cr_assert_eq(sts_utf8_check(s, n), n, "%zu letters", n);
        for (size_t at = 0; at < n; at++) {
            s[at] = 0;
            cr_assert_eq(sts_utf8_check(s, n), at, "NUL at %zu of %zu", at, n);
            s[at] = '\xe9';
            cr_assert_eq(sts_utf8_check(s, n), at, "0xe9 at %zu of %zu", at, n);
            s[at] = 'a';
        }
    }
}

Test(utf8, blank)
{
    static const char *const blank[] = {"", " ", "\t \r\n", "\xc2\xa0", "\xe3\x80\x80 ",
                                        "\xe2\x80\x8b", "\xef\xbb\xbf", "\xe2\x80\x80\xe2\x80\x8a"};
    static const char *const text[] = {"a", " a", "\xc2\xa1", "\xe2\x80\x9c", "\xe3\x80\x81", "."};
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++)
        cr_assert(sts_utf8_blank(blank[i], strlen(blank[i])), "case %zu", i);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        cr_assert_not(sts_utf8_blank(text[i], strlen(text[i])), "case %zu", i);
}
