/* run_verdict.c - did it help? The kept weights against those at the start, on the dev set. */
#include "train/run.h"

#include "core/comm.h"
#include "core/mem.h"
#include "core/strbuf.h"

#include <math.h>
#include <string.h>

#define SEED 20170801u /* of the paired bootstrap, as in compare and on the page */
#define NOTABLE 0.005  /* a loss of the deciding metric that deserves advice */

/* Before the first evaluation nothing is known of the weights since the start. */
bool sts_run_keeps_best(const sts_run *r)
{
    return !strcmp(r->o->keep, "best") && r->has_best && r->evaluated;
}

uint64_t sts_run_kept_step(const sts_run *r)
{
    return sts_run_keeps_best(r) ? r->best_step : r->trainer.adamw.step;
}

/* Whether there are predictions by another similarity than the cosine, the model's own. */
static bool by_own(const sts_run *r)
{
    return r->dev.own[0] && r->dev.own[1];
}

/* What start and result are compared by. */
static const sts_metric_row *compared(const sts_run *r)
{
    const char *similarity = by_own(r) ? r->model->similarity : NULL;
    return sts_metric_default_by(sts_run_offers(r), sts_similarity_named(similarity));
}

static const char *name_result(const sts_run *r, const sts_paired *d)
{
    if (d->difference.status) return "unknown";
    if (!sts_run_kept_step(r)) return "unchanged";
    if (d->ci95[0] > 0) return "better";
    return d->ci95[1] < 0 ? "worse" : "not different";
}

/* ---- in words ---- */

static void say_difference(sts_strbuf *t, const sts_run *r, const sts_paired *d)
{
    const sts_metric_row *m = compared(r);
    sts_strbuf_printf(t, "%s on dev %+.2f", *m->title ? m->title : m->name,
                      100 * d->difference.value);
    if (isfinite(d->ci95[0]))
        sts_strbuf_printf(t, ", 95 %% interval %+.2f to %+.2f", 100 * d->ci95[0],
                          100 * d->ci95[1]);
    else sts_strbuf_printf(t, ", of too few pairs to tell it from chance");
}

static void say_remedy(sts_strbuf *t, const sts_run *r)
{
    sts_strbuf_printf(t, "; try an --lr below %g, or another --loss", r->plan.lr);
}

/* The last evaluation against that of the start. */
static void say_last(sts_strbuf *t, const sts_run *r)
{
    int n = cJSON_GetArraySize(r->evals);
    const cJSON *x = sts_json_get(n ? cJSON_GetArrayItem(r->evals, n - 1) : NULL,
                                  r->metric->name);
    if (!cJSON_IsNumber(x)) return;
    sts_strbuf_printf(t, ": %s was %.4f, and %.4f at step %llu", r->metric->name, r->best,
                      x->valuedouble, (unsigned long long)r->evaluated);
    if (fabs(x->valuedouble - r->best) > NOTABLE) say_remedy(t, r);
}

static char *in_words(const sts_run *r, const char *result, const sts_paired *d)
{
    sts_strbuf t = {0};
    if (!strcmp(result, "unknown")) {
        sts_strbuf_printf(&t, "unknown: %s", d->difference.status);
    } else if (!strcmp(result, "unchanged")) {
        sts_strbuf_printf(&t, "no evaluation was better than the model at the start");
        say_last(&t, r);
    } else {
        bool same = !strcmp(result, "not different");
        sts_strbuf_printf(&t, same ? "not different beyond chance from the start: "
                                   : "%s than at the start: ", result);
        say_difference(&t, r, d);
        if (!strcmp(result, "worse")) say_remedy(&t, r);
    }
    return sts_strbuf_take(&t);
}

/* ---- in report.json ---- */

static cJSON *as_json(const sts_run *r, const sts_paired *d)
{
    const char *result = name_result(r, d);
    char *text = in_words(r, result, d);
    if (!text) return NULL;
    cJSON *v = cJSON_CreateObject();
    cJSON_AddStringToObject(v, "result", result);
    cJSON_AddStringToObject(v, "text", text);
    cJSON_AddStringToObject(v, "part", "dev");
    cJSON_AddStringToObject(v, "metric", compared(r)->name);
    sts_json_add_num(v, "difference", d->difference.value);
    sts_json_put(v, "ci95", isfinite(d->ci95[0]) ? cJSON_CreateDoubleArray(d->ci95, 2)
                                                 : cJSON_CreateNull());
    if (d->rounds && d->rounds < STS_PAIRED_ROUNDS)
        cJSON_AddNumberToObject(v, "resamples", d->rounds);
    sts_json_add_num(v, "p", d->p);
    sts_free(text);
    return v;
}

/* Why there is no such figure of dev before or after, or NULL. */
static const char *find_fault(const sts_run *r)
{
    const cJSON *when[] = {r->before, r->final};
    for (int i = 0; i < 2; i++) {
        const cJSON *dev = sts_json_get(when[i], "dev");
        if (cJSON_IsNull(sts_json_get(dev, compared(r)->name)))
            return cJSON_GetStringValue(sts_json_get(dev, "status"));
    }
    return NULL;
}

int sts_run_verdict(sts_run *r, sts_err *err)
{
    const sts_part *dev = &r->dev;
    size_t since = sts_json_denied();
    if (sts_comm_rank() || !dev->before || !dev->after) return 0;
    sts_token_rows rows = sts_part_rows(dev);
    sts_truth truth = sts_metric_truth(compared(r), &rows);
    sts_paired d = {{NAN, find_fault(r)}, {NAN, NAN}, NAN, 0};
    const double *before = by_own(r) ? dev->own[0] : dev->before;
    const double *after = by_own(r) ? dev->own[1] : dev->after;
    if (!d.difference.status &&
        sts_compare_paired(&truth, after, before, sts_paired_rounds(truth.n), SEED, &d, err))
        return -1;
    r->verdict = as_json(r, &d);
    return r->verdict && sts_json_denied() == since ? 0 : sts_fail_memory(err, "the verdict");
}

char *sts_run_kept(const sts_run *r)
{
    sts_strbuf t = {0};
    unsigned long long step = sts_run_kept_step(r);
    const char *mean = sts_run_average_kept(r) ? "averaged weights at " : "";
    if (!step) sts_strbuf_printf(&t, "the weights of the start, unchanged");
    else if (sts_run_keeps_best(r))
        sts_strbuf_printf(&t, "%sstep %llu, the best on dev", mean, step);
    else sts_strbuf_printf(&t, "%sthe last step, %llu", mean, step);
    const cJSON *share = sts_json_get(r->blend, "share");
    if (share) sts_strbuf_printf(&t, ", %g of it with %g of the start", share->valuedouble,
                                 1 - share->valuedouble);
    return sts_strbuf_take(&t);
}
