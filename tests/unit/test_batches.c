/* test_batches.c - batches of an epoch: every row once, no text twice, a number of batches that
 * does not change, nothing but seed and epoch. */
#include "core/rng.h"
#include "train/batches.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct rows {
    size_t n;
    int columns;
    uint32_t *text, n_texts;
} rows;

/* Rows of random texts; `pool` of them, so that few or many repeat. */
static rows make_rows(size_t n, int columns, uint32_t pool, uint64_t seed)
{
    rows r = {n, columns, malloc(n * (size_t)columns * sizeof(uint32_t)), pool};
    sts_rng rng = sts_rng_new(seed, 9);
    for (size_t i = 0; i < n * (size_t)columns; i++) r.text[i] = sts_rng_below(&rng, pool);
    return r;
}

static sts_batches batches_of(const rows *r, size_t size, uint64_t seed)
{
    sts_batches b = {.n = r->n, .size = size, .seed = seed, .shuffle = true, .text = r->text,
                     .columns = r->columns, .n_texts = r->n_texts};
    cr_assert(!sts_batches_init(&b, NULL));
    return b;
}

static void check_batch(const sts_batches *b, size_t i, char *seen, uint32_t *owner)
{
    cr_assert(b->start[i] < b->start[i + 1], "batch %zu is empty", i);
    cr_assert(b->start[i + 1] - b->start[i] <= b->size, "batch %zu is too large", i);
    for (size_t k = b->start[i]; k < b->start[i + 1]; k++) {
        uint32_t row = b->order[k];
        cr_assert(row < b->n && !seen[row]++, "row %u comes twice", row);
        for (int c = 0; c < b->columns && b->text; c++) {
            uint32_t *o = &owner[b->text[row * (uint32_t)b->columns + (uint32_t)c]];
            cr_assert(*o <= i * b->n || *o == i * b->n + row + 1, "batch %zu has a text twice", i);
            *o = (uint32_t)(i * b->n) + row + 1;
        }
    }
}

static void check_epoch(const sts_batches *b)
{
    char *seen = calloc(b->n, 1);
    uint32_t *owner = calloc(b->n_texts + 1, sizeof *owner);
    cr_assert(b->start[0] == 0 && b->start[b->count] == b->n);
    for (size_t i = 0; i < b->count; i++) check_batch(b, i, seen, owner);
    for (size_t i = 0; i < b->n; i++) cr_assert(seen[i], "row %zu was dropped", i);
    free(seen);
    free(owner);
}

Test(batches, no_text_twice_no_row_dropped)
{
    static const struct {
        size_t n, size;
        int columns;
        uint32_t pool;
    } kinds[] = {{100, 8, 2, 1000}, {100, 8, 2, 40}, {100, 16, 3, 12}, {60, 32, 2, 2},
                 {50, 7, 2, 1},     {1, 8, 2, 5},    {97, 1, 2, 10},   {64, 64, 5, 5000}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        rows r = make_rows(kinds[k].n, kinds[k].columns, kinds[k].pool, k);
        sts_batches b = batches_of(&r, kinds[k].size, 42);
        size_t count = b.count;
        for (uint64_t epoch = 0; epoch < 60; epoch++) {
            cr_assert(!sts_batches_of(&b, epoch, NULL));
            cr_assert_eq(b.count, count);
            check_epoch(&b);
        }
        sts_batches_free(&b);
        free(r.text);
    }
}

/* As few batches as rows allow, where texts hardly repeat; one row each, where all share a text. */
Test(batches, number_of_batches)
{
    rows few = make_rows(1000, 2, 100000, 1), same = make_rows(300, 2, 1, 1);
    sts_batches a = batches_of(&few, 16, 1), z = batches_of(&same, 16, 1);
    cr_assert_eq(a.count, 63);
    cr_assert_eq(z.count, 300);
    sts_batches_free(&a);
    sts_batches_free(&z);
    free(few.text);
    free(same.text);
}

/* As sentence-transformers' sampler: batch after batch takes, of the rows that are left, in order,
 * those that share no text with it. */
static void take_batch(const rows *r, size_t size, char *taken, uint32_t *order, size_t *at)
{
    size_t from = *at;
    for (size_t i = 0; i < r->n && *at < from + size; i++) {
        bool shared = taken[i];
        for (size_t k = from; k < *at && !shared; k++)
            for (int c = 0; c < r->columns * r->columns; c++)
                shared |= r->text[i * (size_t)r->columns + (size_t)(c / r->columns)] ==
                          r->text[order[k] * (size_t)r->columns + (size_t)(c % r->columns)];
        if (shared) continue;
        taken[i] = 1;
        order[(*at)++] = (uint32_t)i;
    }
}

Test(batches, as_the_reference_in_file_order)
{
    for (uint64_t k = 0; k < 60; k++) {
        rows r = make_rows(60 + 3 * k, 2 + (int)(k % 3), (uint32_t)(12 + 7 * k), k);
        sts_batches b = {.n = r.n, .size = 2 + k % 11, .text = r.text, .columns = r.columns,
                         .n_texts = r.n_texts};
        cr_assert(!sts_batches_init(&b, NULL));
        char *taken = calloc(r.n, 1);
        uint32_t *order = malloc(r.n * sizeof *order);
        size_t at = 0, i = 0;
        for (; at < r.n; i++) {
            cr_assert(i < b.count && b.start[i] == at, "%d: batch %zu", (int)k, i);
            take_batch(&r, b.size, taken, order, &at);
        }
        cr_assert_eq(i, b.count);
        cr_assert(!memcmp(order, b.order, r.n * sizeof *order), "%d", (int)k);
        free(order);
        free(taken);
        sts_batches_free(&b);
        free(r.text);
    }
}

/* An epoch is the same whichever came before: resuming needs no state. */
Test(batches, follow_from_seed_and_epoch)
{
    rows r = make_rows(200, 2, 90, 3);
    sts_batches a = batches_of(&r, 16, 5), b = batches_of(&r, 16, 5);
    sts_batches other = batches_of(&r, 16, 6);
    for (uint64_t epoch = 0; epoch < 30; epoch++) {
        uint64_t jump = (epoch * 7) % 30;
        cr_assert(!sts_batches_of(&a, epoch, NULL) && !sts_batches_of(&b, jump, NULL));
        cr_assert(!sts_batches_of(&b, epoch, NULL) && !sts_batches_of(&other, epoch, NULL));
        cr_assert(!memcmp(a.order, b.order, r.n * sizeof *a.order), "epoch %d", (int)epoch);
        cr_assert(!memcmp(a.start, b.start, (a.count + 1) * sizeof *a.start));
        cr_assert(memcmp(a.order, other.order, r.n * sizeof *a.order), "another seed");
    }
    sts_batches_free(&a);
    sts_batches_free(&b);
    sts_batches_free(&other);
    free(r.text);
}

/* A million rows of a thousand texts, so that no batch fills up, and nearly all have some text of
 * the next row; a million rows, a tenth of which share a text: linear, or these tests never end. */
Test(batches, a_million_rows_of_few_texts)
{
    rows r = make_rows(1000000, 2, 1000, 3);
    sts_batches b = batches_of(&r, 1024, 5);
    check_epoch(&b);
    cr_assert_leq(b.count, 2500, "%zu batches", b.count);
    sts_batches_free(&b);
    free(r.text);
}

Test(batches, a_million_rows)
{
    rows r = make_rows(1000000, 2, 500000, 3);
    for (size_t i = 0; i < r.n; i += 10) r.text[2 * i] = 7;
    sts_batches b = batches_of(&r, 64, 5);
    size_t rows_seen = 0;
    for (size_t i = 0; i < b.count; i++) rows_seen += b.start[i + 1] - b.start[i];
    cr_assert_eq(rows_seen, r.n);
    cr_assert_geq(b.count, 100000, "each batch has the shared text once at most");
    sts_batches_free(&b);
    free(r.text);
}
