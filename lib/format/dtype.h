/* dtype.h - the number formats of weight files, and reading them as float32. */
#ifndef STS_FORMAT_DTYPE_H
#define STS_FORMAT_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sts_dtype {
    const char *name;  /* in safetensors headers: "F32" */
    const char *torch; /* PyTorch's name of its storage: "FloatStorage"; NULL: none */
    unsigned bits;     /* of one element */
    /* n elements at src (unaligned) as float32; NULL: not a number that weights can have. */
    void (*to_float)(const unsigned char *src, size_t n, float *dst);
} sts_dtype;

/* By safetensors name, or by PyTorch's storage name; NULL when unknown. `n` is its length. */
const sts_dtype *sts_dtype_find(const char *name, size_t n);
const sts_dtype *sts_dtype_torch(const char *name, size_t n);
extern const sts_dtype *const sts_f32;

/* Bytes of `count` elements; false when that overflows or is not a whole number of bytes. */
bool sts_dtype_bytes(const sts_dtype *t, size_t count, size_t *out);

/* The first place of a NaN or infinity in x[n]; n when there is none. */
size_t sts_not_finite(const float *x, size_t n);

#endif
