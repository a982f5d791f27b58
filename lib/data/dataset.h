/* dataset.h - a file of pairs, triplets or tuples, read, checked, and its scores mapped to 0..1. */
#ifndef STS_DATA_DATASET_H
#define STS_DATA_DATASET_H

#include "core/arena.h"
#include "core/err.h"
#include "core/file.h"
#include "data/skip.h"

#include <stdint.h>

typedef struct sts_row {
    const sts_str *text; /* sentence1, sentence2 (anchor, positive, negatives); NUL-terminated */
    double score;        /* 0..1; 0 when the data has no scores */
    double gold;         /* as in the file */
    uint64_t line;       /* where the row starts, from 1 */
} sts_row;

typedef struct sts_dataset {
    char *path;         /* as given; "-" for stdin */
    const char *format; /* the detected or given format's name (static) */
    char *detected;     /* one line for people: delimiter, columns, header, range */
    int n_texts;        /* 2 pairs, 3 triplets, or up to STS_TEXTS_MAX */
    bool scored;
    double score_min, score_max; /* the range that was mapped to 0..1 */
    size_t n;
    sts_row *row;
    size_t n_read;                 /* rows read = n + the sum of skipped */
    size_t skipped[STS_SKIP_COUNT];
    uint32_t crc;                  /* CRC-32 and size of the (decompressed) bytes */
    uint64_t bytes;
    sts_arena arena; /* owns the texts' bytes */
    sts_arena cells; /* ... and the rows' lists of them */
} sts_dataset;

/* Reads the whole of path. NULL on error; bad rows make it STS_DATA, the message naming
 * the first as file:line and how many more there are. Freed by sts_dataset_free. */
sts_dataset *sts_dataset_load(const char *path, const sts_data_options *options, sts_err *err);
/* The same over n bytes; `name` stands for the path. */
sts_dataset *sts_dataset_load_memory(const void *buf, size_t n, const char *name,
                                     const sts_data_options *options, sts_err *err);
void sts_dataset_free(sts_dataset *d);
/* Adds a copy of a row and its texts; *cap, 0 at first, is the room for rows. 0, or -1 (memory,
 * not said). */
int sts_dataset_add(sts_dataset *d, const sts_row *row, size_t *cap);

/* What rows of so many texts are called: "pairs", "triplets" or "tuples". */
const char *sts_rows_called(int texts);

/* Frees `row` and its lists, not the bytes of the texts, once these were taken over; n stays. */
void sts_dataset_forget_rows(sts_dataset *d);

/* Streaming: rows one at a time, plus the record as it stood in the file. Same options, detection
 * and errors as sts_dataset_load; a bad row is an error when it is met, or passed over with
 * skip_bad. With `keep_all` (for score) scores are not checked, and rows with an empty sentence
 * and blank lines (all texts empty) are given too: one row for each line. An empty file is then
 * no error. */
typedef struct sts_rows sts_rows;
sts_rows *sts_rows_open(const char *path, const sts_data_options *options, bool keep_all,
                        sts_err *err);
/* 1: a row (texts, not NUL-terminated here, and *raw, the record's bytes without its line end;
 * both valid until the next call); 0: the end; -1: error. */
int sts_rows_next(sts_rows *r, sts_row *row, sts_str *raw, sts_err *err);
void sts_rows_close(sts_rows *r);

/* What was found out; all borrowed from r. */
const char *sts_rows_format(const sts_rows *r);
const char *sts_rows_detected(const sts_rows *r);
/* As sts_reader_on_idle. */
void sts_rows_on_idle(sts_rows *r, sts_idle_fn *fn, void *ctx);
/* As sts_table_advance. */
int sts_rows_advance(const sts_rows *r, const char *what, sts_err *err);
/* As sts_table_note_blank. */
void sts_rows_note_blank(const sts_rows *r, const char *what);
/* The header line as it stood in the file; NULL when there is none. */
const char *sts_rows_header(const sts_rows *r);
/* What separates the columns: a tab, comma or semicolon; 0 for JSON lines. */
char sts_rows_delimiter(const sts_rows *r);

#endif
