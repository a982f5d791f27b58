/* client.c - the library from outside: loads a model, and prints which of the texts given is the
 * nearest in meaning to the first. Build it against what `make install` has put in place:
 *   cc client.c $(pkg-config --cflags --libs stsfit) -lm -o client
 *   ./client MODEL TEXT OTHER... */
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

int main(int argc, char **argv)
{
    sts_err err = {0};
    if (argc < 4) return fprintf(stderr, "usage: client MODEL TEXT OTHER...\n"), 2;
    sts_model *model = sts_model_load(argv[1], &err);
    if (!model) return fprintf(stderr, "client: %s\n", err.text), err.code;

    size_t n = (size_t)argc - 2;
    int width = sts_model_width(model), rc = -1;
    sts_str *text = malloc(n * sizeof *text);
    float *vector = malloc(n * (size_t)width * sizeof *vector);
    for (size_t i = 0; text && i < n; i++) text[i] = (sts_str){argv[i + 2], strlen(argv[i + 2])};
    if (text && vector) rc = sts_encode(model, text, n, vector, NULL, &err);

    size_t best = 1;
    for (size_t i = 1; !rc && i < n; i++)
        if (cosine(vector, vector + i * (size_t)width, width) >
            cosine(vector, vector + best * (size_t)width, width))
            best = i;
    if (rc) fprintf(stderr, "client: %s\n", err.text);
    else printf("%s\n", argv[best + 2]);

    free(vector);
    free(text);
    sts_model_free(model);
    return rc ? 1 : 0;
}
