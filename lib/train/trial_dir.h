/* trial_dir.h - the directories of a search: OUT/trial-N, a run each, and OUT, which becomes the
 * run of the best of them. */
#ifndef STS_TRAIN_TRIAL_DIR_H
#define STS_TRAIN_TRIAL_DIR_H

#include "core/json.h"

/* "OUT/trial-N", newly allocated; NULL when memory is out. */
char *sts_trial_path(const char *out, size_t trial);

/* Whether OUT holds a search of stsfit: 1, and *search (freed by sts_json_free) is its tune.json;
 * 0: none; -1. */
int sts_search_dir_read(const char *out, sts_json **search, sts_err *err);

/* Whether a trial's directory has a run that has ended, model and all. */
bool sts_trial_is_whole(const char *dir);

/* Whether the model that the trial's report lists is already that of OUT, and its files are not:
 * the program was killed between. sts_trial_publish moves these. */
bool sts_trial_is_moved(const char *dir, const char *out);

/* Removes the checkpoints of a run that has ended. 0, or -1. */
int sts_trial_drop_checkpoints(const char *dir, sts_err *err);

/* Removes the directories of all trials in OUT but those of keep[n_keep], except what stsfit did
 * not write there. */
int sts_trial_sweep(const char *out, const size_t *keep, size_t n_keep, sts_err *err);

/* Moves a trial's run to OUT, in the place of the run that is there. The trial's directory stays,
 * without it. 0, or -1. */
int sts_trial_publish(const char *dir, const char *out, sts_err *err);

#endif
