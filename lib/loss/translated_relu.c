/* translated_relu.c - the absolute error of the cosine, beyond what is tolerated. */
#include "loss/rows.h"

#include <math.h>

enum { THRESHOLD, K };

static double row(double cos, double score, const double *option, double *slope)
{
    double error = cos - score, excess = fabs(error) - option[THRESHOLD];
    *slope = excess > 0 ? copysign(option[K], error) : 0;
    return option[K] * fmax(excess, 0);
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, -INFINITY, row);
}

const sts_loss sts_loss_translated_relu = {
    STS_LOSS_VERSION,
    .name = "translated-relu",
    .aliases = "",
    .help = "error of the cosine against the score, beyond a tolerance",
    .formula = "mean k max(|cos(u, v) - y| - threshold, 0)",
    .source = "Zhang and Li, EMNLP 2024, arXiv:2406.05326",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_WEIGHTS,
    .n_options = 2,
    .options = {STS_NUMBER("threshold", "error that is tolerated", 0.25, 0, 2),
                STS_NUMBER("k", "factor on the rest", 1, 0, 1e6)},
    .run = run,
};
