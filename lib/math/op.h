/* op.h - shape letters and conventions of the kernels in this room.
 *
 *   T  tokens of the packed batch (rows)      H  hidden width
 *   S  sentences                              F  inner width of the feed-forward part
 *   L  tokens of one sentence                 N  attention heads
 *   V  rows of an embedding table             D  width of a head, H / N
 *
 * Matrices are row-major float32. The output comes first; the gradient of x is called dx, and
 * what belongs to parameters is added to (dw += ...), what belongs to activations is written.
 * Each kernel opens its own parallel region, on sts_threads() threads. Which thread does what never
 * shows in the result: sums run over rows in one fixed order, and nothing is reduced across
 * threads. */
#ifndef STS_MATH_OP_H
#define STS_MATH_OP_H

#include "core/threads.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Below this many numbers a parallel region costs more than it saves. */
#define STS_PARALLEL_MIN 16384

#endif
