/* skip.h - why a row of a data file is not used. */
#ifndef STS_DATA_SKIP_H
#define STS_DATA_SKIP_H

#include <stdbool.h>

/* Each reason has a counter in a data set. */
typedef enum {
    STS_SKIP_NO_SCORE,    /* unlabelled: empty score */
    STS_SKIP_NO_TEXT,     /* unlabelled: an empty sentence */
    STS_SKIP_BLANK,       /* an empty line */
    STS_SKIP_BAD_COLUMNS, /* too few or too many columns (only with skip_bad, as all below) */
    STS_SKIP_BAD_SCORE,   /* not a number */
    STS_SKIP_OUT_OF_RANGE,
    STS_SKIP_BAD_TEXT,    /* not UTF-8, or a NUL byte */
    STS_SKIP_TOO_LONG,    /* a line over the limit */
    STS_SKIP_COUNT,
    STS_SKIP_NONE = STS_SKIP_COUNT /* nothing is wrong: the row is used */
} sts_skip;

/* "no_score", "bad_columns", ...: the names in reports. */
const char *sts_skip_name(sts_skip why);

/* A fault of the file, as against a row that is merely unlabelled or blank. */
static inline bool sts_skip_is_bad(sts_skip why)
{
    return why >= STS_SKIP_BAD_COLUMNS && why < STS_SKIP_COUNT;
}

#endif
