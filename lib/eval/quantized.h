/* quantized.h - what vectors lose by being stored as bytes or bits. */
#ifndef STS_EVAL_QUANTIZED_H
#define STS_EVAL_QUANTIZED_H

#include "eval/evaluate.h"

typedef struct sts_quantization {
    const char *type;        /* as sts_quantizer_new */
    const char *calibration; /* a file of texts that give int8 its ranges; NULL: the rows' own */
    const char *name;        /* of the rows, for messages */
} sts_quantization;

/* Evaluates vectors emb [n * columns x m->dim] as sts_evaluate_vectors, scaled to length 1 and
 * quantized: as EmbeddingSimilarityEvaluator with a precision. emb is overwritten. 0, or -1. */
int sts_evaluate_quantized(sts_evaluation *e, const sts_model *m, float *emb,
                           const sts_token_rows *d, const sts_quantization *o, sts_err *err);

#endif
