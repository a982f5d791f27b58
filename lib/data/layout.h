/* layout.h - where score and sentences stand in a file: found out from its first rows, from the
 * format's name, or from --columns. To add a format: one line in formats[] (layout.c), and, if its
 * columns have no known names, a rule in detect.c. */
#ifndef STS_DATA_LAYOUT_H
#define STS_DATA_LAYOUT_H

#include "core/limits.h"
#include "data/dataset.h"
#include "data/scale.h"
#include "data/table.h"

enum { STS_COL_SCORE, STS_COL_TEXT, STS_COLS = STS_COL_TEXT + STS_TEXTS_MAX };

#define STS_COLUMN_NAME_MAX 128
#define STS_DETECTED_MAX 512

typedef struct sts_format {
    const char *name;
    const char *delimiters; /* tried in this order; "" for JSON lines */
    bool quoted;
    bool known;             /* its scores run from min to max by definition */
    double min, max;        /* ... otherwise that is only assumed */
    const char *header;     /* names that its header must have, separated by spaces; or NULL */
    int column[3];          /* fixed columns of score and texts, from 1, ascending; 0: found out */
    size_t limit;           /* columns that a row may have, where they are fixed; 0: any number */
} sts_format;

typedef struct sts_layout {
    const sts_format *format;
    char delimiter;       /* 0: JSON lines */
    bool quoted, header;
    bool lines;           /* no columns: a line is both texts of its row */
    bool commas;          /* scores have decimal commas */
    bool known;           /* the range of scores is given or known, not assumed */
    double min, max;
    bool ranged;          /* by --score-range, for all files */
    const char *labels;   /* --labels where scores are such; or NULL */
    int n_texts;          /* 2, or more with negatives; 0: the file is empty */
    int column[STS_COLS]; /* from 0; -1: there is none */
    char name[STS_COLS][STS_COLUMN_NAME_MAX]; /* in the header, or as a JSON key; else "" */
    size_t least, limit;  /* columns that a row may have */
} sts_layout;

/* --columns, parsed: a number from 1, or a name, for each; 0 and "" where not given. */
typedef struct sts_columns {
    bool given, named;
    int number[STS_COLS];
    char name[STS_COLS][STS_COLUMN_NAME_MAX];
} sts_columns;
int sts_columns_parse(const char *spec, sts_columns *columns, sts_err *err);

/* What a layout is sought with. */
typedef struct sts_search {
    const sts_data_options *options;
    const sts_format *given; /* --format; NULL: find out */
    sts_columns columns;
    sts_scale scale;
    bool unscored;           /* a file without scores will do */
    bool plain_pairs;        /* ... one of two columns, or where --columns names no more */
    const char *file;        /* for messages */
    sts_str head;            /* the first bytes of the file */
    bool whole;              /* ... and there are no others */
} sts_search;

/* Fills in the layout from what the table holds next; the table is not moved on. `path` is what
 * --score-range may call the file. */
int sts_layout_find(sts_layout *l, sts_table *t, const char *path, const sts_data_options *o,
                    bool unscored, sts_err *err);

/* One line for people. */
void sts_layout_describe(const sts_layout *l, char out[STS_DETECTED_MAX]);

/* ---- between the files that find layouts; 1: found, 0: does not fit, -1: error ---- */

const sts_format *sts_format_named(const char *name); /* NULL for a name that is not a format */
bool sts_format_is_lines(const char *name); /* "text" */
void sts_layout_start(sts_layout *l, const sts_format *f, char delimiter, bool quoted);
int sts_detect_table(sts_layout *l, const sts_search *s, sts_err *err); /* detect.c */
/* Whether the scores of a table have decimal commas: l->commas. 0, or -1. */
int sts_detect_commas(sts_layout *l, const sts_search *s, sts_err *err);
int sts_detect_jsonl(sts_layout *l, const sts_search *s, sts_err *err); /* jsonl.c */

/* Known names among n names of columns: fills column[] (-1: none). How many texts, which may be
 * more than there is room for (sts_names_fit); 0: none. */
int sts_names_match(const sts_str *names, size_t n, int column[STS_COLS]);
/* The column of a name, whatever its case, spaces, '_' and '-'; -1: there is none. */
int sts_names_find(const sts_str *names, size_t n, const char *wanted);
/* Columns by what --columns names; 1, or -1 with the name that is not there. */
int sts_names_choose(sts_layout *l, const sts_search *s, const sts_str *names, size_t n,
                     uint64_t line, sts_err *err);
/* 1; -1 when they are more texts than a row has. */
int sts_names_fit(const sts_search *s, int texts, uint64_t line, sts_err *err);
/* 1; -1 when a known name stands in the header twice. */
int sts_names_once(const sts_layout *l, const sts_search *s, const sts_str *names, size_t n,
                   uint64_t line, sts_err *err);
/* 1; -1 when one of the two sentences' names occurs twice: the other one is missing then. */
int sts_names_pair(const sts_search *s, const sts_str *names, size_t n, uint64_t line,
                   sts_err *err);
/* Whether two texts among n columns do without a score: --columns that names both, and nothing
 * else, says that there is none. */
static inline bool sts_may_lack_score(const sts_search *s, size_t n)
{
    return s->unscored || (s->plain_pairs && (n == 2 || s->columns.given));
}
/* Takes the names at l->column, which are there, over into l->name. */
void sts_names_keep(sts_layout *l, const sts_str *names);
/* "FILE:1: no `what` among the columns a, b, c: say which are which, such as --columns ...": -1.
 * `numbers`: a bit for each column that is known to hold numbers. */
int sts_names_missing(const sts_search *s, uint64_t line, const char *what, const sts_str *names,
                      size_t n, uint64_t numbers, sts_err *err);
/* The same for the score of two sentences that are there. */
int sts_score_missing(const sts_search *s, uint64_t line, const sts_str *names, size_t n,
                      uint64_t numbers, sts_err *err);

#endif
