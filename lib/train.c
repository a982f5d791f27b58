/* train.c - the main path: pairs file, dataset, tokens, model, loss, steps, checkpoint, report. */
#include "core/clock.h"
#include "core/env.h"
#include "core/file.h"
#include "core/mem.h"
#include "data/memory.h"
#include "model/prompt.h"
#include "report/run_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the options ---- */

static int check_options(sts_train_options *o, sts_err *err)
{
    if (sts_options_check(sts_train_rows(), o, err)) return -1;
    if (sts_prompts_check(&o->prompts, err)) return -1;
    if (o->train_prompt && sts_prompts_given(&o->prompts))
        return sts_fail(err, STS_USAGE, "--train-prompt trains with the model's default prompt, "
                        "--prompt and its like with another: give one of them");
    if (sts_require_files(o->data, o->n_data, err)) return -1;
    return o->n_data ? 0 : sts_fail(err, STS_USAGE, "there is no data to train on");
}

/* The caller's options, whose struct may be of an earlier version; rows in memory have a name. */
static int take_options(sts_train_options *o, const sts_train_options *given, sts_err *err)
{
    static const char *const memory = STS_MEMORY;
    if (sts_options_take(o, sizeof *o, given, err)) return -1;
    if (o->rows) {
        o->data = &memory;
        o->n_data = 1;
    }
    if (o->dev_rows) o->dev = memory;
    if (o->test_rows) o->test = memory;
    if (o->guard_rows) o->guard = memory;
    return 0;
}

/* ---- before the first step ---- */

static int make_trainer(sts_run *r, sts_err *err)
{
    sts_token_rows data = sts_part_rows(&r->train);
    if (sts_trainer_init(&r->trainer, r->model, &r->loss, &data, &r->plan, err)) return -1;
    double share;
    return sts_run_average_begin(r, err) || sts_run_blend_check(r, &share, err) ? -1 : 0;
}

/* Everything up to the first step. *from is the checkpoint that the run resumes from, or NULL. */
static int prepare(sts_run *r, char **from, sts_err *err)
{
    if (sts_run_load(r, err) || sts_run_choose_loss(r, err) || sts_run_open(r, from, err) ||
        sts_run_load_model(r, *from, err) || sts_run_remark(r, err) || sts_run_make_plan(r, err))
        return -1;
    sts_run_advise(r);
    if (sts_run_settle_options(r, err) || sts_run_agree(r, err) || make_trainer(r, err)) return -1;
    if (!*from) return sts_run_evaluate_parts(r, false, err);
    if (sts_run_predictions_restore(r, err) || sts_run_restore(r, *from, err)) return -1;
    return sts_run_guard_again(r, err);
}

/* ---- the steps ---- */

/* The step that a checkpoint is of may still lack its evaluation. */
static int settle_last(sts_run *r, sts_err *err)
{
    uint64_t step = r->trainer.adamw.step;
    sts_step last = {.step = step, .epoch = sts_plan_epoch(&r->plan, step)};
    return sts_run_settle(r, &last, err);
}

static int take_steps(sts_run *r, sts_err *err)
{
    r->mark_clock = sts_clock();
    r->mark_pairs = r->pairs;
    int ended = r->trainer.adamw.step ? settle_last(r, err) : 0;
    if (ended) return ended < 0 ? -1 : 0;
    while (r->trainer.adamw.step < r->plan.steps) {
        sts_step s;
        double t = sts_clock(), g = r->trainer.work.products.seconds;
        if (sts_trainer_step(&r->trainer, &s, err)) return -1;
        r->trained += sts_clock() - t;
        r->in_gemm += r->trainer.work.products.seconds - g;
        int stop = sts_run_after_step(r, &s, err);
        if (stop) return stop < 0 ? -1 : 0;
    }
    r->status = "completed";
    return 0;
}

/* ---- the end ---- */

static int check_gate(const sts_run *r, sts_err *err)
{
    if (!r->o->fail_under) return 0;
    const sts_part *part = r->test.corpus.n ? &r->test : &r->dev;
    return sts_gate_check(&r->gate, sts_figures_value(&part->after.figures, r->gate.metric),
                          part->name, err);
}

/* The deciding metric of what model/ holds. */
static double selected_value(const sts_run *r)
{
    const sts_figures *dev = &r->dev.after.figures;
    if (r->blend.done) return r->has_after && dev->n ? sts_figures_value(dev, r->metric) : NAN;
    return r->has_best ? r->best : NAN;
}

static int send_end(sts_run *r, bool interrupted, sts_err *err)
{
    char *table = interrupted ? NULL : sts_run_table(r), *model = sts_path_join(r->dir, "model");
    char *selected = sts_run_selected_text(r);
    sts_train_result result = {.table = table,
                               .model_dir = model,
                               .selected = selected,
                               .verdict = r->verdict.text,
                               .status = r->status,
                               .value = selected_value(r),
                               .steps = r->trainer.adamw.step,
                               .guard = r->guarded.text};
    bool whole = (table || interrupted) && model && selected;
    sts_event e = {.kind = STS_EVENT_END, .end = &result};
    int rc = whole ? sts_run_send(r, e, err) : sts_fail_memory(err, "the result");
    sts_free(selected);
    sts_free(table);
    sts_free(model);
    return rc;
}

/* The last evaluation, which has no part in the state: what is cut short leaves nothing. */
static int evaluate_selected(sts_run *r, sts_err *err)
{
    int rc = sts_run_evaluate_parts(r, true, err);
    if (!rc) rc = sts_run_evaluate_dims(r, err);
    if (sts_run_cut_short(r, rc, err)) return -1;
    r->has_after = !r->stop;
    if (!r->stop) return sts_run_verdict(r, err) || sts_run_decide(r, err) ? -1 : 0;
    r->n_by_dims = 0;
    r->status = "interrupted";
    return 0;
}

/* The selected weights evaluated and published; the report; the gate. */
static int finish(sts_run *r, sts_err *err)
{
    if (sts_run_load_selected(r, err)) return -1;
    if (r->stop) r->status = "interrupted";
    if (!r->stop && evaluate_selected(r, err)) return -1;
    if (!sts_comm_rank() && sts_run_describe(r, err)) return -1;
    r->has_selected = true;
    int stopped_by = r->stop; /* not by the answer to the last event: all is done then */
    if (send_end(r, stopped_by, err)) return -1;
    if (stopped_by)
        return sts_fail(err, 128 + stopped_by,
                        "interrupted at step %llu; saved: continue with --resume",
                        (unsigned long long)r->trainer.adamw.step);
    return check_gate(r, err);
}

/* ---- all of it ---- */

#define REHEARSED 6 /* steps of a dry run */

/* A dry run: a few real steps, from which the cost of all of them follows. Nothing is written. */
static int rehearse(sts_run *r, sts_err *err)
{
    double start = 0;
    uint64_t n = r->plan.steps < REHEARSED ? r->plan.steps : REHEARSED;
    for (uint64_t i = 0; i < n; i++) {
        sts_step s;
        if (sts_advance("rehearsing", i, n, err)) return -1;
        if (i == 1) start = sts_clock(); /* the first step touches the memory */
        if (sts_trainer_step(&r->trainer, &s, err)) return -1;
    }
    double each = n > 1 ? (sts_clock() - start) / (double)(n - 1) : NAN;
    char *table = sts_run_estimate(r, each);
    if (!table) return sts_fail_memory(err, "the estimate");
    sts_train_result result = {
        .table = table, .status = "dry run: nothing was written", .value = NAN};
    int rc = sts_run_send(r, (sts_event){.kind = STS_EVENT_END, .end = &result}, err);
    sts_free(table);
    return rc;
}

/* From the first step to the report. */
static int carry_out(sts_run *r, sts_err *err)
{
    int rc = 0;
    if (!sts_comm_rank()) rc = sts_run_begin(r, err) || sts_run_predictions(r, err) ? -1 : 0;
    if (!rc) rc = take_steps(r, err);
    if (!rc) return finish(r, err);
    if (!sts_comm_rank()) sts_run_describe_failure(r, err, NULL);
    return -1;
}

/* A run that could not begin leaves everything as it was. */
static int give_up(sts_run *r, sts_err *err)
{
    sts_run_abandon(r);
    if (err->code != STS_INTERRUPTED) return -1;
    int number = r->stop ? r->stop : sts_stop_asked();
    return sts_fail(err, number ? 128 + number : STS_INTERRUPTED,
                    "interrupted before the first step: nothing was written");
}

static sts_model *give_model(sts_run *r)
{
    sts_model *m = r->model;
    r->model = NULL;
    return m;
}

int sts_train_trial(const sts_train_options *o, const sts_trial *t, sts_event_fn *fn, void *ctx,
                    sts_model **model, sts_err *err)
{
    sts_train_options given;
    if (model) *model = NULL;
    if (take_options(&given, o, err)) return -1;
    sts_run r = {.o = &given,
                 .trial = t,
                 .train = {.name = "train"},
                 .dev = {.name = "dev"},
                 .test = {.name = "test"},
                 .guard = {.name = "guard"},
                 .receiver = fn,
                 .ctx = ctx,
                 .lock = -1,
                 .log = -1,
                 .status = "running",
                 .decision = sts_decision_none(),
                 .report = sts_run_report,
                 .card = sts_run_checkpoint_card};
    sts_err own = {0};
    char *from = NULL;
    if (!err) err = &own;
    sts_env env;
    sts_env_enter(&env, given.stop);
    r.started = sts_clock();
    int rc = check_options(&given, err);
    if (!rc && given.threads) env.threads = (int)given.threads;
    if (!rc) rc = prepare(&r, &from, err);
    if (!rc) rc = sts_run_announce(&r, err) || sts_run_poll(&r, err) ? -1 : 0;
    if (!rc && r.stop) rc = sts_fail(err, STS_INTERRUPTED, "interrupted");
    if (!rc && given.dry_run) rc = rehearse(&r, err);
    if (rc) give_up(&r, err);
    else if (!given.dry_run) rc = carry_out(&r, err);
    sts_free(from);
    if (!rc) sts_run_hand_out(&r);
    if (model) *model = r.has_selected ? give_model(&r) : NULL;
    sts_run_close(&r);
    return sts_env_leave(&env, rc, NULL); /* the code is the run's */
}

int sts_train(const sts_train_options *o, sts_event_fn *fn, void *ctx, sts_model **model,
              sts_err *err)
{
    return sts_train_trial(o, NULL, fn, ctx, model, err);
}
