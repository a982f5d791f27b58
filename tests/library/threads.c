/* threads.c - eight threads share one model, with texts of their own, directly and by two batchers:
 * each gets what it gets alone. A bad text fails its caller only. threads MODEL */
#include <stsfit.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, TURNS = 20 };

static const sts_model *model;
static sts_batcher *batcher[2];
static int width;
static float *alone; /* [THREADS x width] */

static void make_text(char out[80], int k)
{
    snprintf(out, 80, "A man number %d is playing %s guitar.", k, k % 2 ? "a large" : "the");
}

static int near(const float *x, const float *y)
{
    double far = 0, size = 0;
    for (int i = 0; i < width; i++) {
        far = fmax(far, fabs((double)x[i] - (double)y[i]));
        size = fmax(size, fabs((double)y[i]));
    }
    return far <= 1e-5 * size;
}

static void *work(void *arg)
{
    int k = (int)(size_t)arg;
    char text[80];
    sts_err err = {0, ""};
    float *out = malloc((size_t)width * sizeof *out);
    sts_env *env = sts_env_new(NULL);
    sts_env_threads(env, 1 + k % 2);
    sts_env_use(env);
    make_text(text, k);
    sts_str s = {text, strlen(text)}, none = {NULL, 1};
    sts_batcher *b = batcher[k / 4];
    size_t bad = 0;
    for (int i = 0; i < TURNS; i++) {
        bool cut = true;
        int rc = i % 4 ? sts_batcher_encode(b, &s, 1, out, &cut, &err)
                       : sts_encode(model, &s, 1, out, &cut, &err);
        bad += rc || cut || !near(out, alone + k * width);
        if (i % 7 == k) bad += !sts_batcher_encode(b, &none, 1, out, &cut, NULL); /* alone fails */
    }
    if (bad) fprintf(stderr, "thread %d: %zu wrong: %s\n", k, bad, err.text);
    sts_env_use(NULL);
    sts_env_free(env);
    free(out);
    return (void *)bad;
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    sts_err err = {0, ""};
    sts_model *m = sts_model_load(argv[1], &err);
    if (!m) return fprintf(stderr, "%s\n", err.text), 1;
    model = m;
    width = sts_model_width(m);
    for (int i = 0; i < 2; i++)
        if (!(batcher[i] = sts_batcher_new(m, &err))) return fprintf(stderr, "%s\n", err.text), 1;
    alone = malloc((size_t)(THREADS * width) * sizeof *alone);
    for (int k = 0; k < THREADS; k++) {
        char text[80];
        make_text(text, k);
        sts_str s = {text, strlen(text)};
        if (sts_encode(m, &s, 1, alone + k * width, NULL, &err)) return 1;
    }
    pthread_t thread[THREADS];
    size_t bad = 0;
    for (size_t k = 0; k < THREADS; k++) pthread_create(&thread[k], NULL, work, (void *)k);
    for (size_t k = 0; k < THREADS; k++) {
        void *wrong;
        pthread_join(thread[k], &wrong);
        bad += (size_t)wrong;
    }
    free(alone);
    for (int i = 0; i < 2; i++) sts_batcher_free(batcher[i]);
    sts_model_free(m);
    return bad != 0;
}
