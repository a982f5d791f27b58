/* test_scale.c - which range a file's scores have: what is given, and what has to be asked. */
#include "data/scale.h"

#include <criterion/criterion.h>
#include <string.h>

/* Scores of `n` rows, the same six over and over. */
static const char *ask(const double v[6], size_t n, char out[256])
{
    sts_extremes e = {0};
    for (size_t i = 0; i < n; i++) sts_extremes_add(&e, v[i % 6], v[i % 6] >= 0 && v[i % 6] <= 5);
    return sts_extremes_ask(&e, out);
}

Test(scale, asks_where_the_extremes_do_not_fit)
{
    static const struct {
        double v[6];
        const char *says; /* NULL: 0..5 it is */
    } cases[] = {
        {{0, 1, 2.4, 3, 4.8, 5}, NULL},
        {{0.2, 1, 2, 3, 4, 4.9}, NULL},
        {{0, 0, 0, 5, 5, 5}, NULL},
        {{5, 5, 5, 5, 5, 5}, NULL},
        {{1, 2, 3, 4, 5, 5}, "1:5 (or 0:5)"},
        {{1.5, 2, 3, 4, 4.5, 2}, "1:5 (or 0:5)"},
        {{0, 1, 2, 3, 4, 4}, "0:4 (or 0:5)"},
        {{0, 1, 2, 3, 3, 3}, "0:3 (or 0:5)"},
        {{1, 2, 3, 4, 4, 4}, "1:4 (or 0:5)"},
        {{0.5, 1.5, 0.1, 2, 1, 1.7}, "0:2 (or 0:5)"},
        {{0, 0.5, 1, 0.2, 0.9, 0.3}, "0:1 (or 0:5)"},
        {{0, 1, 1, 0, 0, 1}, "0:1 (or 0:5); where 0 means alike: --labels 0=1,1=0"},
        {{0, 1, 2, 0, 1, 2}, "--labels 0=1,1=0.5,2=0"},
        {{0, 1, 2, -1, 1, 2}, "--labels 0=1,1=0.5,2=0,-1="},
        {{-1, -0.5, 0, 0.5, 1, 0.2}, "-1:1"},
        {{0.5, 0.9, 0, 0.5, 1, -0.1}, "-1:1"},
        {{0, 10, 20, 70, 100, 55}, "0:100"},
        {{0, 2, 6, 9, 10, 3}, "0:10"},
        {{0, 2, 6, 3, 1, 3}, "0:6"},
        {{1, 2, 6, 7, 1, 3}, "1:7"},
        {{-5, 2, 5, 3, 1, 3}, "-5:5"},
    };
    char out[256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = ask(cases[i].v, 24, out);
        cr_assert(!got == !cases[i].says, "%zu: %s", i, got ? got : "nothing");
        if (got) cr_assert(strstr(got, cases[i].says), "%zu: %s", i, got);
    }
}

Test(scale, few_scores_and_single_slips_are_not_asked_about)
{
    static const double high[6] = {3, 4, 5, 3.5, 4.5, 5}, slip[6] = {0, 2, 5, 1, 3, 4};
    char out[256];
    cr_assert(!ask(high, STS_SCORES_FEW - 1, out));
    cr_assert(ask(high, STS_SCORES_FEW, out));
    sts_extremes e = {0};
    for (int i = 0; i < 12; i++) sts_extremes_add(&e, slip[i % 6], true);
    sts_extremes_add(&e, 44, false);
    cr_assert(!sts_extremes_ask(&e, out));
    sts_extremes_add(&e, 50, false);
    cr_assert(strstr(sts_extremes_ask(&e, out), "0:100"));
}

Test(scale, a_range_for_all_and_for_single_files)
{
    static const struct {
        const char *spec, *path;
        bool ranged, own;
        double min, max;
    } cases[] = {
        {"0:1", "a", true, false, 0, 1},
        {"a=0:1", "a", true, true, 0, 1},
        {"a=0:1", "b", false, false, 0, 0},
        {"0:1,b=1:5", "a", true, false, 0, 1},
        {"0:1,b=1:5", "b", true, true, 1, 5},
        {"b=1:5,0:1", "b", true, true, 1, 5},
        {"a,b=c.tsv=0:4,0:1", "a,b=c.tsv", true, true, 0, 4},
        {"d/a=-1:1.5,0:1", "d/a", true, true, -1, 1.5},
    };
    sts_err err = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sts_data_options o = {.score_range = cases[i].spec};
        sts_scale s;
        cr_assert(!sts_scale_parse(&s, &o, cases[i].path, &err), "%s", err.text);
        cr_assert(s.ranged == cases[i].ranged && s.own == cases[i].own, "%zu", i);
        cr_assert(s.min == cases[i].min && s.max == cases[i].max, "%zu", i);
    }
    static const char *const paths[] = {"a", "b"};
    sts_data_options o = {.score_range = "a=0:1,d=0:2"};
    static const char *const beside[] = {"c", NULL, "d"}, *const others[] = {"c", NULL, NULL};
    cr_assert(!sts_scale_check(&o, paths, 2, beside, &err));
    cr_assert(sts_scale_check(&o, paths, 2, others, &err) && err.code == STS_USAGE);
    cr_assert(strstr(err.text, "no data file is called 'd'"), "%s", err.text);
}

Test(scale, labels)
{
    static const char *const bad[] = {"", "a", "a=2", "a=-1", "=1", "a=1,,b=0", "a=x"};
    sts_err err = {0};
    sts_scale s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sts_data_options o = {.labels = bad[i]};
        cr_assert(sts_scale_parse(&s, &o, "f", &err) && err.code == STS_USAGE, "%s", bad[i]);
    }
    sts_data_options o = {.labels = "not at all=0,so so=0.5,-=", .score_range = "g=0:5"};
    cr_assert(!sts_scale_parse(&s, &o, "g", &err) && !s.labels && s.own);
    cr_assert(!sts_scale_parse(&s, &o, "f", &err) && s.labels && !s.ranged);
    double x;
    cr_assert(sts_label_find(s.labels, (sts_str){"so so", 5}, &x) == 1 && x == 0.5);
    cr_assert(sts_label_find(s.labels, (sts_str){"-", 1}, &x) == 0);
    cr_assert(sts_label_find(s.labels, (sts_str){"so", 2}, &x) == -1);
    o.score_range = "0:5";
    cr_assert(sts_scale_parse(&s, &o, "f", &err) && strstr(err.text, "FILE=MIN:MAX"));
}
