/* embed_distill.c - each vector is to be that of a teacher; where theirs have another length, after
 * a linear layer that is trained too: z = W u + b, du = W' dz, dW += dz u', db += dz. */
#include "loss/rows.h"
#include "math/dgemm.h"

#include <math.h>

enum { DISTANCE };

/* d(loss)/dz of one row, of which the loss is `share`: 1 - cosine, as torch has it. */
static double by_cosine(const double *z, const double *t, double *dz, int dim, double share)
{
    double norm = sts_row_norm(z, dim), nz = fmax(norm, 1e-8);
    double nt = fmax(sts_row_norm(t, dim), 1e-8);
    double cosine = sts_row_dot(z, t, dim) / (nz * nt);
    for (int k = 0; k < dim; k++)
        dz[k] = norm < 1e-8 ? 0 : -share * (t[k] / (nz * nt) - cosine * z[k] / (nz * nz));
    return share * (1 - cosine);
}

/* The same of the mean of squares, and of the length. */
static double squared(const double *z, const double *t, double *dz, int dim, double share)
{
    double sum = 0;
    for (int k = 0; k < dim; k++) {
        double d = z[k] - t[k];
        sum += d * d;
        dz[k] = share * 2 / dim * d;
    }
    return share * sum / dim;
}

static double euclidean(const double *z, const double *t, double *dz, int dim, double share)
{
    double loss = sqrt(squared(z, t, dz, dim, 1) * dim);
    for (int k = 0; k < dim; k++) dz[k] *= loss > 0 ? share * dim / (2 * loss) : 0;
    return share * loss;
}

/* Of the vectors z[n x dim] and those of the teacher, whose first components count. */
static double compare(const sts_loss_batch *b, int c, const double *z, double *dz, int dim)
{
    double loss = 0, share = 1 / ((double)b->n * b->columns);
    for (size_t i = 0; i < (size_t)b->n; i++) {
        const double *x = z + i * (size_t)dim, *t = b->teacher[c] + i * (size_t)b->teacher_dim;
        double *dx = dz + i * (size_t)dim;
        switch (*b->option_text[DISTANCE]) {
        case 'm': loss += squared(x, t, dx, dim, share); break;
        case 'l': loss += euclidean(x, t, dx, dim, share); break;
        default: loss += by_cosine(x, t, dx, dim, share); break;
        }
    }
    return loss;
}

/* z[n x teacher_dim] = W u + b of a column. */
static void project(const sts_loss_batch *b, int c, double *z)
{
    size_t n = (size_t)b->n, from = (size_t)b->dim, to = (size_t)b->teacher_dim;
    const double *bias = b->projection + to * from;
    sts_dgemm(n, to, from, z, to, (sts_dmatrix){b->emb[c], from, false},
              (sts_dmatrix){b->projection, from, true}, false);
    for (size_t i = 0; i < n * to; i++) z[i] += bias[i % to];
}

/* The gradients of a column, and what it adds to the layer's. */
static void unproject(const sts_loss_batch *b, int c, const double *dz)
{
    size_t n = (size_t)b->n, from = (size_t)b->dim, to = (size_t)b->teacher_dim;
    double *bias = b->projection_grad + to * from;
    sts_dgemm(n, from, to, b->grad[c], from, (sts_dmatrix){dz, to, false},
              (sts_dmatrix){b->projection, from, false}, false);
    sts_dgemm(to, from, n, b->projection_grad, from, (sts_dmatrix){dz, to, true},
              (sts_dmatrix){b->emb[c], from, false}, true);
    for (size_t i = 0; i < n * to; i++) bias[i % to] += dz[i];
}

static size_t scratch(const sts_loss_batch *shape)
{
    return (size_t)shape->n * (size_t)shape->teacher_dim;
}

static double run(sts_loss_batch *b)
{
    double loss = 0;
    bool whole = b->dim <= b->teacher_dim;
    if (!b->projection && !whole) {
        sts_rows_clear(b);
        b->warning = "the teacher's vectors are shorter, and there is no projection";
    }
    for (int c = 0; c < b->columns; c++) {
        if (!b->projection && whole) {
            loss += compare(b, c, b->emb[c], b->grad[c], b->dim);
        } else if (b->projection) {
            project(b, c, b->scratch);
            loss += compare(b, c, b->scratch, b->scratch, b->teacher_dim);
            unproject(b, c, b->scratch);
        }
    }
    return loss;
}

const sts_loss sts_loss_embed_distill = {
    STS_LOSS_VERSION,
    .name = "embed-distill",
    .aliases = "EmbedDistillLoss",
    .help = "moves each vector towards the teacher's",
    .formula = "mean over all texts of 1 - cos(u, t), mean_k (u_k - t_k)^2 or |u - t|; where the "
               "teacher's width is another, of W u + b, with W and b trained",
    .source = "sentence-transformers EmbedDistillLoss; arXiv:2301.12005",
    .caution = "",
    .needs = STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS | STS_LOSS_TRIPLETS | STS_LOSS_TUPLES,
    .traits = STS_LOSS_TEACHER | STS_LOSS_PROJECTS,
    .n_options = 1,
    .options = {STS_TEXT("distance", "of a vector and the teacher's", "cosine", "cosine mse l2")},
    .scratch = scratch,
    .run = run,
};
