/* run_resume.c - saving a checkpoint, and continuing a run from one. */
#include "train/run.h"

#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"
#include "train/checkpoint.h"

#include <string.h>

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
    sts_json *state = sts_run_state_json(r);
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

int sts_run_share_weights(sts_run *r, sts_err *err)
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
    sts_json *state = sts_run_state_load(path, err);
    sts_json *then = sts_json_member(state, "settings");
    int rc = state ? sts_run_same_settings(then, r->settings, from, err) : -1;
    if (!rc) rc = sts_run_state_restore(r, state, path, err);
    if (!rc && !sts_comm_rank()) rc = load_optimizer(r, from, err);
    if (!rc && (sts_run_share_weights(r, err) || share_optimizer(r, err) ||
                share_projection(r, err)))
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
