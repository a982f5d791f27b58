/* loss_run.c - the value of a choice on a batch: the weighted sum of its losses. */
#include "loss/loss.h"

#include <math.h>

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
    double value = part->loss->run(&b);
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

static double run_sum(const sts_loss_spec *spec, sts_loss_batch b, sts_loss_result *r)
{
    double *const *total = b.grad, sum = 0;
    double **own = spec->n_parts > 1 ? take_matrices(&b) : NULL;
    for (int k = 0; k < spec->n_parts; k++) {
        const sts_loss_part *part = &spec->part[k];
        b.grad = k ? own : total;
        double value = run_part(part, b, r);
        if (k || part->weight != 1) add(&b, total, b.grad, part->weight, k);
        r->part[k] += value;
        sum += part->weight * value;
    }
    return sum;
}

size_t sts_loss_scratch(const sts_loss_spec *spec, sts_loss_batch shape)
{
    size_t most = 0;
    for (int k = 0; k < spec->n_parts; k++) {
        size_t n = scratch_of(&spec->part[k], shape);
        if (n > most) most = n;
    }
    return most + (spec->n_parts > 1 ? matrices(&shape) : 0);
}

/* ---- the whole ---- */

static double largest(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
    return most;
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
    r.value = run_sum(spec, *batch, &r);
    if (spec->n_parts < 2) r.of = NULL;
    if (!r.warning && teaches_nothing(batch, r.value))
        r.warning = "the gradient of the batch is zero: are its embeddings equal?";
    return r;
}
