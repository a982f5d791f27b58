/* strbuf.c - a growing text. */
#include "core/strbuf.h"

#include "core/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t sts_append(char *out, size_t size, size_t at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(out + at, size - at, fmt, ap);
    va_end(ap);
    if (n < 0) return at;
    return (size_t)n < size - at ? at + (size_t)n : size - 1;
}

void sts_strbuf_add(sts_strbuf *b, const char *s, size_t n)
{
    if (b->failed) return;
    if (sts_grow(&b->s, b->n + n, &b->cap, 1)) {
        b->failed = true;
        return;
    }
    if (n) memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = 0;
}

void sts_strbuf_printf(sts_strbuf *b, const char *fmt, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->failed = true;
    } else if ((size_t)n < sizeof small) {
        sts_strbuf_add(b, small, (size_t)n);
    } else if (b->failed || sts_grow(&b->s, b->n + (size_t)n + 1, &b->cap, 1)) {
        b->failed = true;
    } else {
        va_start(ap, fmt);
        vsnprintf(b->s + b->n, (size_t)n + 1, fmt, ap);
        va_end(ap);
        b->n += (size_t)n;
    }
}

char *sts_strbuf_take(sts_strbuf *b)
{
    sts_strbuf_add(b, "", 0);
    char *s = b->s;
    if (b->failed) {
        sts_free(s);
        s = NULL;
    }
    *b = (sts_strbuf){0};
    return s;
}
