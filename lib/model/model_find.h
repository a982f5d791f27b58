/* model_find.h - models by name: where `stsfit fetch` and the Hugging Face tools put them. */
#ifndef STS_MODEL_MODEL_FIND_H
#define STS_MODEL_MODEL_FIND_H

#include "core/err.h"

/* The directory of a model called `name` ("BAAI/bge-small-en-v1.5"): models/NAME
 * here, else NAME in the user's data directory, else the Hugging Face cache. Nothing is written.
 * 1: *dir is newly allocated (sts_free); 0: there is none; -1: that is unknown,
 * or out of memory. */
int sts_model_find(const char *name, char **dir, sts_err *err);

#endif
