/* loss_run.c - the value of a choice on a batch: the weighted sum of its losses, at one or several
 * dimensions of the embeddings. */
#include "loss/loss.h"

#include "core/place.h"

#include <math.h>
#include <string.h>

/* ---- one loss ---- */

/* Adds what its options say; text has room for those that are texts. */
static void add_choice(const sts_loss_part *part, sts_loss_batch *b, const char **text)
{
    for (int i = 0; i < part->loss->n_options; i++)
        text[i] = part->option_text[i] ? part->option_text[i] : part->loss->options[i].text;
    b->size = sizeof *b;
    b->option = part->option;
    b->option_text = text;
    b->context = part->context;
    b->warning = NULL;
}

static size_t scratch_of(const sts_loss_part *part, sts_loss_batch shape)
{
    const char *text[STS_LOSS_MAX_OPTIONS];
    add_choice(part, &shape, text);
    if (part->loss->scratch) return part->loss->scratch(&shape);
    return STS_LOSS_SCRATCH(shape.n, shape.columns);
}

/* The first warning of a batch stands. */
static double run_part(const sts_loss_part *part, sts_loss_batch b, sts_loss_result *r)
{
    const char *text[STS_LOSS_MAX_OPTIONS];
    add_choice(part, &b, text);
    sts_here mine = sts_here_leave(); /* it may be the program's own */
    double value = part->loss->run(&b);
    sts_here_use(mine);
    if (!b.warning || r->warning) return value;
    r->warning = b.warning;
    r->of = part->loss->name;
    return value;
}

/* ---- a sum ---- */

static size_t numbers(const sts_loss_batch *b)
{
    return (size_t)b->n * (size_t)b->dim;
}

/* A matrix [n x dim] for each column, and their addresses, from the front of the scratch. */
static size_t matrices(const sts_loss_batch *b)
{
    return (size_t)b->columns * (numbers(b) + 1);
}

static double **take_matrices(sts_loss_batch *b)
{
    double **m = (double **)(void *)b->scratch;
    for (int c = 0; c < b->columns; c++)
        m[c] = b->scratch + b->columns + (size_t)c * numbers(b);
    b->scratch += matrices(b);
    return m;
}

/* into = weight * from, or += */
static void add(const sts_loss_batch *b, double *const *into, double *const *from, double weight,
                bool more)
{
    for (int c = 0; c < b->columns; c++)
        for (size_t i = 0; i < numbers(b); i++)
            into[c][i] = (more ? into[c][i] : 0) + weight * from[c][i];
}

static double run_sum(const sts_loss_spec *spec, sts_loss_batch b, double share,
                      sts_loss_result *r)
{
    double *const *total = b.grad, sum = 0;
    int parts = spec->n_parts;
    double **own = parts > 1 ? take_matrices(&b) : NULL;
    for (int k = 0; k < parts; k++) {
        const sts_loss_part *part = &spec->part[k];
        b.grad = k ? own : total;
        double value = run_part(part, b, r);
        if (k || part->weight != 1) add(&b, total, b.grad, part->weight, k);
        r->part[k] += share * value;
        sum += part->weight * value;
    }
    return sum;
}

static size_t scratch_of_sum(const sts_loss_spec *spec, const sts_loss_batch *shape)
{
    size_t largest = 0;
    for (int k = 0; k < spec->n_parts; k++) {
        size_t n = scratch_of(&spec->part[k], *shape);
        if (n > largest) largest = n;
    }
    return largest + (spec->n_parts > 1 ? matrices(shape) : 0);
}

/* ---- dimensions ---- */

#define LEAST_NORM 1e-12 /* as torch.nn.functional.normalize */

static double norm_of(const double *row, int dim)
{
    double sum = 0;
    for (int i = 0; i < dim; i++) sum += row[i] * row[i];
    return fmax(sqrt(sum), LEAST_NORM);
}

/* The first components of each row of `whole` [n x width], scaled to length 1. */
static void cut(const sts_loss_batch *b, double *const *into, const double *const *whole, int width)
{
    for (int c = 0; c < b->columns; c++) {
        for (int i = 0; i < b->n; i++) {
            const double *from = whole[c] + (size_t)i * (size_t)width;
            double *to = into[c] + (size_t)i * (size_t)b->dim, norm = norm_of(from, b->dim);
            for (int d = 0; d < b->dim; d++) to[d] = from[d] / norm;
        }
    }
}

/* d(x / |x|)/dx of one row: adds weight * (g - (g . y) y) / |x|, where y = x / |x|. */
static void grow_row(double *out, const double *x, const double *g, int dim, double weight)
{
    double norm = norm_of(x, dim), along = 0;
    if (norm == LEAST_NORM) return;
    for (int d = 0; d < dim; d++) along += g[d] * x[d] / norm;
    for (int d = 0; d < dim; d++) out[d] += weight * (g[d] - along * x[d] / norm) / norm;
}

static void grow(const sts_loss_batch *whole, const sts_loss_batch *b, double weight)
{
    for (int c = 0; c < b->columns; c++) {
        for (int i = 0; i < b->n; i++) {
            size_t at = (size_t)i * (size_t)whole->dim, from = (size_t)i * (size_t)b->dim;
            grow_row(whole->grad[c] + at, whole->emb[c] + at, b->grad[c] + from, b->dim, weight);
        }
    }
}

static double run_dims(const sts_loss_spec *spec, const sts_loss_batch *whole, sts_loss_result *r)
{
    sts_loss_batch b = *whole;
    double **emb = take_matrices(&b), sum = 0;
    b.grad = take_matrices(&b);
    b.emb = (const double *const *)emb;
    for (int c = 0; c < b.columns; c++)
        memset(whole->grad[c], 0, numbers(whole) * sizeof *whole->grad[c]);
    for (int k = 0; k < spec->n_dims; k++) {
        b.dim = spec->dim[k];
        cut(&b, emb, whole->emb, whole->dim);
        sum += spec->dim_weight[k] * run_sum(spec, b, spec->dim_weight[k], r);
        grow(whole, &b, spec->dim_weight[k]);
    }
    return sum;
}

size_t sts_loss_scratch(const sts_loss_spec *spec, sts_loss_batch shape)
{
    size_t largest = spec->n_dims ? 0 : scratch_of_sum(spec, &shape);
    size_t own = spec->n_dims ? 2 * matrices(&shape) : 0;
    for (int k = 0; k < spec->n_dims; k++) {
        shape.dim = spec->dim[k];
        size_t n = scratch_of_sum(spec, &shape);
        if (n > largest) largest = n;
    }
    return own + largest;
}

/* ---- the whole ---- */

static double largest(const double *x, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(x[i]));
    return largest;
}

/* grad * size has no unit: equal vectors leave rounding errors of 1e-16 in it. */
static bool teaches_nothing(const sts_loss_batch *b, double loss)
{
    double grad = 0, size = 0;
    for (int c = 0; c < b->columns; c++) {
        grad = fmax(grad, largest(b->grad[c], numbers(b)));
        size = fmax(size, largest(b->emb[c], numbers(b)));
    }
    return grad * size <= 1e-13 * fabs(loss) && loss != 0;
}

sts_loss_result sts_loss_run(const sts_loss_spec *spec, const sts_loss_batch *batch)
{
    sts_loss_result r = {0};
    r.value = spec->n_dims ? run_dims(spec, batch, &r) : run_sum(spec, *batch, 1, &r);
    if (spec->n_parts < 2) r.of = NULL;
    if (!r.warning && teaches_nothing(batch, r.value))
        r.warning = "the gradient of the batch is zero: are its embeddings equal?";
    return r;
}
