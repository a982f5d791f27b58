/* adamw.c - the optimizer: touch, norm, update, replay. */
#include "train/adamw.h"

#include "core/mem.h"
#include "core/threads.h"
#include "math/bf16.h"

#include <math.h>
#include <string.h>

#define CHUNK ((size_t)1 << 15) /* floats a piece of work; sums do not depend on threads */
#define STILL 0x1p-28f          /* a move below this part of a row's length counts as none */
#define LONGEST ((size_t)1024)  /* steps after which any row is at rest: 0.9^1024 is 1e-47 */

/* What depends on the step only. */
typedef struct sts_adamw_moment {
    double lr, rate, root; /* rate = lr / (1 - beta1^s), root = 1 / sqrt(1 - beta2^s) */
} sts_adamw_moment;

/* One update of one tensor: m += take1 (g - m), v = beta2 v + take2 g g, with 1 - beta taken in
 * double (1 - 0.999f is off by 1e-5); then w = keep w - rate m / (root sqrt(v) + eps). */
typedef struct coefficients {
    float take1, beta2, take2, rate, root, eps, keep;
} coefficients;

static int prepare_moments(sts_adamw *a, uint64_t upto, sts_err *err)
{
    for (uint64_t step; (step = a->first_moment + a->n_moments) <= upto;) {
        if (sts_grow(&a->moment, a->n_moments, &a->cap_moments, sizeof *a->moment))
            return sts_fail_memory(err, "the optimizer's schedule");
        double s = (double)step;
        double lr = s > 0 ? sts_schedule_lr(&a->schedule, step) : 0;
        a->moment[a->n_moments++] = (sts_adamw_moment){
            lr, s > 0 ? lr / (1 - pow(a->o.beta1, s)) : 0, 1 / sqrt(1 - pow(a->o.beta2, s))};
    }
    return 0;
}

/* Once no row has missed an update, what the past ones took is needed no more. */
static void forget_moments(sts_adamw *a)
{
    size_t past = (size_t)(a->step + 1 - a->first_moment);
    a->n_moments -= past;
    memmove(a->moment, a->moment + past, a->n_moments * sizeof *a->moment);
    a->first_moment += past;
}

static double decay_of(const sts_adamw *a, const sts_param *p)
{
    return p->decay ? a->o.weight_decay : 0;
}

static coefficients coefficients_at(const sts_adamw *a, const sts_param *p, uint64_t step)
{
    const sts_adamw_moment *t = &a->moment[step - a->first_moment];
    double scale = (double)p->lr_scale;
    return (coefficients){.take1 = (float)(1 - a->o.beta1),
                          .beta2 = (float)a->o.beta2,
                          .take2 = (float)(1 - a->o.beta2),
                          .rate = (float)(t->rate * scale),
                          .root = (float)t->root,
                          .eps = (float)a->o.eps,
                          .keep = (float)(1 - t->lr * scale * decay_of(a, p))};
}

int sts_adamw_init(sts_adamw *a, sts_params *params, const sts_adamw_options *o,
                   const sts_schedule *schedule, sts_err *err)
{
    *a = (sts_adamw){.o = *o, .schedule = *schedule, .params = params};
    if (sts_params_alloc_grad(params, err)) return -1;
    size_t n_sparse = 0;
    for (size_t i = 0; i < params->n; i++) {
        const sts_param *p = &params->v[i];
        if (!p->sparse) continue;
        n_sparse++;
        if (p->shape[0] > a->vocab) a->vocab = p->shape[0];
    }
    a->m = sts_params_alloc_like(params);
    a->v = sts_params_alloc_like(params);
    a->age = sts_alloc(n_sparse * a->vocab, sizeof *a->age);
    a->fade1 = sts_alloc(LONGEST, sizeof *a->fade1);
    a->fade2 = sts_alloc(LONGEST, sizeof *a->fade2);
    a->touched.row = sts_alloc(a->vocab, sizeof *a->touched.row);
    a->touched.stamp = sts_alloc(a->vocab, sizeof *a->touched.stamp);
    a->touched.round = 1;
    a->chunk_sum = sts_alloc(params->count / CHUNK + params->n + 1, sizeof *a->chunk_sum);
    if (!a->m || !a->v || !a->age || !a->fade1 || !a->fade2 || !a->touched.row ||
        !a->touched.stamp || !a->chunk_sum) {
        sts_adamw_free(a);
        return sts_fail_memory(err, "the optimizer's state");
    }
    for (size_t k = 0; k < LONGEST; k++) {
        a->fade1[k] = pow(o->beta1, (double)k);
        a->fade2[k] = pow(o->beta2, 0.5 * (double)k);
    }
    return 0;
}

void sts_adamw_free(sts_adamw *a)
{
    sts_free(a->m);
    sts_free(a->v);
    sts_free(a->age);
    sts_free(a->fade1);
    sts_free(a->fade2);
    sts_free(a->touched.row);
    sts_free(a->touched.stamp);
    sts_free(a->chunk_sum);
    sts_free(a->moment);
    sts_free(a->mean);
    *a = (sts_adamw){0};
}

int sts_adamw_follow(sts_adamw *a, double decay, sts_err *err)
{
    a->mean = sts_alloc(a->params->count, sizeof *a->mean);
    if (!a->mean) return sts_fail_memory(err, "the mean of the weights");
    memcpy(a->mean, a->params->value, a->params->count * sizeof *a->mean);
    a->mean_take = (float)(1 - decay);
    return 0;
}

void sts_adamw_retire(sts_adamw *a)
{
    sts_free(a->m);
    sts_free(a->v);
    sts_free(a->params->grad);
    a->m = a->v = a->params->grad = NULL;
}

/* ---- spans of numbers ---- */

/* One update with gradients, which are zeroed. */
static void update_span(float *restrict w, float *restrict g, float *restrict m, float *restrict v,
                        size_t n, coefficients c, float scale)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float x = g[i] * scale;
        m[i] += c.take1 * (x - m[i]);
        v[i] = c.beta2 * v[i] + c.take2 * x * x;
        w[i] = c.keep * w[i] - c.rate * m[i] / (c.root * sqrtf(v[i]) + c.eps);
        g[i] = 0;
    }
}

/* One update with gradients of zero, k steps after the touch that left m and v: these have faded
 * to beta^k. Whether the span still moves. */
static bool coast_span(float *restrict w, const float *restrict m, const float *restrict v,
                       size_t n, coefficients c, double fade1, double fade2)
{
    float rate = (float)((double)c.rate * fade1), root = (float)((double)c.root * fade2);
    float move = 0, length = 0; /* squared */
#pragma omp simd reduction(+ : move, length)
    for (size_t i = 0; i < n; i++) {
        float d = rate * m[i] / (root * sqrtf(v[i]) + c.eps);
        w[i] = c.keep * w[i] - d;
        move += d * d;
        length += w[i] * w[i];
    }
    return move > STILL * STILL * length;
}

/* One step of the mean. Whether it has changed. */
static bool follow_span(float *restrict mean, const float *restrict w, size_t n, float take)
{
    int changed = 0;
#pragma omp simd reduction(| : changed)
    for (size_t i = 0; i < n; i++) {
        float next = mean[i] + take * (w[i] - mean[i]);
        changed |= next != mean[i];
        mean[i] = next;
    }
    return changed;
}

static double sum_of_squares(const float *x, size_t n)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}

/* ---- rows of sparse tensors ---- */

typedef struct row_at {
    const sts_param *p;
    sts_row_age *age;
    size_t n, offset;
} row_at;

/* The row `row` of sparse tensor p, the k-th of its kind. */
static row_at row_of(const sts_adamw *a, const sts_param *p, size_t k, size_t row)
{
    size_t n = sts_param_width(p);
    return (row_at){p, a->age + k * a->vocab + row, n, p->offset + row * n};
}

/* A step of the row's mean; false where there is none, or it has come to rest. */
static bool follow_row(const sts_adamw *a, row_at r)
{
    const float *w = a->params->value + r.offset;
    return a->mean && follow_span(a->mean + r.offset, w, r.n, a->mean_take);
}

/* Decay alone, of a row that has no momentum, and its mean until that has come to rest too. */
static void rest_row(const sts_adamw *a, row_at r, uint64_t from, uint64_t to)
{
    float *w = a->params->value + r.offset;
    bool decays = decay_of(a, r.p) != 0, follows = a->mean;
    for (uint64_t s = from + 1; s <= to && (decays || follows); s++) {
        float keep = decays ? coefficients_at(a, r.p, s).keep : 1;
        for (size_t i = 0; i < r.n && decays; i++) w[i] *= keep;
        follows = follow_row(a, r);
    }
}

/* Replays the updates that the row has missed. */
static void replay(const sts_adamw *a, row_at r)
{
    float *w = a->params->value + r.offset, *m = a->m + r.offset, *v = a->v + r.offset;
    uint64_t s = r.age->upto;
    bool moving = r.age->touched && !r.age->resting;
    while (moving && s < a->step) {
        size_t k = (size_t)(++s - r.age->touched);
        moving = k < LONGEST && coast_span(w, m, v, r.n, coefficients_at(a, r.p, s), a->fade1[k],
                                           a->fade2[k]);
        follow_row(a, r);
    }
    r.age->resting = !moving;
    if (!moving) rest_row(a, r, s, a->step);
    r.age->upto = a->step & INT32_MAX;
}

/* Up to date, with m and v of now: ready to take part in update a->step + 1. */
static void wake(const sts_adamw *a, row_at r)
{
    replay(a, r);
    if (!r.age->touched || r.age->touched == a->step) return;
    double k = (double)(a->step - r.age->touched);
    float fade1 = (float)pow(a->o.beta1, k), fade2 = (float)pow(a->o.beta2, k);
    float *m = a->m + r.offset, *v = a->v + r.offset;
    for (size_t i = 0; i < r.n; i++) {
        m[i] *= fade1;
        v[i] *= fade2;
    }
    r.age->touched = (uint32_t)a->step; /* should the run stop before the update, all is as said */
    r.age->resting = 0;
}

/* Lists the rows among ids that are new in this round; returns the first new one's place. */
static size_t list_rows(sts_touched *t, size_t vocab, const int32_t *ids, size_t n)
{
    size_t first = t->n;
    for (size_t i = 0; i < n; i++) {
        if ((size_t)ids[i] >= vocab || t->stamp[ids[i]] == t->round) continue;
        t->stamp[ids[i]] = t->round;
        t->row[t->n++] = ids[i];
    }
    return first;
}

int sts_adamw_touch(sts_adamw *a, const int32_t *ids, size_t n, sts_err *err)
{
    if (prepare_moments(a, a->step + 1, err)) return -1;
    if (!a->vocab) return 0;
    size_t first = list_rows(&a->touched, a->vocab, ids, n), k = 0;
    for (size_t i = 0; i < a->params->n; i++) {
        const sts_param *p = &a->params->v[i];
        if (!p->sparse) continue;
        if (!p->frozen) {
#pragma omp parallel for schedule(static) num_threads(sts_threads())
            for (size_t j = first; j < a->touched.n; j++)
                wake(a, row_of(a, p, k, (size_t)a->touched.row[j]));
        }
        k++;
    }
    return 0;
}

void sts_adamw_flush(sts_adamw *a)
{
    size_t k = 0;
    if (a->first_moment + a->n_moments <= a->step) return; /* no update since it was restored */
    for (size_t i = 0; i < a->params->n; i++) {
        const sts_param *p = &a->params->v[i];
        if (!p->sparse) continue;
        if (!p->frozen) {
#pragma omp parallel for schedule(static) num_threads(sts_threads())
            for (size_t row = 0; row < p->shape[0]; row++) replay(a, row_of(a, p, k, row));
        }
        k++;
    }
    forget_moments(a);
}

/* ---- norm and update ---- */

/* Partial sums of one tensor's squares into sum[]; returns how many there are. */
static size_t tensor_squares(const sts_adamw *a, const sts_param *p, double *sum)
{
    const float *g = a->params->grad + p->offset;
    size_t width = p->sparse ? sts_param_width(p) : CHUNK;
    size_t pieces = p->sparse ? 1 : (p->count + CHUNK - 1) / CHUNK;
    if (p->sparse) {
        sum[0] = 0; /* in the order in which the rows were touched: the same on any machine */
        for (size_t j = 0; j < a->touched.n; j++)
            sum[0] += sum_of_squares(g + (size_t)a->touched.row[j] * width, width);
        return 1;
    }
#pragma omp parallel for schedule(static) num_threads(sts_threads())
    for (size_t j = 0; j < pieces; j++) {
        size_t lo = j * CHUNK, n = p->count - lo < CHUNK ? p->count - lo : CHUNK;
        sum[j] = sum_of_squares(g + lo, n);
    }
    return pieces;
}

double sts_adamw_grad_norm(sts_adamw *a, double scale)
{
    size_t n = 0;
    for (size_t i = 0; i < a->params->n; i++)
        if (!a->params->v[i].frozen) n += tensor_squares(a, &a->params->v[i], a->chunk_sum + n);
    double sum = 0;
    for (size_t j = 0; j < n; j++) sum += a->chunk_sum[j];
    return scale * sqrt(sum);
}

static void update_dense(sts_adamw *a, const sts_param *p, coefficients c, float scale)
{
    uint16_t *rounded = a->params->rounded;
    size_t pieces = (p->count + CHUNK - 1) / CHUNK;
#pragma omp parallel for schedule(static) num_threads(sts_threads())
    for (size_t j = 0; j < pieces; j++) {
        size_t lo = j * CHUNK, n = p->count - lo < CHUNK ? p->count - lo : CHUNK;
        size_t o = p->offset + lo;
        update_span(a->params->value + o, a->params->grad + o, a->m + o, a->v + o, n, c, scale);
        if (a->mean) follow_span(a->mean + o, a->params->value + o, n, a->mean_take);
        if (rounded) sts_bf16_round(rounded + o, a->params->value + o, n);
    }
}

static void update_rows(sts_adamw *a, const sts_param *p, size_t k, coefficients c, float scale)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads())
    for (size_t j = 0; j < a->touched.n; j++) {
        row_at r = row_of(a, p, k, (size_t)a->touched.row[j]);
        update_span(a->params->value + r.offset, a->params->grad + r.offset, a->m + r.offset,
                    a->v + r.offset, r.n, c, scale);
        follow_row(a, r);
        *r.age = (sts_row_age){(uint32_t)a->step, a->step & INT32_MAX, 0};
    }
}

void sts_adamw_update(sts_adamw *a, double scale, double norm)
{
    double limit = a->o.max_grad_norm; /* torch.nn.utils.clip_grad_norm_ */
    if (limit > 0 && limit / (norm + 1e-6) < 1) scale *= limit / (norm + 1e-6);
    a->step++;
    size_t k = 0;
    for (size_t i = 0; i < a->params->n; i++) {
        const sts_param *p = &a->params->v[i];
        if (!p->frozen) {
            coefficients c = coefficients_at(a, p, a->step);
            if (p->sparse) update_rows(a, p, k, c, (float)scale);
            else update_dense(a, p, c, (float)scale);
        }
        k += p->sparse;
    }
    a->touched.n = 0;
    a->touched.round++;
}
