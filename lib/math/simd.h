/* simd.h - vectors of the machine's width in GCC's and clang's portable notation, for the few
 * loops that compilers do not vectorise well by themselves. */
#ifndef STS_MATH_SIMD_H
#define STS_MATH_SIMD_H

#include <stdint.h>

#if defined(__AVX512F__)
#define STS_VEC_BYTES 64
#elif defined(__AVX__)
#define STS_VEC_BYTES 32
#else
#define STS_VEC_BYTES 16
#endif
#define STS_LANES (STS_VEC_BYTES / 4)

typedef float sts_vec __attribute__((vector_size(STS_VEC_BYTES), aligned(4), may_alias));
typedef uint32_t sts_vec_u32 __attribute__((vector_size(STS_VEC_BYTES), aligned(4), may_alias));
typedef uint64_t sts_vec_u64 __attribute__((vector_size(STS_VEC_BYTES), aligned(4), may_alias));

/* The 64-bit products of the lower halves of the lanes of a and b. The one operation here that
 * has to be named: from a plain multiplication GCC makes three. */
#if defined(__AVX512F__) || defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif
static inline sts_vec_u64 sts_mul_low(sts_vec_u64 a, sts_vec_u64 b)
{
#if defined(__AVX512F__)
    return (sts_vec_u64)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (sts_vec_u64)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__) && STS_VEC_BYTES == 16
    return (sts_vec_u64)_mm_mul_epu32((__m128i)a, (__m128i)b);
#elif defined(__ARM_NEON)
    return (sts_vec_u64)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
#else
    return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu);
#endif
}

#endif
