/* search_file.c - the trials of a search in tune.json: written as they end, read to continue. */
#include "train/search.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

static const char *const STATUS[] = {
    [STS_TRIAL_COMPLETED] = "completed",
    [STS_TRIAL_BEHIND] = "stopped early",
    [STS_TRIAL_DIVERGED] = "diverged",
};
#define STATUSES (sizeof STATUS / sizeof *STATUS)

const char *sts_trial_status_name(sts_trial_status status)
{
    return STATUS[status];
}

/* ---- writing ---- */

static void add_curve(sts_json *trial, const sts_search_trial *t)
{
    sts_json *curve = t->n_curve ? sts_json_add_array(trial, "curve") : NULL;
    for (size_t i = 0; i < t->n_curve; i++) {
        sts_json *point = sts_json_new_object();
        sts_json_add_exact(point, "share", t->curve[i].share);
        sts_json_add_exact(point, "value", t->curve[i].value);
        sts_json_append(curve, point);
    }
}

static void add_folds(sts_json *trial, const sts_search_trial *t)
{
    if (!t->n_fold) return;
    sts_json_put(trial, "folds", sts_json_new_numbers(t->fold, (int)t->n_fold));
    if (!isnan(t->ci95[0])) sts_json_put(trial, "ci95", sts_json_new_numbers(t->ci95, 2));
}

static sts_json *trial_json(const sts_search *s, size_t i)
{
    const sts_search_trial *t = &s->v[i];
    sts_json *trial = sts_json_new_object();
    sts_json_add_number(trial, "trial", (double)i + 1);
    if (t->of != i) sts_json_add_number(trial, "repeats", (double)t->of + 1);
    sts_json_add_number(trial, "seed", (double)t->seed);
    sts_json_add_string(trial, "status", STATUS[t->status]);
    if (isnan(t->value)) sts_json_add_null(trial, "value");
    else sts_json_add_exact(trial, "value", t->value);
    sts_json_add_number(trial, "seconds", t->seconds);
    sts_settings_json(sts_json_add_object(trial, "options"), &s->space, &t->settings);
    add_curve(trial, t);
    add_folds(trial, t);
    return trial;
}

void sts_search_json(sts_json *report, const sts_search *s)
{
    if (s->metric) sts_json_add_string(report, "metric", s->metric->name);
    sts_json_add_number(report, "seconds", s->seconds);
    sts_json_add_number(report, "published", (double)s->published);
    sts_json *list = sts_json_add_array(report, "trials");
    for (size_t i = 0; i < s->n; i++) sts_json_append(list, trial_json(s, i));
}

/* ---- reading: the file may be a stranger's ---- */

static int wrong(const sts_json_in *in, size_t i, const char *what)
{
    return sts_fail(in->err, in->code, "%s: trial %zu: %s", in->name, i + 1, what);
}

static int read_status(sts_search_trial *t, const sts_json_in *in, size_t i)
{
    const char *text = NULL;
    if (sts_json_text(in, "status", &text)) return -1;
    for (size_t k = 0; k < STATUSES; k++) {
        if (!text || strcmp(text, STATUS[k]) != 0) continue;
        t->status = (sts_trial_status)k;
        return 0;
    }
    return wrong(in, i, "\"status\" is not one that trials have");
}

static int read_curve(sts_search_trial *t, const sts_json_in *in, size_t i)
{
    const sts_json *curve = sts_json_get(in->object, "curve");
    double last = 0;
    for (const sts_json *p = curve ? curve->child : NULL; p; p = p->next) {
        sts_json_in point = {p, in->name, in->code, in->err};
        double share = -1, value = NAN;
        if (t->n_curve == STS_SEARCH_CURVE) return wrong(in, i, "\"curve\" has too many points");
        if (!sts_json_is_object(p) || sts_json_num(&point, "share", 0, 1, &share) ||
            sts_json_num(&point, "value", -1e300, 1e300, &value) || share < last || isnan(value))
            return wrong(in, i, "\"curve\" is malformed");
        t->curve[t->n_curve++] = (sts_trial_point){share, value};
        last = share;
    }
    return 0;
}

/* Numbers of a list, `limit` at most, into out; *n of them. */
static int read_list(const sts_json_in *in, size_t i, const char *key, size_t limit, double *out,
                     size_t *n)
{
    const sts_json *list = sts_json_get(in->object, key);
    for (const sts_json *x = list ? list->child : NULL; x; x = x->next) {
        if (*n == limit || !sts_json_is_number(x))
            return wrong(in, i, "\"folds\" or \"ci95\" is malformed");
        out[(*n)++] = x->number;
    }
    return 0;
}

/* Its own number, and that of the trial that it repeats with another seed. */
static int read_place(sts_search_trial *t, const sts_search *s, const sts_json_in *in, size_t i)
{
    int64_t seed = 0, number = (int64_t)i + 1, of = number;
    if (sts_json_int(in, "trial", number, number, &number) ||
        sts_json_int(in, "repeats", 1, number, &of) ||
        sts_json_int(in, "seed", 0, INT64_C(1) << 53, &seed))
        return -1;
    t->of = (size_t)of - 1;
    t->seed = (uint64_t)seed;
    bool first = t->of == i, own = t->seed == s->seed;
    bool later = !first && s->v[t->of].of == t->of && t->seed > s->seed;
    return (first && own) || later ? 0 : wrong(in, i, "\"seed\" or \"repeats\" is wrong");
}

/* Whether training would take the options. */
static int check_options(const sts_search *s, const sts_search_trial *t, sts_err *err)
{
    sts_train_options o = sts_train_defaults();
    sts_settings_text text;
    return sts_settings_apply(&s->space, &t->settings, &o, text, err);
}

static int read_trial(sts_search *s, const sts_json *json, size_t i, const char *name, sts_err *err)
{
    sts_json_in in = {json, name, STS_DATA, err};
    sts_json_in options = {sts_json_get(json, "options"), name, STS_DATA, err};
    sts_search_trial t = {.value = NAN, .ci95 = {NAN, NAN}};
    sts_err why = {0};
    size_t n = 0;
    if (!i) sts_search_start(&s->space, options.object);
    if (!sts_json_is_object(json) || !sts_json_is_object(options.object))
        return wrong(&in, i, "is malformed");
    if (read_place(&t, s, &in, i) || read_status(&t, &in, i) ||
        sts_json_num(&in, "value", -1e300, 1e300, &t.value) ||
        sts_json_num(&in, "seconds", 0, 1e9, &t.seconds) || read_curve(&t, &in, i) ||
        read_list(&in, i, "folds", s->folds, t.fold, &t.n_fold) ||
        read_list(&in, i, "ci95", 2, t.ci95, &n) ||
        sts_settings_read(&t.settings, &s->space, &options))
        return -1;
    if (t.status == STS_TRIAL_COMPLETED && isnan(t.value)) return wrong(&in, i, "has no value");
    if (check_options(s, &t, &why)) return wrong(&in, i, why.text);
    return sts_search_add(s, &t, err);
}

static int read_metric(sts_search *s, const sts_json_in *in)
{
    const char *name = NULL;
    if (sts_json_text(in, "metric", &name)) return -1;
    s->metric = name ? sts_metric_find(name) : NULL;
    if (!name || s->metric) return 0;
    return sts_fail(in->err, in->code, "%s: \"metric\": '%.60s' is not a metric", in->name, name);
}

int sts_search_read(sts_search *s, const sts_json *report, const char *name, sts_err *err)
{
    sts_json_in in = {report, name, STS_DATA, err};
    const sts_json *list = sts_json_get(report, "trials");
    int64_t published = 0;
    size_t i = 0;
    if (read_metric(s, &in) || sts_json_num(&in, "seconds", 0, 1e9, &s->seconds)) return -1;
    for (const sts_json *t = list ? list->child : NULL; t; t = t->next, i++) {
        if (i == STS_SEARCH_TRIALS) return wrong(&in, i, "is one more than a search has");
        if (read_trial(s, t, i, name, err)) return -1;
    }
    if (s->n && !s->metric) return sts_fail(err, STS_DATA, "%s: \"metric\" is missing", name);
    if (sts_json_int(&in, "published", 0, (int64_t)s->n, &published)) return -1;
    s->published = (size_t)published;
    return 0;
}
