/* added_tokens.h - tokens that are found in the text itself, before the model sees it. */
#ifndef STS_TOKEN_ADDED_TOKENS_H
#define STS_TOKEN_ADDED_TOKENS_H

#include "token/parts.h"
#include "token/subword.h"

typedef struct sts_added {
    char *content;
    int32_t id;
    bool single_word, lstrip, rstrip, normalized;
} sts_added;

typedef struct sts_added_tokens {
    sts_added *v;
    size_t n, cap;
    sts_trie index;    /* contents to indices of v */
    int32_t next;      /* the id of the next string that the model does not know */
    int32_t largest;   /* the largest id; 0 when there is none */
    sts_trie raw;      /* contents looked for in the raw text, to indices of v */
    sts_trie normed;   /* normalized contents looked for in the normalized text */
    bool raw_start[256], normed_start[256]; /* which bytes they start with */
} sts_added_tokens;

/* Reads the "added_tokens" list in->object (NULL: none), giving ids as the reference does: the
 * model's for its own strings, the next free ones for others. */
int sts_added_load(sts_added_tokens *a, const sts_subword *m, const sts_json_in *in);
/* Adds one; `token->content` is copied. */
int sts_added_add(sts_added_tokens *a, const sts_subword *m, const sts_added *token,
                  const sts_json_in *in);
/* Zero-initialise, then this. */
int sts_added_init(sts_added_tokens *a, const sts_subword *m, sts_err *err);
/* Makes the two tries; call once after the last token. */
int sts_added_finish(sts_added_tokens *a, const sts_parts *normalizer, const sts_json_in *in);
void sts_added_free(sts_added_tokens *a);

/* Walks over s[n]: each call gives the next stretch [*from, *to) and its id, or -1 for plain text.
 * Zero-initialise `at` and `done`. False at the end. */
typedef struct sts_added_walk {
    const sts_added_tokens *tokens;
    bool normed;
    const char *s;
    size_t n;
    size_t at;   /* where the search continues */
    size_t done; /* up to here was given out */
    size_t from, to; /* of a token found behind plain text, which is given first */
    int32_t held;    /* its id + 1; 0: none */
} sts_added_walk;
bool sts_added_next(sts_added_walk *w, size_t *from, size_t *to, int32_t *id);

#endif
