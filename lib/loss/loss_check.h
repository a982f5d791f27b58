/* loss_check.h - whether a loss's gradient is that of its value. */
#ifndef STS_LOSS_LOSS_CHECK_H
#define STS_LOSS_LOSS_CHECK_H

#include "loss/loss.h"

/* Compares the gradient with finite differences on random rows of `columns` texts, with scores or
 * not. 0, or -1 (STS_USAGE) naming the first element that is wrong. */
int sts_loss_check_gradient(const sts_loss_spec *spec, int columns, bool scored, sts_err *err);

#endif
