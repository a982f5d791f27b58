/* row_reader.h - records turned into checked rows, with what was left out and why. The engine under
 * sts_rows_next, sts_dataset_load and the survey. */
#ifndef STS_DATA_ROW_READER_H
#define STS_DATA_ROW_READER_H

#include "data/dataset.h"
#include "data/jsonl.h"
#include "data/layout.h"
#include "data/table.h"

struct sts_rows {
    sts_table *table;
    sts_layout layout;
    sts_data_options options;
    bool keep_all;
    char *header; /* the header line; NULL: none */
    char detected[STS_DETECTED_MAX];
    sts_record record;
    sts_jsonl json;
    sts_str texts[STS_TEXTS_MAX]; /* of the row in hand */
    /* the row that was left out last, in words */
    sts_skip why;
    uint64_t why_line;
    char text[STS_WHY_MAX];
    /* counts; rows read = rows given + the sum of skipped */
    size_t n_read, n_given, skipped[STS_SKIP_COUNT];
    sts_extremes scores; /* met, in range or not */
    uint64_t first_scored, first_outside;
};

/* Takes over the table of the file `path` (also when it fails); NULL is passed on. */
sts_rows *sts_rows_new(sts_table *t, const char *path, const sts_data_options *o, bool keep_all,
                       sts_err *err);

enum { STS_ROWS_END, STS_ROWS_ROW, STS_ROWS_LEFT_OUT };

/* One of the above; a row left out is described in why, why_line and text. -1: error. */
int sts_rows_step(sts_rows *r, sts_row *row, sts_err *err);

/* After the last row: do the scores fit the range? -1: STS_DATA, a question for --score-range. */
int sts_rows_ask(const sts_rows *r, sts_err *err);

/* ---- whole data sets (dataset.c) ---- */

sts_dataset *sts_dataset_new(const char *path, const sts_rows *r, sts_err *err); /* no rows yet */

/* Receives each row left out; returns how to continue. */
enum { STS_GO_ON, STS_COUNT_ONLY, STS_STOP };
typedef int sts_left_out_fn(void *ctx, const sts_rows *r);

/* Reads all rows, and the counts. */
int sts_dataset_fill(sts_dataset *d, sts_rows *r, sts_left_out_fn *left_out, void *ctx,
                     sts_err *err);

#endif
