/* cut.h - parts taken out of a model in memory, so that what is saved is a smaller one. */
#ifndef STS_MODEL_CUT_H
#define STS_MODEL_CUT_H

#include "model/tokens.h"

/* Keeps layers keep[n], ascending; the model runs without the others from now on. Refused
 * (STS_MODEL) for encoders other than BERT's family. 0, or -1. */
int sts_cut_layers(sts_model *m, const int *keep, int n, sts_err *err);

/* A Dense module by basis[k x m->dim] at the end, in what is saved, and a Normalize behind it where
 * the model ends with one. The model in memory stays. 0, or -1. */
int sts_cut_dims(sts_model *m, const float *basis, size_t k, sts_err *err);

/* The tokens of some texts before a cut, and what they are to be after it. */
typedef struct sts_cut_tokens {
    const sts_str *text; /* borrowed */
    sts_tokens tokens;   /* by their new ids */
    int kept;            /* tokens of the vocabulary */
} sts_cut_tokens;

/* Keeps the tokens of text[n], special tokens, and what byte-level text needs, with new ids. From
 * then on the model can only be saved. 0, or -1. */
int sts_cut_vocabulary(sts_model *m, const sts_str *text, size_t n, sts_cut_tokens *cut,
                       sts_err *err);

/* Whether the model, saved and read again, gives these tokens (none: it does). 0, or -1
 * (STS_FAILED). */
int sts_cut_check(const sts_cut_tokens *cut, const sts_model *m, sts_err *err);
void sts_cut_tokens_free(sts_cut_tokens *cut);

#endif
