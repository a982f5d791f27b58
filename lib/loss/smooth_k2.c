/* smooth_k2.c - the squared error of the cosine, beyond what is tolerated. */
#include "loss/rows.h"

#include <math.h>

enum { THRESHOLD, K };

/* k (d^2 - 2 t d + t^2) for d >= t, else 0, as its authors write it, is k max(d - t, 0)^2. */
static double row(double cos, double score, const double *option, double *slope)
{
    double error = cos - score, excess = fmax(fabs(error) - option[THRESHOLD], 0);
    *slope = copysign(2 * option[K] * excess, error);
    return option[K] * excess * excess;
}

static double run(sts_loss_batch *b)
{
    return sts_rows_mean(b, &sts_cosine, -INFINITY, row);
}

const sts_loss sts_loss_smooth_k2 = {
    STS_LOSS_VERSION,
    .name = "smooth-k2",
    .aliases = "",
    .help = "squared error of the cosine against the score, beyond a tolerance",
    .formula = "mean k max(|cos(u, v) - y| - threshold, 0)^2",
    .source = "Zhang and Li, EMNLP 2024, arXiv:2406.05326",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_WEIGHTS,
    .n_options = 2,
    .options = {STS_NUMBER("threshold", "error that is tolerated", 0.25, 0, 2),
                STS_NUMBER("k", "factor on the square of the rest", 2, 0, 1e6)},
    .run = run,
};
