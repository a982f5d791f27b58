/* weights.h - a weight file: opened, and every tensor read both ways. */
#ifndef STS_FUZZ_WEIGHTS_H
#define STS_FUZZ_WEIGHTS_H

#include "fuzz.h"
#include "format/weights.h"

FUZZ_UNUSED static void fuzz_read_tensor(const sts_weights *w, const sts_tensor *t, size_t n)
{
    sts_err err = {0};
    fuzz_check(t->bytes <= 2 * n, "a tensor is at most twice as large as the file");
    void *raw = sts_alloc_raw(t->bytes, 1);
    if (sts_weights_read_raw(w, t, raw, &err)) fuzz_refused(&err);
    sts_free(raw);
    float *x = sts_alloc_raw(t->count, sizeof *x);
    if (sts_weights_read(w, t, x, &err)) fuzz_refused(&err);
    sts_free(x);
}

FUZZ_UNUSED static int fuzz_weights(const char *name, const uint8_t *data, size_t n)
{
    sts_weights w = {0};
    sts_err err = {0};
    const char *path = fuzz_file(name, data, n);
    if (sts_weights_add(&w, path, &err) || sts_weights_sort(&w, &err)) fuzz_refused(&err);
    else
        for (size_t i = 0; i < w.n && i < 1000; i++) fuzz_read_tensor(&w, &w.v[i], n);
    sts_weights_done(&w);
    return 0;
}

#endif
