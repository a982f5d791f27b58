/* survey.h - what is in data files: shape, scores, lengths, faults, duplicates, contradictions,
 * and what the files share. The analysis behind `stsfit check`. */
#ifndef STS_DATA_SURVEY_H
#define STS_DATA_SURVEY_H

#include "core/json.h"
#include "data/dataset.h"

#define STS_SURVEY_SHOWN 10 /* cases shown of each kind; all are counted */
#define STS_SURVEY_FILES 256
#define STS_SURVEY_BINS 10 /* at most 11 where scores are whole numbers, one bin each */

/* Nearest-rank percentiles. */
enum { STS_LENGTH_MIN, STS_LENGTH_P5, STS_LENGTH_P25, STS_LENGTH_P50, STS_LENGTH_P75,
       STS_LENGTH_P95, STS_LENGTH_P99, STS_LENGTH_MAX, STS_LENGTH_COUNT };
extern const char *const sts_length_names[STS_LENGTH_COUNT]; /* "min", "p5", ... */

typedef struct sts_survey_fault {
    uint64_t line;
    sts_skip why;
    char text[256];
} sts_survey_fault;

/* Two rows that belong together; `other` came first. Scores are as in their files. */
typedef struct sts_finding {
    uint64_t line, other_line;
    size_t other_file;
    double score, other_score;
    const sts_row *row; /* of the line; NULL: not kept */
} sts_finding;

typedef struct sts_findings {
    size_t n;
    sts_finding first[STS_SURVEY_SHOWN];
} sts_findings;

typedef struct sts_survey_file {
    const char *path;
    sts_dataset *data;     /* the rows that can be used; NULL when the file cannot be understood */
    char columns[160];     /* for --columns, where other commands need it: of pairs without scores
                              among other columns; "" */
    char other[160];       /* names of columns that are not used, where there is no score; "" */
    char problem[1000];    /* why not, or a question of its scores' range; "" */
    size_t n_faults;
    sts_survey_fault fault[STS_SURVEY_SHOWN];
    bool whole;                        /* all scores are whole numbers, of at most 11 values */
    size_t n_bins, histogram[STS_SURVEY_BINS + 1]; /* of normalised scores, or of those numbers */
    double low, high, mean;            /* scores as in the file; 0 without rows */
    uint64_t characters[STS_LENGTH_COUNT], words[STS_LENGTH_COUNT];
    sts_findings duplicates; /* a pair that the file had before, in either order */
    sts_findings conflicts;  /* a pair seen before, here or in another file, scored otherwise */
    /* of pairs without scores, which belong together: */
    size_t distinct, texts;  /* distinct pairs and texts */
    size_t sharing;          /* distinct pairs with a text that another one has too */
    sts_findings shared;     /* of these, those with a text that was there before */
    sts_findings near;       /* texts of the same words as one before, in another order or with
                                other punctuation */
    size_t equal;            /* distinct pairs of equal texts */
    sts_findings identical;  /* equal sentences scored low; other_line is the row itself */
    int64_t truncated;       /* texts a model would cut; -1: not asked. Filled in by the caller */
} sts_survey_file;

/* What a later file shares with an earlier one. */
typedef struct sts_leak {
    size_t file, other; /* other < file */
    size_t pairs;       /* distinct pairs in both */
    size_t sentences;   /* distinct sentences in both */
    uint64_t line, other_line; /* the first of such pairs; 0: none */
} sts_leak;

typedef struct sts_survey {
    const sts_data_options *reading; /* borrowed; NULL: none */
    size_t n_files;
    sts_survey_file *file;
    size_t n_leaks; /* those that share anything */
    sts_leak *leak;
    int64_t max_seq_length; /* what `truncated` was asked with; 0: not */
} sts_survey;

/* Reads and compares the files (paths are borrowed). Data that is wrong is found, not an error;
 * NULL when a file cannot be read, for wrong options, or when memory is out. */
sts_survey *sts_survey_run(const char *const *paths, size_t n, const sts_data_options *o,
                           sts_err *err);
void sts_survey_free(sts_survey *s);

/* Bad rows and files that cannot be understood, all together: 0 means the data can be used. */
size_t sts_survey_faults(const sts_survey *s);
/* -1 with STS_DATA and the first fault in words when there are any. */
int sts_survey_verdict(const sts_survey *s, sts_err *err);

char *sts_survey_text(const sts_survey *s); /* for people; freed by sts_free; NULL: no memory */
sts_json *sts_survey_json(const sts_survey *s); /* {"files": [...], "leaks": [...]}; or NULL */

/* Duplicates, conflicts and leaks (overlap.c). */
int sts_survey_overlap(sts_survey *s, sts_err *err);
/* What pairs without scores share with one another (unscored.c). */
int sts_survey_unscored(sts_survey_file *f, sts_err *err);
/* Counts a finding, and keeps it where it is among the first. */
static inline void sts_finding_add(sts_findings *f, const sts_finding *finding)
{
    if (f->n < STS_SURVEY_SHOWN) f->first[f->n] = *finding;
    f->n++;
}

#endif
