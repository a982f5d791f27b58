/* split.h - cutting a piece at matches of a pattern, in the reference's five ways. */
#ifndef STS_TOKEN_SPLIT_H
#define STS_TOKEN_SPLIT_H

#include "token/parts.h"

#include <stdbool.h>

/* What happens to the matches of "the-final--countdown" at "-". */
typedef enum {
    STS_REMOVED,         /* the  final  countdown */
    STS_ISOLATED,        /* the  -  final  -  -  countdown */
    STS_MERGED_PREVIOUS, /* the-  final-  -  countdown */
    STS_MERGED_NEXT,     /* the  -final  -  -countdown */
    STS_CONTIGUOUS       /* the  -  final  --  countdown */
} sts_behavior;

/* Reads in's key "behavior". */
int sts_behavior_load(const sts_json_in *in, sts_behavior *b);

/* Takes the stretches of a piece in order, with no gaps, and adds what becomes of them to out. */
typedef struct sts_split {
    sts_pieces *out;
    sts_piece piece;
    sts_behavior behavior;
    bool held, match;  /* a stretch that may still grow, and whether the last one matched */
    size_t from, to;
} sts_split;

int sts_split_add(sts_split *s, size_t from, size_t to, bool match);
int sts_split_end(sts_split *s);

/* Cuts every piece at the characters that `is` picks out. */
int sts_split_at(const sts_pieces *in, sts_pieces *out, sts_behavior b, bool (*is)(uint32_t),
                 sts_err *err);

#endif
