/* model2vec.c - tables of model2vec that are not as we write them: several tokens may share a row
 * ("mapping"), each with a factor ("weights"), and numbers may be int8: row i of our table is
 * embeddings[mapping[i]] * weights[i]. */
#include "core/mem.h"
#include "model/files.h"

#include <string.h>

static const char *path_of(const sts_tensor_set *set)
{
    return set->weights.file[0].path;
}

const sts_tensor *sts_model2vec_table(const sts_weights *w)
{
    const sts_tensor *t = sts_weights_find(w, "embedding.weight"); /* sentence-transformers */
    return t ? t : sts_weights_find(w, "embeddings");
}

static bool whole_bytes(const sts_tensor *t)
{
    return t->dtype == sts_dtype_find("I8", 2);
}

bool sts_model2vec_is(const sts_tensor_set *set)
{
    const sts_weights *w = &set->weights;
    const sts_tensor *t = sts_model2vec_table(w);
    if (!t || t->n_dims != 2) return false;
    return whole_bytes(t) || sts_weights_find(w, "mapping") || sts_weights_find(w, "weights");
}

/* The tensor must be a vector with one number for each row of the table. */
static int check_vector(const sts_tensor_set *set, const sts_tensor *t, size_t rows, sts_err *err)
{
    if (!t || (t->n_dims == 1 && t->count == rows)) return 0;
    return sts_fail(err, STS_MODEL, "%s: tensor %s: must be a vector of %zu numbers", path_of(set),
                    t->name, rows);
}

int sts_model2vec_match(sts_tensor_set *set, const sts_params *params, sts_err *err)
{
    const sts_param *p = &params->v[set->first];
    set->folded = true;
    if (check_vector(set, sts_weights_find(&set->weights, "mapping"), p->shape[0], err) ||
        check_vector(set, sts_weights_find(&set->weights, "weights"), p->shape[0], err))
        return -1;
    set->v = sts_alloc(1, sizeof *set->v);
    if (!set->v) return sts_fail_memory(err, "the list of tensors");
    set->n = 1;
    *set->v = (sts_tensor_ref){.param = (int)set->first, .dtype = sts_f32};
    set->v->name = sts_strdup("embeddings");
    return set->v->name ? 0 : sts_fail_memory(err, "the list of tensors");
}

/* mapping[rows] as numbers below `limit`. */
static int read_mapping(const sts_tensor_set *set, const sts_tensor *t, size_t limit, size_t *out,
                        sts_err *err)
{
    size_t width = t->dtype->bits / 8;
    bool whole = t->dtype == sts_dtype_find("I64", 3) || t->dtype == sts_dtype_find("I32", 3);
    if (!whole)
        return sts_fail(err, STS_MODEL, "%s: tensor mapping: must be I64 or I32", path_of(set));
    unsigned char *raw = sts_realloc(NULL, t->bytes, 1);
    int rc = raw ? sts_weights_read_raw(&set->weights, t, raw, err)
                 : sts_fail_memory(err, "the mapping");
    for (size_t i = 0; !rc && i < t->count; i++) {
        int64_t wide = 0;
        int32_t narrow;
        memcpy(width == 8 ? (void *)&wide : (void *)&narrow, raw + i * width, width);
        if (width == 4) wide = narrow;
        if (wide < 0 || (uint64_t)wide >= limit)
            rc = sts_fail(err, STS_MODEL, "%s: tensor mapping: element %zu is %lld, beyond the "
                          "table", path_of(set), i, (long long)wide);
        else out[i] = (size_t)wide;
    }
    sts_free(raw);
    return rc;
}

/* The table's numbers; int8 stand for themselves, since a common factor is lost. */
static int read_table(const sts_tensor_set *set, const sts_tensor *t, float *out, sts_err *err)
{
    if (!whole_bytes(t)) return sts_weights_read(&set->weights, t, out, err);
    int8_t *raw = sts_realloc(NULL, t->bytes, 1);
    int rc = raw ? sts_weights_read_raw(&set->weights, t, raw, err)
                 : sts_fail_memory(err, "the embeddings");
    for (size_t i = 0; !rc && i < t->count; i++) out[i] = raw[i];
    sts_free(raw);
    return rc;
}

int sts_model2vec_read(sts_tensor_set *set, sts_params *params, sts_err *err)
{
    const sts_param *p = &params->v[set->first];
    const sts_weights *w = &set->weights;
    const sts_tensor *e = sts_model2vec_table(w), *m = sts_weights_find(w, "mapping");
    const sts_tensor *f = sts_weights_find(w, "weights");
    size_t rows = p->shape[0], D = p->shape[1];
    float *table = sts_alloc(e->count, sizeof *table), *factor = sts_alloc(rows, sizeof *factor);
    size_t *row = sts_alloc(rows, sizeof *row);
    int rc = table && factor && row ? 0 : sts_fail_memory(err, "the embeddings");
    if (!rc) rc = read_table(set, e, table, err);
    if (!rc && m) rc = read_mapping(set, m, e->shape[0], row, err);
    if (!rc && f) rc = sts_weights_read(w, f, factor, err);
    float *out = params->value + p->offset;
    for (size_t i = 0; !rc && i < rows; i++) {
        const float *from = table + (m ? row[i] : i) * D;
        for (size_t j = 0; j < D; j++) out[i * D + j] = f ? from[j] * factor[i] : from[j];
    }
    sts_free(table);
    sts_free(factor);
    sts_free(row);
    return rc;
}
