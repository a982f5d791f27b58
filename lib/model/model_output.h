/* model_output.h - a model directory that a command writes: complete or absent. */
#ifndef STS_MODEL_MODEL_OUTPUT_H
#define STS_MODEL_MODEL_OUTPUT_H

#include "model/model.h"

/* Before the work: whether `dir` is free, that is, does not exist or is an empty directory.
 * 0, or -1 (STS_USAGE). */
int sts_model_output_check(const char *dir, sts_err *err);

/* Writes the model with `card` as its README.md (NULL: the model's own) to `dir`, which is free;
 * parents are made. Of several ranks the first writes. 0, or -1: then `dir` is as it was. */
int sts_model_output_write(const sts_model *m, const char *card, const char *dir, sts_err *err);

#endif
