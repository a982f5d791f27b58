/* net.h - what encoders share when they declare tensors and run: parameters as pointers, linear
 * layers, dropout sites. */
#ifndef STS_MODEL_NET_H
#define STS_MODEL_NET_H

#include "math/dropout.h"
#include "model/encoder.h"

/* Declares "PREFIXname" with 1 or 2 dimensions (cols 0: one), index into *out. */
int sts_net_add(sts_net *net, sts_err *err, unsigned flags, const char *prefix, const char *name,
                size_t rows, size_t cols, int *out);

/* The numbers of a tensor; NULL for index -1. The gradient also when nothing is to be learned. */
const float *sts_net_value(const sts_net *net, int param);
float *sts_net_grad(const sts_net *net, int param);

/* For backward: the gradients of this tensor and of all declared after it are complete. */
void sts_net_complete(const sts_net *net, int param);

/* Indices of weight[out x in] and bias[out] (or -1). */
typedef struct sts_linear {
    int weight, bias;
    size_t in, out;
} sts_linear;

/* Declares NAME.weight, and NAME.bias when has_bias. */
int sts_linear_add(sts_net *net, sts_err *err, const char *prefix, const char *name, size_t out,
                   size_t in, bool has_bias, sts_linear *linear);
/* y[T x out] = x W' (ldy: floats between the rows of y); the bias is left to what follows. */
void sts_linear_forward(sts_products *g, const sts_net *net, const sts_linear *l, size_t T,
                        float *y, size_t ldy, const float *x);
/* The gradient of x: dx[T x in] = dy W, or += when add. */
void sts_linear_backward(sts_products *g, const sts_net *net, const sts_linear *l, size_t T,
                         float *dx, const float *dy, size_t ldy, bool add);
/* Gradients of weight and bias from dy and x. */
void sts_linear_gradients(sts_products *g, const sts_net *net, const sts_linear *l, size_t T,
                          const float *dy, size_t ldy, const float *x);

/* Indices of gain[H] and shift[H] (or -1) of a LayerNorm. */
typedef struct sts_norm {
    int gain, shift;
} sts_norm;
int sts_norm_add(sts_net *net, sts_err *err, const char *prefix, const char *name, size_t width,
                 bool has_bias, sts_norm *norm);
/* dx from dy (which may be dx), and the gradients of gain and shift. */
void sts_norm_backward(const sts_net *net, const sts_norm *n, size_t T, size_t H, float *dx,
                       const float *dy, const float *xhat, const float *rstd);

/* The dropouts of a network: one after the embeddings, up to three in a layer. */
enum { STS_DROP_EMBED, STS_DROP_PROBS, STS_DROP_ATTENTION, STS_DROP_INNER };

/* Fills *d for that dropout of layer 0, 1, ... and returns it, or NULL when there is none. */
const sts_drop_site *sts_net_drop(sts_drop_site *d, const sts_drop *drop, int layer, int which,
                                  float p);

/* Names of tokens for dropout, and their positions in the sentence. */
void sts_net_rows(const sts_batch *b, uint64_t *row, int32_t *position);

/* n floats from w. */
float *sts_net_floats(sts_work *w, size_t n);

#endif
