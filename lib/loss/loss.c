/* loss.c - the registry of losses, and a user's choice read against it. */
#include "loss/loss.h"

#include "core/decimal.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "core/suggest.h"
#include "core/words.h"
#include "loss/loss_plugin.h"

#include <math.h>
#include <string.h>

#define LOSS(name) extern const sts_loss sts_loss_##name;
#include "loss_list.h"
#undef LOSS
#define LOSS(name) &sts_loss_##name,
static const sts_loss *const all[] = {
#include "loss_list.h"
};
#undef LOSS
#define N_LOSSES (sizeof all / sizeof *all)

/* ---- the registry ---- */

const sts_loss *const *sts_loss_all(size_t *n)
{
    *n = N_LOSSES;
    return all;
}

static bool is_called(const sts_loss *loss, const char *name, size_t n)
{
    if (sts_same_word(loss->name, strlen(loss->name), name, n)) return true;
    const char *alias = loss->aliases;
    for (size_t len; (len = sts_next_word(&alias)); alias += len)
        if (sts_same_word(alias, len, name, n)) return true;
    return false;
}

/* Words for the idea of a loss. They are no aliases, since elsewhere they name other losses too. */
static const struct {
    const char *words;
    const sts_loss *loss;
} ideas[] = {
    {"mse mean-squared-error", &sts_loss_cosine_similarity},
    {"simcse nt-xent in-batch-negatives", &sts_loss_multiple_negatives_ranking},
};

/* The loss whose name, or one of whose aliases, looks most like name[n]. */
static const char *meant(const char *name, size_t n)
{
    sts_suggestion s = {.word = name, .n = n};
    for (size_t i = 0; i < N_LOSSES; i++) {
        sts_suggestion_add_words(&s, all[i]->name, all[i]->name);
        sts_suggestion_add_words(&s, all[i]->aliases, all[i]->name);
    }
    for (size_t i = 0; i < sizeof ideas / sizeof *ideas; i++)
        sts_suggestion_add_words(&s, ideas[i].words, ideas[i].loss->name);
    return s.best;
}

static const sts_loss *get(const char *name, size_t n, sts_err *err)
{
    for (size_t i = 0; i < N_LOSSES; i++)
        if (is_called(all[i], name, n)) return all[i];
    const char *best = meant(name, n);
    sts_fail(err, STS_USAGE, "there is no loss '%.*s'%s%s%s (`stsfit losses` lists them)",
             n < 200 ? (int)n : 200, name, best ? "; did you mean '" : "", best ? best : "",
             best ? "'?" : "");
    return NULL;
}

const sts_loss *sts_loss_find(const char *name_or_alias)
{
    return get(name_or_alias, strlen(name_or_alias), NULL);
}

/* ---- a choice ---- */

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
                    loss->name, n < 200 ? (int)n : 200, key, s.best ? " (did you mean '" : "",
                    s.best ? s.best : "", s.best ? "'?)" : "", names);
}

static int set_number(sts_loss_spec *spec, int i, const char *value, size_t n, sts_err *err)
{
    const sts_loss_option *o = &spec->loss->options[i];
    double x = NAN;
    if (!sts_number_parse(value, n, &x) || x < o->min || x > o->max)
        return sts_fail(err, STS_USAGE, "loss '%s': '%s=%.*s': %s must be a number from %g to %g",
                        spec->loss->name, o->name, n < 200 ? (int)n : 200, value, o->name, o->min,
                        o->max);
    spec->option[i] = x;
    return 0;
}

static int set_text(sts_loss_spec *spec, int i, const char *value, size_t n, sts_err *err)
{
    const sts_loss_option *o = &spec->loss->options[i];
    if (o->choices && !sts_word_listed(o->choices, value, n))
        return sts_fail(err, STS_USAGE, "loss '%s': '%s=%.*s': %s must be one of: %s",
                        spec->loss->name, o->name, n < 200 ? (int)n : 200, value, o->name,
                        o->choices);
    spec->option_text[i] = sts_strndup(value, n);
    return spec->option_text[i] ? 0 : sts_fail_memory(err, "the loss");
}

/* One "k=v" of n bytes; `given` has a bit for each option that was set. */
static int set_option(sts_loss_spec *spec, const char *text, size_t n, unsigned *given,
                      sts_err *err)
{
    const char *equals = memchr(text, '=', n);
    int shown = n < 200 ? (int)n : 200;
    if (!equals)
        return sts_fail(err, STS_USAGE, "loss '%s': expected option=value, found '%.*s'",
                        spec->loss->name, shown, text);
    int i = option_index(spec->loss, text, (size_t)(equals - text));
    if (i < 0) return unknown_option(spec->loss, text, (size_t)(equals - text), err);
    const sts_loss_option *o = &spec->loss->options[i];
    if (*given & 1u << i)
        return sts_fail(err, STS_USAGE, "loss '%s': option '%s' is given twice", spec->loss->name,
                        o->name);
    *given |= 1u << i;
    const char *value = equals + 1;
    size_t len = n - (size_t)(value - text);
    return o->text ? set_text(spec, i, value, len, err) : set_number(spec, i, value, len, err);
}

/* "k=v,k2=v2"; the rest keeps its defaults. */
static int set_options(sts_loss_spec *spec, const char *text, sts_err *err)
{
    unsigned given = 0;
    for (int i = 0; i < spec->loss->n_options; i++) spec->option[i] = spec->loss->options[i].value;
    while (text) {
        size_t n = strcspn(text, ",");
        if (set_option(spec, text, n, &given, err)) return -1;
        text = text[n] ? text + n + 1 : NULL;
    }
    return 0;
}

static bool ends_in(const char *s, size_t n, const char *tail)
{
    size_t k = strlen(tail);
    return n >= k && !memcmp(s + n - k, tail, k);
}

static bool is_path(const char *s, size_t n)
{
    return memchr(s, '/', n) || ends_in(s, n, ".so") || ends_in(s, n, ".dylib");
}

/* The colon before the options, or NULL. One in a path has no "name=" after it. */
static const char *options_of(const char *text)
{
    const char *colon = strchr(text, ':');
    while (colon && strchr(colon, '/') && colon[1 + strcspn(colon + 1, "=:/,")] != '=')
        colon = strchr(colon + 1, ':');
    return colon;
}

int sts_loss_parse(sts_loss_spec *spec, const char *text, sts_err *err)
{
    const char *colon = options_of(text);
    size_t n = colon ? (size_t)(colon - text) : strlen(text);
    *spec = (sts_loss_spec){0};
    if (is_path(text, n)) {
        spec->path = sts_strndup(text, n);
        if (!spec->path) return sts_fail_memory(err, "the loss");
        spec->loss = spec->whole = sts_loss_load(spec->path, &spec->library, err);
    } else {
        spec->loss = get(text, n, err);
    }
    if (spec->loss && !set_options(spec, colon ? colon + 1 : NULL, err)) return 0;
    sts_loss_close(spec);
    return -1;
}

void sts_loss_close(sts_loss_spec *spec)
{
    for (int i = 0; i < STS_LOSS_MAX_OPTIONS; i++) sts_free(spec->option_text[i]);
    sts_free(spec->whole);
    sts_loss_unload(spec->library);
    sts_free(spec->path);
    *spec = (sts_loss_spec){0};
}

/* NULL for a number. */
static const char *text_option(const sts_loss_spec *spec, int i)
{
    return spec->option_text[i] ? spec->option_text[i] : spec->loss->options[i].text;
}

const char *sts_loss_format(const sts_loss_spec *spec, char *out, size_t size)
{
    size_t at = sts_append(out, size, 0, "%s", spec->path ? spec->path : spec->loss->name);
    for (int i = 0; i < spec->loss->n_options; i++) {
        char value[32];
        const char *text = text_option(spec, i);
        at = sts_append(out, size, at, "%c%s=%s", i ? ',' : ':', spec->loss->options[i].name,
                        text ? text : sts_decimal_format(spec->option[i], value));
    }
    return out;
}

/* ---- use ---- */

const char *sts_loss_needs(unsigned needs, char *out, size_t size)
{
    static const char *const kind[] = {"pairs", "scored pairs", "triplets", "tuples"};
    size_t at = 0;
    *out = 0;
    for (int i = 0; i < 4; i++) {
        const char *before = !at ? "" : needs >> (i + 1) ? ", " : " or ";
        if (needs & 1u << i) at = sts_append(out, size, at, "%s%s", before, kind[i]);
    }
    return out;
}

int sts_loss_fits(const sts_loss_spec *spec, int columns, bool scored, sts_err *err)
{
    static const struct {
        unsigned needs;
        const char *name;
    } rows[] = {{STS_LOSS_PAIRS, "pairs without scores"},
                {STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS, "scored pairs"},
                {STS_LOSS_TRIPLETS, "triplets"},
                {STS_LOSS_TUPLES, "more than three texts per row"}};
    int kind = columns > 3 ? 3 : columns == 3 ? 2 : scored;
    if (spec->loss->needs & rows[kind].needs) return 0;
    char needs[64];
    return sts_fail(err, STS_USAGE, "loss '%s' needs %s; the data has %s", spec->loss->name,
                    sts_loss_needs(spec->loss->needs, needs, sizeof needs), rows[kind].name);
}

double sts_loss_min_score(const sts_loss_spec *spec)
{
    int i = option_index(spec->loss, "min_score", strlen("min_score"));
    return i < 0 ? -INFINITY : spec->option[i];
}

static double largest(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
    return most;
}

/* What a spec adds to a batch; text has room for the options' texts. */
static void add_choice(const sts_loss_spec *spec, sts_loss_batch *batch, const char **text)
{
    for (int i = 0; i < spec->loss->n_options; i++) text[i] = text_option(spec, i);
    batch->size = sizeof *batch;
    batch->option = spec->option;
    batch->option_text = text;
    batch->context = spec->context;
    batch->warning = NULL;
}

size_t sts_loss_scratch(const sts_loss_spec *spec, sts_loss_batch shape)
{
    const char *text[STS_LOSS_MAX_OPTIONS];
    add_choice(spec, &shape, text);
    if (spec->loss->scratch) return spec->loss->scratch(&shape);
    return STS_LOSS_SCRATCH(shape.n, shape.columns);
}

double sts_loss_run(const sts_loss_spec *spec, sts_loss_batch *batch)
{
    const char *text[STS_LOSS_MAX_OPTIONS];
    size_t n = (size_t)batch->n * (size_t)batch->dim;
    double grad = 0, size = 0;
    add_choice(spec, batch, text);
    double loss = spec->loss->run(batch);
    for (int c = 0; c < batch->columns; c++) {
        grad = fmax(grad, largest(batch->grad[c], n));
        size = fmax(size, largest(batch->emb[c], n));
    }
    /* grad * size has no unit: equal vectors leave rounding errors of 1e-16 in it. */
    if (!batch->warning && grad * size <= 1e-13 * fabs(loss) && loss != 0)
        batch->warning = "the gradient of the batch is zero: are its embeddings equal?";
    return loss;
}
