/* test_distinct.c - which texts and pairs have one number. */
#include "data/distinct.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static uint32_t text(sts_distinct *d, const char *s)
{
    return sts_distinct_text(d, (sts_str){s, strlen(s)});
}

Test(distinct, case_and_white_space_do_not_count)
{
    static const char *const same[][2] = {
        {"A dog.", "a DOG."},
        {"A  dog.", " A\tdog. \r\n"},
        {"\xc3\x84PFEL", "\xc3\xa4pfel"},                 /* ÄPFEL, äpfel */
        {"\xd0\x9f\xd0\xb5\xd1\x81", "\xd0\xbf\xd0\xb5\xd1\x81"}, /* Пес, пес */
        {"\xc8\xba", "\xe2\xb1\xa5"},                     /* lower case is longer */
    };
    static const char *const other[][2] = {
        {"A dog.", "A dog"}, {"C", "C++"}, {"ab", "a b"}, {"", "a"}, {"3.5", "35"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        sts_distinct d = sts_distinct_new();
        cr_assert(text(&d, same[i][0]) == 0 && text(&d, same[i][1]) == 0, "same %zu", i);
        sts_distinct_free(&d);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        sts_distinct d = sts_distinct_new();
        cr_assert(text(&d, other[i][0]) == 0 && text(&d, other[i][1]) == 1, "other %zu", i);
        sts_distinct_free(&d);
    }
}

Test(distinct, numbers_in_order_and_pairs_in_either_order)
{
    static char many[5000][8];
    sts_distinct d = sts_distinct_new();
    for (uint32_t i = 0; i < 5000; i++) {
        snprintf(many[i], sizeof many[i], "t%u", i);
        cr_assert(text(&d, many[i]) == i);
        if (i) cr_assert(sts_distinct_pair(&d, i, i - 1) == i - 1);
    }
    for (uint32_t i = 1; i < 5000; i++) {
        cr_assert(text(&d, many[i]) == i);
        cr_assert(sts_distinct_pair(&d, i - 1, i) == i - 1);
    }
    cr_assert(sts_distinct_pair(&d, 7, 7) == 4999);
    sts_distinct_free(&d);
}
