/* background.h - one thread beside the caller's that adds up what is queued, in order. */
#ifndef STS_CORE_BACKGROUND_H
#define STS_CORE_BACKGROUND_H

#include "core/err.h"

#include <stddef.h>

typedef int sts_background_fn(float *x, size_t n, sts_err *err);

/* Starts the thread; without one (it could not be made, or this was not called with `beside`)
 * sts_background_put does the work itself. After a failure nothing more is done. */
void sts_background_start(sts_background_fn *fn, bool beside);
void sts_background_stop(void);

/* Queues fn(x, n). The second waits until all is done: 0, or -1 and the first failure. */
void sts_background_put(float *x, size_t n);
int sts_background_wait(sts_err *err);

/* On the thread itself: whether the caller computes meanwhile, not waiting for it. */
bool sts_background_beside(void);

#endif
