/* pattern.h - the patterns of Split and Replace: a plain string, or a regular expression in the
 * reference's dialect (Oniguruma's Ruby syntax), run by PCRE2. */
#ifndef STS_TOKEN_PATTERN_H
#define STS_TOKEN_PATTERN_H

#include "core/json.h"
#include "token/textbuf.h"

#include <stdbool.h>

typedef struct sts_pattern sts_pattern;

/* Reads in's key "pattern": {"String": s} or {"Regex": s}. NULL on error. */
sts_pattern *sts_pattern_load(const sts_json_in *in);
void sts_pattern_free(sts_pattern *p);
/* Can it match an empty stretch? (Never a string.) */
bool sts_pattern_empty(const sts_pattern *p);

/* The matches in a text, one after the other. */
typedef struct sts_find {
    const sts_pattern *p;
    const char *s;
    size_t n, at;
    bool matched;     /* a match was given, which ended at `end` */
    size_t end;
    sts_text subject; /* what PCRE2 reads, when that is not s */
    void *data, *how; /* PCRE2's match data and context */
    uint32_t share;   /* steps at each place of the text, ... */
    uint64_t steps;   /* ... and those that places may take which need more */
} sts_find;

int sts_find_start(sts_find *f, const sts_pattern *p, const char *s, size_t n, sts_err *err);
/* 1: the next match; 0: none; -1: error. */
int sts_find_next(sts_find *f, size_t *from, size_t *to, sts_err *err);
void sts_find_done(sts_find *f);

/* Oniguruma's dialect as PCRE2's, appended to out with a NUL; what is not known to mean the same in
 * both is refused. NULL, or what is wrong at byte *at (SIZE_MAX: memory is out). */
const char *sts_regex_translate(const char *s, sts_text *out, size_t *at);

#endif
