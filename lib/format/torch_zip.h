/* torch_zip.h - PyTorch's zip archives (torch.save since 1.6): ROOT/data.pkl lists the tensors, and
 * ROOT/data/KEY holds the numbers of a storage, uncompressed. */
#ifndef STS_FORMAT_TORCH_ZIP_H
#define STS_FORMAT_TORCH_ZIP_H

#include "format/weights.h"

/* Adds the tensors of one archive, every record's CRC checked; it stays open in w. */
int sts_torch_zip_open(sts_weights *w, const char *path, sts_err *err);
/* A tensor's elements in row-major order. */
int sts_torch_zip_read(const sts_weights_file *f, const sts_tensor *t, void *out, sts_err *err);
void sts_torch_zip_close(struct zip *z);

#endif
