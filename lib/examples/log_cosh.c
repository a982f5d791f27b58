/* log_cosh.c - a loss of one's own, which needs stsfit_loss.h alone. As a shared object:
 *
 *     cc -shared -fPIC log_cosh.c $(pkg-config --cflags stsfit) -lm -o log_cosh.so
 *     stsfit train pairs.tsv --loss ./log_cosh.so:sharpness=4
 *
 * or as part of a program: own_loss.c. */
#include <stsfit_loss.h>

#include <math.h>

static double dot(const double *u, const double *v, int dim)
{
    double sum = 0;
    for (int k = 0; k < dim; k++) sum += u[k] * v[k];
    return sum;
}

/* log cosh is x^2 / 2 near 0 and |x| farther away: outliers among the scores pull less. */
static double run(sts_loss_batch *b)
{
    double loss = 0, sharpness = b->option[0];
    for (int i = 0; i < b->n; i++) {
        int at = i * b->dim;
        const double *u = b->emb[0] + at, *v = b->emb[1] + at;
        double nu = fmax(sqrt(dot(u, u, b->dim)), 1e-8), nv = fmax(sqrt(dot(v, v, b->dim)), 1e-8);
        double cosine = dot(u, v, b->dim) / (nu * nv), error = sharpness * (cosine - b->score[i]);
        double slope = tanh(error) / b->n;
        loss += log(cosh(error)) / sharpness / b->n;
        if (nu == 1e-8 || nv == 1e-8) { /* at zero there is no gradient: give 0, and say so */
            b->warning = "an embedding is zero";
            slope = 0;
        }
        for (int k = 0; k < b->dim; k++) {
            b->grad[0][at + k] = slope * (v[k] / nv - cosine * u[k] / nu) / nu;
            b->grad[1][at + k] = slope * (u[k] / nu - cosine * v[k] / nv) / nv;
        }
    }
    return loss;
}

STS_LOSS_EXPORT const sts_loss sts_loss_plugin = {
    STS_LOSS_VERSION,
    .name = "log-cosh",
    .aliases = "",
    .help = "log cosh of the cosine's error against the score",
    .formula = "mean log(cosh(sharpness (cos(u, v) - y))) / sharpness",
    .source = "",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .n_options = 1,
    .options = {STS_NUMBER("sharpness", "where the square turns into a line: at 1/sharpness",
                           3, 0.01, 100)},
    .run = run,
};
