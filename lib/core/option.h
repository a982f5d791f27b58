/* option.h - options as rows of a table (sts_option of stsfit.h), and their values as JSON.
 *
 * To add a training option: one row in train/options.c, one field in sts_train_options. */
#ifndef STS_CORE_OPTION_H
#define STS_CORE_OPTION_H

#include "core/json.h"

/* Copies a caller's struct, which begins with its size (0: that of 1.0) and may be of an earlier
 * version: members that it lacks are 0. 0, or -1 (STS_USAGE) where it is NULL. */
int sts_options_take(void *to, size_t size, const void *from, sts_err *err);

/* Adds the options that are given to `json`, by name: those that have all flags of `with` and none
 * of `without`. */
void sts_options_json(sts_json *json, const sts_option *rows, const void *values, unsigned with,
                      unsigned without);

#endif
