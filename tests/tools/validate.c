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

static const sts_json *root;
static int faults;

static int check(const sts_json *schema, const sts_json *v, const place *at);

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

static bool has_type(const sts_json *v, const char *type)
{
    double x = sts_json_is_number(v) ? v->number : NAN;
    return (!strcmp(type, "integer") && x == floor(x)) ||
           (!strcmp(type, "number") && sts_json_is_number(v)) ||
           (!strcmp(type, "string") && sts_json_is_string(v)) ||
           (!strcmp(type, "boolean") && sts_json_is_bool(v)) ||
           (!strcmp(type, "object") && sts_json_is_object(v)) ||
           (!strcmp(type, "array") && sts_json_is_array(v)) ||
           (!strcmp(type, "null") && sts_json_is_null(v));
}

static int check_type(const sts_json *type, const sts_json *v, const place *at)
{
    const sts_json *t = sts_json_is_array(type) ? type->child : type;
    for (; t; t = sts_json_is_array(type) ? t->next : NULL)
        if (has_type(v, t->text)) return 0;
    const char *name = sts_json_is_array(type) ? "those allowed" : type->text;
    return fault(at, "has another type than ", name);
}

static int check_required(const sts_json *names, const sts_json *v, const place *at)
{
    for (const sts_json *n = sts_json_is_object(v) ? names->child : NULL; n; n = n->next)
        if (!sts_json_member(v, n->text)) return fault(at, "lacks ", n->text);
    return 0;
}

static int check_members(const sts_json *schema, const sts_json *v, const place *at)
{
    const sts_json *known = sts_json_member(schema, "properties");
    const sts_json *others = sts_json_member(schema, "additionalProperties");
    int rc = 0;
    for (const sts_json *m = sts_json_is_object(v) ? v->child : NULL; m; m = m->next) {
        place here = {at, m->key, 0};
        const sts_json *s = sts_json_member(known, m->key);
        if (!s) s = others;
        if (sts_json_is_false(s)) rc = fault(&here, "is not known here", "");
        else if (sts_json_is_object(s)) rc = check(s, m, &here);
    }
    return rc;
}

static int check_items(const sts_json *schema, const sts_json *v, const place *at)
{
    int i = 0, rc = 0;
    for (const sts_json *m = sts_json_is_array(v) ? v->child : NULL; m; m = m->next, i++) {
        place here = {at, NULL, i};
        rc = check(schema, m, &here);
    }
    return rc;
}

static int check_choice(const sts_json *list, const sts_json *v, const place *at)
{
    for (const sts_json *c = list->child; c; c = c->next)
        if (sts_json_equal(c, v)) return 0;
    return fault(at, "is not one of the values allowed: ", sts_json_is_string(v) ? v->text : "");
}

static int check_ref(const sts_json *ref, const sts_json *v, const place *at)
{
    const sts_json *defs = sts_json_member(root, "$defs");
    const char *name = ref->text + strlen("#/$defs/");
    const sts_json *s = sts_json_member(defs, name);
    return s ? check(s, v, at) : fault(at, "schema: no definition ", name);
}

static int keyword(const sts_json *schema, const sts_json *k, const sts_json *v, const place *at)
{
    static const char *const silent[] = {"$schema", "$id", "$defs", "title", "description"};
    const char *name = k->key;
    double x = sts_json_is_number(v) ? v->number : NAN;
    int n = sts_json_is_array(v) ? sts_json_size(v) : -1;
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (!strcmp(name, silent[i])) return 0;
    if (!strcmp(name, "type")) return check_type(k, v, at);
    if (!strcmp(name, "required")) return check_required(k, v, at);
    if (!strcmp(name, "properties")) return check_members(schema, v, at);
    if (!strcmp(name, "additionalProperties")) {
        bool done = sts_json_member(schema, "properties");
        return done ? 0 : check_members(schema, v, at);
    }
    if (!strcmp(name, "items")) return check_items(k, v, at);
    if (!strcmp(name, "enum")) return check_choice(k, v, at);
    if (!strcmp(name, "const"))
        return sts_json_equal(k, v) ? 0 : fault(at, "has another value", "");
    if (!strcmp(name, "$ref")) return check_ref(k, v, at);
    if (!strcmp(name, "minimum")) return x < k->number ? fault(at, "is too small", "") : 0;
    if (!strcmp(name, "maximum")) return x > k->number ? fault(at, "is too large", "") : 0;
    if (!strcmp(name, "minItems"))
        return n >= 0 && n < k->number ? fault(at, "is too short", "") : 0;
    if (!strcmp(name, "maxItems")) return n > k->number ? fault(at, "is too long", "") : 0;
    return fault(at, "schema: unknown keyword ", name);
}

static int check(const sts_json *schema, const sts_json *v, const place *at)
{
    int rc = 0;
    for (const sts_json *k = schema->child; k; k = k->next)
        if (keyword(schema, k, v, at)) rc = -1;
    return rc;
}

static void check_text(const char *text, size_t n, const char *name)
{
    sts_err err = {0};
    sts_json *v = sts_json_parse(text, n, name, STS_DATA, &err);
    place top = {NULL, NULL, 0};
    if (v) check(root, v, &top);
    else fault(&top, err.text, "");
    sts_json_free(v);
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
    sts_json *schema = sts_json_load(argv[1 + lines], STS_FAILED, &err);
    if (!schema) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    root = schema;
    for (int i = 2 + lines; i < argc; i++) check_file(argv[i], lines);
    sts_json_free(schema);
    return faults > 0;
}
