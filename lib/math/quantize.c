/* quantize.c - float32 vectors to int8, by each number's range, and to bits, by its sign. The
 * arithmetic is float32, as in NumPy: every byte is the reference's. */
#include "math/quantize.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

#define STEPS 255.0f /* from the lowest value to the highest */
#define FEW 100      /* calibration vectors, below which the reference warns */

typedef enum { INT8, UBINARY } type;

struct sts_quantizer {
    type type;
    size_t width;
    size_t fitted;  /* vectors */
    float *lo, *hi; /* [width] their ranges; NULL for UBINARY */
};

sts_quantizer *sts_quantizer_new(const char *name, size_t width, sts_err *err)
{
    if (sts_require(name, "--vectors", err)) return NULL;
    bool int8 = !strcmp(name, "int8");
    if (!int8 && strcmp(name, "ubinary"))
        return sts_fail(err, STS_USAGE, "--vectors: '%s' must be float, int8 or ubinary", name),
               NULL;
    sts_quantizer *q = sts_alloc(1, sizeof *q);
    if (q) *q = (sts_quantizer){.type = int8 ? INT8 : UBINARY, .width = width};
    if (q && int8) q->lo = sts_alloc(width, 2 * sizeof *q->lo);
    if (q && (q->lo || !int8)) {
        q->hi = int8 ? q->lo + width : NULL;
        return q;
    }
    sts_quantizer_free(q);
    return sts_fail_memory(err, "the ranges of vectors"), NULL;
}

void sts_quantizer_free(sts_quantizer *q)
{
    if (!q) return;
    sts_free(q->lo);
    sts_free(q);
}

bool sts_quantizer_has_ranges(const sts_quantizer *q)
{
    return q->type == INT8;
}

void sts_quantizer_fit(sts_quantizer *q, const float *v, size_t n)
{
    for (size_t i = 0; i < n && q->lo; i++, v += q->width, q->fitted++)
        for (size_t j = 0; j < q->width; j++) {
            if (!q->fitted || v[j] < q->lo[j]) q->lo[j] = v[j];
            if (!q->fitted || v[j] > q->hi[j]) q->hi[j] = v[j];
        }
}

int sts_quantizer_check(const sts_quantizer *q, const char *from, sts_err *err)
{
    if (q->type != INT8) return 0;
    if (q->fitted < 2)
        return sts_fail(err, STS_DATA, "%s: int8 needs the range of each number, and %zu text%s "
                        "none: give more texts to --calibration FILE", from, q->fitted,
                        q->fitted == 1 ? " has" : "s have");
    if (q->fitted < FEW)
        sts_note(STS_WARN, "%s: the ranges of int8 come from %zu texts only; %d or more make them "
                 "stable", from, q->fitted, FEW);
    return 0;
}

size_t sts_quantizer_bytes(const sts_quantizer *q)
{
    return q->type == INT8 ? q->width : (q->width + 7) / 8;
}

static void to_int8(const sts_quantizer *q, const float *v, signed char *out)
{
    for (size_t j = 0; j < q->width; j++) {
        float step = (q->hi[j] - q->lo[j]) / STEPS;
        float x = floorf((v[j] - q->lo[j]) / (step > 0 ? step : 1));
        out[j] = (signed char)(fminf(fmaxf(x, 0), STEPS) - 128);
    }
}

static void to_bits(const sts_quantizer *q, const float *v, unsigned char *out)
{
    memset(out, 0, sts_quantizer_bytes(q));
    for (size_t j = 0; j < q->width; j++)
        if (v[j] > 0) out[j / 8] |= (unsigned char)(0x80 >> j % 8);
}

void sts_quantizer_apply(const sts_quantizer *q, const float *v, size_t n, void *out)
{
    unsigned char *to = out;
    for (size_t i = 0; i < n; i++, v += q->width, to += sts_quantizer_bytes(q))
        if (q->type == INT8) to_int8(q, v, (signed char *)to);
        else to_bits(q, v, to);
}

static void unpack(const sts_quantizer *q, const void *from, float *to)
{
    const unsigned char *bits = from;
    const signed char *bytes = from;
    for (size_t j = 0; j < q->width; j++)
        if (q->type == INT8) to[j] = bytes[j];
        else to[j] = (float)(bits[j / 8] >> (7 - j % 8) & 1);
}

int sts_quantizer_round(const sts_quantizer *q, float *v, size_t n, sts_err *err)
{
    void *bytes = sts_alloc(sts_quantizer_bytes(q), 1);
    if (!bytes) return sts_fail_memory(err, "a quantized vector");
    for (size_t i = 0; i < n; i++, v += q->width) {
        sts_quantizer_apply(q, v, 1, bytes);
        unpack(q, bytes, v);
    }
    sts_free(bytes);
    return 0;
}
