/* json_tree.c - nodes: made, linked, copied, compared. Reading and writing: json_text.c. */
#include "core/json_tree.h"

#include "core/mem.h"

#include <float.h>
#include <math.h>
#include <string.h>

static _Thread_local size_t denied;

size_t sts_json_denied(void)
{
    return denied;
}

/* p, which was asked for: counted where it was refused. */
static void *asked(void *p)
{
    denied += !p;
    return p;
}

/* ---- making ---- */

sts_json *sts_json_new(sts_json_kind kind)
{
    sts_json *t = asked(sts_alloc(1, sizeof *t));
    if (t) t->kind = kind;
    return t;
}

sts_json *sts_json_new_object(void) { return sts_json_new(STS_NODE_OBJECT); }

sts_json *sts_json_new_array(void) { return sts_json_new(STS_NODE_ARRAY); }

sts_json *sts_json_new_null(void) { return sts_json_new(STS_NODE_NULL); }

static sts_json *with_text(sts_json_kind kind, const char *s)
{
    sts_json *t = s ? sts_json_new(kind) : NULL;
    if (!t || (t->text = asked(sts_strdup(s)))) return t;
    sts_json_free(t);
    return NULL;
}

sts_json *sts_json_new_string(const char *s) { return with_text(STS_NODE_STRING, s); }

sts_json *sts_json_new_number(double x)
{
    sts_json *t = sts_json_new(isfinite(x) ? STS_NODE_NUMBER : STS_NODE_NULL);
    if (sts_json_is_number(t)) t->number = x;
    return t;
}

sts_json *sts_json_new_numbers(const double *x, int n)
{
    sts_json *list = sts_json_new_array();
    for (int i = 0; i < n && list; i++) {
        if (sts_json_push(list, sts_json_new_number(x[i]))) continue;
        sts_json_free(list);
        list = NULL;
    }
    return list;
}

static sts_json *reference(sts_json_kind kind, sts_json *child)
{
    sts_json *t = sts_json_new(kind);
    if (!t) return NULL;
    t->child = child;
    t->borrows = true;
    return t;
}

sts_json *sts_json_borrow_object(sts_json *child) { return reference(STS_NODE_OBJECT, child); }

sts_json *sts_json_borrow_array(sts_json *child) { return reference(STS_NODE_ARRAY, child); }

void sts_json_free(sts_json *t)
{
    while (t) {
        sts_json *next = t->next;
        if (!t->borrows) {
            sts_json_free(t->child);
            sts_free(t->text);
        }
        sts_free(t->key);
        sts_free(t);
        t = next;
    }
}

static bool copy_text(char **out, const char *s)
{
    return !s || (*out = asked(sts_strdup(s)));
}

sts_json *sts_json_copy(const sts_json *t)
{
    sts_json *copy = t ? sts_json_new(t->kind) : NULL;
    if (!copy) return NULL;
    copy->number = t->number;
    bool ok = copy_text(&copy->text, t->text) && copy_text(&copy->key, t->key);
    for (const sts_json *c = t->child; c && ok; c = c->next)
        ok = sts_json_push(copy, sts_json_copy(c));
    if (ok) return copy;
    sts_json_free(copy);
    return NULL;
}

/* ---- linking ---- */

bool sts_json_push(sts_json *array, sts_json *item)
{
    if (!array || !item || item == array) return false;
    sts_json *first = array->child;
    item->next = NULL;
    item->prev = first ? first->prev : item;
    if (first) first->prev->next = item;
    else array->child = item;
    array->child->prev = item;
    return true;
}

bool sts_json_add(sts_json *object, const char *key, sts_json *item)
{
    char *copy = object && item && item != object ? asked(sts_strdup(key)) : NULL;
    if (!copy) return false;
    sts_free(item->key);
    item->key = copy;
    return sts_json_push(object, item);
}

bool sts_json_push_borrowed(sts_json *array, sts_json *item)
{
    sts_json *t = item ? reference(item->kind, item->child) : NULL;
    if (!t) return false;
    t->number = item->number;
    t->text = item->text;
    if (sts_json_push(array, t)) return true;
    sts_json_free(t);
    return false;
}

/* The item once it is a member, or NULL; it is freed then. */
static sts_json *member(sts_json *object, const char *key, sts_json *item)
{
    if (sts_json_add(object, key, item)) return item;
    sts_json_free(item);
    return NULL;
}

sts_json *sts_json_add_object(sts_json *object, const char *key)
{
    return member(object, key, sts_json_new_object());
}

sts_json *sts_json_add_array(sts_json *object, const char *key)
{
    return member(object, key, sts_json_new_array());
}

sts_json *sts_json_add_string(sts_json *object, const char *key, const char *s)
{
    return member(object, key, sts_json_new_string(s));
}

sts_json *sts_json_add_number(sts_json *object, const char *key, double x)
{
    return member(object, key, sts_json_new_number(x));
}

sts_json *sts_json_add_bool(sts_json *object, const char *key, bool yes)
{
    return member(object, key, sts_json_new(yes ? STS_NODE_TRUE : STS_NODE_FALSE));
}

sts_json *sts_json_add_null(sts_json *object, const char *key)
{
    return member(object, key, sts_json_new_null());
}

sts_json *sts_json_add_raw(sts_json *object, const char *key, const char *text)
{
    return member(object, key, with_text(STS_NODE_RAW, text));
}

sts_json *sts_json_detach(sts_json *parent, sts_json *item)
{
    if (!parent || !item) return NULL;
    bool first = item == parent->child;
    if (!first) item->prev->next = item->next;
    if (item->next) item->next->prev = item->prev;
    else if (!first) parent->child->prev = item->prev;
    if (first) parent->child = item->next;
    item->next = item->prev = NULL;
    return item;
}

sts_json *sts_json_take(sts_json *object, const char *key)
{
    return sts_json_detach(object, sts_json_member(object, key));
}

void sts_json_remove(sts_json *object, const char *key)
{
    sts_json_free(sts_json_take(object, key));
}

bool sts_json_replace(sts_json *object, const char *key, sts_json *item)
{
    sts_json *old = sts_json_member(object, key);
    char *copy = old && item ? asked(sts_strdup(key)) : NULL;
    if (!copy) {
        sts_json_free(item);
        return false;
    }
    bool first = old == object->child;
    sts_free(item->key);
    item->key = copy;
    item->next = old->next;
    item->prev = old->prev == old ? item : old->prev;
    if (item->next) item->next->prev = item;
    else if (!first) object->child->prev = item;
    if (first) object->child = item;
    else item->prev->next = item;
    old->next = NULL;
    sts_json_free(old);
    return true;
}

/* ---- reading ---- */

static bool is(const sts_json *t, unsigned kinds) { return t && (unsigned)t->kind & kinds; }

bool sts_json_is_null(const sts_json *t) { return is(t, STS_NODE_NULL); }

bool sts_json_is_false(const sts_json *t) { return is(t, STS_NODE_FALSE); }

bool sts_json_is_true(const sts_json *t) { return is(t, STS_NODE_TRUE); }

bool sts_json_is_bool(const sts_json *t) { return is(t, STS_NODE_FALSE | STS_NODE_TRUE); }

bool sts_json_is_number(const sts_json *t) { return is(t, STS_NODE_NUMBER); }

bool sts_json_is_string(const sts_json *t) { return is(t, STS_NODE_STRING); }

bool sts_json_is_array(const sts_json *t) { return is(t, STS_NODE_ARRAY); }

bool sts_json_is_object(const sts_json *t) { return is(t, STS_NODE_OBJECT); }

sts_json *sts_json_member(const sts_json *object, const char *key)
{
    sts_json *c;
    sts_json_each(c, object) if (c->key && !strcmp(c->key, key)) return c;
    return NULL;
}

const sts_json *sts_json_get(const sts_json *object, const char *key)
{
    return sts_json_member(object, key);
}

int sts_json_size(const sts_json *list)
{
    int n = 0;
    const sts_json *c;
    sts_json_each(c, list) n++;
    return n;
}

sts_json *sts_json_item(const sts_json *list, int i)
{
    sts_json *c = list && i >= 0 ? list->child : NULL;
    while (c && i--) c = c->next;
    return c;
}

char *sts_json_as_string(const sts_json *t) { return sts_json_is_string(t) ? t->text : NULL; }

double sts_json_as_number(const sts_json *t) { return sts_json_is_number(t) ? t->number : NAN; }

bool sts_json_near(double x, double y)
{
    return fabs(x - y) <= fmax(fabs(x), fabs(y)) * DBL_EPSILON;
}

static bool same_members(const sts_json *a, const sts_json *b)
{
    if (sts_json_size(a) != sts_json_size(b)) return false;
    for (const sts_json *c = a->child; c; c = c->next)
        if (!sts_json_equal(c, sts_json_member(b, c->key))) return false;
    return true;
}

static bool same_items(const sts_json *a, const sts_json *b)
{
    const sts_json *x = a->child, *y = b->child;
    for (; x && y; x = x->next, y = y->next)
        if (!sts_json_equal(x, y)) return false;
    return !x && !y;
}

bool sts_json_equal(const sts_json *a, const sts_json *b)
{
    if (!a || !b || a->kind != b->kind) return false;
    switch (a->kind) {
    case STS_NODE_NUMBER: return sts_json_near(a->number, b->number);
    case STS_NODE_STRING:
    case STS_NODE_RAW: return !strcmp(a->text, b->text);
    case STS_NODE_ARRAY: return same_items(a, b);
    case STS_NODE_OBJECT: return same_members(a, b);
    default: return true;
    }
}
