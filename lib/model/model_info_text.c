/* model_info_text.c - the description of a model as text, in columns. */
#include "core/mem.h"
#include "model/model_info.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct text {
    char *s;
    size_t n, cap;
    bool failed;
} text;

static void add(text *t, const char *fmt, ...) STS_PRINTF(2, 3);

static void add(text *t, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    int k = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    size_t n = k < 0 ? 0 : (size_t)k < sizeof line ? (size_t)k : sizeof line - 1;
    if (t->cap - t->n < n + 1) {
        char *s = sts_realloc(t->s, t->cap + 65536, 1);
        t->failed |= !s;
        if (s) t->s = s, t->cap += 65536;
    }
    if (t->failed) return;
    memcpy(t->s + t->n, line, n + 1);
    t->n += n;
}

static double number(const cJSON *o, const char *key)
{
    const cJSON *v = sts_json_get(o, key);
    return cJSON_IsNumber(v) ? v->valuedouble : 0;
}

/* A member as printable text, in one of a few buffers that take turns. */
static const char *shown(const cJSON *o, const char *key)
{
    static _Thread_local char buf[4][256];
    static _Thread_local unsigned turn;
    const char *s = cJSON_GetStringValue(sts_json_get(o, key));
    return sts_quote(buf[turn++ % 4], sizeof buf[0], s ? s : "", s ? strlen(s) : 0);
}

/* 22713216 as "22,713,216". */
static const char *grouped(double x)
{
    static _Thread_local char out[4][48];
    static _Thread_local unsigned turn;
    char plain[32], *to = out[turn++ % 4], *p = to;
    int n = snprintf(plain, sizeof plain, "%.0f", x);
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) *p++ = ',';
        *p++ = plain[i];
    }
    *p = 0;
    return to;
}

static void add_shape(text *t, const cJSON *shape)
{
    const cJSON *e;
    add(t, "[");
    cJSON_ArrayForEach(e, shape) add(t, "%s%.0f", e == shape->child ? "" : ", ", e->valuedouble);
    add(t, "]");
}

static void add_module(text *t, const cJSON *m)
{
    add(t, "  %-12s ", shown(m, "type"));
    if (sts_json_get(m, "architecture"))
        add(t, "%s: %.0f layers, %.0f wide, vocabulary %s", shown(m, "architecture"),
            number(m, "layers"), number(m, "width"), grouped(number(m, "vocabulary")));
    else add(t, "%s", shown(m, "description"));
    if (number(m, "positions") > 0) add(t, ", %.0f positions", number(m, "positions"));
    if (*shown(m, "folder")) add(t, "  (%s)", shown(m, "folder"));
    add(t, "\n");
}

static void add_tensor(text *t, const cJSON *e)
{
    char name[600];
    const char *role = shown(e, "role"), *folder = shown(e, "folder");
    snprintf(name, sizeof name, "%s%s%s", folder, *folder ? "/" : "", shown(e, "name"));
    add(t, "  %-60s %-5s ", name, shown(e, "dtype"));
    add_shape(t, sts_json_get(e, "shape"));
    add(t, "%s%s\n", strcmp(role, "weight") ? "  " : "", strcmp(role, "weight") ? role : "");
}

static void add_head(text *t, const cJSON *info)
{
    double length = number(info, "max_seq_length");
    add(t, "%s: %s parameters, embeddings of %s\n", shown(info, "name"),
        grouped(number(info, "parameters")), grouped(number(info, "dimension")));
    add(t, "  %-12s %s", "tokenizer", shown(info, "tokenizer"));
    if (length > 0) add(t, ", texts cut to %.0f tokens\n", length);
    else add(t, ", texts of any length\n");
    if (*shown(info, "prompt")) add(t, "  %-12s \"%s\"\n", "prompt", shown(info, "prompt"));
}

char *sts_model_info_text(const cJSON *info)
{
    text t = {0};
    const cJSON *e;
    add_head(&t, info);
    add(&t, "\nmodules\n");
    cJSON_ArrayForEach(e, sts_json_get(info, "modules")) add_module(&t, e);
    add(&t, "\ntensors\n");
    cJSON_ArrayForEach(e, sts_json_get(info, "tensors")) add_tensor(&t, e);
    add(&t, "\nfiles\n");
    cJSON_ArrayForEach(e, sts_json_get(info, "files"))
        add(&t, "  %-44s %14s  crc32 %s\n", shown(e, "name"), grouped(number(e, "bytes")),
            shown(e, "crc32"));
    if (!t.failed) return t.s;
    sts_free(t.s);
    return NULL;
}
