/* opt.c - parsing options by their rows, from the command line and from a configuration. */
#include "opt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(sts_err *err, const char *fmt, ...)
{
    char text[2 * sizeof err->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    sts_quote(err->text, sizeof err->text, text, strlen(text));
    err->code = STS_USAGE;
    return -1;
}

/* ---- the tables ---- */

#define MAX_TABLES 8 /* of a command */

static const sts_option *rows_of(const opt_table *t)
{
    return t->rows ? t->rows : t->library ? t->library() : NULL;
}

bool opt_next(const command *c, opt_at *at)
{
    if (!at->table) at->table = c->tables;
    for (; at->table && rows_of(at->table); at->table++, at->row = NULL) {
        at->row = at->row ? at->row + 1 : rows_of(at->table);
        if (at->row->help) return ++at->place;
    }
    return false;
}

void opt_defaults(const command *c, void *values)
{
    for (const opt_table *t = c->tables; t && rows_of(t); t++)
        sts_options_default(rows_of(t), (char *)values + t->base);
}

/* ---- one option ---- */

typedef struct parse {
    const command *c;
    char *values;
    char **argv;
    int argc, at;
    opt_args *args;
    sts_err *err;
} parse;

typedef struct found {
    sts_option_match match;
    void *values; /* the struct that the row is of */
    size_t place;
} found;

static bool find_long(const parse *p, const char *name, size_t n, found *f)
{
    size_t before = 1;
    for (const opt_table *t = p->c->tables; t && rows_of(t); t++) {
        const sts_option *rows = rows_of(t), *o = rows;
        f->match = sts_option_find(rows, name, n);
        f->values = p->values + t->base;
        if (f->match.row) return f->place = before + (size_t)(f->match.row - rows), true;
        while (o->help) o++;
        before += (size_t)(o - rows);
    }
    return false;
}

static bool find_letter(const parse *p, char letter, found *f)
{
    for (opt_at a = {0}; opt_next(p->c, &a);)
        if (a.row->letter == letter) return find_long(p, a.row->name, strlen(a.row->name), f);
    return false;
}

static void note_seen(opt_args *args, size_t place)
{
    args->seen[place / 64] |= (uint64_t)1 << place % 64;
}

bool opt_was_seen(const opt_args *args, size_t place)
{
    return args->seen[place / 64] >> place % 64 & 1;
}

static int unknown(const command *c, const char *word, size_t n, sts_err *err)
{
    const sts_option *rows[MAX_TABLES];
    size_t k = 0;
    for (const opt_table *t = c->tables; t && rows_of(t) && k < MAX_TABLES; t++)
        rows[k++] = rows_of(t);
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)(n < 63 ? n : 63), word);
    const char *near = sts_option_suggest(rows, k, text);
    if (near)
        return fail(err, "%s: unknown option --%s: did you mean --%s?", c->name, text, near);
    return fail(err, "%s: unknown option --%s: see stsfit help %s", c->name, text, c->name);
}

/* ---- the command line ---- */

/* A switch by another program's name may be followed by True or False there. */
static int take_switch(parse *p, const found *f, const char *value)
{
    const char *next = p->at + 1 < p->argc ? p->argv[p->at + 1] : NULL;
    if (value && !f->match.alias) return fail(p->err, "--%s takes no value", f->match.row->name);
    if (!value && f->match.alias && next && sts_option_truth(next) >= 0) value = p->argv[++p->at];
    return sts_option_set(&f->match, f->values, value ? value : "true", p->err);
}

static int take_value(parse *p, const found *f, const char *value)
{
    const sts_option *o = f->match.row;
    note_seen(p->args, f->place);
    if (sts_option_is_switch(&f->match)) return take_switch(p, f, value);
    if (!value && ++p->at >= p->argc)
        return fail(p->err, "--%s needs a value: %s", o->name, o->arg);
    if (!value) value = p->argv[p->at];
    if (o->kind == STS_OPT_FILES) {
        p->args->v[p->args->n++] = value;
        return 0;
    }
    if (sts_option_set(&f->match, f->values, value, p->err)) return -1;
    if (o->presets) p->args->preset = sts_option_preset(o, value);
    return 0;
}

static int long_option(parse *p, const char *word)
{
    size_t n = strcspn(word, "=");
    found f;
    if (n == 4 && !strncmp(word, "help", 4)) return p->args->help = true, 0;
    if (!find_long(p, word, n, &f)) return unknown(p->c, word, n, p->err);
    return take_value(p, &f, word[n] ? word + n + 1 : NULL);
}

static int short_options(parse *p, const char *letters)
{
    for (; *letters; letters++) {
        found f;
        if (*letters == 'h') return p->args->help = true, 0;
        if (!find_letter(p, *letters, &f)) {
            return fail(p->err, "%s: unknown option -%c: see stsfit help %s", p->c->name,
                        *letters, p->c->name);
        }
        if (!sts_option_is_switch(&f.match))
            return take_value(p, &f, letters[1] ? letters + 1 : NULL);
        if (take_value(p, &f, NULL)) return -1;
    }
    return 0;
}

static int command_line(parse *p)
{
    bool options = true;
    for (; p->at < p->argc; p->at++) {
        const char *word = p->argv[p->at];
        int rc = 0;
        if (options && !strcmp(word, "--")) options = false;
        else if (options && !strncmp(word, "--", 2)) rc = long_option(p, word + 2);
        else if (options && word[0] == '-' && word[1]) rc = short_options(p, word + 1);
        else p->args->v[p->args->n++] = word;
        if (rc) return -1;
    }
    return 0;
}

/* Values of a preset, for what the command line leaves open. */
static int take_preset(parse *p)
{
    const sts_preset_value *v = p->args->preset ? p->args->preset->values : NULL;
    for (; v && v->option; v++) {
        found f;
        if (!find_long(p, v->option, strlen(v->option), &f)) return -1;
        if (opt_was_seen(p->args, f.place)) continue;
        if (sts_option_set(&f.match, f.values, v->value, p->err)) return -1;
    }
    return 0;
}

/* ---- the configuration ---- */

typedef struct config {
    parse *p;
    const char *path;
    bool own;
} config;

/* Puts the file's name before the message. */
static int in_config(const config *k)
{
    char text[512];
    snprintf(text, sizeof text, "%.500s", k->p->err->text);
    return fail(k->p->err, "%.200s: %s", k->path, text);
}

static void note_named(const found *f)
{
    size_t at = f->match.row->named;
    if (at) *(bool *)((char *)f->values + at) = true;
}

/* The path that a word of the file is; NULL when memory is out. */
static const char *place_word(const config *k, const sts_option *o, const char *word)
{
    opt_args *args = k->p->args;
    char **paths = realloc(args->paths, (args->n_paths + 1) * sizeof *paths);
    if (paths) args->paths = paths;
    char *path = paths ? sts_option_path(o, k->path, k->own, word) : NULL;
    if (path) args->paths[args->n_paths++] = path;
    else fail(k->p->err, "out of memory");
    return path;
}

/* A word of the file for the option: as a path of this place, kept; NULL: refused. */
static const char *take_word(const config *k, const sts_option *o, const char *word)
{
    if (sts_option_trust(o, k->path, k->own, word, k->p->err)) return NULL;
    return place_word(k, o, word);
}

static int set_value(const config *k, const found *f, const char *text)
{
    const char *word = take_word(k, f->match.row, text);
    if (!word) return -1;
    note_named(f);
    return sts_option_set(&f->match, f->values, word, k->p->err) ? in_config(k) : 0;
}

static int set_files(const config *k, const found *f, const sts_option_member *m)
{
    opt_args *args = k->p->args;
    if (args->n) return 0;
    const char **v = calloc(m->n_words + 1, sizeof *v);
    if (!v) return fail(k->p->err, "out of memory");
    free(args->v);
    args->v = v;
    note_named(f);
    for (size_t i = 0; i < m->n_words; i++) {
        const char *path = take_word(k, f->match.row, m->words[i]);
        if (!path) return -1;
        v[args->n++] = path;
    }
    return 0;
}

static int config_member(void *ctx, const sts_option_member *m, sts_err *err)
{
    const config *k = ctx;
    found f;
    size_t n = strlen(m->name);
    if (!find_long(k->p, m->name, n, &f)) {
        unknown(k->p->c, m->name, n, err);
        return in_config(k);
    }
    bool files = f.match.row->kind == STS_OPT_FILES;
    if (!files && opt_was_seen(k->p->args, f.place)) return 0;
    if (sts_option_takes(&f.match, m, err)) return in_config(k);
    return files ? set_files(k, &f, m) : set_value(k, &f, m->words[0]);
}

static int config_file(parse *p, const char *path)
{
    config k = {p, path, sts_config_is_own(path)};
    char *text = sts_json_read(path, STS_USAGE, p->err);
    int rc = text ? sts_option_members(text, path, config_member, &k, p->err) : -1;
    sts_free_text(text);
    return rc;
}

int opt_parse(const command *c, void *values, int argc, char **argv, opt_args *args, sts_err *err)
{
    args->v = calloc((size_t)argc + 1, sizeof *args->v);
    if (!args->v) return fail(err, "out of memory");
    args->words = argv;
    args->n_words = argc;
    parse p = {.c = c, .values = values, .argv = argv, .argc = argc, .args = args, .err = err};
    if (command_line(&p) || (!args->help && take_preset(&p))) return -1;
    if (!args->help && c->config) args->config = c->config(values, args);
    return args->config ? config_file(&p, args->config) : 0;
}

void opt_free(opt_args *args)
{
    for (size_t i = 0; i < args->n_paths; i++) sts_free_text(args->paths[i]);
    free(args->paths);
    free(args->v);
    free(args->config);
    *args = (opt_args){0};
}
