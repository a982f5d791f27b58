/* textbuf.c - a text that grows. */
#include "token/textbuf.h"

#include "core/mem.h"

#include <string.h>

int sts_text_room(sts_text *t, size_t more)
{
    size_t need, cap;
    if (!sts_add(t->n, more, &need)) return -1;
    t->over = t->limit && need > t->limit;
    if (t->over) return -1;
    if (need <= t->cap && t->s) return 0;
    if (!sts_add(need, need / 2 + 64, &cap)) return -1;
    char *s = sts_realloc(t->s, cap, 1);
    if (!s) return -1;
    t->s = s;
    t->cap = cap;
    return 0;
}

int sts_text_add(sts_text *t, const char *s, size_t n)
{
    if (sts_text_room(t, n)) return -1;
    if (n) memcpy(t->s + t->n, s, n);
    t->n += n;
    return 0;
}

void sts_text_free(sts_text *t)
{
    sts_free(t->s);
    *t = (sts_text){0};
}
