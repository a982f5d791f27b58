/* dataset.c - all rows of a file, their texts in one arena. */
#include "data/dataset.h"

#include "core/limits.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "data/row_reader.h"

#include <stdio.h>
#include <string.h>

#define REPORT_EVERY 4096 /* rows between two words of progress */
#define FAULTS_TOLD 3

/* The first bad rows, in words, and how many there are. */
typedef struct faults {
    size_t n, at;
    char text[900]; /* FAULTS_TOLD of them fit, with one name of STS_SHOWN_PATH */
} faults;

static void add_fault(faults *f, const sts_rows *r)
{
    if (f->n++ >= FAULTS_TOLD) return;
    const char *name = sts_table_name(r->table);
    if (f->n > 1 && strlen(name) > 80) name = "..."; /* a very long one is shown once */
    f->at = sts_append(f->text, sizeof f->text, f->at, "%s%s:%llu: %.180s", f->n > 1 ? "; " : "",
                       name, (unsigned long long)r->why_line, r->text);
}

/* "f:2: why; f:5: why; f:9: why; and 17 more bad rows" */
static int report_faults(const faults *f, sts_err *err)
{
    char more[64] = "";
    if (f->n > FAULTS_TOLD)
        snprintf(more, sizeof more, "; and %zu more bad rows%s", f->n - FAULTS_TOLD,
                 f->n == STS_FAULTS_MOST ? " at least" : "");
    return sts_fail(err, STS_DATA, "%s%s (--on-bad-row skip leaves %s out)", f->text, more,
                    f->n == 1 ? "it" : "them");
}

int sts_dataset_add(sts_dataset *d, const sts_row *row, size_t *cap)
{
    size_t n = 0;
    for (int k = 0; k < d->n_texts; k++) n += row->text[k].n + 1; /* each at most a line */
    char *p = sts_arena_take(&d->arena, n);
    sts_str *text = sts_arena_take(&d->cells, (size_t)d->n_texts * sizeof *text);
    if (!p || !text || sts_grow(&d->row, d->n, cap, sizeof *d->row)) return -1;
    sts_row *to = &d->row[d->n++];
    *to = *row;
    to->text = text;
    for (int k = 0; k < d->n_texts; k++) {
        size_t len = row->text[k].n;
        text[k] = (sts_str){memcpy(p, row->text[k].s, len), len};
        p[len] = 0;
        p += len + 1;
    }
    return 0;
}

int sts_dataset_fill(sts_dataset *d, sts_rows *r, sts_left_out_fn *left_out, void *ctx,
                     sts_err *err)
{
    size_t cap = 0;
    sts_row row;
    int rc;
    bool keep = true;
    while ((rc = sts_rows_step(r, &row, err)) > 0) {
        if (r->n_read % REPORT_EVERY == 0 && sts_table_advance(r->table, "reading", err)) return -1;
        int what = rc == STS_ROWS_LEFT_OUT ? left_out(ctx, r) : STS_GO_ON;
        if (what == STS_STOP) break;
        if (what == STS_COUNT_ONLY) keep = false;
        if (rc == STS_ROWS_ROW && keep && sts_dataset_add(d, &row, &cap))
            return sts_fail_memory(err, sts_table_name(r->table));
    }
    d->n_read = r->n_read;
    memcpy(d->skipped, r->skipped, sizeof d->skipped);
    d->crc = sts_table_crc(r->table);
    d->bytes = sts_table_bytes(r->table);
    return rc < 0 ? -1 : 0;
}

sts_dataset *sts_dataset_new(const char *path, const sts_rows *r, sts_err *err)
{
    const sts_layout *l = &r->layout;
    sts_dataset *d = sts_alloc(1, sizeof *d);
    if (d) {
        d->path = sts_strdup(path);
        d->detected = sts_strdup(r->detected);
        d->format = l->format->name;
        d->n_texts = l->n_texts;
        d->scored = l->column[STS_COL_SCORE] >= 0;
        d->score_min = l->min;
        d->score_max = l->max;
    }
    if (d && d->path && d->detected) return d;
    sts_dataset_free(d);
    return sts_fail_memory(err, path), NULL;
}

/* After the first bad row the good ones are not kept any more: the data set is lost anyway. */
static int collect(void *ctx, const sts_rows *r)
{
    faults *f = ctx;
    if (!sts_skip_is_bad(r->why) || r->options.skip_bad) return STS_GO_ON;
    add_fault(f, r);
    return f->n == STS_FAULTS_MOST ? STS_STOP : STS_COUNT_ONLY;
}

/* Says what became of the rows, if there were any. */
static int report_no_rows(const sts_rows *r, sts_err *err)
{
    char list[256] = "";
    size_t at = 0;
    for (int k = 0; k < STS_SKIP_COUNT; k++)
        if (r->skipped[k])
            at = sts_append(list, sizeof list, at, "%s%zu %s", at ? ", " : ": ", r->skipped[k],
                            sts_skip_name((sts_skip)k));
    return sts_fail(err, STS_DATA, "%s:1: no rows%s%s", sts_table_name(r->table),
                    r->n_read ? " that can be used" : r->header ? " but the header" : "", list);
}

static int read_rows(sts_dataset *d, sts_rows *r, sts_err *err)
{
    faults f = {0};
    if (sts_dataset_fill(d, r, collect, &f, err)) return -1;
    /* scores on another scale make all rows bad: the scale is the fault to report then */
    bool scale = f.n && r->skipped[STS_SKIP_OUT_OF_RANGE] == f.n;
    if (f.n && !(scale && sts_rows_ask(r, NULL))) return report_faults(&f, err);
    if (sts_rows_ask(r, err)) return -1;
    if (!d->n) return report_no_rows(r, err);
    sts_rows_note_blank(r, "left out");
    return 0;
}

static sts_dataset *load(const char *path, sts_rows *r, sts_err *err)
{
    if (!r) return NULL;
    sts_dataset *d = sts_dataset_new(path, r, err);
    int rc = d ? read_rows(d, r, err) : -1;
    sts_rows_close(r);
    if (!rc) return d;
    sts_dataset_free(d);
    return NULL;
}

sts_dataset *sts_dataset_load(const char *path, const sts_data_options *options, sts_err *err)
{
    return load(path, sts_rows_open(path, options, false, err), err);
}

sts_dataset *sts_dataset_load_memory(const void *buf, size_t n, const char *name,
                                     const sts_data_options *options, sts_err *err)
{
    sts_table *t = sts_table_open_memory(buf, n, name, err);
    return load(name, sts_rows_new(t, name, options, false, err), err);
}

const char *sts_rows_called(int texts)
{
    return texts == 2 ? "pairs" : texts == 3 ? "triplets" : "tuples";
}

void sts_dataset_forget_rows(sts_dataset *d)
{
    sts_arena_free(&d->cells);
    sts_free(d->row);
    d->row = NULL;
}

void sts_dataset_free(sts_dataset *d)
{
    if (!d) return;
    sts_dataset_forget_rows(d);
    sts_arena_free(&d->arena);
    sts_free(d->detected);
    sts_free(d->path);
    sts_free(d);
}
