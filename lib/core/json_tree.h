/* json_tree.h - a JSON value as a tree of nodes.
 *
 * Nodes come from sts_alloc. Creating and adding give NULL where memory is denied, and adding to or
 * reading from NULL does nothing, so that trees can be built without a check after each step:
 * sts_json_denied counts. */
#ifndef STS_CORE_JSON_TREE_H
#define STS_CORE_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

#define sts_json_each(item, list)                                                                  \
    for ((item) = (list) ? (list)->child : NULL; (item); (item) = (item)->next)

typedef enum {
    STS_NODE_NULL = 1,
    STS_NODE_FALSE = 2,
    STS_NODE_TRUE = 4,
    STS_NODE_NUMBER = 8,
    STS_NODE_STRING = 16,
    STS_NODE_ARRAY = 32,
    STS_NODE_OBJECT = 64,
    STS_NODE_RAW = 128 /* JSON text, to be written as it is */
} sts_json_kind;

typedef struct sts_json {
    struct sts_json *next, *prev; /* the first one's prev is the last */
    struct sts_json *child;
    sts_json_kind kind;
    bool borrows; /* child belongs to another tree */
    double number;
    char *text; /* of strings and raw text */
    char *key;  /* of a member of an object */
} sts_json;

/* How often this thread was refused memory for a node. */
size_t sts_json_denied(void);

/* A new node of that kind without contents. */
sts_json *sts_json_new(sts_json_kind kind);
sts_json *sts_json_new_object(void);
sts_json *sts_json_new_array(void);
sts_json *sts_json_new_null(void);
sts_json *sts_json_new_string(const char *s);
/* null where x is not finite */
sts_json *sts_json_new_number(double x);
sts_json *sts_json_new_numbers(const double *x, int n);
/* With members, from `child` on, of another tree, which outlives it. */
sts_json *sts_json_borrow_object(sts_json *child);
sts_json *sts_json_borrow_array(sts_json *child);
void sts_json_free(sts_json *t);
sts_json *sts_json_copy(const sts_json *t);

/* False when the item is not added, and stays the caller's. The key is copied. */
bool sts_json_add(sts_json *object, const char *key, sts_json *item);
bool sts_json_push(sts_json *array, sts_json *item);
bool sts_json_push_borrowed(sts_json *array, sts_json *item);

/* The new member, or NULL. */
sts_json *sts_json_add_object(sts_json *object, const char *key);
sts_json *sts_json_add_array(sts_json *object, const char *key);
sts_json *sts_json_add_string(sts_json *object, const char *key, const char *s);
sts_json *sts_json_add_number(sts_json *object, const char *key, double x); /* or null */
sts_json *sts_json_add_bool(sts_json *object, const char *key, bool yes);
sts_json *sts_json_add_null(sts_json *object, const char *key);
sts_json *sts_json_add_raw(sts_json *object, const char *key, const char *text);

/* Takes the item out of its parent; returns it. */
sts_json *sts_json_detach(sts_json *parent, sts_json *item);
sts_json *sts_json_take(sts_json *object, const char *key);
void sts_json_remove(sts_json *object, const char *key);
/* The member keeps its place; false when there is none, or no memory, and item is then freed. */
bool sts_json_replace(sts_json *object, const char *key, sts_json *item);

/* NULL, 0 or NAN where there is none. */
sts_json *sts_json_member(const sts_json *object, const char *key);
const sts_json *sts_json_get(const sts_json *object, const char *key);
int sts_json_size(const sts_json *list);
sts_json *sts_json_item(const sts_json *list, int i);
char *sts_json_as_string(const sts_json *t);
double sts_json_as_number(const sts_json *t);

bool sts_json_is_null(const sts_json *t);
bool sts_json_is_false(const sts_json *t);
bool sts_json_is_true(const sts_json *t);
bool sts_json_is_bool(const sts_json *t);
bool sts_json_is_number(const sts_json *t);
bool sts_json_is_string(const sts_json *t);
bool sts_json_is_array(const sts_json *t);
bool sts_json_is_object(const sts_json *t);

/* Equal but for the rounding of the last digit: a number that was written reads back so. */
bool sts_json_near(double x, double y);
/* Equal values; members in any order. */
bool sts_json_equal(const sts_json *a, const sts_json *b);

/* ---- json_text.c ---- */
/* The tree of a strict JSON text; NULL for any other. */
sts_json *sts_json_of_text(const char *text);
/* JSON text, freed by sts_free; NULL when memory is out. */
char *sts_json_pretty(const sts_json *t);
char *sts_json_compact(const sts_json *t);

#endif
