/* precision.h - how a model's products are made: in float32, or with factors rounded to bf16 where
 * that is faster. Which is faster depends on processor, library and shapes, so it is measured. */
#ifndef STS_MODEL_PRECISION_H
#define STS_MODEL_PRECISION_H

#include "model/model.h"

/* What is asked of the machine; tests put answers of their own here. */
typedef struct sts_precision_probe {
    /* 0, or -1 with the reason why there is no bf16. */
    int (*open)(sts_err *err);
    /* Seconds of the products of a forward and backward pass over a few tokens, of one layer of
     * each shape that the model has; in bf16 its weights are rounded. 0, or -1 with *err. */
    int (*measure)(const sts_model *m, bool bf16, double *seconds, sts_err *err);
} sts_precision_probe;

extern sts_precision_probe sts_precision_now;

#endif
