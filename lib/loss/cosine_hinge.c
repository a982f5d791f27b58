/* cosine_hinge.c - a hinge on the cosine from both sides, weighted by the score. */
#include "loss/rows.h"

#include <math.h>

static double row(double cos, double score, const double *option, double *slope)
{
    double below = option[0] - cos, above = cos + option[0] - 1;
    *slope = (above > 0 ? 1 - score : 0) - (below > 0 ? score : 0);
    return score * fmax(below, 0) + (1 - score) * fmax(above, 0);
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, -INFINITY, row);
}

const sts_loss sts_loss_cosine_hinge = {
    STS_LOSS_VERSION,
    .name = "cosine-hinge",
    .aliases = "",
    .help = "raises the cosine to margin by y, lowers it to 1 - margin by 1 - y",
    .formula = "mean y max(margin - cos(u, v), 0) + (1 - y) max(cos(u, v) + margin - 1, 0)",
    .source = "",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_WEIGHTS,
    .n_options = 1,
    .options = {STS_NUMBER("margin", "cosine from which a pair of score 1 adds nothing", 1, 0, 2)},
    .run = run,
};
