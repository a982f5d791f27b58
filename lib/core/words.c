/* words.c - lists of words separated by spaces. */
#include "core/words.h"

#include <string.h>

size_t sts_next_word(const char **list)
{
    if (!*list) return 0;
    *list += strspn(*list, " ");
    return strcspn(*list, " ");
}

bool sts_word_listed(const char *list, const char *word, size_t n)
{
    for (size_t k; (k = sts_next_word(&list)); list += k)
        if (k == n && !memcmp(list, word, n)) return true;
    return false;
}
