/* weights_list.c - the tensors that weight files hold: each measured, listed, found by its name. */
#include "format/weights.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

int sts_tensor_measure(sts_tensor *t, const char *path, sts_err *err)
{
    t->count = 1;
    for (int i = 0; i < t->n_dims; i++)
        if (!sts_mul(t->count, t->shape[i], &t->count))
            return sts_fail(err, STS_MODEL, "%s: tensor %s: its shape overflows", path, t->name);
    if (!sts_dtype_bytes(t->dtype, t->count, &t->bytes))
        return sts_fail(err, STS_MODEL, "%s: tensor %s: its shape overflows or does not fill whole "
                        "bytes", path, t->name);
    return 0;
}

int sts_weights_push(sts_weights *w, const sts_tensor *t, const char *path, sts_err *err)
{
    if (w->n >= STS_MAX_TENSORS)
        return sts_fail(err, STS_MODEL, "%s: more than 100,000 tensors", path);
    if (sts_grow(&w->v, w->n, &w->cap, sizeof *w->v)) return sts_fail_memory(err, path);
    w->v[w->n++] = *t;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const sts_tensor *)a)->name, ((const sts_tensor *)b)->name);
}

int sts_weights_sort(sts_weights *w, sts_err *err)
{
    if (w->n) qsort(w->v, w->n, sizeof *w->v, by_name);
    for (size_t i = 1; i < w->n; i++)
        if (!strcmp(w->v[i - 1].name, w->v[i].name))
            return sts_fail(err, STS_MODEL, "%s: tensor %s occurs twice",
                            w->file[w->v[i].file].path, w->v[i].name);
    return 0;
}

const sts_tensor *sts_weights_find(const sts_weights *w, const char *name)
{
    sts_tensor key = {.name = name};
    return w->n ? bsearch(&key, w->v, w->n, sizeof key, by_name) : NULL;
}
