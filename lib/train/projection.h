/* projection.h - the linear layer from a model's vectors to those of a teacher of another width. It
 * is trained with the model, by an optimizer of the same settings but without clipping, is in
 * checkpoints, and is not part of the model. */
#ifndef STS_TRAIN_PROJECTION_H
#define STS_TRAIN_PROJECTION_H

#include "train/adamw.h"

struct sts_plan;

typedef struct sts_projection {
    sts_params params;    /* weight [teacher_dim x width], bias [teacher_dim]; none: not needed */
    sts_adamw adamw;
    double *value, *grad; /* both in a row, as losses see them */
} sts_projection;

/* As torch.nn.Linear begins, uniform within 1 / sqrt(width), by the seed. 0, or -1 (memory). */
int sts_projection_init(sts_projection *p, int width, const struct sts_plan *plan, sts_err *err);
void sts_projection_free(sts_projection *p);

/* Its numbers for a loss, whose gradients go to *grad, zeroed; NULL: there is none. After it, close
 * adds these up; fine without any. */
const double *sts_projection_open(sts_projection *p, double **grad);
void sts_projection_close(sts_projection *p);
/* Before a step: 0, or -1 (memory). After it: one update with the gradients times `scale`. */
int sts_projection_touch(sts_projection *p, sts_err *err);
void sts_projection_update(sts_projection *p, double scale);

#endif
