/* search_space.c - the options that a search changes, and how far. */
#include "train/search.h"

#include "core/c_locale.h"
#include "core/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 100 /* until an option that may change does */

/* To add an option: its name in the enum, and a row here. */
static const struct row {
    const char *name;
    double start, lo, hi; /* of numbers; 0: of words */
    double octaves;       /* the standard deviation of a step */
    bool whole, power;    /* whole numbers; powers of two */
} ROW[STS_SEARCH_OPTIONS] = {
    [STS_SEARCH_LOSS] = {.name = "loss"},
    [STS_SEARCH_LR] = {"lr", 5e-5, 1e-7, 1, 1.0, false, false},
    [STS_SEARCH_BATCH] = {"batch-size", 16, 2, 256, 1.0, true, true},
    [STS_SEARCH_EPOCHS] = {"epochs", 4, 1, 30, 0.75, true, false},
    [STS_SEARCH_WARMUP] = {"warmup", 0.1, 0.01, 0.5, 1.0, false, false},
    [STS_SEARCH_DROPOUT] = {"dropout", 0.1, 0.01, 0.5, 0.75, false, false},
    [STS_SEARCH_LAYER_DECAY] = {"layer-decay", 1, 0.5, 1, 0.25, false, false},
    [STS_SEARCH_AVERAGE] = {.name = "average"},
    [STS_SEARCH_BLEND] = {.name = "blend"},
};

static bool has_words(size_t i)
{
    return ROW[i].hi == 0;
}

/* Words of an option that stand for none being given. */
#define NOT_GIVEN "none"

/* ---- the space ---- */

static void set_words(sts_search_space *s, size_t i, const char *const *words)
{
    for (size_t k = 0; words[k]; k++) s->words[i][k] = words[k];
}

static const char *const *choose_losses(const sts_search_kind *kind)
{
    static const char *const scores[] = {"cosine-similarity", "cosent", "angle",
                                         "cosine-similarity+0.1*cosent", NULL};
    static const char *const classes[] = {"cosine-similarity", "cosent", "contrastive-cosine",
                                          "online-contrastive", NULL};
    static const char *const pairs[] = {"multiple-negatives-ranking",
                                        "multiple-negatives-ranking:symmetric=1", NULL};
    static const char *const triplets[] = {"triplet", "multiple-negatives-ranking", NULL};
    if (kind->columns == 3) return triplets;
    if (!kind->scored) return pairs;
    return kind->classes ? classes : scores;
}

/* The word of the first trial comes first, and once. */
static void put_first(sts_search_space *s, size_t i, const char *word)
{
    const char **words = s->words[i];
    size_t at = 0, room = sizeof s->words[i] / sizeof *words - 1;
    while (words[at] && strcmp(words[at], word) != 0) at++;
    if (at >= room) at = room - 1;
    for (; at; at--) words[at] = words[at - 1];
    words[0] = word;
}

void sts_search_open_space(sts_search_space *s, const sts_search_kind *kind,
                           const sts_train_options *first)
{
    static const char *const averages[] = {NOT_GIVEN, "ema:0.99", "ema:0.999", "last:3", "best:3",
                                           NULL};
    static const char *const no_dev[] = {NOT_GIVEN, "ema:0.99", "ema:0.999", "last:3", NULL};
    static const char *const blends[] = {NOT_GIVEN, "auto", NULL};
    *s = (sts_search_space){0};
    set_words(s, STS_SEARCH_LOSS, choose_losses(kind));
    set_words(s, STS_SEARCH_AVERAGE, kind->held_out ? no_dev : averages);
    set_words(s, STS_SEARCH_BLEND, blends);
    if (first->loss) put_first(s, STS_SEARCH_LOSS, first->loss);
    if (first->average) put_first(s, STS_SEARCH_AVERAGE, first->average);
    if (first->blend) put_first(s, STS_SEARCH_BLEND, first->blend);
    s->fixed[STS_SEARCH_AVERAGE] = first->average != NULL;
    s->fixed[STS_SEARCH_BLEND] = first->blend || kind->is_new || kind->held_out;
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) s->start[i] = ROW[i].start;
}

bool sts_search_fix(sts_search_space *s, const char *name)
{
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++)
        if (!strcmp(ROW[i].name, name)) return s->fixed[i] = true;
    return false;
}

static void start_number(sts_search_space *s, size_t i, const sts_json *value)
{
    if (!sts_json_is_number(value)) return;
    double x = value->number;
    s->start[i] = x;
    if (!(x >= ROW[i].lo && x <= ROW[i].hi)) s->fixed[i] = true;
}

void sts_search_start(sts_search_space *s, const sts_json *config)
{
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++)
        if (!has_words(i)) start_number(s, i, sts_json_get(config, ROW[i].name));
    if (!sts_json_get(config, ROW[STS_SEARCH_LAYER_DECAY].name)) /* the model has no layers */
        s->fixed[STS_SEARCH_LAYER_DECAY] = true;
    const sts_json *steps = sts_json_get(config, "max-steps");
    if (sts_json_is_number(steps) && steps->number > 0) s->fixed[STS_SEARCH_EPOCHS] = true;
}

sts_settings sts_search_first(const sts_search_space *s, const sts_json *config)
{
    sts_settings x = {0};
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) {
        const sts_json *value = sts_json_get(config, ROW[i].name);
        if (!has_words(i)) x.x[i] = sts_json_is_number(value) ? s->start[i] : STS_SEARCH_DEFAULT;
    }
    return x;
}

/* ---- a step ---- */

#define DIGITS 2 /* say enough, and read better */

static double step_number(const struct row *o, double from, double scale, sts_rng *r)
{
    double x = from * exp2(o->octaves * scale * sts_rng_normal(r));
    if (o->power) x = exp2(round(log2(x)));
    else x = o->whole ? round(x) : sts_decimal_round(x, DIGITS);
    return fmin(fmax(x, o->lo), o->hi);
}

static double step_word(const char *const *words, double from, sts_rng *r)
{
    uint32_t n = 0, at = (uint32_t)from;
    while (words[n]) n++;
    if (n < 2) return from;
    return (at + 1 + sts_rng_below(r, n - 1)) % n;
}

static double step(const sts_search_space *s, size_t i, double from, double scale, sts_rng *r)
{
    if (has_words(i)) return step_word(s->words[i], from, r);
    return step_number(&ROW[i], isnan(from) ? s->start[i] : from, scale, r);
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

bool sts_settings_equal(const sts_settings *a, const sts_settings *b)
{
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++)
        if (!is_same(a->x[i], b->x[i])) return false;
    return true;
}

sts_settings sts_search_step(const sts_search_space *s, const sts_settings *from, double scale,
                             sts_rng *r)
{
    sts_settings to = *from;
    for (int k = 0; k < TRIES && sts_settings_equal(&to, from); k++)
        for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) {
            bool changes = sts_rng_below(r, 3) == 0;
            if (changes && !s->fixed[i]) to.x[i] = step(s, i, from->x[i], scale, r);
        }
    return to;
}

/* ---- as options, text and JSON ---- */

/* The word that a value stands for; NULL: the option is not given. */
static const char *word_of(const sts_search_space *s, size_t i, double x)
{
    const char *word = s->words[i][(size_t)x];
    return strcmp(word, NOT_GIVEN) ? word : NULL;
}

int sts_settings_apply(const sts_search_space *s, const sts_settings *x, sts_train_options *o,
                       sts_settings_text text, sts_err *err)
{
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) {
        const char *value = text[i];
        if (isnan(x->x[i])) continue;
        if (has_words(i)) value = word_of(s, i, x->x[i]);
        else sts_print(text[i], sizeof text[i], "%.17g", x->x[i]);
        if (value && sts_train_set(o, ROW[i].name, value, err)) return -1;
    }
    return 0;
}

void sts_settings_put(sts_strbuf *out, const sts_search_space *s, const sts_settings *x,
                      const sts_settings *from)
{
    size_t before = out->n;
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) {
        if (isnan(x->x[i]) || is_same(x->x[i], from->x[i])) continue;
        sts_strbuf_printf(out, "%s%s ", out->n > before ? ", " : "", ROW[i].name);
        if (has_words(i)) sts_strbuf_printf(out, "%s", s->words[i][(size_t)x->x[i]]);
        else sts_strbuf_printf(out, "%g", x->x[i]);
    }
    if (out->n == before) sts_strbuf_printf(out, "defaults");
}

void sts_settings_json(sts_json *object, const sts_search_space *s, const sts_settings *x)
{
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) {
        if (isnan(x->x[i])) continue;
        if (has_words(i)) sts_json_add_string(object, ROW[i].name, s->words[i][(size_t)x->x[i]]);
        else sts_json_add_exact(object, ROW[i].name, x->x[i]);
    }
}

static int read_word(double *x, const sts_search_space *s, size_t i, const sts_json_in *in)
{
    const char *text = NULL;
    *x = 0;
    if (sts_json_text(in, ROW[i].name, &text)) return -1;
    if (!text) return 0;
    for (size_t k = 0; s->words[i][k]; k++) {
        if (strcmp(s->words[i][k], text)) continue;
        *x = (double)k;
        return 0;
    }
    return sts_fail(in->err, in->code, "%s: \"%s\": '%.60s' is not a value of the search", in->name,
                    ROW[i].name, text);
}

int sts_settings_read(sts_settings *x, const sts_search_space *s, const sts_json_in *in)
{
    for (size_t i = 0; i < STS_SEARCH_OPTIONS; i++) {
        double lo = s->fixed[i] ? s->start[i] : ROW[i].lo;
        double hi = s->fixed[i] ? s->start[i] : ROW[i].hi;
        x->x[i] = STS_SEARCH_DEFAULT;
        int rc = has_words(i) ? read_word(&x->x[i], s, i, in)
                              : sts_json_num(in, ROW[i].name, lo, hi, &x->x[i]);
        if (rc) return -1;
    }
    return 0;
}
