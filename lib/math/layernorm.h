/* layernorm.h - LayerNorm, alone and fused with what stands before it in a transformer. */
#ifndef STS_MATH_LAYERNORM_H
#define STS_MATH_LAYERNORM_H

#include "math/dropout.h"

/* y = gamma xhat + beta, xhat = (x - mean) rstd, rstd = 1 / sqrt(variance + eps), row by row.
 * beta may be NULL. xhat [T x H] and rstd [T] are kept for backward; x may be xhat. */
void sts_layernorm_forward(size_t T, size_t H, float *y, float *xhat, float *rstd, const float *x,
                           const float *gamma, const float *beta, float eps);

/* y = gamma xhat + beta, from the xhat that was kept. */
void sts_layernorm_again(size_t T, size_t H, float *y, const float *xhat, const float *gamma,
                         const float *beta);

/* LayerNorm of residual + dropout(x + bias): what follows a dense layer in a post-norm block. x
 * becomes xhat. bias, drop (then row too) may be NULL. */
void sts_residual_norm_forward(size_t T, size_t H, float *y, float *x, float *rstd,
                               const float *bias, const float *residual, const float *gamma,
                               const float *beta, float eps, const sts_drop_site *drop,
                               const uint64_t *row);

/* dx from dy (dx may be dy), dgamma += and dbeta += (either may be NULL). */
void sts_layernorm_backward(size_t T, size_t H, float *dx, float *dgamma, float *dbeta,
                            const float *dy, const float *xhat, const float *rstd,
                            const float *gamma);

#endif
