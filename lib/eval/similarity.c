/* similarity.c - the reference's four similarities of float rows, summed in double. */
#include "eval/similarity.h"

#include <math.h>
#include <string.h>

#define NOISE 1e-6 /* relative error of an embedding of float32 */

static const char *const NAMES[STS_SIMILARITIES] = {
    [STS_COSINE_SIMILARITY] = "cosine",
    [STS_EUCLIDEAN_SIMILARITY] = "euclidean",
    [STS_MANHATTAN_SIMILARITY] = "manhattan",
    [STS_DOT_SIMILARITY] = "dot",
};

sts_similarity_kind sts_similarity_named(const char *name)
{
    for (int k = 0; k < STS_SIMILARITIES && name; k++)
        if (!strcmp(name, NAMES[k])) return (sts_similarity_kind)k;
    return STS_COSINE_SIMILARITY;
}

const char *sts_similarity_name(sts_similarity_kind kind)
{
    return NAMES[kind];
}

/* Norms are at least 1e-12, as in torch's normalize. */
static double cosine(const float *u, const float *v, size_t dim)
{
    double uu = 0, vv = 0, uv = 0;
    for (size_t k = 0; k < dim; k++) {
        double x = u[k], y = v[k];
        uu += x * x;
        vv += y * y;
        uv += x * y;
    }
    return uv / (fmax(sqrt(uu), 1e-12) * fmax(sqrt(vv), 1e-12));
}

static double euclidean(const float *u, const float *v, size_t dim)
{
    double sum = 0;
    for (size_t k = 0; k < dim; k++) {
        double d = (double)u[k] - (double)v[k];
        sum += d * d;
    }
    return -sqrt(sum);
}

static double manhattan(const float *u, const float *v, size_t dim)
{
    double sum = 0;
    for (size_t k = 0; k < dim; k++) sum += fabs((double)u[k] - (double)v[k]);
    return -sum;
}

static double dot(const float *u, const float *v, size_t dim)
{
    double sum = 0;
    for (size_t k = 0; k < dim; k++) sum += (double)u[k] * (double)v[k];
    return sum;
}

void sts_similarity(sts_similarity_kind kind, const float *u, const float *v, size_t n, size_t dim,
                    double *out)
{
    static double (*const of[STS_SIMILARITIES])(const float *, const float *, size_t) = {
        [STS_COSINE_SIMILARITY] = cosine, [STS_EUCLIDEAN_SIMILARITY] = euclidean,
        [STS_MANHATTAN_SIMILARITY] = manhattan, [STS_DOT_SIMILARITY] = dot};
    for (size_t i = 0; i < n; i++) out[i] = of[kind](u + i * dim, v + i * dim, dim);
}

double sts_similarity_noise(sts_similarity_kind kind, const float *x, size_t n, size_t dim)
{
    double longest = 0;
    for (size_t i = 0; i < n; i++)
        longest = fmax(longest, sqrt(dot(x + i * dim, x + i * dim, dim)));
    switch (kind) {
    case STS_EUCLIDEAN_SIMILARITY: return NOISE * longest;
    case STS_MANHATTAN_SIMILARITY: return NOISE * longest * sqrt((double)dim);
    case STS_DOT_SIMILARITY: return NOISE * longest * longest;
    default: return NOISE;
    }
}
