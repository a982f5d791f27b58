/* scenes.h - what is done while memory or disks fail: every entry of the public interface once, over
 * small data. A scene that fails in a way it should not ends the program, by name. */
#ifndef STS_SCENES_H
#define STS_SCENES_H

#include "stsfit.h"

typedef struct scene {
    const char *name;
    int (*before)(void);                      /* in the clean scratch directory; NULL: nothing */
    int (*run)(char **product, sts_err *err); /* product: a text to compare, or NULL */
    bool writes;                              /* it makes RUN, which is looked over afterwards */
} scene;

extern const scene scenes[];
extern const size_t n_scenes;

/* The scratch directory; made, emptied, removed. */
const char *scratch(const char *name); /* a path in it; four are valid at a time */
void scratch_open(void);
void scratch_clear(void);
void scratch_close(void);

/* What a run that is let alone leaves: the hash of its weights and the names in its report. */
char *run_product(const char *run);

/* Trains in RUN up to `steps` in batches of `batch` over the few pairs; with stop_at, a signal comes
 * after that step. */
int train_run(const char *run, const char *model, int64_t steps, bool resume, uint64_t stop_at,
              sts_err *err);

/* Looks RUN over: no temporary files (unless `torn`), every checkpoint whole, reports that parse. */
void check_run(const char *run, bool torn, const char *where);

/* Says what is wrong, and where, and ends the program. */
void wrong(const char *where, const char *fmt, ...);

/* Tries of each loop of torture.c. */
void torture_allocations(const char *only, size_t stride, size_t nth, bool all);
void torture_calls(const char *only, size_t stride);
void torture_crashes(const char *only, size_t stride);
void torture_resume(void);

#endif
