/* test_dev_loss.c - the loss of a dev set, of scored pairs, pairs and triplets, against
 * sentence-transformers' classes (tests/golden/dev_loss.json). */
#include "core/json.h"
#include "core/mem.h"
#include "train/dev_loss.h"

#include <criterion/criterion.h>
#include <math.h>

typedef struct inputs {
    size_t n, dim, batch;
    const sts_json *column[3];
    double *label;
} inputs;

static inputs read_inputs(const sts_json *c)
{
    const sts_json *labels = sts_json_get(c, "labels");
    inputs in = {.n = (size_t)sts_json_size(labels),
                 .batch = (size_t)sts_json_get(c, "batch")->number,
                 .column = {sts_json_get(c, "u"), sts_json_get(c, "v"), sts_json_get(c, "w")}};
    in.dim = (size_t)sts_json_size(in.column[0]->child);
    in.label = sts_alloc(in.n, sizeof *in.label);
    size_t i = 0;
    for (const sts_json *y = labels->child; y; y = y->next) in.label[i++] = y->number;
    return in;
}

/* As a model gives them: row by row, a column after the other. */
static float *interleave(const inputs *in, size_t columns)
{
    float *emb = sts_alloc(in->n * in->dim, columns * sizeof *emb);
    for (size_t c = 0; c < columns; c++) {
        size_t i = 0;
        for (const sts_json *row = in->column[c]->child; row; row = row->next, i++) {
            float *to = emb + (i * columns + c) * in->dim;
            for (const sts_json *x = row->child; x; x = x->next) *to++ = (float)x->number;
        }
    }
    return emb;
}

static double loss_of(const char *name, const inputs *in, size_t columns, bool scored)
{
    sts_err err = {0};
    sts_loss_spec loss;
    double out;
    float *emb = interleave(in, columns);
    cr_assert(!sts_loss_parse(&loss, name, &err), "%s", err.text);
    sts_token_rows d = {.score = scored ? in->label : NULL, .n = in->n, .columns = (int)columns};
    cr_assert(!sts_dev_loss(&loss, &d, emb, in->dim, in->batch, &out, &err), "%s", err.text);
    sts_loss_close(&loss);
    sts_free(emb);
    return out;
}

Test(dev_loss, agrees_with_sentence_transformers)
{
    sts_err err = {0};
    int scores = 0, pairs = 0, triplets = 0;
    sts_json *golden = sts_json_load("tests/golden/dev_loss.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    inputs in = read_inputs(sts_json_get(golden, "inputs"));
    cr_assert(in.n % in.batch && in.n > in.batch, "the last batch must be smaller");
    for (const sts_json *c = golden->child; c; c = c->next) {
        const sts_json *columns = sts_json_get(c, "columns");
        if (!columns) continue;
        double want = sts_json_get(c, "value")->number;
        bool scored = sts_json_is_true(sts_json_get(c, "scored"));
        double got = loss_of(c->key, &in, (size_t)columns->number, scored);
        cr_assert(fabs(got - want) <= 1e-6 * fmax(1, fabs(want)), "%s: %.9g, not %.9g", c->key, got,
                  want);
        scores += scored;
        triplets += columns->number == 3;
        pairs += !scored && columns->number == 2;
    }
    cr_assert(scores >= 4 && pairs >= 1 && triplets >= 2);
    sts_free(in.label);
    sts_json_free(golden);
}
