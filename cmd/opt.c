/* opt.c - parsing options by a table, from the command line and from a configuration file. */
#include "opt.h"

#include <cjson/cJSON.h>
#include <math.h>
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

/* ---- finding ---- */

static bool in_words(const char *words, const char *word, size_t n)
{
    for (const char *p = words; p && *p;) {
        size_t k = strcspn(p, " |");
        if (k == n && !strncmp(p, word, n)) return true;
        p += k + (p[k] != 0);
    }
    return false;
}

static const opt *find_long(const command *c, const char *name, size_t n)
{
    for (const opt *o = c->opts; o && (o->name || o->help); o++) {
        if (!o->name) continue;
        if (strlen(o->name) == n && !strncmp(o->name, name, n)) return o;
        if (in_words(o->aliases, name, n)) return o;
    }
    return NULL;
}

static const opt *find_letter(const command *c, char letter)
{
    for (const opt *o = c->opts; o && (o->name || o->help); o++)
        if (o->name && o->letter == letter) return o;
    return NULL;
}

static int unknown(const command *c, const char *word, size_t n, sts_err *err)
{
    const char *names[96];
    size_t k = 0;
    for (const opt *o = c->opts; o && (o->name || o->help) && k < 96; o++)
        if (o->name) names[k++] = o->name;
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)(n < 63 ? n : 63), word);
    const char *near = sts_suggest(text, names, k);
    if (near)
        return fail(err, "%s: unknown option --%s: did you mean --%s?", c->name, text, near);
    return fail(err, "%s: unknown option --%s: see stsfit help %s", c->name, text, c->name);
}

/* ---- setting ---- */

static int set_number(const opt *o, void *field, const char *s, sts_err *err)
{
    double x;
    bool whole = o->kind == OPT_INT;
    if (!sts_number_parse(s, strlen(s), &x) || (whole && (x != floor(x) || fabs(x) > 9e15)))
        return fail(err, "--%s: '%.60s' is not a %snumber", o->name, s, whole ? "whole " : "");
    if (x < o->min || x > o->max)
        return fail(err, "--%s: %s is out of range: %.10g to %.10g", o->name, s, o->min, o->max);
    if (whole) *(int64_t *)field = (int64_t)x;
    else *(double *)field = x;
    return 0;
}

static int set_text(const opt *o, const char **field, const char *s, sts_err *err)
{
    if (strchr(o->arg, '|') && !in_words(o->arg, s, strlen(s)))
        return fail(err, "--%s: '%.60s' is not one of %s", o->name, s, o->arg);
    if (!*s) return fail(err, "--%s: needs a value", o->name);
    *field = s;
    return 0;
}

static int set(const opt *o, void *values, const char *s, sts_err *err)
{
    void *field = (char *)values + o->offset;
    switch (o->kind) {
    case OPT_FLAG: *(bool *)field = true; return 0;
    case OPT_INT:
    case OPT_NUM: return set_number(o, field, s, err);
    default: return set_text(o, field, s, err);
    }
}

/* ---- the command line ---- */

typedef struct parse {
    const command *c;
    void *values;
    char **argv;
    int argc, at;
    opt_args *args;
    uint64_t seen[2]; /* by place in the table */
    const char *config;
    sts_err *err;
} parse;

static int note_seen(parse *p, const opt *o)
{
    size_t i = (size_t)(o - p->c->opts);
    p->seen[i / 64] |= (uint64_t)1 << i % 64;
    return 0;
}

static int take_value(parse *p, const opt *o, const char *inline_value)
{
    const char *value = inline_value;
    if (o->kind == OPT_FLAG && value) return fail(p->err, "--%s takes no value", o->name);
    if (o->kind != OPT_FLAG && !value) {
        if (++p->at >= p->argc) return fail(p->err, "--%s needs a value: %s", o->name, o->arg);
        value = p->argv[p->at];
    }
    if (!strcmp(o->name, "config")) p->config = value;
    note_seen(p, o);
    return set(o, p->values, value, p->err);
}

static int long_option(parse *p, const char *word)
{
    size_t n = strcspn(word, "=");
    if (n == 4 && !strncmp(word, "help", 4)) return p->args->help = true, 0;
    const opt *o = find_long(p->c, word, n);
    if (!o) return unknown(p->c, word, n, p->err);
    return take_value(p, o, word[n] ? word + n + 1 : NULL);
}

static int short_options(parse *p, const char *letters)
{
    for (; *letters; letters++) {
        if (*letters == 'h') return p->args->help = true, 0;
        const opt *o = find_letter(p->c, *letters);
        if (!o) {
            return fail(p->err, "%s: unknown option -%c: see stsfit help %s", p->c->name,
                        *letters, p->c->name);
        }
        if (o->kind != OPT_FLAG) return take_value(p, o, letters[1] ? letters + 1 : NULL);
        if (take_value(p, o, NULL)) return -1;
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

/* ---- the configuration file ---- */

/* One member as the word that the command line would have. */
static int set_member(parse *p, const opt *o, const cJSON *value)
{
    char text[64];
    if (o->kind == OPT_FLAG) {
        if (!cJSON_IsBool(value)) return fail(p->err, "--%s: not true or false", o->name);
        *(bool *)((char *)p->values + o->offset) = cJSON_IsTrue(value);
        return 0;
    }
    if (cJSON_IsNumber(value)) snprintf(text, sizeof text, "%.17g", value->valuedouble);
    const char *word = cJSON_IsNumber(value) ? text : cJSON_GetStringValue(value);
    if (!word || (cJSON_IsNumber(value) && o->kind == OPT_TEXT))
        return fail(p->err, "--%s: wrong type of value", o->name);
    return set(o, p->values, word, p->err);
}

static int set_data(parse *p, const cJSON *list)
{
    if (!cJSON_IsArray(list)) return fail(p->err, "%s: data: not a list of files", p->config);
    if (p->args->n) return 0;
    int n = cJSON_GetArraySize(list);
    const char **v = calloc((size_t)n + 1, sizeof *v);
    if (!v) return fail(p->err, "out of memory");
    free(p->args->v);
    p->args->v = v;
    for (const cJSON *item = list->child; item; item = item->next) {
        if (!cJSON_IsString(item)) return fail(p->err, "%s: data: not a list of files", p->config);
        v[p->args->n++] = item->valuestring;
    }
    return 0;
}

/* Puts the file's name before the message. */
static int in_config(parse *p)
{
    char text[512];
    snprintf(text, sizeof text, "%.500s", p->err->text);
    return fail(p->err, "%.200s: %s", p->config, text);
}

static int config_member(parse *p, const cJSON *m)
{
    if (!strcmp(m->string, "data")) return set_data(p, m);
    const opt *o = find_long(p->c, m->string, strlen(m->string));
    if (!o) {
        unknown(p->c, m->string, strlen(m->string), p->err);
        return in_config(p);
    }
    size_t i = (size_t)(o - p->c->opts);
    bool given = p->seen[i / 64] >> i % 64 & 1;
    if (given || cJSON_IsNull(m) || !set_member(p, o, m)) return 0;
    return in_config(p);
}

static int config_file(parse *p)
{
    char *text = sts_json_read(p->config, STS_USAGE, p->err);
    if (!text) return -1;
    p->args->config = cJSON_Parse(text);
    sts_free_text(text);
    if (!cJSON_IsObject(p->args->config))
        return fail(p->err, "%s: not a JSON object of options", p->config);
    for (const cJSON *m = p->args->config->child; m; m = m->next)
        if (config_member(p, m)) return -1;
    return 0;
}

int opt_parse(const command *c, void *values, int argc, char **argv, opt_args *args, sts_err *err)
{
    args->v = calloc((size_t)argc + 1, sizeof *args->v);
    if (!args->v) return fail(err, "out of memory");
    args->words = argv;
    args->n_words = argc;
    parse p = {.c = c, .values = values, .argv = argv, .argc = argc, .args = args, .err = err};
    if (command_line(&p)) return -1;
    return p.config && !args->help ? config_file(&p) : 0;
}

void opt_free(opt_args *args)
{
    free(args->v);
    cJSON_Delete(args->config);
    *args = (opt_args){0};
}
