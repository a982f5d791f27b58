/* module.h - what comes after the encoder: pooling, dense, normalize, layernorm, dropout. Each maps
 * rows to rows; pooling maps the rows of tokens to one row a sentence.
 *
 * To add a module: write lib/model/NAME.c ending in a `const sts_module_type sts_module_NAME`, and
 * add the line MODULE(NAME) to module_list.h. */
#ifndef STS_MODEL_MODULE_H
#define STS_MODEL_MODULE_H

#include "model/encoder.h"

typedef struct sts_module sts_module;

typedef struct sts_module_type {
    const char *type; /* last dotted part of modules.json's "type", e.g. "Pooling" */
    bool pools;       /* takes one row a token and gives one a sentence */
    /* Reads the module's config.json (in->object is NULL when there is none) and declares its
     * tensors in params with the prefix "IDX." (its place in modules.json). Sets m->out. */
    int (*configure)(sts_module *m, sts_params *params, const sts_json_in *in);
    /* x: [rows x m->in] -> *out: [n x m->out]; as in encoder.h, taken from w, drop, tape, dry.
     * x stays valid until backward. */
    void (*forward)(const sts_module *m, const sts_params *params, const sts_batch *b,
                    const sts_drop *drop, sts_work *w, const float *x, float **out, void **tape);
    /* dout -> *dx (taken from w, or the same memory), parameters' gradients added. */
    void (*backward)(const sts_module *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, void *tape, float *dout, float **dx);
    /* Its settings in a few words, for display; returns out. May be NULL. */
    const char *(*describe)(const sts_module *m, char out[160]);
    /* Overrides its dropout probability, which `describe` shows. May be NULL. */
    void (*set_dropout)(sts_module *m, float p);
} sts_module_type;

struct sts_module {
    const sts_module_type *type;
    int idx;       /* place in modules.json */
    char *path;    /* its folder below the model's, "" for the root */
    int in, out;   /* widths */
    bool tokens;   /* its input has one row a token */
    bool no_prompt; /* of pooling: the prompt's tokens are left out */
    void *config;  /* the module's own settings, one sts_alloc block */
    int param[4];  /* indices of its tensors in params, -1 when absent */
};

const sts_module_type *sts_module_find(const char *type);
const sts_module_type *const *sts_module_all(size_t *n);

/* Rows that go in. */
static inline size_t sts_module_rows(const sts_module *m, const sts_batch *b)
{
    return (size_t)(m->tokens ? b->n_tok : b->n_seq);
}

/* For configure: declares the tensor "IDX.name" as m->param[k]. */
int sts_module_param(sts_module *m, sts_params *params, sts_err *err, int k, unsigned flags,
                     const char *name, int n_dims, const size_t *shape);
/* For configure: module_input_name and module_output_name must name what passes through here. */
int sts_module_check_names(const sts_module *m, const sts_json_in *in);

#endif
