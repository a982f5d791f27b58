/* subword.c - the registry of models, and reading their vocabularies. */
#include "token/subword.h"

#include "core/mem.h"
#include "token/parts.h"

#include <stdio.h>
#include <string.h>

#define SUBWORD(name) extern const sts_subword_type sts_subword_##name;
#include "subword_list.h"
#undef SUBWORD

#define SUBWORD(name) &sts_subword_##name,
static const sts_subword_type *const types[] = {
#include "subword_list.h"
    NULL};

/* The type of a model that names none, as old releases of the reference wrote it: the first of BPE,
 * WordPiece, WordLevel and Unigram whose members are all there. NULL: there is no vocabulary. */
static const char *guess_type(const sts_model_text *src)
{
    bool pieces =
        sts_has_keys(src->in.object, "continuing_subword_prefix max_input_chars_per_word");
    if (!src->vocab.n) return NULL;
    if (*src->vocab.s == '[') return "Unigram";
    if (src->merges.n && *src->merges.s == '[') return "BPE";
    return pieces ? "WordPiece" : "WordLevel";
}

static int load(sts_subword *m, const sts_model_text *src)
{
    const sts_json_in *in = &src->in;
    const char *name = NULL;
    if (sts_json_text(in, "type", &name)) return -1;
    if (!name) name = guess_type(src);
    if (!name) return sts_need_text(in, "type", &name); /* fails */
    const sts_subword_type *const *t = types;
    while (*t && strcmp((*t)->name, name)) t++;
    if (!*t) return sts_refuse(in, "type", name);
    m->type = *t;
    m->largest = -1;
    m->self = sts_alloc(1, m->type->size);
    if (!m->self || sts_trie_init(&m->vocab)) return sts_fail_memory(in->err, "a vocabulary");
    return m->type->load(m, src);
}

int sts_model_large(sts_str object, const char *name, sts_str large[2], sts_err *err)
{
    static const char *const key[2] = {"vocab", "merges"};
    return sts_scan_members(object, name, key, 2, large, err);
}

sts_json *sts_model_small(sts_str text, const sts_str large[2], const char *name, sts_err *err)
{
    sts_text t = {0};
    sts_str cut[2] = {large[0], large[1]};
    if (cut[1].n && cut[0].n && cut[1].s < cut[0].s) {
        cut[0] = large[1];
        cut[1] = large[0];
    }
    const char *at = text.s;
    int rc = 0;
    for (size_t i = 0; i < 2; i++) {
        if (!cut[i].n) continue;
        if (sts_text_add(&t, at, (size_t)(cut[i].s - at)) || sts_text_add(&t, "null", 4)) rc = -1;
        at = cut[i].s + cut[i].n;
    }
    if (!rc) rc = sts_text_add(&t, at, (size_t)(text.s + text.n - at));
    if (rc) sts_fail_memory(err, name);
    sts_json *tree = rc ? NULL : sts_json_parse(t.s, t.n, name, STS_MODEL, err);
    sts_text_free(&t);
    return tree;
}

int sts_subword_load_text(sts_subword *m, sts_str object, const char *name, sts_err *err)
{
    sts_model_text src = {0};
    if (object.n == 0 || *object.s != '{')
        return sts_fail(err, STS_MODEL, "%s: must be an object", name);
    sts_str large[2];
    if (sts_model_large(object, name, large, err)) return -1;
    sts_json *tree = sts_model_small(object, large, name, err);
    if (!tree) return -1;
    src.vocab = large[0];
    src.merges = large[1];
    src.in = (sts_json_in){tree, name, STS_MODEL, err};
    int rc = load(m, &src);
    sts_json_free(tree);
    return rc;
}

void sts_subword_free(sts_subword *m)
{
    if (m->self && m->type->free) m->type->free(m->self);
    sts_free(m->self);
    sts_trie_free(&m->vocab);
    *m = (sts_subword){0};
}
