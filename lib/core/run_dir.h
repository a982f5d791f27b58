/* run_dir.h - whose a directory is: a run's is known by what is in its report.json, never by the
 * names in it. What stsfit removes or replaces is what it wrote into such a directory. */
#ifndef STS_CORE_RUN_DIR_H
#define STS_CORE_RUN_DIR_H

#include "core/err.h"
#include "core/json.h"

/* ---- the names in a run directory ---- */
#define STS_REPORT "report.json"
#define STS_PAGE "report.html"
#define STS_LOG "log.jsonl"
#define STS_CONFIG "config.json"
#define STS_PREDICTIONS "predictions.tsv"
#define STS_SEARCH "tune.json" /* where the run is the best of a search */
#define STS_LOCK ".lock"
#define STS_KEPT "model"
#define STS_CHECKPOINT "checkpoint-" /* and the step */
#define STS_TRIAL_DIR "trial-" /* and its number: the runs of a search in progress */
#define STS_MANIFEST "checksums.json" /* in a checkpoint */
#define STS_CARD "README.md" /* in model/ and in a checkpoint */

/* What is under way: a checkpoint (and the process), model/, what these take the place of, and a
 * trial of the disk. */
#define STS_UNFINISHED ".unfinished-"
#define STS_PUBLISHING "model.unfinished"
#define STS_REPLACED ".old"
#define STS_TRIAL ".trial"

/* ---- whose a directory is ---- */
/* 1: a run of stsfit, and *report (freed by sts_json_free) is its report.json; 0: none; -1: cannot
 * be found out (STS_FAILED). */
int sts_run_dir_read(const char *dir, sts_json **report, sts_err *err);

/* What report.json and tune.json begin with: which command wrote it, when, and how far it is. */
sts_json *sts_run_dir_head(const char *command, const char *status);

/* ---- what a name stands for ---- */

/* The files that a run writes into its directory, beside model/ and the checkpoints. */
bool sts_run_dir_has_file(const char *name);

/* Names of directories in which checkpoints and model/ are written before they get their own, and
 * of what these replace: ".unfinished-PID", "model.unfinished", each with "-N" where that was
 * taken, with ".old", and "-N" again. */
bool sts_run_dir_is_temporary(const char *name);

/* "FILE.tmp-PID", "FILE.tmp-PID-N", FILE being one that a run writes. */
bool sts_run_dir_is_temporary_file(const char *name);

/* The length of FILE in such a name, whatever FILE is; 0: the name is not of that form. */
size_t sts_temporary_base(const char *name);

/* The step in "checkpoint-STEP"; 0 for names that are not exactly so. */
uint64_t sts_checkpoint_step(const char *name);

/* The step of the newest checkpoint that was completed, for a message; 0: none. */
uint64_t sts_run_dir_newest(const char *dir);

#endif
