/* env.h - what the library asks of its surroundings while a thread works: how many threads to use,
 * where notes and progress go, whether to stop. Each thread has one in use (sts_env_use). */
#ifndef STS_CORE_ENV_H
#define STS_CORE_ENV_H

#include "stsfit.h"

/* A loss of the program's own. */
typedef struct sts_env_item {
    struct sts_env_item *next;
    struct sts_loss *loss; /* owned */
    void *context;
} sts_env_item;

struct sts_env {
    int threads; /* 0: as the process's environment says */
    sts_note_fn *note;
    void *note_ctx;
    sts_progress_fn *progress;
    void *progress_ctx;
    const volatile int *stop; /* asks all long work to stop once it is nonzero; NULL: never */
    sts_env_item *own_losses; /* owned; the last one registered first */
};

/* The one that this thread uses; never NULL. */
sts_env *sts_env_now(void);

/* Sets a field of that one. */
void sts_notes_to(sts_note_fn *fn, void *ctx);
void sts_progress_to(sts_progress_fn *fn, void *ctx);
void sts_stop_on(const volatile int *flag);

#endif
