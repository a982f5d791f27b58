/* encoder.h - what an encoder is: text ids in, one row of hidden states a token out (or one row
 * a sentence, for bags of features).
 *
 * To add an encoder: write lib/model/NAME.c ending in a `const sts_encoder sts_encoder_NAME`,
 * and add the line ENCODER(NAME) to encoder_list.h. */
#ifndef STS_MODEL_ENCODER_H
#define STS_MODEL_ENCODER_H

#include "core/json.h"
#include "model/params.h"
#include "model/work.h"
#include "model/batch.h"
#include "token/tokenizer.h"

/* Where dropout gets its bits: the masks of a step depend on (seed, step, sentence key, layer,
 * site) only. p < 0 in the model's settings means: as its config says. */
typedef struct sts_drop {
    uint64_t seed, step;
} sts_drop;

typedef struct sts_encoder sts_encoder;
struct sts_gguf_out;

/* An encoder at work: its settings, its parameters (borrowed from the model). */
typedef struct sts_net {
    const sts_encoder *encoder;
    void *config;       /* the encoder's own settings, made by configure, freed by free_config */
    sts_params *params; /* the table that layout filled */
    int hidden;         /* width of what comes out */
    int max_positions;  /* longest sentence it can take, in tokens; 0: no limit */
    int vocab;          /* ids are below this */
    int layers;
    int32_t unknown;    /* the tokenizer's id of what its vocabulary lacks; -1: none */
} sts_net;

/* An encoder that makes vectors straight from texts in evaluation mode, faster than by ids. */
typedef struct sts_text_encoder {
    /* How many ids a text has, at most max_len (0: no limit); *truncated (may be NULL): whether
     * there were more. 0, or -1 (memory). */
    int (*count)(const sts_net *net, const char *text, size_t n, size_t max_len, size_t *count,
                 bool *truncated, sts_err *err);
    /* What one thread remembers from text to text while the weights stay, of a size that pays for
     * so many texts; freed by close. */
    void *(*open)(const sts_net *net, size_t texts, sts_err *err);
    void (*close)(void *memory);
    /* The vector of a text's first `ids` ids, which forward gives up to rounding; the same bits
     * whatever is remembered. 0, or -1 (memory). */
    int (*embed)(const sts_net *net, void *memory, const char *text, size_t n, size_t ids,
                 float *out, sts_err *err);
} sts_text_encoder;

struct sts_encoder {
    const char *model_type; /* of config.json; several names separated by spaces */
    const char *help;       /* one line */
    bool pooled;            /* gives one row a sentence instead of one a token */
    /* Reads config.json (file name for messages in in->name) into net->config, hidden,
     * max_positions, vocab, layers. Refuses every key and value it does not implement. */
    int (*configure)(sts_net *net, const sts_json_in *in);
    /* Overrides every dropout probability (--dropout). May be NULL. */
    void (*set_dropout)(sts_net *net, float p);
    /* The probabilities in effect, with their keys of config.json; returns out. NULL: none. */
    const char *(*describe_dropout)(const sts_net *net, char out[160]);
    /* Declares the tensors under canonical names. */
    int (*layout)(sts_net *net, sts_err *err);
    /* Hidden states into *out: [n_tok x hidden] (or [n_seq x hidden] when pooled), taken from
     * w. drop: NULL in evaluation; else training, and *tape keeps what backward needs, in w.
     * With w->dry only the takes are counted (ids are not read; b's sizes are). */
    void (*forward)(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                    float **out, void **tape);
    /* Adds to params->grad, given d(loss)/d(out) of the same shape (overwritten at will).
     * Parameters that are frozen may be skipped. */
    void (*backward)(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                     void *tape, float *dout);
    void (*free_config)(void *config);
    /* Tensors and settings into a GGUF file (model/gguf_out.h). NULL: llama.cpp has no such. */
    int (*gguf)(const sts_net *net, struct sts_gguf_out *o);
    /* ---- for encoders with a tokenizer of their own, such as bag; else NULL or 0 ---- */
    double lr; /* default learning rate; 0: that of transformers */
    /* Called once the tensors of a file have been read; refuses values that make no sense. */
    int (*ready)(sts_net *net, sts_err *err);
    /* Ids of a text; as sts_tokenizer_encode. */
    int (*ids)(const sts_net *net, const char *text, size_t n, size_t max_len, sts_ids *out,
               bool *truncated, sts_err *err);
    const sts_text_encoder *texts; /* NULL: embeds ids only */
};

/* The encoder whose model_type list has that name, or NULL. The list, for walks. */
const sts_encoder *sts_encoder_find(const char *model_type);
const sts_encoder *const *sts_encoder_all(size_t *n);

#endif
