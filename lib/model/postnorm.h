/* postnorm.h - the encoders of BERT's family: embeddings, then blocks of self-attention and a
 * feed-forward part, LayerNorm after each. What differs between the architectures stands in a
 * spec; an architecture's file holds the spec and little else. */
#ifndef STS_MODEL_POSTNORM_H
#define STS_MODEL_POSTNORM_H

#include "math/activation.h"
#include "model/net.h"

typedef struct sts_postnorm sts_postnorm;

enum { STS_Q, STS_K, STS_V, STS_O, STS_UP, STS_DOWN, STS_LINEARS };

typedef struct sts_postnorm_block {
    sts_linear linear[STS_LINEARS];
    sts_norm norm[2];  /* after attention, after the feed-forward part */
    bool qkv_together; /* q, k, v lie one after the other: one GEMM does for all three */
} sts_postnorm_block;

typedef struct sts_postnorm_spec {
    /* Keys of config.json; NULL where the architecture has no such setting. */
    struct {
        const char *hidden, *layers, *heads, *inner, *act, *p_hidden, *p_probs;
        const char *embed, *types, *eps, *groups, *repeats;
    } key;
    /* Names of modules. '#' in `block` stands for the block's number (or group and number). */
    struct {
        const char *norm;    /* of the embeddings */
        const char *project; /* embeddings to hidden width, NULL: none */
        const char *block, *linear[STS_LINEARS], *norms[2];
    } name;
    bool project_always; /* else only when the widths differ */
    bool after_pad;      /* positions count from padding id + 1 and pass over padding ids */
    bool fixed_pad;      /* the padding id is the default's, whatever the config says */
    bool drop_attention, drop_inner; /* dropout on what attention and feed-forward give */
    const char *relative; /* table of relative position biases [32 x heads], NULL: none */
    const sts_postnorm *defaults; /* what is not in config.json */
} sts_postnorm_spec;

struct sts_postnorm {
    const sts_postnorm_spec *spec;
    int vocab, positions, types, embed, hidden, layers, heads, inner;
    int groups, repeats; /* sets of weights, blocks in a set; groups 0: one set a layer */
    int pad;             /* id whose embedding learns nothing, -1: none */
    sts_act act;
    float eps;
    float p_hidden, p_probs; /* dropout */
    int word, position, type, relative; /* parameters */
    sts_norm norm;
    sts_linear project;        /* weight -1: none */
    sts_postnorm_block *block; /* [groups x repeats], or [layers] */
};

/* The members of sts_encoder. */
int sts_postnorm_configure(sts_net *net, const sts_json_in *in, const sts_postnorm_spec *spec);
void sts_postnorm_set_dropout(sts_net *net, float p);
const char *sts_postnorm_describe_dropout(const sts_net *net, char out[160]);
int sts_postnorm_layout(sts_net *net, sts_err *err);
void sts_postnorm_forward(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                          float **out, void **tape);
void sts_postnorm_backward(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                           sts_work *w, void *tape, float *dout);
void sts_postnorm_free(void *config);
int sts_postnorm_gguf(const sts_net *net, struct sts_gguf_out *o);

/* Blocks in all, and the weights of one. */
int sts_postnorm_blocks(const sts_postnorm *c);
const sts_postnorm_block *sts_postnorm_weights(const sts_postnorm *c, int block);

/* The descriptor of an architecture NAME: configure is what its file gives. */
#define STS_POSTNORM_ENCODER(types, text, config_fn)                                               \
    {                                                                                              \
        .model_type = types, .help = text, .configure = config_fn,                                 \
        .set_dropout = sts_postnorm_set_dropout,                                                   \
        .describe_dropout = sts_postnorm_describe_dropout, .layout = sts_postnorm_layout,          \
        .forward = sts_postnorm_forward, .backward = sts_postnorm_backward,                        \
        .free_config = sts_postnorm_free, .gguf = sts_postnorm_gguf                                \
    }

/* The embeddings in front: y[T x embed] = dropout(norm(word + position (+ type))). */
typedef struct sts_front {
    int32_t *position;       /* [T], rows of the position table */
    float *xhat, *rstd, *y;  /* [T x embed], [T], [T x embed] */
} sts_front;
void sts_front_forward(const sts_net *net, const sts_batch *b, const sts_front *f,
                       const sts_drop *drop, const uint64_t *row);
/* dy is overwritten. */
void sts_front_backward(const sts_net *net, const sts_batch *b, const sts_front *f,
                        const sts_drop *drop, const uint64_t *row, float *dy);

/* MPNet's relative position biases, bias[heads x (2 reach - 1)] from the table and back. */
void sts_relative_forward(const sts_net *net, size_t reach, float *bias);
void sts_relative_backward(const sts_net *net, size_t reach, const float *dbias);

#endif
