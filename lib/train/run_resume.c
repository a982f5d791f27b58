/* run_resume.c - what a checkpoint remembers, resuming from one, the log, the selected model. */
#include "train/run.h"

#include "core/clock.h"
#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "train/checkpoint.h"
#include "core/lines.h"
#include "model/decision.h"

#include <stdio.h>
#include <string.h>

/* ---- what a checkpoint remembers ---- */

static sts_json *state_of(const sts_run *r)
{
    sts_json *s = sts_json_new_object();
    sts_json_add_number(s, "schema", 1);
    sts_json_add_string(s, "version", STSFIT_VERSION);
    sts_json_add_number(s, "step", (double)r->trainer.adamw.step);
    sts_json_refer(s, "settings", r->settings);
    if (r->has_best) sts_json_add_exact(s, "best", r->best);
    sts_json_add_number(s, "best_step", (double)r->best_step);
    if (r->best_averaged) sts_json_add_bool(s, "best_averaged", true);
    if (r->average.n) sts_json_put(s, "average", sts_average_json(&r->average));
    sts_json_add_number(s, "stale", (double)r->stale);
    sts_json_add_bool(s, "flat", r->flat);
    sts_json_add_number(s, "evaluated", (double)r->evaluated);
    sts_json_add_number(s, "total_seconds", sts_clock() - r->started);
    sts_json_add_number(s, "train_seconds", r->trained);
    sts_json_add_number(s, "gemm_seconds", r->in_gemm);
    sts_json_add_number(s, "pairs", r->pairs);
    sts_json_put(s, "before", sts_run_parts_json(r, false));
    sts_json_put(s, "evals", sts_run_evals_json(&r->evals));
    return s;
}

/* Removes the checkpoints that are needed no more. */
static int rotate(sts_run *r, sts_err *err)
{
    uint64_t keep[STS_AVERAGE_LIMIT + 1];
    size_t n = r->average.n;
    for (size_t i = 0; i < n; i++) keep[i] = r->average.point[i].step;
    if (!strcmp(r->o->keep, "best")) keep[n++] = r->best_step;
    return sts_checkpoint_rotate(r->dir, r->saved, (size_t)r->o->save_total_limit, keep, n, err);
}

int sts_run_save(sts_run *r, sts_err *err)
{
    if (r->saved == r->trainer.adamw.step) return 0;
    sts_progress("saving", 0, 0);
    sts_adamw_flush(&r->trainer.adamw);
    sts_adamw_flush(&r->trainer.projection.adamw);
    r->saved = r->trainer.adamw.step;
    if (sts_comm_rank()) return 0; /* all ranks hold the same: one writes */
    size_t since = sts_json_denied();
    sts_json *state = state_of(r);
    int rc = sts_json_denied() == since ? 0 : sts_fail_memory(err, "a checkpoint");
    char *card = rc ? NULL : r->card(r, err);
    if (!card) rc = -1;
    const float *mean = sts_run_average_now(r);
    if (!rc) rc = sts_checkpoint_save(r->dir, &r->trainer, card, state, mean, err);
    sts_free(card);
    sts_json_free(state);
    if (rc || rotate(r, err)) return -1;
    return r->report(r, NULL, err);
}

/* ---- resuming ---- */

/* The evaluations before training and since. The guard's is made again. */
static int restore_evaluations(sts_run *r, const sts_json *state, const char *name, sts_err *err)
{
    sts_part *part[] = {&r->dev, &r->test};
    const sts_json *before = sts_json_get(state, "before"), *evals = sts_json_get(state, "evals");
    if (!sts_json_is_object(before) || !sts_json_is_array(evals))
        return sts_fail(err, STS_MODEL, "%s: \"before\" or \"evals\" is missing", name);
    for (int i = 0; i < 2; i++) {
        const sts_json *json = sts_json_get(before, part[i]->name);
        if (json && sts_figures_read(&part[i]->before.figures, json, name, err)) return -1;
    }
    return sts_run_evals_read(&r->evals, evals, name, err);
}

/* Times and pairs up to the checkpoint, to which those from now on are added. */
static int restore_timings(sts_run *r, const sts_json_in *in)
{
    double total = 0;
    if (sts_json_num(in, "total_seconds", 0, 1e12, &total) ||
        sts_json_num(in, "train_seconds", 0, 1e12, &r->trained) ||
        sts_json_num(in, "gemm_seconds", 0, 1e12, &r->in_gemm) ||
        sts_json_num(in, "pairs", 0, 1e15, &r->pairs))
        return -1;
    r->started -= total;
    return 0;
}

static int restore_counters(sts_run *r, const sts_json *state, const char *name, sts_err *err)
{
    sts_json_in in = {state, name, STS_MODEL, err};
    int64_t best_step = 0, stale = 0, evaluated = 0, step = -1, schema = 1;
    if (sts_json_int(&in, "schema", 1, 1, &schema) ||
        sts_json_int(&in, "step", 1, INT64_C(1) << 53, &step) ||
        sts_json_int(&in, "best_step", 0, step, &best_step) ||
        sts_json_int(&in, "stale", 0, step, &stale) ||
        sts_json_int(&in, "evaluated", 0, step, &evaluated) ||
        sts_json_bool(&in, "flat", &r->flat) ||
        sts_json_bool(&in, "best_averaged", &r->best_averaged) ||
        sts_average_restore(&r->average, sts_json_get(state, "average"), (uint64_t)step, name,
                            err) ||
        sts_json_num(&in, "best", -1e300, 1e300, &r->best) || restore_timings(r, &in))
        return -1;
    r->has_best = sts_json_is_number(sts_json_get(state, "best"));
    if (!r->has_best && best_step)
        return sts_fail(err, STS_MODEL, "%s: \"best\" is missing", name);
    r->best_step = (uint64_t)best_step;
    r->stale = (uint64_t)stale;
    r->evaluated = (uint64_t)evaluated;
    return 0;
}

/* trainer.json, optimizer.bin and the directory's name must be of one step. */
static int same_step(const sts_run *r, const sts_json *state, const char *from, sts_err *err)
{
    const char *slash = strrchr(from, '/');
    uint64_t named = sts_checkpoint_step(slash ? slash + 1 : from), is = r->trainer.adamw.step;
    double step = sts_json_get(state, "step")->number;
    if ((double)is == step && is == named && is <= r->plan.steps) return 0;
    return sts_fail(err, STS_MODEL, "%s: \"step\" in trainer.json is %.0f and optimizer.bin is of "
                    "step %llu of %llu: these and the name must be the same", from, step,
                    (unsigned long long)is, (unsigned long long)r->plan.steps);
}

/* A checkpoint's model, which must be of the kind in training. */
static sts_model *load_like(const sts_run *r, const char *dir, sts_err *err)
{
    sts_model *m = sts_model_load(dir, err);
    if (!m || sts_params_alike(&m->params, &r->model->params)) return m;
    sts_fail(err, STS_MODEL, "%s: has other tensors than the model in training", dir);
    sts_model_free(m);
    return NULL;
}

/* Where the weights of a step are: the start's in the model that training began with. */
static char *weights_of(const sts_run *r, uint64_t step)
{
    return step ? sts_checkpoint_path(r->dir, step) : sts_strdup(r->o->model);
}

sts_model *sts_run_load_weights(const sts_run *r, uint64_t step, sts_err *err)
{
    char *from = weights_of(r, step);
    sts_model *m = from ? load_like(r, from, err) : NULL;
    if (!from) sts_fail_memory(err, r->dir);
    sts_free(from);
    return m;
}

/* Whether the weights of a step can be had, and with `mean` their average. */
static int check_weights(const sts_run *r, uint64_t step, bool mean, sts_err *err)
{
    char *path = weights_of(r, step);
    int rc = path ? 0 : sts_fail_memory(err, r->dir);
    if (!rc && step) rc = sts_checkpoint_check(path, err);
    sts_model *m = rc ? NULL : load_like(r, path, err);
    if (!m) rc = -1;
    if (!rc && mean) rc = sts_checkpoint_load_mean(path, &m->params, m->params.value, err);
    sts_model_free(m);
    sts_free(path);
    return rc;
}

/* The best weights so far are in a checkpoint of their own, and so are those of an average: without
 * them there would be nothing to keep at the end. */
static int check_kept(const sts_run *r, sts_err *err)
{
    sts_err why = {0};
    bool best = !strcmp(r->o->keep, "best") && r->has_best;
    if (best && (r->best_averaged || r->best_step != r->trainer.adamw.step) &&
        check_weights(r, r->best_step, r->best_averaged, &why))
        return sts_fail(err, why.code, "%s; it holds the best weights so far: put it back, or give "
                        "--keep last", why.text);
    for (size_t i = 0; i < r->average.n; i++)
        if (check_weights(r, r->average.point[i].step, false, &why))
            return sts_fail(err, why.code, "%s; --average needs it: put it back", why.text);
    return 0;
}

int sts_run_share_text(char **text, sts_err *err)
{
    size_t n = *text ? strlen(*text) + 1 : 0;
    if (sts_comm_broadcast(&n, sizeof n, err) || !n) return n ? -1 : 0;
    if (sts_comm_rank() && !(*text = sts_alloc(n, 1))) return sts_fail_memory(err, "an exchange");
    return sts_comm_broadcast(*text, n, err);
}

static int share_weights(sts_run *r, sts_err *err)
{
    sts_params *p = &r->model->params;
    if (sts_comm_broadcast(p->value, p->count * sizeof *p->value, err)) return -1;
    sts_params_round(p);
    return 0;
}

/* The other ranks may not see the checkpoint: rank 0 has read it. */
static int share_optimizer(sts_run *r, sts_err *err)
{
    sts_adamw *a = &r->trainer.adamw;
    size_t n = a->params->count, sparse = 0;
    for (size_t i = 0; i < a->params->n; i++) sparse += a->params->v[i].sparse;
    return sts_comm_broadcast(&a->step, sizeof a->step, err) ||
           sts_comm_broadcast(a->m, n * sizeof *a->m, err) ||
           sts_comm_broadcast(a->v, n * sizeof *a->v, err) ||
           (a->mean && sts_comm_broadcast(a->mean, n * sizeof *a->mean, err)) ||
           sts_comm_broadcast(a->age, sparse * a->vocab * sizeof *a->age, err);
}

static int share_projection(sts_run *r, sts_err *err)
{
    sts_projection *p = &r->trainer.projection;
    size_t bytes = p->params.count * sizeof *p->params.value;
    if (!p->value) return 0;
    return sts_comm_broadcast(&p->adamw.step, sizeof p->adamw.step, err) ||
           sts_comm_broadcast(p->params.value, bytes, err) ||
           sts_comm_broadcast(p->adamw.m, bytes, err) || sts_comm_broadcast(p->adamw.v, bytes, err);
}

sts_json *sts_run_state(const char *path, sts_err *err)
{
    char *text = sts_comm_rank() ? NULL : sts_json_read(path, STS_MODEL, err);
    sts_json *state = NULL;
    bool read = text || sts_comm_rank();
    if (read && !sts_run_share_text(&text, err) && !(state = sts_json_of_text(text)))
        sts_fail_memory(err, path);
    sts_free(text);
    return state;
}

/* The moments, and the mean that is kept beside them. */
static int load_optimizer(sts_run *r, const char *from, sts_err *err)
{
    sts_adamw *a = &r->trainer.adamw;
    if (sts_checkpoint_load_optimizer(from, a, err) ||
        sts_checkpoint_load_projection(from, &r->trainer.projection, err))
        return -1;
    return a->mean ? sts_checkpoint_load_mean(from, a->params, a->mean, err) : 0;
}

int sts_run_restore(sts_run *r, const char *from, sts_err *err)
{
    char *path = sts_path_join(from, "trainer.json");
    if (!path) return sts_fail_memory(err, from);
    sts_json *state = sts_run_state(path, err);
    sts_json *then = sts_json_member(state, "settings");
    int rc = state ? sts_run_same_settings(then, r->settings, from, err) : -1;
    if (!rc) rc = restore_counters(r, state, path, err);
    if (!rc) rc = restore_evaluations(r, state, path, err);
    if (!rc && !sts_comm_rank()) rc = load_optimizer(r, from, err);
    if (!rc && (share_weights(r, err) || share_optimizer(r, err) || share_projection(r, err)))
        rc = -1;
    if (!rc) rc = same_step(r, state, from, err);
    if (!rc && !sts_comm_rank()) rc = check_kept(r, err);
    if (!rc) r->saved = r->trainer.adamw.step;
    sts_json_free(state);
    sts_free(path);
    return rc;
}

int sts_run_agree(sts_run *r, sts_err *err)
{
    if (sts_comm_size() == 1) return 0;
    sts_json *first = NULL;
    char *text = sts_comm_rank() ? NULL : sts_json_print(r->settings, false, sts_json_denied());
    int rc = (text || sts_comm_rank()) && !sts_run_share_text(&text, err) ? 0 : -1;
    if (!rc && !(first = sts_json_of_text(text))) rc = sts_fail_memory(err, "the settings");
    if (!rc) rc = sts_run_same_settings(first, r->settings, NULL, err);
    sts_json_free(first);
    sts_free(text);
    return rc;
}

/* ---- the log ---- */

/* log.jsonl, cut to the steps that are done. */
typedef struct log_cut {
    sts_writer *to;
    uint64_t step; /* the last to keep */
    bool done;
} log_cut;

static int keep_line(void *ctx, char *line, size_t n, size_t at, sts_err *err)
{
    log_cut *c = ctx;
    const char *field = strstr(line, "\"step\":");
    unsigned long long step = 0;
    (void)at;
    if (!field || sscanf(field + 7, "%llu", &step) != 1 || step > c->step) c->done = true;
    if (c->done) return 0;
    line[n] = '\n';
    return sts_writer_write(c->to, line, n + 1, err);
}

/* What no run has written ends the lines to keep. */
static int keep_lines(const char *path, log_cut *c, sts_err *err)
{
    sts_err why = {0};
    if (!sts_file_exists(path)) return 0;
    if (!sts_run_lines(path, keep_line, c, &why) || why.code == STS_DATA) return 0;
    return sts_fail(err, why.code, "%s", why.text);
}

/* Starts log.jsonl with what it has up to the step that the run continues from. */
int sts_run_open_log(sts_run *r, uint64_t step, sts_err *err)
{
    char *path = sts_path_join(r->dir, STS_LOG);
    log_cut c = {path ? sts_writer_open(path, err) : NULL, step, false};
    if (!path) sts_fail_memory(err, r->dir);
    if (c.to && (!step || !keep_lines(path, &c, err))) r->log = sts_writer_commit_open(c.to, err);
    else sts_writer_abort(c.to);
    sts_free(path);
    return r->log < 0 ? -1 : 0;
}

/* ---- the end ---- */

/* The selected weights, for evaluation. */
static int take_weights(sts_run *r, uint64_t step, sts_err *err)
{
    if (sts_run_average_selected(r)) return sts_run_average_take(r, err);
    if (step == r->trainer.adamw.step) return 0;
    sts_model *selected = sts_run_load_weights(r, step, err);
    if (!selected) return -1;
    memcpy(r->model->params.value, selected->params.value,
           selected->params.count * sizeof *selected->params.value);
    sts_model_free(selected);
    return 0;
}

int sts_run_load_selected(sts_run *r, sts_err *err)
{
    if (sts_run_save(r, err)) return -1; /* the last step always has a checkpoint */
    sts_adamw_retire(&r->trainer.adamw);
    if (!sts_comm_rank() && take_weights(r, sts_run_selected_step(r), err)) return -1;
    if (share_weights(r, err)) return -1;
    return r->stop ? 0 : sts_run_blend(r, err);
}

/* Whether the selected weights are those of a checkpoint: not the start's, averaged or mixed. */
static bool in_checkpoint(const sts_run *r)
{
    return sts_run_selected_step(r) && !sts_run_average_selected(r) && !r->blend.done;
}

/* The checkpoint that has the selected weights; others get a directory of their own. */
static char *kept_directory(const sts_run *r, sts_err *err)
{
    if (!in_checkpoint(r)) return sts_checkpoint_scratch(r->dir, r->model, err);
    char *dir = sts_checkpoint_path(r->dir, sts_run_selected_step(r));
    if (!dir) sts_fail_memory(err, r->dir);
    return dir;
}

static int list_files(sts_run *r, const char *from, sts_err *err)
{
    sts_json_free(r->files);
    r->files = sts_json_new_object();
    return r->files ? sts_run_add_files(r, from, err) : sts_fail_memory(err, from);
}

char *sts_run_stage(sts_run *r, sts_err *err)
{
    char *from = sts_run_spare_model(r, err) ? NULL : kept_directory(r, err);
    char *to = from ? sts_path_join(r->dir, STS_KEPT) : NULL;
    char *staged = to && !list_files(r, from, err) ? sts_checkpoint_stage(from, to, err) : NULL;
    if (from && !to) sts_fail_memory(err, r->dir);
    bool scratch = from && !in_checkpoint(r);
    int rc = scratch ? sts_checkpoint_unscratch(from, staged ? err : NULL) : 0;
    if (rc && staged) {
        sts_checkpoint_unscratch(staged, NULL);
        sts_free(staged);
        staged = NULL;
    }
    sts_free(from);
    sts_free(to);
    return staged;
}

int sts_run_publish(const sts_run *r, const char *staged, const char *card, mode_t mode,
                    sts_err *err)
{
    char *path = sts_path_join(staged, STS_CARD), *to = sts_path_join(r->dir, STS_KEPT);
    char *decision = sts_path_join(staged, STS_DECISION);
    int rc = path && to && decision ? 0 : sts_fail_memory(err, staged);
    if (!rc) rc = sts_file_write_as(path, card, strlen(card), mode, err);
    if (!rc && sts_decision_any(&r->decision))
        rc = sts_decision_save(&r->decision, r->dev.corpus.n, decision, err);
    if (!rc) rc = sts_checkpoint_publish(staged, to, err);
    sts_free(decision);
    sts_free(path);
    sts_free(to);
    return rc;
}
