/* tokens.h - many texts as token ids, one flat array; and their embeddings. */
#ifndef STS_MODEL_TOKENS_H
#define STS_MODEL_TOKENS_H

#include "model/model.h"

/* What an encoder with `texts` remembers, for each thread; of others nothing. Pays where several
 * calls follow one another, while the weights stay. */
typedef struct sts_recall {
    const sts_model *m;
    void **memory; /* [threads] */
    int threads;
} sts_recall;

/* For about so many texts. 0, or -1 (memory). */
int sts_recall_open(sts_recall *r, const sts_model *m, size_t texts, sts_err *err);
void sts_recall_close(sts_recall *r);

typedef struct sts_token_options {
    int columns;  /* texts of a row, which come one after the other; 0: they are single */
    bool trained; /* as training texts: without the model's default prompt */
    sts_recall *recall; /* of sts_embed; NULL: one for each call */
    bool *cut;    /* [n] gets which texts were cut; borrowed, NULL: nobody asks */
} sts_token_options;

typedef struct sts_tokens {
    size_t n;         /* texts */
    int32_t *ids;     /* NULL: they are made whenever they are needed */
    size_t *start;    /* [n + 1]; text i is ids[start[i] .. start[i + 1]) */
    const sts_model *model; /* where they are made when needed: of which, */
    const sts_str *text;    /* from what (borrowed), */
    uint32_t *length;       /* and how many each text has [n] */
    size_t truncated; /* texts that were cut to the model's length */
    int prompt[2];    /* tokens that first texts, and others, begin with because of a prompt */
    sts_token_options how;
} sts_tokens;

/* Rows of texts as training and evaluation see them; text j of row i is tokens text
 * i * columns + j. Borrowed. */
typedef struct sts_token_rows {
    const sts_tokens *tokens;
    const double *score; /* [n] in 0..1; NULL when there are none */
    const bool *positive; /* [n] of scored pairs in two classes; NULL: they are not */
    const sts_str *text; /* [n * columns] */
    size_t n;
    int columns;
    const double *weight; /* [n] how much a row counts in training; NULL: all alike */
    const uint64_t *id;   /* [n] of rows; NULL: their numbers */
} sts_token_rows;

/* Tokenizes text[0..n), in parallel; of an encoder with `texts` only counts, and borrows model and
 * text until they are freed by sts_tokens_free. 0, or -1 (memory). */
int sts_tokens_make(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n,
                    sts_token_options how, sts_err *err);
void sts_tokens_free(sts_tokens *t);

/* How many ids text i has. */
static inline size_t sts_tokens_length(const sts_tokens *t, size_t i)
{
    return t->length ? t->length[i] : t->start[i + 1] - t->start[i];
}

/* Packs texts which[0..n) into b, with the keys key[0..n), in place of what it held. 0, or -1. */
int sts_tokens_pack(const sts_tokens *t, const uint32_t *which, const uint32_t *key, size_t n,
                    sts_batch *b, sts_err *err);

/* Bytes that are the same for texts of the same ids. */
sts_str sts_tokens_bytes(const sts_tokens *t, size_t i);

/* Warns where `cut` of n texts were cut to the model's length; with 0 it does not. */
void sts_tokens_warn_cut(const sts_model *m, size_t cut, size_t n);

/* Embeddings in evaluation mode of every text into out [n x m->dim]. Where ids are kept, texts of
 * equal ids are computed once; batches are made of texts of like length. The result for a text
 * does not depend on the others. Several ranks take turns at the batches, and all get all
 * embeddings. Progress is reported as that of `what`; NULL: not at all. 0, or -1 (memory, or
 * stopped: STS_INTERRUPTED). */
int sts_embed(const sts_model *m, const sts_tokens *t, float *out, const char *what, sts_err *err);
/* The same, newly allocated; NULL on error. Freed by sts_free. */
float *sts_embeddings(const sts_model *m, const sts_tokens *t, const char *what, sts_err *err);

/* The same of texts which[0..n) into out [n x m->dim], of which `done` of `all` were embedded
 * before; of them r is what is remembered. */
int sts_embed_some(const sts_model *m, const sts_tokens *t, const uint32_t *which, size_t n,
                   const sts_recall *r, float *out, const char *what, size_t done, size_t all,
                   sts_err *err);

#endif
