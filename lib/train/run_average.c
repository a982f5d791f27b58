/* run_average.c - averaged weights of a run: made at evaluations, which select among them too. */
#include "train/run.h"

#include "core/comm.h"
#include "core/mem.h"
#include "train/checkpoint.h"

#include <string.h>

int sts_run_average_begin(sts_run *r, sts_err *err)
{
    sts_average *a = &r->average;
    if (sts_average_parse(a, r->o->average, err)) return -1;
    if (a->kind == STS_AVERAGE_EMA) return sts_adamw_follow(&r->trainer.adamw, a->decay, err);
    if (a->kind == STS_AVERAGE_NONE) return 0;
    if (a->kind == STS_AVERAGE_BEST && !r->dev.corpus.n)
        return sts_fail(err, STS_USAGE, "--average %s: needs a dev set; --average last:%zu does "
                        "not", r->o->average, a->limit);
    a->mean = sts_params_alloc_like(&r->model->params);
    return a->mean ? 0 : sts_fail_memory(err, "the mean of the weights");
}

/* Mean over the points, in order; the weights of now are in the model, others in checkpoints. */
static int make_mean(sts_run *r, const sts_average *a, sts_err *err)
{
    size_t count = r->model->params.count;
    for (size_t i = 0; i < a->n; i++) {
        bool now = a->point[i].step == r->trainer.adamw.step;
        sts_model *then = now ? NULL : sts_run_load_weights(r, a->point[i].step, err);
        if (!now && !then) return -1;
        const float *w = now ? r->model->params.value : then->params.value;
        for (size_t j = 0; j < count; j++)
            a->mean[j] = i ? a->mean[j] + (w[j] - a->mean[j]) / (float)(i + 1) : w[j];
        sts_model_free(then);
    }
    return 0;
}

int sts_run_average_next(sts_run *r, sts_average_point p, sts_average *next, float **mean,
                         sts_err *err)
{
    *mean = next->kind == STS_AVERAGE_EMA ? r->trainer.adamw.mean : NULL;
    if (*mean) return 1;
    if (!sts_average_admit(next, r->metric, p) || next->n < 2) return 0;
    if (!sts_comm_rank() && make_mean(r, next, err)) return -1;
    if (sts_comm_broadcast(next->mean, r->model->params.count * sizeof(float), err)) return -1;
    next->step = p.step;
    *mean = next->mean;
    return 1;
}

const float *sts_run_average_now(const sts_run *r)
{
    const sts_average *a = &r->average;
    if (a->kind == STS_AVERAGE_EMA) return r->trainer.adamw.mean;
    return a->n && a->step == r->trainer.adamw.step ? a->mean : NULL;
}

bool sts_run_average_selected(const sts_run *r)
{
    const sts_average *a = &r->average;
    if (sts_run_keeps_best(r)) return r->best_averaged;
    return a->kind == STS_AVERAGE_EMA || a->n > 1;
}

/* The mean that was the best is in its checkpoint; the last one is made of the points. */
int sts_run_average_take(sts_run *r, sts_err *err)
{
    const sts_average *a = &r->average;
    float *to = r->model->params.value;
    size_t bytes = r->model->params.count * sizeof *to;
    if (sts_run_keeps_best(r)) {
        char *dir = sts_checkpoint_path(r->dir, r->best_step);
        int rc = dir ? sts_checkpoint_load_mean(dir, &r->model->params, to, err)
                     : sts_fail_memory(err, r->dir);
        sts_free(dir);
        return rc;
    }
    if (a->kind != STS_AVERAGE_EMA && make_mean(r, a, err)) return -1;
    memcpy(to, a->kind == STS_AVERAGE_EMA ? r->trainer.adamw.mean : a->mean, bytes);
    return 0;
}
