/* similarity.c - the reference's four similarities of float rows, summed in double. */
#include "eval/similarity.h"

#include "core/threads.h"

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

double sts_similarities(const float *u, const float *v, size_t dim, double out[STS_SIMILARITIES])
{
    double uu = 0, vv = 0, uv = 0, squares = 0, lengths = 0;
    for (size_t k = 0; k < dim; k++) {
        double x = u[k], y = v[k], d = x - y;
        uu += x * x;
        vv += y * y;
        uv += x * y;
        squares += d * d;
        lengths += fabs(d);
    }
    double norm_u = sqrt(uu), norm_v = sqrt(vv);
    /* norms are at least 1e-12, as in torch's normalize */
    out[STS_COSINE_SIMILARITY] = uv / (fmax(norm_u, 1e-12) * fmax(norm_v, 1e-12));
    out[STS_EUCLIDEAN_SIMILARITY] = -sqrt(squares);
    out[STS_MANHATTAN_SIMILARITY] = -lengths;
    out[STS_DOT_SIMILARITY] = uv;
    return fmax(norm_u, norm_v);
}

void sts_similarity(sts_similarity_kind kind, const float *u, const float *v, size_t n, size_t dim,
                    double *out)
{
    double all[STS_SIMILARITIES];
    for (size_t i = 0; i < n; i++) {
        sts_similarities(u + i * dim, v + i * dim, dim, all);
        out[i] = all[kind];
    }
}

void sts_unit_rows(float *x, size_t n, size_t dim)
{
#pragma omp parallel for num_threads(sts_threads()) schedule(static)
    for (size_t i = 0; i < n; i++) {
        float *row = x + i * dim;
        double squares = 0;
        for (size_t k = 0; k < dim; k++) squares += (double)row[k] * (double)row[k];
        double length = fmax(sqrt(squares), 1e-12);
        for (size_t k = 0; k < dim; k++) row[k] = (float)(row[k] / length);
    }
}

double sts_similarity_noise(sts_similarity_kind kind, double longest, size_t dim)
{
    switch (kind) {
    case STS_EUCLIDEAN_SIMILARITY: return NOISE * longest;
    case STS_MANHATTAN_SIMILARITY: return NOISE * longest * sqrt((double)dim);
    case STS_DOT_SIMILARITY: return NOISE * longest * longest;
    default: return NOISE;
    }
}
