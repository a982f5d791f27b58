/* dev_loss.c - the training loss over the rows of a dev set, without dropout: batches in file
 * order, weighted by their rows. */
#include "train/dev_loss.h"

#include "core/mem.h"

#include <math.h>

typedef struct work {
    const sts_token_rows *d;
    const float *emb;
    size_t dim;
    double *part, *grad, *scratch; /* [columns][batch x dim] each; the loss's */
    const double **emb_of;         /* [columns] */
    double **grad_of;
    uint64_t *id; /* [batch] */
} work;

/* Embeddings of rows [lo, lo + n), a column after the other. */
static void widen(work *w, size_t lo, size_t n)
{
    size_t columns = (size_t)w->d->columns, dim = w->dim;
    for (size_t c = 0; c < columns; c++) {
        double *out = w->part + c * n * dim;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < dim; k++)
                out[i * dim + k] = (double)w->emb[((lo + i) * columns + c) * dim + k];
        w->emb_of[c] = out;
        w->grad_of[c] = w->grad + c * n * dim;
    }
    for (size_t i = 0; i < n; i++) w->id[i] = lo + i;
}

static sts_loss_batch shape_of(const work *w, size_t n)
{
    return (sts_loss_batch){.n = (int)n, .dim = (int)w->dim, .columns = w->d->columns};
}

static double run(work *w, const sts_loss_spec *loss, size_t batch)
{
    double sum = 0;
    for (size_t lo = 0; lo < w->d->n; lo += batch) {
        size_t n = w->d->n - lo < batch ? w->d->n - lo : batch;
        sts_loss_batch b = shape_of(w, n);
        widen(w, lo, n);
        b.emb = w->emb_of;
        b.grad = w->grad_of;
        b.score = w->d->score ? w->d->score + lo : NULL;
        b.id = w->id;
        b.scratch = w->scratch;
        sum += sts_loss_run(loss, &b).value * (double)n;
    }
    return sum / (double)w->d->n;
}

int sts_dev_loss(const sts_loss_spec *loss, const sts_token_rows *d, const float *emb, size_t dim,
                 size_t batch, double *out, sts_err *err)
{
    size_t columns = (size_t)d->columns, rows = batch < d->n ? batch : d->n;
    size_t numbers = rows * columns * dim;
    work w = {.d = d, .emb = emb, .dim = dim};
    w.part = sts_alloc(numbers, sizeof *w.part);
    w.grad = sts_alloc(numbers, sizeof *w.grad);
    w.scratch = sts_alloc(sts_loss_scratch(loss, shape_of(&w, rows)), sizeof *w.scratch);
    w.emb_of = sts_alloc(columns, sizeof *w.emb_of);
    w.grad_of = sts_alloc(columns, sizeof *w.grad_of);
    w.id = sts_alloc(rows, sizeof *w.id);
    bool whole = w.part && w.grad && w.scratch && w.emb_of && w.grad_of && w.id;
    if (whole) *out = run(&w, loss, rows);
    sts_free(w.part);
    sts_free(w.grad);
    sts_free(w.scratch);
    sts_free(w.emb_of);
    sts_free(w.grad_of);
    sts_free(w.id);
    return whole ? 0 : sts_fail_memory(err, "the loss on dev");
}
