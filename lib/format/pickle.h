/* pickle.h - the tensors that a PyTorch state dict lists. A strict interpreter of the opcodes and
 * names that tensors need: it makes tuples, dictionaries and tensor descriptions, calls nothing,
 * and refuses everything else by name. */
#ifndef STS_FORMAT_PICKLE_H
#define STS_FORMAT_PICKLE_H

#include "format/weights.h"

typedef struct sts_pickle_tensor {
    sts_str name;    /* these borrow from the pickle */
    sts_str storage; /* its key: the record "data/KEY" */
    size_t numel;    /* elements of the storage */
    sts_tensor t;    /* dtype, shape, stride, offset; within the storage, and no larger than it */
} sts_pickle_tensor;

/* Runs p[n]; `path` is for messages. *v (n_v tensors) is taken from the arena. */
int sts_pickle_read(const unsigned char *p, size_t n, const char *path, sts_arena *arena,
                    sts_pickle_tensor **v, size_t *n_v, sts_err *err);

#endif
