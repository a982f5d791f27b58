/* loss_parse.c - what a user chooses of the losses, read from text and written as text:
 *
 *     SUM  = TERM { '+' TERM }
 *     TERM = [ WEIGHT '*' ] NAME-OR-PATH [ ':' OPTION '=' VALUE { ',' OPTION '=' VALUE } ]
 */
#include "core/decimal.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "core/suggest.h"
#include "core/words.h"
#include "loss/loss.h"
#include "loss/loss_plugin.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* ---- options ---- */

/* Of what a user wrote, so much is shown. */
static int shown_length(size_t n)
{
    return n < 200 ? (int)n : 200;
}

static int option_index(const sts_loss *loss, const char *key, size_t n)
{
    for (int i = 0; i < loss->n_options; i++)
        if (sts_same_word(loss->options[i].name, strlen(loss->options[i].name), key, n)) return i;
    return -1;
}

static int unknown_option(const sts_loss *loss, const char *key, size_t n, sts_err *err)
{
    char names[256] = "none";
    size_t at = 0;
    sts_suggestion s = {.word = key, .n = n};
    for (int i = 0; i < loss->n_options; i++) {
        const char *name = loss->options[i].name;
        sts_suggestion_add(&s, name, strlen(name), name);
        at = sts_append(names, sizeof names, at, "%s%s", i ? ", " : "", name);
    }
    return sts_fail(err, STS_USAGE, "loss '%s' has no option '%.*s'%s%s%s; its options: %s",
                    loss->name, shown_length(n), key, s.best ? " (did you mean '" : "",
                    s.best ? s.best : "", s.best ? "'?)" : "", names);
}

static int set_number(sts_loss_part *part, int i, const char *value, size_t n, sts_err *err)
{
    const sts_loss_option *o = &part->loss->options[i];
    double x = NAN;
    if (!sts_number_parse(value, n, &x) || x < o->min || x > o->max)
        return sts_fail(err, STS_USAGE, "loss '%s': '%s=%.*s': %s must be a number from %g to %g",
                        part->loss->name, o->name, shown_length(n), value, o->name, o->min,
                        o->max);
    part->option[i] = x;
    return 0;
}

static int set_text(sts_loss_part *part, int i, const char *value, size_t n, sts_err *err)
{
    const sts_loss_option *o = &part->loss->options[i];
    if (o->choices && !sts_word_listed(o->choices, value, n))
        return sts_fail(err, STS_USAGE, "loss '%s': '%s=%.*s': %s must be one of: %s",
                        part->loss->name, o->name, shown_length(n), value, o->name,
                        o->choices);
    part->option_text[i] = sts_strndup(value, n);
    return part->option_text[i] ? 0 : sts_fail_memory(err, "the loss");
}

/* One "k=v" of n bytes; `given` has a bit for each option that was set. */
static int set_option(sts_loss_part *part, const char *text, size_t n, unsigned *given,
                      sts_err *err)
{
    const char *equals = memchr(text, '=', n);
    int shown = shown_length(n);
    if (!equals)
        return sts_fail(err, STS_USAGE, "loss '%s': expected option=value, found '%.*s'",
                        part->loss->name, shown, text);
    int i = option_index(part->loss, text, (size_t)(equals - text));
    if (i < 0) return unknown_option(part->loss, text, (size_t)(equals - text), err);
    const sts_loss_option *o = &part->loss->options[i];
    if (*given & 1u << i)
        return sts_fail(err, STS_USAGE, "loss '%s': option '%s' is given twice", part->loss->name,
                        o->name);
    *given |= 1u << i;
    const char *value = equals + 1;
    size_t len = n - (size_t)(value - text);
    return o->text ? set_text(part, i, value, len, err) : set_number(part, i, value, len, err);
}

/* "k=v,k2=v2" up to end; the rest keeps its defaults. */
static int set_options(sts_loss_part *part, const char *text, const char *end, sts_err *err)
{
    unsigned given = 0;
    for (int i = 0; i < part->loss->n_options; i++) part->option[i] = part->loss->options[i].value;
    while (text) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        size_t n = (size_t)((comma ? comma : end) - text);
        if (set_option(part, text, n, &given, err)) return -1;
        text = comma ? comma + 1 : NULL;
    }
    return 0;
}

/* ---- terms ---- */

static bool ends_in(const char *s, size_t n, const char *tail)
{
    size_t k = strlen(tail);
    return n >= k && !memcmp(s + n - k, tail, k);
}

static bool is_path(const char *s, size_t n)
{
    return memchr(s, '/', n) || ends_in(s, n, ".so") || ends_in(s, n, ".dylib");
}

/* Whether the '+' at text[i] is the sign of an exponent: "1e+3". */
static bool is_exponent(const char *text, size_t i)
{
    return i >= 2 && (text[i - 1] == 'e' || text[i - 1] == 'E') &&
           (isdigit((unsigned char)text[i - 2]) || text[i - 2] == '.') &&
           isdigit((unsigned char)text[i + 1]);
}

/* The colon before the options of a term that ends at `end`, or NULL. One in a path has no "name="
 * after it. */
static const char *options_of(const char *text, const char *end)
{
    const char *colon = memchr(text, ':', (size_t)(end - text));
    while (colon && memchr(colon, '/', (size_t)(end - colon)) &&
           colon[1 + strcspn(colon + 1, "=:/,")] != '=')
        colon = memchr(colon + 1, ':', (size_t)(end - colon) - 1);
    return colon;
}

/* Whether text[0..n) is but the beginning of a path: one that is whole names a shared object. */
static bool is_unfinished_path(const char *text, size_t n)
{
    const char *colon = options_of(text, text + n);
    size_t name = colon ? (size_t)(colon - text) : n;
    return memchr(text, '/', name) && !ends_in(text, name, ".so") && !ends_in(text, name, ".dylib");
}

size_t sts_loss_first(const char *text)
{
    size_t n = 0;
    for (;; n++) {
        n += strcspn(text + n, "+");
        if (!text[n]) return n;
        if (!is_exponent(text, n) && !is_unfinished_path(text, n)) return n;
    }
}

/* The '*' after the weight of a term that ends at `end`; NULL: it has none. */
static const char *weight_end(const char *text, const char *end)
{
    size_t n = strcspn(text, "*:/");
    return n < (size_t)(end - text) && text[n] == '*' ? text + n : NULL;
}

const char *sts_loss_name(const char *text, size_t *n)
{
    const char *end = text + sts_loss_first(text), *star = weight_end(text, end);
    if (star) text = star + 1;
    const char *colon = options_of(text, end);
    *n = (size_t)((colon ? colon : end) - text);
    return text;
}

/* Takes "WEIGHT*" from the front of *text. */
static int read_weight(sts_loss_part *part, const char **text, const char *end, sts_err *err)
{
    const char *star = weight_end(*text, end);
    part->weight = 1;
    if (!star) return 0;
    size_t n = (size_t)(star - *text);
    if (!sts_number_parse(*text, n, &part->weight) || !(part->weight > 0))
        return sts_fail(err, STS_USAGE, "loss '%.*s': the weight '%.*s' must be a number above 0",
                        shown_length((size_t)(end - *text)), *text, shown_length(n), *text);
    *text = star + 1;
    return 0;
}

/* A term of n bytes. */
static int parse_term(sts_loss_part *part, const char *text, size_t n, sts_err *err)
{
    const char *end = text + n;
    if (read_weight(part, &text, end, err)) return -1;
    const char *colon = options_of(text, end);
    size_t name = (size_t)((colon ? colon : end) - text);
    const sts_env_item *own = sts_loss_own(text, name);
    if (own) {
        part->loss = own->loss;
        part->context = own->context;
        part->own = true;
    } else if (is_path(text, name)) {
        part->path = sts_strndup(text, name);
        if (!part->path) return sts_fail_memory(err, "the loss");
        part->loss = part->whole = sts_loss_load(part->path, &part->library, err);
    } else {
        part->loss = sts_loss_get(text, name, err);
    }
    return part->loss ? set_options(part, colon ? colon + 1 : NULL, end, err) : -1;
}

int sts_loss_parse(sts_loss_spec *spec, const char *text, sts_err *err)
{
    *spec = (sts_loss_spec){0};
    for (;;) {
        size_t n = sts_loss_first(text);
        int rc = spec->n_parts < STS_LOSS_PARTS
                     ? 0
                     : sts_fail(err, STS_USAGE, "a sum has %d losses at most", STS_LOSS_PARTS);
        if (!rc) rc = parse_term(&spec->part[spec->n_parts++], text, n, err);
        if (rc) sts_loss_close(spec);
        if (rc || !text[n]) return rc;
        text += n + 1;
    }
}

void sts_loss_close(sts_loss_spec *spec)
{
    for (int k = 0; k < spec->n_parts; k++) {
        sts_loss_part *part = &spec->part[k];
        for (int i = 0; i < STS_LOSS_MAX_OPTIONS; i++) sts_free(part->option_text[i]);
        sts_free(part->whole);
        sts_loss_unload(part->library);
        sts_free(part->path);
    }
    *spec = (sts_loss_spec){0};
}

/* ---- as text ---- */

static void format_part(sts_strbuf *out, const sts_loss_part *part)
{
    char value[32];
    if (part->weight != 1)
        sts_strbuf_printf(out, "%s*", sts_decimal_format(part->weight, value));
    sts_strbuf_printf(out, "%s", part->path ? part->path : part->loss->name);
    for (int i = 0; i < part->loss->n_options; i++) {
        const sts_loss_option *o = &part->loss->options[i];
        const char *text = part->option_text[i] ? part->option_text[i] : o->text;
        sts_strbuf_printf(out, "%c%s=%s", i ? ',' : ':', o->name,
                          text ? text : sts_decimal_format(part->option[i], value));
    }
}

char *sts_loss_format(const sts_loss_spec *spec)
{
    sts_strbuf out = {0};
    for (int k = 0; k < spec->n_parts; k++) {
        if (k) sts_strbuf_printf(&out, "+");
        format_part(&out, &spec->part[k]);
    }
    return sts_strbuf_take(&out);
}

const char *sts_loss_names(const sts_loss_spec *spec, char *out, size_t size)
{
    size_t at = 0;
    *out = 0;
    for (int k = 0; k < spec->n_parts; k++)
        at = sts_append(out, size, at, "%s%s", k ? " + " : "", spec->part[k].loss->name);
    return out;
}
