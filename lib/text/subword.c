/* subword.c - the registry of models, and reading vocabularies. */
#include "text/subword.h"

#include "core/mem.h"
#include "text/parts.h"

#include <math.h>
#include <string.h>

#define SUBWORD(name) extern const sts_subword_type sts_subword_##name;
#include "subword_list.h"
#undef SUBWORD

#define SUBWORD(name) &sts_subword_##name,
static const sts_subword_type *const types[] = {
#include "subword_list.h"
    NULL};

int sts_subword_load(sts_subword *m, const sts_json_in *in)
{
    const char *name = NULL;
    if (!cJSON_IsObject(in->object))
        return sts_fail(in->err, in->code, "%s: must be an object", in->name);
    if (sts_need_text(in, "type", &name)) return -1;
    const sts_subword_type *const *t = types;
    while (*t && strcmp((*t)->name, name)) t++;
    if (!*t) return sts_refuse(in, "type", name);
    m->type = *t;
    m->largest = -1;
    m->self = sts_alloc(1, m->type->size);
    if (!m->self || sts_trie_init(&m->vocab)) return sts_fail_memory(in->err, "a vocabulary");
    return m->type->load(m, in);
}

void sts_subword_free(sts_subword *m)
{
    if (m->self && m->type->free) m->type->free(m->self);
    sts_free(m->self);
    sts_trie_free(&m->vocab);
    *m = (sts_subword){0};
}

int sts_vocab_add(sts_subword *m, const sts_json_in *in, const char *s, size_t n, int32_t id)
{
    if (sts_trie_add(&m->vocab, s, n, id)) {
        if (m->vocab.n < STS_TRIE_NODES) return sts_fail_memory(in->err, "a vocabulary");
        return sts_fail(in->err, in->code, "%s: \"vocab\" is too large", in->name);
    }
    if (id > m->largest) m->largest = id;
    return 0;
}

/* Whether an id was seen before: one bit each in a map that grows to 2 MB at most. */
static int seen(unsigned char **map, size_t *size, int32_t id)
{
    size_t byte = (size_t)id / 8, cap = *size ? *size : 4096;
    while (cap <= byte) cap *= 2;
    if (cap > *size) {
        unsigned char *wider = sts_realloc(*map, cap, 1);
        if (!wider) return -1;
        memset(wider + *size, 0, cap - *size);
        *map = wider;
        *size = cap;
    }
    int bit = 1 << id % 8, was = (*map)[byte] & bit;
    (*map)[byte] |= (unsigned char)bit;
    return was != 0;
}

static int load_entry(sts_subword *m, const sts_json_in *in, const cJSON *e, unsigned char **map,
                      size_t *size)
{
    double x = e->valuedouble;
    if (!cJSON_IsNumber(e) || x != floor(x) || x < 0 || x > (double)STS_MAX_ID)
        return sts_fail(in->err, in->code, "%s: \"vocab\": \"%.200s\" must have a whole number "
                        "from 0 to %lld as its id", in->name, e->string, (long long)STS_MAX_ID);
    int was = seen(map, size, (int32_t)x);
    if (was < 0) return sts_fail_memory(in->err, "a vocabulary");
    if (was)
        return sts_fail(in->err, in->code, "%s: \"vocab\": the id %d of \"%.200s\" is taken",
                        in->name, (int)x, e->string);
    return sts_vocab_add(m, in, e->string, strlen(e->string), (int32_t)x);
}

int sts_vocab_load(sts_subword *m, const sts_json_in *in)
{
    const cJSON *vocab = sts_need(in, "vocab"), *e;
    if (!vocab) return -1;
    if (!cJSON_IsObject(vocab))
        return sts_fail(in->err, in->code, "%s: \"vocab\" must be an object", in->name);
    unsigned char *map = NULL;
    size_t size = 0;
    int rc = 0;
    for (e = vocab->child; e && !rc; e = e->next) rc = load_entry(m, in, e, &map, &size);
    sts_free(map);
    return rc;
}

int sts_no_unknown(const char *token, sts_err *err)
{
    if (!token)
        return sts_fail(err, STS_MODEL, "the tokenizer has no unknown token, and a text needs it");
    return sts_fail(err, STS_MODEL, "the unknown token \"%.200s\" is not in the vocabulary, and a "
                    "text needs it", token);
}
