/* test_golden_models.c - every directory of tests/golden: ids, embeddings and gradients as the
 * reference libraries wrote them, and the same again from what is saved. */
#include "core/file.h"
#include "core/mem.h"
#include "math/gemm.h"
#include "model/model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOLDEN "tests/golden/"

/* Where the golden ids leave out a prompt that we put in front. */
static bool has_prompt(const char *name)
{
    return strstr(name, "prompt") != NULL;
}

static sts_json *golden(const char *path)
{
    sts_err err = {0};
    sts_json *j = sts_json_load(path, STS_FAILED, &err);
    cr_assert(j, "%s", err.text);
    return j;
}

static const char *text_at(const sts_json *g, int i)
{
    return sts_json_item(sts_json_get(g, "sentences"), i)->text;
}

/* The embeddings of the golden sentences, all in one batch, [n x dim]; ids compared on the way. */
static float *embed(const sts_model *m, const sts_json *g, const char *name, bool ids_too)
{
    sts_err err = {0};
    sts_batch b = {0};
    sts_ids ids = {0};
    sts_work w = {0};
    int n = sts_json_size(sts_json_get(g, "sentences"));
    for (int i = 0; i < n; i++) {
        const sts_json *want = sts_json_item(sts_json_get(g, "ids"), i), *e;
        cr_assert(!sts_model_tokenize(m, text_at(g, i), strlen(text_at(g, i)), &ids, NULL, &err));
        size_t k = 0;
        if (ids_too) {
            cr_assert_eq(ids.n, (size_t)sts_json_size(want), "%s: sentence %d: %zu ids", name, i,
                         ids.n);
            sts_json_each(e, want)
            {
                cr_assert_eq(ids.v[k], (int)e->number, "%s: sentence %d: id %zu is %d", name, i, k,
                             ids.v[k]);
                k++;
            }
        }
        cr_assert(!sts_batch_add(&b, ids.v, ids.n, (uint32_t)i, &err));
        b.skip[i] = m->prompt[0].tokens;
    }
    float *out;
    size_t bytes = (size_t)n * (size_t)m->dim * sizeof *out;
    cr_assert(!sts_work_reserve(&w, sts_model_workspace(m, &b, false), &err));
    cr_assert(!sts_model_forward(m, &b, NULL, &w, &out, NULL, &err), "%s", err.text);
    float *copy = sts_alloc(bytes, 1);
    memcpy(copy, out, bytes);
    sts_work_free(&w);
    sts_batch_free(&b);
    sts_ids_free(&ids);
    return copy;
}

static double worst_difference(const float *e, const sts_model *m, const sts_json *g)
{
    double worst = 0;
    const sts_json *row, *x;
    sts_json_each(row, sts_json_get(g, "embeddings")) sts_json_each(x, row) worst =
        fmax(worst, fabs(x->number - (double)*e++));
    cr_assert_eq(sts_json_size(sts_json_get(g, "embeddings")->child), m->dim);
    return worst;
}

static double cosine_of(const float *x, const float *y, size_t n)
{
    double xy = 0, xx = 0, yy = 0;
    for (size_t i = 0; i < n; i++) {
        xy += (double)x[i] * (double)y[i];
        xx += (double)x[i] * (double)x[i];
        yy += (double)y[i] * (double)y[i];
    }
    return xy / sqrt(xx * yy);
}

static sts_model *load(const char *dir)
{
    sts_err err = {0};
    sts_model *m = sts_model_load(dir, &err);
    cr_assert(m, "%s", err.text);
    return m;
}

/* From a copy without links: what leads out of its directory is not saved. */
static sts_model *load_copy(const char *path)
{
    char copy[] = "/tmp/stsfit-test-XXXXXX", command[640];
    cr_assert(mkdtemp(copy));
    snprintf(command, sizeof command, "cp -RL '%s/.' %s", path, copy);
    cr_assert(!system(command), "%s", command);
    sts_model *m = load(copy);
    cr_assert(!sts_dir_remove(copy, NULL));
    return m;
}

/* What is saved gives the same embeddings, to the bit. */
static void check_saved(const sts_model *m, const sts_json *g, const char *name, const float *e)
{
    char dir[] = "/tmp/stsfit-test-XXXXXX";
    sts_err err = {0};
    cr_assert(mkdtemp(dir));
    cr_assert(!sts_model_save(m, dir, NULL, &err), "%s: %s", name, err.text);
    sts_model *again = load(dir);
    cr_assert_eq(again->max_seq_length, m->max_seq_length, "%s: length", name);
    float *f = embed(again, g, name, false);
    size_t n = (size_t)sts_json_size(sts_json_get(g, "sentences")) * (size_t)m->dim;
    cr_assert(!memcmp(e, f, n * sizeof *f), "%s: saved, it gives other embeddings", name);
    sts_free(f);
    sts_model_free(again);
    cr_assert(!sts_dir_remove(dir, &err), "%s", err.text);
}

static void check_directory(const char *below, const char *name, const char *json)
{
    char path[512];
    snprintf(path, sizeof path, GOLDEN "%s", json);
    sts_json *g = golden(path);
    snprintf(path, sizeof path, GOLDEN "%s/%s", below, name);
    sts_model *m = load_copy(path);
    const sts_json *length = sts_json_get(g, "max_seq_length");
    size_t want = sts_json_is_number(length) ? (size_t)length->number : 0;
    cr_assert_eq(m->max_seq_length, want, "%s: max_seq_length %zu", name, m->max_seq_length);
    cr_assert_eq(m->dim, sts_json_get(g, "dimension")->number, "%s: dimension %d", name, m->dim);
    float *e = embed(m, g, name, sts_json_get(g, "ids") && !has_prompt(name));
    double worst = worst_difference(e, m, g);
    if (getenv("STSFIT_VERBOSE")) fprintf(stderr, "%-28s embeddings %.2g\n", name, worst);
    cr_assert(worst <= 1e-5, "%s: embeddings differ by %g", name, worst);
    check_saved(m, g, name, e);
    sts_free(e);
    sts_model_free(m);
    sts_json_free(g);
}

/* Every directory below tests/golden/BELOW that has a golden file PREFIX/NAME.json. */
static size_t walk(const char *below, const char *prefix,
                   void (*check)(const char *, const char *, const char *))
{
    char dir[128], **names;
    size_t n, done = 0;
    sts_err err = {0};
    snprintf(dir, sizeof dir, GOLDEN "%s", below);
    cr_assert(!sts_dir_list(dir, &names, &n, &err), "%s", err.text);
    for (size_t i = 0; i < n; i++) {
        char json[256], path[300];
        snprintf(json, sizeof json, "%s%.100s.json", prefix, names[i]);
        snprintf(path, sizeof path, GOLDEN "%s", json);
        if (strchr(names[i], '.') || !sts_file_exists(path)) continue;
        check(below, names[i], json);
        done++;
    }
    sts_names_free(names, n);
    return done;
}

Test(golden_models, architectures)
{
    cr_assert(walk("models", "", check_directory) >= 10);
}

Test(golden_models, model2vec)
{
    cr_assert(walk("model2vec", "model2vec/", check_directory) >= 5);
}

Test(golden_models, variants)
{
    cr_assert(walk("variants", "variants/", check_directory) >= 30);
}

/* ---- gradients ---- */

/* The tokens of the first four rows of pairs.tsv, and their scores in 0..1. */
static void read_pairs(const sts_model *m, sts_batch *b, double score[4])
{
    char line[2048];
    sts_err err = {0};
    sts_ids ids = {0};
    FILE *f = fopen(GOLDEN "pairs.tsv", "r");
    cr_assert(f);
    for (int row = 0; row < 4; row++) {
        char *field[7], *p = fgets(line, sizeof line, f);
        line[strcspn(line, "\n")] = 0;
        for (int i = 0; i < 7; i++) {
            field[i] = p;
            p = p ? strchr(p, '\t') : NULL;
            if (p) *p++ = 0;
        }
        score[row] = (double)(float)(atof(field[4]) / 5);
        for (int i = 5; i < 7; i++) {
            cr_assert(!sts_model_tokenize(m, field[i], strlen(field[i]), &ids, NULL, &err));
            cr_assert(!sts_batch_add(b, ids.v, ids.n, 0, &err));
        }
    }
    fclose(f);
    sts_ids_free(&ids);
}

/* Mean of (cos - y)^2 over four pairs: the loss; demb becomes its gradient. */
static double cosine_loss(const float *emb, int dim, const double score[4], float *demb)
{
    double loss = 0;
    for (int k = 0; k < 4; k++) {
        const float *u = emb + 2 * k * dim, *v = u + dim;
        double uu = 0, vv = 0, uv = 0;
        for (int i = 0; i < dim; i++) {
            uu += (double)u[i] * u[i], vv += (double)v[i] * v[i], uv += (double)u[i] * v[i];
        }
        double n = sqrt(uu * vv), c = uv / n, d = 2 * (c - score[k]) / 4;
        loss += (c - score[k]) * (c - score[k]) / 4;
        for (int i = 0; i < dim; i++) {
            demb[2 * k * dim + i] = (float)(d * (v[i] / n - c * u[i] / uu));
            demb[(2 * k + 1) * dim + i] = (float)(d * (u[i] / n - c * v[i] / vv));
        }
    }
    return loss;
}

/* Our parameter for a name of the golden file ("2_Dense/linear.weight" or the file's own). */
static const sts_param *param_of(const sts_model *m, const char *name)
{
    char ours[256];
    const char *slash = strchr(name, '/');
    if (slash) snprintf(ours, sizeof ours, "%d.%s", atoi(name), slash + 1);
    else snprintf(ours, sizeof ours, "%s", strncmp(name, "bert.", 5) ? name : name + 5);
    return sts_params_find(&m->params, strcmp(ours, "embeddings") ? ours : "embedding.weight");
}

static void check_gradient(const sts_model *m, const char *name, const sts_json *t, double total)
{
    const sts_param *p = param_of(m, t->key);
    cr_assert(p, "%s: %s: no such parameter", name, t->key);
    const float *g = m->params.grad + p->offset;
    double square = 0, want = sts_json_get(t, "norm")->number;
    for (size_t i = 0; i < p->count; i++) square += (double)g[i] * g[i];
    cr_assert(fabs(sqrt(square) - want) <= 1e-5 * want + 1e-6 * total,
              "%s: %s: norm %.9g, not %.9g", name, t->key, sqrt(square), want);
    const sts_json *x;
    size_t at = (size_t)sts_json_get(t, "offset")->number;
    sts_json_each(x, sts_json_get(t, "values"))
    {
        double d = fabs((double)g[at++] - x->number);
        cr_assert(d <= 1e-5 * want + 1e-6 * total, "%s: %s: gradient %zu differs by %g", name,
                  t->key, at - 1, d);
    }
}

static void check_gradients(const char *below, const char *name, const char *json)
{
    char path[512];
    snprintf(path, sizeof path, GOLDEN "%s", json);
    sts_json *file = golden(path);
    const sts_json *g = sts_json_get(file, "gradients"), *t;
    if (g) {
        sts_err err = {0};
        snprintf(path, sizeof path, GOLDEN "%s/%s", below, name);
        sts_model *m = load(path);
        sts_batch b = {0};
        sts_work w = {0};
        sts_drop drop = {0};
        double score[4], total = 0;
        float *out;
        void *tape;
        read_pairs(m, &b, score);
        sts_model_set_dropout(m, 0);
        cr_assert(!sts_params_alloc_grad(&m->params, &err));
        cr_assert(!sts_work_reserve(&w, sts_model_workspace(m, &b, true), &err));
        cr_assert(!sts_model_forward(m, &b, &drop, &w, &out, &tape, &err), "%s", err.text);
        float *demb = sts_alloc(8 * (size_t)m->dim, sizeof *demb);
        double loss = cosine_loss(out, m->dim, score, demb);
        double want = sts_json_get(g, "loss")->number;
        cr_assert(fabs(loss - want) < 1e-6, "%s: loss %.9g, not %.9g", name, loss, want);
        cr_assert(!sts_model_backward(m, &b, &drop, &w, tape, demb, &err), "%s", err.text);
        sts_json_each(t, sts_json_get(g, "tensors")) total +=
            pow(sts_json_get(t, "norm")->number, 2);
        sts_json_each(t, sts_json_get(g, "tensors")) check_gradient(m, name, t, sqrt(total));
        sts_free(demb);
        sts_batch_free(&b);
        sts_work_free(&w);
        sts_model_free(m);
    }
    sts_json_free(file);
}

Test(golden_models, gradients_of_architectures)
{
    cr_assert(walk("models", "", check_gradients) >= 10);
}

Test(golden_models, gradients_of_variants)
{
    cr_assert(walk("variants", "variants/", check_gradients) >= 30);
}

/* ---- bf16, where the machine has it ---- */

/* The gradients of the cosine loss; freed by sts_free. */
static float *gradients(sts_model *m, double *loss)
{
    sts_err err = {0};
    sts_batch b = {0};
    sts_work w = {0};
    sts_drop drop = {0};
    double score[4];
    float *out, *demb = sts_alloc(8 * (size_t)m->dim, sizeof *demb);
    void *tape;
    read_pairs(m, &b, score);
    sts_model_set_dropout(m, 0);
    cr_assert(!sts_params_alloc_grad(&m->params, &err));
    memset(m->params.grad, 0, m->params.count * sizeof *m->params.grad);
    cr_assert(!sts_work_reserve(&w, sts_model_workspace(m, &b, true), &err));
    cr_assert(!sts_model_forward(m, &b, &drop, &w, &out, &tape, &err), "%s", err.text);
    *loss = cosine_loss(out, m->dim, score, demb);
    cr_assert(!sts_model_backward(m, &b, &drop, &w, tape, demb, &err), "%s", err.text);
    sts_free(demb);
    sts_batch_free(&b);
    sts_work_free(&w);
    float *copy = sts_alloc(m->params.count, sizeof *copy);
    memcpy(copy, m->params.grad, m->params.count * sizeof *copy);
    return copy;
}

/* Embeddings and gradients point where they did in float32. A product of rounded factors is off by
 * 2 x 2^-8 of its terms at the very most, and there are six products a layer, each way. */
static void check_bf16(const char *below, const char *name, const char *json)
{
    char path[512];
    sts_err err = {0};
    double loss[2];
    snprintf(path, sizeof path, GOLDEN "%s", json);
    sts_json *g = golden(path);
    snprintf(path, sizeof path, GOLDEN "%s/%s", below, name);
    sts_model *m = load(path);
    size_t n = (size_t)sts_json_size(sts_json_get(g, "sentences")), dim = (size_t)m->dim;
    float *e[2], *d[2];
    for (int i = 0; i < 2; i++) {
        cr_assert(!sts_model_set_precision(m, i ? "bf16" : NULL, &err), "%s: %s", name, err.text);
        e[i] = embed(m, g, name, false);
        d[i] = gradients(m, &loss[i]);
    }
    bool layers = m->net.layers > 0;
    cr_assert_eq(!memcmp(e[0], e[1], n * dim * sizeof(float)), !layers, "%s: rounded or not", name);
    double angle = 12 * m->net.layers * 0x1p-8, worst = 1;
    for (size_t i = 0; i < n * dim; i += dim)
        worst = fmin(worst, cosine_of(e[0] + i, e[1] + i, dim));
    bool jumps = strstr(name, "max"); /* another token's gradient, where two are nearly as large */
    double gradient = jumps ? 1 : cosine_of(d[0], d[1], m->params.count);
    if (getenv("STSFIT_VERBOSE"))
        fprintf(stderr, "%-28s bf16: off by %.2g, gradients by %.2g rad\n", name,
                acos(fmin(1, worst)), acos(fmin(1, gradient)));
    cr_assert(worst >= cos(angle) - 1e-6, "%s: an embedding is off by %g", name, acos(worst));
    cr_assert(gradient >= cos(2 * angle) - 1e-6, "%s: gradients off by %g", name, acos(gradient));
    for (int i = 0; i < 2; i++) sts_free(e[i]), sts_free(d[i]);
    sts_model_free(m);
    sts_json_free(g);
}

Test(golden_models, bf16)
{
    sts_err err = {0};
    if (sts_onednn_open(&err)) cr_skip_test("no bf16 here: %s", err.text);
    cr_assert(walk("models", "", check_bf16) >= 10);
    cr_assert(walk("variants", "variants/", check_bf16) >= 30);
}
