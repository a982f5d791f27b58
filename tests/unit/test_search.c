/* test_search.c - what a search tries next, which trial wins, and what it reads back. */
#include "core/mem.h"
#include "data/corpus.h"
#include "data/memory.h"
#include "train/search.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sts_search open_search(void)
{
    sts_search s = {.seed = 7, .metric = sts_metric_find("spearman_cosine")};
    sts_search_kind kind = {.scored = true, .columns = 2};
    sts_train_options o = sts_train_defaults();
    sts_search_open_space(&s.space, &kind, &o);
    return s;
}

static void add(sts_search *s, size_t of, uint64_t seed, double value)
{
    sts_err err = {0};
    sts_search_trial t = {.seed = seed, .of = of, .value = value, .ci95 = {NAN, NAN}};
    if (isnan(value)) t.status = STS_TRIAL_DIVERGED;
    t.settings.x[STS_SEARCH_LR] = 1e-4 * (double)(of + 1);
    t.settings.x[STS_SEARCH_BATCH] = 16;
    t.settings.x[STS_SEARCH_EPOCHS] = 4;
    t.settings.x[STS_SEARCH_WARMUP] = 0.1;
    t.settings.x[STS_SEARCH_DROPOUT] = STS_SEARCH_DEFAULT;
    t.settings.x[STS_SEARCH_LAYER_DECAY] = 1;
    cr_assert(!sts_search_add(s, &t, &err), "%s", err.text);
}

Test(search, steps_stay_in_bounds_and_never_repeat)
{
    sts_search s = open_search();
    add(&s, 0, 7, 0.5);
    sts_search_fix(&s.space, "warmup");
    for (size_t i = 1; i < 300; i++) {
        sts_settings x = sts_search_next(&s), again = sts_search_next(&s);
        cr_assert(sts_settings_equal(&x, &again), "trial %zu: two draws differ", i);
        for (size_t k = 0; k < i; k++)
            cr_assert(!sts_settings_equal(&x, &s.v[k].settings), "trial %zu repeats %zu", i, k);
        double batch = x.x[STS_SEARCH_BATCH], epochs = x.x[STS_SEARCH_EPOCHS];
        cr_assert(exp2(round(log2(batch))) == batch && batch >= 2 && batch <= 256);
        cr_assert(round(epochs) == epochs && epochs >= 1);
        cr_assert(x.x[STS_SEARCH_WARMUP] == 0.1, "a fixed option changed");
        sts_train_options o = sts_train_defaults();
        sts_settings_text text;
        sts_err err = {0};
        cr_assert(!sts_settings_apply(&s.space, &x, &o, text, &err), "%s", err.text);
        add(&s, i, 7, 0.5);
        s.v[i].settings = x;
    }
    sts_free(s.v);
}

Test(search, a_round_follows_from_the_trials_before_it)
{
    sts_search s = open_search(), one = open_search();
    const size_t known[] = {0, 1, 1, 1, 4, 4, 4, 7};
    s.jobs = 3;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        cr_assert_eq(sts_search_known(&s, i), known[i], "trial %zu knows %zu", i,
                     sts_search_known(&s, i));
    for (size_t i = 0; i < 3; i++) {
        add(&s, i, 7, i ? 0.9 : 0.5);
        add(&one, i, 7, i ? 0.9 : 0.5);
    }
    sts_settings then = sts_search_next(&s), alone = sts_search_next(&one);
    cr_assert(!sts_settings_equal(&then, &alone), "the best of its round is known");
    s.v[1].value = s.v[2].value = NAN; /* in progress */
    sts_settings now = sts_search_next(&s);
    cr_assert(sts_settings_equal(&then, &now), "it depends on its neighbours");
    s.v[1].settings = now;
    sts_settings other = sts_search_next(&s);
    cr_assert(!sts_settings_equal(&now, &other), "a neighbour's options again");
    sts_free(s.v);
    sts_free(one.v);
}

Test(search, what_the_model_does_not_have_is_not_searched)
{
    sts_search s = open_search();
    const char *text = "{\"lr\": 5e-4, \"dropout\": \"model: dropout 0.2\"}";
    sts_json *config = sts_json_parse(text, strlen(text), "config", STS_DATA, NULL);
    cr_assert(config);
    sts_search_start(&s.space, config);
    cr_assert(s.space.fixed[STS_SEARCH_LAYER_DECAY]);
    cr_assert(!s.space.fixed[STS_SEARCH_LR] && !s.space.fixed[STS_SEARCH_DROPOUT]);
    sts_json_free(config);
}

Test(search, the_mean_over_the_seeds_that_all_have_decides)
{
    size_t out[STS_SEARCH_FINALISTS + 1];
    double deviation;
    sts_search s = open_search();
    const double value[] = {0.5, 0.8, 0.7, NAN, 0.75, 0.6};
    for (size_t i = 0; i < 6; i++) add(&s, i, 7, value[i]);
    cr_assert(sts_search_best(&s) == 1);
    cr_assert(sts_search_finalists(&s, out) == 4, "the first trial is one of them");
    cr_assert(out[0] == 1 && out[1] == 4 && out[2] == 2 && out[3] == 0);
    add(&s, 1, 8, 0.6);
    cr_assert(sts_search_winner(&s) == 1, "the others have one seed");
    add(&s, 4, 8, 0.75);
    add(&s, 2, 8, NAN);
    add(&s, 0, 8, 0.5);
    cr_assert(sts_search_seeds(&s) == 2);
    cr_assert(sts_search_winner(&s) == 4);
    cr_assert(fabs(sts_search_mean(&s, 1, 2, &deviation) - 0.7) < 1e-12);
    cr_assert(fabs(deviation - 0.1 * sqrt(2)) < 1e-9, "%g", deviation);
    cr_assert(isnan(sts_search_mean(&s, 2, 2, NULL)), "one seed diverged");
    cr_assert(sts_search_count(&s) == 6);
    sts_free(s.v);
}

Test(search, what_is_written_reads_back)
{
    sts_err err = {0};
    sts_search s = open_search(), back = open_search();
    for (size_t i = 0; i < 4; i++) add(&s, i, 7, i == 2 ? NAN : 0.1 * (double)i);
    for (size_t i = 1; i < 4; i++) s.v[i].settings = sts_search_next(&s);
    s.v[1].curve[0] = (sts_trial_point){1.0 / 3, 0.1 / 3};
    s.v[1].n_curve = 1;
    s.published = 2;
    sts_json *json = sts_json_new_object();
    sts_search_json(json, &s);
    char *text = sts_json_print(json, true, sts_json_denied());
    sts_json *read = sts_json_of_text(text);
    cr_assert(!sts_search_read(&back, read, "tune.json", &err), "%s", err.text);
    cr_assert(back.n == s.n && back.published == 2);
    for (size_t i = 0; i < s.n; i++) {
        cr_assert(sts_settings_equal(&back.v[i].settings, &s.v[i].settings), "trial %zu", i);
        cr_assert(back.v[i].value == s.v[i].value || isnan(s.v[i].value));
        cr_assert(back.v[i].status == s.v[i].status);
    }
    cr_assert(!memcmp(back.v[1].curve, s.v[1].curve, sizeof *s.v[1].curve));
    sts_settings x = sts_search_next(&s), y = sts_search_next(&back);
    cr_assert(sts_settings_equal(&x, &y), "the next trial is another one");
    sts_json_free(json);
    sts_json_free(read);
    sts_free(text);
    sts_free(s.v);
    sts_free(back.v);
}

/* Rows whose texts are drawn from `texts` of them. */
static sts_data *linked_rows(size_t n, uint32_t texts)
{
    sts_err err = {0};
    sts_data *data = sts_data_new(2, &err);
    sts_rng r = sts_rng_new(1, 2);
    for (size_t i = 0; i < n; i++) {
        char a[16], b[16];
        double score = sts_rng_uniform(&r);
        snprintf(a, sizeof a, "text %u", sts_rng_below(&r, texts));
        snprintf(b, sizeof b, "TEXT  %u", sts_rng_below(&r, texts));
        sts_str text[2] = {{a, strlen(a)}, {b, strlen(b)}};
        cr_assert(!sts_data_add(data, text, &score, &err), "%s", err.text);
    }
    return data;
}

static bool share_text(const sts_corpus *c, size_t i, size_t j)
{
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++) {
            const char *p = strrchr(c->text[2 * i + (size_t)a].s, ' ');
            const char *q = strrchr(c->text[2 * j + (size_t)b].s, ' ');
            if (atoi(p) == atoi(q)) return true;
        }
    return false;
}

Test(search, no_text_is_in_two_folds)
{
    sts_err err = {0};
    size_t fold[300], rows[5] = {0};
    sts_corpus c;
    sts_data *data = linked_rows(300, 800);
    cr_assert(!sts_corpus_copy(&c, data, &err), "%s", err.text);
    cr_assert(!sts_corpus_folds(&c, 5, 3, fold, &err), "%s", err.text);
    for (size_t i = 0; i < 300; i++) {
        rows[fold[i]]++;
        for (size_t j = 0; j < i; j++)
            cr_assert(fold[i] == fold[j] || !share_text(&c, i, j), "rows %zu and %zu", i, j);
    }
    for (size_t k = 0; k < 5; k++) cr_assert(rows[k] > 40 && rows[k] < 80, "%zu rows", rows[k]);
    sts_corpus_free(&c);
    sts_data_free(data);
}
