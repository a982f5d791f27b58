/* tokenizer_load.c - a tokenizer from a directory: tokenizer.json as its own pipeline, else the
 * older vocabulary files; and what tokenizer_config.json adds. */
#include "token/tokenizer_parts.h"

#include "core/file.h"
#include "core/mem.h"
#include "token/legacy_vocab.h"
#include "token/tokenizer_class.h"

#include <stdio.h>
#include <string.h>

/* The members of tokenizer.json that matter, as text; n = 0 when absent. */
enum {
    MODEL, NORMALIZER, PRETOKENIZER, POST, ADDED, VERSION, TRUNCATION, PADDING, DECODER, MEMBERS
};
static const char *const member_name[MEMBERS] = {"model",          "normalizer",   "pre_tokenizer",
                                                 "post_processor", "added_tokens", "version",
                                                 "truncation",     "padding",
                                                 "decoder"};

static int find_members(sts_str text, const char *path, sts_str member[MEMBERS], sts_err *err)
{
    sts_scan s = sts_scan_start(text.s, text.n, path, STS_MODEL, err);
    s.nul = true;
    sts_str key;
    int more = 0, rc = sts_scan_enter(&s, '{');
    while (!rc && (more = sts_scan_more(&s, '}')) > 0) {
        rc = sts_scan_key(&s, &key);
        size_t i = 0;
        while (!rc && i < MEMBERS && (strlen(member_name[i]) != key.n ||
                                      memcmp(member_name[i], key.s, key.n)))
            i++;
        while (!rc && s.at < s.n && s.text[s.at] <= ' ') s.at++;
        size_t from = s.at;
        if (!rc) rc = sts_scan_value(&s);
        if (!rc && i == MEMBERS)
            rc = sts_fail(err, STS_MODEL, "%s: byte %zu: unknown member", path, s.at);
        else if (!rc) member[i] = (sts_str){text.s + from, s.at - from};
    }
    if (!rc && more == 0) rc = sts_scan_end(&s);
    sts_scan_done(&s);
    return rc || more < 0 ? -1 : 0;
}

/* A member as a tree, with a name for messages: "PATH: member". Absent: no tree, which is fine. */
typedef struct section {
    sts_json_in in;
    sts_json *tree;
    char name[768];
} section;

static int open_section(section *s, const sts_str member[MEMBERS], int which, const char *path,
                        sts_err *err)
{
    snprintf(s->name, sizeof s->name, "%.600s: %s", path, member_name[which]);
    s->tree = NULL;
    if (member[which].n) {
        s->tree = sts_json_parse(member[which].s, member[which].n, s->name, STS_MODEL, err);
        if (!s->tree) return -1;
    }
    s->in = (sts_json_in){s->tree, s->name, STS_MODEL, err};
    return 0;
}

/* What came of load_parts's arguments, so that they stay few. */
typedef struct loading {
    sts_tokenizer *t;
    const sts_token_config *config; /* NULL: tokenizer.json stands alone */
    const sts_token_class *class;   /* NULL: none that builds parts of its own */
    const char *path; /* of tokenizer.json */
    sts_str member[MEMBERS];
    sts_err *err;
} loading;

static int load_parts(const loading *l, int which, sts_parts *p, const sts_part_type *const *known,
                      const char *list)
{
    section s = {.tree = NULL};
    int rc = open_section(&s, l->member, which, l->path, l->err);
    if (!rc && s.tree && !sts_json_is_null(s.tree))
        rc = sts_parts_load(p, known, member_name[which], list, &s.in);
    sts_json_free(s.tree);
    return rc;
}

/* A part that the class builds must be of the same type here. */
static int check_part(const loading *l, int which, const char *wanted)
{
    section s = {.tree = NULL};
    if (open_section(&s, l->member, which, l->path, l->err)) return -1;
    const sts_json *type = sts_json_get(s.tree, "type");
    const char *found = sts_json_is_string(type) ? type->text : "";
    int rc = !strcmp(found, wanted) ? 0
             : sts_fail(l->err, STS_MODEL, "%s: %s builds \"%s\" instead of \"%.200s\"; another "
                        "\"tokenizer_class\" would keep it", s.name, l->class->name, wanted,
                        found);
    sts_json_free(s.tree);
    return rc;
}

/* Normalizer and pre-tokenizer: those of the class, or those of tokenizer.json. */
static int load_front(const loading *l)
{
    sts_tokenizer *t = l->t;
    if (l->class && l->class->normalizer)
        return check_part(l, NORMALIZER, l->class->normalizer) ||
                       check_part(l, PRETOKENIZER, l->class->pretokenizer)
                   ? -1
                   : sts_token_class_parts(t, l->class, l->config, l->err);
    if (load_parts(l, NORMALIZER, &t->normalizer, sts_normalizers, "normalizers")) return -1;
    if (load_parts(l, PRETOKENIZER, &t->pretokenizer, sts_pretokenizers, "pretokenizers"))
        return -1;
    return l->class ? sts_token_class_pieces(t, l->path, l->err) : 0;
}

/* Nothing is decoded here; but a file whose decoder nobody knows is not a good one. */
static int decoder_known(const sts_json *d, const char *name, sts_err *err)
{
    static const char *const known[] = {"ByteLevel", "WordPiece", "Metaspace", "BPEDecoder", "CTC",
                                        "Replace",   "Fuse",      "Strip",     "ByteFallback"};
    const sts_json *type = sts_json_get(d, "type"), *one;
    const char *found = sts_json_is_string(type) ? type->text : "";
    if (!d || sts_json_is_null(d)) return 0;
    if (!*found && sts_has_keys(d, "prefix cleanup")) return 0; /* WordPiece without a "type" */
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(found, known[i])) return 0;
    const sts_json *all = strcmp(found, "Sequence") ? NULL : sts_json_get(d, "decoders");
    sts_json_each(one, all)
    {
        if (decoder_known(one, name, err)) return -1;
    }
    if (sts_json_is_array(all)) return 0;
    return sts_fail(err, STS_MODEL, "%s: \"type\": \"%.200s\" is not supported", name, found);
}

static int check_decoder(const loading *l)
{
    section s = {.tree = NULL};
    int rc = open_section(&s, l->member, DECODER, l->path, l->err);
    if (!rc) rc = decoder_known(s.tree, s.name, l->err);
    sts_json_free(s.tree);
    return rc;
}

/* "BatchLongest", {"Fixed": 128}, "LongestFirst", ... */
static int check_strategy(const sts_json_in *in)
{
    const sts_json *v = sts_json_get(in->object, "strategy");
    if (!v) return 0;
    const sts_json *fixed = sts_json_is_object(v) ? sts_json_get(v, "Fixed") : NULL;
    const char *s = sts_json_is_string(v) ? v->text : "";
    if (sts_json_is_number(fixed) || !strcmp(s, "BatchLongest") || !strcmp(s, "LongestFirst") ||
        !strcmp(s, "OnlyFirst") || !strcmp(s, "OnlySecond"))
        return 0;
    return sts_fail(in->err, in->code, "%s: \"strategy\": \"%.200s\" is not supported", in->name,
                    s);
}

/* How texts are cut and padded: on the right only, unless tokenizer_config.json has the say. */
static int check_side(const loading *l, int which, const char *key)
{
    section s = {.tree = NULL};
    const char *side = "Right";
    bool given = l->config && sts_json_is_string(sts_json_get(l->config->json, key));
    int rc = open_section(&s, l->member, which, l->path, l->err);
    if (!rc && s.tree && !sts_json_is_object(s.tree) && !sts_json_is_null(s.tree))
        rc = sts_fail(l->err, STS_MODEL, "%s: must be an object", s.name);
    if (!rc && s.tree) rc = sts_json_text(&s.in, "direction", &side);
    if (!rc && sts_json_is_object(s.tree)) rc = check_strategy(&s.in);
    if (!rc && !given && strcmp(side, "Right")) rc = sts_refuse(&s.in, "direction", side);
    sts_json_free(s.tree);
    return rc;
}

/* A tokenizer that stands alone cuts texts by its own "truncation". */
static int load_truncation(const loading *l)
{
    section s = {.tree = NULL};
    int64_t limit = 0;
    int rc = open_section(&s, l->member, TRUNCATION, l->path, l->err);
    if (!rc && s.tree) rc = sts_json_int(&s.in, "max_length", 1, INT32_MAX, &limit);
    l->t->truncation = (size_t)limit;
    sts_json_free(s.tree);
    return rc;
}

static int load_post(const loading *l)
{
    section s = {.tree = NULL};
    int rc = open_section(&s, l->member, POST, l->path, l->err);
    if (!rc) rc = sts_post_load(&l->t->post, &s.in);
    sts_json_free(s.tree);
    return rc;
}

static int load_added(const loading *l)
{
    section s = {.tree = NULL};
    sts_added_tokens *a = &l->t->added;
    int rc = open_section(&s, l->member, ADDED, l->path, l->err);
    if (!rc) rc = sts_added_init(a, &l->t->model, l->err);
    if (!rc) rc = sts_added_load(a, &l->t->model, &s.in);
    if (!rc) rc = sts_added_finish(a, &l->t->normalizer, &s.in);
    sts_json_free(s.tree);
    return rc;
}

static int load_pipeline(const loading *l)
{
    sts_str version = l->member[VERSION], model = l->member[MODEL];
    char name[768];
    if (version.n && (version.n != 5 || memcmp(version.s, "\"1.0\"", 5)))
        return sts_fail(l->err, STS_MODEL, "%s: \"version\": %.*s is not supported (\"1.0\" is)",
                        l->path, version.n < 100 ? (int)version.n : 100, version.s);
    if (!model.n) return sts_fail(l->err, STS_MODEL, "%s: \"model\" is missing", l->path);
    snprintf(name, sizeof name, "%.600s: model", l->path);
    if (sts_subword_load_text(&l->t->model, model, name, l->err) ||
        load_front(l) || load_post(l) || load_added(l) || load_truncation(l) || check_decoder(l) ||
        check_side(l, TRUNCATION, "truncation_side"))
        return -1;
    return check_side(l, PADDING, "padding_side");
}

static int load_text(sts_tokenizer *t, sts_str text, const char *path, const sts_token_config *c,
                     sts_err *err)
{
    loading l = {.t = t, .config = c, .path = path, .err = err};
    l.class = c ? sts_token_class_find(c) : NULL;
    return find_members(text, path, l.member, err) || load_pipeline(&l) ? -1 : 0;
}

static int load_json(sts_tokenizer *t, const char *path, const sts_token_config *c, sts_err *err)
{
    sts_str text = {0};
    char *s = sts_file_read(path, STS_JSON_LIMIT, STS_MODEL, &text.n, err);
    if (!s) return -1;
    text.s = s;
    int rc = load_text(t, text, path, c, err);
    sts_free(s);
    return rc;
}

/* ---- a directory ---- */

static int32_t count_ids(const sts_tokenizer *t)
{
    int32_t largest = t->model.largest > t->added.largest ? t->model.largest : t->added.largest;
    for (size_t i = 0; i < t->post.n; i++)
        if (t->post.item[i] > largest) largest = t->post.item[i];
    return largest + 1;
}

/* What tokenizer_config.json says of tokenizer.json or the older files. */
static int load_files(sts_tokenizer *t, const char *dir, const char *path,
                      const sts_token_config *c, sts_err *err)
{
    if (sts_token_class_options(c, err)) return -1;
    if (!sts_path_taken(path)) return sts_legacy_load(t, dir, c, err);
    if (load_json(t, path, c, err)) return -1;
    return sts_token_class_agrees(t, sts_token_class_find(c), c, dir, err);
}

/* Static embeddings have tokenizer.json alone. */
static int load_dir(sts_tokenizer *t, const char *dir, bool alone, sts_err *err)
{
    sts_token_config c = {0};
    char *path = sts_path_join(dir, "tokenizer.json");
    int rc = path ? 0 : sts_fail_memory(err, "a tokenizer");
    if (!rc && alone) rc = load_json(t, path, NULL, err);
    if (!rc && !alone) rc = sts_token_config_load(&c, dir, err);
    if (!rc && !alone) rc = load_files(t, dir, path, &c, err);
    t->model_max_length = alone ? t->truncation : c.max_length;
    sts_token_config_free(&c);
    sts_free(path);
    return rc;
}

/* An empty tokenizer; NULL when memory is out. */
static sts_tokenizer *make(const char *name, bool lower_first, sts_err *err)
{
    sts_tokenizer *t = sts_alloc(1, sizeof *t);
    if (t) {
        t->spare = sts_alloc(1, sizeof *t->spare);
        t->name = sts_strdup(name);
    }
    int rc = t && t->spare && t->name ? 0 : sts_fail_memory(err, "a tokenizer");
    if (!rc && lower_first) rc = sts_parts_add(&t->normalizer, &sts_normalizer_lowercase, err);
    if (!rc) t->lower_first = lower_first;
    if (!rc) return t;
    sts_tokenizer_free(t);
    return NULL;
}

/* What is left to do after rc: t itself, or NULL. */
static sts_tokenizer *finish(sts_tokenizer *t, int rc, bool special)
{
    if (rc) {
        sts_tokenizer_free(t);
        return NULL;
    }
    t->special = special;
    t->vocab_size = count_ids(t);
    return t;
}

sts_tokenizer *sts_tokenizer_load(const char *dir, bool lower_first, bool special, int32_t rows,
                                  sts_err *err)
{
    sts_tokenizer *t = make(dir, lower_first, err);
    if (t) t->model.rows = rows;
    return t ? finish(t, load_dir(t, dir, !special, err), special) : NULL;
}

sts_tokenizer *sts_tokenizer_parse(sts_str text, const char *name, bool lower_first, bool special,
                                   sts_err *err)
{
    sts_tokenizer *t = make(name, lower_first, err);
    return t ? finish(t, load_text(t, text, name, NULL, err), special) : NULL;
}
