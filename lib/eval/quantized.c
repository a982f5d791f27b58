/* quantized.c - the evaluation of quantized vectors. */
#include "eval/quantized.h"

#include "core/mem.h"
#include "data/texts.h"
#include "math/quantize.h"
#include "model/block.h"

/* Ranges from the vectors of a file's texts. */
static int fit_file(sts_quantizer *q, const sts_model *m, const char *path, sts_err *err)
{
    sts_arena arena = {0};
    sts_str *text;
    size_t n, width = (size_t)m->dim;
    int rc = sts_texts_read(path, NULL, &arena, &text, &n, err);
    float *v = rc ? NULL : sts_alloc(n, width * sizeof *v);
    if (!rc && !v) rc = sts_fail_memory(err, path);
    if (!rc) rc = sts_embed_texts(m, text, n, 1, v, NULL, "encoding", err);
    if (!rc) {
        sts_unit_rows(v, n, width);
        sts_quantizer_fit(q, v, n);
    }
    sts_free(v);
    sts_free(text);
    sts_arena_free(&arena);
    return rc;
}

static int fit(sts_quantizer *q, const sts_model *m, const float *emb, size_t n,
               const sts_quantization *o, sts_err *err)
{
    if (!o->calibration) sts_quantizer_fit(q, emb, n);
    else if (fit_file(q, m, o->calibration, err)) return -1;
    return sts_quantizer_check(q, o->calibration ? o->calibration : o->name, err);
}

int sts_evaluate_quantized(sts_evaluation *e, const sts_model *m, float *emb,
                           const sts_token_rows *d, const sts_quantization *o, sts_err *err)
{
    size_t n = d->n * (size_t)d->columns, width = (size_t)m->dim;
    sts_quantizer *q = sts_quantizer_new(o->type, width, err);
    if (!q) return -1;
    sts_unit_rows(emb, n, width);
    int rc = fit(q, m, emb, n, o, err);
    if (!rc) rc = sts_quantizer_round(q, emb, n, err);
    if (!rc) rc = sts_evaluate_vectors(e, m, emb, d, true, err);
    sts_quantizer_free(q);
    return rc;
}
