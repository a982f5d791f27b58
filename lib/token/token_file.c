/* token_file.c - reading, cutting and writing the vocabulary of a tokenizer.json. */
#include "token/token_file.h"

#include "core/escape.h"
#include "core/mem.h"
#include "token/subword.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static int no_memory(const sts_token_file *f, sts_err *err)
{
    return sts_fail_memory(err, f->name);
}

static int keep_text(sts_token_file *f, sts_str from, sts_str *to, sts_err *err)
{
    *to = (sts_str){sts_arena_text(&f->arena, from.s, from.n), from.n};
    return to->s ? 0 : no_memory(f, err);
}

static int push_entry(sts_token_file *f, sts_str text, sts_str score, int32_t id, sts_err *err)
{
    sts_token_entry e = {.id = id};
    if (keep_text(f, text, &e.text, err) || (score.n && keep_text(f, score, &e.score, err)))
        return -1;
    if (sts_grow(&f->entry, f->n, &f->cap, sizeof *f->entry)) return no_memory(f, err);
    f->entry[f->n++] = e;
    if (id >= f->ids) f->ids = id + 1;
    return 0;
}

/* "token": id */
static int read_pair(sts_token_file *f, sts_scan *s, sts_err *err)
{
    sts_str key;
    size_t id;
    if (sts_scan_key(s, &key)) return -1;
    sts_str text;
    if (keep_text(f, key, &text, err) || sts_scan_size(s, &id)) return -1;
    return push_entry(f, text, (sts_str){0}, (int32_t)id, err);
}

/* ["token", score] */
static int read_scored(sts_token_file *f, sts_scan *s, sts_err *err)
{
    sts_str text, kept;
    if (sts_scan_enter(s, '[') || sts_scan_more(s, ']') < 0 || sts_scan_text(s, &text) ||
        keep_text(f, text, &kept, err) || sts_scan_more(s, ']') < 0)
        return -1;
    const char *number = s->text + s->at;
    if (sts_scan_value(s)) return -1;
    sts_str score = {number, (size_t)(s->text + s->at - number)};
    if (push_entry(f, kept, score, (int32_t)f->n, err)) return -1;
    return sts_scan_more(s, ']') < 0 ? -1 : 0;
}

static int by_id(const void *a, const void *b)
{
    const sts_token_entry *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int read_vocab(sts_token_file *f, sts_str vocab, sts_err *err)
{
    char open = *vocab.s, close = open == '[' ? ']' : '}';
    sts_scan s = sts_scan_start(vocab.s, vocab.n, f->name, STS_MODEL, err);
    s.nul = true;
    int more = 0, rc = sts_scan_enter(&s, open);
    while (!rc && (more = sts_scan_more(&s, close)) > 0)
        rc = open == '[' ? read_scored(f, &s, err) : read_pair(f, &s, err);
    sts_scan_done(&s);
    if (rc || more < 0) return -1;
    qsort(f->entry, f->n, sizeof *f->entry, by_id);
    if (sts_trie_init(&f->index)) return no_memory(f, err);
    for (size_t i = 0; i < f->n; i++)
        if (sts_trie_add(&f->index, f->entry[i].text.s, f->entry[i].text.n, (int32_t)i))
            return no_memory(f, err);
    return 0;
}

/* "a b" or ["a", "b"]; a "#version" line is not a rule. */
static int read_rule(sts_token_file *f, sts_scan *s, sts_err *err)
{
    sts_str text;
    sts_merge_rule rule = {.id = -1};
    f->pairs = s->text[s->at] == '[';
    if (f->pairs) {
        if (sts_scan_enter(s, '[') || sts_scan_more(s, ']') < 0 || sts_scan_text(s, &text) ||
            keep_text(f, text, &rule.left, err) || sts_scan_more(s, ']') < 0 ||
            sts_scan_text(s, &text) || keep_text(f, text, &rule.right, err) ||
            sts_scan_more(s, ']') < 0)
            return -1;
    } else {
        if (sts_scan_text(s, &text) || keep_text(f, text, &rule.left, err)) return -1;
        const char *blank = memchr(rule.left.s, ' ', rule.left.n);
        if (!blank || (rule.left.n >= 8 && !memcmp(rule.left.s, "#version", 8))) return 0;
        rule.right = (sts_str){blank + 1, rule.left.n - (size_t)(blank + 1 - rule.left.s)};
        rule.left.n = (size_t)(blank - rule.left.s);
    }
    if (sts_grow(&f->merge, f->n_merges, &f->cap_merges, sizeof *f->merge))
        return no_memory(f, err);
    f->merge[f->n_merges++] = rule;
    return 0;
}

/* The entry that a rule makes: its two sides without the prefix of the second. */
static int32_t result_of(const sts_token_file *f, const sts_merge_rule *r)
{
    size_t skip = strlen(f->prefix);
    if (r->right.n < skip) return -1;
    uint32_t node = sts_trie_walk(&f->index, 0, r->left.s, r->left.n);
    if (node) node = sts_trie_walk(&f->index, node, r->right.s + skip, r->right.n - skip);
    return node ? f->index.id[node] : -1;
}

static int read_merges(sts_token_file *f, sts_str merges, sts_err *err)
{
    if (!merges.n || *merges.s != '[') return 0;
    sts_scan s = sts_scan_start(merges.s, merges.n, f->name, STS_MODEL, err);
    s.nul = true;
    int more = 0, rc = sts_scan_enter(&s, '[');
    while (!rc && (more = sts_scan_more(&s, ']')) > 0) rc = read_rule(f, &s, err);
    sts_scan_done(&s);
    for (size_t i = 0; i < f->n_merges; i++) f->merge[i].id = result_of(f, &f->merge[i]);
    return rc || more < 0 ? -1 : 0;
}

/* Added tokens may have ids past those of the vocabulary. */
static void count_added(sts_token_file *f)
{
    const sts_json *one;
    sts_json_each(one, sts_json_member(f->tree, "added_tokens"))
    {
        const sts_json *id = sts_json_member(one, "id");
        if (sts_json_is_number(id) && id->number >= f->ids) f->ids = (int32_t)id->number + 1;
    }
}

int sts_token_file_read(sts_token_file *f, sts_str text, const char *type, const char *name,
                        sts_err *err)
{
    static const char *const key[] = {"model"};
    sts_str model, large[2];
    *f = (sts_token_file){.type = type, .name = name, .prefix = ""};
    if (sts_scan_members(text, name, key, 1, &model, err)) return -1;
    if (!model.n || *model.s != '{')
        return sts_fail(err, STS_MODEL, "%s: \"model\" must be an object", name);
    if (sts_model_large(model, name, large, err)) return -1;
    if (!large[0].n || (*large[0].s != '{' && *large[0].s != '['))
        return sts_fail(err, STS_MODEL, "%s: \"vocab\" is missing", name);
    f->tree = sts_model_small(text, large, name, err);
    if (!f->tree) return -1;
    const sts_json *part = sts_json_member(f->tree, "model");
    const sts_json *prefix = sts_json_member(part, "continuing_subword_prefix");
    if (sts_json_is_string(prefix)) f->prefix = prefix->text;
    if (read_vocab(f, large[0], err) || read_merges(f, large[1], err)) return -1;
    count_added(f);
    return 0;
}

void sts_token_file_free(sts_token_file *f)
{
    sts_json_free(f->tree);
    sts_free(f->entry);
    sts_free(f->merge);
    sts_trie_free(&f->index);
    sts_arena_free(&f->arena);
    *f = (sts_token_file){0};
}

double sts_token_score(const sts_token_entry *e)
{
    double x = 0;
    sts_number_parse(e->score.s, e->score.n, &x);
    return x;
}

sts_token_entry *sts_token_file_find(const sts_token_file *f, const char *s, size_t n)
{
    int32_t at = sts_trie_find(&f->index, s, n);
    return at < 0 ? NULL : &f->entry[at];
}

/* ---- new ids ---- */

/* The id in a number of the tree becomes its new one; false: it is dropped. */
static bool renumber(sts_json *id, const int32_t *to, int32_t ids)
{
    if (!sts_json_is_number(id) || id->number < 0 || id->number >= ids) return true;
    int32_t now = to[(int32_t)id->number];
    if (now >= 0) id->number = now;
    return now >= 0;
}

static void renumber_added(sts_token_file *f, const int32_t *to)
{
    sts_json *list = sts_json_member(f->tree, "added_tokens"), *next;
    for (sts_json *one = list ? list->child : NULL; one; one = next) {
        next = one->next;
        if (!renumber(sts_json_member(one, "id"), to, f->ids))
            sts_json_free(sts_json_detach(list, one));
    }
}

/* "cls": ["[CLS]", 101], "special_tokens": {"[CLS]": {"ids": [101], ...}}; 0, or -1: one of the
 * ids is dropped. */
static int renumber_post(sts_json *post, const int32_t *to, int32_t ids)
{
    static const char *const pair[] = {"cls", "sep"};
    sts_json *one, *id;
    for (size_t i = 0; i < 2; i++)
        if (!renumber(sts_json_item(sts_json_member(post, pair[i]), 1), to, ids)) return -1;
    sts_json_each(one, sts_json_member(post, "special_tokens"))
    {
        sts_json_each(id, sts_json_member(one, "ids"))
        {
            if (!renumber(id, to, ids)) return -1;
        }
    }
    sts_json_each(one, sts_json_member(post, "processors"))
    {
        if (renumber_post(one, to, ids)) return -1;
    }
    return 0;
}

static int renumber_tree(sts_token_file *f, const int32_t *to, sts_err *err)
{
    sts_json *unknown = sts_json_member(sts_json_member(f->tree, "model"), "unk_id");
    renumber_added(f, to);
    sts_json *pad = sts_json_member(sts_json_member(f->tree, "padding"), "pad_id");
    if (!renumber(unknown, to, f->ids) || !renumber(pad, to, f->ids) ||
        renumber_post(sts_json_member(f->tree, "post_processor"), to, f->ids))
        return sts_fail(err, STS_FAILED, "%s: a special token would be dropped", f->name);
    return 0;
}

static bool has(const sts_token_file *f, sts_str text)
{
    const sts_token_entry *e = sts_token_file_find(f, text.s, text.n);
    return e && !e->dropped;
}

int sts_token_file_keep(sts_token_file *f, const bool *keep, int32_t *to, sts_err *err)
{
    int32_t next = 0;
    for (int32_t id = 0; id < f->ids; id++) to[id] = keep[id] ? next++ : -1;
    if (renumber_tree(f, to, err)) return -1;
    for (size_t i = 0; i < f->n; i++) {
        sts_token_entry *e = &f->entry[i];
        if (e->dropped) continue;
        e->dropped = to[e->id] < 0;
        e->id = to[e->id];
    }
    size_t n = 0;
    for (size_t i = 0; i < f->n_merges; i++) {
        const sts_merge_rule *r = &f->merge[i];
        if (r->id >= 0 && !f->entry[r->id].dropped && has(f, r->left) && has(f, r->right))
            f->merge[n++] = *r;
    }
    f->n_merges = n;
    f->ids = next;
    return 0;
}

int sts_token_file_add(sts_token_file *f, sts_str text, sts_str score, sts_err *err)
{
    if (push_entry(f, text, score, f->ids, err)) return -1;
    const sts_token_entry *e = &f->entry[f->n - 1];
    return sts_trie_add(&f->index, e->text.s, e->text.n, (int32_t)f->n - 1) ? no_memory(f, err) : 0;
}

/* ---- writing ---- */

static void put_vocab(const sts_token_file *f, sts_strbuf *b)
{
    bool list = !strcmp(f->type, "Unigram"), first = true;
    sts_strbuf_add(b, list ? "[" : "{", 1);
    for (size_t i = 0; i < f->n; i++) {
        const sts_token_entry *e = &f->entry[i];
        if (e->dropped) continue;
        if (!first) sts_strbuf_add(b, ",", 1);
        first = false;
        if (list) sts_strbuf_add(b, "[", 1);
        sts_put_json(b, e->text.s, e->text.n);
        if (list) sts_strbuf_printf(b, ",%.*s]", (int)e->score.n, e->score.s);
        else sts_strbuf_printf(b, ":%d", (int)e->id);
    }
    sts_strbuf_add(b, list ? "]" : "}", 1);
}

static void put_merges(const sts_token_file *f, sts_strbuf *b)
{
    sts_strbuf_add(b, "[", 1);
    for (size_t i = 0; i < f->n_merges; i++) {
        const sts_merge_rule *r = &f->merge[i];
        if (i) sts_strbuf_add(b, ",", 1);
        if (f->pairs) {
            sts_strbuf_add(b, "[", 1);
            sts_put_json(b, r->left.s, r->left.n);
            sts_strbuf_add(b, ",", 1);
            sts_put_json(b, r->right.s, r->right.n);
            sts_strbuf_add(b, "]", 1);
        } else { /* both sides stand in one string, a blank between them */
            sts_put_json(b, r->left.s, r->left.n + 1 + r->right.n);
        }
    }
    sts_strbuf_add(b, "]", 1);
}

/* Puts a text in the place of model.KEY. */
static int set_raw(sts_token_file *f, const char *key, sts_strbuf *b, sts_err *err)
{
    sts_json *raw = sts_json_new(STS_NODE_RAW);
    if (raw) raw->text = sts_strbuf_take(b);
    else sts_free(sts_strbuf_take(b));
    if (!raw || !raw->text) {
        sts_json_free(raw);
        return no_memory(f, err);
    }
    sts_json *model = sts_json_member(f->tree, "model");
    return sts_json_replace(model, key, raw) ? 0 : no_memory(f, err);
}

char *sts_token_file_text(sts_token_file *f, sts_err *err)
{
    sts_strbuf vocab = {0}, merges = {0};
    put_vocab(f, &vocab);
    if (set_raw(f, "vocab", &vocab, err)) return NULL;
    if (!strcmp(f->type, "BPE")) {
        put_merges(f, &merges);
        if (set_raw(f, "merges", &merges, err)) return NULL;
    }
    char *text = sts_json_pretty(f->tree);
    if (!text) no_memory(f, err);
    return text;
}
