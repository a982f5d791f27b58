/* suggest.h - "did you mean": the candidate nearest to a mistyped word. */
#ifndef STS_CORE_SUGGEST_H
#define STS_CORE_SUGGEST_H

#include <stddef.h>

/* Start with {.word = ..., .n = its length}, add the candidates, read best: NULL when none is near. */
typedef struct sts_suggest {
    const char *word;
    size_t n;
    const char *best; /* borrowed from the call that added it */
    size_t distance;
} sts_suggest;

/* Offers `show` as an answer, spelt candidate[n]; the first of equally near ones stays. */
void sts_suggest_add(sts_suggest *s, const char *candidate, size_t n, const char *show);

/* Insertions, deletions, replacements and swaps of neighbours between two words; case and '-' or
 * '_' count for nothing. Words are cut at 63 bytes. */
size_t sts_edit_distance(const char *a, size_t na, const char *b, size_t nb);

#endif
