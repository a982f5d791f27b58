/* env.h - what the library asks of its surroundings while a thread works: how many threads to use,
 * where notes and progress go, whether to stop. Each thread has one in use (sts_env_use). */
#ifndef STS_CORE_ENV_H
#define STS_CORE_ENV_H

#include "stsfit.h"

#include "core/place.h"

/* A loss of the program's own. */
typedef struct sts_env_item {
    struct sts_env_item *next;
    struct sts_loss *loss; /* owned */
    void *context;
} sts_env_item;

struct sts_env {
    bool command_line; /* messages name options as there */
    int threads; /* 0: as the process's environment says */
    sts_note_fn *note;
    void *note_ctx;
    sts_progress_fn *progress;
    void *progress_ctx;
    const volatile int *stop; /* asks all long work to stop once it is nonzero; NULL: never */
    sts_env_item *own_losses; /* owned; the last one registered first */
    sts_env *outer;           /* of one that was entered: the one before, */
    sts_here before;          /* and where relative paths started then */
};

/* The one that this thread uses; never NULL. */
sts_env *sts_env_now(void);

/* For long work with a flag of its own: *env becomes the one in use, a copy of the one before that
 * `stop` stops (NULL: the flag of the one before); and relative paths start from here on in the
 * working directory of now (core/place.h). Left by sts_env_leave. */
void sts_env_enter(sts_env *env, const volatile int *stop);
/* The one before is in use again. Where the call failed (rc) since a signal asked to stop, the code
 * of *err becomes 128 + the signal's number. Returns rc. */
int sts_env_leave(sts_env *env, int rc, sts_err *err);

/* Sets a field of the one in use. */
void sts_notes_to(sts_note_fn *fn, void *ctx);
void sts_progress_to(sts_progress_fn *fn, void *ctx);
void sts_stop_on(const volatile int *flag);

#endif
