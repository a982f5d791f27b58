/* rope.h - rotary position embeddings: element pairs (d, d + D/2) of queries and keys turned by
 * angles that grow with the position. Su et al., "RoFormer" (2021). */
#ifndef STS_MATH_ROPE_H
#define STS_MATH_ROPE_H

#include "math/op.h"

/* cosines and sines for positions 0..L-1 into table[L x D]: D/2 cosines, then D/2 sines a row. */
void sts_rope_table(size_t L, size_t D, float *table, double theta);

/* Turns the q and k parts of qkv[T x 3H] in place by the angle of position[t]; back (by the
 * negative angle, which is the gradient's way) when `back`. */
void sts_rope(size_t T, size_t N, size_t D, float *qkv, const float *table,
              const int32_t *position, bool back);

#endif
