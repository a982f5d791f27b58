/* weights.h - the tensors of a model's weight files (safetensors, in one file or sharded, or a
 * PyTorch zip archive): first the checked list of what is there, then the values one by one.
 *
 * Opening a file allocates for its header only; no tensor is believed before its name, shape,
 * type and place in the file were checked against the file's size. */
#ifndef STS_FORMAT_WEIGHTS_H
#define STS_FORMAT_WEIGHTS_H

#include "core/arena.h"
#include "core/err.h"
#include "core/limits.h"
#include "format/dtype.h"

typedef struct sts_tensor {
    const char *name; /* borrowed from the weights */
    const sts_dtype *dtype;
    int n_dims;
    size_t shape[STS_TENSOR_DIMS];
    size_t count, bytes; /* elements, and what they take */
    int file;            /* which of the weights' files */
    uint64_t offset;     /* safetensors: of its first byte; zip: of its first element in record */
    int64_t record;      /* zip: the archive's entry */
    size_t stride[STS_TENSOR_DIMS]; /* zip: in elements */
} sts_tensor;

struct zip;

typedef struct sts_weights_file {
    char *path;
    int fd;          /* safetensors; -1 for a zip archive */
    struct zip *zip;
} sts_weights_file;

typedef struct sts_weights {
    sts_arena arena;
    sts_tensor *v;
    size_t n, cap;
    sts_weights_file *file;
    size_t n_files, cap_files;
} sts_weights;

/* Opens the weights of a directory: model.safetensors, else model.safetensors.index.json and its
 * shards, else pytorch_model.bin, else pytorch_model.bin.index.json and its shards, else
 * embeddings.safetensors. The first that exists counts: a broken one is an error. */
int sts_weights_open(sts_weights *w, const char *dir, sts_err *err);
/* Adds the tensors of one file. */
int sts_weights_add(sts_weights *w, const char *path, sts_err *err);
void sts_weights_done(sts_weights *w);

/* The tensor of that name, or NULL. */
const sts_tensor *sts_weights_find(const sts_weights *w, const char *name);
/* Its values as float32 into out[t->count]; NaN and infinity are refused by name. */
int sts_weights_read(const sts_weights *w, const sts_tensor *t, float *out, sts_err *err);
/* Its bytes as they are (in row-major order), into out[t->bytes]. */
int sts_weights_read_raw(const sts_weights *w, const sts_tensor *t, void *out, sts_err *err);

/* For the readers of formats: checks a tensor's shape against its type, sets count and bytes. */
int sts_tensor_measure(sts_tensor *t, const char *path, sts_err *err);
/* Appends it (its name is copied when `name` is given). */
int sts_weights_push(sts_weights *w, const sts_tensor *t, const char *path, sts_err *err);
/* Orders the tensors by name and refuses two of one name. */
int sts_weights_sort(sts_weights *w, sts_err *err);

#endif
