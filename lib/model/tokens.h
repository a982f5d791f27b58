/* tokens.h - many texts as token ids, one flat array; and their embeddings. */
#ifndef STS_MODEL_TOKENS_H
#define STS_MODEL_TOKENS_H

#include "model/model.h"

typedef struct sts_tokens {
    size_t n;         /* texts */
    int32_t *ids;
    size_t *start;    /* [n + 1]; text i is ids[start[i] .. start[i + 1]) */
    size_t truncated; /* texts that were cut to the model's length */
    bool *cut;        /* [n] which texts; borrowed, NULL: nobody asks */
    bool bare;        /* without the model's prompt */
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
} sts_token_rows;

/* Tokenizes text[0..n), in parallel. 0, or -1 (memory). Freed by sts_tokens_free. */
int sts_tokens_make(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n,
                    sts_err *err);
/* The same without the model's prompt. */
int sts_tokens_make_bare(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n,
                         sts_err *err);
/* The same; cut[i] (NULL: not asked) says whether text i was cut. */
int sts_tokens_make_cut(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n, bool *cut,
                        sts_err *err);
void sts_tokens_free(sts_tokens *t);

/* Warns where `cut` of n texts were cut to the model's length; with 0 it does not. */
void sts_tokens_warn_cut(const sts_model *m, size_t cut, size_t n);

/* Embeddings in evaluation mode of every text, in order, into out [n x m->dim]. Texts of equal
 * ids are computed once; batches are made of texts of like length. The result for a text does
 * not depend on the others. Several ranks take turns at the batches, and all get all embeddings.
 * Progress is reported as that of `what`; NULL: not at all. 0, or -1 (memory, or stopped:
 * STS_INTERRUPTED). */
int sts_embed(const sts_model *m, const sts_tokens *t, float *out, const char *what, sts_err *err);
/* The same, newly allocated; NULL on error. Freed by sts_free. */
float *sts_embeddings(const sts_model *m, const sts_tokens *t, const char *what, sts_err *err);

#endif
