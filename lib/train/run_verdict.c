/* run_verdict.c - did it help? The selected weights against those at the start. */
#include "train/run.h"

#include "core/clock.h"
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

uint64_t sts_run_selected_step(const sts_run *r)
{
    return sts_run_keeps_best(r) ? r->best_step : r->trainer.adamw.step;
}

/* ---- the two evaluations ---- */

static int evaluate_part(sts_run *r, sts_part *part, bool after, sts_err *err)
{
    sts_evaluation e;
    if (!part->corpus.n) return 0;
    if (sts_run_evaluate(r, part, true, &e, err)) return -1;
    if (part == &r->dev && !after) sts_run_start_dev(r, &e);
    sts_part_eval_take(after ? &part->after : &part->before, &e);
    sts_evaluation_free(&e);
    return 0;
}

int sts_run_evaluate_parts(sts_run *r, bool after, sts_err *err)
{
    double start = sts_clock();
    if (evaluate_part(r, &r->dev, after, err)) return -1;
    r->evaluating = sts_clock() - start;
    if (evaluate_part(r, &r->test, after, err) || evaluate_part(r, &r->guard, after, err))
        return -1;
    r->evaluating_once = sts_clock() - start - r->evaluating;
    return 0;
}

/* ---- what they come to ---- */

/* Whether there are predictions by another similarity than the cosine, the model's own. */
static bool by_own(const sts_part *p)
{
    return p->before.own && p->after.own;
}

static const char *name_result(const sts_run *r, const sts_paired *d)
{
    if (d->difference.status) return "unknown";
    if (!sts_run_selected_step(r)) return "unchanged";
    if (d->ci95[0] > 0) return "better";
    return d->ci95[1] < 0 ? "worse" : "not different";
}

/* ---- in words ---- */

/* "Spearman on dev +1.20, 95 % interval +0.50 to +1.90"; of the guard, which tables lack, with
 * both figures. */
static void say_difference(sts_strbuf *t, const sts_run *r, const sts_verdict *v)
{
    const sts_metric_row *m = v->metric;
    const double *ci95 = v->d.ci95;
    sts_strbuf_printf(t, "%s on %s ", *m->title ? m->title : m->name, v->part->name);
    if (v->part == &r->guard)
        sts_strbuf_printf(t, "%.2f before, %.2f after: ",
                          100 * sts_figures_value(&v->part->before.figures, m),
                          100 * sts_figures_value(&v->part->after.figures, m));
    sts_strbuf_printf(t, "%+.2f", 100 * v->d.difference.value);
    if (isfinite(ci95[0]))
        sts_strbuf_printf(t, ", 95 %% interval %+.2f to %+.2f", 100 * ci95[0], 100 * ci95[1]);
    else sts_strbuf_printf(t, ", of too few pairs to tell it from chance");
}

static void say_remedy(sts_strbuf *t, const sts_run *r)
{
    sts_strbuf_printf(t, "; try an --lr below %g, or another --loss", r->plan.lr);
}

/* The last evaluation against that of the start. */
static void say_last(sts_strbuf *t, const sts_run *r)
{
    const sts_run_evals *list = &r->evals;
    double x = list->n ? sts_figures_value(&list->v[list->n - 1].figures, r->metric) : NAN;
    if (isnan(x)) return;
    sts_strbuf_printf(t, ": %s was %.4f, and %.4f at step %llu", r->metric->name, r->best, x,
                      (unsigned long long)r->evaluated);
    if (fabs(x - r->best) > NOTABLE) say_remedy(t, r);
}

static void say_unchanged(sts_strbuf *t, const sts_run *r, const sts_verdict *v)
{
    if (v->part == &r->guard) {
        sts_strbuf_printf(t, "as at the start, whose weights are kept");
        return;
    }
    sts_strbuf_printf(t, "no evaluation was better than the model at the start");
    say_last(t, r);
}

/* What gives back a part of what was lost on the guard. */
static void say_way_back(sts_strbuf *t, const sts_run *r)
{
    if (r->blend.done) sts_strbuf_printf(t, "; a lower share for --blend gives back more of it");
    else sts_strbuf_printf(t, "; --blend 0.5 gives back a part of it");
}

/* NULL when memory is out. */
static char *in_words(const sts_run *r, const sts_verdict *v)
{
    sts_strbuf t = {0};
    bool guard = v->part == &r->guard, worse = !strcmp(v->result, "worse");
    if (!strcmp(v->result, "unknown")) {
        sts_strbuf_printf(&t, "unknown: %s", v->d.difference.status);
    } else if (!strcmp(v->result, "unchanged")) {
        say_unchanged(&t, r, v);
    } else {
        if (!strcmp(v->result, "not different"))
            sts_strbuf_printf(&t, "not different beyond chance from the start: ");
        else sts_strbuf_printf(&t, "%s than at the start: ", v->result);
        say_difference(&t, r, v);
        if (worse && guard) say_way_back(&t, r);
        else if (worse) say_remedy(&t, r);
    }
    return sts_strbuf_take(&t);
}

/* ---- by the predictions ---- */

/* Why there is no such figure before or after, or NULL. */
static const char *find_fault(const sts_part *p, const sts_metric_row *m)
{
    const sts_figures *f[] = {&p->before.figures, &p->after.figures};
    for (int i = 0; i < 2; i++)
        if (f[i]->n && isnan(sts_figures_value(f[i], m)) && *f[i]->status) return f[i]->status;
    return NULL;
}

/* By what the similarity that the model is meant for says of such rows. */
static int compare(const sts_run *r, const sts_part *p, sts_verdict *v, sts_err *err)
{
    if (!p->before.x || !p->after.x) return 0;
    sts_token_rows rows = sts_part_rows(p);
    const char *similarity = by_own(p) ? r->model->similarity : NULL;
    v->part = p;
    v->metric = sts_metric_default_by(sts_metric_offered(&rows), sts_similarity_named(similarity));
    v->d = (sts_paired){{NAN, find_fault(p, v->metric)}, {NAN, NAN}, NAN, 0};
    sts_truth truth = sts_metric_truth(v->metric, &rows);
    const double *before = by_own(p) ? p->before.own : p->before.x;
    const double *after = by_own(p) ? p->after.own : p->after.x;
    if (!v->d.difference.status &&
        sts_compare_paired(&truth, after, before, sts_paired_rounds(truth.n), SEED, &v->d, err))
        return -1;
    v->result = name_result(r, &v->d);
    v->text = in_words(r, v);
    return v->text ? 0 : sts_fail_memory(err, "the verdict");
}

int sts_run_verdict(sts_run *r, sts_err *err)
{
    if (sts_comm_rank()) return 0;
    if (compare(r, &r->dev, &r->verdict, err)) return -1;
    return compare(r, &r->guard, &r->guarded, err);
}

char *sts_run_selected_text(const sts_run *r)
{
    sts_strbuf t = {0};
    unsigned long long step = sts_run_selected_step(r);
    const char *mean = sts_run_average_selected(r) ? "averaged weights at " : "";
    if (!step) sts_strbuf_printf(&t, "the weights of the start, unchanged");
    else if (sts_run_keeps_best(r))
        sts_strbuf_printf(&t, "%sstep %llu, the best on dev", mean, step);
    else sts_strbuf_printf(&t, "%sthe last step, %llu", mean, step);
    double share = r->blend.share;
    if (r->blend.done) sts_strbuf_printf(&t, ", %g of it with %g of the start", share, 1 - share);
    return sts_strbuf_take(&t);
}
