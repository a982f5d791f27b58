/* activation.h - the activations of feed-forward layers, with derivatives from the saved
 * pre-activation. */
#ifndef STS_MATH_ACTIVATION_H
#define STS_MATH_ACTIVATION_H

#include "math/dropout.h"

typedef enum {
    STS_GELU,       /* x P(X <= x), by erf */
    STS_GELU_TANH,  /* its approximation by tanh */
    STS_GELU_QUICK, /* x sigmoid(1.702 x) */
    STS_SILU,       /* x sigmoid(x) */
    STS_RELU
} sts_act;

/* The activation that config files call so; false when there is none here. */
bool sts_act_find(const char *name, sts_act *act);
/* The names, separated by commas, for messages. */
extern const char sts_act_names[];

/* x[T x F] += bias (when not NULL); y = act(x); y may be x. */
void sts_act_forward(sts_act act, size_t T, size_t F, float *y, float *x, const float *bias);
/* x -> y = act(x) in place (what the next weight's gradient needs), dy -> dx in place. */
void sts_act_backward(sts_act act, size_t T, size_t F, float *x, float *dy);

/* Gated: x[T x 2F] (+= bias) is [in | gate]; y[T x F] = act(in) * gate, then dropout. */
void sts_glu_forward(sts_act act, size_t T, size_t F, float *y, float *x, const float *bias,
                     const sts_drop_site *drop, const uint64_t *row);
/* y again (it may be dy), and dx[T x 2F] from dy[T x F]. */
void sts_glu_backward(sts_act act, size_t T, size_t F, float *y, float *dx, const float *x,
                      const float *dy, const sts_drop_site *drop, const uint64_t *row);

#endif
