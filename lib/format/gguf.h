/* gguf.h - writes GGUF, the file format of llama.cpp (version 3, little-endian): a header, keys
 * with values, the list of tensors, and their numbers, each at a multiple of 32 bytes. */
#ifndef STS_FORMAT_GGUF_H
#define STS_FORMAT_GGUF_H

#include "core/strbuf.h"

#include <stdint.h>

/* How numbers are stored; the values are the format's. Q8_0: blocks of 32 with a common factor. */
typedef enum { STS_GGUF_F32 = 0, STS_GGUF_F16 = 1, STS_GGUF_Q8_0 = 8 } sts_gguf_type;

typedef struct sts_gguf_tensor {
    char name[64];
    sts_gguf_type type;
    size_t rows, width; /* rows 0: a vector of `width` */
    const float *data;  /* borrowed */
} sts_gguf_tensor;

/* Zero-initialise. What fails is remembered, and reported by sts_gguf_write. */
typedef struct sts_gguf {
    sts_strbuf keys; /* in the file's own form */
    uint64_t n_keys;
    sts_gguf_tensor *tensor;
    size_t n, cap;
} sts_gguf;

void sts_gguf_u32(sts_gguf *g, const char *key, uint32_t x);
void sts_gguf_f32(sts_gguf *g, const char *key, float x);
void sts_gguf_bool(sts_gguf *g, const char *key, bool x);
void sts_gguf_text(sts_gguf *g, const char *key, sts_str x);
void sts_gguf_texts(sts_gguf *g, const char *key, const sts_str *x, size_t n);
void sts_gguf_i32s(sts_gguf *g, const char *key, const int32_t *x, size_t n);
void sts_gguf_f32s(sts_gguf *g, const char *key, const float *x, size_t n);
void sts_gguf_bytes(sts_gguf *g, const char *key, const void *x, size_t n);

/* A matrix [rows x width], or a vector (rows 0). Vectors, and rows that are not multiples of 32 as
 * Q8_0, are stored as F32 and F16. 0, or -1: memory is out. */
int sts_gguf_add(sts_gguf *g, const char *name, sts_gguf_type type, size_t rows, size_t width,
                 const float *data, sts_err *err);

/* Bytes that the numbers take in the file. */
uint64_t sts_gguf_size(const sts_gguf *g);

/* Writes the whole file. 0, or -1. */
int sts_gguf_write(const sts_gguf *g, sts_writer *w, sts_err *err);
void sts_gguf_free(sts_gguf *g);

#endif
