/* onednn.h - the door to oneDNN: products of bf16 matrices, summed in float32. `make` builds it in
 * where oneDNN's header is (BF16=0: never); the library itself is opened when a product is first
 * wanted, so that a program that does without starts as fast as ever. */
#ifndef STS_MATH_ONEDNN_H
#define STS_MATH_ONEDNN_H

#include "core/err.h"
#include "math/op.h"

/* c[m x n] (+)= a b of row-major matrices, each transposed first when asked to (a then is stored as
 * [k x m], b as [n x k]); ld: elements from one row to the next. */
typedef struct sts_product {
    bool ta, tb, add;
    size_t m, n, k;
    float *c;
    size_t ldc;
    const float *a;
    size_t lda;
    const float *b;
    size_t ldb;
} sts_product;

/* Opens the library. 0, or -1 (STS_USAGE) with the reason: built without it, not installed, or the
 * processor has no instructions for bf16. */
int sts_onednn_open(sts_err *err);

/* The product p with these bf16 factors in place of a and b. Once open, on sts_threads()
 * threads, and with the same result every time. 0, or -1 when oneDNN is out of memory. */
int sts_onednn_product(const sts_product *p, const uint16_t *a, size_t lda, const uint16_t *b,
                       size_t ldb);

/* Once open: its name and version, e.g. "oneDNN 2.6.3". Returns out. */
const char *sts_onednn_name(char out[128]);

#endif
