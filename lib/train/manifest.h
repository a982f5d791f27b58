/* manifest.h - checksums.json: the size and CRC-32 of every file of a directory, written last and
 * checked before anything in the directory is believed. */
#ifndef STS_TRAIN_MANIFEST_H
#define STS_TRAIN_MANIFEST_H

#include "core/err.h"
#include "core/json.h"

#define STS_MANIFEST "checksums.json"

/* Writes dir/checksums.json over every file below dir. 0, or -1. */
int sts_manifest_write(const char *dir, sts_err *err);

/* dir/checksums.json, whose "files" are well-formed; freed by cJSON_Delete. NULL on error. */
cJSON *sts_manifest_load(const char *dir, sts_err *err);

/* Checks that checksums.json lists the n files `needed`, and every file that it lists. 0, or -1
 * (STS_MODEL) naming the first one that is missing or differs. */
int sts_manifest_check(const char *dir, const char *const *needed, size_t n, sts_err *err);

#endif
