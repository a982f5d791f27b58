/* optimizer_state.h - AdamW's moments in a file: dense tensors whole, of sparse ones the rows that
 * were ever touched. Little-endian; only ever read back by the same program. */
#ifndef STS_TRAIN_OPTIMIZER_STATE_H
#define STS_TRAIN_OPTIMIZER_STATE_H

#include "train/adamw.h"

int sts_optimizer_save(const char *path, const sts_adamw *a, sts_err *err);
/* Into a fresh a of the same shape. STS_MODEL when the file does not fit it. */
int sts_optimizer_load(const char *path, sts_adamw *a, sts_err *err);

#endif
