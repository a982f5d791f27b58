/* cut_scripts.c - UnicodeScripts: cuts where the script changes. */
#include "token/parts.h"
#include "token/unicode.h"
#include "token/unicode_tables.h"

/* The script's number; 0 goes with anything (blanks, unassigned). */
static unsigned script_of(uint32_t cp)
{
    const sts_script_range *r = sts_range_script;
    size_t lo = 0, hi = sts_range_script_n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cp > r[mid].last) lo = mid + 1;
        else hi = mid;
    }
    return lo < sts_range_script_n && r[lo].first <= cp ? r[lo].script : 0;
}

/* What comes before the first character with a script is lost, as in the reference. */
static int cut(const char *s, sts_piece p, sts_pieces *out)
{
    size_t from = 0, k;
    unsigned last = 0;
    for (size_t i = 0; i < p.n; i += k) {
        uint32_t cp;
        k = sts_utf8_get(s + i, &cp);
        unsigned script = script_of(cp);
        if (script == 0 || script == last) continue;
        if (last && sts_pieces_add(out, p, from, i - from)) return -1;
        last = script;
        from = i;
    }
    return last ? sts_pieces_add(out, p, from, p.n - from) : 0;
}

static int split(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    (void)self;
    for (size_t i = 0; i < in->n; i++)
        if (cut(in->s + in->v[i].at, in->v[i], out)) return sts_fail_memory(err, "a text");
    return 0;
}

const sts_part_type sts_pretokenizer_scripts = {.name = "UnicodeScripts", .split = split};
