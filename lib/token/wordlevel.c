/* wordlevel.c - WordLevel: a piece is a token or unknown. */
#include "token/parts.h"
#include "token/subword.h"

#include <string.h>

static int load(sts_subword *m, const sts_model_text *src)
{
    const sts_json_in *in = &src->in;
    const char *unknown = NULL;
    if (sts_need_text(in, "unk_token", &unknown) || sts_vocab_load(m, src)) return -1;
    m->unknown = sts_trie_find(&m->vocab, unknown, strlen(unknown));
    if (m->unknown >= 0) return 0;
    return sts_fail(in->err, in->code, "%s: \"unk_token\": \"%.200s\" is not in the vocabulary",
                    in->name, unknown);
}

static int run(const sts_subword *m, const char *s, size_t n, sts_lattice *lattice, sts_ids *out,
               sts_err *err)
{
    (void)lattice;
    int32_t id = sts_trie_find(&m->vocab, s, n);
    return sts_ids_push(out, id < 0 ? m->unknown : id) ? sts_fail_memory(err, "token ids") : 0;
}

const sts_subword_type sts_subword_wordlevel = {
    .name = "WordLevel", .load = load, .run = run};
