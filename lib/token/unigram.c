/* unigram.c - Unigram: of all ways to cut a piece into tokens the one with the best sum of scores
 * (Viterbi). Neighbouring unknown characters become one unknown token, or bytes. */
#include "core/mem.h"
#include "token/parts.h"
#include "token/subword.h"
#include "token/unicode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN_PENALTY 10.0 /* below the worst score */

typedef struct unigram {
    double *score; /* by id */
    size_t n, cap;
    double unknown_score;
    bool byte_fallback;
    int32_t byte_id[256];
} unigram;

/* ---- loading ---- */

/* Digits times ten to a power, as the reference reads numbers: one rounding of the digits, one of
 * the product, which may miss the nearest double by its last bit, and so break ties otherwise. */
static double scale(uint64_t digits, long power)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double x = (double)digits;
    while (power < -308 && x != 0) {
        x /= 1e308;
        power += 308;
    }
    long size = labs(power);
    double ten = size <= 22 ? tens[size] : pow(10, (double)size);
    return power < 0 ? x / ten : x * ten;
}

/* The JSON number s[n], whose grammar was checked. */
static double read_score(const char *s, size_t n)
{
    uint64_t digits = 0;
    long power = 0, exponent = 0;
    bool fraction = false, full = false;
    size_t i = s[0] == '-';
    for (; i < n && (s[i] | 32) != 'e'; i++) {
        if (s[i] == '.') {
            fraction = true;
            continue;
        }
        unsigned d = (unsigned)(s[i] - '0');
        full = full || digits > (UINT64_MAX - d) / 10;
        if (!full) digits = digits * 10 + d;
        power += (full && !fraction) - (!full && fraction);
    }
    bool negative = i + 1 < n && s[i + 1] == '-';
    for (i++; i < n; i++)
        if (s[i] >= '0' && s[i] <= '9' && exponent < 10000) exponent = exponent * 10 + (s[i] - '0');
    double x = scale(digits, power + (negative ? -exponent : exponent));
    return s[0] == '-' ? -x : x;
}

/* ["token", score] */
static int load_entry(sts_subword *m, sts_scan *s, const sts_json_in *in)
{
    unigram *u = m->self;
    sts_str token;
    if (u->n > (size_t)STS_MAX_ID)
        return sts_fail(in->err, in->code, "%s: \"vocab\" is too large", in->name);
    int more = sts_scan_enter(s, '[') ? -1 : sts_scan_more(s, ']');
    if (more > 0) {
        if (sts_scan_text(s, &token)) return -1;
        if (sts_vocab_add(m, in, token.s, token.n, (int32_t)u->n)) return -1;
        more = sts_scan_more(s, ']');
    }
    const char *number = s->text + s->at;
    if (more > 0 && (*number == '-' || (*number >= '0' && *number <= '9'))) {
        if (sts_scan_value(s)) return -1;
        if (sts_grow(&u->score, u->n, &u->cap, sizeof *u->score))
            return sts_fail_memory(in->err, "a vocabulary");
        u->score[u->n++] = read_score(number, (size_t)(s->text + s->at - number));
        more = sts_scan_more(s, ']');
        if (!more) return 0;
    }
    if (more < 0) return -1;
    return sts_fail(in->err, in->code, "%s: \"vocab\": entry %zu must be a list of a token and its "
                    "score", in->name, u->n);
}

static int load_scores(sts_subword *m, const sts_model_text *src)
{
    const sts_json_in *in = &src->in;
    if (src->vocab.n == 0 || *src->vocab.s != '[')
        return sts_fail(in->err, in->code, "%s: \"vocab\" must be a list", in->name);
    sts_scan s = sts_scan_start(src->vocab.s, src->vocab.n, in->name, in->code, in->err);
    s.nul = true;
    int more = 0, rc = sts_scan_enter(&s, '[');
    while (!rc && (more = sts_scan_more(&s, ']')) > 0) rc = load_entry(m, &s, in);
    sts_scan_done(&s);
    return rc || more < 0 ? -1 : 0;
}

static int load(sts_subword *m, const sts_model_text *src)
{
    unigram *u = m->self;
    const sts_json_in *in = &src->in;
    int64_t unknown = -1;
    if (sts_json_int(in, "unk_id", 0, STS_MAX_ID, &unknown) ||
        sts_json_bool(in, "byte_fallback", &u->byte_fallback) || load_scores(m, src))
        return -1;
    if (unknown >= (int64_t)u->n)
        return sts_fail(in->err, in->code, "%s: \"unk_id\": %lld is not in the vocabulary of %zu",
                        in->name, (long long)unknown, u->n);
    m->unknown = (int32_t)unknown;
    double least = INFINITY;
    for (size_t i = 0; i < u->n; i++)
        if (u->score[i] < least) least = u->score[i];
    u->unknown_score = least - UNKNOWN_PENALTY;
    sts_vocab_bytes(&m->vocab, u->byte_id);
    return 0;
}

static void release(void *self)
{
    sts_free(((unigram *)self)->score);
}

/* ---- running ---- */

/* The best way to reach a position: its score, and the last token on it. */
typedef struct reach {
    double score;
    uint32_t from;
    int32_t id; /* -1: not reached yet */
} reach;

static void try_reach(reach *to, double score, uint32_t from, int32_t id)
{
    if (to->id >= 0 && !(score > to->score)) return; /* of equals the first stays */
    *to = (reach){score, from, id};
}

/* Tokens that start at `at`; false: the character is unknown and there is no unknown token. */
static bool extend(const sts_subword *m, const char *s, size_t n, size_t at, reach *best)
{
    const unigram *u = m->self;
    const sts_trie *t = &m->vocab;
    size_t one = sts_utf8_len(s[at]);
    bool single = false;
    uint32_t node = 0;
    for (size_t i = at; i < n && (node = sts_trie_step(t, node, s[i])); i++) {
        int32_t id = t->id[node];
        if (id < 0) continue;
        try_reach(&best[i + 1], u->score[id] + best[at].score, (uint32_t)at, id);
        single = single || i + 1 == at + one;
    }
    if (single) return true;
    double score = u->unknown_score + best[at].score;
    reach *to = &best[at + one];
    if (m->unknown < 0) return to->id >= 0 && !(score > to->score);
    try_reach(to, score, (uint32_t)at, m->unknown);
    return true;
}

/* The ids of a token found by its text: itself, its bytes, or unknown. */
static int push_text(const sts_subword *m, const char *s, size_t n, sts_ids *out)
{
    const unigram *u = m->self;
    int32_t id = sts_trie_find(&m->vocab, s, n);
    bool bytes = id < 0 && u->byte_fallback;
    for (size_t i = 0; bytes && i < n; i++) bytes = u->byte_id[(unsigned char)s[i]] >= 0;
    if (!bytes) return sts_ids_push(out, id < 0 ? m->unknown : id);
    for (size_t i = 0; i < n; i++)
        if (sts_ids_push(out, u->byte_id[(unsigned char)s[i]])) return -1;
    return 0;
}

/* Walks back over the best path, turning `from` around into the way forward, then gives the ids;
 * unknowns in a row are one text. */
static int push_path(const sts_subword *m, const char *s, size_t n, reach *best, sts_ids *out)
{
    for (uint32_t at = (uint32_t)n, next = 0; at > 0;) {
        uint32_t from = best[at].from;
        best[at].from = next; /* 0: the end */
        next = at;
        at = from;
        if (at == 0) best[0].from = next;
    }
    for (size_t at = 0; at < n;) {
        size_t to = best[at].from;
        bool unknown = best[to].id == m->unknown;
        while (unknown && to < n && best[best[to].from].id == m->unknown) to = best[to].from;
        int rc = unknown ? push_text(m, s + at, to - at, out) : sts_ids_push(out, best[to].id);
        if (rc) return -1;
        at = to;
    }
    return 0;
}

static int run(const sts_subword *m, const char *s, size_t n, sts_lattice *lattice, sts_ids *out,
               sts_err *err)
{
    if (n >= UINT32_MAX || sts_lattice_room(&lattice->a, &lattice->cap_a, n + 1, sizeof(reach)))
        return sts_fail_memory(err, "a text");
    reach *best = lattice->a;
    for (size_t i = 1; i <= n; i++) best[i].id = -1;
    best[0] = (reach){0, 0, -1};
    for (size_t at = 0; at < n; at += sts_utf8_len(s[at]))
        if (!extend(m, s, n, at, best)) return sts_no_unknown(NULL, err);
    return push_path(m, s, n, best, out) ? sts_fail_memory(err, "token ids") : 0;
}

const sts_subword_type sts_subword_unigram = {
    .name = "Unigram", .size = sizeof(unigram), .load = load, .free = release, .run = run};
