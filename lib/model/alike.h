/* alike.h - whether the weights of two models can stand for each other. */
#ifndef STS_MODEL_ALIKE_H
#define STS_MODEL_ALIKE_H

#include "model/model.h"

/* Whether both have the same modules, tensors and tokenizer, and with equal weights would give the
 * same vectors: 0, or -1 (STS_MODEL) naming b's file or tensor that differs, and how. Prompts,
 * lengths and dropout may differ. b's values are replaced for a moment. */
int sts_model_alike(const sts_model *a, sts_model *b, sts_err *err);

#endif
