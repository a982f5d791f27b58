/* alike.c - two models compared by name: modules, tensors, tokenizer; then by what they do. */
#include "model/alike.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "core/words.h"
#include "model/files.h"
#include "model/tokens.h"

#include <string.h>

#define SHOWN 60 /* bytes of a value in a message */

/* ---- modules and tensors ---- */

/* The type of module i, from 0 for the encoder; "none" past the last. */
static const char *type_of(const sts_model *m, size_t i)
{
    if (!i) return m->net.encoder->model_type;
    return i <= m->n_modules ? m->module[i - 1].type->type : "none";
}

static int check_modules(const sts_model *a, const sts_model *b, sts_err *err)
{
    for (size_t i = 0; i <= a->n_modules || i <= b->n_modules; i++)
        if (strcmp(type_of(a, i), type_of(b, i)))
            return sts_fail(err, STS_MODEL, "%s: module %zu is %s, in %s it is %s", b->dir, i,
                            type_of(b, i), a->dir, type_of(a, i));
    return 0;
}

static const char *show_shape(const sts_param *p, char out[SHOWN])
{
    size_t at = 0;
    for (int d = 0; d < p->n_dims; d++)
        at = sts_append(out, SHOWN, at, "%s%zu", d ? " x " : "", p->shape[d]);
    return at ? out : "a number";
}

static bool same_shape(const sts_param *p, const sts_param *q)
{
    return p->n_dims == q->n_dims &&
           !memcmp(p->shape, q->shape, sizeof *p->shape * (size_t)p->n_dims);
}

/* Whether b has the tensors of a. */
static int check_shapes(const sts_model *a, const sts_model *b, sts_err *err)
{
    char one[SHOWN], other[SHOWN];
    for (size_t i = 0; i < a->params.n; i++) {
        const sts_param *p = &a->params.v[i], *q = sts_params_find(&b->params, p->name);
        if (!q) return sts_fail(err, STS_MODEL, "%s: has no tensor %s, which %s has", b->dir,
                                p->name, a->dir);
        if (!same_shape(p, q))
            return sts_fail(err, STS_MODEL, "%s: tensor %s is %s, in %s it is %s", b->dir, p->name,
                            show_shape(q, one), a->dir, show_shape(p, other));
    }
    return 0;
}

/* What is not a weight, but a table that the others go by, has to be equal. */
static int check_tables(const sts_model *a, const sts_model *b, sts_err *err)
{
    for (size_t i = 0; i < a->params.n; i++) {
        const sts_param *p = &a->params.v[i];
        const float *x = a->params.value + p->offset, *y = b->params.value + p->offset;
        if (p->frozen && memcmp(x, y, p->count * sizeof *x))
            return sts_fail(err, STS_MODEL, "%s: tensor %s has other values than in %s: the models "
                            "were made for other texts", b->dir, p->name, a->dir);
    }
    return 0;
}

static int check_tensors(const sts_model *a, const sts_model *b, sts_err *err)
{
    if (check_shapes(a, b, err) || check_shapes(b, a, err)) return -1;
    if (sts_params_alike(&a->params, &b->params)) return check_tables(a, b, err);
    return sts_fail(err, STS_MODEL, "%s: has the tensors of %s in another order", b->dir, a->dir);
}

/* ---- JSON ---- */

/* Absent, null and false mean the same: other releases of a program leave some of them out. */
static bool is_nothing(const sts_json *x)
{
    return !x || sts_json_is_null(x) || sts_json_is_false(x);
}

static bool differ(const sts_json *a, const sts_json *b, const char *skip, sts_strbuf *at);

/* Adds ".name" before what `at` has. */
static bool found_at(sts_strbuf *at, const char *name)
{
    sts_strbuf longer = {0};
    sts_strbuf_printf(&longer, "%s%s", name, at->n && at->s[0] != '[' ? "." : "");
    sts_strbuf_add(&longer, at->n ? at->s : "", at->n);
    longer.failed |= at->failed;
    sts_free(at->s);
    *at = longer;
    return true;
}

static bool is_skipped(const char *skip, const char *name)
{
    return *name == '_' || sts_word_listed(skip, name, strlen(name));
}

/* Members that stand in the same order are found without a search. */
static bool members_differ(const sts_json *a, const sts_json *b, const char *skip, sts_strbuf *at)
{
    const sts_json *next = b ? b->child : NULL;
    for (const sts_json *x = a ? a->child : NULL; x; x = x->next) {
        bool here = next && !strcmp(next->key, x->key);
        const sts_json *y = here ? next : sts_json_get(b, x->key);
        if (y) next = y->next;
        if (!is_skipped(skip, x->key) && differ(x, y, "", at)) return found_at(at, x->key);
    }
    return false;
}

static bool items_differ(const sts_json *a, const sts_json *b, sts_strbuf *at)
{
    const sts_json *x = a->child, *y = b->child;
    size_t i = 0;
    for (; x && y && !differ(x, y, "", at); x = x->next, y = y->next) i++;
    if (!x && !y) return false;
    char name[32];
    sts_append(name, sizeof name, 0, "[%zu]", i);
    return found_at(at, name);
}

/* Whether two values differ, and where: `at` gets the path of the first difference. Members of the
 * outermost object that are listed in `skip` count for nothing. */
static bool differ(const sts_json *a, const sts_json *b, const char *skip, sts_strbuf *at)
{
    if (is_nothing(a) && is_nothing(b)) return false;
    if (!a || !b || a->kind != b->kind) return true;
    if (sts_json_is_number(a)) return a->number != b->number;
    if (sts_json_is_string(a)) return strcmp(a->text, b->text) != 0;
    if (sts_json_is_array(a)) return items_differ(a, b, at);
    if (sts_json_is_object(a))
        return members_differ(a, b, skip, at) || members_differ(b, a, skip, at);
    return false;
}

static int parse(const sts_model *m, const sts_blob *blob, sts_json **json, sts_err *err)
{
    *json = blob ? sts_json_parse(blob->bytes, blob->n, blob->name, STS_MODEL, err) : NULL;
    return *json || !blob ? 0 : sts_fail_prefix(err, m->dir);
}

/* Whether the JSON file `name` says the same in both. 0, or -1. */
static int check_json(const sts_model *a, const sts_model *b, const char *name, const char *skip,
                      sts_err *err)
{
    sts_json *x = NULL, *y = NULL;
    sts_strbuf at = {0};
    int rc = parse(a, sts_files_get(a->files, name), &x, err);
    if (!rc) rc = parse(b, sts_files_get(b->files, name), &y, err);
    if (!rc && differ(x, y, skip, &at)) {
        char *path = at.n ? sts_strbuf_take(&at) : NULL;
        rc = sts_fail(err, STS_MODEL, "%s/%s: %.200s differs from that of %s", b->dir, name,
                      path ? path : "content", a->dir);
        sts_free(path);
    }
    sts_free(at.s);
    sts_json_free(x);
    sts_json_free(y);
    return rc;
}

/* ---- tokenizers ---- */

/* Whether both have file `name`, or neither, and its bytes are equal. */
static int check_bytes(const sts_model *a, const sts_model *b, const char *name, sts_err *err)
{
    const sts_blob *x = sts_files_get(a->files, name), *y = sts_files_get(b->files, name);
    if (!x != !y)
        return sts_fail(err, STS_MODEL, "%s: has %s%s, unlike %s", b->dir, y ? "" : "no ", name,
                        a->dir);
    if (!x || (x->n == y->n && !memcmp(x->bytes, y->bytes, x->n))) return 0;
    return sts_fail(err, STS_MODEL, "%s/%s: differs from that of %s", b->dir, name, a->dir);
}

/* tokenizer.json says all; without it the vocabularies do. */
static int check_tokenizer(const sts_model *a, const sts_model *b, const char *folder,
                           sts_err *err)
{
    static const char *const files[] = {
        "tokenizer.json", "vocab.txt", "vocab.json", "merges.txt",     "bpe.codes",
        "spiece.model",   "spm.model", "added_tokens.json", "tokenizer.model",
        "sentencepiece.bpe.model"};
    int rc = 0;
    bool whole = false;
    for (size_t i = 0; i < sizeof files / sizeof *files && !rc && !whole; i++) {
        char *name = *folder ? sts_path_join(folder, files[i]) : sts_strdup(files[i]);
        whole = name && !i && sts_files_get(a->files, name) && sts_files_get(b->files, name);
        if (!name) rc = sts_fail_memory(err, files[i]);
        else if (whole) rc = check_json(a, b, name, "truncation padding decoder", err);
        else rc = check_bytes(a, b, name, err);
        sts_free(name);
    }
    return rc;
}

/* ---- what they do ---- */

/* The vector of some text, without the prompt. */
static int probe(const sts_model *m, float *out, sts_err *err)
{
    static const char text[] = "Two dogs aren't running; D\xc3\xa9j\xc3\xa0 VU, 42 \xe7\x8a\xac!";
    sts_tokens t;
    sts_str s = {text, sizeof text - 1};
    sts_model bare = *m;
    memset(bare.prompt, 0, sizeof bare.prompt);
    if (sts_tokens_make(&t, &bare, &s, 1, (sts_token_options){0}, err)) return -1;
    int rc = sts_embed(m, &t, out, NULL, err);
    sts_tokens_free(&t);
    return rc;
}

/* Names the setting because of which the vectors differ. */
static int name_setting(const sts_model *a, const sts_model *b, sts_err *err)
{
    static const char skip[] = "architectures transformers_version torch_dtype dtype use_cache";
    for (size_t i = 0; i < a->files->n_blobs; i++) {
        const char *name = a->files->blob[i].name, *last = strrchr(name, '/');
        last = last ? last + 1 : name;
        if (strcmp(last, "config.json") && strncmp(last, "sentence_", 9)) continue;
        if (check_json(a, b, name, skip, err)) return -1;
    }
    return sts_fail(err, STS_MODEL, "%s: gives other vectors than %s with the same weights: their "
                    "settings differ", b->dir, a->dir);
}

static int check_vectors(const sts_model *a, sts_model *b, sts_err *err)
{
    size_t width = (size_t)a->dim, length = b->max_seq_length;
    float *x = sts_alloc(2 * width, sizeof *x), *own = b->params.value;
    if (!x) return sts_fail_memory(err, "a vector");
    b->params.value = a->params.value;
    b->max_seq_length = a->max_seq_length;
    int rc = probe(a, x, err) || probe(b, x + width, err) ? -1 : 0;
    b->params.value = own;
    b->max_seq_length = length;
    bool same = !memcmp(x, x + width, width * sizeof *x);
    sts_free(x);
    return rc || same ? rc : name_setting(a, b, err);
}

int sts_model_alike(const sts_model *a, sts_model *b, sts_err *err)
{
    if (check_modules(a, b, err) || check_tensors(a, b, err)) return -1;
    if (a->dim != b->dim)
        return sts_fail(err, STS_MODEL, "%s: gives vectors of %d numbers, %s of %d", b->dir,
                        b->dim, a->dir, a->dim);
    const char *folder = a->files->n_sets ? a->files->set[0].folder : "";
    if (a->tokenizer && check_tokenizer(a, b, folder, err)) return -1;
    return check_vectors(a, b, err);
}
