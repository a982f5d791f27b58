/* escape.c - texts for terminals, Markdown and shells. */
#include "core/escape.h"

#include "core/mem.h"

#include <string.h>

/* s as sts_quote shows it, whole, in memory of its own; NULL when there is none. */
static char *quoted(const char *s)
{
    size_t n = strlen(s), size;
    char *plain = sts_mul(n, 4, &size) && sts_add(size, 1, &size) ? sts_alloc(size, 1) : NULL;
    if (plain) sts_quote(plain, size, s, n);
    return plain;
}

void sts_put_shown(sts_strbuf *out, const char *s, size_t width)
{
    char *plain = quoted(s);
    out->failed |= !plain;
    if (plain) sts_strbuf_printf(out, "%-*s", (int)width, plain);
    sts_free(plain);
}

void sts_put_name(sts_strbuf *out, const char *s, size_t width)
{
    size_t start = out->n;
    sts_put_shown(out, s, width);
    if (out->n - start > width) sts_strbuf_printf(out, "\n%*s", (int)width, "");
}

void sts_put_markdown(sts_strbuf *out, const char *s)
{
    char *plain = quoted(s);
    out->failed |= !plain;
    for (const char *p = plain; p && *p; p++) {
        if (strchr("\\`*_{}[]<>()#+!|~&$", *p)) sts_strbuf_add(out, "\\", 1);
        sts_strbuf_add(out, p, 1);
    }
    sts_free(plain);
}

/* ---- shells ---- */

/* $'...', where any byte can be written. */
static void put_bytes(sts_strbuf *out, const char *s)
{
    sts_strbuf_printf(out, "$'");
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x20 || c >= 0x7f) sts_strbuf_printf(out, "\\%03o", c);
        else sts_strbuf_printf(out, c == '\'' || c == '\\' ? "\\%c" : "%c", c);
    }
    sts_strbuf_printf(out, "'");
}

char *sts_shell_word(const char *s)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                               "%+,-./:=@_";
    sts_strbuf out = {0};
    if (!s) return NULL;
    size_t n = strlen(s);
    char *plain = quoted(s);
    if (!plain) return NULL;
    if (n && strspn(s, safe) == n) {
        sts_strbuf_add(&out, s, n);
    } else if (strcmp(plain, s)) {
        put_bytes(&out, s);
    } else {
        sts_strbuf_add(&out, "'", 1);
        for (; *s; s++) sts_strbuf_add(&out, *s == '\'' ? "'\\''" : s, *s == '\'' ? 4 : 1);
        sts_strbuf_add(&out, "'", 1);
    }
    sts_free(plain);
    return sts_strbuf_take(&out);
}

void sts_put_json(sts_strbuf *out, const char *s, size_t n)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    size_t from = 0;
    sts_strbuf_add(out, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch >= 0x20 && ch != '"' && ch != '\\') continue;
        const char *short_form = ch ? strchr(plain, ch) : NULL;
        sts_strbuf_add(out, s + from, i - from);
        if (short_form) sts_strbuf_printf(out, "\\%c", letter[short_form - plain]);
        else sts_strbuf_printf(out, "\\u%04x", ch);
        from = i + 1;
    }
    sts_strbuf_add(out, s + from, n - from);
    sts_strbuf_add(out, "\"", 1);
}
