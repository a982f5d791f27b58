/* trainer.c - one step after another. The order of an epoch and every dropout mask follow from
 * the seed and the step alone, so the only state is the weights, the optimizer and the step. */
#include "train/trainer.h"

#include "core/comm.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/threads.h"
#include "math/gemm.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The batches of n rows, to be freed. */
static int make_batches(sts_batches *b, const sts_plan *p, size_t n, sts_err *err)
{
    *b = (sts_batches){.n = n,
                       .size = p->batch_size,
                       .seed = p->seed,
                       .shuffle = p->shuffle,
                       .text = p->apart ? p->text : NULL,
                       .columns = p->columns,
                       .n_texts = p->n_texts};
    return sts_batches_init(b, err);
}

int sts_plan_finish(sts_plan *p, size_t n, sts_err *err)
{
    if (!n) return sts_fail(err, STS_DATA, "no rows to train on");
    if (n > UINT32_MAX) return sts_fail(err, STS_DATA, "%zu rows are too many", n);
    sts_batches batches;
    if (make_batches(&batches, p, n, err)) return -1;
    p->batches_per_epoch = batches.count;
    sts_batches_free(&batches);
    p->steps_per_epoch = (p->batches_per_epoch + p->accumulate - 1) / p->accumulate;
    double steps = ceil(p->epochs * (double)p->steps_per_epoch);
    if (!p->max_steps && !(steps >= 1 && steps < 4e9))
        return sts_fail(err, STS_USAGE, "%g epochs make no sensible number of steps", p->epochs);
    p->steps = p->max_steps ? p->max_steps : (uint64_t)steps;
    p->schedule = (sts_schedule){p->scheduler, p->lr, sts_warmup_steps(p->warmup, p->steps),
                                 p->steps};
    return 0;
}

double sts_plan_epoch(const sts_plan *p, uint64_t step)
{
    uint64_t whole = step / p->steps_per_epoch;
    uint64_t batches = step % p->steps_per_epoch * p->accumulate;
    return (double)whole + (double)batches / (double)p->batches_per_epoch;
}

/* ---- batches ---- */

static size_t text_of(const sts_trainer *t, size_t row, int column)
{
    return row * (size_t)t->data.columns + (size_t)column;
}

/* Packs rows order[lo..hi): all first texts, then all second ones..., and the same once more where
 * each is embedded twice. `place` is where the first of them stands in the whole step. */
static int pack(sts_trainer *t, size_t lo, size_t hi, size_t place, sts_err *err)
{
    size_t n = 0;
    for (int c = 0; c < t->columns; c++) {
        for (size_t i = lo; i < hi; i++) {
            t->packed[n] = (uint32_t)text_of(t, t->batches.order[i], c % t->data.columns);
            t->key[n++] = (uint32_t)((place + (i - lo)) * (size_t)t->columns + (size_t)c);
        }
    }
    return sts_tokens_pack(t->data.tokens, t->packed, t->key, n, &t->batch, err);
}

/* The part [*from, *to) of a batch of n rows that is that rank's. */
static void part_of(size_t n, int rank, size_t *from, size_t *to)
{
    sts_cut(n, (size_t)sts_comm_size(), (size_t)rank, 1, from, to);
}

static int descending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x < y) - (x > y);
}

/* Sizes the workspace for the longest batch that any order can make. */
static int reserve_work(sts_trainer *t, sts_err *err)
{
    size_t texts = t->data.n * (size_t)t->data.columns;
    size_t *length = sts_alloc(texts, sizeof *length);
    if (!length) return sts_fail_memory(err, "the trainer");
    for (size_t i = 0; i < texts; i++) length[i] = sts_tokens_length(t->data.tokens, i);
    qsort(length, texts, sizeof *length, descending);
    size_t ranks = (size_t)sts_comm_size(), share = (t->plan.batch_size + ranks - 1) / ranks;
    if (t->plan.mini_batch && t->plan.mini_batch < share) share = t->plan.mini_batch;
    size_t seqs = share * (size_t)t->data.columns, tokens = 0;
    if (seqs > texts) seqs = texts;
    for (size_t i = 0; i < seqs; i++) tokens += length[i];
    size_t times = (size_t)(t->columns / t->data.columns);
    seqs *= times;
    tokens *= times;
    sts_batch b = {.n_seq = (int)seqs, .n_tok = (int)tokens, .longest = (int)length[0]};
    int rc = 0;
    if (seqs > INT32_MAX || tokens > INT32_MAX)
        rc = sts_fail(err, STS_USAGE, "the batch size is too large");
    sts_free(length);
    if (rc) return rc;
    return sts_work_reserve(&t->work, sts_model_workspace(t->model, &b, true), err);
}

/* A batch of n rows as the loss sees it, without its numbers. */
static sts_loss_batch shape_of(const sts_trainer *t, size_t n)
{
    return (sts_loss_batch){.n = (int)n, .dim = t->model->width, .columns = t->columns,
                            .teacher_dim = t->plan.teacher_dim};
}

static size_t scratch_of(const sts_trainer *t, size_t rows)
{
    sts_loss_batch shape = shape_of(t, rows);
    if (t->plan.r_drop > 0) return sts_r_drop_scratch(t->loss, shape);
    return sts_loss_scratch(t->loss, shape);
}

static int allocate(sts_trainer *t, sts_err *err)
{
    const sts_token_rows *data = &t->data;
    size_t rows = t->plan.batch_size < data->n ? t->plan.batch_size : data->n;
    size_t numbers = rows * (size_t)t->columns * (size_t)t->model->width;
    t->emb = sts_alloc(numbers, sizeof *t->emb);
    t->grad = sts_alloc(numbers, sizeof *t->grad);
    t->score = sts_alloc(rows, sizeof *t->score);
    if (t->plan.text) t->text = sts_alloc(rows * (size_t)data->columns, sizeof *t->text);
    t->text_of = sts_alloc((size_t)data->columns, sizeof *t->text_of);
    size_t taught = rows * (size_t)data->columns * (size_t)t->plan.teacher_dim;
    if (taught) t->taught = sts_alloc(taught, sizeof *t->taught);
    t->taught_of = sts_alloc((size_t)data->columns, sizeof *t->taught_of);
    t->weight = sts_alloc(rows, sizeof *t->weight);
    t->id = sts_alloc(rows, sizeof *t->id);
    t->packed = sts_alloc(rows * (size_t)t->columns, sizeof *t->packed);
    t->key = sts_alloc(rows * (size_t)t->columns, sizeof *t->key);
    t->emb_of = sts_alloc((size_t)t->columns, sizeof *t->emb_of);
    t->grad_of = sts_alloc((size_t)t->columns, sizeof *t->grad_of);
    t->scratch = sts_alloc(scratch_of(t, rows), sizeof *t->scratch);
    bool made = !t->text == !t->plan.text && t->text_of && !t->taught == !taught && t->taught_of &&
                t->packed && t->key && t->emb && t->grad && t->score && t->weight && t->id &&
                t->emb_of && t->grad_of && t->scratch;
    if (!made) return sts_fail_memory(err, "the trainer");
    t->own = (float *)(void *)t->grad;
    t->gathered = t->own + numbers;
    return 0;
}

/* Whether a loss compares vectors of different width. */
static bool projects(const sts_trainer *t)
{
    return sts_loss_has(t->loss, STS_LOSS_PROJECTS) && t->plan.teacher_dim != t->model->width;
}

int sts_trainer_init(sts_trainer *t, sts_model *model, const sts_loss_spec *loss,
                     const sts_token_rows *data, const sts_plan *plan, sts_err *err)
{
    *t = (sts_trainer){.model = model, .loss = loss, .data = *data, .plan = *plan};
    t->columns = plan->r_drop > 0 ? 2 * data->columns : data->columns;
    int rc = allocate(t, err);
    if (!rc) rc = make_batches(&t->batches, plan, data->n, err);
    if (!rc) rc = reserve_work(t, err);
    if (!rc && !model->net.encoder->pooled) rc = sts_gemm_open(err);
    if (!rc) rc = sts_reduce_init(&t->reduce, &model->params, err);
    if (!rc) rc = sts_adamw_init(&t->adamw, &model->params, &plan->adamw, &plan->schedule, err);
    if (!rc && projects(t)) rc = sts_projection_init(&t->projection, model->width, plan, err);
    if (rc) sts_trainer_free(t);
    return rc;
}

void sts_trainer_free(sts_trainer *t)
{
    sts_adamw_free(&t->adamw);
    sts_reduce_free(&t->reduce);
    sts_batch_free(&t->batch);
    sts_work_free(&t->work);
    sts_batches_free(&t->batches);
    sts_free(t->text);
    sts_free(t->text_of);
    sts_free(t->taught);
    sts_free(t->taught_of);
    sts_projection_free(&t->projection);
    sts_free(t->emb);
    sts_free(t->grad);
    sts_free(t->score);
    sts_free(t->weight);
    sts_free(t->id);
    sts_free(t->emb_of);
    sts_free(t->grad_of);
    sts_free(t->packed);
    sts_free(t->key);
    sts_free(t->scratch);
    *t = (sts_trainer){0};
}

/* ---- a step ---- */

/* Copies embeddings between the layout of a rank, [columns x own rows x dim], and that of the
 * batch, [columns x n x dim], for the rows [from, to). */
static void widen(const sts_trainer *t, double *whole, const float *own, size_t n, size_t from,
                   size_t to)
{
    size_t dim = (size_t)t->model->width, part = (to - from) * dim;
    assert(own || !part);
    for (size_t c = 0; c < (size_t)t->columns; c++)
        for (size_t i = 0; i < part; i++)
            whole[(c * n + from) * dim + i] = (double)own[c * part + i];
}

static void narrow(const sts_trainer *t, float *own, const double *whole, size_t n, size_t from,
                      size_t to)
{
    size_t dim = (size_t)t->model->width, part = (to - from) * dim;
    for (size_t c = 0; c < (size_t)t->columns; c++)
        for (size_t i = 0; i < part; i++)
            own[c * part + i] = (float)whole[(c * n + from) * dim + i];
}

/* Before the first update nothing can have diverged: it is the weights themselves that overflow. */
static int check_start(const sts_trainer *t, size_t numbers, sts_err *err)
{
    for (size_t i = 0; i < numbers; i++)
        if (!isfinite(t->emb[i]))
            return sts_fail(err, STS_MODEL, "step 1: the model's vectors are NaN or infinite "
                            "before any update: its weights are damaged");
    return 0;
}

/* The embeddings of all ranks, in double, into t->emb. */
static int gather(sts_trainer *t, const float *own, size_t n, sts_err *err)
{
    size_t width = (size_t)t->columns * (size_t)t->model->width;
    const float *all = own;
    if (sts_comm_size() > 1) {
        if (sts_comm_gather(own, t->gathered, n, width, err)) return -1;
        all = t->gathered;
    }
    for (int r = 0; r < sts_comm_size(); r++) {
        size_t from, to;
        part_of(n, r, &from, &to);
        widen(t, t->emb, all + from * width, n, from, to);
    }
    return t->adamw.step ? 0 : check_start(t, n * width, err);
}

/* What the teacher has of the texts of a column, whose numbers are there. */
static void take_taught(sts_trainer *t, size_t n, int c)
{
    size_t dim = (size_t)t->plan.teacher_dim;
    double *to = t->taught + (size_t)c * n * dim;
    const uint32_t *text = t->text + (size_t)c * n;
    t->taught_of[c] = to;
    for (size_t i = 0; i < n * dim; i++)
        to[i] = (double)t->plan.teacher[text[i / dim] * dim + i % dim];
}

/* Runs the loss on rows order[lo..hi), whose embeddings are in t->emb; gradients into
 * t->grad, values into *s. */
static void run_loss(sts_trainer *t, size_t lo, size_t hi, sts_step *s)
{
    size_t n = hi - lo, dim = (size_t)t->model->width;
    sts_loss_batch b = shape_of(t, n);
    const uint32_t *row = t->batches.order + lo;
    for (size_t i = 0; i < n; i++) {
        t->id[i] = t->data.id ? t->data.id[row[i]] : row[i];
        if (t->data.score) t->score[i] = t->data.score[row[i]];
        if (t->data.weight) t->weight[i] = t->data.weight[row[i]];
    }
    for (int c = 0; c < t->columns; c++) {
        t->emb_of[c] = t->emb + (size_t)c * n * dim;
        t->grad_of[c] = t->grad + (size_t)c * n * dim;
    }
    for (int c = 0; t->text && c < t->data.columns; c++) {
        t->text_of[c] = t->text + (size_t)c * n;
        for (size_t i = 0; i < n; i++)
            t->text[(size_t)c * n + i] = t->plan.text[text_of(t, row[i], c)];
        if (t->taught) take_taught(t, n, c);
    }
    b.emb = t->emb_of;
    b.grad = t->grad_of;
    b.score = t->data.score ? t->score : NULL;
    b.weight = t->data.weight ? t->weight : NULL;
    b.id = t->id;
    b.text = t->text ? t->text_of : NULL;
    b.teacher = t->taught ? t->taught_of : NULL;
    b.scratch = t->scratch;
    b.projection = sts_projection_open(&t->projection, &b.projection_grad);
    sts_loss_result r = t->plan.r_drop > 0 ? sts_r_drop_run(t->loss, &b, t->plan.r_drop)
                                           : sts_loss_run(t->loss, &b);
    sts_projection_close(&t->projection);
    s->loss += r.value;
    for (int k = 0; k < t->loss->n_parts; k++) s->part[k] += r.part[k];
    if (!r.warning) return;
    s->warning = r.warning;
    s->warner = r.of;
}

/* A micro-batch: rows order[lo..lo+n), of which [from, to) are this rank's, embedded `part` at a
 * time. */
typedef struct micro {
    size_t lo, n, place, from, to, part;
    sts_drop drop;
} micro;

/* Makes the rows known to the optimizer. */
static int touch(sts_trainer *t, const micro *m, sts_step *s, sts_err *err)
{
    if (pack(t, m->lo, m->lo + m->n, m->place, err)) return -1;
    s->rows += m->n;
    s->tokens += (size_t)t->batch.n_tok;
    if (sts_projection_touch(&t->projection, err)) return -1;
    return sts_adamw_touch(&t->adamw, t->batch.ids, (size_t)t->batch.n_tok, err);
}

/* Embeds rows [at, end) of the micro-batch; dropout follows from their places. All of it is what
 * touch has packed. */
static int forward(sts_trainer *t, const micro *m, size_t at, size_t end, float **emb, void **tape,
                   sts_err *err)
{
    bool packed = end - at == m->n;
    if (!packed && pack(t, m->lo + at, m->lo + end, m->place + at, err)) return -1;
    return sts_model_forward(t->model, &t->batch, &m->drop, &t->work, emb, tape, err);
}

static size_t end_of(const micro *m, size_t at)
{
    return m->to - at < m->part ? m->to : at + m->part;
}

/* Embeds this rank's rows part by part into t->own. */
static int forward_parts(sts_trainer *t, const micro *m, sts_err *err)
{
    size_t dim = (size_t)t->model->width, rows = m->to - m->from;
    for (size_t at = m->from; at < m->to; at += m->part) {
        size_t end = end_of(m, at), n = end - at;
        float *emb;
        void *tape;
        if (forward(t, m, at, end, &emb, &tape, err)) return -1;
        for (size_t c = 0; c < (size_t)t->columns; c++)
            memcpy(t->own + (c * rows + at - m->from) * dim, emb + c * n * dim,
                   n * dim * sizeof *emb);
    }
    return 0;
}

/* Embeds the parts again, now to go back through them: the same numbers as the first time. */
static int backward_parts(sts_trainer *t, const micro *m, bool last, sts_err *err)
{
    for (size_t at = m->from; at < m->to; at += m->part) {
        size_t end = end_of(m, at);
        float *emb;
        void *tape;
        if (forward(t, m, at, end, &emb, &tape, err)) return -1;
        if (last && end == m->to && sts_comm_size() > 1) sts_reduce_open(&t->reduce);
        narrow(t, emb, t->grad, m->n, at, end);
        if (sts_model_backward(t->model, &t->batch, &m->drop, &t->work, tape, emb, err)) return -1;
    }
    return 0;
}

/* Forward, loss and backward of rows order[lo..hi), gradients added up. */
static int micro_batch(sts_trainer *t, size_t lo, size_t hi, size_t place, bool last, sts_step *s,
                       sts_err *err)
{
    micro m = {.lo = lo, .n = hi - lo, .place = place, .drop = {t->plan.seed, s->step}};
    float *emb = NULL;
    void *tape = NULL;
    part_of(m.n, sts_comm_rank(), &m.from, &m.to);
    m.part = m.to - m.from;
    bool parts = t->plan.mini_batch && t->plan.mini_batch < m.part;
    if (parts) m.part = t->plan.mini_batch;
    if (touch(t, &m, s, err)) return -1;
    if (parts ? forward_parts(t, &m, err)
              : m.part && forward(t, &m, m.from, m.to, &emb, &tape, err)) return -1;
    if (gather(t, parts ? t->own : emb, m.n, err)) return -1;
    run_loss(t, lo, hi, s);
    if (parts) return backward_parts(t, &m, last, err);
    if (last && sts_comm_size() > 1) sts_reduce_open(&t->reduce);
    if (!emb) return 0;
    narrow(t, emb, t->grad, m.n, m.from, m.to);
    return sts_model_backward(t->model, &t->batch, &m.drop, &t->work, tape, emb, err);
}

/* Gradients of the coming step, of which *scale makes the mean over its micro-batches. */
static int gradients(sts_trainer *t, sts_step *s, double *scale, sts_err *err)
{
    const sts_plan *p = &t->plan;
    uint64_t index = t->adamw.step, in_epoch = index % p->steps_per_epoch;
    *s = (sts_step){.step = index + 1, .lr = sts_schedule_lr(&p->schedule, index + 1)};
    s->epoch = sts_plan_epoch(p, s->step);
    sts_batches *b = &t->batches;
    if (sts_batches_of(b, index / p->steps_per_epoch, err)) return -1;
    size_t first = (size_t)in_epoch * p->accumulate, end = first + p->accumulate;
    if (end > b->count) end = b->count;
    for (size_t i = first; i < end; i++) {
        size_t place = b->start[i] - b->start[first];
        if (micro_batch(t, b->start[i], b->start[i + 1], place, i + 1 == end, s, err)) return -1;
    }
    if (sts_comm_size() > 1 && sts_reduce_close(&t->reduce, &t->adamw.touched, err)) return -1;
    *scale = 1 / (double)(end - first);
    s->loss *= *scale;
    for (int k = 0; k < t->loss->n_parts; k++) s->part[k] *= *scale;
    s->grad_norm = sts_adamw_grad_norm(&t->adamw, *scale);
    return 0;
}

int sts_trainer_step(sts_trainer *t, sts_step *done, sts_err *err)
{
    double scale;
    if (gradients(t, done, &scale, err)) return -1;
    if (!isfinite(done->loss) || !isfinite(done->grad_norm))
        return sts_fail(err, STS_DIVERGED,
                        "step %llu: the %s is not finite: lower --lr, or check the data",
                        (unsigned long long)done->step,
                        isfinite(done->loss) ? "gradient" : "loss");
    sts_adamw_update(&t->adamw, scale, done->grad_norm);
    sts_projection_update(&t->projection, scale);
    return 0;
}
