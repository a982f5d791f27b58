/* dev_loss.h - the training loss as a metric of the dev set. */
#ifndef STS_TRAIN_DEV_LOSS_H
#define STS_TRAIN_DEV_LOSS_H

#include "loss/loss.h"
#include "model/tokens.h"

/* The mean loss over d's rows, which the loss takes, into *out: in batches of `batch` rows in their
 * order, each weighted by its rows. emb: their embeddings [n * columns x dim], in the order of the
 * texts. 0, or -1 (memory). */
int sts_dev_loss(const sts_loss_spec *loss, const sts_token_rows *d, const float *emb, size_t dim,
                 size_t batch, double *out, sts_err *err);

#endif
