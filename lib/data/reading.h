/* reading.h - the options of how data files are read, for every table of options that has them. */
#ifndef STS_DATA_READING_H
#define STS_DATA_READING_H

#include "stsfit.h"

#define STS_BESIDE 3 /* files that a run reads beside its training data: dev, test, guard */

/* Before any of the files is opened: whether what the options say of single files fits them, and
 * "-" is there once at most. `beside` (NULL: none) has STS_BESIDE names more, or NULL for each. 0,
 * or -1 (STS_USAGE). */
int sts_reading_check(const sts_data_options *o, const char *const *paths, size_t n,
                      const char *const *beside, sts_err *err);

/* How dev and test sets are read beside training data that are read by `o`: alike, but for plain
 * sentences, of which nothing can be evaluated: there the format is found out. */
sts_data_options sts_reading_of_dev(const sts_data_options *o);

/* How a guard is read: by itself, since it may be of another layout and scale than the training
 * data. Of the options, --on-bad-row and a range of --score-range that names it are of it. */
sts_data_options sts_reading_of_guard(const sts_data_options *o, const char *path);

#define STS_FORMATS "auto|stsb|sick|semeval|glue|tsv|csv|jsonl|text"

/* Rows for sts_data_options that lie at `base` in the struct. */
#define STS_READING_ROWS(base)                                                                     \
    {.kind = STS_OPT_GROUP, .help = "Data"},                                                       \
    {.kind = STS_OPT_CHOICE, .name = "format", .arg = STS_FORMATS,                        \
     .offset = (base) + offsetof(sts_data_options, format), .standard = "auto",                    \
     .flags = STS_OPT_NUMBERS, .help = "layout of the files"},                                     \
    {.kind = STS_OPT_TEXT, .name = "columns", .arg = "LIST",                                       \
     .offset = (base) + offsetof(sts_data_options, columns), .standard = "by format or header",    \
     .flags = STS_OPT_NUMBERS,                                                                     \
     .help = "columns to read, by number from 1 or by name: score=5,sentence1=6,sentence2=7"},     \
    {.kind = STS_OPT_TEXT, .name = "score-range", .arg = "LIST",                                   \
     .offset = (base) + offsetof(sts_data_options, score_range), .standard = "by format",          \
     .flags = STS_OPT_NUMBERS,                                                                     \
     .help = "MIN:MAX of the scores, mapped to 0..1; FILE=MIN:MAX for one file"},                  \
    {.kind = STS_OPT_TEXT, .name = "labels", .arg = "LIST",                                        \
     .offset = (base) + offsetof(sts_data_options, labels), .standard = "none",                    \
     .flags = STS_OPT_NUMBERS,                                                                     \
     .help = "words or classes as scores: entailment=1,neutral=0.5,contradiction=0"},              \
    {.kind = STS_OPT_TEXT, .name = "positive", .arg = "X",                                         \
     .offset = (base) + offsetof(sts_data_options, positive),                                      \
     .standard = "the higher of two values", .flags = STS_OPT_NUMBERS,                             \
     .help = "evaluate as two classes: a score of at least X is positive"},                        \
    {.kind = STS_OPT_EITHER, .name = "on-bad-row", .arg = "fail|skip",                             \
     .offset = (base) + offsetof(sts_data_options, skip_bad), .value = "fail",                     \
     .flags = STS_OPT_NUMBERS, .help = "stop at bad rows, or leave them out and count them"}

#endif
