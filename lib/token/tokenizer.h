/* tokenizer.h - text to token ids, special tokens and truncation included. */
#ifndef STS_TOKEN_TOKENIZER_H
#define STS_TOKEN_TOKENIZER_H

#include "core/err.h"

#include <stdint.h>

typedef struct sts_ids {
    int32_t *v;
    size_t n, cap;
} sts_ids;

void sts_ids_free(sts_ids *ids);
/* Appends one id. 0, or -1 when memory is out. */
int sts_ids_push(sts_ids *ids, int32_t id);

typedef struct sts_tokenizer sts_tokenizer;

/* The tokenizer of a Hugging Face directory: tokenizer.json, else vocab.txt, else
 * vocab.json + merges.txt, with tokenizer_config.json. `lower_first`: put a Lowercase normalizer
 * in front (do_lower_case of sentence_bert_config.json). `special`: add the post-processor's
 * special tokens (false for StaticEmbedding). `rows`: a vocabulary with ids from here on is refused
 * (0: none is). NULL on error (STS_MODEL, STS_FAILED). */
sts_tokenizer *sts_tokenizer_load(const char *dir, bool lower_first, bool special, int32_t rows,
                                  sts_err *err);

/* Replaces out's content with the ids of text[n], at most max_len of them (0: no limit) with the
 * special tokens kept, as the reference truncates. *truncated (may be NULL) says if anything
 * was cut. Thread-safe on one tokenizer. 0, or -1 when memory is out. */
int sts_tokenizer_encode(const sts_tokenizer *t, const char *text, size_t n, size_t max_len,
                         sts_ids *out, bool *truncated, sts_err *err);

/* One more than the largest id it can give. */
int32_t sts_tokenizer_vocab_size(const sts_tokenizer *t);
/* "model_max_length" of tokenizer_config.json; 0 when there is none or it means "no limit". */
size_t sts_tokenizer_model_max_length(const sts_tokenizer *t);
/* The id of what the vocabulary lacks; -1: there is none. */
int32_t sts_tokenizer_unknown(const sts_tokenizer *t);
/* "WordPiece", "BPE", ... for display; borrowed. */
const char *sts_tokenizer_kind(const sts_tokenizer *t);
void sts_tokenizer_free(sts_tokenizer *t);

#endif
