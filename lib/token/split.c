/* split.c - the five ways of cutting at matches. */
#include "token/split.h"

#include "token/unicode.h"

#include <string.h>

int sts_behavior_load(const sts_json_in *in, sts_behavior *b)
{
    static const char *const name[] = {"Removed", "Isolated", "MergedWithPrevious",
                                       "MergedWithNext", "Contiguous"};
    const char *s = NULL;
    if (sts_need_text(in, "behavior", &s)) return -1;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        if (strcmp(s, name[i])) continue;
        *b = (sts_behavior)i;
        return 0;
    }
    return sts_refuse(in, "behavior", s);
}

/* Does this stretch continue the held one? */
static bool joins(const sts_split *s, bool match)
{
    if (!s->held) return false;
    switch (s->behavior) {
    case STS_MERGED_PREVIOUS: return match && !s->match;
    case STS_MERGED_NEXT: return !match && s->match;
    default: return match == s->match; /* contiguous */
    }
}

int sts_split_end(sts_split *s)
{
    bool held = s->held;
    s->held = false;
    return held ? sts_pieces_add(s->out, s->piece, s->from, s->to - s->from) : 0;
}

int sts_split_add(sts_split *s, size_t from, size_t to, bool match)
{
    if (s->behavior == STS_REMOVED && match) return 0;
    if (s->behavior == STS_REMOVED || s->behavior == STS_ISOLATED)
        return sts_pieces_add(s->out, s->piece, from, to - from);
    if (!joins(s, match)) {
        if (sts_split_end(s)) return -1;
        s->from = from;
    }
    s->held = true;
    s->to = to;
    s->match = match;
    return 0;
}

/* One piece at s. */
static int split_piece(sts_split *to, const char *s, bool (*is)(uint32_t))
{
    size_t from = 0, k;
    for (size_t i = 0; i < to->piece.n; i += k) {
        uint32_t cp;
        k = sts_utf8_get(s + i, &cp);
        if (!is(cp)) continue;
        if ((from < i && sts_split_add(to, from, i, false)) || sts_split_add(to, i, i + k, true))
            return -1;
        from = i + k;
    }
    if (from < to->piece.n && sts_split_add(to, from, to->piece.n, false)) return -1;
    return sts_split_end(to);
}

int sts_split_at(const sts_pieces *in, sts_pieces *out, sts_behavior b, bool (*is)(uint32_t),
                 sts_err *err)
{
    for (size_t i = 0; i < in->n; i++) {
        sts_split to = {.out = out, .piece = in->v[i], .behavior = b};
        if (split_piece(&to, in->s + in->v[i].at, is)) return sts_fail_memory(err, "a text");
    }
    return 0;
}
