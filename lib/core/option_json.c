/* option_json.c - options as a JSON object. */
#include "core/c_locale.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/option.h"

#include <stdio.h>
#include <string.h>

/* The texts of a list into words[]; false: not all are texts. */
static bool gather_words(const sts_json *list, const char **words, size_t *n)
{
    for (const sts_json *t = list->child; t; t = t->next) {
        if (!sts_json_is_string(t)) return false;
        sts_name_decode(t->text);
        words[(*n)++] = t->text;
    }
    return true;
}

static int give_list(const sts_json *v, sts_option_member *m, sts_member_fn *fn, void *ctx,
                     sts_err *err)
{
    const char **words = sts_alloc((size_t)sts_json_size(v) + 1, sizeof *words);
    if (!words) return sts_fail_memory(err, "the options");
    if (gather_words(v, words, &m->n_words)) m->kind = STS_MEMBER_LIST;
    m->words = words;
    int rc = fn(ctx, m, err);
    sts_free(words);
    return rc;
}

static int give(const sts_json *v, sts_member_fn *fn, void *ctx, sts_err *err)
{
    char number[32];
    const char *word = number;
    sts_option_member m = {v->key, STS_MEMBER_OTHER, &word, 1};
    if (sts_json_is_array(v)) {
        m.n_words = 0;
        return give_list(v, &m, fn, ctx, err);
    }
    if (sts_json_is_bool(v)) {
        m.kind = STS_MEMBER_SWITCH;
        word = sts_json_is_true(v) ? "true" : "false";
    } else if (sts_json_is_number(v)) {
        m.kind = STS_MEMBER_NUMBER;
        sts_print(number, sizeof number, "%.17g", v->number);
    } else if (sts_json_is_string(v)) {
        m.kind = STS_MEMBER_TEXT;
        sts_name_decode(v->text);
        word = v->text;
    } else m.n_words = 0;
    return fn(ctx, &m, err);
}

int sts_option_members(const char *json, const char *name, sts_member_fn *fn, void *ctx,
                       sts_err *err)
{
    if (sts_require(json, "json", err) || sts_require(fn, "fn", err)) return -1;
    sts_json *object = sts_json_parse(json, strlen(json), name, STS_USAGE, err);
    int rc = object ? 0 : -1;
    if (object && !sts_json_is_object(object))
        rc = sts_fail(err, STS_USAGE, "%s: not a JSON object of options", name);
    for (const sts_json *v = object ? object->child : NULL; v && !rc; v = v->next)
        if (!sts_json_is_null(v)) rc = give(v, fn, ctx, err);
    sts_json_free(object);
    return rc;
}

int sts_option_takes(const sts_option_match *m, const sts_option_member *member, sts_err *err)
{
    bool number = m->row->kind == STS_OPT_INT || m->row->kind == STS_OPT_NUM;
    if (sts_option_is_switch(m)) {
        if (member->kind == STS_MEMBER_SWITCH) return 0;
        return sts_fail(err, STS_USAGE, "--%s: not true or false", m->row->name);
    }
    if (m->row->kind == STS_OPT_FILES) {
        if (member->kind == STS_MEMBER_LIST) return 0;
        return sts_fail(err, STS_USAGE, "%s: not a list of files", m->row->name);
    }
    if (member->kind == STS_MEMBER_TEXT || (number && member->kind == STS_MEMBER_NUMBER)) return 0;
    return sts_fail(err, STS_USAGE, "--%s: wrong type of value", m->row->name);
}
