/* multiple_negatives_ranking.c - each first text is to find its own second text among all those
 * of the batch (InfoNCE). Further columns add hard negatives. */
#include "loss/loss.h"
#include "loss/rows.h"

#include <math.h>

enum { SCALE, MIN_SCORE };

/* Anchor i with candidate k: the second texts, then the third ones.. Norms [columns x n] are
 * computed once. */
static sts_row_pair match(sts_loss_batch *b, const double *norm, int i, int k)
{
    int column = 1 + k / b->n, j = k % b->n;
    sts_row_pair p = sts_row_pair_at(b, i, column, j);
    sts_row_norms(&p, norm[i], norm[column * b->n + j], 1e-12);
    p.value = sts_row_dot(p.u, p.v, b->dim) / (p.nu * p.nv);
    return p;
}

static bool candidate(const sts_loss_batch *b, int k)
{
    return sts_row_taken(b, k % b->n, b->option[MIN_SCORE]);
}

/* The cross-entropy of anchor i and its gradients; logit[n * (columns - 1)] is
 * to work in. */
static double add(sts_loss_batch *b, const double *norm, double *logit, int i, int taken)
{
    int count = b->n * (b->columns - 1);
    double top = -INFINITY, sum = 0;
    for (int k = 0; k < count; k++) {
        if (!candidate(b, k)) continue;
        logit[k] = b->option[SCALE] * match(b, norm, i, k).value;
        top = fmax(top, logit[k]);
    }
    for (int k = 0; k < count; k++)
        if (candidate(b, k)) sum += exp(logit[k] - top);
    for (int k = 0; k < count; k++) {
        if (!candidate(b, k)) continue;
        sts_row_pair p = match(b, norm, i, k);
        double slope = exp(logit[k] - top) / sum - (k == i);
        sts_unit_cosine.grad(&p, slope * b->option[SCALE] / taken);
    }
    return (top - logit[i] + log(sum)) / taken;
}

static double run(sts_loss_batch *b)
{
    double *norm = b->scratch, *logit = norm + b->columns * b->n, loss = 0;
    sts_rows_clear(b);
    int taken = sts_rows_taken(b, b->option[MIN_SCORE]);
    for (int c = 0; c < b->columns; c++)
        for (int i = 0; i < b->n; i++)
            norm[c * b->n + i] = sts_row_norm(b->emb[c] + (size_t)i * (size_t)b->dim, b->dim);
    for (int i = 0; i < b->n; i++)
        if (sts_row_taken(b, i, b->option[MIN_SCORE])) loss += add(b, norm, logit, i, taken);
    if (taken == 1 && b->columns < 3)
        b->warning = "one pair of the batch is used: it has nothing to be ranked against";
    return loss;
}

const sts_loss sts_loss_multiple_negatives_ranking = {
    STS_LOSS_VERSION,
    .name = "multiple-negatives-ranking",
    .aliases = "mnrl MultipleNegativesRankingLoss infonce",
    .help = "finds a text's partner among all partners of the batch",
    .formula = "mean_i -log(exp(scale cos(a_i, p_i)) / sum over all p_j, and hard "
               "negatives n_j, of exp(scale cos(a_i, .)))",
    .source = "sentence-transformers MultipleNegativesRankingLoss; arXiv:1807.03748",
    .caution = "",
    .needs = STS_LOSS_PAIRS | STS_LOSS_TRIPLETS | STS_LOSS_TUPLES,
    .traits = STS_LOSS_IN_BATCH | STS_LOSS_NEGATIVES,
    .n_options = 2,
    .options = {STS_NUMBER("scale", "factor on the cosines: the inverse of a temperature",
                           20, 1e-3, 1e4),
                STS_MIN_SCORE(0.8)},
    .run = run,
};
