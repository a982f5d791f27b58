/* squared_one_minus_cosine.c - the squared cosine distance. */
#include "loss/rows.h"

static double row(double cos, double score, const double *option, double *slope)
{
    (void)score;
    (void)option;
    *slope = -2 * (1 - cos);
    return (1 - cos) * (1 - cos);
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, b->option[0], row);
}

const sts_loss sts_loss_squared_one_minus_cosine = {
    STS_LOSS_VERSION,
    .name = "squared-one-minus-cosine",
    .aliases = "",
    .help = "pulls pairs together, distant ones harder",
    .formula = "mean (1 - cos(u, v))^2",
    .source = "",
    .caution = STS_ONLY_PULLS,
    .needs = STS_LOSS_PAIRS,
    .traits = STS_LOSS_WEIGHTS | STS_LOSS_PULLS,
    .n_options = 1,
    .options = {STS_MIN_SCORE(0)},
    .run = run,
};
