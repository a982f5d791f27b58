/* run_report.c - report.json, the five lines at the start and the table at the end. */
#include "report/run_report.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "core/strbuf.h"
#include "core/threads.h"
#include "eval/metric_text.h"
#include "math/blas.h"
#include "math/onednn.h"
#include "model/prompt.h"
#include "train/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- report.json ---- */

static void add_data(sts_json *report, const sts_run *r)
{
    sts_json *data = sts_json_add_object(report, "data");
    const sts_part *part[] = {&r->train, &r->dev, &r->test, &r->guard};
    for (int i = 0; i < 4; i++) {
        if (!part[i]->corpus.columns) continue;
        sts_json *p = sts_json_add_object(data, part[i]->name);
        sts_json_add_number(p, "rows", (double)part[i]->corpus.n);
        sts_json_add_number(p, "truncated", (double)part[i]->tokens.truncated);
        if (i == 0) sts_json_add_number(p, "held_out", r->o->dev ? 0 : (double)r->dev.corpus.n);
        if (i == 0) sts_json_add_number(p, "repeated", (double)r->repeats.again);
        if (i == 0) sts_json_add_number(p, "conflicting", (double)r->repeats.conflicts);
        if (i > 0) sts_json_add_number(p, "in_train", (double)part[i]->in_train);
        if (i == 0) sts_json_add_number(p, "below_min_score", (double)r->below);
        sts_json_put(p, "files", sts_corpus_json(&part[i]->corpus));
        sts_run_histograms(p, part[i]);
    }
}

static void add_prompt(sts_json *m, const sts_run *r, int k, const char *text, const char *trained)
{
    const sts_prompt *p = &r->model->prompt[k];
    if (!p->text) return;
    sts_json_add_string(m, text, p->text);
    sts_json_add_bool(m, trained, p->chosen || r->o->train_prompt);
}

static void add_model(sts_json *report, const sts_run *r)
{
    sts_json *m = sts_json_add_object(report, "model");
    sts_json_add_string(m, "from", r->o->model);
    sts_json_refer(m, "files", r->files);
    if (!r->model) return;
    sts_json_add_string(m, "architecture", r->model->net.encoder->model_type);
    sts_json_add_number(m, "parameters", (double)sts_params_numel(&r->model->params));
    sts_json_add_number(m, "dimension", r->model->dim);
    sts_json_add_number(m, "max_seq_length", (double)r->model->max_seq_length);
    add_prompt(m, r, 0, "prompt", "prompt_in_training");
    if (!r->model->prompt[0].text || !r->model->prompt[1].text ||
        strcmp(r->model->prompt[0].text, r->model->prompt[1].text))
        add_prompt(m, r, 1, "prompt2", "prompt2_in_training");
}

static void add_plan(sts_json *report, const sts_run *r)
{
    const sts_plan *p = &r->plan;
    if (!r->loss_text || !r->model || !p->steps) return;
    sts_json_add_string(report, "loss", r->loss_text);
    sts_json *plan = sts_json_add_object(report, "plan");
    sts_json_add_number(plan, "steps", (double)p->steps);
    sts_json_add_number(plan, "steps_per_epoch", (double)p->steps_per_epoch);
    sts_json_add_number(plan, "warmup_steps", (double)p->schedule.warmup);
    sts_json_add_number(plan, "batch_size", (double)p->batch_size);
    sts_json_add_number(plan, "accumulate", (double)p->accumulate);
    sts_json_add_number(plan, "lr", p->lr);
    sts_json_add_string(plan, "precision", sts_model_precision(r->model));
    const double *seconds = r->model->measured;
    if (!(seconds[0] > 0) || !(seconds[1] > 0)) return;
    sts_json *measured = sts_json_add_object(plan, "precision_seconds");
    sts_json_add_number(measured, "fp32", seconds[0]);
    sts_json_add_number(measured, "bf16", seconds[1]);
}

/* What makes the products of matrices. */
static const char *name_products(const sts_run *r, char out[128])
{
    bool bf16 = r->model && !strcmp(sts_model_precision(r->model), "bf16");
    return bf16 ? sts_onednn_name(out) : sts_blas_name(out);
}

static void add_machine(sts_json *report, const sts_run *r)
{
    char cpu[128], blas[128];
    sts_json *m = sts_json_add_object(report, "machine");
    sts_json_add_string(m, "cpu", sts_cpu_name(cpu));
    sts_json_add_number(m, "processors", sts_cpu_count());
    sts_json_add_number(m, "ranks", sts_comm_size());
    sts_json_add_number(m, "threads", sts_threads());
    sts_json_add_string(m, "blas", name_products(r, blas));
}

static void add_dims(sts_json *evaluations, const sts_run *r)
{
    sts_json *list = sts_json_add_array(evaluations, "by_dims");
    for (int k = 0; k < r->n_by_dims; k++) {
        const sts_dims_value *v = &r->by_dims[k];
        sts_json *row = sts_json_new_object();
        sts_json_add_number(row, "dims", v->dims);
        sts_json_add_number(row, "bytes", (double)v->dims * (double)sizeof(float));
        if (r->dev.corpus.n) sts_json_add_number(row, "dev", v->dev);
        if (r->test.corpus.n) sts_json_add_number(row, "test", v->test);
        sts_json_append(list, row);
    }
    sts_json_add_string(evaluations, "by_dims_metric", r->metric->name);
}

static void add_blend(sts_json *report, const sts_run *r)
{
    const sts_blend *b = &r->blend;
    sts_json *blend = sts_json_add_object(report, "blend");
    sts_json *curve = b->n ? sts_json_add_array(blend, "curve") : NULL;
    for (size_t i = 0; i < b->n; i++) {
        sts_json *point = sts_json_new_object();
        sts_json_add_number(point, "share", b->curve[i].share);
        sts_json_add_number(point, "value", b->curve[i].value);
        if (r->guard.corpus.n) sts_json_add_number(point, "guard", b->curve[i].guard);
        sts_json_append(curve, point);
    }
    sts_json_add_number(blend, "share", b->share);
}

static void add_verdict(sts_json *report, const char *key, const sts_verdict *v)
{
    const sts_paired *d = &v->d;
    if (!v->result) return;
    sts_json *json = sts_json_add_object(report, key);
    sts_json_add_string(json, "result", v->result);
    sts_json_add_string(json, "text", v->text);
    sts_json_add_string(json, "part", v->part->name);
    sts_json_add_string(json, "metric", v->metric->name);
    sts_json_add_number(json, "difference", d->difference.value);
    if (isfinite(d->ci95[0])) sts_json_put(json, "ci95", sts_json_new_numbers(d->ci95, 2));
    else sts_json_add_null(json, "ci95");
    if (d->rounds && d->rounds < STS_PAIRED_ROUNDS)
        sts_json_add_number(json, "resamples", d->rounds);
    sts_json_add_number(json, "p", d->p);
}

static void add_progress(sts_json *report, const sts_run *r)
{
    uint64_t step = r->trainer.adamw.step;
    sts_json *t = sts_json_add_object(report, "timings");
    sts_json_add_number(t, "total_seconds", sts_clock() - r->started);
    sts_json_add_number(t, "train_seconds", r->trained);
    sts_json_add_number(t, "gemm_seconds", r->in_gemm);
    sts_json_add_number(t, "pairs_per_s", r->trained > 0 ? r->pairs / r->trained : NAN);
    sts_json_add_number(report, "peak_memory_bytes", (double)sts_peak_rss());
    sts_json_add_number(report, "steps_done", (double)step);
    sts_json_add_number(report, "epochs_done", sts_plan_epoch(&r->plan, step));
    sts_json *e = sts_json_add_object(report, "evaluations");
    sts_json_put(e, "before", sts_run_parts_json(r, false));
    sts_json_put(e, "during", sts_run_evals_json(&r->evals));
    if (r->has_after) sts_json_put(e, "after", sts_run_parts_json(r, true));
    if (r->n_by_dims) add_dims(e, r);
    if (r->blend.done) add_blend(report, r);
    add_verdict(report, "verdict", &r->verdict);
    add_verdict(report, "guard", &r->guarded);
    if (!r->has_best) return;
    sts_json *best = sts_json_add_object(report, "best");
    sts_json_add_number(best, "step", (double)r->best_step);
    sts_json_add_string(best, "metric", r->metric->name);
    sts_json_add_number(best, "value", r->best);
    if (r->best_averaged) sts_json_add_bool(best, "averaged", true);
}

/* The report as things stand; NULL when memory is out. It refers to the evaluations of r. */
static sts_json *make_report(const sts_run *r, const sts_err *failure, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *report = sts_run_dir_head("train", failure ? "failed" : r->status);
    if (failure) sts_json_add_string(report, "error", failure->text);
    const char *begun = r->command_line ? r->command_line : r->o->command_line;
    sts_json_add_string(report, "command_line", begun ? begun : "");
    sts_json_put(report, "configuration", sts_run_config(r));
    add_data(report, r);
    add_model(report, r);
    add_plan(report, r);
    add_machine(report, r);
    add_progress(report, r);
    if (sts_json_denied() == since) return report;
    sts_json_free(report);
    sts_fail_memory(err, "the report");
    return NULL;
}

static int save(const sts_run *r, const sts_json *report, sts_err *err)
{
    char *path = sts_path_join(r->dir, STS_REPORT);
    int rc = path ? sts_json_save(report, path, err) : sts_fail_memory(err, r->dir);
    sts_free(path);
    return rc;
}

int sts_run_report(const sts_run *r, const sts_err *failure, sts_err *err)
{
    sts_json *report = make_report(r, failure, err);
    int rc = report ? save(r, report, err) : -1;
    sts_json_free(report);
    return rc;
}

char *sts_run_checkpoint_card(const sts_run *r, sts_err *err)
{
    sts_json *report = make_report(r, NULL, err);
    char *card = report ? sts_run_card(r, report, 0, err) : NULL;
    sts_json_free(report);
    return card;
}

/* A card with samples is as private as the data. */
static int publish(const sts_run *r, const char *staged, const sts_json *report, sts_err *err)
{
    size_t samples = r->o->card_samples > 0 ? (size_t)r->o->card_samples : 0;
    char *card = sts_run_card(r, report, samples, err);
    mode_t mode = samples ? sts_corpus_mode(&r->train.corpus) : 0777;
    int rc = card ? sts_run_publish(r, staged, card, mode, err) : -1;
    sts_free(card);
    return rc;
}

static int describe(const sts_run *r, const sts_json *report, sts_err *err)
{
    return save(r, report, err) || sts_run_page(r, report, err) ? -1 : 0;
}

int sts_run_describe(sts_run *r, sts_err *err)
{
    char *staged = sts_run_predictions(r, err) ? NULL : sts_run_stage(r, err);
    if (!staged) return -1;
    sts_json *report = make_report(r, NULL, err);
    int rc = report ? publish(r, staged, report, err) : -1;
    if (rc) sts_checkpoint_unscratch(staged, NULL);
    else rc = describe(r, report, err);
    sts_json_free(report);
    sts_free(staged);
    return rc;
}

int sts_run_describe_failure(const sts_run *r, const sts_err *failure, sts_err *err)
{
    sts_json *report = make_report(r, failure, err);
    int rc = report ? describe(r, report, err) : -1;
    sts_json_free(report);
    return rc;
}

/* ---- for people ---- */

static void put_row(sts_strbuf *t, const char *name, const char *when, const sts_figures *f,
                    sts_metric_needs has)
{
    const double *ci = f->ci95[sts_metric_default(has) - sts_metric_row_of];
    if (!f->n) return;
    sts_strbuf_printf(t, "%-5s %-7s", name, when);
    sts_put_metrics(t, f->value, has, false);
    if (isfinite(ci[0]))
        sts_strbuf_printf(t, "   %6.2f to %.2f", 100 * ci[0], 100 * ci[1]);
    sts_strbuf_printf(t, "\n");
}

static void put_value(sts_strbuf *t, double x)
{
    if (isfinite(x)) sts_strbuf_printf(t, "%8.2f", 100 * x);
}

/* The metric that decides, by the numbers of a vector that are used. */
static void put_dims(sts_strbuf *t, const sts_run *r)
{
    if (!r->n_by_dims) return;
    sts_strbuf_printf(t, "%-13s%8s%8s%8s\n", r->metric->title, "bytes", "dev", "test");
    for (int k = 0; k < r->n_by_dims; k++) {
        const sts_dims_value *v = &r->by_dims[k];
        sts_strbuf_printf(t, "%4d dims    %8zu", v->dims, (size_t)v->dims * sizeof(float));
        put_value(t, v->dev);
        put_value(t, v->test);
        sts_strbuf_printf(t, "\n");
    }
}

char *sts_run_table(const sts_run *r)
{
    sts_strbuf t = {0};
    const sts_part *part[] = {&r->dev, &r->test};
    sts_metric_needs has = sts_run_offers(r);
    sts_strbuf_printf(&t, "%-13s", "x 100");
    sts_put_metric_titles(&t, has, false);
    if (sts_metric_has_interval(sts_metric_default(has), has))
        sts_strbuf_printf(&t, "   %s's 95 %% interval", sts_metric_default(has)->title);
    sts_strbuf_printf(&t, "\n");
    for (int i = 0; i < 2; i++) {
        put_row(&t, part[i]->name, "before", &part[i]->before.figures, has);
        put_row(&t, part[i]->name, "after", &part[i]->after.figures, has);
    }
    put_dims(&t, r);
    return sts_strbuf_take(&t);
}

/* Evaluations of a whole run: before, after, each epoch, and each so many steps. */
static double count_evaluations(const sts_run *r)
{
    const sts_plan *p = &r->plan;
    uint64_t every = r->o->eval_steps > 0 ? (uint64_t)r->o->eval_steps : 0;
    uint64_t n = 2 + p->steps / p->steps_per_epoch + (every ? p->steps / every : 0);
    return (double)n;
}

char *sts_run_estimate(const sts_run *r, double each)
{
    sts_strbuf t = {0};
    const sts_tokens *k = &r->train.tokens;
    double moments = 8e-6 * (double)r->model->params.count, steps = each * (double)r->plan.steps;
    double model = 1e-6 * (double)sts_model_bytes(r->model);
    double evaluating = r->evaluating * count_evaluations(r) + 2 * r->evaluating_once;
    double checkpoints = (double)r->o->save_total_limit + 1; /* and the best, while writing one */
    sts_strbuf_printf(&t, "time     about %.0f s: %.0f s in steps of %.3g s, %.0f s in "
                          "evaluations\n", steps + evaluating, steps, each, evaluating);
    sts_strbuf_printf(&t, "memory   %.0f MB at its peak\n", 1e-6 * (double)sts_peak_rss());
    sts_strbuf_printf(&t, "disk     up to %.0f MB\n",
                      model + (model + moments) * (checkpoints + 1));
    sts_strbuf_printf(&t, "cut      %zu of %zu texts (%.1f %%) are longer than the model takes\n",
                      k->truncated, k->n, k->n ? 100.0 * (double)k->truncated / (double)k->n : 0);
    return sts_strbuf_take(&t);
}

static size_t left_out(const sts_corpus *c)
{
    size_t n = 0;
    for (size_t f = 0; f < c->n_files; f++) n += c->file[f]->n_read - c->file[f]->n;
    return n;
}

static void say_data(const sts_run *r, sts_strbuf *t)
{
    const sts_corpus *c = &r->train.corpus;
    const sts_train_options *o = r->o;
    sts_strbuf_printf(t, "%zu %s from %s", c->n, sts_rows_called(c->columns), c->file[0]->path);
    if (c->n_files > 1) sts_strbuf_printf(t, " and %zu more", c->n_files - 1);
    sts_strbuf_printf(t, ", %zu left out; ", left_out(c));
    const sts_corpus *dev = &r->dev.corpus;
    if (dev->drawn) sts_strbuf_printf(t, "dev %zu held out %s", dev->n, dev->drawn);
    else if (dev->n) sts_strbuf_printf(t, "dev %zu from %s", dev->n, o->dev);
    else sts_strbuf_printf(t, "no dev set");
    if (o->test) sts_strbuf_printf(t, "; test %zu from %s", r->test.corpus.n, o->test);
    if (o->guard) sts_strbuf_printf(t, "; guard %zu from %s", r->guard.corpus.n, o->guard);
    sts_strbuf_printf(t, "; %s", c->file[0]->detected);
}

static void say_model(const sts_run *r, sts_strbuf *t)
{
    const sts_model *m = r->model;
    char pooling[160];
    bool bag = !strcmp(r->o->model, "bag");
    sts_strbuf_printf(t, "%s%s%s, %.1f M parameters", bag ? "the built-in encoder, " : r->o->model,
                      bag ? "" : ": ", m->net.encoder->model_type,
                      (double)sts_params_numel(&m->params) / 1e6);
    for (size_t i = 0; i < m->n_modules; i++)
        if (m->module[i].type->pools)
            sts_strbuf_printf(t, ", %s pooling",
                              m->module[i].type->describe(&m->module[i], pooling));
    sts_strbuf_printf(t, ", vectors of %d", m->dim);
    if (m->max_seq_length) sts_strbuf_printf(t, ", texts cut to %zu tokens", m->max_seq_length);
    if (m->similarity && strcmp(m->similarity, "cosine") && r->dev.corpus.n)
        sts_strbuf_printf(t, "; its similarity is %s, the deciding metric %s", m->similarity,
                          r->metric->name);
    sts_model_describe_prompts(m, r->o->train_prompt, t);
    if (r->taught)
        sts_strbuf_printf(t, "; teacher %s: %u distinct texts, vectors of %d", r->o->teacher,
                          r->plan.n_texts, r->plan.teacher_dim);
}

static void say_plan(const sts_run *r, sts_strbuf *t)
{
    const sts_plan *p = &r->plan;
    sts_strbuf_printf(t, "%llu steps of %zu rows, %llu of them warm-up, lr %g, %s",
                      (unsigned long long)p->steps, p->batch_size * p->accumulate,
                      (unsigned long long)p->schedule.warmup, p->lr, r->o->scheduler);
}

static void say_machine(const sts_run *r, sts_strbuf *t)
{
    char cpu[128], blas[128], ranks[32] = "";
    if (sts_comm_size() > 1) snprintf(ranks, sizeof ranks, "%d ranks of ", sts_comm_size());
    sts_strbuf_printf(t, "%s, %s%d thread%s, %s, %s", sts_cpu_name(cpu), ranks, sts_threads(),
                      sts_threads() == 1 ? "" : "s", name_products(r, blas),
                      sts_model_precision(r->model));
}

int sts_run_announce(sts_run *r, sts_err *err)
{
    sts_strbuf t[4] = {0};
    say_data(r, &t[0]);
    say_model(r, &t[1]);
    say_plan(r, &t[2]);
    say_machine(r, &t[3]);
    char *line[4];
    int rc = 0;
    for (int i = 0; i < 4; i++)
        if (!(line[i] = sts_strbuf_take(&t[i]))) rc = -1;
    sts_train_start s = {line[0], line[1], r->loss_text, line[2], line[3], r->plan.steps,
                         r->trainer.adamw.step + 1};
    if (rc) sts_fail_memory(err, "the plan");
    else rc = sts_run_send(r, (sts_event){.kind = STS_EVENT_START, .start = &s}, err);
    for (int i = 0; i < 4; i++) sts_free(line[i]);
    return rc;
}
