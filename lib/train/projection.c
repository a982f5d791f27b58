/* projection.c - see projection.h. */
#include "train/projection.h"

#include "core/mem.h"
#include "core/rng.h"
#include "train/trainer.h"

#include <math.h>

#define STREAM 0x70726f6a /* of random numbers, not that of the order of rows */

int sts_projection_init(sts_projection *p, int width, const sts_plan *plan, sts_err *err)
{
    size_t shape[2] = {(size_t)plan->teacher_dim, (size_t)width}, n = shape[0] * (shape[1] + 1);
    sts_adamw_options o = plan->adamw;
    o.max_grad_norm = 0;
    if (sts_params_add(&p->params, err, 0, "projection.weight", 2, shape) < 0 ||
        sts_params_add(&p->params, err, STS_NO_DECAY, "projection.bias", 1, shape) < 0 ||
        sts_params_alloc(&p->params, err) ||
        sts_adamw_init(&p->adamw, &p->params, &o, &plan->schedule, err))
        return -1;
    p->value = sts_alloc(n, sizeof *p->value);
    p->grad = sts_alloc(n, sizeof *p->grad);
    if (!p->value || !p->grad) return sts_fail_memory(err, "the projection");
    sts_rng rng = sts_rng_new(plan->seed, STREAM);
    double bound = 1 / sqrt((double)width);
    for (size_t k = 0; k < p->params.n; k++)
        for (size_t i = 0; i < p->params.v[k].count; i++)
            p->params.value[p->params.v[k].offset + i] =
                (float)(bound * (2 * sts_rng_uniform(&rng) - 1));
    return 0;
}

void sts_projection_free(sts_projection *p)
{
    sts_adamw_free(&p->adamw);
    sts_params_free(&p->params);
    sts_free(p->value);
    sts_free(p->grad);
    *p = (sts_projection){0};
}

const double *sts_projection_open(sts_projection *p, double **grad)
{
    size_t at = 0;
    *grad = p->grad;
    for (size_t k = 0; k < p->params.n; k++)
        for (size_t i = 0; i < p->params.v[k].count; i++, at++) {
            p->value[at] = (double)p->params.value[p->params.v[k].offset + i];
            p->grad[at] = 0;
        }
    return p->value;
}

void sts_projection_close(sts_projection *p)
{
    size_t at = 0;
    for (size_t k = 0; k < p->params.n; k++)
        for (size_t i = 0; i < p->params.v[k].count; i++, at++)
            p->params.grad[p->params.v[k].offset + i] += (float)p->grad[at];
}

int sts_projection_touch(sts_projection *p, sts_err *err)
{
    return p->value ? sts_adamw_touch(&p->adamw, NULL, 0, err) : 0;
}

void sts_projection_update(sts_projection *p, double scale)
{
    if (p->value) sts_adamw_update(&p->adamw, scale, 0);
}
