/* manifest.h - checksums.json: the size and CRC-32 of the files that belong to a directory, written
 * last and checked before anything in the directory is believed. */
#ifndef STS_TRAIN_MANIFEST_H
#define STS_TRAIN_MANIFEST_H

#include "core/err.h"
#include "core/json.h"
#include "core/run_dir.h"

/* What a checkpoint has besides the model. */
#define STS_OPTIMIZER "optimizer.bin"
#define STS_STATE "trainer.json"
#define STS_AVERAGE "average.bin" /* where there is one */
#define STS_PROJECTION "projection.bin" /* likewise, and its moments */
#define STS_PROJECTION_OPTIMIZER "projection-optimizer.bin"

/* Writes dir/checksums.json over the n files `names` below dir: what else lies there is not
 * vouched for. 0, or -1. */
int sts_manifest_write(const char *dir, const char *const *names, size_t n, sts_err *err);

/* dir/checksums.json, whose "files" are well-formed; freed by sts_json_free. NULL on error. */
sts_json *sts_manifest_load(const char *dir, sts_err *err);

/* Checks that checksums.json lists the n files `needed`, and every file that it lists. 0, or -1
 * (STS_MODEL) naming the first one that is missing or differs. Names that neither a model nor a
 * checkpoint has count for nothing. */
int sts_manifest_check(const char *dir, const char *const *needed, size_t n, sts_err *err);

/* Checks the files below dir that `files` lists with a size and a CRC-32; others, and names as
 * above, count for nothing. 0, or -1 (STS_MODEL) naming the first that is missing or differs. */
int sts_manifest_check_files(const char *dir, const sts_json *files, sts_err *err);

/* The path of the first file below dir that is neither a member of `files` (names below dir) nor
 * the checksums, nor a temporary file of these, newly allocated into *stray; NULL: there is none.
 * Links count as files. `files` NULL: the names that a checkpoint or a model may have. */
int sts_manifest_stray(const char *dir, const sts_json *files, char **stray, sts_err *err);

#endif
