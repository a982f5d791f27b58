/* nearest.c - loads a model, embeds texts in one call, and prints which of the others is nearest in
 * meaning to the first.
 *
 *     cc nearest.c $(pkg-config --cflags --libs stsfit) -lm -o nearest
 *     ./nearest MODEL TEXT OTHER... */
#include <stsfit.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double cosine(const float *u, const float *v, int n)
{
    double uv = 0, uu = 0, vv = 0;
    for (int i = 0; i < n; i++) {
        uv += (double)u[i] * v[i];
        uu += (double)u[i] * u[i];
        vv += (double)v[i] * v[i];
    }
    return uu > 0 && vv > 0 ? uv / sqrt(uu * vv) : 0;
}

/* Prints the nearest of word[1] to word[n - 1] to word[0]. */
static int print_nearest(const sts_model *model, char *const *word, size_t n, sts_err *err)
{
    int width = sts_model_width(model), rc = -1;
    size_t best = 1;
    sts_str *text = malloc(n * sizeof *text);
    float *vector = malloc(n * (size_t)width * sizeof *vector);
    if (!text || !vector) {
        snprintf(err->text, sizeof err->text, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < n; i++) text[i] = (sts_str){word[i], strlen(word[i])};
    if (sts_encode(model, text, n, vector, NULL, err)) goto done;
    for (size_t i = 2; i < n; i++)
        if (cosine(vector, vector + i * (size_t)width, width) >
            cosine(vector, vector + best * (size_t)width, width))
            best = i;
    rc = puts(word[best]) < 0;
done:
    free(vector);
    free(text);
    return rc;
}

int main(int argc, char **argv)
{
    sts_err err = {0};
    if (argc < 4) {
        fprintf(stderr, "usage: nearest MODEL TEXT OTHER...\n");
        return 2;
    }
    sts_model *model = sts_model_load(argv[1], &err);
    int rc = model ? print_nearest(model, argv + 2, (size_t)argc - 2, &err) : -1;
    if (rc) fprintf(stderr, "nearest: %s\n", err.text);
    sts_model_free(model);
    return rc != 0;
}
