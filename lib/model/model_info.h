/* model_info.h - what is in a model directory, as JSON and as a tree for people. */
#ifndef STS_MODEL_MODEL_INFO_H
#define STS_MODEL_MODEL_INFO_H

#include "core/json.h"

/* Loads the model (of a run, a checkpoint or a directory) and describes it; freed by sts_json_free.
 * NULL on error. */
sts_json *sts_model_info(const char *dir, sts_err *err);

/* The same as text, with every tensor and file if `full`; newly allocated (sts_free); NULL when
 * memory is out. */
char *sts_model_info_text(const sts_json *info, bool full);

#endif
