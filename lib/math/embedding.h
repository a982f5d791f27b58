/* embedding.h - rows picked from tables by index, and their gradients added back. */
#ifndef STS_MATH_EMBEDDING_H
#define STS_MATH_EMBEDDING_H

#include "math/op.h"

/* y[T x H] = table[index[t]], or += when add. */
void sts_embed_forward(size_t T, size_t H, float *y, const float *table, const int32_t *index,
                       bool add);

/* dtable[index[t]] += dy[t], in the order of t for each row; rows equal to `skip` (a padding
 * row, or -1) get nothing. Threads share out the columns. NULL dtable: nothing. */
void sts_embed_backward(size_t T, size_t H, float *dtable, const float *dy, const int32_t *index,
                        int32_t skip);

/* Means of the rows of each sentence, y[S x H]; no rows give zeros. index[start[s]..start[s+1]) */
void sts_embed_mean_forward(size_t S, size_t H, float *y, const float *table,
                            const int32_t *index, const int32_t *start);
void sts_embed_mean_backward(size_t S, size_t H, float *dtable, const float *dy,
                             const int32_t *index, const int32_t *start);

#endif
