/* jsonl.h - JSON lines: one object a line, its members by name. */
#ifndef STS_DATA_JSONL_H
#define STS_DATA_JSONL_H

#include "data/layout.h"

enum { STS_JSON_ABSENT, STS_JSON_NULL, STS_JSON_TEXT, STS_JSON_NUMBER, STS_JSON_OTHER };

/* The members of one line that a layout names; zero-initialise before the first use. */
typedef struct sts_jsonl {
    int kind[STS_COLS];      /* one of the above */
    sts_str value[STS_COLS]; /* texts decoded; numbers as they stand */
    char *buf;
    size_t cap;
} sts_jsonl;

/* Reads a line. 1; 0: it is not a JSON object, as `why` explains; -1: out of memory. */
int sts_jsonl_read(sts_jsonl *j, const sts_layout *l, sts_str line, char why[STS_WHY_MAX],
                   sts_err *err);
void sts_jsonl_free(sts_jsonl *j);

#endif
