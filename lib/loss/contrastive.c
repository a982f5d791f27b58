/* contrastive.c - contrastive loss over Euclidean distances. */
#include "loss/loss.h"
#include "loss/rows.h"

#include <math.h>

static double row(double d, double score, const double *option, double *slope)
{
    double gap = fmax(option[0] - d, 0);
    *slope = 2 * score * d - 2 * (1 - score) * gap;
    return score * d * d + (1 - score) * gap * gap;
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_distance, -INFINITY, row);
}

const sts_loss sts_loss_contrastive = {
    STS_LOSS_VERSION,
    .name = "contrastive",
    .aliases = "contrastive-euclidean",
    .help = "pulls pairs together by y, apart by 1 - y (Euclidean)",
    .formula = "mean y d^2 + (1 - y) max(margin - d, 0)^2, d = |u - v|",
    .source = "Hadsell, Chopra and LeCun, CVPR 2006",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_LABELS | STS_LOSS_WEIGHTS,
    .n_options = 1,
    .options = {STS_NUMBER("margin", "distance from which a pair of score 0 adds nothing",
                           2, 0, 1e6)},
    .run = run,
};
