/* loss_help.c - descriptors rendered for people and programs. */
#include "loss/loss_help.h"

#include "core/decimal.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

/* ---- JSON ---- */

static bool add_words(sts_json *object, const char *key, const char *words)
{
    sts_json *array = sts_json_add_array(object, key);
    char word[128];
    bool ok = array != NULL;
    for (size_t n; ok && (n = sts_next_word(&words)); words += n) {
        snprintf(word, sizeof word, "%.*s", n < sizeof word ? (int)n : 127, words);
        ok = sts_json_push(array, sts_json_new_string(word));
    }
    return ok;
}

static bool add_needs(sts_json *object, unsigned needs)
{
    char name[32];
    sts_json *array = sts_json_add_array(object, "needs");
    bool ok = array != NULL;
    for (unsigned bit = 1; ok && bit <= STS_LOSS_TUPLES; bit <<= 1)
        if (needs & bit)
            ok = sts_json_push(array, sts_json_new_string(sts_loss_needs(bit, name, sizeof name)));
    return ok;
}

static bool add_option(sts_json *array, const sts_loss_option *o)
{
    sts_json *item = sts_json_new_object();
    bool ok = item && sts_json_add_string(item, "name", o->name) &&
              sts_json_add_string(item, "help", o->help ? o->help : "");
    if (ok && o->text)
        ok = sts_json_add_string(item, "default", o->text) &&
             (!o->choices || add_words(item, "choices", o->choices));
    else if (ok)
        ok = sts_json_add_number(item, "default", o->value) &&
             sts_json_add_number(item, "min", o->min) && sts_json_add_number(item, "max", o->max);
    if (ok && sts_json_push(array, item)) return true;
    sts_json_free(item);
    return false;
}

sts_json *sts_loss_json(const sts_loss *loss)
{
    sts_json *object = sts_json_new_object(), *options = NULL;
    bool ok = object && sts_json_add_string(object, "name", loss->name) &&
              add_words(object, "aliases", loss->aliases) &&
              sts_json_add_string(object, "help", loss->help) &&
              sts_json_add_string(object, "formula", loss->formula) &&
              add_needs(object, loss->needs) &&
              sts_json_add_string(object, "source", loss->source) &&
              sts_json_add_string(object, "caution", loss->caution) &&
              (options = sts_json_add_array(object, "options")) != NULL;
    for (int i = 0; ok && i < loss->n_options; i++) ok = add_option(options, &loss->options[i]);
    if (ok) return object;
    sts_json_free(object);
    return NULL;
}

sts_json *sts_loss_list_json(void)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    sts_json *array = sts_json_new_array();
    bool ok = array != NULL;
    for (size_t i = 0; ok && i < n; i++) ok = sts_json_push(array, sts_loss_json(all[i]));
    if (ok) return array;
    sts_json_free(array);
    return NULL;
}

/* ---- text ---- */

#define NAME 28  /* columns of a loss's name */
#define LABEL 12 /* ... of a label */

static const char *default_of(const sts_loss_option *o, char value[32])
{
    return o->text ? o->text : sts_decimal_format(o->value, value);
}

static const char *taught(const sts_loss *loss)
{
    return loss->traits & STS_LOSS_TEACHER ? ", with --teacher" : "";
}

/* "scale=20, min_score=0.8" */
static const char *defaults(const sts_loss *loss, char *out, size_t size)
{
    size_t at = 0;
    *out = 0;
    for (int i = 0; i < loss->n_options; i++) {
        char value[32];
        at = sts_append(out, size, at, "%s%s=%s", i ? ", " : "", loss->options[i].name,
                        default_of(&loss->options[i], value));
    }
    return out;
}

/* When to use which. */
static void add_guide(sts_strbuf *t)
{
    static const char *const row[][2] = {
        {"Graded scores",
         "cosine-similarity fits each cosine to its score; cosent and angle fit "
         "the ranking, which is what Spearman measures; or a sum: cosent+0.02*angle"},
        {"Noisy scores", "translated-relu, smooth-k2: errors within a tolerance are ignored"},
        {"Labels of 0 and 1", "contrastive-cosine, online-contrastive (hard pairs only), "
                              "cosine-hinge"},
        {"Positive pairs",
         "multiple-negatives-ranking: other rows of the batch are the negatives, "
         "so that larger batches train better (--batch-size 1024 --mini-batch 32); symmetric=1 or "
         "gte=1 where either side may be the query"},
        {"Hard negatives",
         "multiple-negatives-ranking, with any number of negatives per row, and "
         "hardness_mode to weigh them more; triplet, where one and a margin are enough"},
        {"False negatives", "gist: a teacher rules out those that are more alike than the pair"},
        {"A stronger model", "score-distill learns its cosines, embed-distill its vectors: alone "
                             "on texts without scores, or added to a loss of scores"},
        {"Shorter vectors", "any loss with --dims (Matryoshka): vectors can be cut afterwards"},
    };
    sts_strbuf_printf(t, "\n");
    sts_put_wrapped(t, NAME, "DATA", "WHICH LOSS");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        sts_put_wrapped(t, NAME, row[i][0], "%s", row[i][1]);
}

char *sts_loss_list_text(sts_form form)
{
    const bool markdown = form == STS_AS_MARKDOWN;
    char needs[64], values[256];
    sts_strbuf t = {0};
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    if (markdown)
        sts_strbuf_printf(&t, "| loss | needs | options | what it does |\n|---|---|---|---|\n");
    else sts_put_wrapped(&t, NAME, "LOSS", "WHAT IT DOES, AND FOR WHICH DATA");
    for (size_t i = 0; i < n; i++) {
        sts_loss_needs(all[i]->needs, needs, sizeof needs);
        defaults(all[i], values, sizeof values);
        const sts_loss *l = all[i];
        if (markdown)
            sts_strbuf_printf(&t, "| `%s` | %s%s | %s | %s |\n", l->name, needs, taught(l), values,
                              l->help);
        else sts_put_wrapped(&t, NAME, l->name, "%s; for %s%s", l->help, needs, taught(l));
    }
    if (!markdown) add_guide(&t);
    return sts_strbuf_take(&t);
}

static void add_line(sts_strbuf *t, const char *label, const char *value)
{
    char left[LABEL + 1];
    sts_append(left, sizeof left, 0, "  %s", label);
    if (*value) sts_put_wrapped(t, LABEL, left, "%s", value);
}

/* "0 to 1", or the choices */
static const char *accepted(const sts_loss_option *o, char *out, size_t size)
{
    char from[32], to[32];
    if (o->text) sts_append(out, size, 0, "%s", o->choices ? o->choices : "text");
    else
        sts_append(out, size, 0, "%s to %s", sts_decimal_format(o->min, from),
                   sts_decimal_format(o->max, to));
    return out;
}

char *sts_loss_text(const sts_loss *loss)
{
    char needs[64], value[32], range[256];
    sts_strbuf t = {0};
    sts_put_wrapped(&t, 0, "", "%s - %s", loss->name, loss->help);
    add_line(&t, "formula", loss->formula);
    sts_loss_needs(loss->needs, needs, sizeof needs);
    sts_put_wrapped(&t, LABEL, "  needs", "%s%s", needs, taught(loss));
    add_line(&t, "aliases", loss->aliases);
    add_line(&t, "source", loss->source);
    add_line(&t, "caution", loss->caution);
    for (int i = 0; i < loss->n_options; i++) {
        const sts_loss_option *o = &loss->options[i];
        sts_put_wrapped(&t, LABEL, i ? "" : "  options", "%s=%s (%s): %s", o->name,
                        default_of(o, value), accepted(o, range, sizeof range),
                        o->help ? o->help : "");
    }
    return sts_strbuf_take(&t);
}
