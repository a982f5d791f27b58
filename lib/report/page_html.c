/* page_html.c - numbers for people, figures, legends. */
#include "report/page_html.h"

#include "core/file.h"
#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- report.json ---- */

const sts_json *sts_page_get(const sts_json *object, const char *path)
{
    char key[64];
    while (object && *path) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof key) return NULL;
        memcpy(key, path, n);
        key[n] = 0;
        object = sts_json_get(object, key);
        path += n + (path[n] == '.');
    }
    return object;
}

double sts_page_num(const sts_json *object, const char *path)
{
    const sts_json *x = sts_page_get(object, path);
    return sts_json_is_number(x) ? x->number : NAN;
}

const char *sts_page_str(const sts_json *object, const char *path)
{
    return sts_json_as_string(sts_page_get(object, path));
}

/* ---- numbers ---- */

const char *sts_show_hundred(double x, sts_shown out)
{
    return sts_fixed(100 * x, 2, out);
}

const char *sts_show_gain(double x, sts_shown out)
{
    char number[32];
    sts_fixed(100 * x, 2, number);
    snprintf(out, sizeof(sts_shown), "%s%s", x > 0 ? "+" : "", number);
    return out;
}

const char *sts_show_count(double x, sts_shown out)
{
    char digits[32];
    sts_fixed(x, 0, digits);
    size_t n = strlen(digits), o = 0;
    bool plain = strspn(digits, "0123456789") == n;
    for (size_t i = 0; i < n; i++) {
        if (plain && i && (n - i) % 3 == 0) out[o++] = ',';
        out[o++] = digits[i];
    }
    out[o] = 0;
    return out;
}

const char *sts_show_seconds(double x, sts_shown out)
{
    if (!isfinite(x) || x < 0 || x > 1e12) return strcpy(out, "-");
    long s = lround(x);
    char small[32];
    if (x < 9.95) snprintf(out, sizeof(sts_shown), "%s s", sts_fixed(x, 1, small));
    else if (s < 60) snprintf(out, sizeof(sts_shown), "%ld s", s);
    else if (s < 3600) snprintf(out, sizeof(sts_shown), "%ld min %ld s", s / 60, s % 60);
    else snprintf(out, sizeof(sts_shown), "%ld h %ld min", s / 3600, s / 60 % 60);
    return out;
}

const char *sts_show_bytes(double x, sts_shown out)
{
    static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB"};
    int k = 0;
    if (!(x > 0) || x > 1e17) return strcpy(out, "-");
    while (x >= 1000 && k < 4) x /= 1000, k++;
    char number[32];
    snprintf(out, sizeof(sts_shown), "%s %s", sts_fixed(x, k && x < 10 ? 1 : 0, number), unit[k]);
    return out;
}

const char *sts_show_number(double x, sts_shown out)
{
    if (!isfinite(x)) return strcpy(out, "-");
    if (x == floor(x) && fabs(x) < 1e6) return sts_fixed(x, 0, out);
    int power = (int)floor(log10(fabs(x)));
    char number[32];
    if (power < -4 || power > 5) { /* 5e-5 */
        sts_fixed(x / pow(10, power), 2, number);
        while (strchr(number, '.') && strspn(number + strlen(number) - 1, "0."))
            number[strlen(number) - 1] = 0;
        snprintf(out, sizeof(sts_shown), "%se%d", number, power);
        return out;
    }
    sts_fixed(x, 5 - power < 8 ? 5 - power : 8, out);
    for (char *end = out + strlen(out) - 1; strchr(out, '.') && (*end == '0' || *end == '.');
         end--) {
        bool point = *end == '.';
        *end = 0;
        if (point) break;
    }
    return out;
}

/* The bootstrap's p counts the resample that is in hand, so that it is never 0. */
const char *sts_show_p(double p, sts_shown out)
{
    char number[32];
    if (!isfinite(p)) return strcpy(out, "p unknown");
    bool least = p < 0.0015;
    snprintf(out, sizeof(sts_shown), "p %s %s", least ? "\xe2\x89\xa4" : "=",
             sts_fixed(fmax(p, 0.001), p < 0.0995 ? 3 : 2, number));
    return out;
}

const char *sts_page_base(const char *path, sts_base out)
{
    sts_str last = sts_path_last(path);
    snprintf(out, sizeof(sts_base), "%.*s", last.n < 199 ? (int)last.n : 199, last.s);
    return out;
}

const char *sts_show_key(const char *key, sts_words out)
{
    snprintf(out, sizeof(sts_words), "%s", key);
    for (char *c = out; *c; c++)
        if (*c == '_') *c = ' ';
    return out;
}

const char *sts_page_time(const char *iso, sts_shown out)
{
    *out = 0;
    if (iso && strlen(iso) == 20 && iso[10] == 'T' && iso[19] == 'Z')
        snprintf(out, sizeof(sts_shown), "%.10s %.5s UTC", iso, iso + 11);
    return out;
}

void sts_page_span(double *lo, double *hi, double x)
{
    if (!isfinite(x)) return;
    if (!(*lo <= x)) *lo = x;
    if (!(*hi >= x)) *hi = x;
}

/* ---- pieces ---- */

void sts_section_begin(sts_strbuf *out, const char *title, const char *about)
{
    sts_html(out, "<section><h2>%s</h2>\n", title);
    if (about) sts_html(out, "<p class=\"about\">%s</p>\n", about);
}

void sts_section_end(sts_strbuf *out)
{
    sts_html(out, "</section>\n");
}

void sts_figure_begin(sts_strbuf *out, const char *title, const char *about)
{
    sts_html(out, "<figure><figcaption><h3>%s</h3><p>%s</p></figcaption>\n", title, about);
}

void sts_figure_end(sts_strbuf *out)
{
    sts_html(out, "</figure>\n");
}

void sts_legend_begin(sts_strbuf *out)
{
    sts_html(out, "<ul class=\"legend\">");
}

void sts_legend_item(sts_strbuf *out, int series, bool line, const char *name)
{
    sts_html(out, "<li>");
    sts_svg_swatch(out, series, line);
    sts_html(out, "%s</li>", name);
}

void sts_legend_end(sts_strbuf *out)
{
    sts_html(out, "</ul>\n");
}

void sts_page_fact(sts_strbuf *out, const char *key, const char *value)
{
    if (value) sts_html(out, "<li><span>%s</span><b>%s</b></li>\n", key, value);
}

char *sts_page_value(const sts_json *value)
{
    sts_shown number;
    if (sts_json_is_string(value)) return sts_strdup(value->text);
    if (sts_json_is_number(value)) return sts_strdup(sts_show_number(value->number, number));
    if (sts_json_is_bool(value)) return sts_strdup(sts_json_is_true(value) ? "yes" : "no");
    if (!sts_json_is_array(value)) {
        char *json = sts_json_compact(value), *copy = json ? sts_strdup(json) : NULL;
        sts_free(json);
        return copy;
    }
    sts_strbuf list = {0};
    for (const sts_json *v = value->child; v; v = v->next) {
        char *one = sts_json_is_array(v) ? sts_strdup("...") : sts_page_value(v);
        if (one) sts_strbuf_printf(&list, "%s%s", one, v->next ? ", " : "");
        else list.failed = true;
        sts_free(one);
    }
    return sts_strbuf_take(&list);
}
