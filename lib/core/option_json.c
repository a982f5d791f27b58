/* option_json.c - options as a JSON object. */
#include "core/json.h"
#include "core/mem.h"
#include "core/option.h"

#include <stdio.h>
#include <string.h>

/* The texts of a list into words[]; false: not all are texts. */
static bool gather_words(const cJSON *list, const char **words, size_t *n)
{
    for (const cJSON *t = list->child; t; t = t->next) {
        if (!cJSON_IsString(t)) return false;
        sts_name_decode(t->valuestring);
        words[(*n)++] = t->valuestring;
    }
    return true;
}

static int give_list(const cJSON *v, sts_option_member *m, sts_member_fn *fn, void *ctx,
                     sts_err *err)
{
    const char **words = sts_alloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *words);
    if (!words) return sts_fail_memory(err, "the options");
    if (gather_words(v, words, &m->n_words)) m->kind = STS_MEMBER_LIST;
    m->words = words;
    int rc = fn(ctx, m, err);
    sts_free(words);
    return rc;
}

static int give(const cJSON *v, sts_member_fn *fn, void *ctx, sts_err *err)
{
    char number[32];
    const char *word = number;
    sts_option_member m = {v->string, STS_MEMBER_OTHER, &word, 1};
    if (cJSON_IsArray(v)) {
        m.n_words = 0;
        return give_list(v, &m, fn, ctx, err);
    }
    if (cJSON_IsBool(v)) {
        m.kind = STS_MEMBER_SWITCH;
        word = cJSON_IsTrue(v) ? "true" : "false";
    } else if (cJSON_IsNumber(v)) {
        m.kind = STS_MEMBER_NUMBER;
        snprintf(number, sizeof number, "%.17g", v->valuedouble);
    } else if (cJSON_IsString(v)) {
        m.kind = STS_MEMBER_TEXT;
        sts_name_decode(v->valuestring);
        word = v->valuestring;
    } else m.n_words = 0;
    return fn(ctx, &m, err);
}

int sts_option_members(const char *json, const char *name, sts_member_fn *fn, void *ctx,
                       sts_err *err)
{
    cJSON *object = sts_json_parse(json, strlen(json), name, STS_USAGE, err);
    int rc = object ? 0 : -1;
    if (object && !cJSON_IsObject(object))
        rc = sts_fail(err, STS_USAGE, "%s: not a JSON object of options", name);
    for (const cJSON *v = object ? object->child : NULL; v && !rc; v = v->next)
        if (!cJSON_IsNull(v)) rc = give(v, fn, ctx, err);
    cJSON_Delete(object);
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
