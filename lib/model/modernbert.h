/* modernbert.h - settings, tensors and passes of ModernBERT, between its two files. */
#ifndef STS_MODEL_MODERNBERT_H
#define STS_MODEL_MODERNBERT_H

#include "math/activation.h"
#include "model/net.h"

typedef struct sts_modern_layer {
    bool local; /* sees a window, and turns by the local theta */
    sts_norm attn_norm, mlp_norm; /* attn_norm.gain -1 in layer 0: none */
    sts_linear qkv, attn_out, mlp_in, mlp_out;
} sts_modern_layer;

typedef struct sts_modernbert {
    int vocab, positions, hidden, layers, heads, inner, pad, window;
    bool norm_bias, attn_bias, mlp_bias;
    sts_act act;
    float eps, p_embed, p_attn, p_mlp;
    double theta[2]; /* of global and local layers */
    int word;
    sts_norm norm, final_norm;
    sts_modern_layer layer[]; /* [layers] */
} sts_modernbert;

void sts_modernbert_forward(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                            sts_work *w, float **out, void **tape);
void sts_modernbert_backward(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                             sts_work *w, void *tape, float *dout);
int sts_modernbert_gguf(const sts_net *net, struct sts_gguf_out *o);

#endif
