/* pair_table.c - reading merge rules into a hash table. */
#include "token/pair_table.h"

#include "core/mem.h"

#include <string.h>

/* Of two rules for the same pair the later one counts, as in the reference. */
static void put(sts_pairs *p, sts_pair rule)
{
    sts_pair *s = sts_pairs_place(p, rule.left, rule.right);
    p->n += s->id < 0;
    *s = rule;
}

static int grow(sts_pairs *p)
{
    size_t old = p->slot ? (size_t)p->mask + 1 : 0, cap = old ? 2 * old : 256;
    sts_pair *slot = p->slot, *wider = sts_realloc(NULL, cap, sizeof *wider);
    if (!wider) return -1;
    for (size_t i = 0; i < cap; i++) wider[i].id = -1;
    *p = (sts_pairs){wider, (uint32_t)(cap - 1), 0};
    for (size_t i = 0; i < old; i++)
        if (slot[i].id >= 0) put(p, slot[i]);
    sts_free(slot);
    return 0;
}

static int unknown(const sts_json_in *in, size_t rank, const char *what, sts_str s)
{
    return sts_fail(in->err, in->code, "%s: \"merges\": rule %zu: %s \"%.*s\" is not in the "
                    "vocabulary", in->name, rank + 1, what, s.n < 200 ? (int)s.n : 200, s.s);
}

static int add_rule(sts_pairs *p, const sts_subword *m, sts_str a, sts_str b, size_t rank,
                    size_t prefix, const sts_json_in *in)
{
    const sts_trie *t = &m->vocab;
    sts_pair rule = {sts_trie_find(t, a.s, a.n), sts_trie_find(t, b.s, b.n), -1, (uint32_t)rank};
    if (rule.left < 0) return unknown(in, rank, "the left part", a);
    if (rule.right < 0 || b.n < prefix) return unknown(in, rank, "the right part", b);
    uint32_t node = sts_trie_walk(t, sts_trie_walk(t, 0, a.s, a.n), b.s + prefix, b.n - prefix);
    rule.id = node ? t->id[node] : -1;
    if (rule.id < 0) return unknown(in, rank, "what it makes of", a);
    if ((!p->slot || p->n > p->mask / 2) && grow(p)) return sts_fail_memory(in->err, "merges");
    put(p, rule);
    return 0;
}

/* Cuts "a b" in two; false when it is not that. */
static bool cut_rule(sts_str rule, sts_str *a, sts_str *b)
{
    const char *blank = memchr(rule.s, ' ', rule.n);
    if (!blank) return false;
    *a = (sts_str){rule.s, (size_t)(blank - rule.s)};
    *b = (sts_str){blank + 1, rule.n - a->n - 1};
    return !memchr(b->s, ' ', b->n);
}

/* One "a b" more, of rank (*rank)++; a "#version" line is skipped. */
static int add_line(sts_pairs *p, const sts_subword *m, sts_str line, size_t *rank, size_t prefix,
                    const sts_json_in *in)
{
    sts_str a, b;
    if (line.n >= 8 && !memcmp(line.s, "#version", 8)) return 0;
    if (!cut_rule(line, &a, &b))
        return sts_fail(in->err, in->code,
                        "%s: \"merges\": rule %zu must be two tokens and a blank "
                        "between them",
                        in->name, *rank + 1);
    return add_rule(p, m, a, b, (*rank)++, prefix, in);
}

/* The next text of a list: 1; 0 where the list is at its end; -1 where something else is there. */
static int next_token(sts_scan *s, sts_str *token)
{
    int more = sts_scan_more(s, ']');
    *token = (sts_str){NULL, 0};
    return more != 1 ? more : sts_scan_text(s, token) ? -1 : 1;
}

/* ["a", "b"]; a is copied, since the scan holds one decoded string at a time. */
static int add_list(sts_pairs *p, const sts_subword *m, sts_scan *s, size_t *rank, size_t prefix,
                    const sts_json_in *in)
{
    sts_str a, b;
    char *copy = NULL;
    int rc = -1, more = sts_scan_enter(s, '[') ? -1 : next_token(s, &a);
    if (more > 0 && !(copy = sts_strndup(a.s, a.n))) more = sts_fail_memory(in->err, "merges");
    if (more > 0) more = next_token(s, &b);
    int third = more > 0 ? sts_scan_more(s, ']') : 0;
    if (more > 0 && !third) rc = add_rule(p, m, (sts_str){copy, a.n}, b, *rank, prefix, in);
    else if (more >= 0)
        sts_fail(in->err, in->code, "%s: \"merges\": rule %zu must be a list of two tokens",
                 in->name, *rank + 1);
    *rank += !rc;
    sts_free(copy);
    return rc;
}

int sts_pairs_load(sts_pairs *p, const sts_subword *m, const sts_model_text *src, size_t prefix)
{
    const sts_json_in *in = &src->in;
    if (src->merges.n == 0 || *src->merges.s != '[')
        return sts_fail(in->err, in->code, "%s: \"merges\" must be a list", in->name);
    sts_scan s = sts_scan_start(src->merges.s, src->merges.n, in->name, in->code, in->err);
    s.nul = true;
    size_t rank = 0;
    int more = 0, rc = sts_scan_enter(&s, '[');
    while (!rc && (more = sts_scan_more(&s, ']')) > 0) {
        sts_str line;
        if (s.text[s.at] == '[') rc = add_list(p, m, &s, &rank, prefix, in);
        else if (!(rc = sts_scan_text(&s, &line)))
            rc = add_line(p, m, line, &rank, prefix, in);
    }
    sts_scan_done(&s);
    return rc || more < 0 ? -1 : 0;
}

void sts_pairs_free(sts_pairs *p)
{
    sts_free(p->slot);
    *p = (sts_pairs){0};
}
