/* gguf_out.h - what an encoder's `gguf` writes with: its tensors and settings, by llama.cpp's
 * names. Names of tensors are "NAME.weight" and "NAME.bias". */
#ifndef STS_MODEL_GGUF_OUT_H
#define STS_MODEL_GGUF_OUT_H

#include "format/gguf.h"
#include "model/net.h"

typedef struct sts_gguf_out {
    sts_gguf *g;
    sts_gguf_type type;  /* of the large matrices; the rest is F32 */
    const char *dir;     /* the model, for messages */
    const char *pooling; /* mean, cls or lasttoken */
    const char *arch;    /* what llama.cpp calls the architecture: set it before settings */
    sts_err *err;
} sts_gguf_out;

/* -1 with the message that llama.cpp cannot run `what`. */
int sts_gguf_refuse(const sts_gguf_out *o, const char *what);

/* Each 0, or -1: memory is out. A part that the model lacks (index -1) is left out. */
int sts_gguf_matrix(const sts_gguf_out *o, const sts_net *net, const char *name, int param);
/* A table that stays F32, without its first `skip` rows. */
int sts_gguf_table(const sts_gguf_out *o, const sts_net *net, const char *name, int param,
                   size_t skip);
int sts_gguf_norm(const sts_gguf_out *o, const sts_net *net, const char *name,
                  const sts_norm *norm);
int sts_gguf_linear(const sts_gguf_out *o, const sts_net *net, const char *name,
                    const sts_linear *linear);

/* The settings that every architecture has, and one of its own: ARCH.KEY. */
void sts_gguf_sizes(const sts_gguf_out *o, const sts_net *net, int inner, int heads, float eps);
void sts_gguf_int(const sts_gguf_out *o, const char *key, int x);
void sts_gguf_real(const sts_gguf_out *o, const char *key, double x);

#endif
