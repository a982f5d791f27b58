/* option.c - options by their rows: found, set, checked, and written as JSON. */
#include "core/option.h"

#include "core/suggest.h"
#include "core/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WHOLE 9e15 /* as large as a whole number gets, so that JSON holds it */

/* ---- finding ---- */

static bool is_called(const char *names, const char *name, size_t n)
{
    for (size_t k; (k = sts_next_word(&names)); names += k)
        if (sts_same_word(names, k, name, n)) return true;
    return false;
}

static const sts_switch *find_switch(const sts_option *o, const char *name, size_t n)
{
    for (const sts_switch *s = o->switches; s && s->name; s++)
        if (is_called(s->name, name, n)) return s;
    return NULL;
}

sts_option_match sts_option_find(const sts_option *rows, const char *name, size_t n)
{
    for (const sts_option *o = rows; o && o->help; o++) {
        if (is_called(o->name, name, n)) return (sts_option_match){.row = o};
        const sts_switch *s = find_switch(o, name, n);
        if (s || is_called(o->aliases, name, n))
            return (sts_option_match){.row = o, .alias = true, .implied = s};
    }
    return (sts_option_match){0};
}

static void add_names(sts_suggestion *s, const sts_option *o)
{
    if (!o->name) return;
    sts_suggestion_add_words(s, o->name, o->name);
    sts_suggestion_add_words(s, o->aliases, o->name);
    for (const sts_switch *w = o->switches; w && w->name; w++)
        sts_suggestion_add_words(s, w->name, w->name);
}

const char *sts_option_suggest(const sts_option *const *tables, size_t n_tables, const char *word)
{
    sts_suggestion s = {.word = word, .n = strlen(word)};
    for (size_t i = 0; i < n_tables; i++)
        for (const sts_option *o = tables[i]; o->help; o++) add_names(&s, o);
    return s.best;
}

bool sts_option_is_switch(const sts_option_match *m)
{
    return m->implied || m->row->kind == STS_OPT_FLAG;
}

/* ---- setting ---- */

int sts_option_truth(const char *text)
{
    if (sts_same_word(text, strlen(text), "true", 4)) return 1;
    return sts_same_word(text, strlen(text), "false", 5) ? 0 : -1;
}

static int set_flag(const sts_option *o, bool *field, const char *s, sts_err *err)
{
    int truth = sts_option_truth(s);
    if (truth < 0)
        return sts_fail(err, STS_USAGE, "--%s: '%.60s' is not true or false", o->name, s);
    *field = truth;
    return 0;
}

/* A word that stands for no number of its own; what follows a colon explains it. */
static bool is_unset(const sts_option *o, const char *s)
{
    size_t n = strcspn(s, ":");
    for (const sts_synonym *w = o->synonyms; w && w->theirs; w++)
        if (!*w->ours && sts_same_word(w->theirs, strlen(w->theirs), s, n)) return true;
    return false;
}

static int set_number(const sts_option *o, void *field, const char *s, sts_err *err)
{
    double x;
    if (o->kind == STS_OPT_NUM && is_unset(o, s)) {
        *(double *)field = NAN;
        return 0;
    }
    bool whole = o->kind == STS_OPT_INT;
    if (!sts_number_parse(s, strlen(s), &x) || (whole && (x != floor(x) || fabs(x) > WHOLE)))
        return sts_fail(err, STS_USAGE, "--%s: '%.60s' is not a %snumber", o->name, s,
                        whole ? "whole " : "");
    if (x < o->min || x > o->max)
        return sts_fail(err, STS_USAGE, "--%s: %.60s is out of range: %.10g to %.10g", o->name, s,
                        o->min, o->max);
    if (whole) *(int64_t *)field = (int64_t)x;
    else *(double *)field = x;
    return 0;
}

/* The place of s among the words of `arg`, from 0; -1: it is not among them. */
static int find_choice(const char *arg, const char *s)
{
    int i = 0;
    for (const char *p = arg; *p; i++) {
        size_t n = strcspn(p, "|");
        if (strlen(s) == n && !strncmp(p, s, n)) return i;
        p += n + (p[n] != 0);
    }
    return -1;
}

/* An option with a single word to choose is there to say why there is no other. */
static int refuse_choice(const sts_option *o, const char *s, sts_err *err)
{
    if (strchr(o->arg, '|'))
        return sts_fail(err, STS_USAGE, "--%s: '%.60s' is not one of %s", o->name, s, o->arg);
    return sts_fail(err, STS_USAGE, "--%s: '%.60s' is not %s: %s", o->name, s, o->arg, o->help);
}

static int set_text(const sts_option *o, void *field, const char *s, sts_err *err)
{
    for (const sts_synonym *w = o->synonyms; *s && w && w->theirs; w++)
        if (sts_same_word(w->theirs, strlen(w->theirs), s, strlen(s))) s = w->ours;
    int choice = o->kind == STS_OPT_TEXT ? 0 : find_choice(o->arg, s);
    if (choice < 0) return refuse_choice(o, s, err);
    if (!*s && !(o->flags & STS_OPT_EMPTY))
        return sts_fail(err, STS_USAGE, "--%s: needs a value", o->name);
    if (o->kind == STS_OPT_EITHER) *(bool *)field = choice == 1;
    else *(const char **)field = s;
    return 0;
}

static void *field_of(const sts_option *o, void *values)
{
    return (char *)values + o->offset;
}

static int set(const sts_option *o, void *values, const char *s, sts_err *err)
{
    const char *dropped;
    void *field = o->offset == STS_OPT_NOWHERE ? &dropped : field_of(o, values);
    switch (o->kind) {
    case STS_OPT_FLAG: return set_flag(o, field, s, err);
    case STS_OPT_INT:
    case STS_OPT_NUM: return set_number(o, field, s, err);
    case STS_OPT_TEXT:
    case STS_OPT_CHOICE:
    case STS_OPT_EITHER: return set_text(o, field, s, err);
    default: return sts_fail(err, STS_USAGE, "--%s: cannot be set by name", o->name);
    }
}

int sts_option_set(const sts_option_match *m, void *values, const char *text, sts_err *err)
{
    if (!m->implied) return set(m->row, values, text, err);
    int truth = sts_option_truth(text);
    if (truth < 0)
        return sts_fail(err, STS_USAGE, "--%s: '%.60s' is not true or false", m->implied->name,
                        text);
    return set(m->row, values, truth ? m->implied->yes : m->implied->no, err);
}

const sts_preset *sts_option_preset(const sts_option *o, const char *name)
{
    for (const sts_preset *p = o->presets; p && p->name; p++)
        if (!strcmp(p->name, name)) return p;
    return NULL;
}

/* ---- defaults and bounds ---- */

int sts_options_take(void *to, size_t size, const void *from, sts_err *err)
{
    size_t n;
    memset(to, 0, size);
    if (sts_require(from, "options", err)) return -1;
    memcpy(&n, from, sizeof n);
    memcpy(to, from, n && n < size ? n : size);
    return 0;
}

void sts_options_default(const sts_option *rows, void *values)
{
    for (const sts_option *o = rows; o->help; o++) {
        if (o->kind == STS_OPT_GROUP || o->offset == STS_OPT_NOWHERE) continue;
        if (o->kind == STS_OPT_NUM) *(double *)field_of(o, values) = NAN;
        if (o->value) set(o, values, o->value, NULL);
    }
}

static bool is_default(const sts_option *o, const void *field)
{
    switch (o->kind) {
    case STS_OPT_INT: return !*(const int64_t *)field && o->min > 0;
    case STS_OPT_NUM:
        return isnan(*(const double *)field) || (*(const double *)field == 0 && o->min > 0);
    case STS_OPT_TEXT:
    case STS_OPT_CHOICE: return !*(const char *const *)field;
    default: return false;
    }
}

static int check_number(const sts_option *o, double x, sts_err *err)
{
    if (x >= o->min && x <= o->max) return 0;
    return sts_fail(err, STS_USAGE, "--%s: %.10g is out of range: %.10g to %.10g", o->name, x,
                    o->min, o->max);
}

static int check(const sts_option *o, void *field, sts_err *err)
{
    switch (o->kind) {
    case STS_OPT_INT: return check_number(o, (double)*(int64_t *)field, err);
    case STS_OPT_NUM: return check_number(o, *(double *)field, err);
    case STS_OPT_TEXT:
    case STS_OPT_CHOICE: return set_text(o, field, *(const char **)field, err);
    default: return 0;
    }
}

int sts_options_check(const sts_option *rows, void *values, sts_err *err)
{
    for (const sts_option *o = rows; o->help; o++) {
        if (o->kind == STS_OPT_GROUP || o->offset == STS_OPT_NOWHERE) continue;
        void *field = field_of(o, values);
        if (!is_default(o, field)) {
            if (check(o, field, err)) return -1;
        } else if (o->value) {
            set(o, values, o->value, NULL);
        } else if (o->kind == STS_OPT_NUM) {
            *(double *)field = NAN;
        }
    }
    return 0;
}

/* ---- as JSON ---- */

/* "a" or "b" of "a|b". */
static void add_either(sts_json *json, const sts_option *o, bool second)
{
    char text[64];
    size_t n = strcspn(o->arg, "|");
    if (second) snprintf(text, sizeof text, "%s", o->arg + n + 1);
    else snprintf(text, sizeof text, "%.*s", (int)n, o->arg);
    sts_json_add_string(json, o->name, text);
}

typedef struct files { /* the field of STS_OPT_FILES */
    const char *const *path;
    size_t n;
} files;

static void add_files(sts_json *json, const char *name, const files *f)
{
    sts_json *list = sts_json_add_array(json, name);
    for (size_t i = 0; i < f->n; i++) sts_json_append(list, sts_json_new_string(f->path[i]));
}

/* 0 is not a value of its own where the default is in words. */
static void add_whole(sts_json *json, const sts_option *o, int64_t x)
{
    if (x || !o->standard) sts_json_add_number(json, o->name, (double)x);
}

static void add(sts_json *json, const sts_option *o, const void *field)
{
    switch (o->kind) {
    case STS_OPT_FLAG: sts_json_add_bool(json, o->name, *(const bool *)field); break;
    case STS_OPT_INT: add_whole(json, o, *(const int64_t *)field); break;
    case STS_OPT_NUM:
        if (!isnan(*(const double *)field))
            sts_json_add_number(json, o->name, *(const double *)field);
        break;
    case STS_OPT_TEXT:
    case STS_OPT_CHOICE:
        if (*(const char *const *)field)
            sts_json_add_string(json, o->name, *(const char *const *)field);
        break;
    case STS_OPT_EITHER: add_either(json, o, *(const bool *)field); break;
    case STS_OPT_FILES: add_files(json, o->name, field); break;
    default: break;
    }
}

void sts_options_json(sts_json *json, const sts_option *rows, const void *values, unsigned with,
                      unsigned without)
{
    for (const sts_option *o = rows; o->help; o++) {
        if (o->kind == STS_OPT_GROUP || o->offset == STS_OPT_NOWHERE) continue;
        if ((o->flags & with) == with && !(o->flags & without))
            add(json, o, (const char *)values + o->offset);
    }
}
