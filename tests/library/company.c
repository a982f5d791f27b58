/* company.c - what a text's embedding depends on besides the text: batches of any size, the texts
 * beside it and the number of threads move a number of it by no more than the header says; the same
 * call gives the same bits. company MODEL [show] */
#include <stsfit.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUND 1e-6 /* of the vector's length, as stsfit.h says */

enum { TEXTS = 40 };

static char words[TEXTS][800];
static sts_str text[TEXTS];
static int width;
static double farthest;

/* Of 1 to TEXTS words. */
static void make_texts(void)
{
    static const char *const word[] = {"dogs", "run", "A", "guitar", "7", "playing", "the"};
    for (int k = 0; k < TEXTS; k++) {
        size_t n = 0;
        for (int i = 0; i <= k * 31 % TEXTS; i++)
            n += (size_t)snprintf(words[k] + n, sizeof words[k] - n, "%s ", word[(i * i + k) % 7]);
        text[k] = (sts_str){words[k], n};
    }
}

static void compare(const float *x, const float *alone)
{
    double far = 0, length = 0;
    for (int i = 0; i < width; i++) {
        far = fmax(far, fabs((double)x[i] - (double)alone[i]));
        length += (double)alone[i] * (double)alone[i];
    }
    farthest = fmax(farthest, far / sqrt(length));
}

/* All texts, n at a time, each call also twice. */
static int encode_by(const sts_model *m, size_t n, const float *alone)
{
    sts_err err = {0, ""};
    size_t numbers = n * (size_t)width;
    float *out = malloc(2 * numbers * sizeof *out);
    int rc = out ? 0 : 1;
    for (size_t at = 0; at + n <= TEXTS && !rc; at += n) {
        if (sts_encode(m, text + at, n, out, NULL, &err)) rc = 1;
        if (!rc && sts_encode(m, text + at, n, out + numbers, NULL, &err)) rc = 1;
        if (rc) fprintf(stderr, "%s\n", err.text);
        else rc = memcmp(out, out + numbers, numbers * sizeof *out) != 0;
        for (size_t i = 0; i < n && !rc; i++)
            compare(out + i * (size_t)width, alone + (at + i) * (size_t)width);
    }
    free(out);
    return rc;
}

int main(int argc, char **argv)
{
    sts_err err = {0, ""};
    sts_model *m = argc > 1 ? sts_model_load(argv[1], &err) : NULL;
    sts_env *env = sts_env_new(&err);
    if (!m || !env) return fprintf(stderr, "%s\n", err.text), 1;
    make_texts();
    width = sts_model_width(m);
    float *alone = malloc((size_t)width * TEXTS * sizeof *alone);
    int rc = alone ? 0 : 1;
    sts_env_use(env);
    for (int threads = 1; threads <= 2; threads++) {
        sts_env_threads(env, threads);
        for (int k = 0; threads == 1 && k < TEXTS; k++)
            rc |= sts_encode(m, text + k, 1, alone + k * width, NULL, &err) != 0;
        for (size_t n = 1; n <= TEXTS && !rc; n += 1 + n / 2) rc = encode_by(m, n, alone);
        sts_model_set_batch_size(m, 3);
        rc = rc || encode_by(m, TEXTS, alone);
        sts_model_set_batch_size(m, 0);
    }
    if (argc > 2) printf("at most %.2e of the vector's length\n", farthest);
    if (farthest > BOUND) fprintf(stderr, "%.2e is more than %.0e\n", farthest, BOUND), rc = 1;
    if (!rc && !(farthest >= 0)) rc = 1;
    free(alone);
    sts_env_use(NULL);
    sts_env_free(env);
    sts_model_free(m);
    return rc;
}
