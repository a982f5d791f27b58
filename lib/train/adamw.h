/* adamw.h - AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", 2019) as
 * torch.optim.AdamW, in time that depends only on the rows that a step touches.
 *
 * A row of a sparse tensor that a step does not touch would still move: by its momentum and its
 * decay. Those moves are put off, and replayed one by one when the row is next needed, so the
 * numbers are those of dense AdamW. A row's m and v stay as its last touch left them, k steps later
 * they are beta^k of that; a row whose moves have become too small for a float to hold (2^-28 of
 * the row's length) is at rest and costs nothing. What a row holds after a replay does
 * not depend on how the replay was cut up, so evaluating or saving in between changes nothing. */
#ifndef STS_TRAIN_ADAMW_H
#define STS_TRAIN_ADAMW_H

#include "model/params.h"
#include "train/schedule.h"

typedef struct sts_adamw_options {
    double beta1, beta2, eps;
    double weight_decay;
    double max_grad_norm; /* 0: no clipping */
} sts_adamw_options;

/* Of a row of a sparse tensor: the step that last touched it (0: none; m and v are of that step),
 * the step to which its weights were brought since, and whether momentum still moves it. */
typedef struct sts_row_age {
    uint32_t touched, upto : 31, resting : 1;
} sts_row_age;

/* The rows that take part in the coming update; all sparse tensors share the batch's ids. */
typedef struct sts_touched {
    int32_t *row;
    size_t n;
    uint32_t *stamp; /* [vocab], the round in which a row was last added */
    uint32_t round;
} sts_touched;

typedef struct sts_adamw {
    sts_adamw_options o;
    sts_schedule schedule;
    sts_params *params; /* borrowed; with gradients */
    uint64_t step;      /* updates done */
    float *m, *v;       /* [params->count] */
    sts_row_age *age;   /* [sparse tensors x vocab] */
    size_t vocab;       /* rows of the largest sparse tensor; 0 when there is none */
    sts_touched touched;
    double *chunk_sum;  /* partial sums of the gradient norm */
    double *fade1, *fade2; /* beta1^k and beta2^(k/2), for as long as a row can move */
    struct sts_adamw_moment *moment; /* [n_moments] what an update takes, from first_moment on: */
    uint64_t first_moment;           /* 0, or the one after the last flush */
    size_t n_moments, cap_moments;
    float *mean;     /* [params->count] of the weights (sts_adamw_follow); NULL: not wanted */
    float mean_take; /* 1 less its decay */
} sts_adamw;

/* Allocates gradients and state for params. 0, or -1 when memory is out. */
int sts_adamw_init(sts_adamw *a, sts_params *params, const sts_adamw_options *o,
                   const sts_schedule *schedule, sts_err *err);
void sts_adamw_free(sts_adamw *a);
/* Gives back what only further updates would need: moments and gradients. The step stays. */
void sts_adamw_retire(sts_adamw *a);

/* From now on also keeps an exponential mean of the weights, which starts as these are: at each
 * step mean = decay mean + (1 - decay) w. As with the weights, rows of sparse tensors are up to
 * date after sts_adamw_flush. 0, or -1 when memory is out. */
int sts_adamw_follow(sts_adamw *a, double decay, sts_err *err);

/* Before forward: these rows (n ids, repeats allowed) take part in the coming update, and are
 * brought up to date; ids past the tables are passed over. Adds up over several calls
 * (accumulation) until sts_adamw_update.
 * 0, or -1 when memory is out. */
int sts_adamw_touch(sts_adamw *a, const int32_t *ids, size_t n, sts_err *err);

/* The global norm of the gradients times `scale`, which is what clipping compares. */
double sts_adamw_grad_norm(sts_adamw *a, double scale);

/* One update with gradients times `scale`, clipped by `norm` (from sts_adamw_grad_norm);
 * zeroes the gradients. */
void sts_adamw_update(sts_adamw *a, double scale, double norm);

/* Brings every row up to date: before evaluation and before saving. */
void sts_adamw_flush(sts_adamw *a);

#endif
