/* bpe.c - byte pair encoding: a piece starts as its characters, and the neighbours with the best
 * rank are merged, leftmost first, until no rule applies. A heap keeps that O(n log n). */
#include "core/mem.h"
#include "token/parts.h"
#include "token/pair_table.h"
#include "token/subword.h"
#include "token/unicode.h"

#include <string.h>

typedef struct bpe {
    sts_pairs merges;
    char *prefix, *suffix, *unknown; /* NULL: none */
    uint32_t prefix_node; /* where the walk of a continuing character starts; with a prefix, 0
                           * means that no token has it */
    bool fuse_unk, byte_fallback, ignore_merges;
    int32_t byte_id[256];
} bpe;

/* ---- loading ---- */

bool sts_bpe_usual(const sts_subword *m, const char *suffix)
{
    const bpe *b = m->self;
    return !(b->prefix && *b->prefix) && !strcmp(b->suffix ? b->suffix : "", suffix) &&
           !b->byte_fallback && !b->ignore_merges &&
           (!*suffix || (b->unknown && !strcmp(b->unknown, "<unk>") && !b->fuse_unk));
}

static int own_text(const sts_json_in *in, const char *key, char **out)
{
    const char *s = NULL;
    if (sts_json_text(in, key, &s)) return -1;
    if (!s) return 0;
    *out = sts_strdup(s);
    return *out ? 0 : sts_fail_memory(in->err, "a vocabulary");
}

static int load_options(bpe *b, const sts_json_in *in)
{
    double dropout = 0;
    if (sts_json_num(in, "dropout", 0, 1, &dropout)) return -1;
    if (dropout > 0)
        return sts_fail(in->err, in->code,
                        "%s: \"dropout\": %g is not supported: it would make ids "
                        "random",
                        in->name, dropout);
    if (own_text(in, "unk_token", &b->unknown) ||
        own_text(in, "continuing_subword_prefix", &b->prefix) ||
        own_text(in, "end_of_word_suffix", &b->suffix) ||
        sts_json_bool(in, "fuse_unk", &b->fuse_unk) ||
        sts_json_bool(in, "byte_fallback", &b->byte_fallback))
        return -1;
    return sts_json_bool(in, "ignore_merges", &b->ignore_merges);
}

static int load(sts_subword *m, const sts_model_text *src)
{
    bpe *b = m->self;
    const sts_json_in *in = &src->in;
    if (load_options(b, in) || sts_vocab_load(m, src)) return -1;
    if (b->byte_fallback && ((b->prefix && *b->prefix) || (b->suffix && *b->suffix)))
        return sts_fail(in->err, in->code, "%s: \"byte_fallback\": true is not supported together "
                        "with a prefix or suffix", in->name);
    if (sts_pairs_load(&b->merges, m, src, b->prefix ? strlen(b->prefix) : 0)) return -1;
    b->prefix_node = b->prefix ? sts_trie_walk(&m->vocab, 0, b->prefix, strlen(b->prefix)) : 0;
    m->unknown = b->unknown ? sts_trie_find(&m->vocab, b->unknown, strlen(b->unknown)) : -1;
    sts_vocab_bytes(&m->vocab, b->byte_id);
    return 0;
}

static void release(void *self)
{
    bpe *b = self;
    sts_pairs_free(&b->merges);
    sts_free(b->prefix);
    sts_free(b->suffix);
    sts_free(b->unknown);
}

/* ---- running ---- */

/* A symbol of the word, in a doubly linked list; len 0: merged into the one before. */
typedef struct symbol {
    int32_t id;
    uint32_t prev, next, len;
} symbol;

#define NONE UINT32_MAX

typedef struct merge {
    uint32_t rank, at;
    int32_t id;
} merge;

typedef struct word {
    const sts_subword *m;
    const bpe *b;
    symbol *v;
    uint32_t n;
    merge *heap;
    uint32_t n_heap;
} word;

static void add_symbol(word *w, int32_t id, uint32_t len)
{
    if (w->n) w->v[w->n - 1].next = w->n;
    w->v[w->n] = (symbol){id, w->n ? w->n - 1 : NONE, NONE, len};
    w->n++;
}

/* The id of a character with its prefix and suffix, or -1. */
static int32_t char_id(const bpe *b, const sts_trie *t, const char *s, size_t n, bool first,
                       bool last)
{
    uint32_t node = 0;
    if (!first && b->prefix && *b->prefix && !(node = b->prefix_node)) return -1;
    node = sts_trie_walk(t, node, s, n);
    if (node && last && b->suffix) node = sts_trie_walk(t, node, b->suffix, strlen(b->suffix));
    return node ? t->id[node] : -1;
}

/* The bytes of s[n] as symbols; false, with nothing added, when one has no token. */
static bool add_bytes(word *w, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (w->b->byte_id[(unsigned char)s[i]] < 0) return false;
    for (size_t i = 0; i < n; i++) add_symbol(w, w->b->byte_id[(unsigned char)s[i]], 1);
    return true;
}

/* Cuts s[n] into characters. An unknown one waits for the next known one (and, with fuse_unk, for
 * its neighbours); bytes in between overtake it, which is the reference's own order. */
static int add_characters(word *w, const char *s, size_t n, sts_err *err)
{
    const bpe *b = w->b;
    const sts_subword *m = w->m;
    uint32_t waiting = 0; /* bytes of the unknown */
    for (size_t i = 0, k; i < n; i += k) {
        k = sts_utf8_len(s[i]);
        int32_t id = char_id(b, &m->vocab, s + i, k, i == 0, i + k == n);
        if (id >= 0) {
            if (waiting) add_symbol(w, m->unknown, waiting);
            waiting = 0;
            add_symbol(w, id, (uint32_t)k);
        } else if ((!b->byte_fallback || !add_bytes(w, s + i, k)) && b->unknown) {
            if (m->unknown < 0) return sts_no_unknown(b->unknown, err);
            if (waiting && !b->fuse_unk) {
                add_symbol(w, m->unknown, waiting);
                waiting = 0;
            }
            waiting += (uint32_t)k;
        }
    }
    if (waiting) add_symbol(w, m->unknown, waiting);
    return 0;
}

/* ---- the heap: smallest rank first, then leftmost ---- */

static bool before(merge a, merge b)
{
    return a.rank != b.rank ? a.rank < b.rank : a.at < b.at;
}

/* Offers the merge of the symbols at `left` and behind it, if there is a rule. */
static void offer(word *w, uint32_t left)
{
    uint32_t right = w->v[left].next;
    const sts_pair *rule = right == NONE ? NULL
                         : sts_pairs_find(&w->b->merges, w->v[left].id, w->v[right].id);
    if (!rule) return;
    merge m = {rule->rank, left, rule->id};
    uint32_t i = w->n_heap++;
    for (; i > 0 && before(m, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = m;
}

static merge take(word *w)
{
    merge top = w->heap[0], last = w->heap[--w->n_heap];
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= w->n_heap) break;
        if (child + 1 < w->n_heap && before(w->heap[child + 1], w->heap[child])) child++;
        if (!before(w->heap[child], last)) break;
        w->heap[i] = w->heap[child];
        i = child;
    }
    w->heap[i] = last;
    return top;
}

static void merge_all(word *w)
{
    for (uint32_t i = 0; i + 1 < w->n; i++) offer(w, i);
    while (w->n_heap) {
        merge m = take(w);
        symbol *left = &w->v[m.at];
        if (left->len == 0 || left->next == NONE) continue;
        symbol *right = &w->v[left->next];
        const sts_pair *rule = sts_pairs_find(&w->b->merges, left->id, right->id);
        if (!rule || rule->id != m.id) continue; /* one of the two has changed since */
        left->id = m.id;
        left->len += right->len;
        left->next = right->next;
        right->len = 0;
        if (left->next != NONE) w->v[left->next].prev = m.at;
        if (left->prev != NONE) offer(w, left->prev);
        offer(w, m.at);
    }
}

static int run(const sts_subword *m, const char *s, size_t n, sts_lattice *lattice, sts_ids *out,
               sts_err *err)
{
    const bpe *b = m->self;
    int32_t whole = b->ignore_merges ? sts_trie_find(&m->vocab, s, n) : -1;
    if (whole >= 0) return sts_ids_push(out, whole) ? sts_fail_memory(err, "token ids") : 0;
    /* every merge offers two more at most and takes one symbol away */
    if (n > UINT32_MAX / 4 || sts_lattice_room(&lattice->a, &lattice->cap_a, n, sizeof(symbol)) ||
        sts_lattice_room(&lattice->b, &lattice->cap_b, 3 * n, sizeof(merge)))
        return sts_fail_memory(err, "a text");
    word w = {.m = m, .b = b, .v = lattice->a, .heap = lattice->b};
    if (add_characters(&w, s, n, err)) return -1;
    merge_all(&w);
    for (uint32_t i = 0; i < w.n; i++)
        if (w.v[i].len && sts_ids_push(out, w.v[i].id)) return sts_fail_memory(err, "token ids");
    return 0;
}

const sts_subword_type sts_subword_bpe = {
    .name = "BPE", .size = sizeof(bpe), .load = load, .free = release, .run = run};
