/* json_tree.h - a JSON value as a tree of nodes. The interface is the part of cJSON's that the
 * library uses. The functions are the library's own, under other names for the linker: a program
 * may use cJSON beside it, with hooks of its own, and neither sees the other's memory.
 *
 * Nodes come from sts_alloc. Creating and adding give NULL where memory is denied, and adding to or
 * reading from NULL does nothing, so that trees can be built without a check after each step:
 * sts_json_denied counts. */
#ifndef STS_CORE_JSON_TREE_H
#define STS_CORE_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

#define cJSON sts_tree
#define cJSON_Delete sts_tree_delete
#define cJSON_Parse sts_tree_parse
#define cJSON_Print sts_tree_print
#define cJSON_PrintUnformatted sts_tree_print_unformatted
#define cJSON_free sts_tree_free_text
#define cJSON_Duplicate sts_tree_duplicate
#define cJSON_Compare sts_tree_compare
#define cJSON_CreateObject sts_tree_create_object
#define cJSON_CreateArray sts_tree_create_array
#define cJSON_CreateString sts_tree_create_string
#define cJSON_CreateNumber sts_tree_create_number
#define cJSON_CreateNull sts_tree_create_null
#define cJSON_CreateDoubleArray sts_tree_create_double_array
#define cJSON_CreateObjectReference sts_tree_create_object_reference
#define cJSON_CreateArrayReference sts_tree_create_array_reference
#define cJSON_AddItemToObject sts_tree_add_item_to_object
#define cJSON_AddItemToArray sts_tree_add_item_to_array
#define cJSON_AddItemReferenceToArray sts_tree_add_item_reference_to_array
#define cJSON_AddObjectToObject sts_tree_add_object
#define cJSON_AddArrayToObject sts_tree_add_array
#define cJSON_AddStringToObject sts_tree_add_string
#define cJSON_AddNumberToObject sts_tree_add_number
#define cJSON_AddBoolToObject sts_tree_add_bool
#define cJSON_AddNullToObject sts_tree_add_null
#define cJSON_AddRawToObject sts_tree_add_raw
#define cJSON_DetachItemViaPointer sts_tree_detach
#define cJSON_DetachItemFromObjectCaseSensitive sts_tree_detach_member
#define cJSON_DeleteItemFromObjectCaseSensitive sts_tree_delete_member
#define cJSON_ReplaceItemInObjectCaseSensitive sts_tree_replace_member
#define cJSON_GetObjectItem sts_tree_member
#define cJSON_GetObjectItemCaseSensitive sts_tree_member
#define cJSON_GetArraySize sts_tree_size
#define cJSON_GetArrayItem sts_tree_item
#define cJSON_GetStringValue sts_tree_string
#define cJSON_GetNumberValue sts_tree_number
#define cJSON_IsNull(v) sts_tree_is(v, STS_TREE_NULL)
#define cJSON_IsFalse(v) sts_tree_is(v, STS_TREE_FALSE)
#define cJSON_IsTrue(v) sts_tree_is(v, STS_TREE_TRUE)
#define cJSON_IsBool(v) sts_tree_is(v, STS_TREE_FALSE | STS_TREE_TRUE)
#define cJSON_IsNumber(v) sts_tree_is(v, STS_TREE_NUMBER)
#define cJSON_IsString(v) sts_tree_is(v, STS_TREE_STRING)
#define cJSON_IsArray(v) sts_tree_is(v, STS_TREE_ARRAY)
#define cJSON_IsObject(v) sts_tree_is(v, STS_TREE_OBJECT)
#define cJSON_ArrayForEach(item, list)                                                             \
    for ((item) = (list) ? (list)->child : NULL; (item); (item) = (item)->next)

typedef enum {
    STS_TREE_NULL = 1,
    STS_TREE_FALSE = 2,
    STS_TREE_TRUE = 4,
    STS_TREE_NUMBER = 8,
    STS_TREE_STRING = 16,
    STS_TREE_ARRAY = 32,
    STS_TREE_OBJECT = 64,
    STS_TREE_RAW = 128 /* JSON text, to be written as it is */
} sts_tree_kind;

typedef struct sts_tree {
    struct sts_tree *next, *prev; /* the first one's prev is the last */
    struct sts_tree *child;
    sts_tree_kind kind;
    bool borrows;      /* child belongs to another tree */
    double valuedouble;
    char *valuestring; /* of strings and raw text */
    char *string;      /* the key of a member */
} sts_tree;

/* How often this thread was refused memory for a node. */
size_t sts_json_denied(void);

/* A new node of that kind without contents. */
cJSON *sts_tree_new(sts_tree_kind kind);
cJSON *cJSON_CreateObject(void);
cJSON *cJSON_CreateArray(void);
cJSON *cJSON_CreateNull(void);
cJSON *cJSON_CreateString(const char *s);
cJSON *cJSON_CreateNumber(double x);
cJSON *cJSON_CreateDoubleArray(const double *x, int n);
/* With members, from `child` on, of another tree, which outlives it. */
cJSON *cJSON_CreateObjectReference(cJSON *child);
cJSON *cJSON_CreateArrayReference(cJSON *child);
void cJSON_Delete(cJSON *t);
cJSON *cJSON_Duplicate(const cJSON *t, int deep);

/* False when the item is not added, and stays the caller's. The key is copied. */
bool cJSON_AddItemToObject(cJSON *object, const char *key, cJSON *item);
bool cJSON_AddItemToArray(cJSON *array, cJSON *item);
bool cJSON_AddItemReferenceToArray(cJSON *array, cJSON *item);

/* The new member, or NULL. */
cJSON *cJSON_AddObjectToObject(cJSON *object, const char *key);
cJSON *cJSON_AddArrayToObject(cJSON *object, const char *key);
cJSON *cJSON_AddStringToObject(cJSON *object, const char *key, const char *s);
cJSON *cJSON_AddNumberToObject(cJSON *object, const char *key, double x);
cJSON *cJSON_AddBoolToObject(cJSON *object, const char *key, bool yes);
cJSON *cJSON_AddNullToObject(cJSON *object, const char *key);
cJSON *cJSON_AddRawToObject(cJSON *object, const char *key, const char *text);

/* Takes the item out of its parent; returns it. */
cJSON *cJSON_DetachItemViaPointer(cJSON *parent, cJSON *item);
cJSON *cJSON_DetachItemFromObjectCaseSensitive(cJSON *object, const char *key);
void cJSON_DeleteItemFromObjectCaseSensitive(cJSON *object, const char *key);
/* The member keeps its place; false when there is none, or no memory, and item is then freed. */
bool cJSON_ReplaceItemInObjectCaseSensitive(cJSON *object, const char *key, cJSON *item);

/* NULL, 0 or NAN where there is none. */
cJSON *cJSON_GetObjectItemCaseSensitive(const cJSON *object, const char *key);
int cJSON_GetArraySize(const cJSON *list);
cJSON *cJSON_GetArrayItem(const cJSON *list, int i);
char *cJSON_GetStringValue(const cJSON *t);
double cJSON_GetNumberValue(const cJSON *t);
bool sts_tree_is(const cJSON *t, unsigned kinds);
/* Equal but for the rounding of the last digit: a number that was written reads back so. */
bool sts_tree_near(double x, double y);
/* Equal values; members in any order. */
bool cJSON_Compare(const cJSON *a, const cJSON *b, bool exact);

/* ---- json_text.c ---- */
/* The tree of a strict JSON text; NULL for any other. */
cJSON *cJSON_Parse(const char *text);
/* JSON text, freed by cJSON_free; NULL when memory is out. */
char *cJSON_Print(const cJSON *t);
char *cJSON_PrintUnformatted(const cJSON *t);
void cJSON_free(void *text);

#endif
