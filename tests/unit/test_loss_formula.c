/* test_loss_formula.c - losses that sentence-transformers does not have, or not so, against their
 * formulas, written out again here without any of the library's helpers. */
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

enum { N = 7, DIM = 5 };

static double cosine_of(const double *u, const double *v)
{
    double uv = 0, uu = 0, vv = 0;
    for (int k = 0; k < DIM; k++) uv += u[k] * v[k], uu += u[k] * u[k], vv += v[k] * v[k];
    return uv / sqrt(uu) / sqrt(vv);
}

static double distance_of(const double *u, const double *v)
{
    double sum = 0;
    for (int k = 0; k < DIM; k++) sum += pow(u[k] - v[k], 2);
    return sqrt(sum);
}

static double relu(double x)
{
    return x > 0 ? x : 0;
}

/* ---- row by row: the formula of one pair, with its options as set in the case ---- */

static double f_cosine(double c, double d, double y)
{
    (void)d;
    return pow(c - y, 2);
}
static double f_contrastive(double c, double d, double y)
{
    (void)c;
    return y * d * d + (1 - y) * pow(relu(2 - d), 2);
}
static double f_contrastive_1(double c, double d, double y)
{
    (void)c;
    return y * d * d + (1 - y) * pow(relu(1 - d), 2);
}
static double f_contrastive_cosine(double c, double d, double y)
{
    (void)d;
    return 0.5 * (y * pow(1 - c, 2) + (1 - y) * pow(relu(0.5 - (1 - c)), 2));
}
static double f_hinge(double c, double d, double y)
{
    (void)d;
    return y * relu(1 - c) + (1 - y) * relu(c);
}
static double f_hinge_6(double c, double d, double y)
{
    (void)d;
    return y * relu(0.6 - c) + (1 - y) * relu(c - 0.4);
}
static double f_neg(double c, double d, double y)
{
    (void)d, (void)y;
    return -c;
}
static double f_one(double c, double d, double y)
{
    (void)d, (void)y;
    return 1 - c;
}
static double f_squared(double c, double d, double y)
{
    (void)d, (void)y;
    return (1 - c) * (1 - c);
}
static double f_relu(double c, double d, double y)
{
    (void)d;
    return relu(fabs(c - y) - 0.25);
}
static double f_relu_k(double c, double d, double y)
{
    (void)d;
    return 3 * relu(fabs(c - y) - 0.1);
}
static double f_k2(double c, double d, double y)
{
    double x = fabs(c - y), t = 0.25;
    (void)d;
    return x < t ? 0 : 2 * (x * x - 2 * t * x + t * t);
}

static const struct {
    const char *loss;
    double (*row)(double cos, double distance, double y);
    double min_score;
} pointwise[] = {
    {"cosine-similarity", f_cosine, 0},
    {"contrastive", f_contrastive, 0},
    {"contrastive:margin=1", f_contrastive_1, 0},
    {"contrastive-cosine", f_contrastive_cosine, 0},
    {"cosine-hinge", f_hinge, 0},
    {"cosine-hinge:margin=0.6", f_hinge_6, 0},
    {"neg-cosine", f_neg, 0},
    {"neg-cosine:min_score=0.5", f_neg, 0.5},
    {"one-minus-cosine", f_one, 0},
    {"one-minus-cosine:min_score=0.9", f_one, 0.9},
    {"squared-one-minus-cosine", f_squared, 0},
    {"squared-one-minus-cosine:min_score=1", f_squared, 1},
    {"translated-relu", f_relu, 0},
    {"translated-relu:threshold=0.1,k=3", f_relu_k, 0},
    {"smooth-k2", f_k2, 0},
};

static void expect(const char *loss, test_batch *t, double want)
{
    sts_loss_spec spec;
    sts_err err = {0};
    cr_assert(sts_loss_parse(&spec, loss, &err) == 0, "%s: %s", loss, err.text);
    double got = batch_run(&spec, t);
    cr_assert(fabs(got - want) <= 1e-12 * fmax(1, fabs(want)), "%s: %.17g, not %.17g", loss, got,
              want);
    sts_loss_close(&spec);
}

Test(loss_formula, row_by_row)
{
    for (size_t i = 0; i < sizeof pointwise / sizeof *pointwise; i++) {
        for (uint64_t seed = 20; seed < 25; seed++) {
            test_batch t = batch_new(SCORED, N, DIM, seed);
            double sum = 0, taken = 0;
            for (int r = 0; r < N; r++) {
                const double *u = t.emb[0] + r * DIM, *v = t.emb[1] + r * DIM;
                if (t.score[r] < pointwise[i].min_score) continue;
                sum += pointwise[i].row(cosine_of(u, v), distance_of(u, v), t.score[r]);
                taken++;
            }
            expect(pointwise[i].loss, &t, taken > 0 ? sum / taken : 0);
            batch_free(&t);
        }
    }
}

Test(loss_formula, mined_triplets)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        test_batch t = batch_new(SCORED, N, DIM, seed);
        double sum = 0, anchors = 0;
        for (int i = 0; i < N; i++) {
            double nearest = INFINITY;
            if (t.score[i] < 0.7) continue;
            const double *anchor = t.emb[0] + i * DIM;
            for (int j = 0; j < N; j++)
                if (j != i) nearest = fmin(nearest, distance_of(anchor, t.emb[1] + j * DIM));
            sum += relu(distance_of(t.emb[0] + i * DIM, t.emb[1] + i * DIM) - nearest + 0.3);
            anchors++;
        }
        expect("triplet:margin=0.3,pos=0.7", &t, anchors > 0 ? sum / anchors : 0);
        batch_free(&t);
    }
}

/* mnrl over the pairs of at least 0.5 alone: the others are not even candidates. */
Test(loss_formula, ranking_among_the_taken)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        test_batch t = batch_new(SCORED, N, DIM, seed);
        double sum = 0, taken = 0;
        for (int i = 0; i < N; i++) {
            double z = 0;
            if (t.score[i] < 0.5) continue;
            for (int j = 0; j < N; j++)
                if (t.score[j] >= 0.5)
                    z += exp(20 * cosine_of(t.emb[0] + i * DIM, t.emb[1] + j * DIM));
            sum += log(z) - 20 * cosine_of(t.emb[0] + i * DIM, t.emb[1] + i * DIM);
            taken++;
        }
        expect("mnrl:min_score=0.5", &t, taken > 0 ? sum / taken : 0);
        batch_free(&t);
    }
}

/* More anchors than are ranked at once; the gradient along a random direction. */
Test(loss_formula, ranking_of_many)
{
    enum { MANY = 300 };
    const double h = 1e-5;
    sts_loss_spec spec;
    sts_rng r = sts_rng_new(3, 3);
    test_batch t = batch_new(TRIPLETS, MANY, DIM, 8);
    double sum = 0, slope = 0, side[2];
    static double direction[3][MANY * DIM];
    for (int i = 0; i < MANY; i++) {
        double z = 0;
        for (int c = 1; c < 3; c++)
            for (int j = 0; j < MANY; j++)
                z += exp(20 * cosine_of(t.emb[0] + i * DIM, t.emb[c] + j * DIM));
        sum += log(z) - 20 * cosine_of(t.emb[0] + i * DIM, t.emb[1] + i * DIM);
    }
    expect("mnrl", &t, sum / MANY);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < MANY * DIM; i++) {
            direction[c][i] = sts_rng_normal(&r);
            slope += direction[c][i] * t.grad[c][i];
        }
    cr_assert(!sts_loss_parse(&spec, "mnrl", NULL));
    for (int s = 0; s < 2; s++) {
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < MANY * DIM; i++)
                t.emb[c][i] += (s ? -2 : 1) * h * direction[c][i];
        side[s] = batch_run(&spec, &t);
    }
    double measured = (side[0] - side[1]) / (2 * h);
    cr_assert(fabs(measured - slope) < 1e-6 * fabs(slope), "%.12g, not %.12g", slope, measured);
    sts_loss_close(&spec);
    batch_free(&t);
}

/* CoSENT pair by pair: many ties, and scores that no two rows share. */
Test(loss_formula, order_of_pairs)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        test_batch t = batch_new(SCORED, N, DIM, seed);
        double sum = 1;
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                if (t.score[i] > t.score[j])
                    sum += exp(20 * (cosine_of(t.emb[0] + j * DIM, t.emb[1] + j * DIM) -
                                     cosine_of(t.emb[0] + i * DIM, t.emb[1] + i * DIM)));
        expect("cosent", &t, log(sum));
        batch_free(&t);
    }
}

Test(loss_formula, thresholds_of_online_contrastive)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        test_batch t = batch_new(SCORED, N, DIM, seed);
        double near = INFINITY, far = -INFINITY, sum = 0, d[N];
        for (int i = 0; i < N; i++) {
            d[i] = 1 - cosine_of(t.emb[0] + i * DIM, t.emb[1] + i * DIM);
            if (t.score[i] >= 0.6) far = fmax(far, d[i]);
            if (t.score[i] <= 0.4) near = fmin(near, d[i]);
        }
        if (isinf(near) || isinf(far)) {
            batch_free(&t);
            continue;
        }
        for (int i = 0; i < N; i++) {
            if (t.score[i] >= 0.6 && d[i] > near) sum += d[i] * d[i];
            if (t.score[i] <= 0.4 && d[i] < far) sum += pow(relu(1.1 - d[i]), 2);
        }
        expect("online-contrastive:margin=1.1,pos=0.6,neg=0.4", &t, sum);
        batch_free(&t);
    }
}

/* A triplet is a pair of score 1 and one of score 0. */
Test(loss_formula, order_of_triplets)
{
    test_batch t = batch_new(TRIPLETS, N, DIM, 3);
    double sum = 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sum += exp(20 * (cosine_of(t.emb[0] + j * DIM, t.emb[2] + j * DIM) -
                             cosine_of(t.emb[0] + i * DIM, t.emb[1] + i * DIM)));
    expect("cosent", &t, log(sum));
    batch_free(&t);
}
