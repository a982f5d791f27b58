/* words.h - a list of words in one text, separated by spaces. */
#ifndef STS_CORE_WORDS_H
#define STS_CORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Moves *list to its next word and returns the word's length; 0 at the end. For the one after:
 * *list += length. A list that is NULL has no words. */
size_t sts_next_word(const char **list);

/* Whether word[n] is one of them. */
bool sts_word_listed(const char *list, const char *word, size_t n);

#endif
