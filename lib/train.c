/* train.c - the main path: pairs file, dataset, tokens, model, loss, steps, checkpoint, report. */
#include "core/clock.h"
#include "core/env.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "core/threads.h"
#include "data/memory.h"
#include "loss/loss_check.h"
#include "model/bag_static.h"
#include "model/prompt.h"
#include "report/run_report.h"
#include "train/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- data ---- */

static int tokenize(sts_run *r, sts_part *p, sts_err *err)
{
    sts_progress("tokenizing", 0, 0);
    size_t n = p->corpus.n * (size_t)p->corpus.columns;
    sts_token_options how = {.columns = p->corpus.columns, .remade = true};
    how.trained = p == &r->train && !r->o->train_prompt; /* as sentence-transformers trains */
    return sts_tokens_make(&p->tokens, r->model, p->corpus.text, n, how, err);
}

/* ---- model and loss ---- */

static int adjust_layers(sts_run *r, sts_err *err)
{
    const sts_train_options *o = r->o;
    if (o->layer_decay < 1 && sts_model_decay_layers(r->model, o->layer_decay, err)) return -1;
    if (o->freeze_layers > r->model->net.layers)
        return sts_fail(err, STS_USAGE, "--freeze-layers %lld: the model has %d layers",
                        (long long)o->freeze_layers, r->model->net.layers);
    if (o->freeze_embeddings || o->freeze_layers)
        return sts_model_freeze(r->model, o->freeze_embeddings, (int)o->freeze_layers, err);
    return 0;
}

/* The precision to train in: for "auto" what checkpoint `from` (NULL: none) was trained in, as a
 * new measurement may come out otherwise. NULL on error. */
static const char *choose_precision(const sts_run *r, const char *from, sts_err *err)
{
    const char *asked = r->o->precision ? r->o->precision : "fp32";
    if (!from || strcmp(asked, "auto")) return asked;
    char *path = sts_path_join(from, "trainer.json");
    sts_json *state = path ? sts_run_state(path, err) : NULL;
    if (!path) sts_fail_memory(err, from);
    const sts_json *then = sts_json_get(sts_json_get(state, "settings"), "precision");
    bool rounded = sts_json_is_string(then) && !strcmp(then->text, "bf16");
    asked = rounded ? "bf16" : "fp32";
    if (!state) asked = NULL;
    sts_json_free(state);
    sts_free(path);
    return asked;
}

static int load_model(sts_run *r, const char *from, sts_err *err)
{
    const sts_train_options *o = r->o;
    bool resumed = from;
    const char *precision = choose_precision(r, from, err);
    if (!precision) return -1;
    sts_progress("loading", 0, 0);
    if (sts_comm_rank()) from = NULL; /* the weights come from rank 0, in sts_run_restore */
    const sts_corpus *c = &r->train.corpus;
    size_t n = c->n * (size_t)c->columns;
    bool bag = !strcmp(o->model, "bag");
    if (!bag && o->width)
        return sts_fail(err, STS_USAGE, "--width: only a new built-in encoder has no width yet: "
                        "leave it out, or give -m bag");
    r->model = bag && !from ? sts_model_new_bag(c->text, n, (size_t)o->width, o->seed, err)
                            : sts_model_load(from ? from : o->model, err);
    if (!r->model || sts_model_copyable(r->model, err)) return -1;
    if (sts_bag_static_make(r->model, c->text, n, err)) return -1;
    if (sts_model_set(r->model, o->max_seq_length, 0, 0, precision, err)) return -1;
    if (!resumed && sts_model_same(r->model, err)) return -1;
    if (!isnan(o->dropout)) sts_model_set_dropout(r->model, (float)o->dropout);
    if (sts_model_use_prompts(r->model, &o->prompts, err) ||
        sts_model_keep_prompts(r->model, &o->prompts, err))
        return -1;
    if (tokenize(r, &r->train, err) || tokenize(r, &r->dev, err) || tokenize(r, &r->test, err) ||
        tokenize(r, &r->guard, err))
        return -1;
    return adjust_layers(r, err);
}

static void caution(const sts_run *r)
{
    for (int k = 0; k < r->loss.n_parts; k++) {
        const sts_loss *loss = r->loss.part[k].loss;
        bool held = loss->traits & STS_LOSS_PULLS && !sts_loss_all_have(&r->loss, STS_LOSS_PULLS);
        if (*loss->caution && !held) sts_note(STS_WARN, "%s: %s", loss->name, loss->caution);
    }
}

/* Rows in memory may have weights, which no loss passes over in silence. */
static int check_weights(const sts_run *r, sts_err *err)
{
    char names[256];
    if (!r->train.corpus.weight || sts_loss_all_have(&r->loss, STS_LOSS_WEIGHTS)) return 0;
    sts_loss_names(&r->loss, names, sizeof names);
    return sts_fail(err, STS_USAGE, "loss '%s' does not heed the weights of rows: leave them out, "
                    "or choose one that does, as cosine-similarity and contrastive do", names);
}

static int choose_loss(sts_run *r, sts_err *err)
{
    sts_corpus *c = &r->train.corpus;
    const char *standard = c->columns == 3 ? "triplet"
                           : c->score      ? "cosine-similarity"
                                           : "multiple-negatives-ranking";
    if (!r->o->loss && sts_loss_parse(&r->loss, standard, err)) return -1;
    if (sts_loss_fits(&r->loss, c->columns, c->score != NULL, err) ||
        sts_run_check_teacher(r, err) || check_weights(r, err))
        return -1;
    bool foreign = sts_loss_is_foreign(&r->loss);
    if (foreign && sts_loss_check_gradient(&r->loss, c->columns, c->score != NULL, err)) return -1;
    if (r->o->dims && sts_loss_set_dims(&r->loss, r->o->dims, err)) return -1;
    r->loss_text = sts_loss_format(&r->loss);
    r->dims_text = r->o->dims ? sts_loss_format_dims(&r->loss) : NULL;
    if (!r->loss_text || (r->o->dims && !r->dims_text)) return sts_fail_memory(err, "the loss");
    caution(r);
    r->below = sts_corpus_drop_below(c, sts_loss_min_score(&r->loss));
    if (c->n) return 0;
    return sts_fail(err, STS_DATA, "%s: no pair has the score that --loss %s asks for",
                    r->o->data[0], r->loss_text);
}

static int make_plan(sts_run *r, sts_err *err)
{
    const sts_train_options *o = r->o;
    if (sts_loss_check_dims(&r->loss, r->model->width, err)) return -1;
    double lr = r->model->net.encoder->lr > 0 ? r->model->net.encoder->lr : 5e-5;
    r->plan = (sts_plan){
        .batch_size = (size_t)(o->batch_size_per_rank ? o->batch_size_per_rank * sts_comm_size()
                                                      : o->batch_size),
        .accumulate = (size_t)o->accumulate,
        .mini_batch = (size_t)o->mini_batch,
        .r_drop = o->r_drop,
        .epochs = o->epochs,
        .max_steps = (uint64_t)o->max_steps,
        .lr = isnan(o->lr) ? lr : o->lr,
        .shuffle = !o->no_shuffle,
        .seed = o->seed,
        .adamw = {0.9, 0.999, 1e-8, o->weight_decay, o->max_grad_norm},
    };
    if (sts_schedule_parse(&r->plan.scheduler, o->scheduler, err)) return -1;
    r->plan.warmup = isnan(o->warmup) ? sts_schedule_warmup(r->plan.scheduler) : o->warmup;
    if (sts_run_number(r, err) || sts_run_teach(r, err) ||
        sts_plan_finish(&r->plan, r->train.corpus.n, err))
        return -1;
    sts_metric_needs has = sts_run_offers(r);
    r->metric = o->metric ? sts_metric_choose("--metric", o->metric, err)
                          : sts_metric_default_by(has, sts_similarity_named(r->model->similarity));
    return r->metric ? 0 : -1;
}

/* The options as they take effect, where "the default" depends on the model and the data. */
static int settle_options(sts_run *r, sts_err *err)
{
    sts_train_options *e = &r->effect;
    *e = *r->o;
    e->lr = r->plan.lr;
    e->warmup = r->plan.warmup;
    if (!sts_model_own_layers(r->model)) e->layer_decay = NAN;
    if (!strcmp(r->o->model, "bag") && !e->width) e->width = r->model->dim;
    e->metric = r->metric->name;
    if (!sts_loss_is_foreign(&r->loss)) e->loss = r->loss_text; /* else by its file */
    e->dims = r->dims_text;
    e->batches = r->plan.apart ? "no-duplicates" : "shuffled";
    e->max_seq_length = (int64_t)r->model->max_seq_length;
    r->settings = sts_run_settings(r);
    return r->settings ? 0 : sts_fail_memory(err, "the run");
}

static int make_trainer(sts_run *r, sts_err *err)
{
    sts_token_rows data = sts_part_rows(&r->train);
    if (sts_trainer_init(&r->trainer, r->model, &r->loss, &data, &r->plan, err)) return -1;
    double share;
    return sts_run_average_begin(r, err) || sts_run_blend_check(r, &share, err) ? -1 : 0;
}

/* ---- before, during, after ---- */

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
    char *kept = sts_run_selected_text(r);
    sts_train_result result = {.table = table,
                               .model_dir = model,
                               .kept = kept,
                               .verdict = r->verdict.text,
                               .status = r->status,
                               .value = selected_value(r),
                               .steps = r->trainer.adamw.step,
                               .guard = r->guarded.text};
    bool whole = (table || interrupted) && model && kept;
    sts_event e = {.kind = STS_EVENT_END, .end = &result};
    int rc = whole ? sts_run_send(r, e, err) : sts_fail_memory(err, "the result");
    sts_free(kept);
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
    if (send_end(r, r->stop, err)) return -1;
    if (r->stop)
        return sts_fail(err, 128 + r->stop,
                        "interrupted at step %llu; saved: continue with --resume",
                        (unsigned long long)r->trainer.adamw.step);
    return check_gate(r, err);
}

static void close_run(sts_run *r)
{
    sts_part *part[] = {&r->train, &r->dev, &r->test, &r->guard};
    sts_trainer_free(&r->trainer);
    sts_loss_close(&r->loss);
    sts_free(r->loss_text);
    sts_free(r->dims_text);
    sts_free(r->texts);
    sts_free(r->taught);
    for (int i = 3; i >= 0; i--) sts_part_free(part[i]);
    sts_free(r->average.mean);
    sts_model_free(r->model);
    if (r->log >= 0) sts_close(r->log);
    if (r->lock >= 0) sts_close(r->lock);
    sts_hold_close(r->hold);
    sts_json_free(r->settings);
    sts_free(r->command_line);
    sts_json_free(r->earlier);
    sts_json_free(r->files);
    sts_run_evals_free(&r->evals);
    sts_free(r->verdict.text);
    sts_free(r->guarded.text);
    sts_calibration_free(r->decision.calibration);
    sts_free(r->dir);
}

/* Everything up to the first step. *from is the checkpoint that the run resumes from, or NULL. */
static int prepare(sts_run *r, char **from, sts_err *err)
{
    if (sts_run_load(r, err) || choose_loss(r, err) || sts_run_open(r, from, err)) return -1;
    if (load_model(r, *from, err) || sts_run_remark(r, err) || make_plan(r, err)) return -1;
    sts_run_advise(r);
    if (settle_options(r, err)) return -1;
    if (sts_run_agree(r, err) || make_trainer(r, err)) return -1;
    if (!*from) return sts_run_evaluate_parts(r, false, err);
    if (sts_run_predictions_restore(r, err) || sts_run_restore(r, *from, err)) return -1;
    return sts_run_guard_again(r, err);
}

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

static int check_options(sts_train_options *o, sts_err *err)
{
    if (sts_options_check(sts_train_rows(), o, err)) return -1;
    if (sts_prompts_check(&o->prompts, err)) return -1;
    if (o->train_prompt && sts_prompts_given(&o->prompts))
        return sts_fail(err, STS_USAGE, "--train-prompt trains with the model's default prompt, "
                        "--prompt and its like with another: give one of them");
    for (size_t i = 0; i < o->n_data; i++)
        if (!o->data || !o->data[i])
            return sts_fail(err, STS_USAGE, "data file %zu has no name", i + 1);
    return o->n_data ? 0 : sts_fail(err, STS_USAGE, "there is no data to train on");
}

/* The caller's options, whose struct may be of an earlier version; rows in memory have a name. */
static sts_train_options take_options(const sts_train_options *o)
{
    static const char *const memory = STS_MEMORY;
    sts_train_options given;
    sts_options_take(&given, sizeof given, o, o->size);
    if (given.rows) {
        given.data = &memory;
        given.n_data = 1;
    }
    if (given.dev_rows) given.dev = memory;
    if (given.test_rows) given.test = memory;
    if (given.guard_rows) given.guard = memory;
    return given;
}

static sts_model *give_model(sts_run *r)
{
    sts_model *m = r->model;
    r->model = NULL;
    return m;
}

int sts_train_trial(const sts_train_options *o, const sts_trial *t, sts_event_fn *fn, void *ctx,
                    sts_model **kept, sts_err *err)
{
    sts_train_options given = take_options(o);
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
    sts_env env, *before = sts_env_enter(&env, given.stop);
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
    sts_model *model = kept && r.has_selected ? give_model(&r) : NULL;
    close_run(&r);
    if (kept) *kept = model;
    sts_env_use(before);
    return rc;
}

int sts_train(const sts_train_options *o, sts_event_fn *fn, void *ctx, sts_model **kept,
              sts_err *err)
{
    return sts_train_trial(o, NULL, fn, ctx, kept, err);
}
