/* model_info.h - what is in a model directory, as JSON and as a tree for people. */
#ifndef STS_MODEL_MODEL_INFO_H
#define STS_MODEL_MODEL_INFO_H

#include "core/json.h"

/* Loads the model (of a run, a checkpoint or a directory) and describes it; freed by cJSON_Delete.
 * NULL on error. */
cJSON *sts_model_info(const char *dir, sts_err *err);

/* The same as text, with every tensor and file if `full`; newly allocated (sts_free); NULL when
 * memory is out. */
char *sts_model_info_text(const cJSON *info, bool full);

#endif
