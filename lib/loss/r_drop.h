/* r_drop.h - R-Drop (Liang et al., "R-Drop: regularized dropout for neural networks", 2021) on
 * cosines: each row is embedded twice, under other dropout masks, and the cosines of the two passes
 * are to be equal. */
#ifndef STS_LOSS_R_DROP_H
#define STS_LOSS_R_DROP_H

#include "loss/loss.h"

/* As sts_loss_run on a batch of the columns of both passes, one pass after the other (its texts and
 * teacher are of one): the mean of both losses, plus weight times the mean of (cos1 - cos2)^2 over
 * rows, and over columns after the first. */
sts_loss_result sts_r_drop_run(const sts_loss_spec *spec, const sts_loss_batch *batch,
                               double weight);
size_t sts_r_drop_scratch(const sts_loss_spec *spec, sts_loss_batch shape);

#endif
