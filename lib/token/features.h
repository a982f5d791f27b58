/* features.h - what the built-in encoder sees of a text: its words and their character n-grams,
 * hashed into 2^22 buckets. Works for any language: text is brought to NFKC and lower case; in
 * scripts written without spaces the n-grams run over the whole run of characters. */
#ifndef STS_TOKEN_FEATURES_H
#define STS_TOKEN_FEATURES_H

#include "token/tokenizer.h"

#define STS_FEATURE_BITS 22
#define STS_LONGEST_WORD 64 /* characters; the rest is a new word */
#define STS_FEATURE_BUCKETS ((int32_t)1 << STS_FEATURE_BITS)

typedef struct sts_feature_options {
    int shortest, longest; /* n-grams, in characters, the word's two ends counted */
} sts_feature_options;

/* Called with a word's characters c[n], NFKC and lower case; runs_on: of a script written without
 * spaces. Not 0 ends the walk. */
typedef int sts_word_fn(void *ctx, const uint32_t *c, size_t n, bool runs_on);

/* Calls each(ctx, ...) for the words of a text: 0, what `each` ended with, or -1 (memory). */
int sts_words(const char *text, size_t n, sts_word_fn *each, void *ctx);

/* The buckets of a text's features in the order of the text, at limit `most` of them (0: no limit);
 * replaces what out held. *truncated (may be NULL) says that there were more. 0, or -1 (memory). */
int sts_features(const char *text, size_t n, const sts_feature_options *o, size_t limit,
                 sts_ids *out, bool *truncated, sts_err *err);

/* How many features a word has: words of sts_words. */
size_t sts_word_count(size_t n, bool runs_on, const sts_feature_options *o);
/* Appends the buckets of a word's features, in the order that they have in a text. 0, or -1. */
int sts_word_features(const uint32_t *c, size_t n, bool runs_on, const sts_feature_options *o,
                      sts_ids *out);

/* Those that the last characters of a word bring to it: their n-grams, the word's end counted. */
int sts_features_of_rest(const char *rest, size_t n, const sts_feature_options *o, sts_ids *out,
                         sts_err *err);

#endif
