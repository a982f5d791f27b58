/* merge.c - `stsfit merge`: the weights of models of one shape, averaged. */
#include "core/env.h"
#include "core/escape.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/strbuf.h"
#include "data/corpus.h"
#include "data/reading.h"
#include "eval/evaluate.h"
#include "model/alike.h"
#include "model/files.h"
#include "model/model_output.h"
#include "report/merge_card.h"

#include <math.h>
#include <string.h>

#define SAME_DIRECTION 0.9995 /* cosine from which slerp is linear, as in mergekit */
#define NO_LENGTH 1e-8        /* a shorter tensor has no direction */

typedef struct ingredient {
    const char *dir;
    double weight, share; /* as given; of the result */
    double value;         /* on dev; NAN without */
} ingredient;

typedef struct merging {
    const sts_merge_options *o;
    const char *method;
    ingredient *v; /* in the order in which they are added */
    size_t n;
    sts_model *model; /* the first; then with the weights of the result */
    double *sum;      /* [params->count] weighted, of the models taken so far */
    double total;     /* of their weights */
    sts_corpus dev;
    sts_tokens tokens;
    const sts_metric_row *metric; /* NULL: without dev */
    double value;                 /* of the result */
    sts_err *err;
} merging;

/* ---- what is asked for ---- */

static int parse_weight(merging *g, size_t i, const char *text, size_t n)
{
    double *w = &g->v[i].weight;
    if (sts_number_parse(text, n, w) && *w >= 0 && *w <= 1e6) return 0;
    return sts_fail(g->err, STS_USAGE, "--weights: '%.*s' must be a number from 0 to 1e6",
                    (int)(n < 40 ? n : 40), text);
}

static int parse_weights(merging *g)
{
    const char *p = g->o->weights;
    size_t n = 0;
    double total = 0;
    for (bool more = p; more; n++) {
        size_t k = strcspn(p, ",");
        if (n < g->n && parse_weight(g, n, p, k)) return -1;
        if (n < g->n) total += g->v[n].weight;
        more = p[k];
        p += k + more;
    }
    if (!g->o->weights || (n == g->n && total > 0)) return 0;
    if (n == g->n) return sts_fail(g->err, STS_USAGE, "--weights: all are 0");
    return sts_fail(g->err, STS_USAGE, "--weights: has %zu numbers for %zu models: give one for "
                    "each", n, g->n);
}

static bool is_method(const merging *g, const char *name)
{
    return !strcmp(g->method, name);
}

static int check_method(merging *g)
{
    if (is_method(g, "linear") || is_method(g, "slerp") || is_method(g, "greedy")) return 0;
    return sts_fail(g->err, STS_USAGE, "--method: '%s' must be linear, slerp or greedy", g->method);
}

static int check_options(merging *g)
{
    const sts_merge_options *o = g->o;
    if (sts_require_files(o->models, g->n, g->err)) return -1;
    if (g->n < 2) return sts_fail(g->err, STS_USAGE, "needs two models or more");
    if (check_method(g)) return -1;
    if (is_method(g, "slerp") && g->n != 2)
        return sts_fail(g->err, STS_USAGE, "--method slerp: is between 2 models, not %zu", g->n);
    if (is_method(g, "greedy") && !o->dev)
        return sts_fail(g->err, STS_USAGE, "--method greedy: needs --dev FILE to decide on");
    if (o->metric && !o->dev)
        return sts_fail(g->err, STS_USAGE, "--metric: has no effect without --dev FILE");
    if (o->dev && sts_reading_check(&o->reading, &o->dev, 1, NULL, g->err)) return -1;
    if (sts_require(o->output, "--output", g->err)) return -1;
    return parse_weights(g) || sts_model_output_check(o->output, g->err) ? -1 : 0;
}

/* ---- evaluating ---- */

static int read_dev(merging *g)
{
    const char *path = g->o->dev, *metric = g->o->metric;
    sts_corpus *c = &g->dev;
    if (!path) return 0;
    if (sts_corpus_load(c, &path, 1, &g->o->reading, g->err)) return -1;
    if (!c->score && c->columns == 2)
        return sts_fail(g->err, STS_DATA, "%s: has no scores to evaluate against", path);
    sts_token_rows rows = sts_corpus_rows(c, &g->tokens);
    g->metric = metric ? sts_metric_choose("--metric", metric, g->err)
                       : sts_metric_default_by(sts_metric_offered(&rows),
                                               sts_similarity_named(g->model->similarity));
    size_t texts = c->n * (size_t)c->columns;
    sts_token_options how = {.columns = c->columns};
    return g->metric ? sts_tokens_make(&g->tokens, g->model, c->text, texts, how, g->err) : -1;
}

/* The metric with the weights `values`. */
static int evaluate(merging *g, float *values, double *x)
{
    sts_token_rows d = sts_corpus_rows(&g->dev, &g->tokens);
    float *own = g->model->params.value;
    sts_evaluation e;
    *x = NAN;
    if (!g->metric) return 0;
    g->model->params.value = values;
    int rc = sts_evaluate(&e, g->model, &d, false, g->err);
    g->model->params.value = own;
    if (rc) return -1;
    sts_metric m = sts_evaluation_value(&e, g->metric);
    sts_evaluation_free(&e);
    *x = m.value;
    return m.status ? sts_fail(g->err, STS_DATA, "%s: %s cannot be computed: %s", g->o->dev,
                               g->metric->name, m.status)
                    : 0;
}

/* ---- the models ---- */

/* Loads and checks all, and evaluates each where there is a dev set. */
static int inspect(merging *g)
{
    g->model = sts_model_load(g->v[0].dir, g->err);
    if (!g->model || sts_model_copyable(g->model, g->err) || read_dev(g)) return -1;
    if (evaluate(g, g->model->params.value, &g->v[0].value)) return -1;
    for (size_t i = 1; i < g->n; i++) {
        if (sts_advance("merging", i, g->n, g->err)) return -1;
        sts_model *m = sts_model_load(g->v[i].dir, g->err);
        int rc = m ? sts_model_alike(g->model, m, g->err) : -1;
        if (!rc) rc = evaluate(g, m->params.value, &g->v[i].value);
        sts_model_free(m);
        if (rc) return -1;
    }
    return 0;
}

/* The model of an ingredient again, which may have been changed meanwhile. */
static sts_model *load_again(merging *g, const ingredient *v)
{
    sts_model *m = sts_model_load(v->dir, g->err);
    if (!m || sts_params_alike(&m->params, &g->model->params)) return m;
    sts_fail(g->err, STS_FAILED, "%s: has changed meanwhile", v->dir);
    sts_model_free(m);
    return NULL;
}

/* ---- the methods ---- */

/* Adds x times w to the sum. It starts from the first product, not from 0: -0 stays -0. */
static void add(merging *g, const float *x, double w)
{
    for (size_t i = 0; i < g->model->params.count; i++)
        g->sum[i] = g->total > 0 ? g->sum[i] + w * (double)x[i] : w * (double)x[i];
    g->total += w;
}

/* The mean of the models in the sum, and of x times w where that is given, as the weights. */
static void average(merging *g, const float *x, double w)
{
    float *out = g->model->params.value;
    for (size_t i = 0; i < g->model->params.count; i++)
        out[i] = (float)((x ? g->sum[i] + w * (double)x[i] : g->sum[i]) / (g->total + w));
}

/* Whether the mean with that model is no worse on dev than without. 0, or -1. */
static int try_mean(merging *g, const ingredient *v, const sts_model *m, bool *good)
{
    double x = v->value;
    if (g->total > 0) {
        average(g, m->params.value, v->weight);
        if (evaluate(g, g->model->params.value, &x)) return -1;
    }
    *good = g->total <= 0 || !sts_metric_better(g->metric, g->value, x);
    if (*good) g->value = x;
    return 0;
}

/* Takes a model in, unless it lowers the mean's value on dev and `greedy` asks. */
static int take(merging *g, ingredient *v, bool greedy)
{
    bool good = true;
    if (v->weight <= 0) return 0;
    sts_model *m = load_again(g, v);
    int rc = m ? 0 : -1;
    if (!rc && greedy) rc = try_mean(g, v, m, &good);
    if (!rc && good) {
        add(g, m->params.value, v->weight);
        v->share = v->weight;
    }
    sts_model_free(m);
    return rc;
}

/* By their values, the best first; equal ones stay in order. */
static void sort_models(merging *g)
{
    for (size_t i = 1; i < g->n; i++) {
        ingredient v = g->v[i];
        size_t to = i;
        for (; to && sts_metric_better(g->metric, v.value, g->v[to - 1].value); to--)
            g->v[to] = g->v[to - 1];
        g->v[to] = v;
    }
}

static double norm(const float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sum > NO_LENGTH * NO_LENGTH ? sqrt(sum) : 1;
}

/* From a to b along the arc between their directions, as far as t of 1, into a; along the straight
 * line where the directions are nearly equal or opposite. (Shoemake, "Animating rotation with
 * quaternion curves", 1985) */
static void slerp(float *a, const float *b, size_t n, double t)
{
    double dot = 0, lengths = norm(a, n) * norm(b, n), p = 1 - t, q = t;
    for (size_t i = 0; i < n; i++) dot += (double)a[i] * (double)b[i];
    dot /= lengths;
    if (fabs(dot) <= SAME_DIRECTION) {
        double angle = acos(dot);
        p = sin((1 - t) * angle) / sin(angle);
        q = sin(t * angle) / sin(angle);
    }
    for (size_t i = 0; i < n; i++) a[i] = (float)(p * (double)a[i] + q * (double)b[i]);
}

static int merge_slerp(merging *g)
{
    sts_params *p = &g->model->params;
    sts_model *b = load_again(g, &g->v[1]);
    double t = g->v[1].weight / (g->v[0].weight + g->v[1].weight);
    if (!b) return -1;
    for (size_t i = 0; i < p->n; i++)
        slerp(p->value + p->v[i].offset, b->params.value + p->v[i].offset, p->v[i].count, t);
    g->v[0].share = 1 - t;
    g->v[1].share = t;
    sts_model_free(b);
    return 0;
}

static int merge_sum(merging *g)
{
    bool greedy = is_method(g, "greedy");
    g->sum = sts_alloc(g->model->params.count, sizeof *g->sum);
    if (!g->sum) return sts_fail_memory(g->err, "the sum of the weights");
    if (greedy) sort_models(g);
    for (size_t i = 0; i < g->n; i++)
        if (sts_advance("merging", i, g->n, g->err) || take(g, &g->v[i], greedy)) return -1;
    average(g, NULL, 0);
    for (size_t i = 0; i < g->n; i++) g->v[i].share /= g->total;
    return 0;
}

/* ---- what is said of it ---- */

static sts_json *as_json(const merging *g)
{
    sts_json *report = sts_json_new_object();
    sts_json_add_number(report, "schema", 1);
    sts_json_add_string(report, "command", "merge");
    sts_json_add_string(report, "output", g->o->output);
    sts_json_add_string(report, "method", g->method);
    sts_json *models = sts_json_add_array(report, "models");
    for (size_t i = 0; i < g->n; i++) {
        sts_json *m = sts_json_new_object();
        sts_json_add_string(m, "model", g->v[i].dir);
        sts_json_add_number(m, "share", g->v[i].share);
        if (g->metric) sts_json_add_number(m, "value", g->v[i].value);
        sts_json_append(models, m);
    }
    if (!g->metric) return report;
    sts_json_add_string(report, "dev", g->o->dev);
    sts_json_add_string(report, "metric", g->metric->name);
    sts_json_add_number(report, "value", g->value);
    return report;
}

static void put_line(sts_strbuf *t, const char *name, double share, const double *value)
{
    sts_put_shown(t, name, 40);
    sts_strbuf_printf(t, "  %5.3f", share);
    if (value) sts_strbuf_printf(t, "   %.4f", *value);
    sts_strbuf_printf(t, "\n");
}

static char *as_text(const merging *g)
{
    sts_strbuf t = {0};
    sts_strbuf_printf(&t, "%-40s  %5s", "model", "share");
    if (g->metric) sts_strbuf_printf(&t, "   %s", g->metric->name);
    sts_strbuf_printf(&t, "\n");
    for (size_t i = 0; i < g->n; i++)
        put_line(&t, g->v[i].dir, g->v[i].share, g->metric ? &g->v[i].value : NULL);
    put_line(&t, g->o->output, 1, g->metric ? &g->value : NULL);
    return sts_strbuf_take(&t);
}

/* ---- */

static int write_model(const merging *g, const sts_json *report)
{
    const sts_blob *old = sts_files_get(g->model->files, "README.md");
    char *card = sts_merge_card(g->o->output, report, old ? old->bytes : NULL, g->err);
    int rc = card ? sts_model_output_write(g->model, card, g->o->output, g->err) : -1;
    sts_free(card);
    return rc;
}

static int merge(merging *g, sts_form form, char **out)
{
    if (check_options(g) || inspect(g)) return -1;
    if (is_method(g, "slerp") ? merge_slerp(g) : merge_sum(g)) return -1;
    if (evaluate(g, g->model->params.value, &g->value)) return -1;
    size_t since = sts_json_denied();
    sts_json *report = as_json(g);
    int rc = sts_json_denied() == since ? 0 : sts_fail_memory(g->err, "the report");
    if (!rc && sts_advance("merging", g->n, g->n, g->err)) rc = -1;
    if (!rc) rc = write_model(g, report);
    if (!rc) *out = form == STS_AS_JSON ? sts_json_print(report, true, since) : as_text(g);
    if (!rc && !*out) rc = sts_fail_memory(g->err, "the report");
    sts_json_free(report);
    return rc;
}

int sts_merge(const sts_merge_options *given, sts_form form, char **out, sts_err *err)
{
    sts_merge_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    merging g = {.o = &o,
                 .method = o.method ? o.method : "linear",
                 .n = o.n_models,
                 .value = NAN,
                 .err = err};
    sts_env env;
    sts_env_enter(&env, o.stop);
    g.v = sts_alloc(g.n, sizeof *g.v);
    for (size_t i = 0; i < g.n && g.v; i++)
        g.v[i] = (ingredient){.dir = o.models ? o.models[i] : NULL, .weight = 1, .value = NAN};
    int rc = g.v ? merge(&g, form, out) : sts_fail_memory(err, "the models");
    sts_tokens_free(&g.tokens);
    sts_corpus_free(&g.dev);
    sts_model_free(g.model);
    sts_free(g.sum);
    sts_free(g.v);
    return sts_env_leave(&env, rc, err);
}
