/* validate.c - checks JSON files (or, with -l, each line of them) against a JSON Schema: the part
 * of draft 2020-12 that data/schema uses. A keyword that it does not know is an error, so that
 * nothing goes unchecked. */
#include "core/file.h"
#include "core/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct place {
    const struct place *above;
    const char *key;
    int index;
} place;

static const cJSON *root;
static int faults;

static int check(const cJSON *schema, const cJSON *v, const place *at);

static void print_place(const place *at)
{
    if (!at->above) return;
    print_place(at->above);
    if (at->key) printf("/%s", at->key);
    else printf("/%d", at->index);
}

static int fault(const place *at, const char *what, const char *detail)
{
    print_place(at);
    printf(": %s%s\n", what, detail);
    faults++;
    return -1;
}

static bool has_type(const cJSON *v, const char *type)
{
    double x = cJSON_IsNumber(v) ? v->valuedouble : NAN;
    return (!strcmp(type, "integer") && x == floor(x)) ||
           (!strcmp(type, "number") && cJSON_IsNumber(v)) ||
           (!strcmp(type, "string") && cJSON_IsString(v)) ||
           (!strcmp(type, "boolean") && cJSON_IsBool(v)) ||
           (!strcmp(type, "object") && cJSON_IsObject(v)) ||
           (!strcmp(type, "array") && cJSON_IsArray(v)) ||
           (!strcmp(type, "null") && cJSON_IsNull(v));
}

static int check_type(const cJSON *type, const cJSON *v, const place *at)
{
    const cJSON *t = cJSON_IsArray(type) ? type->child : type;
    for (; t; t = cJSON_IsArray(type) ? t->next : NULL)
        if (has_type(v, t->valuestring)) return 0;
    const char *name = cJSON_IsArray(type) ? "those allowed" : type->valuestring;
    return fault(at, "has another type than ", name);
}

static int check_required(const cJSON *names, const cJSON *v, const place *at)
{
    for (const cJSON *n = cJSON_IsObject(v) ? names->child : NULL; n; n = n->next)
        if (!cJSON_GetObjectItemCaseSensitive(v, n->valuestring))
            return fault(at, "lacks ", n->valuestring);
    return 0;
}

static int check_members(const cJSON *schema, const cJSON *v, const place *at)
{
    const cJSON *known = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    const cJSON *others = cJSON_GetObjectItemCaseSensitive(schema, "additionalProperties");
    int rc = 0;
    for (const cJSON *m = cJSON_IsObject(v) ? v->child : NULL; m; m = m->next) {
        place here = {at, m->string, 0};
        const cJSON *s = cJSON_GetObjectItemCaseSensitive(known, m->string);
        if (!s) s = others;
        if (cJSON_IsFalse(s)) rc = fault(&here, "is not known here", "");
        else if (cJSON_IsObject(s)) rc = check(s, m, &here);
    }
    return rc;
}

static int check_items(const cJSON *schema, const cJSON *v, const place *at)
{
    int i = 0, rc = 0;
    for (const cJSON *m = cJSON_IsArray(v) ? v->child : NULL; m; m = m->next, i++) {
        place here = {at, NULL, i};
        rc = check(schema, m, &here);
    }
    return rc;
}

static int check_choice(const cJSON *list, const cJSON *v, const place *at)
{
    for (const cJSON *c = list->child; c; c = c->next)
        if (cJSON_Compare(c, v, 1)) return 0;
    return fault(at, "is not one of the values allowed: ", cJSON_IsString(v) ? v->valuestring : "");
}

static int check_ref(const cJSON *ref, const cJSON *v, const place *at)
{
    const cJSON *defs = cJSON_GetObjectItemCaseSensitive(root, "$defs");
    const char *name = ref->valuestring + strlen("#/$defs/");
    const cJSON *s = cJSON_GetObjectItemCaseSensitive(defs, name);
    return s ? check(s, v, at) : fault(at, "schema: no definition ", name);
}

static int keyword(const cJSON *schema, const cJSON *k, const cJSON *v, const place *at)
{
    static const char *const silent[] = {"$schema", "$id", "$defs", "title", "description"};
    const char *name = k->string;
    double x = cJSON_IsNumber(v) ? v->valuedouble : NAN;
    int n = cJSON_IsArray(v) ? cJSON_GetArraySize(v) : -1;
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (!strcmp(name, silent[i])) return 0;
    if (!strcmp(name, "type")) return check_type(k, v, at);
    if (!strcmp(name, "required")) return check_required(k, v, at);
    if (!strcmp(name, "properties")) return check_members(schema, v, at);
    if (!strcmp(name, "additionalProperties")) {
        bool done = cJSON_GetObjectItemCaseSensitive(schema, "properties");
        return done ? 0 : check_members(schema, v, at);
    }
    if (!strcmp(name, "items")) return check_items(k, v, at);
    if (!strcmp(name, "enum")) return check_choice(k, v, at);
    if (!strcmp(name, "const"))
        return cJSON_Compare(k, v, 1) ? 0 : fault(at, "has another value", "");
    if (!strcmp(name, "$ref")) return check_ref(k, v, at);
    if (!strcmp(name, "minimum")) return x < k->valuedouble ? fault(at, "is too small", "") : 0;
    if (!strcmp(name, "maximum")) return x > k->valuedouble ? fault(at, "is too large", "") : 0;
    if (!strcmp(name, "minItems"))
        return n >= 0 && n < k->valuedouble ? fault(at, "is too short", "") : 0;
    if (!strcmp(name, "maxItems")) return n > k->valuedouble ? fault(at, "is too long", "") : 0;
    return fault(at, "schema: unknown keyword ", name);
}

static int check(const cJSON *schema, const cJSON *v, const place *at)
{
    int rc = 0;
    for (const cJSON *k = schema->child; k; k = k->next)
        if (keyword(schema, k, v, at)) rc = -1;
    return rc;
}

static void check_text(const char *text, size_t n, const char *name)
{
    sts_err err = {0};
    cJSON *v = sts_json_parse(text, n, name, STS_DATA, &err);
    place top = {NULL, NULL, 0};
    if (v) check(root, v, &top);
    else fault(&top, err.text, "");
    cJSON_Delete(v);
}

static void check_file(const char *path, bool lines)
{
    sts_err err = {0};
    size_t n = 0;
    char *text = sts_file_read(path, (size_t)1 << 30, STS_FAILED, &n, &err);
    int before = faults;
    if (!text) {
        printf("%s\n", err.text);
        faults++;
        return;
    }
    if (!lines) check_text(text, n, path);
    char *p = text, *end;
    for (; lines && (end = memchr(p, '\n', (size_t)(text + n - p))); p = end + 1)
        check_text(p, (size_t)(end - p), path);
    if (faults > before) printf("%s: does not follow the schema\n", path);
    sts_free_text(text);
}

int main(int argc, char **argv)
{
    sts_err err = {0};
    bool lines = argc > 1 && !strcmp(argv[1], "-l");
    if (argc < 3 + lines) {
        fprintf(stderr, "usage: validate [-l] SCHEMA FILE...\n");
        return 2;
    }
    cJSON *schema = sts_json_load(argv[1 + lines], STS_FAILED, &err);
    if (!schema) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    root = schema;
    for (int i = 2 + lines; i < argc; i++) check_file(argv[i], lines);
    cJSON_Delete(schema);
    return faults > 0;
}
