/* similarity.h - similarities of pairs of embeddings, as sentence-transformers defines them. */
#ifndef STS_EVAL_SIMILARITY_H
#define STS_EVAL_SIMILARITY_H

#include <stddef.h>

typedef enum {
    STS_COSINE_SIMILARITY,
    STS_EUCLIDEAN_SIMILARITY, /* the negative distance, so that more is more alike */
    STS_MANHATTAN_SIMILARITY, /* likewise */
    STS_DOT_SIMILARITY,
    STS_SIMILARITIES
} sts_similarity_kind;

/* As sentence-transformers names them. NULL, and what it does not know, is cosine. */
sts_similarity_kind sts_similarity_named(const char *name);
const char *sts_similarity_name(sts_similarity_kind kind);

/* The similarity of row i of u and of v [n x dim], summed in double, into out[n]. A zero vector
 * has cosine 0 to everything. */
void sts_similarity(sts_similarity_kind kind, const float *u, const float *v, size_t n, size_t dim,
                    double *out);

/* All similarities of two vectors, as above, into out; returns the length of the longer one. */
double sts_similarities(const float *u, const float *v, size_t dim, double out[STS_SIMILARITIES]);

/* Scales the rows of x [n x dim] to length 1; zeros stay. */
void sts_unit_rows(float *x, size_t n, size_t dim);

/* How far apart two similarities of vectors of dim numbers can be by the rounding of float32 alone,
 * where the longest vector has the length `longest`. */
double sts_similarity_noise(sts_similarity_kind kind, double longest, size_t dim);

#endif
