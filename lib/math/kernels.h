/* kernels.h - which of OpenBLAS's kernels a processor should run, by its features. The library
 * itself chooses by the models that it knows, and gives those newer than itself far too little. */
#ifndef STS_MATH_KERNELS_H
#define STS_MATH_KERNELS_H

#include <stdbool.h>

/* What matrix products can use, each including those before it. Not x86-64: none. */
typedef enum sts_simd { STS_SIMD_NONE, STS_SIMD_AVX, STS_SIMD_AVX2, STS_SIMD_AVX512 } sts_simd;

/* As cpuid says, where the operating system saves the registers. */
typedef struct sts_cpu_features {
    bool avx, avx2, fma, avx512f, avx512cd, avx512bw, avx512dq, avx512vl;
} sts_cpu_features;

sts_cpu_features sts_cpu_features_here(void);
sts_simd sts_simd_of(const sts_cpu_features *f);
const char *sts_simd_name(sts_simd s); /* "AVX2" */

/* The value of OPENBLAS_CORETYPE under which OpenBLAS `version` ("0.3.21") runs more of what the
 * processor has than the kernels `core`, which it has chosen; NULL: these are right. */
const char *sts_kernels_better(const char *core, const char *version, sts_simd has);

#endif
