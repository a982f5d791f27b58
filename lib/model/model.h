/* model.h - a sentence encoder as a whole: tokenizer, encoder, pooling and the modules after it.
 * A directory in, a directory out. */
#ifndef STS_MODEL_MODEL_H
#define STS_MODEL_MODEL_H

#include "model/encoder.h"
#include "model/module.h"
#include "token/tokenizer.h"

/* A text that goes before others. */
typedef struct sts_prompt {
    char *text;  /* NULL: none */
    int tokens;  /* that a text begins with because of it */
    bool chosen; /* not the model's default */
} sts_prompt;

typedef struct sts_model {
    char *dir;           /* where it was read from, as given; NULL for a new model */
    char *path;          /* the directory of its files, which for a run lies below; or NULL */
    char *decision;      /* its stsfit.json (decision.h), as it was; NULL: there is none */
    size_t decision_size;
    char *name;          /* last part of dir, for display */
    sts_net net;
    sts_params params;   /* of the encoder and the modules after it */
    sts_tokenizer *tokenizer;
    size_t max_seq_length; /* tokens, special ones included; 0: no limit */
    size_t batch_size;     /* texts encoded at a time; 0: as many as make a good batch */
    sts_prompt prompt[2];  /* of the first text of each row, and of its others */
    sts_module *module;  /* pooling, dense, normalize... in order */
    size_t n_modules;
    int width;           /* of what the last module gives, and losses see */
    int dim;             /* of the sentence embedding: width, or "truncate_dim" if less */
    const char *similarity; /* "similarity_fn_name" (static); NULL: cosine */
    double measured[2];  /* seconds of some products in fp32 and bf16; 0: not measured */
    size_t static_rows;  /* of a bag's table for other tools (bag_static.h); 0: it has none */
    struct sts_model_files *files; /* the directory's spelling, kept for saving */
} sts_model;

/* Reads a Hugging Face or sentence-transformers directory, our own bag, a run (its model/) or a
 * checkpoint. NULL on error (STS_MODEL, STS_FAILED). Freed by sts_model_free. */
sts_model *sts_model_load(const char *dir, sts_err *err);

/* Writes everything that the directory needs into `dir` (made by the caller, empty): the input's
 * own files and spelling with the weights replaced. `card` is README.md's text (NULL: none). */
int sts_model_save(const sts_model *m, const char *dir, const char *card, sts_err *err);

/* Whether all that it was read from may be copied: 0, or -1 (STS_MODEL) naming a file that leads
 * out of the directory, secret perhaps. A note says so of weights. */
int sts_model_copyable(const sts_model *m, sts_err *err);

/* The files that sts_model_save writes without a card, below its directory; freed by
 * sts_names_free. */
int sts_model_file_names(const sts_model *m, char ***names, size_t *n, sts_err *err);

/* Bytes of the weights that sts_model_save writes. */
uint64_t sts_model_bytes(const sts_model *m);

/* With several ranks: whether all have read the same weights. */
int sts_model_same(const sts_model *m, sts_err *err);

void sts_model_free(sts_model *m);

/* For models whose encoder has `texts`: how many ids tokenize_after gives, and the encoder's vector
 * of them, `memory` being what this thread remembers. Thread-safe. 0, or -1 (memory). */
int sts_model_count_after(const sts_model *m, const char *prompt, sts_str text, size_t *count,
                          bool *truncated, sts_err *err);
int sts_model_encode_after(const sts_model *m, void *memory, const char *prompt, sts_str text,
                           size_t ids, float *out, sts_err *err);

/* The ids of a text: those of the prompt (NULL: none), tokens, special tokens, cut to
 * max_seq_length (*truncated says so; may be NULL). Replaces what out held. Thread-safe. 0, or -1
 * (memory). */
int sts_model_tokenize_after(const sts_model *m, const char *prompt, const char *text, size_t n,
                             sts_ids *out, bool *truncated, sts_err *err);
/* The same of a single text, after its prompt. */
int sts_model_tokenize(const sts_model *m, const char *text, size_t n, sts_ids *out,
                       bool *truncated, sts_err *err);

/* Limits sentences to n tokens; refuses what the encoder cannot take. */
int sts_model_set_max_seq_length(sts_model *m, size_t n, sts_err *err);

/* A new model of that encoder alone, from the settings that its config.json would have (kept in
 * what is saved); all weights are 0. NULL on error. */
sts_model *sts_model_new(const sts_encoder *e, const sts_json *config, sts_err *err);

/* A new built-in encoder (bag.c): the features of text[0..n) that come twice or more, their inverse
 * document frequencies, and random vectors of `width` numbers (0: 384) by seed. NULL on error. */
sts_model *sts_model_new_bag(const sts_str *text, size_t n, size_t width, uint64_t seed,
                             sts_err *err);

/* Keeps the embeddings, and the lowest `layers` layers, as they are in training. 0, or -1. */
int sts_model_freeze(sts_model *m, bool embeddings, int layers, sts_err *err);

/* How many layers have weights of their own; 0: there are none, or all share them (ALBERT). */
int sts_model_own_layers(const sts_model *m);
/* Multiplies the learning rate of each layer by `decay` once for every layer above it, that of the
 * embeddings once for every layer. 0, or -1 (STS_USAGE: none has weights of its own). */
int sts_model_decay_layers(sts_model *m, double decay, sts_err *err);

/* How products of matrices are made: "fp32" (as at first; so is NULL), "bf16", or "auto", whichever
 * is faster by a measurement of some milliseconds. */
int sts_model_set_precision(sts_model *m, const char *precision, sts_err *err);
const char *sts_model_precision(const sts_model *m);

/* Sets every dropout probability of the model. */
void sts_model_set_dropout(sts_model *m, float p);
/* What they are, by their keys in the model's config.json, or "none"; returns out. */
const char *sts_model_describe_dropout(const sts_model *m, char out[512]);

/* Sentence embeddings of a packed batch, [n_seq x dim], into *out, taken from w (which starts
 * empty: this resets it). With drop, training: [n_seq x width], and *tape is for
 * sts_model_backward. 0, or -1 (STS_FAILED) where a product could not be made. */
int sts_model_forward(const sts_model *m, const sts_batch *b, const sts_drop *drop, sts_work *w,
                      float **out, void **tape, sts_err *err);
/* Adds d(loss)/d(parameters) to params.grad; demb [n_seq x width] may be overwritten. 0, or -1. */
int sts_model_backward(sts_model *m, const sts_batch *b, const sts_drop *drop, sts_work *w,
                       void *tape, float *demb, sts_err *err);
/* Bytes of workspace that forward (and backward, when training) take on a batch of these sizes. */
size_t sts_model_workspace(const sts_model *m, const sts_batch *b, bool training);

#endif
