/* test_unicode.c - UTF-8, classes of code points, lower case, normal forms, clusters. */
#include "core/clock.h"
#include "core/mem.h"
#include "token/unicode.h"
#include "token/unicode_tables.h"

#include <criterion/criterion.h>
#include <string.h>

Test(unicode, utf8_round_trip)
{
    static const uint32_t cps[] = {0,      0x7f,   0x80,   0x7ff,   0x800,
                                   0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    for (size_t i = 0; i < sizeof cps / sizeof *cps; i++) {
        char s[4];
        uint32_t cp;
        size_t n = sts_utf8_put(s, cps[i]);
        cr_assert(sts_utf8_get(s, &cp) == n && cp == cps[i], "U+%04X", (unsigned)cps[i]);
        cr_assert(sts_utf8_len(s[0]) == n && sts_utf8_valid(s, n) == n, "U+%04X", (unsigned)cps[i]);
    }
}

Test(unicode, utf8_valid_prefix)
{
    static const struct {
        const char *s;
        size_t n, good;
    } c[] = {{"", 0, 0}, {"abc", 3, 3}, {"a\xc3\xa4z", 4, 4}, {"a\xc3", 2, 1}, {"\x80", 1, 0},
             {"12345678\xff", 9, 8}, {"\xed\xa0\x80", 3, 0}, {"\xc0\xaf", 2, 0}, {"a\0b", 3, 3},
             {"\xf4\x90\x80\x80", 4, 0}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        size_t good = sts_utf8_valid(c[i].s, c[i].n);
        cr_assert(good == c[i].good, "case %zu: %zu", i, good);
    }
}

/* What tokenizers 0.23 says, one character of each kind and both sides of each version. */
Test(unicode, classes)
{
    static const struct {
        uint32_t cp;
        const char
            *is; /* s space, l letter, n number, w word, p punct, c control, a accent, m mark */
    } c[] = {{' ', "s"},     {'\t', "s"},     {0x1c, "c"},     {0x85, "sc"},    {0xa0, "s"},
             {0x3000, "s"},  {0x200b, "c"},   {0x180e, "c"},   {'a', "lw"},     {'5', "nw"},
             {'_', "wp"},    {'$', "p"},      {'`', "p"},      {0x7f, "c"},     {0xad, "c"},
             {0xb2, "n"},    {0x2160, "nw"},  {0x24b6, "w"},   {0x200d, "wc"},  {0xe000, "c"},
             {0xfffd, "c"},  {0x301, "wam"},  {0x903, "wm"},   {0x20dd, "wm"},  {0x2014, "p"},
             {0x166d, "p"},  {0x61d, ""},     {0x1734, "wam"}, {0x1cf2, "lwm"}, {0x898, "w"},
             {0x1c89, "lw"}, {0x10d40, "nw"}, {0x323af, "lw"}, {0x378, ""},     {0x1f600, ""},
             {0x24e9, "w"},  {0x24ea, "n"},   {0x1f130, "w"},  {0x1f14a, ""},   {0x1f150, "w"},
             {0x1f16a, ""},  {0x1f170, "w"},  {0x1f18a, ""},   {0x200c, "wc"},  {0x200e, "c"},
             {0x24b5, ""},   {0x1f12f, ""},   {0x110bd, "c"},  {0x110cd, ""},
             {0x0, "c"},      {0x10fffd, "c"}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char is[16] = "", *o = is;
        uint32_t cp = c[i].cp;
        if (sts_is_space(cp)) *o++ = 's';
        if (sts_is_letter(cp)) *o++ = 'l';
        if (sts_is_number(cp)) *o++ = 'n';
        if (sts_is_word(cp)) *o++ = 'w';
        if (sts_is_punct(cp)) *o++ = 'p';
        if (sts_is_control(cp)) *o++ = 'c';
        if (sts_is_accent(cp)) *o++ = 'a';
        if (sts_is_mark(cp)) *o++ = 'm';
        cr_assert(!strcmp(is, c[i].is), "U+%04X is \"%s\", not \"%s\"", (unsigned)cp, is, c[i].is);
    }
    cr_assert(sts_is_numeric(0x11de0) && !sts_is_number(0x11de0), "Unicode 17");
    cr_assert(sts_is_numeric(0x16ff4) && !sts_is_numeric(0x16ff7) && !sts_is_numeric(0x11dea));
    static const uint32_t cjk[][2] = {{0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0x20000, 0x2a6df},
                                      {0x2a700, 0x2b73f}, {0x2b740, 0x2b81f}, {0x2b920, 0x2ceaf},
                                      {0xf900, 0xfaff},   {0x2f800, 0x2fa1f}};
    for (size_t i = 0; i < sizeof cjk / sizeof *cjk; i++) {
        uint32_t from = cjk[i][0], to = cjk[i][1];
        cr_assert(sts_is_cjk(from) && sts_is_cjk(to), "%x to %x", from, to);
        cr_assert(!sts_is_cjk(from - 1) || from == 0x2b740, "before %x", from);
        cr_assert(!sts_is_cjk(to + 1) || to == 0x2b73f, "behind %x", to);
    }
    cr_assert(!sts_is_cjk(0x2b820) && !sts_is_cjk(0x3042) && !sts_is_cjk(0x10ffff));
}

#define ASCENDING(t)                                                                               \
    for (size_t i = 0; i < t##_n; i++)                                                             \
    cr_assert(t[i].first <= t[i].last && (i == 0 || t[i].first > t[i - 1].last), #t " at %zu", i)

Test(unicode, tables_ascend)
{
    ASCENDING(sts_range_punct);
    ASCENDING(sts_range_control);
    ASCENDING(sts_range_accent);
    ASCENDING(sts_range_mark);
    ASCENDING(sts_range_newer);
    ASCENDING(sts_range_script);
}

Test(unicode, lower)
{
    static const uint32_t c[][3] = {
        {'A', 'a', 0},       {'[', '[', 0},      {0xc4, 0xe4, 0},       {0x130, 'i', 0x307},
        {0x3a3, 0x3c3, 0},   {0x3c2, 0x3c2, 0},  {0x1c5, 0x1c6, 0},     {0x1e9e, 0xdf, 0},
        {0x1c89, 0x1c8a, 0}, {0xa7cb, 0x264, 0}, {0x10d50, 0x10d70, 0}, {0x16ea1, 0x16ebc, 0}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        uint32_t out[2] = {0};
        int n = sts_lower(c[i][0], out);
        cr_assert(n == 1 + !!c[i][2] && out[0] == c[i][1] && (n == 1 || out[1] == c[i][2]),
                  "U+%04X: %d, U+%04X", (unsigned)c[i][0], n, (unsigned)out[0]);
    }
}

Test(unicode, normal_forms)
{
    static const struct {
        sts_normal form;
        const char *from, *to;
    } c[] = {
        {STS_NFC, "", ""},
        {STS_NFC, "plain", "plain"},
        {STS_NFC, "e\u0301", "\u00e9"},
        {STS_NFD, "\u00e9", "e\u0301"},
        {STS_NFKC, "\ufb01\u2460", "fi1"},
        {STS_NFKD, "\u00bd", "1\u20442"},
        {STS_NFD, "a\u0301\u0323", "a\u0323\u0301"}, /* by class */
        {STS_NFC, "a\u0301\u0323", "\u1ea1\u0301"},  /* composed over the reordering */
        {STS_NFC, "a\u0315\u0301", "\u00e1\u0315"},  /* past a higher class */
        {STS_NFC, "a\u05ae\u0300\u0301", "\u00e0\u05ae\u0301"},
        {STS_NFD, "\u0344", "\u0308\u0301"},
        {STS_NFC, "\u0344", "\u0308\u0301"},
        {STS_NFC, "\u1100\u1161\u11a8x", "\uac01x"},
        {STS_NFD, "\uac01", "\u1100\u1161\u11a8"},
        {STS_NFC, "\uac00\u11a7", "\uac00\u11a7"}, /* T begins one later */
        {STS_NFC, "\u0958", "\u0915\u093c"},       /* excluded from composition */
        {STS_NFC, "\u09c7\u09be", "\u09cb"},       /* two starters */
        {STS_NFC, "\u212b\u2126", "\u00c5\u03a9"},
        {STS_NFKC, "\u32ff", "\u32ff"},              /* Unicode 12 */
        {STS_NFD, "\U00011938", "\U00011938"},       /* Unicode 13 */
        {STS_NFD, "a\u0301\u0898", "a\u0301\u0898"}, /* a mark of Unicode 14 is none yet */
        {STS_NFC, "\u0301e", "\u0301e"},
        {STS_NFC, "\u1100\u1176", "\u1100\u1176"}, /* no vowel of the old syllables */
        {STS_NFC, "\u1113\u1161", "\u1113\u1161"},
        {STS_NFC, "\u1100\u1160", "\u1100\u1160"},
        {STS_NFC, "\uac01\u11a8", "\uac01\u11a8"}, /* has its end already */
        {STS_NFC, "\uac00\u11c3", "\uac00\u11c3"},
        {STS_NFC, "\ud7a4\u11a8", "\ud7a4\u11a8"},
        {STS_NFKC, "\ufdfa", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 "
                             "\u0648\u0633\u0644\u0645"},
        {STS_NFC, "e \u0301", "e \u0301"},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sts_text out = {0};
        cr_assert(!sts_normal_form(c[i].form, c[i].from, strlen(c[i].from), &out), "case %zu", i);
        cr_assert(out.n == strlen(c[i].to) && (!out.n || !memcmp(out.s, c[i].to, out.n)),
                  "case %zu: %.*s", i, (int)out.n, out.s);
        sts_text_free(&out);
    }
}

/* 200,000 marks in the worst order are put right in far less than a second. */
Test(unicode, marks_in_linear_time)
{
    sts_text in = {0}, out = {0};
    cr_assert(!sts_text_add(&in, "e", 1), "memory");
    for (int i = 0; i < 100000; i++) cr_assert(!sts_text_add(&in, "\u0301\u0323", 4), "memory");
    double start = sts_clock();
    cr_assert(!sts_normal_form(STS_NFC, in.s, in.n, &out), "failed");
    cr_assert(sts_clock() - start < 5, "%.1f s", sts_clock() - start);
    cr_assert(!memcmp(out.s, "\u1eb9\u0323", 5), "starts wrongly"); /* e and the first dot below */
    sts_text_free(&in);
    sts_text_free(&out);
}

Test(unicode, clusters)
{
    static const struct {
        const char *s;
        size_t n;
    } c[] = {{"ab", 1},
             {"\r\nx", 2},
             {"\n\u0301", 1},
             {"e\u0301\u0327x", 5},
             {"\u1100\u1161\u11a8\u1100", 9},
             {"\U0001f469\u200d\U0001f680x", 11},
             {"\U0001f1e9\U0001f1ea\U0001f1e9", 8},
             {"\u00aa\u1acf", 5} /* a mark of Unicode 17 */,
             {"\n\u1acf", 1},
             {"\u00aa\U0001e4ec", 6}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        size_t n = sts_grapheme(c[i].s, strlen(c[i].s));
        cr_assert(n == c[i].n, "case %zu: %zu bytes", i, n);
    }
}

/* Marks of Unicode 17, which utf8proc may not know, extend what is before them but controls. */
Test(unicode, newer_marks_extend)
{
    static const uint32_t marks[][2] = {{0x1acf, 0x1add},   {0x1ae0, 0x1aeb},   {0x10efa, 0x10efb},
                                        {0x1e6e3, 0x1e6e3}, {0x1e6e6, 0x1e6e6}, {0x1e6ee, 0x1e6ef},
                                        {0x1e6f5, 0x1e6f5}, {0x11b60, 0x11b67}};
    for (size_t i = 0; i < 2 * sizeof marks / sizeof *marks; i++) {
        static const struct { uint32_t a; bool extended; } c[] = {
            {'x', true}, {0x200c, true}, {0x200d, true}, {0x200b, false}, {0x2028, false},
            {0x2029, false}, {0x85, false}};
        for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
            char s[8];
            size_t a = sts_utf8_put(s, c[k].a), n = a + sts_utf8_put(s + a, marks[i / 2][i % 2]);
            cr_assert(sts_grapheme(s, n) == (c[k].extended ? n : a), "U+%04X U+%04X",
                      (unsigned)c[k].a, (unsigned)marks[i / 2][i % 2]);
        }
    }
    static const uint32_t none[] = {0x1ade, 0x1adf, 0x1aec, 0x10ef9, 0x1e6e2, 0x1e6f6, 0x11b68};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char s[8] = "x";
        size_t n = 1 + sts_utf8_put(s + 1, none[i]);
        cr_assert(sts_grapheme(s, n) == 1, "U+%04X", (unsigned)none[i]);
    }
}

Test(unicode, failing_memory)
{
    sts_text out = {0};
    for (size_t nth = 1; nth < 5; nth++) {
        sts_mem_fail(nth, true);
        int rc = sts_normal_form(STS_NFC, "e\u0301\u0323\u0301", 7, &out);
        sts_mem_fail(0, false);
        sts_text_free(&out);
        if (!rc) return;
    }
    cr_assert(false, "never succeeds");
}
