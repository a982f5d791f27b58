/* gemm_floor.c - the matrix products of one training step of a transformer and nothing else: the
 * floor that `make bench` holds a step against. Prints the median seconds of a step, and of its
 * forward half.
 * gemm_floor TOKENS HIDDEN INTERMEDIATE LAYERS THREADS ROUNDS */
#include "core/clock.h"
#include "core/threads.h"
#include "math/gemm.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOKENS, HIDDEN, INTERMEDIATE, LAYERS, THREADS, ROUNDS, ARGUMENTS };

/* A linear layer y[t x out] = x[t x in] w[out x in]' with room for its gradients. */
typedef struct linear {
    size_t t, in, out;
    float *x, *dx, *y, *w, *dw;
} linear;

static float *filled(size_t n)
{
    float *p = malloc(n * sizeof *p);
    if (!p) exit(1);
    for (size_t i = 0; i < n; i++) p[i] = (float)(i % 17) / 17 - 0.47f;
    return p;
}

static linear linear_new(size_t t, size_t in, size_t out)
{
    return (linear){.t = t,
                    .in = in,
                    .out = out,
                    .x = filled(t * in),
                    .dx = filled(t * in),
                    .y = filled(t * out),
                    .w = filled(in * out),
                    .dw = filled(in * out)};
}

static void forward(sts_products *g, const linear *l)
{
    sts_gemm_nt(g, l->t, l->out, l->in, l->y, l->out, l->x, l->in, l->w, l->in);
}

/* The output stands for its own gradient: only the time matters. */
static void backward(sts_products *g, const linear *l)
{
    sts_gemm_tn(g, l->out, l->in, l->t, l->dw, l->in, l->y, l->out, l->x, l->in);
    sts_gemm_nn(g, l->t, l->in, l->out, l->dx, l->in, l->y, l->out, l->w, l->in, false);
}

/* Seconds of all products, and of the forward ones. */
static void step(const linear *l, size_t n, double *all, double *half)
{
    sts_products products = {0};
    double start = sts_clock();
    for (size_t i = 0; i < n; i++) forward(&products, &l[i]);
    *half = sts_clock() - start;
    for (size_t i = n; i-- > 0;) backward(&products, &l[i]);
    *all = sts_clock() - start;
    if (sts_products_check(&products, NULL)) exit(1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return x[n / 2];
}

int main(int argc, char **argv)
{
    size_t v[ARGUMENTS], n = 0;
    if (argc != ARGUMENTS + 1) return 2;
    for (int i = 0; i < ARGUMENTS; i++) v[i] = strtoul(argv[i + 1], NULL, 10);
    sts_threads_set((int)v[THREADS]);
    linear *l = calloc(4 * v[LAYERS], sizeof *l);
    double *all = calloc(v[ROUNDS], sizeof *all), *half = calloc(v[ROUNDS], sizeof *half);
    if (!l || !all || !half || !v[ROUNDS]) return 1;
    for (size_t i = 0; i < v[LAYERS]; i++) {
        l[n++] = linear_new(v[TOKENS], v[HIDDEN], 3 * v[HIDDEN]);
        l[n++] = linear_new(v[TOKENS], v[HIDDEN], v[HIDDEN]);
        l[n++] = linear_new(v[TOKENS], v[HIDDEN], v[INTERMEDIATE]);
        l[n++] = linear_new(v[TOKENS], v[INTERMEDIATE], v[HIDDEN]);
    }
    step(l, n, all, half); /* once to warm up */
    for (size_t i = 0; i < v[ROUNDS]; i++) step(l, n, all + i, half + i);
    printf("%.6f %.6f\n", median(all, v[ROUNDS]), median(half, v[ROUNDS]));
    return 0;
}
