/* pairs.h - data of one format: the first byte chooses options, the rest is the file. */
#ifndef STS_FUZZ_PAIRS_H
#define STS_FUZZ_PAIRS_H

#include "fuzz.h"
#include "data/dataset.h"
#include "data/row_reader.h"
#include "data/survey.h"

#include <math.h>

FUZZ_UNUSED static void fuzz_count(const sts_dataset *d)
{
    size_t sum = d->n;
    for (int i = 0; i < STS_SKIP_COUNT; i++) sum += d->skipped[i];
    fuzz_check(sum == d->n_read, "rows read = rows used + rows left out");
    for (size_t i = 0; i < d->n; i++) {
        const sts_row *r = &d->row[i];
        for (int k = 0; k < d->n_texts; k++)
            fuzz_check(r->text[k].n && !r->text[k].s[r->text[k].n], "texts are whole");
        fuzz_check(!d->scored || (r->score >= 0 && r->score <= 1), "scores are in 0..1");
    }
}

/* The same rows one by one, as `score` reads them; then as lines, as `encode` does. */
FUZZ_UNUSED static void fuzz_stream(const uint8_t *data, size_t n, const sts_data_options *o)
{
    sts_err err = {0};
    sts_str raw;
    sts_row row;
    int rc = 0;
    sts_rows *r = sts_rows_new(sts_table_open_memory(data, n, "data", &err), "data", o, true, &err);
    while (r && (rc = sts_rows_next(r, &row, &raw, &err)) > 0) {}
    if (!r || rc < 0) fuzz_refused(&err);
    sts_rows_close(r);
    sts_table *t = sts_table_open_memory(data, n, "data", &err);
    while (t && (rc = sts_lines_next(t, &raw, &err)) > 0)
        fuzz_check(!memchr(raw.s, 0, raw.n), "a line has no NUL");
    if (!t || rc < 0) fuzz_refused(&err);
    sts_table_close(t);
}

FUZZ_UNUSED static int fuzz_pairs(const char *format, const uint8_t *data, size_t n)
{
    if (!n) return 0;
    static const char *const columns[] = {
        NULL, "score=1,sentence1=2,sentence2=3", "anchor=1,positive=2,negative=3", "score=score",
        "score=3,sentence1=1,sentence2=2", "score=70,sentence1=2,sentence2=1",
        "sentence1=b,sentence2=a,score=s", "sentence1=4,sentence2=4"};
    unsigned how = data[0];
    sts_data_options o = {.format = how & 1 ? NULL : format, .skip_bad = how & 2,
                          .score_range = how & 4 ? "0:9,data=0:5" : NULL,
                          .unscored = how & 8, .columns = columns[(how >> 4 & 3) | (how >> 5 & 4)]};
    sts_err err = {0};
    sts_dataset *d = sts_dataset_load_memory(data + 1, n - 1, "data", &o, &err);
    if (d) fuzz_count(d);
    else fuzz_refused(&err);
    sts_dataset_free(d);
    if (how & 0x40) fuzz_stream(data + 1, n - 1, &o);
    return 0;
}

#endif
