/* scale.c - --score-range and --labels, and when to ask for them. */
#include "data/scale.h"

#include "core/decimal.h"
#include "data/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- --score-range MIN:MAX,FILE=MIN:MAX,... ---- */

typedef struct item {
    sts_str file; /* empty: for all files whose range is not known otherwise */
    double min, max;
} item;

/* "[FILE=]MIN:MAX", n bytes. A file's name may have '=' in it, a range cannot. */
static bool parse_item(const char *s, size_t n, item *it)
{
    const char *range = s;
    for (const char *p = s; p < s + n; p++)
        if (*p == '=') range = p + 1;
    it->file = (sts_str){s, range == s ? 0 : (size_t)(range - s) - 1};
    const char *end = s + n, *colon = memchr(range, ':', (size_t)(end - range));
    return colon && sts_number_parse(range, (size_t)(colon - range), &it->min) &&
           sts_number_parse(colon + 1, (size_t)(end - colon) - 1, &it->max) && it->min < it->max &&
           isfinite(it->max - it->min);
}

/* The next item from *s on: 1; 0 at the end; -1. It ends at the first comma that makes it whole,
 * since names may have commas too. */
static int next_item(const char **s, item *it, sts_err *err)
{
    if (!**s) return 0;
    for (size_t n = 0;; n++) {
        n += strcspn(*s + n, ",");
        if (parse_item(*s, n, it)) {
            *s += n + ((*s)[n] == ',');
            return 1;
        }
        if (!(*s)[n]) break;
    }
    return sts_fail(err, STS_USAGE, "--score-range: '%.200s' is not MIN:MAX or FILE=MIN:MAX with "
                    "MIN below MAX", *s);
}

/* A path may be NULL: none. */
static bool names(const item *it, const char *path)
{
    return path && it->file.n == strlen(path) && !memcmp(it->file.s, path, it->file.n);
}

static int parse_range(sts_scale *s, const char *spec, const char *path, sts_err *err)
{
    item it;
    int rc;
    while ((rc = next_item(&spec, &it, err)) > 0) {
        bool own = it.file.n;
        if (own ? !names(&it, path) : s->own) continue;
        s->ranged = true;
        s->own = own;
        s->min = it.min;
        s->max = it.max;
    }
    return rc;
}

bool sts_scale_names(const char *ranges, const char *path)
{
    item it;
    while (ranges && next_item(&ranges, &it, NULL) > 0)
        if (it.file.n && names(&it, path)) return true;
    return false;
}

int sts_scale_check(const sts_data_options *o, const char *const *paths, size_t n,
                    const char *const *beside, sts_err *err)
{
    item it;
    int rc;
    const char *s = o->score_range ? o->score_range : "";
    while ((rc = next_item(&s, &it, err)) > 0) {
        bool known = !it.file.n;
        for (size_t i = 0; i < n && !known; i++) known = names(&it, paths[i]);
        for (size_t i = 0; beside && i < STS_BESIDE && !known; i++) known = names(&it, beside[i]);
        if (!known)
            return sts_fail(err, STS_USAGE, "--score-range: no data file is called '%.*s'",
                            it.file.n < 200 ? (int)it.file.n : 200, it.file.s);
    }
    return rc;
}

/* ---- --labels NAME=VALUE,... ---- */

/* The next "NAME=VALUE" from *s on, VALUE in 0..1 or empty (NAN): 1; 0 at the end; -1. */
static int next_label(const char **s, sts_str *name, double *x)
{
    size_t n = strcspn(*s, ",");
    const char *eq = memchr(*s, '=', n), *p = *s;
    if (!*p) return 0;
    *s += n + (p[n] == ',');
    if (!eq) return -1;
    *name = (sts_str){p, (size_t)(eq - p)};
    *x = NAN;
    size_t len = (size_t)(p + n - eq) - 1;
    bool value = !len || (sts_number_parse(eq + 1, len, x) && *x >= 0 && *x <= 1);
    return value && name->n ? 1 : -1;
}

static int check_labels(const char *labels, sts_err *err)
{
    sts_str name;
    double x;
    int rc, n = 0;
    for (const char *s = labels; (rc = next_label(&s, &name, &x)) > 0;) n++;
    if (!rc && n) return 0;
    return sts_fail(err, STS_USAGE, "--labels: '%.200s' is not NAME=VALUE,... with values from 0 "
                    "to 1 (or none: such rows are left out)", labels);
}

int sts_label_find(const char *labels, sts_str label, double *x)
{
    sts_str name;
    while (next_label(&labels, &name, x) > 0)
        if (name.n == label.n && !memcmp(name.s, label.s, name.n)) return isnan(*x) ? 0 : 1;
    return -1;
}

int sts_scale_parse(sts_scale *s, const sts_data_options *o, const char *path, sts_err *err)
{
    *s = (sts_scale){.min = 0};
    if (o->score_range && parse_range(s, o->score_range, path, err)) return -1;
    if (!o->labels) return 0;
    if (check_labels(o->labels, err)) return -1;
    if (s->ranged && !s->own)
        return sts_fail(err, STS_USAGE, "--labels gives scores from 0 to 1: --score-range is for "
                        "other files then: FILE=MIN:MAX");
    if (!s->own) s->labels = o->labels;
    return 0;
}

/* ---- when to ask ---- */

void sts_extremes_add(sts_extremes *e, double x, bool inside)
{
    if (!e->n) e->whole = true;
    if (!e->n || x < e->low) e->low = x;
    if (!e->n || x > e->high) e->high = x;
    bool first = e->n == e->n_outside;
    if (inside && (first || x < e->low_in)) e->low_in = x;
    if (inside && (first || x > e->high_in)) e->high_in = x;
    e->whole = e->whole && x == floor(x);
    e->n_outside += !inside;
    e->n++;
}

/* Classes are whole numbers up to 2: 0 and 1, or those of NLI, with -1 for "none". */
static const char *ask_classes(const sts_extremes *e)
{
    if (!e->whole || e->low < -1) return NULL;
    if (e->high == 1 && e->low == 0)
        return "--score-range 0:1 (or 0:5); where 0 means alike: --labels 0=1,1=0";
    if (e->high != 2 || e->n < STS_SCORES_FEW) return NULL;
    return e->low < 0 ? "--score-range -1:2; for the classes of NLI (0: entailment): "
                        "--labels 0=1,1=0.5,2=0,-1="
                      : "--score-range 0:2 (or 0:5); for the classes of NLI (0: entailment): "
                        "--labels 0=1,1=0.5,2=0";
}

const char *sts_extremes_range(const sts_extremes *e, char out[80])
{
    static const double top[] = {1, 2, 3, 4, 5, 6, 7, 10, 100, 1000};
    char lo[32], hi[32];
    size_t k = 0;
    while (k < sizeof top / sizeof *top && top[k] < e->high) k++;
    if (k == sizeof top / sizeof *top || e->low < -top[k]) return "MIN:MAX";
    double from = e->low < 0 ? -top[k] : e->low >= 1 && top[k] < 10;
    snprintf(out, 80, "%s:%s", sts_decimal_format(from, lo), sts_decimal_format(top[k], hi));
    return out;
}

/* Scores all within 0..1 fit 0..5 too, but then mean something else; and so do those that stay
 * away from an end of it. */
const char *sts_extremes_ask(const sts_extremes *e, char out[256])
{
    char range[80];
    size_t inside = e->n - e->n_outside;
    const char *classes = ask_classes(e);
    if (classes) return classes;
    bool small = e->low < 0 && e->low >= -1 && e->high <= 1;
    if (small || e->n_outside * 4 > e->n || (e->n_outside > 1 && e->n_outside * 20 > e->n))
        return snprintf(out, 256, "--score-range %s", sts_extremes_range(e, range)), out;
    if (inside && e->low_in >= 0 && e->high_in <= 1) return "--score-range 0:1 (or 0:5)";
    if (inside < STS_SCORES_FEW || (e->low_in < 1 && e->high_in > 4)) return NULL;
    if (e->low_in == 5 && !e->n_outside) return NULL; /* the top of 1..5 as well: 1 either way */
    sts_extremes in = {.low = e->low_in, .high = e->high_in};
    return snprintf(out, 256, "--score-range %s (or 0:5)", sts_extremes_range(&in, range)), out;
}
