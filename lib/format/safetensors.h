/* safetensors.h - the file format of weights: 8 bytes of header length (little-endian), a header in
 * JSON {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}, then the data.
 * Ranges must tile the data: no overlap, no hole, nothing behind. */
#ifndef STS_FORMAT_SAFETENSORS_H
#define STS_FORMAT_SAFETENSORS_H

#include "core/limits.h"
#include "format/weights.h"

#include <sys/types.h>

/* Adds the tensors of one file; the file stays open in w. */
int sts_safetensors_open(sts_weights *w, const char *path, sts_err *err);
/* `bytes` bytes of the file from `offset` on. */
int sts_safetensors_read(const sts_weights_file *f, uint64_t offset, void *out, size_t bytes,
                         sts_err *err);

/* A tensor to be written; everything is borrowed. */
typedef struct sts_tensor_out {
    const char *name;
    const sts_dtype *dtype;
    int n_dims;
    const size_t *shape;
    const void *data;
    size_t bytes;
} sts_tensor_out;

/* Writes a file, complete or absent, the tensors of the widest types first, as the format's
 * alignment wants it; with no permission that `mode` does not have. */
int sts_safetensors_write(const char *path, sts_tensor_out *v, size_t n, mode_t mode,
                          sts_err *err);

#endif
