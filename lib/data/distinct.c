/* distinct.c - two hash sets with open addressing: texts, and pairs over the texts' numbers. */
#include "data/distinct.h"

#include "core/clock.h"
#include "core/mem.h"
#include "core/rng.h"

#include <string.h>
#include <utf8proc.h>

/* ---- the set ---- */

static void numbers_free(sts_numbers *s)
{
    sts_free(s->hash);
    sts_free(s->text);
    sts_free(s->slot);
}

static int rehash(sts_numbers *s)
{
    size_t n = s->n_slots ? s->n_slots * 2 : 1024;
    uint32_t *slot = sts_alloc(n, sizeof *slot);
    if (!slot) return -1;
    for (size_t i = 0; i < s->n; i++) {
        size_t at = s->hash[i] & (n - 1);
        while (slot[at]) at = (at + 1) & (n - 1);
        slot[at] = (uint32_t)i + 1;
    }
    sts_free(s->slot);
    s->slot = slot;
    s->n_slots = n;
    return 0;
}

typedef bool same_fn(const sts_numbers *s, uint32_t id, sts_str text);

/* The number of a member, new or not. */
static uint32_t number(sts_numbers *s, uint64_t hash, sts_str text, same_fn *same)
{
    if (s->n * 2 >= s->n_slots && rehash(s)) return STS_NO_NUMBER;
    size_t at = hash & (s->n_slots - 1);
    for (; s->slot[at]; at = (at + 1) & (s->n_slots - 1)) {
        uint32_t id = s->slot[at] - 1;
        if (s->hash[id] == hash && same(s, id, text)) return id;
    }
    if (s->n == STS_NO_NUMBER - 1 || sts_grow(&s->hash, s->n, &s->cap_hash, sizeof *s->hash) ||
        (text.s && sts_grow(&s->text, s->n, &s->cap_text, sizeof *s->text)))
        return STS_NO_NUMBER;
    s->hash[s->n] = hash;
    if (text.s) s->text[s->n] = text;
    s->slot[at] = (uint32_t)++s->n;
    return (uint32_t)s->n - 1;
}

/* ---- texts ---- */

/* The next code point from *i on in lower case, white space as one blank; 0 at the end. */
static utf8proc_int32_t next_folded(sts_str s, size_t *i)
{
    utf8proc_int32_t c;
    size_t from = *i;
    while (*i < s.n && strchr(" \t\r\n", s.s[*i]) && s.s[*i]) ++*i;
    if (*i > from && from && *i < s.n) return ' '; /* none at either end */
    if (*i == s.n) return 0;
    unsigned char first = (unsigned char)s.s[*i];
    if (first < 0x80) {
        ++*i;
        return first >= 'A' && first <= 'Z' ? first | 32 : first;
    }
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s.s + *i,
                                          (utf8proc_ssize_t)(s.n - *i), &c);
    *i += k > 0 ? (size_t)k : 1;
    return k > 0 ? utf8proc_tolower(c) : first;
}

static bool same_text(const sts_numbers *s, uint32_t id, sts_str b)
{
    sts_str a = s->text[id];
    if (a.n == b.n && !memcmp(a.s, b.s, a.n)) return true;
    for (size_t i = 0, j = 0;;) {
        utf8proc_int32_t x = next_folded(a, &i), y = next_folded(b, &j);
        if (x != y) return false;
        if (!x) return true;
    }
}

/* Lower case may take more bytes, at most four for two. */
static int fold(sts_distinct *d, sts_str s, size_t *n)
{
    if (d->cap < 2 * s.n + 8) {
        char *p = sts_realloc(d->folded, s.n + 8, 4);
        if (!p) return -1;
        d->folded = p;
        d->cap = 4 * (s.n + 8);
    }
    utf8proc_int32_t c;
    *n = 0;
    for (size_t i = 0; (c = next_folded(s, &i));) {
        if (c < 0x80) d->folded[(*n)++] = (char)c;
        else *n += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)d->folded + *n);
    }
    return 0;
}

/* Eight bytes at a time, each mixed in by a bijection. */
static uint64_t hash_bytes(const char *s, size_t n, uint64_t seed)
{
    uint64_t h = seed ^ n, w;
    for (; n >= sizeof w; s += sizeof w, n -= sizeof w) {
        memcpy(&w, s, sizeof w);
        h = sts_mix64(h ^ w);
    }
    w = 0;
    memcpy(&w, s, n);
    return sts_mix64(h ^ w);
}

uint32_t sts_distinct_text(sts_distinct *d, sts_str text)
{
    size_t n;
    if (fold(d, text, &n)) return STS_NO_NUMBER;
    return number(&d->texts, hash_bytes(d->folded, n, d->seed), text, same_text);
}

static bool same_bytes(const sts_numbers *s, uint32_t id, sts_str b)
{
    sts_str a = s->text[id];
    return a.n == b.n && !memcmp(a.s, b.s, a.n);
}

uint32_t sts_distinct_bytes(sts_distinct *d, sts_str bytes)
{
    return number(&d->texts, hash_bytes(bytes.s, bytes.n, d->seed), bytes, same_bytes);
}

/* ---- pairs ---- */

/* The hash of a pair is a one-to-one image of its two numbers. */
static bool same_pair(const sts_numbers *s, uint32_t id, sts_str text)
{
    (void)s, (void)id, (void)text;
    return true;
}

uint32_t sts_distinct_pair(sts_distinct *d, uint32_t a, uint32_t b)
{
    uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    return number(&d->pairs, sts_mix64(key ^ d->seed), (sts_str){NULL, 0}, same_pair);
}

sts_distinct sts_distinct_new(void)
{
    static char anywhere;
    uint64_t seed = (uint64_t)(uintptr_t)&anywhere ^ (uint64_t)(sts_clock() * 1e9);
    return (sts_distinct){.seed = sts_mix64(seed)};
}

void sts_distinct_free(sts_distinct *d)
{
    numbers_free(&d->texts);
    numbers_free(&d->pairs);
    sts_free(d->folded);
    *d = (sts_distinct){0};
}
