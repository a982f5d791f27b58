/* neg_cosine.c - minus the cosine: pulls pairs together, whatever their scores. */
#include "loss/rows.h"

static double row(double cos, double score, const double *option, double *slope)
{
    (void)score;
    (void)option;
    *slope = -1;
    return -cos;
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, b->option[0], row);
}

const sts_loss sts_loss_neg_cosine = {
    STS_LOSS_VERSION,
    .name = "neg-cosine",
    .aliases = "",
    .help = "pulls pairs together at a constant rate",
    .formula = "mean -cos(u, v)",
    .source = "",
    .caution = STS_ONLY_PULLS,
    .needs = STS_LOSS_PAIRS,
    .traits = STS_LOSS_WEIGHTS | STS_LOSS_PULLS,
    .n_options = 1,
    .options = {STS_MIN_SCORE(0)},
    .run = run,
};
