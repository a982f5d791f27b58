/* mapping.c - which tensor of a file is which parameter, and moving the numbers. */
#include "model/files.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "format/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* What heads' checkpoints and old wrappers put before the encoder's names. */
static const char *const prefix[] = {
    "0.auto_model.", "auto_model.", "0.model.", "model.",    "bert.",    "roberta.",
    "distilbert.",   "mpnet.",      "electra.", "albert.", "camembert.", "xlm_roberta.",
};

/* A parameter by the name that files have for it. */
typedef struct entry {
    const char *name;
    size_t param;
} entry;

typedef struct names {
    const sts_params *params;
    entry *v; /* by name */
    size_t n;
} names;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->name, ((const entry *)b)->name);
}

static int list_names(names *t, const sts_tensor_set *set, const char *own, sts_err *err)
{
    t->n = set->end - set->first;
    t->v = sts_alloc(t->n, sizeof *t->v);
    if (!t->v) return sts_fail_memory(err, "the list of tensors");
    for (size_t i = 0; i < t->n; i++)
        t->v[i] = (entry){t->params->v[set->first + i].name + strlen(own), set->first + i};
    if (t->n) qsort(t->v, t->n, sizeof *t->v, by_name);
    return 0;
}

/* The parameter of exactly that name, or -1. */
static int find_exact(const names *t, const char *name)
{
    entry key = {.name = name};
    const entry *e = t->n ? bsearch(&key, t->v, t->n, sizeof key, by_name) : NULL;
    return e ? (int)e->param : -1;
}

static size_t prefix_length(const char *name)
{
    for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++)
        if (!strncmp(name, prefix[i], strlen(prefix[i]))) return strlen(prefix[i]);
    return 0;
}

/* The parameter that a file's name means, or -1: as it is, else below known prefixes. */
static int find_param(const names *t, const char *name)
{
    char modern[512];
    size_t n = strlen(name);
    bool gamma = n > 6 && !strcmp(name + n - 6, ".gamma");
    bool beta = n > 5 && !strcmp(name + n - 5, ".beta");
    if (n + 8 < sizeof modern && (gamma || beta)) { /* LayerNorm's names in TensorFlow's days */
        snprintf(modern, sizeof modern, "%.*s%s", (int)(n - (gamma ? 6 : 5)), name,
                 gamma ? ".weight" : ".bias");
        name = modern;
    }
    for (int tries = 0; tries < 4; tries++) {
        int found = find_exact(t, name);
        size_t k = prefix_length(name);
        if (found >= 0) return found;
        if (!k) break;
        name += k;
    }
    return strcmp(name, "embeddings") ? -1 : find_exact(t, "embedding.weight"); /* model2vec */
}

/* ---- matching ---- */

static const char *shape_text(char out[128], const size_t *shape, int n)
{
    size_t at = sts_append(out, 128, 0, "[");
    for (int i = 0; i < n && at < 100; i++)
        at = sts_append(out, 128, at, "%s%zu", i ? ", " : "", shape[i]);
    sts_append(out, 128, at, "]");
    return out;
}

static int check_shape(const sts_tensor_set *set, const sts_tensor *t, const sts_param *p,
                       sts_err *err)
{
    bool same = t->n_dims == p->n_dims;
    for (int i = 0; same && i < p->n_dims; i++) same = t->shape[i] == p->shape[i];
    const char *path = set->weights.file[t->file].path;
    char found[128], wanted[128];
    if (!same)
        return sts_fail(err, STS_MODEL, "%s: tensor %s: shape %s, but the configuration asks for "
                        "%s", path, t->name, shape_text(found, t->shape, t->n_dims),
                        shape_text(wanted, p->shape, p->n_dims));
    if (t->dtype->to_float) return 0;
    return sts_fail(err, STS_MODEL, "%s: tensor %s: dtype %s; a weight must be F32, F16, BF16 or "
                    "F64", path, t->name, t->dtype->name);
}

/* Position ids are 0, 1, 2, ...: the reference drops them too. */
static bool position_ids(const sts_tensor *t)
{
    size_t n = strlen(t->name), k = strlen("position_ids");
    return !t->dtype->to_float && n >= k && !strcmp(t->name + n - k, "position_ids");
}

static int match_one(sts_tensor_set *set, const names *t, const sts_tensor *from, int *taken,
                     sts_err *err)
{
    sts_tensor_ref *r = &set->v[set->n];
    int param = find_param(t, from->name);
    *r = (sts_tensor_ref){.param = param, .dtype = from->dtype, .n_dims = from->n_dims};
    r->name = sts_strdup(from->name);
    if (!r->name) return sts_fail_memory(err, from->name);
    set->n++;
    memcpy(r->shape, from->shape, sizeof r->shape);
    r->drop = param < 0 && position_ids(from);
    if (param < 0) return 0;
    int *slot = &taken[(size_t)param - set->first];
    if (*slot)
        return sts_fail(err, STS_MODEL, "%s: tensors %s and %s are the same weight",
                        set->weights.file[from->file].path, set->v[*slot - 1].name, from->name);
    *slot = (int)set->n;
    return check_shape(set, from, &t->params->v[param], err);
}

static int check_complete(const sts_tensor_set *set, const sts_params *params, const char *own,
                          const int *taken, sts_err *err)
{
    size_t missing = 0, first = 0;
    for (size_t i = set->end; i-- > set->first;) {
        if (taken[i - set->first]) continue;
        missing++;
        first = i;
    }
    if (!missing) return 0;
    char more[48] = "";
    if (missing > 1) snprintf(more, sizeof more, ", and so are %zu more", missing - 1);
    return sts_fail(err, STS_MODEL, "%s: tensor %s is missing%s", set->weights.file[0].path,
                    params->v[first].name + strlen(own), more);
}

/* The values of a set may not take more than its files can hold. */
static int check_size(const sts_tensor_set *set, const sts_params *params, sts_err *err)
{
    size_t all = 0, ours = 0;
    for (size_t i = 0; i < set->weights.n; i++) all += set->weights.v[i].count;
    for (size_t i = set->first; i < set->end; i++) ours += params->v[i].count;
    if (ours <= all) return 0;
    return sts_fail(err, STS_MODEL, "%s: holds %zu numbers, the configuration asks for %zu",
                    set->weights.file[0].path, all, ours);
}

int sts_set_match(sts_tensor_set *set, const sts_params *params, const char *own, sts_err *err)
{
    if (sts_model2vec_is(set)) return sts_model2vec_match(set, params, err);
    names t = {.params = params};
    int rc = list_names(&t, set, own, err);
    int *taken = sts_alloc(t.n, sizeof *taken);
    set->v = sts_alloc(set->weights.n, sizeof *set->v);
    if (!rc && (!taken || !set->v)) rc = sts_fail_memory(err, "the list of tensors");
    for (size_t i = 0; !rc && i < set->weights.n; i++)
        rc = match_one(set, &t, &set->weights.v[i], taken, err);
    if (!rc) rc = check_complete(set, params, own, taken, err);
    if (!rc) rc = check_size(set, params, err);
    sts_free(t.v);
    sts_free(taken);
    return rc;
}

/* ---- moving the numbers ---- */

/* Keeps the bytes of a tensor that is not used; damaged numbers are refused there too. */
static int carry(sts_tensor_set *set, sts_tensor_ref *r, const sts_tensor *t, sts_err *err)
{
    enum { PIECE = 1024 };
    float x[PIECE];
    size_t width = t->dtype->bits / 8;
    r->bytes = sts_realloc(NULL, t->bytes, 1);
    if (!r->bytes) return sts_fail_memory(err, t->name);
    r->n_bytes = t->bytes;
    if (sts_weights_read_raw(&set->weights, t, r->bytes, err)) return -1;
    for (size_t i = 0; t->dtype->to_float && i < t->count; i += PIECE) {
        size_t n = t->count - i < PIECE ? t->count - i : PIECE;
        t->dtype->to_float((const unsigned char *)r->bytes + i * width, n, x);
        if (sts_not_finite(x, n) < n)
            return sts_fail(err, STS_MODEL, "%s: tensor %s: holds NaN or infinity",
                            set->weights.file[t->file].path, t->name);
    }
    return 0;
}

/* Where its numbers begin. */
static int by_place(const void *a, const void *b)
{
    const sts_tensor *x = *(const sts_tensor *const *)a, *y = *(const sts_tensor *const *)b;
    if (x->file != y->file) return x->file < y->file ? -1 : 1;
    if (x->record != y->record) return x->record < y->record ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* In a zip archive a head may share its numbers with a parameter: then it is no tensor of its own,
 * and would be out of date once the parameter is trained. */
static int drop_shared(sts_tensor_set *set, sts_err *err)
{
    const sts_tensor *v = set->weights.v, **used = sts_alloc(set->n, sizeof *used);
    size_t n = 0;
    if (!used) return sts_fail_memory(err, "the list of tensors");
    for (size_t i = 0; i < set->n; i++)
        if (set->v[i].param >= 0 && v[i].record >= 0) used[n++] = &v[i];
    if (n) qsort(used, n, sizeof *used, by_place);
    for (size_t i = 0; i < set->n && n; i++) {
        const sts_tensor *key = &v[i];
        if (set->v[i].param < 0 && bsearch(&key, used, n, sizeof *used, by_place))
            set->v[i].drop = true;
    }
    sts_free(used);
    return 0;
}

int sts_set_read(sts_tensor_set *set, sts_params *params, sts_err *err)
{
    if (set->folded ? sts_model2vec_read(set, params, err) : drop_shared(set, err)) return -1;
    for (size_t i = 0; i < set->n && !set->folded; i++) {
        sts_tensor_ref *r = &set->v[i];
        const sts_tensor *t = &set->weights.v[i];
        if (r->drop) continue;
        int rc = r->param < 0 ? carry(set, r, t, err)
                              : sts_weights_read(&set->weights, t,
                                                 params->value + params->v[r->param].offset, err);
        if (rc) return -1;
    }
    sts_weights_done(&set->weights);
    return 0;
}

int sts_set_write(const sts_tensor_set *set, const sts_params *params, const char *dir,
                  sts_err *err)
{
    sts_tensor_out *v = sts_alloc(set->n, sizeof *v);
    char *path = sts_path_join(dir, "model.safetensors");
    int rc = v && path ? 0 : sts_fail_memory(err, dir);
    size_t n = 0;
    for (size_t i = 0; !rc && i < set->n; i++) {
        const sts_tensor_ref *r = &set->v[i];
        const sts_param *p = r->param < 0 ? NULL : &params->v[r->param];
        if (r->drop) continue;
        if (p)
            v[n++] = (sts_tensor_out){r->name, sts_f32, p->n_dims, p->shape,
                                      params->value + p->offset, p->count * sizeof(float)};
        else
            v[n++] = (sts_tensor_out){r->name, r->dtype, r->n_dims, r->shape, r->bytes, r->n_bytes};
    }
    if (!rc) rc = sts_safetensors_write(path, v, n, set->mode, err);
    sts_free(path);
    sts_free(v);
    return rc;
}
