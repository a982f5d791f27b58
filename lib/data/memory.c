/* memory.c - rows that a program holds in memory, as a data set. */
#include "data/memory.h"

#include "core/limits.h"
#include "core/option.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

static sts_dataset *new_set(int columns, sts_err *err)
{
    sts_dataset *d = sts_alloc(1, sizeof *d);
    if (d) {
        *d = (sts_dataset){.format = "memory", .n_texts = columns, .score_max = 1};
        d->path = sts_strdup(STS_MEMORY);
        d->detected = sts_strdup("rows in memory");
        if (d->path && d->detected) return d;
    }
    sts_dataset_free(d);
    sts_fail_memory(err, "the data");
    return NULL;
}

sts_data *sts_data_new(int columns, sts_err *err)
{
    if (columns < 2 || columns > STS_TEXTS_MAX) {
        sts_fail(err, STS_USAGE, "rows have 2 to %d texts, not %d", STS_TEXTS_MAX, columns);
        return NULL;
    }
    sts_data *data = sts_alloc(1, sizeof *data);
    if (!data) sts_fail_memory(err, "the data");
    else if ((data->set = new_set(columns, err))) return data;
    sts_free(data);
    return NULL;
}

void sts_data_free(sts_data *data)
{
    if (!data) return;
    sts_dataset_free(data->set);
    sts_free(data->weight);
    sts_free(data->id);
    sts_free(data);
}

size_t sts_data_count(const sts_data *data)
{
    return data ? data->set->n : 0;
}

static void add_crc(sts_dataset *d, const void *p, size_t n)
{
    d->crc = (uint32_t)crc32(d->crc, p, (uInt)n);
    d->bytes += n;
}

/* What all rows have, or none. */
static int check_kind(const sts_data *data, const sts_data_row *r, sts_err *err)
{
    const sts_dataset *d = data->set;
    const char *what = NULL;
    if (!d->n) return 0;
    if (d->scored != (r->score != NULL)) what = "scores";
    else if (!data->weight != !r->weight) what = "weights";
    else if (!data->id != !r->id) what = "ids";
    return what ? sts_fail(err, STS_DATA, "row %zu: all rows have %s, or none", d->n + 1, what) : 0;
}

static int check_row(const sts_data *data, const sts_data_row *r, sts_err *err)
{
    size_t at = data->set->n + 1;
    if (check_kind(data, r, err)) return -1;
    if (r->score && !(*r->score >= 0 && *r->score <= 1))
        return sts_fail(err, STS_DATA, "row %zu: score %g is not from 0 to 1", at, *r->score);
    if (r->weight && !(*r->weight > 0 && *r->weight <= STS_WEIGHT_LIMIT))
        return sts_fail(err, STS_DATA, "row %zu: weight %g is not above 0 and at most %g", at,
                        *r->weight, STS_WEIGHT_LIMIT);
    for (int k = 0; k < data->set->n_texts; k++)
        if (!r->text[k].s || !r->text[k].n || r->text[k].n > UINT32_MAX / 4)
            return sts_fail(err, STS_DATA, "row %zu: text %d is empty or too long", at, k + 1);
    return 0;
}

/* Everything but the texts, which decide whether there is a row. */
static int add_numbers(sts_data *data, const sts_data_row *r)
{
    size_t at = data->set->n;
    if (r->weight && sts_grow(&data->weight, at, &data->cap_weight, sizeof *data->weight))
        return -1;
    if (r->id && sts_grow(&data->id, at, &data->cap_id, sizeof *data->id)) return -1;
    if (r->weight) data->weight[at] = *r->weight;
    if (r->id) data->id[at] = *r->id;
    return 0;
}

int sts_data_add_row(sts_data *data, const sts_data_row *given, sts_err *err)
{
    sts_data_row r;
    if (sts_require(data, "data", err) || sts_options_take(&r, sizeof r, given, err)) return -1;
    if (sts_require(r.text, "text", err)) return -1;
    sts_dataset *d = data->set;
    sts_row row = {.text = r.text, .line = d->n + 1};
    if (check_row(data, &r, err)) return -1;
    if (r.score) row.score = row.gold = *r.score;
    if (add_numbers(data, &r) || sts_dataset_add(d, &row, &data->cap))
        return sts_fail_memory(err, "the data");
    for (int k = 0; k < d->n_texts; k++) add_crc(d, r.text[k].s, r.text[k].n);
    if (r.score) add_crc(d, r.score, sizeof *r.score);
    if (r.weight) add_crc(d, r.weight, sizeof *r.weight);
    if (r.id) add_crc(d, r.id, sizeof *r.id);
    d->scored = r.score != NULL;
    d->n_read = d->n;
    return 0;
}

int sts_data_add(sts_data *data, const sts_str *text, const double *score, sts_err *err)
{
    const sts_data_row row = {.size = sizeof row, .text = text, .score = score};
    return sts_data_add_row(data, &row, err);
}

static sts_dataset *copy_of(const sts_dataset *from, sts_err *err)
{
    sts_dataset *d = new_set(from->n_texts, err);
    size_t cap = 0;
    for (size_t i = 0; d && i < from->n; i++) {
        if (!sts_dataset_add(d, &from->row[i], &cap)) continue;
        sts_dataset_free(d);
        sts_fail_memory(err, "the data");
        return NULL;
    }
    if (!d) return NULL;
    d->scored = from->scored;
    d->n_read = from->n_read;
    d->crc = from->crc;
    d->bytes = from->bytes;
    return d;
}

static int copy_numbers(sts_corpus *c, const sts_data *data, sts_err *err)
{
    size_t n = data->set->n;
    if (sts_corpus_make_numbers(c, data->weight, data->id, err)) return -1;
    if (c->weight) memcpy(c->weight, data->weight, n * sizeof *c->weight);
    if (c->id) memcpy(c->id, data->id, n * sizeof *c->id);
    return 0;
}

int sts_corpus_copy(sts_corpus *c, const sts_data *data, sts_err *err)
{
    *c = (sts_corpus){0};
    if (sts_require(data, "data", err)) return -1;
    c->file = sts_alloc(1, sizeof *c->file);
    if (!c->file) return sts_fail_memory(err, "the data");
    c->file[0] = copy_of(data->set, err);
    c->n_files = c->file[0] != NULL;
    if (c->n_files && !sts_corpus_join(c, NULL, err) && !copy_numbers(c, data, err)) return 0;
    sts_corpus_free(c);
    return -1;
}
