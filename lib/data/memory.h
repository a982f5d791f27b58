/* memory.h - rows that a program holds in memory, as a data set. */
#ifndef STS_DATA_MEMORY_H
#define STS_DATA_MEMORY_H

#include "data/corpus.h"

struct sts_data {
    sts_dataset *set;
    size_t cap;     /* of its rows */
    double *weight; /* [rows], or NULL: they have none */
    uint64_t *id;   /* the same */
    size_t cap_weight, cap_id;
};

#define STS_MEMORY "memory" /* stands for the path */

/* The rows as a corpus of its own. 0, or -1. */
int sts_corpus_copy(sts_corpus *c, const sts_data *data, sts_err *err);

#endif
