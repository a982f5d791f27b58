/* svg_text.c - round ticks, numbers and escaped text. */
#include "report/svg.h"

#include "core/c_locale.h"
#include "core/mem.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *sts_fixed(double x, int decimals, char out[32])
{
    char raw[32];
    if (!isfinite(x) || fabs(x) >= 1e15) return strcpy(out, "-");
    sts_print(raw, sizeof raw, "%.*f", decimals, fabs(x));
    bool zero = strspn(raw, "0.") == strlen(raw);
    snprintf(out, 32, "%s%.28s", x < 0 && !zero ? "\xe2\x88\x92" : "", raw);
    return out;
}

/* ---- ticks ---- */

/* The smallest of 1, 2, 5 x 10^k that is not below x. */
static double round_up(double x)
{
    double ten = pow(10, floor(log10(x)));
    static const double of[] = {1, 2, 5, 10};
    for (int i = 0; i < 4; i++)
        if (of[i] * ten >= x * (1 - 1e-9)) return of[i] * ten;
    return 10 * ten;
}

sts_ticks sts_ticks_make(double lo, double hi, int limit)
{
    if (!isfinite(lo) || !isfinite(hi) || fabs(lo) > 1e100 || fabs(hi) > 1e100) {
        lo = 0;
        hi = 1;
    }
    if (hi < lo) hi = lo;
    if (fmax(fabs(lo), fabs(hi)) < 1e-90) lo = hi = 0;
    double least = fmax(fmax(fabs(lo), fabs(hi)) * 1e-9, 1e-100); /* what doubles can still tell */
    if (hi - lo < least) {
        double pad = lo == 0 ? 0.5 : fabs(lo) * 0.05;
        lo -= pad;
        hi += pad;
    }
    if (limit < 2) limit = 2;
    sts_ticks t = {.step = round_up((hi - lo) / (limit - 1))};
    for (;;) {
        double from = floor(lo / t.step + 1e-9), to = ceil(hi / t.step - 1e-9);
        t.first = from * t.step;
        t.n = (int)(to - from) + 1;
        if (t.n <= limit || limit == 2) break;
        t.step = round_up(t.step * 1.5);
    }
    if (t.n < 2) t.n = 2;
    t.decimals = (int)fmax(0, -floor(log10(t.step) + 1e-9));
    return t;
}

const char *sts_tick_label(const sts_ticks *t, int i, char out[32])
{
    double v = t->first + t->step * i, last = t->first + t->step * (t->n - 1);
    double largest = fmax(fabs(t->first), fabs(last));
    if (fabs(v) < t->step / 2) return strcpy(out, "0");
    if (largest >= 1e9 || t->step < 9e-4) { /* mantissa and power of ten of the tick's own */
        char digits[32];
        int power = (int)floor(log10(fabs(v)) + 1e-9);
        int decimals = (int)fmax(0, power - floor(log10(t->step) + 1e-9));
        sts_fixed(v / pow(10, power), decimals < 6 ? decimals : 6, digits);
        while (strchr(digits, '.') && strspn(digits + strlen(digits) - 1, "0."))
            digits[strlen(digits) - 1] = 0;
        snprintf(out, 32, "%.24se%d", digits, power);
        return out;
    }
    double unit = largest >= 1e6 ? 1e6 : largest >= 1e4 ? 1e3 : 1;
    int decimals = (int)fmax(0, -floor(log10(t->step / unit) + 1e-9));
    sts_fixed(v / unit, decimals, out);
    if (unit > 1) strcat(out, unit > 1e3 ? "M" : "k");
    return out;
}

/* ---- text ---- */

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void sts_html_text(sts_strbuf *out, const char *s, size_t n)
{
    size_t size;
    char *plain = sts_mul(n, 4, &size) && sts_add(size, 1, &size) ? sts_alloc(size, 1) : NULL;
    if (!plain) {
        out->failed = true;
        return;
    }
    sts_quote(plain, size, s, n);
    for (const char *p = plain; *p;) {
        size_t k = strcspn(p, "&<>\"'");
        sts_strbuf_add(out, p, k);
        p += k;
        if (!*p) break;
        const char *e = entity(*p++);
        sts_strbuf_add(out, e, strlen(e));
    }
    sts_free(plain);
}

void sts_html(sts_strbuf *out, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    while (*fmt) {
        size_t k = strcspn(fmt, "%");
        sts_strbuf_add(out, fmt, k);
        fmt += k;
        if (!*fmt) break;
        if (fmt[1] == 's') {
            const char *s = va_arg(ap, const char *);
            sts_html_text(out, s, strlen(s));
        } else if (fmt[1] == 'd') {
            sts_strbuf_printf(out, "%d", va_arg(ap, int));
        } else if (fmt[1] == 'z') {
            sts_strbuf_printf(out, "%zu", va_arg(ap, size_t));
            fmt++;
        } else {
            sts_strbuf_add(out, "%", 1);
        }
        fmt += 2;
    }
    va_end(ap);
}
