/* reduce.h - a step's gradients added up over the ranks. Dense tensors go in buckets, from the last
 * of the table to the first, which is the order in which backward finishes them, while it runs
 * with the rest; of sparse tensors only the rows that the step touches. */
#ifndef STS_TRAIN_REDUCE_H
#define STS_TRAIN_REDUCE_H

#include "train/adamw.h"

typedef struct sts_bucket {
    size_t offset, count; /* of params->grad, in floats */
} sts_bucket;

typedef struct sts_reduce {
    sts_params *params; /* borrowed */
    sts_bucket *bucket; /* by falling offsets */
    size_t n, cap, started;
    float *rows;        /* of sparse tensors, packed */
    size_t cap_rows;
} sts_reduce;

/* Cuts what is trained into buckets. 0, or -1 when memory is out. Freed by sts_reduce_free. */
int sts_reduce_init(sts_reduce *r, sts_params *params, sts_err *err);
void sts_reduce_free(sts_reduce *r);

/* Before the backward pass that completes the gradients: from now on each bucket goes out as soon
 * as it is said to be complete. */
void sts_reduce_open(sts_reduce *r);

/* After it: sends the rest, and returns when all sums are there. 0, or -1. */
int sts_reduce_close(sts_reduce *r, const sts_touched *touched, sts_err *err);

#endif
