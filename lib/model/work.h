/* work.h - what a step works with: one block of memory, sized before the first step, handed out
 * front to back (nothing is allocated while a step runs), and how its products are made. */
#ifndef STS_MODEL_WORK_H
#define STS_MODEL_WORK_H

#include "core/err.h"
#include "math/gemm.h"

typedef struct sts_work {
    unsigned char *base; /* 64-byte aligned */
    size_t used, cap;    /* bytes */
    bool dry;            /* count only: takes give a non-NULL address that must not be used */
    sts_products products; /* of the step */
} sts_work;

/* n elements of `size` bytes, 64-byte aligned, not zeroed. Never NULL on a workspace of the size
 * that a dry pass over the same calls has counted. */
void *sts_work_take(sts_work *w, size_t n, size_t size);
/* Makes cap at least `bytes`; contents are lost. */
int sts_work_reserve(sts_work *w, size_t bytes, sts_err *err);
void sts_work_free(sts_work *w);

#endif
