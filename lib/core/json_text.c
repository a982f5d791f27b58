/* json_text.c - a tree as JSON text, and back. */
#include "core/decimal.h"
#include "core/escape.h"
#include "core/json_scan.h"
#include "core/mem.h"
#include "core/strbuf.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- from text: the scan checks, this keeps ---- */

static sts_json *scanned_string(sts_scan *s)
{
    sts_str text;
    if (sts_scan_text(s, &text)) return NULL;
    sts_json *t = sts_json_new(STS_NODE_STRING);
    if (t && !(t->text = sts_strndup(text.s, text.n))) {
        sts_json_free(t);
        t = NULL;
    }
    if (!t) sts_fail_memory(s->err, s->name);
    return t;
}

static sts_json_kind simple_kind(int first)
{
    switch (first) {
    case 't': return STS_NODE_TRUE;
    case 'f': return STS_NODE_FALSE;
    case 'n': return STS_NODE_NULL;
    default: return STS_NODE_NUMBER;
    }
}

static sts_json *scanned_simple(sts_scan *s, int first)
{
    size_t from = s->at;
    if (sts_scan_value(s)) return NULL;
    sts_json *t = sts_json_new(simple_kind(first));
    if (!t) sts_fail_memory(s->err, s->name);
    else if (sts_json_is_number(t)) sts_number_parse(s->text + from, s->at - from, &t->number);
    return t;
}

/* The next element of the open brackets, into t. */
static int scan_element(sts_scan *s, sts_json *t)
{
    sts_str key;
    char *copy = NULL;
    if (sts_json_is_object(t)) {
        if (sts_scan_key(s, &key)) return -1;
        if (!(copy = sts_strndup(key.s, key.n))) return sts_fail_memory(s->err, s->name);
    }
    sts_json *value = sts_scan_tree(s);
    if (value) value->key = copy;
    else sts_free(copy);
    return sts_json_push(t, value) ? 0 : -1;
}

static sts_json *scanned_list(sts_scan *s, int open)
{
    char close = open == '{' ? '}' : ']';
    if (sts_scan_enter(s, (char)open)) return NULL;
    sts_json *t = sts_json_new(open == '{' ? STS_NODE_OBJECT : STS_NODE_ARRAY);
    int rc = t ? 0 : sts_fail_memory(s->err, s->name);
    for (int more; !rc && (more = sts_scan_more(s, close));)
        rc = more < 0 ? -1 : scan_element(s, t);
    if (!rc) return t;
    sts_json_free(t);
    return NULL;
}

sts_json *sts_scan_tree(sts_scan *s)
{
    int first = sts_scan_peek(s);
    bool string = first == '"', list = first == '{' || first == '[';
    if (!string && !list) return scanned_simple(s, first);
    if (sts_scan_node(s)) return NULL;
    return string ? scanned_string(s) : scanned_list(s, first);
}

/* ---- to text ---- */

static void put_string(sts_strbuf *out, const char *s)
{
    sts_put_json(out, s, strlen(s));
}

static void put_number(sts_strbuf *out, double x)
{
    char text[32];
    double back = NAN;
    if (!isfinite(x)) {
        sts_strbuf_add(out, "null", 4);
        return;
    }
    sts_decimal_digits(x, 15, text);
    sts_number_parse(text, strlen(text), &back);
    if (!sts_json_near(x, back)) sts_decimal_digits(x, 17, text);
    sts_strbuf_add(out, text, strlen(text));
}

/* A line end and tabs; depth -1: the text is written without. */
static void put_line(sts_strbuf *out, int depth)
{
    if (depth >= 0) sts_strbuf_add(out, "\n", 1);
    for (int i = 0; i < depth; i++) sts_strbuf_add(out, "\t", 1);
}

static void put_value(sts_strbuf *out, const sts_json *t, int depth);

static void put_object(sts_strbuf *out, const sts_json *t, int depth)
{
    int inside = depth < 0 ? -1 : depth + 1;
    sts_strbuf_add(out, "{", 1);
    for (const sts_json *c = t->child; c; c = c->next) {
        put_line(out, inside);
        put_string(out, c->key ? c->key : "");
        sts_strbuf_add(out, ":\t", depth < 0 ? 1 : 2);
        put_value(out, c, inside);
        if (c->next) sts_strbuf_add(out, ",", 1);
    }
    put_line(out, depth);
    sts_strbuf_add(out, "}", 1);
}

static void put_array(sts_strbuf *out, const sts_json *t, int depth)
{
    int inside = depth < 0 ? -1 : depth + 1;
    sts_strbuf_add(out, "[", 1);
    for (const sts_json *c = t->child; c; c = c->next) {
        put_value(out, c, inside);
        if (c->next) sts_strbuf_add(out, ", ", depth < 0 ? 1 : 2);
    }
    sts_strbuf_add(out, "]", 1);
}

static void put_value(sts_strbuf *out, const sts_json *t, int depth)
{
    switch (t->kind) {
    case STS_NODE_NULL: sts_strbuf_add(out, "null", 4); break;
    case STS_NODE_FALSE: sts_strbuf_add(out, "false", 5); break;
    case STS_NODE_TRUE: sts_strbuf_add(out, "true", 4); break;
    case STS_NODE_NUMBER: put_number(out, t->number); break;
    case STS_NODE_STRING: put_string(out, t->text); break;
    case STS_NODE_RAW: sts_strbuf_add(out, t->text, strlen(t->text)); break;
    case STS_NODE_ARRAY: put_array(out, t, depth); break;
    case STS_NODE_OBJECT: put_object(out, t, depth); break;
    }
}

static char *print(const sts_json *t, int depth)
{
    sts_strbuf out = {0};
    if (!t) return NULL;
    put_value(&out, t, depth);
    return sts_strbuf_take(&out);
}

char *sts_json_pretty(const sts_json *t) { return print(t, 0); }

char *sts_json_compact(const sts_json *t) { return print(t, -1); }
