/* score_distill.c - cosines are to be those of a teacher. */
#include "loss/rows.h"

#include <math.h>

/* The teacher's cosine of row i's first text and that of a column. */
static double target(const sts_loss_batch *b, int i, int column)
{
    size_t at = (size_t)i * (size_t)b->teacher_dim;
    const double *u = b->teacher[0] + at, *v = b->teacher[column] + at;
    double norm = fmax(sts_row_norm(u, b->teacher_dim), 1e-8) *
                  fmax(sts_row_norm(v, b->teacher_dim), 1e-8);
    return sts_row_dot(u, v, b->teacher_dim) / norm;
}

static double run(sts_loss_batch *b)
{
    double loss = 0, share = 1 / ((double)b->n * (b->columns - 1));
    sts_rows_clear(b);
    for (int c = 1; c < b->columns; c++) {
        for (int i = 0; i < b->n; i++) {
            sts_row_pair p = sts_row_pair_at(b, i, c, i);
            double off = sts_cosine.value(&p) - target(b, i, c);
            loss += share * off * off;
            sts_cosine.grad(&p, 2 * share * off);
        }
    }
    return loss;
}

const sts_loss sts_loss_score_distill = {
    STS_LOSS_VERSION,
    .name = "score-distill",
    .aliases = "",
    .help = "moves each cosine towards the teacher's",
    .formula = "mean (cos(u, v) - cos(t_u, t_v))^2, with t the teacher's vectors",
    .source = "sentence-transformers CosineSimilarityLoss on a teacher's cosines",
    .caution = "",
    .needs = STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS | STS_LOSS_TRIPLETS | STS_LOSS_TUPLES,
    .traits = STS_LOSS_TEACHER,
    .n_options = 0,
    .run = run,
};
