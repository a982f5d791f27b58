/* static_tokens.h - the tokens of a static model that is made from an encoder: its tokenizer.json,
 * and for each token the ids of which the encoder makes the token's vector. */
#ifndef STS_TOKEN_STATIC_TOKENS_H
#define STS_TOKEN_STATIC_TOKENS_H

#include "token/token_file.h"
#include "token/tokenizer.h"

/* A word of one's own, and its place for messages. */
typedef struct sts_own_word {
    sts_str text;
    size_t line;
} sts_own_word;

typedef struct sts_own_words {
    const char *file; /* for messages */
    sts_own_word *v;
    size_t n;
} sts_own_words;

typedef struct sts_static_tokens {
    char *json;       /* the tokenizer.json */
    size_t n;         /* tokens */
    sts_ids ids;      /* of all, one after the other */
    size_t *start;    /* [n + 1] */
    int32_t unknown;  /* the token for what the vocabulary lacks; -1: none */
    int32_t left_out; /* a token that model2vec leaves out of texts too; -1: none */
    size_t added, known; /* own words that are tokens now, and that were before */
} sts_static_tokens;

/* Tokens of the tokenizer t, whose tokenizer.json f was read from, without the special ones but
 * those for unknown text and padding, and without "[unused1]"; and the own words. `pad` and
 * `unknown` are these two tokens, NULL: none. f is changed. 0, or -1 (STS_DATA: a word that cannot
 * be a token); either way sts_static_tokens_free is to follow. */
int sts_static_tokens_make(sts_static_tokens *s, const sts_tokenizer *t, sts_token_file *f,
                           const char *pad, const char *unknown, const sts_own_words *words,
                           sts_err *err);
void sts_static_tokens_free(sts_static_tokens *s);

#endif
