/* bag_words.h - which words and pieces of words of the training texts have a row of their own in
 * bag_static.c's table. */
#ifndef STS_MODEL_BAG_WORDS_H
#define STS_MODEL_BAG_WORDS_H

#include "core/limits.h"
#include "stsfit.h"

#define STS_BAG_UNKNOWN "[UNK]" /* token 0: a character that the texts do not have */
#define STS_BAG_REST "##"       /* precedes what continues a word */

/* The tokenizer.json of the table: words, the most frequent ones, then what words that it lacks are
 * put together from. Newly allocated (sts_free); NULL when memory is out or the work is to stop. */
char *sts_bag_tokenizer(const sts_str *text, size_t n, sts_err *err);

#endif
