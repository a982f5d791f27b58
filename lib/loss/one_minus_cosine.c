/* one_minus_cosine.c - the cosine distance: neg_cosine with its least value at 0. */
#include "loss/rows.h"

static double row(double cos, double score, const double *option, double *slope)
{
    (void)score;
    (void)option;
    *slope = -1;
    return 1 - cos;
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, b->option[0], row);
}

const sts_loss sts_loss_one_minus_cosine = {
    STS_LOSS_VERSION,
    .name = "one-minus-cosine",
    .aliases = "",
    .help = "pulls pairs together at a constant rate, down to 0",
    .formula = "mean 1 - cos(u, v)",
    .source = "",
    .caution = STS_ONLY_PULLS,
    .needs = STS_LOSS_PAIRS,
    .traits = STS_LOSS_WEIGHTS | STS_LOSS_PULLS,
    .n_options = 1,
    .options = {STS_MIN_SCORE(0)},
    .run = run,
};
