/* checkpoint.h - RUN/checkpoint-N: the model's directory, the optimizer's state and the run's,
 * complete or absent. A run resumes from one bit for bit. */
#ifndef STS_TRAIN_CHECKPOINT_H
#define STS_TRAIN_CHECKPOINT_H

#include "core/json.h"
#include "core/run_dir.h"
#include "model/model.h"
#include "train/trainer.h"

/* Writes RUN/checkpoint-STEP: the trainer's model, `card` (README.md), optimizer, projection,
 * `state` (trainer.json), `mean` (averaged weights; NULL: none) and checksums, under a temporary
 * name, synced and then renamed. The weights must be flushed (sts_adamw_flush). */
int sts_checkpoint_save(const char *run, const sts_trainer *t, const char *card,
                        const sts_json *state, const float *mean, sts_err *err);

/* Whether a checkpoint is as it was written: has what it must have, by its checksums. 0, or -1
 * (STS_MODEL). */
int sts_checkpoint_check(const char *dir, sts_err *err);

/* The steps of the checkpoints of a run, known by what is in them, ascending; freed by sts_free.
 * 0, or -1. */
int sts_checkpoint_list(const char *run, uint64_t **steps, size_t *n, sts_err *err);

/* The same of what has a checkpoint's name, but is not stsfit's and not empty, or holds files
 * that stsfit did not write. */
int sts_checkpoint_list_foreign(const char *run, uint64_t **steps, size_t *n, sts_err *err);

/* Removes a checkpoint, unless it holds files that stsfit did not write there: it stays then, and a
 * note says so. */
int sts_checkpoint_drop(const char *run, uint64_t step, sts_err *err);

/* "RUN/checkpoint-STEP", newly allocated; NULL when memory is out. */
char *sts_checkpoint_path(const char *run, uint64_t step);

/* The averaged weights of a checkpoint, laid out as p's, into mean. 0, or -1 (STS_MODEL). */
int sts_checkpoint_load_mean(const char *dir, const sts_params *p, float *mean, sts_err *err);

/* The optimizer's state of a checkpoint into a (initialised for the same model), which is then at
 * the checkpoint's step. 0, or -1 (STS_MODEL). */
int sts_checkpoint_load_optimizer(const char *dir, sts_adamw *a, sts_err *err);
/* The same of the projection, where there is one. */
int sts_checkpoint_load_projection(const char *dir, sts_projection *p, sts_err *err);

/* Removes all but the newest `limit` checkpoints up to that of step `last`, and those of the steps
 * keep[n_keep]. Later ones, passed over when the run resumed, are left until their step. */
int sts_checkpoint_rotate(const char *run, uint64_t last, size_t limit, const uint64_t *keep,
                          size_t n_keep, sts_err *err);

/* Removes what an interrupted save left behind, except directories that hold anything else; a model
 * whose replacement was cut short gets its name again. */
int sts_checkpoint_sweep(const char *run, sts_err *err);

/* Copies the model of the checkpoint `from` (the files of its checksums, except the trainer's) into
 * a directory beside `dir`, whose name is newly allocated; NULL on error. */
char *sts_checkpoint_stage(const char *from, const char *dir, sts_err *err);

/* Puts the staged directory, complete, in the place of `dir` and what was there. */
int sts_checkpoint_publish(const char *staged, const char *dir, sts_err *err);

/* A directory in `run`, of a name that sts_checkpoint_sweep knows, with the model and its
 * checksums: what is published where no checkpoint has the weights. Newly allocated, or NULL. */
char *sts_checkpoint_scratch(const char *run, const sts_model *m, sts_err *err);
/* Removes such a directory. 0, or -1. */
int sts_checkpoint_unscratch(const char *dir, sts_err *err);

#endif
