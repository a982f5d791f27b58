/* gguf.c - keys and tensors into a GGUF file, numbers rounded row by row as they are written. */
#include "format/gguf.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ALIGNMENT = 32, BLOCK = 32, VERSION = 3 };

/* Types of values. */
enum { U8 = 0, U32 = 4, I32 = 5, F32 = 6, BOOL = 7, TEXT = 8, ARRAY = 9 };

/* ---- keys ---- */

static void put(sts_strbuf *b, uint64_t x, size_t bytes)
{
    char s[8];
    for (size_t i = 0; i < bytes; i++) s[i] = (char)(x >> 8 * i);
    sts_strbuf_add(b, s, bytes);
}

static void put_text(sts_strbuf *b, sts_str s)
{
    put(b, s.n, 8);
    sts_strbuf_add(b, s.s, s.n);
}

static void put_float(sts_strbuf *b, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    put(b, bits, 4);
}

static void begin(sts_gguf *g, const char *key, uint32_t type)
{
    put_text(&g->keys, (sts_str){key, strlen(key)});
    put(&g->keys, type, 4);
    g->n_keys++;
}

static void begin_list(sts_gguf *g, const char *key, uint32_t type, size_t n)
{
    begin(g, key, ARRAY);
    put(&g->keys, type, 4);
    put(&g->keys, n, 8);
}

void sts_gguf_u32(sts_gguf *g, const char *key, uint32_t x)
{
    begin(g, key, U32);
    put(&g->keys, x, 4);
}

void sts_gguf_f32(sts_gguf *g, const char *key, float x)
{
    begin(g, key, F32);
    put_float(&g->keys, x);
}

void sts_gguf_bool(sts_gguf *g, const char *key, bool x)
{
    begin(g, key, BOOL);
    put(&g->keys, x, 1);
}

void sts_gguf_text(sts_gguf *g, const char *key, sts_str x)
{
    begin(g, key, TEXT);
    put_text(&g->keys, x);
}

void sts_gguf_texts(sts_gguf *g, const char *key, const sts_str *x, size_t n)
{
    begin_list(g, key, TEXT, n);
    for (size_t i = 0; i < n; i++) put_text(&g->keys, x[i]);
}

void sts_gguf_i32s(sts_gguf *g, const char *key, const int32_t *x, size_t n)
{
    begin_list(g, key, I32, n);
    for (size_t i = 0; i < n; i++) put(&g->keys, (uint32_t)x[i], 4);
}

void sts_gguf_f32s(sts_gguf *g, const char *key, const float *x, size_t n)
{
    begin_list(g, key, F32, n);
    for (size_t i = 0; i < n; i++) put_float(&g->keys, x[i]);
}

void sts_gguf_bytes(sts_gguf *g, const char *key, const void *x, size_t n)
{
    begin_list(g, key, U8, n);
    sts_strbuf_add(&g->keys, x, n);
}

/* ---- tensors ---- */

int sts_gguf_add(sts_gguf *g, const char *name, sts_gguf_type type, size_t rows, size_t width,
                 const float *data, sts_err *err)
{
    if (sts_grow(&g->tensor, g->n, &g->cap, sizeof *g->tensor))
        return sts_fail_memory(err, "the list of tensors");
    sts_gguf_tensor *t = &g->tensor[g->n++];
    if (!rows) type = STS_GGUF_F32;
    if (type == STS_GGUF_Q8_0 && width % BLOCK) type = STS_GGUF_F16;
    *t = (sts_gguf_tensor){.type = type, .rows = rows, .width = width, .data = data};
    snprintf(t->name, sizeof t->name, "%s", name);
    return 0;
}

static size_t row_bytes(const sts_gguf_tensor *t)
{
    switch (t->type) {
    case STS_GGUF_F16: return 2 * t->width;
    case STS_GGUF_Q8_0: return t->width / BLOCK * (2 + BLOCK);
    default: return 4 * t->width;
    }
}

static size_t rows_of(const sts_gguf_tensor *t)
{
    return t->rows ? t->rows : 1;
}

static uint64_t padded(uint64_t n)
{
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static uint64_t tensor_bytes(const sts_gguf_tensor *t)
{
    return (uint64_t)row_bytes(t) * rows_of(t);
}

uint64_t sts_gguf_size(const sts_gguf *g)
{
    uint64_t all = 0;
    for (size_t i = 0; i < g->n; i++) all += padded(tensor_bytes(&g->tensor[i]));
    return all;
}

/* To the nearest half, ties to even; too large: infinity. */
static uint16_t half(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    float size = fabsf(x);
    if (size >= 65520) return sign | 0x7c00;
    if (size < 0x1p-14f) return (uint16_t)(sign | (uint16_t)lrintf(size * 0x1p24f));
    bits &= 0x7fffffff;
    bits += 0xfff + (bits >> 13 & 1);
    return (uint16_t)(sign | ((bits >> 13) - (112 << 10)));
}

/* 32 numbers as whole ones from -127 to 127 times a factor. */
static void put_block(sts_strbuf *b, const float *x)
{
    float largest = 0;
    for (size_t i = 0; i < BLOCK; i++) largest = fmaxf(largest, fabsf(x[i]));
    float factor = largest / 127, inverse = factor > 0 ? 1 / factor : 0;
    put(b, half(factor), 2);
    for (size_t i = 0; i < BLOCK; i++) put(b, (uint8_t)(int8_t)roundf(x[i] * inverse), 1);
}

static void put_row(sts_strbuf *b, sts_gguf_type type, const float *x, size_t n)
{
    for (size_t i = 0; i < n && type == STS_GGUF_F32; i++) put_float(b, x[i]);
    for (size_t i = 0; i < n && type == STS_GGUF_F16; i++) put(b, half(x[i]), 2);
    for (size_t i = 0; i < n && type == STS_GGUF_Q8_0; i += BLOCK) put_block(b, x + i);
}

/* ---- the file ---- */

static int flush(sts_strbuf *b, sts_writer *w, sts_err *err)
{
    size_t n = b->n;
    b->n = 0;
    return b->failed ? sts_fail_memory(err, "a GGUF file") : sts_writer_write(w, b->s, n, err);
}

static void put_head(const sts_gguf *g, sts_strbuf *b)
{
    uint64_t at = 0;
    sts_strbuf_add(b, "GGUF", 4);
    put(b, VERSION, 4);
    put(b, g->n, 8);
    put(b, g->n_keys, 8);
    sts_strbuf_add(b, g->keys.s, g->keys.n);
    for (size_t i = 0; i < g->n; i++) {
        const sts_gguf_tensor *t = &g->tensor[i];
        put_text(b, (sts_str){t->name, strlen(t->name)});
        put(b, t->rows ? 2 : 1, 4);
        put(b, t->width, 8);
        if (t->rows) put(b, t->rows, 8);
        put(b, t->type, 4);
        put(b, at, 8);
        at += padded(tensor_bytes(t));
    }
    while (b->n % ALIGNMENT && !b->failed) put(b, 0, 1);
}

static int write_tensor(const sts_gguf_tensor *t, sts_strbuf *b, sts_writer *w, sts_err *err)
{
    for (size_t i = 0; i < rows_of(t); i++) {
        put_row(b, t->type, t->data + i * t->width, t->width);
        if (flush(b, w, err)) return -1;
    }
    for (uint64_t n = tensor_bytes(t); n % ALIGNMENT; n++) put(b, 0, 1);
    return flush(b, w, err);
}

int sts_gguf_write(const sts_gguf *g, sts_writer *w, sts_err *err)
{
    sts_strbuf b = {.failed = g->keys.failed};
    put_head(g, &b);
    int rc = flush(&b, w, err);
    for (size_t i = 0; i < g->n && !rc; i++) rc = write_tensor(&g->tensor[i], &b, w, err);
    sts_free(b.s);
    return rc;
}

void sts_gguf_free(sts_gguf *g)
{
    sts_free(g->keys.s);
    sts_free(g->tensor);
    *g = (sts_gguf){0};
}
