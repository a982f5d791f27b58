/* test_quantize.c - bytes and bits of vectors are those of sentence-transformers
 * (tests/golden/quantized.json). */
#include "core/json.h"
#include "math/quantize.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define MOST 256

static size_t floats(const sts_json *c, const char *key, float *x)
{
    const sts_json *item;
    size_t n = 0;
    sts_json_each(item, sts_json_member(c, key)) x[n++] = (float)item->number;
    cr_assert(n && n <= MOST, "%s: %s", c->key, key);
    return n;
}

/* The quantizer's bytes, and the numbers that it leaves. */
static void compare(const sts_json *c, const char *type, const float *v, size_t n, size_t width,
                    const sts_quantizer *q)
{
    signed char out[MOST];
    const unsigned char *bits = (const unsigned char *)out;
    bool int8 = sts_quantizer_has_ranges(q);
    const sts_json *item;
    size_t i = 0;
    sts_quantizer_apply(q, v, n / width, out);
    sts_json_each(item, sts_json_member(c, type))
    {
        int want = (int)item->number, got = int8 ? out[i] : bits[i];
        cr_assert_eq(got, want, "%s: %s %zu is %d, not %d", c->key, type, i, got, want);
        i++;
    }
    cr_assert_eq(i, n / width * sts_quantizer_bytes(q), "%s: %s", c->key, type);
    float left[MOST];
    memcpy(left, v, n * sizeof *v);
    cr_assert_eq(sts_quantizer_round(q, left, n / width, NULL), 0);
    for (size_t k = 0; k < n; k++) {
        float want = int8 ? (float)out[k] : (float)(v[k] > 0);
        cr_assert_eq(left[k], want, "%s: %s %zu leaves %g", c->key, type, k, (double)left[k]);
    }
}

static void one_case(const sts_json *c)
{
    static const char *const types[] = {"int8", "ubinary"};
    float v[MOST], calibration[MOST];
    size_t width = (size_t)sts_json_member(c, "width")->number;
    size_t n = floats(c, "vectors", v), m = floats(c, "calibration", calibration);
    for (int k = 0; k < 2; k++) {
        sts_err err = {0};
        sts_quantizer *q = sts_quantizer_new(types[k], width, &err);
        cr_assert(q, "%s", err.text);
        sts_quantizer_fit(q, calibration, m / width);
        compare(c, types[k], v, n, width, q);
        sts_quantizer_free(q);
    }
}

Test(quantize, agrees_with_the_reference)
{
    sts_err err = {0};
    sts_json *golden = sts_json_load("tests/golden/quantized.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    for (const sts_json *c = golden->child; c; c = c->next) one_case(c);
    cr_assert(sts_json_size(golden) >= 7);
    sts_json_free(golden);
}

Test(quantize, refuses)
{
    sts_err err = {0};
    const float one[] = {1, 2};
    cr_assert_null(sts_quantizer_new("int4", 2, &err));
    cr_assert_eq(err.code, STS_USAGE);
    sts_quantizer *q = sts_quantizer_new("int8", 2, &err);
    sts_quantizer_fit(q, one, 1);
    cr_assert_eq(sts_quantizer_check(q, "texts", &err), -1);
    cr_assert_eq(err.code, STS_DATA);
    sts_quantizer_fit(q, one, 1);
    cr_assert_eq(sts_quantizer_check(q, "texts", &err), 0);
    sts_quantizer_free(q);
}
