/* kernels.c - what OpenBLAS's kernels need, and what a processor has. */
#include "math/kernels.h"

#include <stdio.h>
#include <strings.h>

/* Kernels by what their float32 products use. A name that is not here is one of a newer version,
 * which knows what it does. Cooperlake and Sapphire Rapids have SkylakeX's float32 products. */
static const struct {
    const char *core;
    sts_simd uses;
} cores[] = {
    {"Generic", STS_SIMD_NONE},      {"Katmai", STS_SIMD_NONE},     {"Coppermine", STS_SIMD_NONE},
    {"Northwood", STS_SIMD_NONE},    {"Prescott", STS_SIMD_NONE},   {"Banias", STS_SIMD_NONE},
    {"Atom", STS_SIMD_NONE},         {"Core2", STS_SIMD_NONE},      {"Penryn", STS_SIMD_NONE},
    {"Dunnington", STS_SIMD_NONE},   {"Nehalem", STS_SIMD_NONE},    {"Athlon", STS_SIMD_NONE},
    {"Opteron", STS_SIMD_NONE},      {"Opteron_SSE3", STS_SIMD_NONE}, {"Barcelona", STS_SIMD_NONE},
    {"Bobcat", STS_SIMD_NONE},       {"Nano", STS_SIMD_NONE},       {"Sandybridge", STS_SIMD_AVX},
    {"Bulldozer", STS_SIMD_AVX},     {"Piledriver", STS_SIMD_AVX},  {"Steamroller", STS_SIMD_AVX},
    {"Excavator", STS_SIMD_AVX2},    {"Haswell", STS_SIMD_AVX2},    {"Zen", STS_SIMD_AVX2},
    {"SkylakeX", STS_SIMD_AVX512},   {"Cooperlake", STS_SIMD_AVX512},
    {"SapphireRapids", STS_SIMD_AVX512}};

/* The kernels to ask for, in every version that is built for several processors. */
static const char *const wanted[] = {
    [STS_SIMD_AVX] = "Sandybridge", [STS_SIMD_AVX2] = "Haswell", [STS_SIMD_AVX512] = "SkylakeX"};

sts_cpu_features sts_cpu_features_here(void)
{
    sts_cpu_features f = {0};
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    f.avx = __builtin_cpu_supports("avx");
    f.avx2 = __builtin_cpu_supports("avx2");
    f.fma = __builtin_cpu_supports("fma");
    f.avx512f = __builtin_cpu_supports("avx512f");
    f.avx512cd = __builtin_cpu_supports("avx512cd");
    f.avx512bw = __builtin_cpu_supports("avx512bw");
    f.avx512dq = __builtin_cpu_supports("avx512dq");
    f.avx512vl = __builtin_cpu_supports("avx512vl");
#endif
    return f;
}

sts_simd sts_simd_of(const sts_cpu_features *f)
{
    if (!f->avx) return STS_SIMD_NONE;
    if (!f->avx2 || !f->fma) return STS_SIMD_AVX;
    bool all = f->avx512f && f->avx512cd && f->avx512bw && f->avx512dq && f->avx512vl;
    return all ? STS_SIMD_AVX512 : STS_SIMD_AVX2;
}

const char *sts_simd_name(sts_simd s)
{
    static const char *const name[] = {"SSE", "AVX", "AVX2", "AVX-512"};
    return name[s];
}

/* 0.3.11 had AVX-512 products that did nothing for small matrices (OpenBLAS #2914), and those of
 * the versions before it were mended one by one. */
static bool avx512_is_sound(const char *version)
{
    int major = 0, minor = 0, patch = 0;
    sscanf(version, "%d.%d.%d", &major, &minor, &patch);
    return major > 0 || minor > 3 || (minor == 3 && patch >= 12);
}

const char *sts_kernels_better(const char *core, const char *version, sts_simd has)
{
    if (has == STS_SIMD_AVX512 && !avx512_is_sound(version)) has = STS_SIMD_AVX2;
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (!strcasecmp(cores[i].core, core)) return cores[i].uses < has ? wanted[has] : NULL;
    return NULL;
}
