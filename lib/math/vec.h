/* vec.h - scalar functions without branches or calls that compilers vectorise, accurate to
 * float rounding; the C library's own are not vectorised under -fno-math-errno alone. */
#ifndef STS_MATH_VEC_H
#define STS_MATH_VEC_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* a * b + c, rounded once where the machine does that fast. */
static inline float sts_fma(float a, float b, float c)
{
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(FP_FAST_FMAF)
    return fmaf(a, b, c);
#else
    return a * b + c;
#endif
}

/* exp(x) within 1 ulp for x <= 88; 0 below -87.3 (where floats become denormal).
 * x = n ln 2 + r, |r| <= ln 2 / 2; exp(r) = 1 + r + r^2 p(r), p a minimax polynomial (1e-8). */
static inline float sts_exp(float x)
{
    float y = x < -87.3f ? -87.3f : x > 88.0f ? 88.0f : x;
    float shifted = sts_fma(y, 1.44269504f, 12582912.0f); /* + 1.5 * 2^23: rounds, and leaves... */
    float n = shifted - 12582912.0f;
    float r = sts_fma(n, -0.693145752f, y);                        /* ln 2, upper bits... */
    r = sts_fma(n, -1.42860677e-6f, r);                            /* ...and the rest */
    float p = 0.00139345445f;
    p = sts_fma(p, r, 0.00836377647f);
    p = sts_fma(p, r, 0.0416664568f);
    p = sts_fma(p, r, 0.166665734f);
    p = sts_fma(p, r, 0.5f);
    p = sts_fma(p, r * r, r) + 1.0f;
    uint32_t bits; /* ...n in its low bits: shifted into the exponent, 2^n */
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return x < -87.3f ? 0.0f : p * scale;
}

/* exp(x) in double within 2 ulp for x <= 709; 0 below -708. As above, p by the Taylor series. */
static inline double sts_exp_double(double x)
{
    double y = x < -708 ? -708 : x;
    double shifted = y * 0x1.71547652b82fep+0 + 0x1.8p52;
    double n = shifted - 0x1.8p52;
    double r = y - n * 0x1.62e42fefa3800p-1 - n * 0x1.ef35793c76730p-45;
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r * r + r + 1;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return x < -708 ? 0 : p * scale;
}

/* s = 1 / (1 + exp(-x)), and *slope = s (1 - s), without overflow and without cancellation. */
static inline float sts_sigmoid(float x, float *slope)
{
    float e = sts_exp(x < 0 ? x : -x);
    float s = 1.0f / (1.0f + e);
    *slope = e * s * s;
    return x < 0 ? e * s : s;
}

/* The normal distribution: *density is exp(-x^2/2), the result P(X <= x) = (1 + erf(x/sqrt 2))/2.
 * The tail is exp(-x^2/2) R(|x|), where R(x) (x + 4) is a polynomial in (x - 4)/(x + 4) with an
 * error of 9e-9 relative (Chebyshev fit in high precision over 0..14). */
static inline float sts_normal(float x, float *density)
{
    float a = x < 0 ? -x : x;
    float square = x * x, low = sts_fma(x, x, -square); /* low: what rounding x^2 lost */
    float e = sts_exp(-0.5f * square);
    e = sts_fma(e, -0.5f * low, e);
    float q = 1.0f / (a + 4.0f), u = (a - 4.0f) * q;
    float p = -0.000131751625f;
    p = sts_fma(p, u, 0.000180494572f);
    p = sts_fma(p, u, 0.00157144787f);
    p = sts_fma(p, u, -0.00351232697f);
    p = sts_fma(p, u, -0.00752595155f);
    p = sts_fma(p, u, 0.0604035744f);
    p = sts_fma(p, u, -0.186523362f);
    p = sts_fma(p, u, 0.387136933f);
    p = sts_fma(p, u, -0.607896591f);
    p = sts_fma(p, u, 0.755285135f);
    float tail = e * (p * q);
    *density = e;
    return x < 0 ? tail : 1.0f - tail;
}

#endif
