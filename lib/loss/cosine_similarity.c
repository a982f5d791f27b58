/* cosine_similarity.c - the squared error of the cosine against the score. */
#include "loss/rows.h"

#include <math.h>

static double row(double cos, double score, const double *option, double *slope)
{
    (void)option;
    *slope = 2 * (cos - score);
    return (cos - score) * (cos - score);
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, -INFINITY, row);
}

const sts_loss sts_loss_cosine_similarity = {
    STS_LOSS_VERSION,
    .name = "cosine-similarity",
    .aliases = "CosineSimilarityLoss cosine-similarity-loss cosine",
    .help = "squared error of the cosine against the score",
    .formula = "mean (cos(u, v) - y)^2",
    .source = "sentence-transformers CosineSimilarityLoss",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_WEIGHTS,
    .run = run,
};
