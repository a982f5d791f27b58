/* test_math_activation.c - exp, the normal distribution and the activations over the whole range
 * against the C library in double; dropout of gated units. */
#include "math/activation.h"

#include "math/vec.h"
#include "math_help.h"

#include <criterion/criterion.h>
#include <float.h>
#include <string.h>

Test(vec, exp_of_doubles_is_within_two_ulp)
{
    for (double x = -708; x < 709; x += 0.0137) {
        double want = exp(x), error = fabs(sts_exp_double(x) - want) / (want * DBL_EPSILON);
        cr_assert(error < 2, "exp(%g): %g ulp", x, error);
    }
    cr_assert(sts_exp_double(0) == 1 && sts_exp_double(-709) == 0);
    cr_assert(sts_exp_double(-INFINITY) == 0 && isnan(sts_exp_double(NAN)));
}

Test(vec, exp_is_within_two_ulp)
{
    double error = 0, at = 0;
    for (double x = -87.2; x < 88; x += 0.000913) {
        double y = exp((double)(float)x), e = fabs((double)sts_exp((float)x) - y) / y;
        if (e > error) error = e, at = x;
    }
    cr_assert(error < 1.2e-7, "error %g at %g", error, at);
    cr_assert(sts_exp(0) == 1 && sts_exp(-90) == 0 && sts_exp(-1e30f) == 0);
    cr_assert(isnan(sts_exp(NAN)));
}

Test(vec, normal_distribution)
{
    double error = 0, slope = 0, at = 0;
    for (double x = -12; x < 12; x += 0.000117) {
        float density, p = sts_normal((float)x, &density);
        double z = (double)(float)x, y = 0.5 * erfc(-z / sqrt(2.0)), g = exp(-z * z / 2);
        double rounding = 1 + 0.1 * z * z; /* of the square, where there is no fused multiply-add */
        double e = fabs((double)p - y) / y / rounding, d = fabs((double)density - g) / g / rounding;
        if (e > error) error = e, at = x;
        if (d > slope) slope = d;
    }
    cr_assert(error < 4e-7, "P: relative error %g at %g", error, at);
    cr_assert(slope < 3e-7, "density: relative error %g", slope);
    float d;
    cr_assert(sts_normal(40, &d) == 1 && sts_normal(-40, &d) == 0 && d == 0);
    cr_assert(isnan(sts_normal(NAN, &d)));
}

static double gelu(double x)
{
    return 0.5 * x * erfc(-x / sqrt(2.0));
}
static double gelu_slope(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0)) + x * exp(-x * x / 2) / sqrt(2 * 3.14159265358979323846);
}
static const double C = 0.79788456080286535588; /* sqrt(2 / pi) */
static double gelu_tanh(double x)
{
    return 0.5 * x * (1 + tanh(C * (x + 0.044715 * x * x * x)));
}
static double gelu_tanh_slope(double x)
{
    double t = tanh(C * (x + 0.044715 * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * C * (1 + 3 * 0.044715 * x * x);
}
static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}
static double quick(double x)
{
    return x * sigmoid(1.702 * x);
}
static double quick_slope(double x)
{
    double s = sigmoid(1.702 * x);
    return s + 1.702 * x * s * (1 - s);
}
static double silu(double x)
{
    return x * sigmoid(x);
}
static double silu_slope(double x)
{
    double s = sigmoid(x);
    return s + x * s * (1 - s);
}
static double relu(double x)
{
    return x > 0 ? x : 0;
}
static double relu_slope(double x)
{
    return x > 0;
}

static const struct {
    const char *name;
    sts_act act;
    double (*value)(double), (*slope)(double);
} acts[] = {{"gelu", STS_GELU, gelu, gelu_slope},
            {"gelu_new", STS_GELU_TANH, gelu_tanh, gelu_tanh_slope},
            {"quick_gelu", STS_GELU_QUICK, quick, quick_slope},
            {"silu", STS_SILU, silu, silu_slope},
            {"relu", STS_RELU, relu, relu_slope}};
enum { ACTS = sizeof acts / sizeof *acts };

Test(activation, values_and_slopes_in_double)
{
    enum { T = 67, F = 1001 };
    static float x[T * F], y[T * F], pre[T * F], dy[T * F], bias[F];
    for (int q = 0; q < ACTS; q++) {
        double error = 0, slope = 0, again = 0;
        for (size_t i = 0; i < T * F; i++) {
            bias[i % F] = 0.25f * (float)(i % F % 3);
            pre[i] = ((float)i / (T * F) * 30 - 15) - bias[i % F];
            dy[i] = 1;
        }
        memcpy(x, pre, sizeof x);
        sts_act_forward(acts[q].act, T, F, y, x, bias);
        for (size_t i = 0; i < T * F; i++) {
            double z = (double)(pre[i] + bias[i % F]);
            cr_assert(x[i] == pre[i] + bias[i % F]);
            error = fmax(error, fabs((double)y[i] - acts[q].value(z)) / fmax(1, fabs(z)));
        }
        memcpy(pre, x, sizeof x);
        sts_act_backward(acts[q].act, T, F, x, dy);
        for (size_t i = 0; i < T * F; i++) {
            again = fmax(again, fabs((double)x[i] - (double)y[i]));
            slope = fmax(slope, fabs((double)dy[i] - acts[q].slope((double)pre[i])));
        }
        cr_assert(error < 2.5e-7, "%s: value off by %g", acts[q].name, error);
        cr_assert(slope < 6e-7, "%s: slope off by %g", acts[q].name, slope);
        cr_assert(again < 1e-6, "%s: backward's value differs by %g", acts[q].name, again);
    }
}

Test(activation, names)
{
    sts_act act;
    for (int q = 0; q < ACTS; q++)
        cr_assert(sts_act_find(acts[q].name, &act) && act == acts[q].act, "%s", acts[q].name);
    cr_assert(sts_act_find("swish", &act) && act == STS_SILU);
    cr_assert(sts_act_find("gelu_pytorch_tanh", &act) && act == STS_GELU_TANH);
    cr_assert(!sts_act_find("mish", &act) && !sts_act_find("", &act));
}

Test(activation, gated_units_with_dropout)
{
    enum { T = 5, F = 203 };
    float *x = random_floats(T * 2 * F, 1), *dy = random_floats(T * F, 2);
    static float y[T * F], dx[T * 2 * F], f[2 * STS_DROP_BLOCK];
    uint64_t row[T];
    for (uint64_t t = 0; t < T; t++) row[t] = t << 32 | 5;
    sts_drop_site site;
    cr_assert(sts_drop_at(&site, 77, 3, 0.3f));
    sts_glu_forward(STS_GELU, T, F, y, x, NULL, &site, row);
    float *both = malloc(T * F * sizeof *both);
    memcpy(both, dy, T * F * sizeof *both);
    /* backward writes the same y, here over dy */
    sts_glu_backward(STS_GELU, T, F, both, dx, x, both, &site, row);
    cr_assert(!memcmp(both, y, sizeof y), "the product made again differs");
    for (size_t t = 0; t < T; t++) {
        for (size_t b = 0; b < 2; b++) sts_drop_block(f + b * STS_DROP_BLOCK, &site, row[t], b);
        for (size_t j = 0; j < F; j++) {
            double in = (double)x[t * 2 * F + j], gate = (double)x[t * 2 * F + F + j];
            double g = (double)f[j] * (double)dy[t * F + j];
            cr_assert(fabs((double)y[t * F + j] - (double)f[j] * gelu(in) * gate) < 2e-6);
            cr_assert(fabs((double)dx[t * 2 * F + j] - g * gate * gelu_slope(in)) < 3e-6);
            cr_assert(fabs((double)dx[t * 2 * F + F + j] - g * gelu(in)) < 3e-6);
        }
    }
    free(x), free(dy), free(both);
}
