/* hold_out.c - which rows of the training data become the dev set: about a tenth, drawn by distinct
 * pair, so that no repeat of a held-out pair is trained on. Where most pairs share texts with other
 * pairs, all pairs that are linked by texts stay together, as long as that leaves a choice. Folds
 * for cross-validation are drawn the same way. */
#include "core/mem.h"
#include "core/rng.h"
#include "data/corpus.h"
#include "data/distinct.h"

#include <stdlib.h>
#include <string.h>

#define STREAM 0x68656c64u
#define REPORT_EVERY 65536 /* rows between two reports of progress */
#define LEAST 32 /* pairs: fewer would say nothing about a model */
#define SHARE 10 /* one in so many is held out, or more where LEAST asks for it */

typedef struct draw {
    const sts_corpus *c;
    uint32_t *pair, *text; /* numbers of each row's pair and of its first two texts [n], [2 n] */
    uint32_t n_pairs, n_texts;
    uint32_t *group; /* of each pair */
    uint32_t *size;  /* pairs of each group [n_pairs or n_texts] */
    uint32_t *order;
    bool *taken;     /* groups */
} draw;

static int number_rows(draw *d, sts_err *err)
{
    sts_distinct distinct = sts_distinct_new();
    size_t columns = (size_t)d->c->columns;
    int rc = 0;
    for (size_t i = 0; i < d->c->n && !rc; i++) {
        uint32_t *id = d->text + 2 * i;
        id[0] = sts_distinct_text(&distinct, d->c->text[i * columns]);
        id[1] = sts_distinct_text(&distinct, d->c->text[i * columns + 1]);
        bool known = id[0] != STS_NO_NUMBER && id[1] != STS_NO_NUMBER;
        d->pair[i] = known ? sts_distinct_pair(&distinct, id[0], id[1]) : STS_NO_NUMBER;
        if (d->pair[i] == STS_NO_NUMBER) rc = sts_fail_memory(err, "the data");
        else if (i && i % REPORT_EVERY == 0) rc = sts_advance("comparing", i, d->c->n, err);
    }
    d->n_pairs = (uint32_t)distinct.pairs.n;
    d->n_texts = (uint32_t)distinct.texts.n;
    sts_distinct_free(&distinct);
    return rc;
}

/* Do most pairs have a text that another pair has too? Uses d->size for counts of each text. */
static bool most_share(draw *d)
{
    uint32_t seen = 0, sharing = 0;
    memset(d->size, 0, d->n_texts * sizeof *d->size);
    for (int pass = 0; pass < 2; pass++, seen = 0)
        for (size_t i = 0; i < d->c->n; i++) {
            uint32_t a = d->text[2 * i], b = d->text[2 * i + 1];
            if (d->pair[i] < seen) continue; /* a repeat */
            seen++;
            if (pass) sharing += d->size[a] > 1 || d->size[b] > 1;
            else d->size[a]++, d->size[b] += a != b;
        }
    return sharing > d->n_pairs / 2;
}

static uint32_t root(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x) x = parent[x] = parent[parent[x]];
    return x;
}

/* A group for each set of pairs that are linked by texts; uses d->order for the links. */
static void group_by_text(draw *d)
{
    for (uint32_t t = 0; t < d->n_texts; t++) d->order[t] = t;
    for (size_t i = 0; i < d->c->n; i++)
        d->order[root(d->order, d->text[2 * i])] = root(d->order, d->text[2 * i + 1]);
    for (size_t i = 0; i < d->c->n; i++)
        d->group[d->pair[i]] = root(d->order, d->text[2 * i]);
}

/* Takes groups in random order until there are enough pairs, passing over those too large. */
static bool take(draw *d, uint32_t n_groups, uint32_t want, uint64_t seed)
{
    uint32_t n = 0;
    sts_rng r = sts_rng_new(seed, STREAM);
    memset(d->size, 0, n_groups * sizeof *d->size);
    memset(d->taken, 0, n_groups * sizeof *d->taken);
    for (uint32_t p = 0; p < d->n_pairs; p++) d->size[d->group[p]]++;
    for (uint32_t g = 0; g < n_groups; g++) d->order[g] = g;
    sts_rng_shuffle(&r, d->order, n_groups);
    for (uint32_t i = 0; i < n_groups && n < want; i++) {
        uint32_t g = d->order[i];
        if (n + d->size[g] > want + want / 4) continue;
        d->taken[g] = true;
        n += d->size[g];
    }
    return n >= want;
}

/* How the rows were drawn; NULL: none can be. */
static const char *draw_groups(draw *d, uint64_t seed)
{
    uint32_t want = d->n_pairs / SHARE < LEAST ? LEAST : d->n_pairs / SHARE;
    if (d->n_pairs < STS_HOLD_OUT_PAIRS) return NULL;
    if (most_share(d)) {
        group_by_text(d);
        if (take(d, d->n_texts, want, seed)) return "by distinct text";
    }
    for (uint32_t p = 0; p < d->n_pairs; p++) d->group[p] = p;
    return take(d, d->n_pairs, want, seed) ? "by distinct pair" : NULL;
}

static int move_rows(const draw *d, sts_corpus *c, sts_corpus *held, sts_err *err)
{
    bool *out = sts_alloc(c->n, sizeof *out);
    if (!out) return sts_fail_memory(err, "the data");
    for (size_t i = 0; i < c->n; i++) out[i] = d->taken[d->group[d->pair[i]]];
    int rc = sts_corpus_move(c, held, out, err);
    sts_free(out);
    return rc;
}

static int open_draw(draw *d, const sts_corpus *c, sts_err *err)
{
    size_t n = c->n, texts = 2 * n;
    *d = (draw){.c = c,
                .pair = sts_alloc(n, sizeof *d->pair),
                .text = sts_alloc(texts, sizeof *d->text),
                .group = sts_alloc(n, sizeof *d->group),
                .size = sts_alloc(texts, sizeof *d->size),
                .order = sts_alloc(texts, sizeof *d->order),
                .taken = sts_alloc(texts, sizeof *d->taken)};
    bool whole = d->pair && d->text && d->group && d->size && d->order && d->taken;
    return whole ? number_rows(d, err) : sts_fail_memory(err, "the data");
}

static void close_draw(draw *d)
{
    sts_free(d->pair);
    sts_free(d->text);
    sts_free(d->group);
    sts_free(d->size);
    sts_free(d->order);
    sts_free(d->taken);
}

int sts_corpus_hold_out(sts_corpus *c, sts_corpus *held, uint64_t seed, sts_err *err)
{
    draw d;
    *held = (sts_corpus){.columns = c->columns};
    int rc = open_draw(&d, c, err);
    const char *how = rc ? NULL : draw_groups(&d, seed);
    if (how) rc = move_rows(&d, c, held, err);
    if (how) held->drawn = how;
    close_draw(&d);
    return rc;
}

/* ---- folds ---- */

typedef struct part { /* a group of rows */
    uint32_t group, size, place; /* place: in random order */
} part;

/* The largest first, so that the last ones even out the folds. */
static int by_size(const void *a, const void *b)
{
    const part *p = a, *q = b;
    if (p->size != q->size) return p->size > q->size ? -1 : 1;
    return p->place < q->place ? -1 : 1;
}

/* The groups in the order in which they are put into folds; NULL: memory. */
static part *list_groups(const draw *d, uint64_t seed)
{
    uint32_t n = d->n_texts;
    part *v = sts_alloc(n, sizeof *v);
    sts_rng r = sts_rng_new(seed, STREAM);
    if (!v) return NULL;
    for (uint32_t g = 0; g < n; g++) d->order[g] = g;
    sts_rng_shuffle(&r, d->order, n);
    for (uint32_t g = 0; g < n; g++) v[g] = (part){.group = g, .place = d->order[g]};
    for (size_t i = 0; i < d->c->n; i++) v[d->group[d->pair[i]]].size++;
    qsort(v, n, sizeof *v, by_size);
    return v;
}

/* Each group into the fold with the fewest rows so far: the fold of each into d->order. */
static void fill_folds(const draw *d, const part *v, size_t folds, size_t *rows)
{
    for (uint32_t g = 0; g < d->n_texts && v[g].size; g++) {
        size_t least = 0;
        for (size_t k = 1; k < folds; k++)
            if (rows[k] < rows[least]) least = k;
        rows[least] += v[g].size;
        d->order[v[g].group] = (uint32_t)least;
    }
}

static int split(draw *d, size_t folds, uint64_t seed, size_t *fold, sts_err *err)
{
    group_by_text(d);
    part *v = list_groups(d, seed);
    size_t *rows = sts_alloc(folds, sizeof *rows), empty = 0;
    int rc = v && rows ? 0 : sts_fail_memory(err, "the folds");
    if (!rc) fill_folds(d, v, folds, rows);
    for (size_t k = 0; k < folds && !rc; k++) empty += !rows[k];
    if (empty)
        rc = sts_fail(err, STS_DATA, "%s: equal texts link %u of %zu rows, which must not be "
                      "split: too few are left for %zu folds", d->c->file[0]->path, v[0].size,
                      d->c->n, folds);
    for (size_t i = 0; i < d->c->n && !rc; i++) fold[i] = d->order[d->group[d->pair[i]]];
    sts_free(rows);
    sts_free(v);
    return rc;
}

int sts_corpus_folds(const sts_corpus *c, size_t folds, uint64_t seed, size_t *fold, sts_err *err)
{
    draw d;
    int rc = open_draw(&d, c, err);
    if (!rc) rc = split(&d, folds, seed, fold, err);
    close_draw(&d);
    return rc;
}
