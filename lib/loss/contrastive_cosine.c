/* contrastive_cosine.c - contrastive loss over cosine distances. */
#include "loss/loss.h"
#include "loss/rows.h"

#include <math.h>

static double row(double cos, double score, const double *option, double *slope)
{
    double d = 1 - cos, gap = fmax(option[0] - d, 0);
    *slope = (1 - score) * gap - score * d;
    return 0.5 * (score * d * d + (1 - score) * gap * gap);
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, -INFINITY, row);
}

const sts_loss sts_loss_contrastive_cosine = {
    STS_LOSS_VERSION,
    .name = "contrastive-cosine",
    .aliases = "ContrastiveLoss",
    .help = "pulls pairs together by y, apart by 1 - y (cosine)",
    .formula = "mean 0.5 (y d^2 + (1 - y) max(margin - d, 0)^2), d = 1 - cos(u, v)",
    .source = "sentence-transformers ContrastiveLoss",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_LABELS | STS_LOSS_WEIGHTS,
    .n_options = 1,
    .options = {STS_NUMBER("margin", "cosine distance from which a pair of score 0 adds nothing",
                           0.5, 0, 2)},
    .run = run,
};
