/* test_similarity.c - the four similarities against their definitions. */
#include "core/rng.h"
#include "eval/similarity.h"

#include <criterion/criterion.h>
#include <math.h>

enum { N = 5, DIM = 37 };

Test(similarity, definitions)
{
    static float u[N * DIM], v[N * DIM];
    double out[STS_SIMILARITIES][N];
    sts_rng r = sts_rng_new(1, 2);
    for (int i = 0; i < N * DIM; i++) {
        u[i] = (float)sts_rng_normal(&r);
        v[i] = (float)sts_rng_normal(&r);
    }
    for (int k = 0; k < STS_SIMILARITIES; k++)
        sts_similarity((sts_similarity_kind)k, u, v, N, DIM, out[k]);
    for (int i = 0; i < N; i++) {
        long double uu = 0, vv = 0, uv = 0, dd = 0, ad = 0;
        for (int k = i * DIM; k < (i + 1) * DIM; k++) {
            long double x = u[k], y = v[k];
            uu += x * x, vv += y * y, uv += x * y;
            dd += (x - y) * (x - y);
            ad += fabsl(x - y);
        }
        double cosine = (double)(uv / sqrtl(uu) / sqrtl(vv));
        cr_assert(fabs(out[STS_COSINE_SIMILARITY][i] - cosine) < 1e-14, "cosine %d", i);
        cr_assert(fabs(out[STS_EUCLIDEAN_SIMILARITY][i] + (double)sqrtl(dd)) < 1e-12, "L2 %d", i);
        cr_assert(fabs(out[STS_MANHATTAN_SIMILARITY][i] + (double)ad) < 1e-12, "L1 %d", i);
        cr_assert(fabs(out[STS_DOT_SIMILARITY][i] - (double)uv) < 1e-12, "dot %d", i);
    }
}

Test(similarity, zero_vectors_and_none)
{
    const float zero[3] = {0, 0, 0}, some[3] = {1, 2, 3};
    double out[1] = {7};
    sts_similarity(STS_COSINE_SIMILARITY, zero, some, 1, 3, out);
    cr_assert(out[0] == 0, "%g", out[0]);
    sts_similarity(STS_EUCLIDEAN_SIMILARITY, some, some, 1, 3, out);
    cr_assert(out[0] == 0, "%g", out[0]);
    out[0] = 7;
    sts_similarity(STS_DOT_SIMILARITY, zero, some, 0, 3, out);
    cr_assert(out[0] == 7, "nothing is written for no pairs");
}

/* Squares of large floats overflow a float; here they are doubles. */
Test(similarity, large_numbers)
{
    const float u[2] = {1e30f, 1e30f}, v[2] = {1e30f, 0};
    double out;
    sts_similarity(STS_COSINE_SIMILARITY, u, v, 1, 2, &out);
    cr_assert(fabs(out - sqrt(0.5)) < 1e-12, "%g", out);
}

/* What rounding can do grows with the vectors as the similarity itself does. */
Test(similarity, noise_scales_with_the_vectors)
{
    static const float one[] = {3, 4, 0, 0}, ten[] = {30, 40, 0, 0};
    static const double grows[STS_SIMILARITIES] = {1, 10, 10, 100};
    double all[STS_SIMILARITIES];
    double of_one = sts_similarities(one, one + 2, 2, all);
    double of_ten = sts_similarities(ten, ten + 2, 2, all);
    for (int s = 0; s < STS_SIMILARITIES; s++) {
        double a = sts_similarity_noise((sts_similarity_kind)s, of_one, 2);
        double b = sts_similarity_noise((sts_similarity_kind)s, of_ten, 2);
        cr_assert(a > 0 && fabs(b / a - grows[s]) < 1e-9, "similarity %d: %g, %g", s, a, b);
    }
}
