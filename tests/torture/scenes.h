/* scenes.h - what is done while memory or disks fail: every entry of the public interface once,
 * over small data. A scene that fails in a way it should not ends the program, by name. */
#ifndef STS_SCENES_H
#define STS_SCENES_H

#include "stsfit.h"

typedef struct scene {
    const char *name;
    int (*before)(void);                      /* in the clean scratch directory; NULL: nothing */
    int (*run)(char **product, sts_err *err); /* product: a text to compare, or NULL */
    const char *model;                        /* trained by it into RUN, which is looked over */
    int64_t steps;                            /* of that training */
} scene;

extern const scene scenes[];
extern const size_t n_scenes;

/* Clears the scratch directory and lets the scene begin; once is enough if it does not train. */
void scene_begin(const scene *s, bool first);
/* Gives the product of a scene, which may be what is in RUN. Freed by free. */
char *scene_product(const scene *s, char *text);

/* Ends the program where a scene that went on gave another product than `whole`. */
void same_product(const char *where, const char *now, const char *whole);

/* The scratch directory; made, emptied, removed. */
const char *scratch(const char *name); /* a path in it; four are valid at a time */
void scratch_open(void);
void scratch_clear(void);
void scratch_close(void);

/* What a run that is let alone leaves: the hash of its weights and the names in its report. */
char *run_product(const char *run);

/* Trains in RUN up to `steps` over the few pairs; with stop_at, a signal stops it after that step.
 * on_event, if any, is called at each event of the run. */
int train_run(const char *run, const char *model, int64_t steps, bool resume, uint64_t stop_at,
              sts_err *err);
/* Trains `steps` more in place of the finished run that it starts from. */
int train_over(const char *run, int64_t steps, sts_err *err);
extern void (*on_event)(const char *what);
/* Asks the run in progress to end, as that signal would. */
void stop_run(int signal);

/* Looks RUN over: no temporary files (unless `torn`), checkpoints whole, reports that parse. */
void check_run(const char *run, bool torn, const char *where);

/* Says what is wrong, and where, and ends the program. */
_Noreturn void wrong(const char *where, const char *fmt, ...);

/* Is there a call on the stack that was not on it at an earlier question? (places.c) */
bool places_new(void);
void places_forget(void);

/* Tries of each loop of torture.c. */
void torture_allocations(const char *only, size_t stride, size_t nth, bool all);
void torture_calls(const char *only, size_t stride);
void torture_crashes(const char *only, size_t stride);
void torture_exchanges(size_t stride);
void torture_resume(void);
void torture_stops(const char *model);
void torture_foreign(const char *only, size_t stride);

#endif
