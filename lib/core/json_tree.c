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

cJSON *sts_tree_new(sts_tree_kind kind)
{
    cJSON *t = asked(sts_alloc(1, sizeof *t));
    if (t) t->kind = kind;
    return t;
}

cJSON *cJSON_CreateObject(void)
{
    return sts_tree_new(STS_TREE_OBJECT);
}

cJSON *cJSON_CreateArray(void)
{
    return sts_tree_new(STS_TREE_ARRAY);
}

cJSON *cJSON_CreateNull(void)
{
    return sts_tree_new(STS_TREE_NULL);
}

static cJSON *with_text(sts_tree_kind kind, const char *s)
{
    cJSON *t = s ? sts_tree_new(kind) : NULL;
    if (!t || (t->valuestring = asked(sts_strdup(s)))) return t;
    cJSON_Delete(t);
    return NULL;
}

cJSON *cJSON_CreateString(const char *s)
{
    return with_text(STS_TREE_STRING, s);
}

cJSON *cJSON_CreateNumber(double x)
{
    cJSON *t = sts_tree_new(STS_TREE_NUMBER);
    if (t) t->valuedouble = x;
    return t;
}

cJSON *cJSON_CreateDoubleArray(const double *x, int n)
{
    cJSON *list = cJSON_CreateArray();
    for (int i = 0; i < n && list; i++) {
        if (cJSON_AddItemToArray(list, cJSON_CreateNumber(x[i]))) continue;
        cJSON_Delete(list);
        list = NULL;
    }
    return list;
}

static cJSON *reference(sts_tree_kind kind, cJSON *child)
{
    cJSON *t = sts_tree_new(kind);
    if (!t) return NULL;
    t->child = child;
    t->borrows = true;
    return t;
}

cJSON *cJSON_CreateObjectReference(cJSON *child)
{
    return reference(STS_TREE_OBJECT, child);
}

cJSON *cJSON_CreateArrayReference(cJSON *child)
{
    return reference(STS_TREE_ARRAY, child);
}

void cJSON_Delete(cJSON *t)
{
    while (t) {
        cJSON *next = t->next;
        if (!t->borrows) {
            cJSON_Delete(t->child);
            sts_free(t->valuestring);
        }
        sts_free(t->string);
        sts_free(t);
        t = next;
    }
}

static bool copy_text(char **out, const char *s)
{
    return !s || (*out = asked(sts_strdup(s)));
}

cJSON *cJSON_Duplicate(const cJSON *t, int deep)
{
    cJSON *copy = t ? sts_tree_new(t->kind) : NULL;
    if (!copy) return NULL;
    copy->valuedouble = t->valuedouble;
    bool ok = copy_text(&copy->valuestring, t->valuestring) && copy_text(&copy->string, t->string);
    for (const cJSON *c = t->child; c && deep && ok; c = c->next)
        ok = cJSON_AddItemToArray(copy, cJSON_Duplicate(c, deep));
    if (ok) return copy;
    cJSON_Delete(copy);
    return NULL;
}

/* ---- linking ---- */

bool cJSON_AddItemToArray(cJSON *array, cJSON *item)
{
    if (!array || !item || item == array) return false;
    cJSON *first = array->child;
    item->next = NULL;
    item->prev = first ? first->prev : item;
    if (first) first->prev->next = item;
    else array->child = item;
    array->child->prev = item;
    return true;
}

bool cJSON_AddItemToObject(cJSON *object, const char *key, cJSON *item)
{
    char *copy = object && item && item != object ? asked(sts_strdup(key)) : NULL;
    if (!copy) return false;
    sts_free(item->string);
    item->string = copy;
    return cJSON_AddItemToArray(object, item);
}

bool cJSON_AddItemReferenceToArray(cJSON *array, cJSON *item)
{
    cJSON *t = item ? reference(item->kind, item->child) : NULL;
    if (!t) return false;
    t->valuedouble = item->valuedouble;
    t->valuestring = item->valuestring;
    if (cJSON_AddItemToArray(array, t)) return true;
    cJSON_Delete(t);
    return false;
}

/* The item once it is a member, or NULL; it is freed then. */
static cJSON *member(cJSON *object, const char *key, cJSON *item)
{
    if (cJSON_AddItemToObject(object, key, item)) return item;
    cJSON_Delete(item);
    return NULL;
}

cJSON *cJSON_AddObjectToObject(cJSON *object, const char *key)
{
    return member(object, key, cJSON_CreateObject());
}

cJSON *cJSON_AddArrayToObject(cJSON *object, const char *key)
{
    return member(object, key, cJSON_CreateArray());
}

cJSON *cJSON_AddStringToObject(cJSON *object, const char *key, const char *s)
{
    return member(object, key, cJSON_CreateString(s));
}

cJSON *cJSON_AddNumberToObject(cJSON *object, const char *key, double x)
{
    return member(object, key, cJSON_CreateNumber(x));
}

cJSON *cJSON_AddBoolToObject(cJSON *object, const char *key, bool yes)
{
    return member(object, key, sts_tree_new(yes ? STS_TREE_TRUE : STS_TREE_FALSE));
}

cJSON *cJSON_AddNullToObject(cJSON *object, const char *key)
{
    return member(object, key, cJSON_CreateNull());
}

cJSON *cJSON_AddRawToObject(cJSON *object, const char *key, const char *text)
{
    return member(object, key, with_text(STS_TREE_RAW, text));
}

cJSON *cJSON_DetachItemViaPointer(cJSON *parent, cJSON *item)
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

cJSON *cJSON_DetachItemFromObjectCaseSensitive(cJSON *object, const char *key)
{
    return cJSON_DetachItemViaPointer(object, cJSON_GetObjectItemCaseSensitive(object, key));
}

void cJSON_DeleteItemFromObjectCaseSensitive(cJSON *object, const char *key)
{
    cJSON_Delete(cJSON_DetachItemFromObjectCaseSensitive(object, key));
}

bool cJSON_ReplaceItemInObjectCaseSensitive(cJSON *object, const char *key, cJSON *item)
{
    cJSON *old = cJSON_GetObjectItemCaseSensitive(object, key);
    char *copy = old && item ? asked(sts_strdup(key)) : NULL;
    if (!copy) {
        cJSON_Delete(item);
        return false;
    }
    bool first = old == object->child;
    sts_free(item->string);
    item->string = copy;
    item->next = old->next;
    item->prev = old->prev == old ? item : old->prev;
    if (item->next) item->next->prev = item;
    else if (!first) object->child->prev = item;
    if (first) object->child = item;
    else item->prev->next = item;
    old->next = NULL;
    cJSON_Delete(old);
    return true;
}

/* ---- reading ---- */

bool sts_tree_is(const cJSON *t, unsigned kinds)
{
    return t && (unsigned)t->kind & kinds;
}

cJSON *cJSON_GetObjectItemCaseSensitive(const cJSON *object, const char *key)
{
    cJSON *c;
    cJSON_ArrayForEach(c, object)
        if (c->string && !strcmp(c->string, key)) return c;
    return NULL;
}

int cJSON_GetArraySize(const cJSON *list)
{
    int n = 0;
    const cJSON *c;
    cJSON_ArrayForEach(c, list) n++;
    return n;
}

cJSON *cJSON_GetArrayItem(const cJSON *list, int i)
{
    cJSON *c = list && i >= 0 ? list->child : NULL;
    while (c && i--) c = c->next;
    return c;
}

char *cJSON_GetStringValue(const cJSON *t)
{
    return cJSON_IsString(t) ? t->valuestring : NULL;
}

double cJSON_GetNumberValue(const cJSON *t)
{
    return cJSON_IsNumber(t) ? t->valuedouble : NAN;
}

bool sts_tree_near(double x, double y)
{
    return fabs(x - y) <= fmax(fabs(x), fabs(y)) * DBL_EPSILON;
}

static bool same_members(const cJSON *a, const cJSON *b)
{
    if (cJSON_GetArraySize(a) != cJSON_GetArraySize(b)) return false;
    for (const cJSON *c = a->child; c; c = c->next)
        if (!cJSON_Compare(c, cJSON_GetObjectItemCaseSensitive(b, c->string), true)) return false;
    return true;
}

static bool same_items(const cJSON *a, const cJSON *b)
{
    const cJSON *x = a->child, *y = b->child;
    for (; x && y; x = x->next, y = y->next)
        if (!cJSON_Compare(x, y, true)) return false;
    return !x && !y;
}

bool cJSON_Compare(const cJSON *a, const cJSON *b, bool exact)
{
    (void)exact; /* keys differ by their case, always */
    if (!a || !b || a->kind != b->kind) return false;
    switch (a->kind) {
    case STS_TREE_NUMBER: return sts_tree_near(a->valuedouble, b->valuedouble);
    case STS_TREE_STRING:
    case STS_TREE_RAW: return !strcmp(a->valuestring, b->valuestring);
    case STS_TREE_ARRAY: return same_items(a, b);
    case STS_TREE_OBJECT: return same_members(a, b);
    default: return true;
    }
}
