/* dataset.h - a file of pairs or triplets, read, checked, and its scores mapped to 0..1. */
#ifndef STS_TEXT_DATASET_H
#define STS_TEXT_DATASET_H

#include "core/arena.h"
#include "core/err.h"

#include <stdint.h>

/* Why a row was left out; each has a counter. The names are in sts_skip_name. */
typedef enum {
    STS_SKIP_NO_SCORE,    /* unlabelled: empty score */
    STS_SKIP_NO_TEXT,     /* unlabelled: an empty sentence */
    STS_SKIP_BLANK,       /* an empty line */
    STS_SKIP_BAD_COLUMNS, /* too few or too many columns (only with skip_bad, as all below) */
    STS_SKIP_BAD_SCORE,   /* not a number */
    STS_SKIP_OUT_OF_RANGE,
    STS_SKIP_BAD_TEXT,    /* not UTF-8, or a NUL byte */
    STS_SKIP_TOO_LONG,    /* a line over the limit */
    STS_SKIP_COUNT
} sts_skip;

const char *sts_skip_name(sts_skip why);

typedef struct sts_row {
    sts_str text[3]; /* sentence1, sentence2 (anchor, positive, negative); NUL-terminated too */
    double score;    /* 0..1; 0 when the data has no scores */
    double gold;     /* as in the file */
    uint64_t line;   /* where the row starts, from 1 */
} sts_row;

typedef struct sts_dataset {
    char *path;         /* as given; "-" for stdin */
    const char *format; /* the detected or given format's name (static) */
    char *detected;     /* one line for people: delimiter, columns, header, range */
    int n_texts;        /* 2 pairs, 3 triplets */
    bool scored;
    double score_min, score_max; /* the range that was mapped to 0..1 */
    size_t n;
    sts_row *row;
    size_t n_read;                 /* rows read = n + the sum of skipped */
    size_t skipped[STS_SKIP_COUNT];
    uint32_t crc;                  /* CRC-32 and size of the (decompressed) bytes */
    uint64_t bytes;
    sts_arena arena; /* owns the texts */
} sts_dataset;

/* Reads the whole of path. NULL on error; bad rows make it STS_DATA, the message telling the
 * first as file:line and how many more there are. Freed by sts_dataset_free. */
sts_dataset *sts_dataset_load(const char *path, const sts_data_options *options, sts_err *err);
void sts_dataset_free(sts_dataset *d);

/* Streaming, for score and encode: rows one at a time, plus the line as it stood in the file.
 * Same options, detection and errors as sts_dataset_load. */
typedef struct sts_rows sts_rows;
sts_rows *sts_rows_open(const char *path, const sts_data_options *options, sts_err *err);
/* 1: a row (texts and *raw, the record's bytes without its line end, valid until the next call);
 * 0: the end; -1: error. With `keep_all`, unlabelled rows are given too. */
int sts_rows_next(sts_rows *r, sts_row *row, sts_str *raw, sts_err *err);
void sts_rows_close(sts_rows *r);

#endif
