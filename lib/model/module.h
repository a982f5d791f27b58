/* module.h - what comes after the encoder: pooling, dense, normalize, layernorm. Each maps rows to
 * rows; pooling maps the rows of tokens to one row a sentence.
 *
 * To add a module: write lib/model/NAME.c ending in a `const sts_module_type`, and add the line
 * MODULE(NAME) to module_list.h. */
#ifndef STS_MODEL_MODULE_H
#define STS_MODEL_MODULE_H

#include "model/encoder.h"

typedef struct sts_module sts_module;

typedef struct sts_module_type {
    const char *type; /* last dotted part of modules.json's "type", e.g. "Pooling" */
    /* Reads the module's config.json (in->object is NULL when there is none) and declares its
     * tensors in params with the prefix "N." (its place in modules.json). Sets m->out. */
    int (*configure)(sts_module *m, sts_params *params, const sts_json_in *in);
    /* x: [rows x m->in] -> *out: [n x m->out]; as in encoder.h, taken from w, dry, tape. */
    void (*forward)(const sts_module *m, const sts_params *params, const sts_batch *b, bool training,
                    sts_work *w, const float *x, float **out, void **tape);
    /* dout -> *dx (taken from w, or the same memory), parameters' gradients added. */
    void (*backward)(const sts_module *m, sts_params *params, const sts_batch *b, sts_work *w,
                     void *tape, float *dout, float **dx);
} sts_module_type;

struct sts_module {
    const sts_module_type *type;
    int idx;       /* place in modules.json */
    char *path;    /* its folder below the model's, "" for the root */
    int in, out;   /* widths */
    bool tokens;   /* its input has one row a token (pooling) */
    void *config;  /* the module's own settings, one sts_alloc block */
    int param[4];  /* indices of its tensors in params, -1 when absent */
};

const sts_module_type *sts_module_find(const char *type);

#endif
