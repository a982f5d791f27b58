/* memory.c - rows that a program holds in memory, as a data set. */
#include "data/memory.h"

#include "core/limits.h"
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
    sts_free(data);
}

size_t sts_data_count(const sts_data *data)
{
    return data->set->n;
}

static void add_crc(sts_dataset *d, const void *p, size_t n)
{
    d->crc = (uint32_t)crc32(d->crc, p, (uInt)n);
    d->bytes += n;
}

int sts_data_add(sts_data *data, const sts_str *text, const double *score, sts_err *err)
{
    sts_dataset *d = data->set;
    sts_row row = {.text = text, .line = d->n + 1};
    if (d->n && d->scored != (score != NULL))
        return sts_fail(err, STS_DATA, "row %zu: all rows have scores, or none", d->n + 1);
    if (score && !(*score >= 0 && *score <= 1))
        return sts_fail(err, STS_DATA, "row %zu: score %g is not from 0 to 1", d->n + 1, *score);
    for (int k = 0; k < d->n_texts; k++)
        if (!text[k].s || !text[k].n || text[k].n > UINT32_MAX / 4)
            return sts_fail(err, STS_DATA, "row %zu: text %d is empty or too long", d->n + 1,
                            k + 1);
    if (score) row.score = row.gold = *score;
    if (sts_dataset_add(d, &row, &data->cap)) return sts_fail_memory(err, "the data");
    for (int k = 0; k < d->n_texts; k++) add_crc(d, text[k].s, text[k].n);
    if (score) add_crc(d, score, sizeof *score);
    d->scored = score != NULL;
    d->n_read = d->n;
    return 0;
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

int sts_corpus_copy(sts_corpus *c, const sts_data *data, sts_err *err)
{
    *c = (sts_corpus){0};
    c->file = sts_alloc(1, sizeof *c->file);
    if (!c->file) return sts_fail_memory(err, "the data");
    c->file[0] = copy_of(data->set, err);
    c->n_files = c->file[0] != NULL;
    if (c->n_files && !sts_corpus_join(c, NULL, err)) return 0;
    sts_corpus_free(c);
    return -1;
}
