/* tokenizer_parts.h - the inside of a tokenizer, for the files that make and run one. */
#ifndef STS_TOKEN_TOKENIZER_PARTS_H
#define STS_TOKEN_TOKENIZER_PARTS_H

#include "token/added_tokens.h"
#include "token/parts.h"
#include "token/postprocessor.h"
#include "token/subword.h"
#include "token/tokenizer.h"

#include <stdatomic.h>

#define STS_SPARE 8 /* scratches kept for later calls */

/* What one encoding works in. */
typedef struct sts_scratch {
    sts_text text[4];
    sts_pieces pieces[2];
    sts_text mended;
    sts_lattice lattice;
} sts_scratch;

typedef struct sts_spare {
    _Atomic(sts_scratch *) slot[STS_SPARE];
} sts_spare;

struct sts_tokenizer {
    char *name; /* the directory, for messages */
    sts_parts normalizer, pretokenizer;
    sts_subword model;
    sts_added_tokens added;
    sts_post post;
    int32_t vocab_size;
    size_t model_max_length;
    size_t truncation; /* "max_length" of tokenizer.json's own; 0: none */
    bool special;
    bool lower_first; /* the first normalizer is not the tokenizer's own */
    sts_spare *spare;
};

/* Whether a Metaspace writes U+2581 before every word. */
bool sts_metaspace_standard(const void *self);

/* The tokenizer of a tokenizer.json's text; `name` stands for its path in messages. */
sts_tokenizer *sts_tokenizer_parse(sts_str text, const char *name, bool lower_first, bool special,
                                   sts_err *err);

#endif
