/* test_dev_loss.c - the loss of a dev set, of scored pairs, pairs and triplets, against
 * sentence-transformers' classes (tests/golden/dev_loss.json). */
#include "core/json.h"
#include "core/mem.h"
#include "train/dev_loss.h"

#include <criterion/criterion.h>
#include <math.h>

typedef struct inputs {
    size_t n, dim, batch;
    const cJSON *column[3];
    double *label;
} inputs;

static inputs read_inputs(const cJSON *c)
{
    const cJSON *labels = sts_json_get(c, "labels");
    inputs in = {.n = (size_t)cJSON_GetArraySize(labels),
                 .batch = (size_t)sts_json_get(c, "batch")->valuedouble,
                 .column = {sts_json_get(c, "u"), sts_json_get(c, "v"), sts_json_get(c, "w")}};
    in.dim = (size_t)cJSON_GetArraySize(in.column[0]->child);
    in.label = sts_alloc(in.n, sizeof *in.label);
    size_t i = 0;
    for (const cJSON *y = labels->child; y; y = y->next) in.label[i++] = y->valuedouble;
    return in;
}

/* As a model gives them: row by row, a column after the other. */
static float *interleave(const inputs *in, size_t columns)
{
    float *emb = sts_alloc(in->n * in->dim, columns * sizeof *emb);
    for (size_t c = 0; c < columns; c++) {
        size_t i = 0;
        for (const cJSON *row = in->column[c]->child; row; row = row->next, i++) {
            float *to = emb + (i * columns + c) * in->dim;
            for (const cJSON *x = row->child; x; x = x->next) *to++ = (float)x->valuedouble;
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
    cJSON *golden = sts_json_load("tests/golden/dev_loss.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    inputs in = read_inputs(sts_json_get(golden, "inputs"));
    cr_assert(in.n % in.batch && in.n > in.batch, "the last batch must be smaller");
    for (const cJSON *c = golden->child; c; c = c->next) {
        const cJSON *columns = sts_json_get(c, "columns");
        if (!columns) continue;
        double want = sts_json_get(c, "value")->valuedouble;
        bool scored = cJSON_IsTrue(sts_json_get(c, "scored"));
        double got = loss_of(c->string, &in, (size_t)columns->valuedouble, scored);
        cr_assert(fabs(got - want) <= 1e-6 * fmax(1, fabs(want)), "%s: %.9g, not %.9g", c->string,
                  got, want);
        scores += scored;
        triplets += columns->valuedouble == 3;
        pairs += !scored && columns->valuedouble == 2;
    }
    cr_assert(scores >= 4 && pairs >= 1 && triplets >= 2);
    sts_free(in.label);
    cJSON_Delete(golden);
}
