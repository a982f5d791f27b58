/* run_blend.c - the selected weights mixed with those of the start: what training took away of
 * other skills comes back in part. */
#include "train/run.h"

#include "core/comm.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

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

/* The metric of a part with the weights as they are: `decides`, or NULL for its default. */
static int evaluate(sts_run *r, const sts_part *part, const sts_metric_row *decides, double *x,
                    sts_err *err)
{
    sts_evaluation e;
    *x = NAN;
    if (!part->corpus.n) return 0;
    if (sts_run_evaluate(r, part, false, &e, err)) return -1;
    sts_metric value =
        sts_evaluation_value(&e, decides ? decides : sts_metric_default_by(e.has, e.kind));
    if (!value.status) *x = value.value;
    sts_evaluation_free(&e);
    return 0;
}

/* The share that is best on dev; among equals the one with more of the tuned weights. */
static int choose(sts_run *r, const float *tuned, const float *start, double *share, sts_err *err)
{
    double best = NAN;
    for (int i = STS_BLEND_SHARES; i >= 0; i--) {
        struct sts_blend_point *p = &r->blend.curve[r->blend.n++];
        p->share = (double)i / STS_BLEND_SHARES;
        mix(&r->model->params, tuned, start, p->share);
        if (evaluate(r, &r->dev, r->metric, &p->value, err) ||
            evaluate(r, &r->guard, NULL, &p->guard, err))
            return -1;
        if (i < STS_BLEND_SHARES && !isnan(best) && !sts_metric_better(r->metric, p->value, best))
            continue;
        *share = p->share;
        best = p->value;
    }
    return 0;
}

/* Without `tuned` being changed. */
static int blend(sts_run *r, const float *tuned, double share, sts_err *err)
{
    float *start = sts_run_start_weights(r, err);
    r->blend = (sts_blend){0};
    int rc = start ? 0 : -1;
    if (!rc && isnan(share)) rc = choose(r, tuned, start, &share, err);
    if (!rc) mix(&r->model->params, tuned, start, share);
    r->blend.share = share;
    r->blend.done = !rc;
    sts_free(start);
    return rc;
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
    if (!r->blend.done) { /* cut short: as if there were none, until the run is resumed */
        memcpy(p->value, tuned, bytes);
        sts_params_round(p);
    }
    sts_free(tuned);
    return rc;
}
