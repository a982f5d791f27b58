/* strbuf.c - a growing text. */
#include "core/strbuf.h"

#include "core/c_locale.h"
#include "core/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t sts_append(char *out, size_t size, size_t at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = sts_print_list(out + at, size - at, fmt, ap);
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

static void add_formatted(sts_strbuf *b, const char *fmt, va_list ap)
{
    char small[256];
    va_list again;
    va_copy(again, ap);
    int n = sts_print_list(small, sizeof small, fmt, ap);
    if (n < 0) {
        b->failed = true;
    } else if ((size_t)n < sizeof small) {
        sts_strbuf_add(b, small, (size_t)n);
    } else if (b->failed || sts_grow(&b->s, b->n + (size_t)n + 1, &b->cap, 1)) {
        b->failed = true;
    } else {
        sts_print_list(b->s + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void sts_strbuf_printf(sts_strbuf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_formatted(b, fmt, ap);
    va_end(ap);
}

size_t sts_line_length(const char *text, size_t room)
{
    size_t n = strlen(text);
    if (n <= room) return n;
    for (n = room; n && text[n] != ' ';) n--;
    if (n) return n;
    for (n = room; n && text[n - 1] != ',';) n--;
    return n ? n : strcspn(text, " ");
}

void sts_put_wrapped(sts_strbuf *out, int indent, const char *label, const char *fmt, ...)
{
    sts_strbuf text = {0};
    va_list ap;
    va_start(ap, fmt);
    add_formatted(&text, fmt, ap);
    va_end(ap);
    const char *p = text.failed || !text.s ? "" : text.s;
    do {
        size_t n = sts_line_length(p, (size_t)(STS_COLUMNS - indent));
        sts_strbuf_printf(out, "%-*s%.*s\n", indent, label, (int)n, p);
        label = "";
        p += n;
        p += strspn(p, " ");
    } while (*p);
    out->failed |= text.failed;
    sts_free(text.s);
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
