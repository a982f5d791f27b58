/* option.h - options as rows of a table (sts_option of stsfit.h), and their values as JSON.
 *
 * To add a training option: one row in train/options.c, one field in sts_train_options. */
#ifndef STS_CORE_OPTION_H
#define STS_CORE_OPTION_H

#include "core/json.h"

/* Adds the options that are given to `json`, by name: those that have all flags of `with` and none
 * of `without`. */
void sts_options_json(cJSON *json, const sts_option *rows, const void *values, unsigned with,
                      unsigned without);

#endif
