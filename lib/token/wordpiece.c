/* wordpiece.c - WordPiece: the longest known start of a word, then the longest known continuation,
 * and so on; a word that cannot be cut up is unknown as a whole. */
#include "core/mem.h"
#include "token/parts.h"
#include "token/subword.h"

#include <string.h>

#define LONGEST 100 /* characters of a word, unless tokenizer.json has another limit */

typedef struct wordpiece {
    uint32_t continued; /* the node of "##"; 0: no token starts so */
    bool same;          /* continuations look like starts: the prefix is empty */
    size_t longest; /* characters of a word */
} wordpiece;

static int load(sts_subword *m, const sts_model_text *src)
{
    const sts_json_in *in = &src->in;
    wordpiece *w = m->self;
    const char *unknown = NULL, *prefix = NULL;
    int64_t longest = 0;
    if (sts_need_text(in, "unk_token", &unknown) ||
        sts_need_text(in, "continuing_subword_prefix", &prefix) ||
        !sts_need(in, "max_input_chars_per_word") ||
        sts_json_int(in, "max_input_chars_per_word", 0, INT32_MAX, &longest) ||
        sts_vocab_load(m, src))
        return -1;
    w->longest = (size_t)longest;
    w->same = !*prefix;
    w->continued = sts_trie_walk(&m->vocab, 0, prefix, strlen(prefix));
    m->unknown = sts_trie_find(&m->vocab, unknown, strlen(unknown));
    if (m->unknown >= 0) return 0;
    return sts_fail(in->err, in->code, "%s: \"unk_token\": \"%.200s\" is not in the vocabulary",
                    in->name, unknown);
}

bool sts_wordpiece_usual(const sts_subword *m, const char *unknown)
{
    const wordpiece *w = m->self;
    return w->longest == LONGEST && !w->same &&
           w->continued == sts_trie_walk(&m->vocab, 0, "##", 2) &&
           m->unknown == sts_trie_find(&m->vocab, unknown, strlen(unknown));
}

/* The longest string of the vocabulary at s[n], walking on from `node`: its length, *id. */
static size_t longest(const sts_trie *t, uint32_t node, const char *s, size_t n, int32_t *id)
{
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        node = sts_trie_step(t, node, s[i]);
        if (!node) break;
        if (t->id[node] >= 0) {
            best = i + 1;
            *id = t->id[node];
        }
    }
    return best;
}

static size_t characters(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += ((unsigned char)s[i] & 0xc0) != 0x80;
    return count;
}

static int run(const sts_subword *m, const char *s, size_t n, sts_lattice *lattice, sts_ids *out,
               sts_err *err)
{
    (void)lattice;
    const wordpiece *w = m->self;
    size_t start = out->n;
    bool known = n <= w->longest || characters(s, n) <= w->longest;
    for (size_t i = 0; known && i < n;) {
        int32_t id = -1;
        bool walk = i == 0 || w->same || w->continued;
        size_t k = walk ? longest(&m->vocab, i ? w->continued : 0, s + i, n - i, &id) : 0;
        known = k > 0;
        i += k;
        if (known && sts_ids_push(out, id)) return sts_fail_memory(err, "token ids");
    }
    if (known) return 0;
    out->n = start;
    return sts_ids_push(out, m->unknown) ? sts_fail_memory(err, "token ids") : 0;
}

const sts_subword_type sts_subword_wordpiece = {
    .name = "WordPiece", .size = sizeof(wordpiece), .load = load, .run = run};
