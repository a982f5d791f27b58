/* survey_json.c - a survey as JSON. Members keep their names from run to run: scripts read them. */
#include "data/survey.h"

#include <string.h>

/* Adding gives NULL when memory is out; that is remembered and reported once, at the end. */
typedef struct out {
    bool failed;
} out;

static void num(out *o, sts_json *to, const char *key, double x)
{
    if (!to || !sts_json_add_number(to, key, x)) o->failed = true;
}

/* Texts of a file may hold bytes that are not UTF-8, paths above all. */
static void text(out *o, sts_json *to, const char *key, const char *s)
{
    char shown[1100];
    sts_quote(shown, sizeof shown, s, strlen(s));
    if (!to || !sts_json_add_string(to, key, shown)) o->failed = true;
}

static sts_json *object(out *o, sts_json *to, const char *key)
{
    sts_json *x = to ? sts_json_add_object(to, key) : NULL;
    if (!x) o->failed = true;
    return x;
}

static sts_json *array(out *o, sts_json *to, const char *key)
{
    sts_json *x = to ? sts_json_add_array(to, key) : NULL;
    if (!x) o->failed = true;
    return x;
}

/* A new object at the end of a list. */
static sts_json *item(out *o, sts_json *list)
{
    sts_json *x = sts_json_new_object();
    if (x && list && sts_json_push(list, x)) return x;
    sts_json_free(x);
    o->failed = true;
    return NULL;
}

/* Reasons that never occurred are left out. */
static void add_skipped(out *o, sts_json *to, const sts_dataset *d)
{
    sts_json *skipped = object(o, to, "skipped");
    for (int k = 0; k < STS_SKIP_COUNT; k++)
        if (d->skipped[k]) num(o, skipped, sts_skip_name((sts_skip)k), (double)d->skipped[k]);
}

static void add_scores(out *o, sts_json *to, const sts_survey_file *f)
{
    sts_json *scores = object(o, to, "scores");
    num(o, scores, "range_min", f->data->score_min);
    num(o, scores, "range_max", f->data->score_max);
    num(o, scores, "min", f->low);
    num(o, scores, "max", f->high);
    num(o, scores, "mean", f->mean);
    double width = (f->data->score_max - f->data->score_min) / STS_SURVEY_BINS;
    num(o, scores, "bin_width", f->whole ? 1 : width);
    sts_json *bins = array(o, scores, "histogram");
    for (size_t k = 0; k < f->n_bins && bins; k++) {
        sts_json *x = sts_json_new_number((double)f->histogram[k]);
        if (!x || !sts_json_push(bins, x)) o->failed = true;
    }
}

static void add_lengths(out *o, sts_json *to, const char *key, const uint64_t v[STS_LENGTH_COUNT])
{
    sts_json *lengths = object(o, to, key);
    for (int k = 0; k < STS_LENGTH_COUNT; k++) num(o, lengths, sts_length_names[k], (double)v[k]);
}

/* {"count": all, "first": [some of them]} */
static void add_findings(out *o, sts_json *to, const char *key, const sts_survey *s,
                         const sts_survey_file *f, const sts_findings *list)
{
    sts_json *x = object(o, to, key);
    num(o, x, "count", (double)list->n);
    sts_json *first = array(o, x, "first");
    for (size_t i = 0; i < list->n && i < STS_SURVEY_SHOWN; i++) {
        const sts_finding *y = &list->first[i];
        sts_json *one = item(o, first);
        num(o, one, "line", (double)y->line);
        if (f->data->scored) num(o, one, "score", y->score);
        if (list == &f->identical) continue;
        text(o, one, "other_file", s->file[y->other_file].path);
        num(o, one, "other_line", (double)y->other_line);
        if (f->data->scored) num(o, one, "other_score", y->other_score);
    }
}

static void add_faults(out *o, sts_json *to, const sts_survey_file *f)
{
    sts_json *faults = object(o, to, "faults");
    num(o, faults, "count", (double)f->n_faults);
    sts_json *first = array(o, faults, "first");
    for (size_t i = 0; i < f->n_faults && i < STS_SURVEY_SHOWN; i++) {
        sts_json *one = item(o, first);
        num(o, one, "line", (double)f->fault[i].line);
        text(o, one, "reason", sts_skip_name(f->fault[i].why));
        text(o, one, "text", f->fault[i].text);
    }
}

static void add_unscored(out *o, sts_json *to, const sts_survey *s, const sts_survey_file *f)
{
    num(o, to, "distinct_pairs", (double)f->distinct);
    num(o, to, "distinct_texts", (double)f->texts);
    num(o, to, "equal_pairs", (double)f->equal);
    num(o, to, "pairs_sharing_texts", (double)f->sharing);
    add_findings(o, to, "shared_texts", s, f, &f->shared);
    add_findings(o, to, "near_duplicates", s, f, &f->near);
}

/* A file that could not be understood has "file" and "problem" only. */
static void add_file(out *o, sts_json *list, const sts_survey *s, const sts_survey_file *f)
{
    sts_json *x = item(o, list);
    text(o, x, "file", f->path);
    if (f->problem[0]) text(o, x, "problem", f->problem);
    if (!f->data) return;
    text(o, x, "format", f->data->format);
    text(o, x, "detected", f->data->detected);
    num(o, x, "rows_read", (double)f->data->n_read);
    num(o, x, "rows_used", (double)f->data->n);
    add_skipped(o, x, f->data);
    if (f->data->n && f->data->scored) add_scores(o, x, f);
    if (f->data->n) {
        add_lengths(o, x, "characters", f->characters);
        add_lengths(o, x, "words", f->words);
    }
    if (f->data->n && !f->data->scored && f->data->n_texts == 2) add_unscored(o, x, s, f);
    if (f->truncated >= 0) num(o, x, "truncated", (double)f->truncated);
    add_findings(o, x, "duplicates", s, f, &f->duplicates);
    add_findings(o, x, "conflicts", s, f, &f->conflicts);
    add_findings(o, x, "identical_low", s, f, &f->identical);
    add_faults(o, x, f);
}

static void add_leak(out *o, sts_json *list, const sts_survey *s, const sts_leak *k)
{
    sts_json *x = item(o, list);
    text(o, x, "file", s->file[k->file].path);
    text(o, x, "other_file", s->file[k->other].path);
    num(o, x, "pairs", (double)k->pairs);
    num(o, x, "sentences", (double)k->sentences);
    if (!k->pairs) return;
    num(o, x, "line", (double)k->line);
    num(o, x, "other_line", (double)k->other_line);
}

sts_json *sts_survey_json(const sts_survey *s)
{
    out o = {false};
    sts_json *root = sts_json_new_object();
    sts_json *files = array(&o, root, "files");
    for (size_t i = 0; i < s->n_files; i++) add_file(&o, files, s, &s->file[i]);
    sts_json *leaks = array(&o, root, "leaks");
    for (size_t i = 0; i < s->n_leaks; i++) add_leak(&o, leaks, s, &s->leak[i]);
    num(&o, root, "faults", (double)sts_survey_faults(s));
    if (!o.failed) return root;
    sts_json_free(root);
    return NULL;
}
