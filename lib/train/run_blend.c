/* run_blend.c - the selected weights mixed with those of the start: what training took away of
 * other skills comes back in part. */
#include "train/run.h"

#include "core/comm.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

#define PARTS 10 /* shares that auto tries, but for 0 */

int sts_run_blend_check(const sts_run *r, double *share, sts_err *err)
{
    const char *text = r->o->blend;
    *share = NAN;
    if (!text) return 0;
    if (!strcmp(text, "auto"))
        return r->dev.corpus.n ? 0 : sts_fail(err, STS_USAGE, "--blend auto: needs a dev set; "
                                              "--blend 0.5 does not");
    if (sts_number_parse(text, strlen(text), share) && *share >= 0 && *share <= 1) return 0;
    return sts_fail(err, STS_USAGE, "--blend: '%s' must be auto or a number from 0 to 1", text);
}

static sts_model *load_start(const sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->train.corpus;
    if (strcmp(r->o->model, "bag")) return sts_run_load_weights(r, 0, err);
    return sts_model_new_bag(c->text, c->n * (size_t)c->columns, (size_t)r->o->width, r->o->seed,
                             err);
}

float *sts_run_start_weights(const sts_run *r, sts_err *err)
{
    const sts_params *p = &r->model->params;
    size_t bytes = p->count * sizeof(float);
    float *w = sts_alloc(p->count, sizeof *w);
    sts_model *m = w && !sts_comm_rank() ? load_start(r, err) : NULL;
    int rc = !w ? sts_fail_memory(err, "the weights of the start") : m || sts_comm_rank() ? 0 : -1;
    if (m && !sts_params_alike(&m->params, p))
        rc = sts_fail(err, STS_MODEL, "%s: has changed since training began", r->o->model);
    if (!rc && m) memcpy(w, m->params.value, bytes);
    if (!rc) rc = sts_comm_broadcast(w, bytes, err);
    sts_model_free(m);
    if (!rc) return w;
    sts_free(w);
    return NULL;
}

/* share * tuned + (1 - share) * start, as the model's weights. */
static void mix(sts_params *p, const float *tuned, const float *start, double share)
{
    for (size_t i = 0; i < p->count; i++)
        p->value[i] = (float)(share * (double)tuned[i] + (1 - share) * (double)start[i]);
    sts_params_round(p);
}

/* What the guard comes to with the weights as they are, for the curve. */
static int add_guard(sts_run *r, sts_json *point, sts_err *err)
{
    sts_evaluation e;
    if (!r->guard.corpus.n) return 0;
    if (sts_run_evaluate(r, &r->guard, false, &e, err)) return -1;
    sts_metric x = sts_evaluation_value(&e, sts_metric_default_by(e.has, e.kind));
    sts_json_add_number(point, "guard", x.status ? NAN : x.value);
    sts_evaluation_free(&e);
    return 0;
}

/* The deciding metric of the weights as they are, added to the curve. */
static int evaluate(sts_run *r, double share, sts_json *curve, sts_metric *x, sts_err *err)
{
    sts_evaluation e;
    size_t since = sts_json_denied();
    if (sts_run_evaluate(r, &r->dev, false, &e, err)) return -1;
    *x = sts_evaluation_value(&e, r->metric);
    sts_evaluation_free(&e);
    sts_json *point = sts_json_new_object();
    sts_json_add_number(point, "share", share);
    sts_json_add_number(point, "value", x->value);
    int rc = add_guard(r, point, err);
    sts_json_append(curve, point);
    if (rc) return -1;
    return sts_json_denied() == since ? 0 : sts_fail_memory(err, "the blend");
}

/* The share that is best on dev; among equals the one with more of the tuned weights. */
static int choose(sts_run *r, const float *tuned, const float *start, double *share, sts_err *err)
{
    sts_json *curve = sts_json_add_array(r->blend, "curve");
    double best = NAN;
    for (int i = PARTS; i >= 0; i--) {
        double s = (double)i / PARTS;
        sts_metric x;
        mix(&r->model->params, tuned, start, s);
        if (evaluate(r, s, curve, &x, err)) return -1;
        if (i < PARTS && !isnan(best) && !sts_metric_better(r->metric, x.value, best)) continue;
        *share = s;
        best = x.value;
    }
    return 0;
}

/* Without `tuned` being changed: 0, or -1 and r->blend is NULL. */
static int blend(sts_run *r, const float *tuned, double share, sts_err *err)
{
    float *start = sts_run_start_weights(r, err);
    size_t since = sts_json_denied();
    r->blend = sts_json_new_object();
    int rc = start ? 0 : -1;
    if (!rc && isnan(share)) rc = choose(r, tuned, start, &share, err);
    if (!rc) {
        mix(&r->model->params, tuned, start, share);
        sts_json_add_number(r->blend, "share", share);
        if (sts_json_denied() != since) rc = sts_fail_memory(err, "the blend");
    }
    sts_free(start);
    if (!rc) return 0;
    sts_json_free(r->blend);
    r->blend = NULL;
    return -1;
}

int sts_run_blend(sts_run *r, sts_err *err)
{
    double share;
    sts_params *p = &r->model->params;
    size_t bytes = p->count * sizeof(float);
    if (!r->o->blend || !sts_run_selected_step(r)) return 0;
    if (sts_run_blend_check(r, &share, err)) return -1;
    float *tuned = sts_alloc(p->count, sizeof *tuned);
    if (!tuned) return sts_fail_memory(err, "the tuned weights");
    memcpy(tuned, p->value, bytes);
    int rc = sts_run_cut_short(r, blend(r, tuned, share, err), err);
    if (!r->blend) { /* cut short: as if there were none, until the run is resumed */
        memcpy(p->value, tuned, bytes);
        sts_params_round(p);
    }
    sts_free(tuned);
    return rc;
}
