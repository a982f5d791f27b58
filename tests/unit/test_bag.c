/* test_bag.c - the built-in encoder: rows of features. */
#include "core/env.h"
#include "core/rng.h"
#include "core/sort.h"
#include "data/repeats.h"
#include "eval/evaluate.h"
#include "model/bag_static.h"
#include "model/block.h"
#include "model/prompt.h"
#include "model_help.h"
#include "token/features.h"

#include <math.h>

TestSuite(bag, .init = setup, .fini = teardown);

static const sts_str TEXTS[] = {
    {"A dog runs.", 11},
    {"A cat sleeps, a dog runs", 24},
    {"na\xc3\xafve cat", 10},
};
#define N (sizeof TEXTS / sizeof *TEXTS)

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Ids of a text are the places of its features among the buckets, looked for one by one. */
Test(bag, ids_are_the_rows_of_features)
{
    static const char text[] = "A dog sleeps, na\xc3\xafve zebras do not.";
    sts_err err = {0};
    sts_ids ids = {0}, features = {0};
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
    cr_assert(m, "%s", err.text);
    const float *bucket = m->params.value + m->params.v[0].offset;
    int32_t rows = (int32_t)m->params.v[0].count;
    cr_assert(!sts_features(text, strlen(text), &(sts_feature_options){2, 4}, 0, &features, NULL,
                            &err));
    for (size_t i = 0; i < features.n; i++) {
        int32_t row = 0;
        while (row < rows && bucket[row] != (float)features.v[i]) row++;
        features.v[i] = row < rows ? row : rows + features.v[i];
    }
    qsort(features.v, features.n, sizeof *features.v, ascending);
    cr_assert(!sts_model_tokenize(m, text, strlen(text), &ids, NULL, &err));
    cr_assert(ids.n == features.n && !memcmp(ids.v, features.v, ids.n * sizeof *ids.v));
    cr_assert(ids.v[0] < rows && ids.v[ids.n - 1] >= rows);
    sts_ids_free(&ids);
    sts_ids_free(&features);
    sts_model_free(m);
}

Test(bag, refuses_buckets_in_disorder)
{
    static const struct { size_t row; float value; } c[] = {
        {0, -1}, {1, 0}, {2, 0.5f}, {3, 4194304}};
    sts_err err = {0};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
        cr_assert(m, "%s", err.text);
        m->params.value[m->params.v[0].offset + c[i].row] = c[i].value;
        cr_assert(!sts_model_save(m, dir, NULL, &err), "%s", err.text);
        sts_model_free(m);
        err = (sts_err){0};
        cr_assert(!sts_model_load(dir, &err) && err.code == STS_MODEL, "case %zu", i);
        cr_assert(strstr(err.text, "buckets["), "case %zu: %s", i, err.text);
    }
}

/* Ids that are made for a batch are those of its texts, with the model's prompt or without. */
Test(bag, ids_made_for_a_batch)
{
    enum { PLACES = 20 };
    uint32_t which[PLACES], key[PLACES];
    sts_err err = {0};
    sts_batch b = {0};
    sts_ids ids = {0};
    sts_tokens t;
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
    cr_assert(m && !sts_model_default_prompt(m, "dog: ", &err));
    for (uint32_t i = 0; i < PLACES; i++) {
        which[i] = i * i % N;
        key[i] = 100 + i;
    }
    for (int bare = 0; bare < 2; bare++) {
        sts_token_options how = {.trained = bare};
        cr_assert(!sts_tokens_make(&t, m, TEXTS, N, how, &err) && !t.ids, "%s", err.text);
        cr_assert(!sts_tokens_pack(&t, which, key, PLACES, &b, &err) && b.n_seq == PLACES);
        for (int i = 0; i < PLACES; i++) {
            sts_str text = TEXTS[which[i]];
            int rc = sts_model_tokenize_after(m, bare ? NULL : "dog: ", text.s, text.n, &ids, NULL,
                                              &err);
            size_t n = (size_t)(b.start[i + 1] - b.start[i]);
            cr_assert(!rc && ids.n == n && n == sts_tokens_length(&t, which[i]), "%d", i);
            cr_assert(!memcmp(ids.v, b.ids + b.start[i], n * sizeof *ids.v), "sentence %d", i);
            cr_assert(b.key[i] == key[i]);
        }
        sts_tokens_free(&t);
    }
    sts_ids_free(&ids);
    sts_batch_free(&b);
    sts_model_free(m);
}

/* More distinct texts than are embedded at once: each row's cosine is that of its own texts. */
Test(bag, evaluates_many_rows)
{
    enum { ROWS = 25000, LONGEST = 24, EACH = 97 };
    static char buffer[2 * ROWS][LONGEST];
    static sts_str text[2 * ROWS];
    static double score[ROWS];
    sts_err err = {0};
    sts_tokens t;
    sts_evaluation e;
    for (size_t i = 0; i < 2 * ROWS; i++) {
        size_t row = i / 2, number = row % 5 ? i : row;
        int n = snprintf(buffer[i], LONGEST, "w%zu dog", number);
        text[i] = (sts_str){buffer[i], (size_t)n};
        score[row] = (double)(row % 5) / 5;
    }
    sts_token_options how = {.columns = 2};
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
    cr_assert(m && !sts_tokens_make(&t, m, text, 2 * ROWS, how, &err), "%s", err.text);
    sts_token_rows d = {.tokens = &t, .score = score, .text = text, .n = ROWS, .columns = 2};
    cr_assert(!sts_evaluate(&e, m, &d, false, &err), "%s", err.text);
    for (size_t i = 0; i < ROWS; i += EACH) {
        float v[2 * 384];
        double x[STS_SIMILARITIES];
        cr_assert(m->dim == 384 && !sts_embed_texts(m, text + 2 * i, 2, 1, v, NULL, NULL, &err));
        sts_similarities(v, v + 384, 384, x);
        cr_assert(e.cosine[i] == x[STS_COSINE_SIMILARITY], "row %zu", i);
        cr_assert(i % 5 || fabs(e.cosine[i] - 1) < 1e-12, "row %zu", i);
    }
    sts_evaluation_free(&e);
    sts_tokens_free(&t);
    sts_model_free(m);
}

/* Rows with negatives are evaluated in parts, too: of 4,096 numbers, 4,096 vectors are a part. */
Test(bag, evaluates_many_tuples_in_parts)
{
    enum { ROWS = 1500, COLUMNS = 4, LONGEST = 24, WIDTH = 4096, EACH = 53 };
    static char buffer[COLUMNS * ROWS][LONGEST];
    static sts_str text[COLUMNS * ROWS];
    static float v[COLUMNS * WIDTH];
    sts_err err = {0};
    sts_tokens t;
    sts_evaluation e;
    size_t hits = 0;
    for (size_t i = 0; i < COLUMNS * ROWS; i++) {
        size_t row = i / COLUMNS, alike = i % COLUMNS == row % COLUMNS; /* to the first text */
        int n = snprintf(buffer[i], LONGEST, "w%zu dog%zu", alike ? row : i, i);
        text[i] = (sts_str){buffer[i], (size_t)n};
    }
    sts_token_options how = {.columns = COLUMNS};
    sts_model *m = sts_model_new_bag(TEXTS, N, WIDTH, 1, &err);
    cr_assert(m && !sts_tokens_make(&t, m, text, COLUMNS * ROWS, how, &err), "%s", err.text);
    sts_token_rows d = {.tokens = &t, .text = text, .n = ROWS, .columns = COLUMNS};
    cr_assert(!sts_evaluate(&e, m, &d, false, &err), "%s", err.text);
    for (size_t i = 0; i < ROWS; i += EACH) {
        double x[COLUMNS][STS_SIMILARITIES];
        cr_assert(!sts_embed_texts(m, text + COLUMNS * i, COLUMNS, 1, v, NULL, NULL, &err));
        for (size_t c = 1; c < COLUMNS; c++) sts_similarities(v, v + c * WIDTH, WIDTH, x[c]);
        bool nearest = x[1][STS_COSINE_SIMILARITY] >
                       fmax(x[2][STS_COSINE_SIMILARITY], x[3][STS_COSINE_SIMILARITY]);
        cr_assert((e.hit[i] > 0) == nearest, "row %zu", i);
        hits += nearest;
    }
    cr_assert(hits && hits < ROWS / EACH, "%zu", hits);
    sts_evaluation_free(&e);
    sts_tokens_free(&t);
    sts_model_free(m);
}

/* What is done to all rows before the first step stops soon when asked to. */
Test(bag, stops_before_training)
{
    enum { ROWS = 140000 };
    static sts_str text[2 * ROWS];
    const volatile int asked = 2;
    sts_err err = {0};
    sts_repeats found;
    sts_corpus c = {.text = text, .n = ROWS, .columns = 2}, held;
    for (size_t i = 0; i < 2 * ROWS; i++) text[i] = TEXTS[i % N];
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
    sts_stop_on(&asked);
    cr_assert(sts_repeats_count(&found, &c, NULL, NULL, 0, &err) && err.code == STS_INTERRUPTED);
    err = (sts_err){0};
    cr_assert(sts_corpus_hold_out(&c, &held, 1, &err) && err.code == STS_INTERRUPTED);
    err = (sts_err){0};
    cr_assert(!sts_model_new_bag(text, 2 * ROWS, 0, 1, &err) && err.code == STS_INTERRUPTED);
    err = (sts_err){0};
    cr_assert(sts_bag_static_make(m, text, 2 * ROWS, &err) && err.code == STS_INTERRUPTED);
    sts_stop_on(NULL);
    sts_model_free(m);
}

Test(sort, integers)
{
    static const size_t sizes[] = {0, 1, 2, 32, 33, 190, 4096, 4097, 6000};
    sts_rng r = sts_rng_new(7, 0);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int bits = 1; bits <= 32; bits += 31) {
            int32_t v[6000], w[6000];
            for (size_t i = 0; i < sizes[s]; i++)
                v[i] = w[i] = (int32_t)(sts_rng_u32(&r) >> (32 - bits));
            sts_sort_i32(v, sizes[s]);
            qsort(w, sizes[s], sizeof *w, ascending);
            cr_assert(!memcmp(v, w, sizes[s] * sizeof *v), "%zu of %d bits", sizes[s], bits);
        }
    }
}
