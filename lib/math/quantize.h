/* quantize.h - vectors as bytes or bits (sts_quantizer of stsfit.h), as quantize_embeddings of
 * sentence-transformers makes them. */
#ifndef STS_MATH_QUANTIZE_H
#define STS_MATH_QUANTIZE_H

#include "core/err.h"

/* Quantizes v [n x width] in place, to the numbers that are then compared: from -128 to 127, or 0
 * and 1 for bits. 0, or -1 (memory). */
int sts_quantizer_round(const sts_quantizer *q, float *v, size_t n, sts_err *err);

#endif
