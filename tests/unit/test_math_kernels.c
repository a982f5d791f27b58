/* test_math_kernels.c - which of OpenBLAS's kernels a processor should run. */
#include "math/blas.h"
#include "math/kernels.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SSE .avx = false
#define AVX .avx = true
#define AVX2 AVX, .avx2 = true, .fma = true
#define AVX512 AVX2, .avx512f = true, .avx512cd = true, .avx512bw = true, .avx512dq = true,        \
               .avx512vl = true

/* What a processor has, what a version of the library chose for it, what it should run. */
static const struct {
    const char *processor;
    sts_cpu_features has;
    const char *version, *chosen, *better;
} rows[] = {
    {"Emerald Rapids, unknown to the library", {AVX512}, "0.3.21", "Prescott", "SkylakeX"},
    {"Emerald Rapids, known", {AVX512}, "0.3.26", "SapphireRapids", NULL},
    {"Sapphire Rapids without support of AMX", {AVX512}, "0.3.21", "Cooperlake", NULL},
    {"Granite Rapids, taken for a Haswell", {AVX512}, "0.3.29", "Haswell", "SkylakeX"},
    {"Skylake-X", {AVX512}, "0.3.21", "SkylakeX", NULL},
    {"Raptor Lake, unknown to the library", {AVX2}, "0.3.20", "Prescott", "Haswell"},
    {"Raptor Lake, taken for an older one", {AVX2}, "0.3.21", "Nehalem", "Haswell"},
    {"Raptor Lake, known", {AVX2}, "0.3.25", "Haswell", NULL},
    {"Knights Landing: AVX-512 but for BW, DQ, VL",
     {AVX2, .avx512f = true, .avx512cd = true}, "0.3.21", "Haswell", NULL},
    {"AVX-512 whose registers the system does not save", {AVX2}, "0.3.21", "Zen", NULL},
    {"Zen 3", {AVX2}, "0.3.21", "Zen", NULL},
    {"Zen 4, taken for a Zen 3", {AVX512}, "0.3.21", "Zen", "SkylakeX"},
    {"Zen 4, known", {AVX512}, "0.3.26", "Cooperlake", NULL},
    {"Zen 5, unknown to the library", {AVX512}, "0.3.21", "Barcelona", "SkylakeX"},
    {"Zen 5, unknown to a version of unsound AVX-512", {AVX512}, "0.3.8", "Prescott", "Haswell"},
    {"... that runs all that is sound", {AVX512}, "0.3.8", "Haswell", NULL},
    {"Excavator", {AVX2}, "0.3.21", "Excavator", NULL},
    {"Piledriver", {AVX, .fma = true}, "0.3.21", "Piledriver", NULL},
    {"Sandy Bridge in a virtual machine of no name", {AVX}, "0.3.21", "Prescott", "Sandybridge"},
    {"AVX2 without FMA", {AVX, .avx2 = true}, "0.3.21", "Sandybridge", NULL},
    {"Nehalem", {SSE}, "0.3.21", "Nehalem", NULL},
    {"SSE only", {SSE}, "0.3.21", "Prescott", NULL},
    {"a build for one processor, in capitals", {AVX2}, "0.3.21", "NEHALEM", "Haswell"},
    {"kernels that a later version has", {AVX512}, "0.4.2", "DiamondRapids", NULL},
    {"a version that cannot be read", {AVX512}, "", "Prescott", "Haswell"},
    {"ARM64", {SSE}, "0.3.21", "ARMV8", NULL},
};

Test(kernels, by_features)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sts_simd has = sts_simd_of(&rows[i].has);
        const char *got = sts_kernels_better(rows[i].chosen, rows[i].version, has);
        const char *want = rows[i].better;
        cr_assert(got == want || (got && want && !strcmp(got, want)), "%s, %s of %s: %s, not %s",
                  rows[i].processor, rows[i].chosen, rows[i].version, got ? got : "as it is",
                  want ? want : "as it is");
    }
}

/* What runs here: what the environment asks for, or nothing below the processor's features. */
Test(kernels, of_this_processor)
{
    char name[128], version[32], core[64];
    const char *asked = getenv("OPENBLAS_CORETYPE"), *library = getenv("STSFIT_BLAS");
    if (sscanf(sts_blas_name(name), "OpenBLAS %31s %63s", version, core) != 2) {
        cr_assert(library && strcmp(name, "no BLAS"), "%s", name);
        cr_skip_test("not OpenBLAS: %s", name);
    }
    sts_cpu_features features = sts_cpu_features_here();
    if (asked) cr_assert(!strcasecmp(core, asked), "asked for %s: %s", asked, name);
    else cr_assert_null(sts_kernels_better(core, version, sts_simd_of(&features)), "%s", name);
}
