/* batches.c - the rows of an epoch in batches, without a text twice in one where that is asked. */
#include "train/batches.h"

#include "core/mem.h"
#include "core/rng.h"

#include <string.h>

#define ORDER_STREAM 0x6f72646572u   /* keeps the shuffle apart from other users of the seed */
#define BATCHES_STREAM 0x6261746368u /* ... and that of whole batches from the one of rows */

static void order_rows(sts_batches *b, uint64_t epoch)
{
    for (size_t i = 0; i < b->n; i++) b->order[i] = (uint32_t)i;
    sts_rng r = sts_rng_new(b->seed, ORDER_STREAM + (epoch << 40));
    if (b->shuffle) sts_rng_shuffle(&r, b->order, b->n);
}

/* ---- batches without a text twice ---- */

#define TRIES 64 /* batches that a row is tried in, where its texts keep it out by turns */

/* That a batch has a text: one without it is sought from `next` on. */
typedef struct placed {
    uint32_t text, batch, next; /* next 0: an empty place */
} placed;

typedef struct placing {
    uint32_t *batch;  /* [n] of the rows of the order */
    uint32_t *next;   /* [n + 1] the batch itself while it has room, else a later one */
    uint32_t *fill;   /* [n + 1] rows of each batch */
    uint8_t *times;   /* [n_texts] how many rows have the text, as far as 2 */
    uint32_t *after;  /* [n_texts] the first batch after all that have the text */
    placed *table;    /* [mask + 1] of texts that several rows have, by text and batch */
    size_t mask;
    uint32_t used;    /* batches */
} placing;

static uint32_t with_room(uint32_t *next, uint32_t i)
{
    while (next[i] != i) {
        next[i] = next[next[i]];
        i = next[i];
    }
    return i;
}

/* Where that text and batch are, or would be. */
static placed *find(const placing *p, uint32_t text, uint32_t batch)
{
    size_t at = (size_t)sts_mix64((uint64_t)text << 32 | batch) & p->mask;
    while (p->table[at].next && (p->table[at].text != text || p->table[at].batch != batch))
        at = (at + 1) & p->mask;
    return &p->table[at];
}

/* The first batch from `at` on that does not have the text. */
static uint32_t without(const placing *p, uint32_t text, uint32_t at)
{
    placed *e = find(p, text, at);
    while (e->next) {
        placed *after = find(p, text, e->next);
        if (after->next) e->next = after->next;
        at = e->next;
        e = find(p, text, at);
    }
    return at;
}

/* The first batch that has room and none of the row's texts; where each text is missing in many
 * batches that have another one, one with room after all that have any of them. */
static uint32_t choose(const sts_batches *b, const placing *p, const uint32_t *text)
{
    uint32_t at = 0;
    for (int k = 0; k < TRIES; k++) {
        uint32_t was = at;
        at = with_room(p->next, at);
        for (int c = 0; c < b->columns; c++)
            if (p->times[text[c]] > 1) at = without(p, text[c], at);
        if (at == was) return at;
    }
    for (int c = 0; c < b->columns; c++)
        if (p->after[text[c]] > at) at = p->after[text[c]];
    return with_room(p->next, at);
}

/* Notes that a batch has the text. */
static void put(placing *p, uint32_t text, uint32_t batch)
{
    if (p->times[text] > 1) *find(p, text, batch) = (placed){text, batch, batch + 1};
    if (p->after[text] <= batch) p->after[text] = batch + 1;
}

static uint32_t place_row(const sts_batches *b, placing *p, const uint32_t *text)
{
    uint32_t at = choose(b, p, text);
    for (int c = 0; c < b->columns; c++) put(p, text[c], at);
    if (++p->fill[at] == b->size) p->next[at] = at + 1;
    return at;
}

/* Places the rows of b->order. */
static void place(const sts_batches *b, placing *p)
{
    p->used = 0;
    memset(p->table, 0, (p->mask + 1) * sizeof *p->table);
    memset(p->after, 0, b->n_texts * sizeof *p->after);
    memset(p->fill, 0, (b->n + 1) * sizeof *p->fill);
    for (size_t i = 0; i <= b->n; i++) p->next[i] = (uint32_t)i;
    for (size_t i = 0; i < b->n; i++) {
        p->batch[i] = place_row(b, p, b->text + (size_t)b->order[i] * (size_t)b->columns);
        if (p->batch[i] >= p->used) p->used = p->batch[i] + 1;
    }
}

/* Cuts the largest batches until there are b->count. p->next becomes the parts of each. */
static void fill_up(const sts_batches *b, placing *p)
{
    for (size_t i = 0; i < p->used; i++) p->next[i] = 1;
    for (size_t missing = b->count - p->used; missing; missing--) {
        uint32_t most = 0;
        for (uint32_t i = 1; i < p->used; i++)
            if (p->fill[i] / p->next[i] > p->fill[most] / p->next[most]) most = i;
        p->next[most]++;
    }
}

/* Sorts the order by batch, and notes where each begins. */
static int sort_by_batch(sts_batches *b, placing *p, sts_err *err)
{
    uint32_t *sorted = sts_alloc(b->n, sizeof *sorted);
    size_t *at = sts_alloc((size_t)p->used + 1, sizeof *at), k = 0;
    int rc = sorted && at ? 0 : sts_fail_memory(err, "the batches");
    for (size_t i = 0; i < p->used && !rc; i++) {
        size_t parts = p->next[i];
        at[i + 1] = at[i] + p->fill[i];
        for (size_t part = 0; part < parts; part++)
            b->start[k++] = at[i] + p->fill[i] * part / parts;
    }
    if (!rc) b->start[k] = b->n;
    for (size_t i = 0; i < b->n && !rc; i++) sorted[at[p->batch[i]]++] = b->order[i];
    if (!rc) memcpy(b->order, sorted, b->n * sizeof *sorted);
    sts_free(sorted);
    sts_free(at);
    return rc;
}

static void placing_free(placing *p)
{
    sts_free(p->batch);
    sts_free(p->next);
    sts_free(p->fill);
    sts_free(p->times);
    sts_free(p->after);
    sts_free(p->table);
}

/* How many rows have each text (of a row's texts, neighbours may be equal). */
static void count_texts(const sts_batches *b, uint8_t *times)
{
    for (size_t i = 0; i < b->n * (size_t)b->columns; i++) {
        bool repeats = i % (size_t)b->columns && b->text[i] == b->text[i - 1];
        if (!repeats && times[b->text[i]] < 2) times[b->text[i]]++;
    }
}

/* Twice the room that the texts of several rows take. */
static int make_table(placing *p, const sts_batches *b)
{
    size_t several = 0, room = 4;
    p->times = sts_alloc(b->n_texts, sizeof *p->times);
    if (!p->times) return -1;
    count_texts(b, p->times);
    for (size_t i = 0; i < b->n * (size_t)b->columns; i++) several += p->times[b->text[i]] > 1;
    while (room < 2 * several) room *= 2;
    p->mask = room - 1;
    p->table = sts_alloc(room, sizeof *p->table);
    return p->table ? 0 : -1;
}

static int placing_new(placing *p, const sts_batches *b, sts_err *err)
{
    *p = (placing){.batch = sts_alloc(b->n, sizeof *p->batch),
                   .next = sts_alloc(b->n + 1, sizeof *p->next),
                   .fill = sts_alloc(b->n + 1, sizeof *p->fill),
                   .after = sts_alloc(b->n_texts, sizeof *p->after)};
    if (p->batch && p->next && p->fill && p->after && !make_table(p, b)) return 0;
    placing_free(p);
    return sts_fail_memory(err, "the batches");
}

/* The batches of b->order in another order: for an epoch whose rows fit into no so few batches. */
static int shuffle_batches(sts_batches *b, uint64_t epoch, sts_err *err)
{
    uint32_t *which = sts_alloc(b->count, sizeof *which), *rows = sts_alloc(b->n, sizeof *rows);
    size_t *start = sts_alloc(b->count + 1, sizeof *start);
    int rc = which && rows && start ? 0 : sts_fail_memory(err, "the batches");
    for (size_t i = 0; i < b->count && !rc; i++) which[i] = (uint32_t)i;
    sts_rng r = sts_rng_new(b->seed, BATCHES_STREAM + (epoch << 40));
    if (!rc) sts_rng_shuffle(&r, which, b->count);
    for (size_t i = 0; i < b->count && !rc; i++) {
        size_t from = b->start[which[i]], n = b->start[which[i] + 1] - from;
        memcpy(rows + start[i], b->order + from, n * sizeof *rows);
        start[i + 1] = start[i] + n;
    }
    if (!rc) memcpy(b->order, rows, b->n * sizeof *rows);
    if (!rc) memcpy(b->start, start, (b->count + 1) * sizeof *start);
    sts_free(which);
    sts_free(rows);
    sts_free(start);
    return rc;
}

/* b->count is 0 when the number of batches is still to be found. */
static int make_apart(sts_batches *b, uint64_t epoch, sts_err *err)
{
    placing p;
    if (placing_new(&p, b, err)) return -1;
    place(b, &p);
    bool again = b->count && p.used > b->count;
    if (again) order_rows(b, 0);
    if (again) place(b, &p);
    if (!b->count) {
        b->count = p.used;
        b->start = sts_alloc(b->count + 1, sizeof *b->start);
    }
    int rc = b->start ? 0 : sts_fail_memory(err, "the batches");
    if (!rc) fill_up(b, &p);
    if (!rc) rc = sort_by_batch(b, &p, err);
    if (!rc && again) rc = shuffle_batches(b, epoch, err);
    placing_free(&p);
    return rc;
}

/* ---- */

static int make(sts_batches *b, uint64_t epoch, sts_err *err)
{
    b->epoch = epoch;
    order_rows(b, epoch);
    return b->text ? make_apart(b, epoch, err) : 0;
}

/* Batches that are cut from the order begin at the same places in every epoch. */
static int cut(sts_batches *b, sts_err *err)
{
    b->count = (b->n + b->size - 1) / b->size;
    b->start = sts_alloc(b->count + 1, sizeof *b->start);
    if (!b->start) return sts_fail_memory(err, "the batches");
    for (size_t i = 0; i < b->count; i++) b->start[i] = i * b->size;
    b->start[b->count] = b->n;
    return 0;
}

int sts_batches_init(sts_batches *b, sts_err *err)
{
    b->count = 0;
    b->start = NULL;
    b->order = sts_alloc(b->n, sizeof *b->order);
    int rc = b->order ? 0 : sts_fail_memory(err, "the batches");
    if (!rc && !b->text) rc = cut(b, err);
    if (!rc) rc = make(b, 0, err);
    if (rc) sts_batches_free(b);
    return rc;
}

void sts_batches_free(sts_batches *b)
{
    sts_free(b->order);
    sts_free(b->start);
    b->order = NULL;
    b->start = NULL;
}

int sts_batches_of(sts_batches *b, uint64_t epoch, sts_err *err)
{
    return b->epoch == epoch ? 0 : make(b, epoch, err);
}
