/* suggest.h - "did you mean": the candidate nearest to a mistyped word. stsfit.h has the simple
 * form, over a list of names: sts_suggest. */
#ifndef STS_CORE_SUGGEST_H
#define STS_CORE_SUGGEST_H

#include "stsfit.h"

/* Start with {.word = ..., .n = its length}, add candidates, read best: NULL when none is near. */
typedef struct sts_suggestion {
    const char *word;
    size_t n;
    const char *best; /* borrowed from the call that added it */
    size_t distance;
} sts_suggestion;

/* Offers `show` as an answer, spelt candidate[n]; of equally near ones the first stays. */
void sts_suggestion_add(sts_suggestion *s, const char *candidate, size_t n, const char *show);

/* The same for each of the words, which spaces separate (words.h). */
void sts_suggestion_add_words(sts_suggestion *s, const char *words, const char *show);

/* Whether two words are the same but for case, and '-' or '_'. */
bool sts_same_word(const char *a, size_t na, const char *b, size_t nb);

/* Insertions, deletions, replacements and swaps of neighbours between two words; case and '-' or
 * '_' count for nothing. Words are cut at 63 bytes. */
size_t sts_edit_distance(const char *a, size_t na, const char *b, size_t nb);

#endif
