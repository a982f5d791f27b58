/* fuzz_predictions.c - predictions.tsv: what is read, written and read again is the same. */
#include "fuzz.h"
#include "report/predictions.h"

#include <math.h>

static bool same_predictions(const sts_predictions *a, const sts_predictions *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++) {
        double x = a->v[i].after, y = b->v[i].after;
        same = a->v[i].kind == b->v[i].kind && a->v[i].tokens[0] == b->v[i].tokens[0] &&
               a->v[i].tokens[1] == b->v[i].tokens[1] &&
               (x == y || (isnan(x) && isnan(y)) || fabs(x - y) <= 1e-6 * fabs(x));
    }
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    sts_predictions part[4] = {{0}, {0}, {0}, {0}};
    sts_err err = {0};
    static bool ready;
    if (!ready) atexit(fuzz_clean);
    ready = true;
    const char *path = fuzz_file("predictions.tsv", data, n);
    if (sts_predictions_load(path, &part[0], &part[1], &err)) {
        fuzz_refused(&err);
        fuzz_check(!part[0].n && !part[1].n, "a refused file leaves nothing");
    } else {
        path = fuzz_path("again.tsv");
        fuzz_check(!sts_predictions_save(path, &part[0], &part[1], "dot", &err), err.text);
        fuzz_check(!sts_predictions_load(path, &part[2], &part[3], &err), err.text);
        fuzz_check(same_predictions(&part[0], &part[2]) && same_predictions(&part[1], &part[3]),
                   "read again, predictions are the same");
    }
    for (int i = 0; i < 4; i++) sts_predictions_free(&part[i]);
    return 0;
}
