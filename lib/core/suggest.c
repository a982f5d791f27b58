/* suggest.c - edit distance (optimal string alignment) over three rows of the table. */
#include "core/suggest.h"

#include "core/words.h"

#include <string.h>

#define WORD 63

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int folded(char c)
{
    if (c == '_') return '-';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

size_t sts_edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[3][WORD + 1]; /* of i - 2, i - 1 and i letters of a, in turn */
    na = min(na, WORD);
    nb = min(nb, WORD);
    for (size_t j = 0; j <= nb; j++) row[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t other = folded(a[i - 1]) != folded(b[j - 1]);
            now[j] = min(min(last[j], now[j - 1]) + 1, last[j - 1] + other);
            if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                folded(a[i - 2]) == folded(b[j - 1]))
                now[j] = min(now[j], before[j - 2] + 1);
        }
    }
    return row[na % 3][nb];
}

bool sts_same_word(const char *a, size_t na, const char *b, size_t nb)
{
    if (na != nb) return false;
    for (size_t i = 0; i < na; i++)
        if (folded(a[i]) != folded(b[i])) return false;
    return true;
}

/* Near: at most a third of the longer word differs, or one begins with the other. */
void sts_suggestion_add(sts_suggestion *s, const char *candidate, size_t n, const char *show)
{
    size_t distance = sts_edit_distance(s->word, s->n, candidate, n);
    size_t longer = s->n > n ? s->n : n, shorter = min(s->n, n);
    bool begins = shorter >= 3 && sts_same_word(s->word, shorter, candidate, shorter);
    if (!begins && distance > longer / 3) return;
    if (s->best && distance >= s->distance) return;
    s->best = show;
    s->distance = distance;
}

void sts_suggestion_add_words(sts_suggestion *s, const char *words, const char *show)
{
    for (size_t n; (n = sts_next_word(&words)); words += n)
        sts_suggestion_add(s, words, n, show);
}

const char *sts_suggest(const char *word, const char *const *names, size_t n)
{
    sts_suggestion s = {.word = word, .n = strlen(word)};
    for (size_t i = 0; i < n; i++) sts_suggestion_add(&s, names[i], strlen(names[i]), names[i]);
    return s.best;
}
