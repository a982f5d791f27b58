/* vocab.c - what subword models share: reading their vocabularies, tokens that these lack, and room
 * to run. */
#include "token/subword.h"

#include "core/mem.h"

#include <stdio.h>
#include <string.h>

int sts_vocab_add(sts_subword *m, const sts_json_in *in, const char *s, size_t n, int32_t id)
{
    int shown = n < 200 ? (int)n : 200;
    if (n > STS_TOKEN_MAX)
        return sts_fail(in->err, in->code, "%s: \"vocab\": \"%.*s...\" is longer than %zu bytes",
                        in->name, shown, s, STS_TOKEN_MAX);
    if (m->rows && id >= m->rows)
        return sts_fail(in->err, in->code, "%s: \"vocab\": the id %d of \"%.*s\": the encoder's "
                        "table has %d rows", in->name, (int)id, shown, s, (int)m->rows);
    if (sts_trie_add(&m->vocab, s, n, id)) {
        if (m->vocab.n < STS_TRIE_NODES) return sts_fail_memory(in->err, "a vocabulary");
        return sts_fail(in->err, in->code, "%s: \"vocab\" is too large", in->name);
    }
    if (id > m->largest) m->largest = id;
    return 0;
}

/* Which ids were seen: one bit each in a map that grows to 2 MB at most. */
typedef struct seen {
    unsigned char *map;
    size_t size;
} seen;

/* 1: id was seen before; -1: memory is out. */
static int see(seen *s, size_t id)
{
    size_t byte = id / 8, cap = s->size ? s->size : 4096;
    while (cap <= byte) cap *= 2;
    if (cap > s->size) {
        unsigned char *wider = sts_realloc(s->map, cap, 1);
        if (!wider) return -1;
        memset(wider + s->size, 0, cap - s->size);
        s->map = wider;
        s->size = cap;
    }
    int bit = 1 << id % 8, was = s->map[byte] & bit;
    s->map[byte] |= (unsigned char)bit;
    return was != 0;
}

static int load_entry(sts_subword *m, const sts_json_in *in, sts_scan *s, seen *ids)
{
    sts_str key;
    size_t id;
    if (sts_scan_key(s, &key)) return -1;
    int shown = key.n < 200 ? (int)key.n : 200;
    if (sts_scan_size(s, &id) || id > (size_t)STS_MAX_ID || strchr(".eE", s->text[s->at]))
        return sts_fail(in->err, in->code,
                        "%s: \"vocab\": \"%.*s\" must have a whole number from 0 "
                        "to %lld as its id",
                        in->name, shown, key.s, (long long)STS_MAX_ID);
    int was = see(ids, id);
    if (was < 0) return sts_fail_memory(in->err, "a vocabulary");
    if (was)
        return sts_fail(in->err, in->code, "%s: \"vocab\": the id %zu of \"%.*s\" is taken already",
                        in->name, id, shown, key.s);
    return sts_vocab_add(m, in, key.s, key.n, (int32_t)id);
}

int sts_vocab_load(sts_subword *m, const sts_model_text *src)
{
    const sts_json_in *in = &src->in;
    if (src->vocab.n == 0)
        return sts_fail(in->err, in->code, "%s: \"vocab\" is missing", in->name);
    if (*src->vocab.s != '{')
        return sts_fail(in->err, in->code, "%s: \"vocab\" must be an object", in->name);
    sts_scan s = sts_scan_start(src->vocab.s, src->vocab.n, in->name, in->code, in->err);
    s.nul = true;
    seen ids = {0};
    int more = 0, rc = sts_scan_enter(&s, '{');
    while (!rc && (more = sts_scan_more(&s, '}')) > 0) rc = load_entry(m, in, &s, &ids);
    sts_free(ids.map);
    sts_scan_done(&s);
    return rc || more < 0 ? -1 : 0;
}

void sts_vocab_bytes(const sts_trie *vocab, int32_t id[256])
{
    for (unsigned i = 0; i < 256; i++) {
        char name[8];
        snprintf(name, sizeof name, "<0x%02X>", i);
        id[i] = sts_trie_find(vocab, name, 6);
    }
}

int sts_no_unknown(const char *token, sts_err *err)
{
    if (!token)
        return sts_fail(err, STS_MODEL, "the tokenizer has no unknown token, and a text needs it");
    return sts_fail(err, STS_MODEL, "the tokenizer's unknown token \"%.200s\" is not in its "
                    "vocabulary, and a text needs it", token);
}

int sts_lattice_room(void **p, size_t *cap, size_t n, size_t size)
{
    size_t need;
    if (!sts_mul(n, size, &need)) return -1;
    if (need <= *cap) return 0;
    void *wider = sts_realloc(NULL, need, 1);
    if (!wider) return -1;
    sts_free(*p);
    *p = wider;
    *cap = need;
    return 0;
}
