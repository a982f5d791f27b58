/* test_bag_text.c - the built-in encoder straight from texts. */
#include "data/repeats.h"
#include "model/block.h"
#include "model_help.h"

#include <math.h>

TestSuite(bag_text, .init = setup, .fini = teardown);

#define TEXT(s) {s, sizeof(s) - 1}

static const sts_str TEXTS[] = {
    TEXT("A dog runs."),
    TEXT("A cat sleeps, a dog runs"),
    TEXT("the the the The THE cathedral's other bathe"),
    TEXT("na\xc3\xafve zebras, na\xc3\xafve cats: 1,000 zebras!"),
    TEXT("banana banana ananas"),
    TEXT("\xe7\x8a\xac\xe3\x81\x8c\xe8\xb5\xb0\xe3\x82\x8b dog "
         "\xe7\x8a\xac\xe3\x81\x8c\xe8\xb5\xb0\xe3\x82\x8b\xe7\x8a\xac"),
    TEXT("Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft dogs"),
    TEXT("..."),
    TEXT(""),
};
#define N (sizeof TEXTS / sizeof *TEXTS)

/* The vector of a text by its ids. */
static void by_ids(const sts_model *m, sts_str text, float *out)
{
    sts_err err = {0};
    sts_ids ids = {0};
    sts_batch b = {0};
    sts_work w = {0};
    float *row;
    cr_assert(!sts_model_tokenize_after(m, NULL, text.s, text.n, &ids, NULL, &err));
    cr_assert(!sts_batch_add(&b, ids.v, ids.n, 0, &err));
    cr_assert(!sts_work_reserve(&w, sts_model_workspace(m, &b, false), &err));
    cr_assert(!sts_model_forward(m, &b, NULL, &w, &row, NULL, &err), "%s", err.text);
    memcpy(out, row, (size_t)m->dim * sizeof *out);
    sts_work_free(&w);
    sts_batch_free(&b);
    sts_ids_free(&ids);
}

/* Weights as after training: scales and vectors of their own. */
static sts_model *trained(void)
{
    sts_err err = {0};
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
    cr_assert(m, "%s", err.text);
    const sts_param *scale = &m->params.v[2];
    for (size_t i = 0; i < scale->count; i++)
        m->params.value[scale->offset + i] = (float)sin((double)i);
    return m;
}

static void expect_near(const sts_model *m, sts_str text, const float *vector, double tolerance)
{
    float want[384];
    double longest = 0, apart = 0;
    cr_assert(m->dim == 384);
    by_ids(m, text, want);
    for (int i = 0; i < m->dim; i++) {
        longest = fmax(longest, fabs((double)want[i]));
        apart = fmax(apart, fabs((double)want[i] - (double)vector[i]));
    }
    cr_assert(apart <= tolerance * longest, "%.40s: %g of %g", text.s, apart, longest);
}

/* A text alone, or among others in any order, has the same bits, near those by its ids. */
Test(bag_text, vectors_are_those_by_ids)
{
    static float all[N * 384];
    sts_err err = {0};
    sts_model *m = trained();
    cr_assert(!sts_embed_texts(m, TEXTS, N, 1, all, NULL, NULL, &err), "%s", err.text);
    for (size_t i = 0; i < N; i++) {
        float alone[384];
        expect_near(m, TEXTS[i], all + i * 384, 2e-6);
        cr_assert(!sts_embed_texts(m, &TEXTS[i], 1, 1, alone, NULL, NULL, &err));
        cr_assert(!memcmp(alone, all + i * 384, sizeof alone), "text %zu", i);
    }
    sts_model_free(m);
}

/* Cut texts, too: in the middle of a word, or at its end. */
Test(bag_text, cut_texts)
{
    sts_err err = {0};
    sts_model *m = trained();
    for (size_t length = 3; length < 90; length++) {
        float v[N * 384];
        bool cut[N], want;
        cr_assert(!sts_model_set_max_seq_length(m, length, &err), "%s", err.text);
        cr_assert(!sts_embed_texts(m, TEXTS, N, 1, v, cut, NULL, &err), "%s", err.text);
        for (size_t i = 0; i < N; i++) {
            sts_ids ids = {0};
            expect_near(m, TEXTS[i], v + i * 384, 2e-6);
            cr_assert(!sts_model_tokenize(m, TEXTS[i].s, TEXTS[i].n, &ids, &want, &err));
            cr_assert(cut[i] == want, "text %zu at %zu", i, length);
            sts_ids_free(&ids);
        }
    }
    sts_model_free(m);
}

/* More words than are remembered, and a text with more features than the first table holds. */
Test(bag_text, many_words)
{
    enum { WORDS = 30000, ROOM = 8 * WORDS };
    static char text[ROOM];
    static float v[2 * 384];
    sts_err err = {0};
    sts_model *m = trained();
    size_t n = 0;
    for (int i = 0; i < WORDS; i++) n += (size_t)snprintf(text + n, ROOM - n, "w%d ", i % 20000);
    sts_str many[] = {{text, n}, TEXTS[1]};
    cr_assert(!sts_model_set_max_seq_length(m, 1000000, &err), "%s", err.text);
    cr_assert(!sts_embed_texts(m, many, 2, 1, v, NULL, NULL, &err), "%s", err.text);
    float alone[384];
    cr_assert(!sts_embed_texts(m, many + 1, 1, 1, alone, NULL, NULL, &err));
    cr_assert(!memcmp(alone, v + 384, sizeof alone));
    expect_near(m, many[0], v, 1e-5);
    sts_model_free(m);
}
