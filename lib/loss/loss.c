/* loss.c - the registry of losses, and what may be asked of a choice. */
#include "loss/loss.h"

#include "core/strbuf.h"
#include "core/suggest.h"
#include "core/words.h"

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

const char *sts_loss_nth(size_t i)
{
    return i < N_LOSSES ? all[i]->name : NULL;
}

static bool is_called(const sts_loss *loss, const char *name, size_t n)
{
    if (sts_same_word(loss->name, strlen(loss->name), name, n)) return true;
    const char *alias = loss->aliases;
    for (size_t len; (len = sts_next_word(&alias)); alias += len)
        if (sts_same_word(alias, len, name, n)) return true;
    return false;
}

/* Words for the idea of a loss: not aliases, since elsewhere they name other losses too. */
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

const sts_loss *sts_loss_get(const char *name, size_t n, sts_err *err)
{
    for (size_t i = 0; i < N_LOSSES; i++)
        if (is_called(all[i], name, n)) return all[i];
    const char *best = meant(name, n);
    sts_fail(err, STS_USAGE, "there is no loss '%.*s'%s%s%s%s", n < 200 ? (int)n : 200, name,
             best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "",
             sts_remedy(" (`stsfit losses` lists them)"));
    return NULL;
}

const sts_loss *sts_loss_find(const char *name_or_alias)
{
    return sts_loss_get(name_or_alias, strlen(name_or_alias), NULL);
}

/* ---- a choice ---- */

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

bool sts_loss_takes(const sts_loss_spec *spec, unsigned rows)
{
    for (int k = 0; k < spec->n_parts; k++)
        if (!(spec->part[k].loss->needs & rows)) return false;
    return true;
}

bool sts_loss_has(const sts_loss_spec *spec, unsigned traits)
{
    for (int k = 0; k < spec->n_parts; k++)
        if (spec->part[k].loss->traits & traits) return true;
    return false;
}

bool sts_loss_all_have(const sts_loss_spec *spec, unsigned traits)
{
    for (int k = 0; k < spec->n_parts; k++)
        if ((spec->part[k].loss->traits & traits) != traits) return false;
    return true;
}

bool sts_loss_part_named(const sts_loss_spec *spec, const char *name)
{
    for (int k = 0; k < spec->n_parts; k++)
        if (!strcmp(spec->part[k].loss->name, name)) return true;
    return false;
}

bool sts_loss_is_foreign(const sts_loss_spec *spec)
{
    for (int k = 0; k < spec->n_parts; k++)
        if (spec->part[k].library || spec->part[k].own) return true;
    return false;
}

int sts_loss_fits(const sts_loss_spec *spec, int columns, bool scored, sts_err *err)
{
    static const struct {
        unsigned needs;
        const char *name;
    } rows[] = {{STS_LOSS_PAIRS, "pairs without scores"},
                {STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS, "scored pairs"},
                {STS_LOSS_TRIPLETS, "triplets"},
                {STS_LOSS_TUPLES, "more than three texts per row (mnrl and gist take them)"}};
    int kind = columns > 3 ? 3 : columns == 3 ? 2 : scored;
    for (int k = 0; k < spec->n_parts; k++) {
        const sts_loss *loss = spec->part[k].loss;
        char needs[64];
        if (!(loss->needs & rows[kind].needs))
            return sts_fail(err, STS_USAGE, "loss '%s' needs %s; the data has %s", loss->name,
                            sts_loss_needs(loss->needs, needs, sizeof needs), rows[kind].name);
    }
    return 0;
}

static double min_score(const sts_loss_part *part)
{
    for (int i = 0; i < part->loss->n_options; i++)
        if (!strcmp(part->loss->options[i].name, "min_score")) return part->option[i];
    return -INFINITY;
}

double sts_loss_min_score(const sts_loss_spec *spec)
{
    double least = INFINITY;
    for (int k = 0; k < spec->n_parts; k++) least = fmin(least, min_score(&spec->part[k]));
    return least;
}
