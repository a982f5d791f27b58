/* run_steps.c - what happens between two steps: log, evaluation, checkpoint, reasons to stop. */
#include "train/run.h"

#include "core/env.h"
#include "core/clock.h"
#include "core/comm.h"
#include "core/mem.h"
#include "core/sys.h"
#include "train/dev_loss.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* ---- evaluation ---- */

/* Why the loss has no value on dev, or NULL. */
static const char *lacks_loss(const sts_run *r, const sts_token_rows *d)
{
    sts_err why = {0};
    if (r->model->dim != r->model->width) return "the model cuts its vectors";
    if (sts_loss_has(&r->loss, STS_LOSS_TEACHER)) return "the loss needs a teacher";
    if (sts_loss_fits(&r->loss, d->columns, d->score, &why)) return "the loss takes other rows";
    return NULL;
}

/* As in training, where that leaves a default prompt out; else NULL. */
static int embed_trained(sts_run *r, const sts_part *part, float **emb, sts_err *err)
{
    sts_tokens t;
    sts_token_options how = {.columns = part->corpus.columns, .trained = true};
    const sts_prompt *p = r->model->prompt;
    bool left_out = (p[0].text && !p[0].chosen) || (p[1].text && !p[1].chosen);
    if (!left_out || r->o->train_prompt) return 0;
    if (sts_tokens_make(&t, r->model, part->corpus.text, part->tokens.n, how, err)) return -1;
    *emb = sts_embeddings(r->model, &t, "evaluating", err);
    sts_tokens_free(&t);
    return *emb ? 0 : -1;
}

static int add_loss(sts_run *r, const sts_part *part, const float *emb, sts_evaluation *e,
                    sts_err *err)
{
    sts_token_rows d = sts_part_rows(part);
    sts_metric *x = &e->value[STS_METRIC_loss];
    float *trained = NULL;
    *x = (sts_metric){NAN, lacks_loss(r, &d)};
    if (x->status) return 0;
    e->has |= STS_NEEDS_LOSS;
    int rc = embed_trained(r, part, &trained, err);
    if (!rc)
        rc = sts_dev_loss(&r->loss, &d, trained ? trained : emb, (size_t)r->model->dim,
                          r->plan.batch_size, &x->value, err);
    sts_free(trained);
    if (!rc && !isfinite(x->value)) *x = (sts_metric){NAN, "the loss is not finite"};
    return rc;
}

int sts_run_evaluate_vectors(sts_run *r, const sts_part *part, const float *emb, bool interval,
                             sts_evaluation *e, sts_err *err)
{
    sts_token_rows d = sts_part_rows(part);
    if (sts_evaluate_vectors(e, r->model, emb, &d, interval, err)) return -1;
    if (part != &r->dev || !add_loss(r, part, emb, e, err)) return 0;
    sts_evaluation_free(e);
    return -1;
}

/* The loss is of all vectors of dev; those of test need not be in memory at once. */
int sts_run_evaluate(sts_run *r, const sts_part *part, bool interval, sts_evaluation *e,
                     sts_err *err)
{
    sts_token_rows d = sts_part_rows(part);
    if (part != &r->dev) return sts_evaluate(e, r->model, &d, interval, err);
    float *emb = sts_embeddings(r->model, &part->tokens, "evaluating", err);
    int rc = emb ? sts_run_evaluate_vectors(r, part, emb, interval, e, err) : -1;
    sts_free(emb);
    return rc;
}

/* The deciding metric; where it cannot be computed, the reason and what follows are shown once. */
static sts_metric deciding(sts_run *r, const sts_evaluation *e)
{
    sts_metric x = sts_evaluation_value(e, r->metric);
    if (!x.status || r->missing_shown) return x;
    r->missing_shown = true;
    sts_note(STS_WARN, "dev set: %s cannot be computed: %s; without it no evaluation is best or "
             "counts for --patience, and model/ gets the last weights", r->metric->name, x.status);
    return x;
}

void sts_run_start_dev(sts_run *r, const sts_evaluation *e)
{
    sts_metric x = deciding(r, e);
    r->flat = e->collapsed;
    r->has_best = !x.status && strcmp(r->o->model, "bag"); /* a new bag is not a model to keep */
    if (r->has_best) r->best = x.value;
}

/* A model whose cosines have become all alike has collapsed; one with a NaN in it is lost. */
static int guard(const sts_run *r, const sts_evaluation *e, uint64_t step, sts_err *err)
{
    const sts_params *p = &r->model->params;
    for (size_t i = 0; i < p->n; i++) {
        const float *w = p->value + p->v[i].offset;
        for (size_t j = 0; j < p->v[i].count; j++)
            if (!isfinite(w[j]))
                return sts_fail(err, STS_DIVERGED, "step %llu: weight %s[%zu] is not finite",
                                (unsigned long long)step, p->v[i].name, j);
    }
    if (!e->collapsed || r->flat) return 0;
    return sts_fail(err, STS_DIVERGED,
                    "step %llu: the encoder has collapsed: all cosines of the dev set are equal; "
                    "use a loss that pushes sentences apart, or a lower --lr",
                    (unsigned long long)step);
}

/* One evaluation of a step: of its weights, and of their mean where there is one. */
typedef struct outcome {
    sts_evaluation e, mean;
    sts_metric x, mean_x;
    bool best, mean_best, averaged;
} outcome;

static const sts_run_eval *record(sts_run *r, const outcome *j, const sts_step *s, sts_err *err)
{
    sts_run_eval *eval = sts_run_evals_add(&r->evals, r->best_step);
    if (!eval) return sts_fail_memory(err, "the evaluation"), NULL;
    *eval = (sts_run_eval){.step = s->step,
                           .epoch = s->epoch,
                           .figures = sts_evaluation_figures(&j->e),
                           .best = j->best || j->mean_best};
    if (j->averaged) eval->averaged = sts_evaluation_figures(&j->mean);
    return eval;
}

/* The line goes out in one write, and is freed. */
static int log_line(sts_run *r, sts_json *line, size_t since, sts_err *err)
{
    if (sts_comm_rank()) return sts_json_free(line), 0;
    char *text = sts_json_finish(line, false, since);
    if (!text) return sts_fail_memory(err, "the log");
    int rc = sts_write_all(r->log, text, strlen(text));
    if (rc) rc = sts_fail_errno(err, "log.jsonl", "cannot write");
    sts_free(text);
    return rc;
}

static int log_eval(sts_run *r, const sts_run_eval *eval, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *line = sts_json_new_object();
    sts_json_add_string(line, "type", "eval");
    sts_json_add_number(line, "step", (double)eval->step);
    sts_json_add_number(line, "epoch", eval->epoch);
    sts_run_eval_figures(eval, line);
    return log_line(r, line, since, err);
}

/* Whether this is the best value so far. A missing one decides nothing. */
static bool is_best(sts_run *r, sts_metric x, uint64_t step, bool averaged)
{
    if (x.status || (r->has_best && !sts_metric_better(r->metric, x.value, r->best))) return false;
    r->has_best = true;
    r->best = x.value;
    r->best_step = step;
    r->best_averaged = averaged;
    return true;
}

static void compare(sts_run *r, outcome *j, uint64_t step)
{
    j->best = is_best(r, j->x, step, false);
    j->mean_best = j->averaged && is_best(r, j->mean_x, step, true);
    if (j->x.status && (!j->averaged || j->mean_x.status)) return;
    r->stale = j->best || j->mean_best ? 0 : r->stale + 1;
}

static int send_eval(sts_run *r, const sts_step *s, sts_metric x, bool best, bool averaged,
                     sts_err *err)
{
    sts_train_eval event = {.step = s->step,
                            .epoch = s->epoch,
                            .metric = r->metric->name,
                            .value = x.value,
                            .best = best,
                            .averaged = averaged};
    return sts_run_send(r, (sts_event){.kind = STS_EVENT_EVAL, .eval = &event}, err);
}

/* Evaluates the mean that `next` asks for. */
static int evaluate_mean(sts_run *r, outcome *j, uint64_t step, sts_average *next, sts_err *err)
{
    float *mean, *own = r->model->params.value;
    sts_average_point p = {step, j->x.value};
    int there = sts_run_average_next(r, p, next, &mean, err);
    if (there <= 0) return there;
    r->model->params.value = mean;
    sts_params_round(&r->model->params);
    int rc = sts_run_evaluate(r, &r->dev, false, &j->mean, err);
    r->model->params.value = own;
    sts_params_round(&r->model->params);
    if (rc) return -1;
    j->averaged = true;
    j->mean_x = sts_evaluation_value(&j->mean, r->metric);
    return 0;
}

/* Nothing of the run changes before all is evaluated: a part may be cut short. */
static int evaluate(sts_run *r, const sts_step *s, bool *best, sts_err *err)
{
    outcome j = {0};
    sts_average next = r->average;
    sts_adamw_flush(&r->trainer.adamw);
    if (sts_run_evaluate(r, &r->dev, false, &j.e, err)) return -1;
    j.x = deciding(r, &j.e);
    int rc = guard(r, &j.e, s->step, err);
    if (!rc) rc = evaluate_mean(r, &j, s->step, &next, err);
    if (!rc) {
        compare(r, &j, s->step);
        *best = j.best || j.mean_best;
        r->average = next;
        r->evaluated = s->step;
        r->saved = 0; /* a checkpoint of this step, made before, lacks the evaluation */
        const sts_run_eval *eval = record(r, &j, s, err);
        rc = eval ? log_eval(r, eval, err) : -1;
    }
    if (!rc) rc = send_eval(r, s, j.x, j.best, false, err);
    if (!rc && j.averaged) rc = send_eval(r, s, j.mean_x, j.mean_best, true, err);
    sts_evaluation_free(&j.e);
    if (j.averaged) sts_evaluation_free(&j.mean);
    return rc;
}

/* Without a dev set: the weights of now go into the mean. */
static int average_only(sts_run *r, const sts_step *s, sts_err *err)
{
    sts_average next = r->average;
    float *mean;
    sts_adamw_flush(&r->trainer.adamw);
    if (sts_run_average_next(r, (sts_average_point){s->step, NAN}, &next, &mean, err) < 0)
        return -1;
    r->average = next;
    r->evaluated = s->step;
    r->saved = 0;
    return 0;
}

/* ---- the log and the step event ---- */

static double rate(sts_run *r)
{
    double now = sts_clock(), elapsed = now - r->mark_clock;
    double x = elapsed > 0 ? (r->pairs - r->mark_pairs) / elapsed : 0;
    if (elapsed > 10) {
        r->mark_clock = now;
        r->mark_pairs = r->pairs;
    }
    return x;
}

/* Of a sum, each loss by its name; of the same loss a second time, by name and place. */
static void log_parts(sts_json *line, const sts_loss_spec *loss, const sts_step *s)
{
    if (loss->n_parts < 2) return;
    sts_json *parts = sts_json_add_object(line, "parts");
    for (int k = 0; k < loss->n_parts; k++) {
        char key[160];
        const char *name = loss->part[k].loss->name;
        snprintf(key, sizeof key, sts_json_get(parts, name) ? "%.140s %d" : "%.140s", name, k + 1);
        sts_json_add_exact(parts, key, s->part[k]);
    }
}

static int log_step(sts_run *r, const sts_step *s, double pairs_per_s, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *line = sts_json_new_object();
    sts_json_add_string(line, "type", "step");
    sts_json_add_number(line, "step", (double)s->step);
    sts_json_add_exact(line, "epoch", s->epoch);
    sts_json_add_exact(line, "loss", s->loss);
    log_parts(line, &r->loss, s);
    sts_json_add_exact(line, "grad_norm", s->grad_norm);
    sts_json_add_exact(line, "lr", s->lr);
    sts_json_add_number(line, "pairs_per_s", round(10 * pairs_per_s) / 10);
    return log_line(r, line, since, err);
}

int sts_run_send(sts_run *r, sts_event e, sts_err *err)
{
    e.size = sizeof e;
    sts_here mine = sts_here_leave();
    sts_answer answer = r->receiver ? r->receiver(r->ctx, &e) : STS_CONTINUE;
    sts_here_use(mine);
    if (answer == STS_ABORT)
        return sts_fail(err, STS_INTERRUPTED, "ended by the program at step %llu",
                        (unsigned long long)r->trainer.adamw.step);
    if (answer == STS_STOP_SAVED && !r->stop) r->stop = SIGINT;
    return 0;
}

static int send_step(sts_run *r, const sts_step *s, sts_err *err)
{
    double x = rate(r);
    bool logged = s->step % (uint64_t)r->o->log_steps == 0 || s->step == r->plan.steps;
    if (logged && log_step(r, s, x, err)) return -1;
    double a_step = (double)(r->plan.batch_size * r->plan.accumulate);
    double left = (double)(r->plan.steps - s->step) * a_step;
    sts_train_step event = {s->step, r->plan.steps, s->epoch, s->loss,           s->grad_norm,
                            s->lr,   x,             x > 0 ? left / x : 0,
                            (double)sts_peak_rss(), logged};
    return sts_run_send(r, (sts_event){.kind = STS_EVENT_STEP, .step = &event}, err);
}

/* ---- after a step ---- */

static bool due(const sts_run *r, int64_t every, uint64_t step)
{
    if (every > 0 && step % (uint64_t)every == 0) return true;
    return step % r->plan.steps_per_epoch == 0 || step == r->plan.steps;
}

int sts_run_poll(sts_run *r, sts_err *err)
{
    int asked = sts_stop_asked();
    if (asked > r->stop) r->stop = asked;
    if (sts_comm_max(&r->stop, err)) return -1;
    if (r->stop) sts_stop_on(NULL);
    return 0;
}

int sts_run_cut_short(sts_run *r, int rc, sts_err *err)
{
    if (!rc || err->code != STS_INTERRUPTED) return rc;
    *err = (sts_err){0};
    r->stop = sts_stop_asked();
    if (!r->stop) r->stop = SIGINT; /* another rank's signal, or the receiver of progress asked */
    sts_stop_on(NULL);
    return 0;
}

/* Nobody waits for an evaluation who has asked to stop: --resume makes up for it. */
static int evaluate_due(sts_run *r, const sts_step *s, bool *best, sts_err *err)
{
    bool averages = r->average.kind == STS_AVERAGE_LAST;
    if (r->evaluated == s->step || !due(r, r->o->eval_steps, s->step)) return 0;
    if (!r->dev.corpus.n) return averages ? average_only(r, s, err) : 0;
    if (sts_run_poll(r, err)) return -1;
    return r->stop ? 0 : sts_run_cut_short(r, evaluate(r, s, best, err), err);
}

/* Whether a trial is so far behind the best one that it would not reach it with twice the gain that
 * the best one still made from here. It follows from what a checkpoint holds, hence repeats. */
static bool is_behind(const sts_run *r, uint64_t step)
{
    const sts_trial *t = r->trial;
    const sts_trial_point *here = NULL;
    double share = (double)step / (double)r->plan.steps;
    if (!t || r->evaluated != step || !r->has_best) return false;
    for (size_t i = 0; i < t->n_bar && t->bar[i].share <= share; i++) here = &t->bar[i];
    if (!here || step == r->plan.steps) return false;
    double end = t->bar[t->n_bar - 1].value;
    return sts_metric_better(r->metric, end, r->best + 2 * (end - here->value));
}

int sts_run_settle(sts_run *r, const sts_step *s, sts_err *err)
{
    const sts_train_options *o = r->o;
    bool best = false, keep_best = !strcmp(o->keep, "best");
    if (evaluate_due(r, s, &best, err)) return -1;
    bool early = o->patience > 0 && r->stale >= (uint64_t)o->patience;
    early |= is_behind(r, s->step);
    const sts_average *a = &r->average;
    bool point = a->n && a->point[a->n - 1].step == s->step;
    bool save = (best && keep_best) || point || due(r, o->save_steps, s->step) || early;
    if (save && sts_run_save(r, err)) return -1;
    if (sts_run_poll(r, err)) return -1;
    if (r->stop && sts_run_save(r, err)) return -1;
    if (r->stop) r->status = "interrupted";
    else if (early) r->status = "stopped early";
    return r->stop || early;
}

int sts_run_after_step(sts_run *r, const sts_step *s, sts_err *err)
{
    r->pairs += (double)s->rows;
    if (s->warning)
        sts_note(STS_WARN, "step %llu: %s%s%s", (unsigned long long)s->step,
                 s->warner ? s->warner : "", s->warner ? ": " : "", s->warning);
    return send_step(r, s, err) ? -1 : sts_run_settle(r, s, err);
}
