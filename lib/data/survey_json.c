/* survey_json.c - a survey as JSON. Members keep their names from run to run: scripts read them. */
#include "data/survey.h"

#include <string.h>

/* cJSON's adders give NULL when memory is out; that is remembered and reported once, at the end. */
typedef struct out {
    bool failed;
} out;

static void num(out *o, cJSON *to, const char *key, double x)
{
    if (!to || !sts_json_add_num(to, key, x)) o->failed = true;
}

/* Texts of a file may hold bytes that are not UTF-8, paths above all. */
static void text(out *o, cJSON *to, const char *key, const char *s)
{
    char shown[1100];
    sts_quote(shown, sizeof shown, s, strlen(s));
    if (!to || !cJSON_AddStringToObject(to, key, shown)) o->failed = true;
}

static cJSON *object(out *o, cJSON *to, const char *key)
{
    cJSON *x = to ? cJSON_AddObjectToObject(to, key) : NULL;
    if (!x) o->failed = true;
    return x;
}

static cJSON *array(out *o, cJSON *to, const char *key)
{
    cJSON *x = to ? cJSON_AddArrayToObject(to, key) : NULL;
    if (!x) o->failed = true;
    return x;
}

/* A new object at the end of a list. */
static cJSON *item(out *o, cJSON *list)
{
    cJSON *x = cJSON_CreateObject();
    if (x && list && cJSON_AddItemToArray(list, x)) return x;
    cJSON_Delete(x);
    o->failed = true;
    return NULL;
}

/* Reasons that never occurred are left out. */
static void add_skipped(out *o, cJSON *to, const sts_dataset *d)
{
    cJSON *skipped = object(o, to, "skipped");
    for (int k = 0; k < STS_SKIP_COUNT; k++)
        if (d->skipped[k]) num(o, skipped, sts_skip_name((sts_skip)k), (double)d->skipped[k]);
}

static void add_scores(out *o, cJSON *to, const sts_survey_file *f)
{
    cJSON *scores = object(o, to, "scores");
    num(o, scores, "range_min", f->data->score_min);
    num(o, scores, "range_max", f->data->score_max);
    num(o, scores, "min", f->low);
    num(o, scores, "max", f->high);
    num(o, scores, "mean", f->mean);
    double width = (f->data->score_max - f->data->score_min) / STS_SURVEY_BINS;
    num(o, scores, "bin_width", f->whole ? 1 : width);
    cJSON *bins = array(o, scores, "histogram");
    for (size_t k = 0; k < f->n_bins && bins; k++) {
        cJSON *x = cJSON_CreateNumber((double)f->histogram[k]);
        if (!x || !cJSON_AddItemToArray(bins, x)) o->failed = true;
    }
}

static void add_lengths(out *o, cJSON *to, const char *key, const uint64_t v[STS_LENGTH_COUNT])
{
    cJSON *lengths = object(o, to, key);
    for (int k = 0; k < STS_LENGTH_COUNT; k++) num(o, lengths, sts_length_names[k], (double)v[k]);
}

/* {"count": all, "first": [some of them]} */
static void add_findings(out *o, cJSON *to, const char *key, const sts_survey *s,
                         const sts_survey_file *f, const sts_findings *list)
{
    cJSON *x = object(o, to, key);
    num(o, x, "count", (double)list->n);
    cJSON *first = array(o, x, "first");
    for (size_t i = 0; i < list->n && i < STS_SURVEY_SHOWN; i++) {
        const sts_finding *y = &list->first[i];
        cJSON *one = item(o, first);
        num(o, one, "line", (double)y->line);
        if (f->data->scored) num(o, one, "score", y->score);
        if (list == &f->identical) continue;
        text(o, one, "other_file", s->file[y->other_file].path);
        num(o, one, "other_line", (double)y->other_line);
        if (f->data->scored) num(o, one, "other_score", y->other_score);
    }
}

static void add_faults(out *o, cJSON *to, const sts_survey_file *f)
{
    cJSON *faults = object(o, to, "faults");
    num(o, faults, "count", (double)f->n_faults);
    cJSON *first = array(o, faults, "first");
    for (size_t i = 0; i < f->n_faults && i < STS_SURVEY_SHOWN; i++) {
        cJSON *one = item(o, first);
        num(o, one, "line", (double)f->fault[i].line);
        text(o, one, "reason", sts_skip_name(f->fault[i].why));
        text(o, one, "text", f->fault[i].text);
    }
}

static void add_unscored(out *o, cJSON *to, const sts_survey *s, const sts_survey_file *f)
{
    num(o, to, "distinct_pairs", (double)f->distinct);
    num(o, to, "distinct_texts", (double)f->texts);
    num(o, to, "equal_pairs", (double)f->equal);
    num(o, to, "pairs_sharing_texts", (double)f->sharing);
    add_findings(o, to, "shared_texts", s, f, &f->shared);
    add_findings(o, to, "near_duplicates", s, f, &f->near);
}

/* A file that could not be understood has "file" and "problem" only. */
static void add_file(out *o, cJSON *list, const sts_survey *s, const sts_survey_file *f)
{
    cJSON *x = item(o, list);
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

static void add_leak(out *o, cJSON *list, const sts_survey *s, const sts_leak *k)
{
    cJSON *x = item(o, list);
    text(o, x, "file", s->file[k->file].path);
    text(o, x, "other_file", s->file[k->other].path);
    num(o, x, "pairs", (double)k->pairs);
    num(o, x, "sentences", (double)k->sentences);
    if (!k->pairs) return;
    num(o, x, "line", (double)k->line);
    num(o, x, "other_line", (double)k->other_line);
}

cJSON *sts_survey_json(const sts_survey *s)
{
    out o = {false};
    cJSON *root = cJSON_CreateObject();
    cJSON *files = array(&o, root, "files");
    for (size_t i = 0; i < s->n_files; i++) add_file(&o, files, s, &s->file[i]);
    cJSON *leaks = array(&o, root, "leaks");
    for (size_t i = 0; i < s->n_leaks; i++) add_leak(&o, leaks, s, &s->leak[i]);
    num(&o, root, "faults", (double)sts_survey_faults(s));
    if (!o.failed) return root;
    cJSON_Delete(root);
    return NULL;
}
