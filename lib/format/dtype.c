/* dtype.c - the table of number formats. All files are little-endian, and the machine must be. */
#include "format/dtype.h"

#include "core/mem.h"

#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "weight files are little-endian: this machine would need every number swapped"
#endif

static void from_f32(const unsigned char *src, size_t n, float *dst)
{
    memcpy(dst, src, n * sizeof *dst);
}

static void from_f64(const unsigned char *src, size_t n, float *dst)
{
    for (size_t i = 0; i < n; i++) {
        double x;
        memcpy(&x, src + i * sizeof x, sizeof x);
        dst[i] = (float)x; /* infinite when out of range, and refused for that later */
    }
}

/* bfloat16 is the upper half of a float32. */
static void from_bf16(const unsigned char *src, size_t n, float *dst)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t u = (uint32_t)src[2 * i] << 16 | (uint32_t)src[2 * i + 1] << 24;
        memcpy(dst + i, &u, sizeof u);
    }
}

/* IEEE binary16: 5 bits of exponent (bias 15), 10 of fraction. Subnormals are h x 2^-24. */
static void from_f16(const unsigned char *src, size_t n, float *dst)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t h = (uint32_t)src[2 * i] | (uint32_t)src[2 * i + 1] << 8;
        uint32_t exponent = h >> 10 & 31, fraction = h & 0x3ff, sign = (h & 0x8000) << 16;
        uint32_t u = sign | (exponent == 31 ? 255u : exponent + 112) << 23 | fraction << 13;
        float x;
        memcpy(&x, &u, sizeof x);
        if (exponent == 0) x = (sign ? -0x1p-24f : 0x1p-24f) * (float)fraction;
        dst[i] = x;
    }
}

static const sts_dtype table[] = {
    {"F32", "FloatStorage", 32, from_f32},
    {"F16", "HalfStorage", 16, from_f16},
    {"BF16", "BFloat16Storage", 16, from_bf16},
    {"F64", "DoubleStorage", 64, from_f64},
    {"I64", "LongStorage", 64, NULL},
    {"I32", "IntStorage", 32, NULL},
    {"I16", "ShortStorage", 16, NULL},
    {"I8", "CharStorage", 8, NULL},
    {"U64", NULL, 64, NULL},
    {"U32", NULL, 32, NULL},
    {"U16", NULL, 16, NULL},
    {"U8", "ByteStorage", 8, NULL},
    {"BOOL", "BoolStorage", 8, NULL},
    {"C64", "ComplexFloatStorage", 64, NULL},
    {"F8_E4M3", NULL, 8, NULL},
    {"F8_E5M2", NULL, 8, NULL},
    {"F8_E8M0", NULL, 8, NULL},
    {"F8_E4M3FNUZ", NULL, 8, NULL},
    {"F8_E5M2FNUZ", NULL, 8, NULL},
    {"F6_E2M3", NULL, 6, NULL},
    {"F6_E3M2", NULL, 6, NULL},
    {"F4", NULL, 4, NULL},
};

const sts_dtype *const sts_f32 = &table[0];

const sts_dtype *sts_dtype_find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strlen(table[i].name) == n && !memcmp(table[i].name, name, n)) return &table[i];
    return NULL;
}

const sts_dtype *sts_dtype_torch(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *t = table[i].torch;
        if (t && strlen(t) == n && !memcmp(t, name, n)) return &table[i];
    }
    return NULL;
}

bool sts_dtype_bytes(const sts_dtype *t, size_t count, size_t *out)
{
    size_t bits;
    if (!sts_mul(count, t->bits, &bits) || bits % 8) return false;
    *out = bits / 8;
    return true;
}

size_t sts_not_finite(const float *x, size_t n)
{
    enum { BLOCK = 4096 };
    const uint32_t exponent = 0x7f800000; /* all ones: NaN and infinity */
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t to = n - from < BLOCK ? n : from + BLOCK;
        uint32_t bad = 0;
        for (size_t i = from; i < to; i++) {
            uint32_t u;
            memcpy(&u, x + i, sizeof u);
            bad |= (u & exponent) == exponent;
        }
        for (size_t i = from; bad && i < to; i++)
            if (x[i] * 0 != 0) return i;
    }
    return n;
}
