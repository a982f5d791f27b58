/* test_suggest.c - edit distance and "did you mean"; numbers to text. */
#include "core/decimal.h"
#include "core/rng.h"
#include "core/suggest.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *a, *b;
    size_t distance;
} distances[] = {
    {"", "", 0},           {"", "abc", 3},          {"abc", "", 3},
    {"abc", "abc", 0},     {"abc", "ABC", 0},       {"a_b", "a-b", 0},
    {"kitten", "sitting", 3}, {"cosnet", "cosent", 1}, {"ab", "ba", 1},
    {"abcd", "acbd", 1},   {"abcdef", "abdef", 1},  {"lawn", "flaw", 2},
};

Test(suggest, distances)
{
    for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
        const char *a = distances[i].a, *b = distances[i].b;
        size_t there = sts_edit_distance(a, strlen(a), b, strlen(b));
        cr_assert(there == distances[i].distance, "%s, %s: %zu", a, b, there);
        cr_assert(there == sts_edit_distance(b, strlen(b), a, strlen(a)), "%s, %s back", a, b);
    }
}

Test(suggest, long_words_are_cut)
{
    char a[500], b[500];
    memset(a, 'x', sizeof a);
    memset(b, 'y', sizeof b);
    cr_assert(sts_edit_distance(a, sizeof a, b, sizeof b) == 63);
    cr_assert(sts_edit_distance(a, sizeof a, a, 100) == 0);
}

Test(suggest, nearest)
{
    static const char *const names[] = {"epochs", "eval-steps", "save-steps", "seed", "lr"};
    static const struct {
        const char *word, *meant;
    } table[] = {
        {"epoch", "epochs"},          {"eval_step", "eval-steps"}, {"sead", "seed"},
        {"save-setps", "save-steps"}, {"eva", "eval-steps"},       {"xyzzy", NULL},
        {"", NULL},                   {"l", NULL},                 {"SEED", "seed"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *got = sts_suggest(table[i].word, names, 5);
        cr_assert((got == NULL) == (table[i].meant == NULL) &&
                      (!got || !strcmp(got, table[i].meant)),
                  "'%s': %s", table[i].word, got ? got : "none");
    }
}

Test(suggest, first_of_equally_near)
{
    static const char *const names[] = {"layer-1", "layer-2"};
    cr_assert_str_eq(sts_suggest("layer-3", names, 2), "layer-1");
}

Test(decimal, shortest_that_reads_back)
{
    static const struct {
        double x;
        const char *text;
    } table[] = {{0, "0"},        {20, "20"},         {0.8, "0.8"},    {1e-3, "0.001"},
                 {-2.5, "-2.5"},  {1e300, "1e+300"},  {1.0 / 3, "0.3333333333333333"},
                 {0.1 + 0.2, "0.30000000000000004"}};
    char out[32];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        cr_assert_str_eq(sts_decimal_format(table[i].x, out), table[i].text);
    sts_rng r = sts_rng_new(1, 1);
    for (int i = 0; i < 1000; i++) {
        double x = sts_rng_normal(&r) * 1e-5;
        cr_assert(strtod(sts_decimal_format(x, out), NULL) == x, "%s", out);
    }
}

Test(decimal, in_a_locale_with_a_comma)
{
    char out[32];
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) cr_skip_test("no German locale here");
    cr_assert_str_eq(sts_decimal_format(0.25, out), "0.25");
}
