/* decision.c - thresholds and calibration: stsfit.json written, and strictly read. */
#include "model/decision.h"

#include "core/file.h"
#include "core/mem.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define COSINE_LIMIT 1.001 /* rounding may take a cosine past 1 */

/* ---- the file ---- */

/* The member `key` of a file, an object, into *part; its object is NULL where there is none. */
static int read_part(const sts_json_in *file, const char *key, sts_json_in *part)
{
    *part = *file;
    part->object = sts_json_get(file->object, key);
    if (sts_json_is_null(part->object)) part->object = NULL;
    if (!part->object || sts_json_is_object(part->object)) return 0;
    return sts_fail(file->err, file->code, "%s: \"%s\" must be an object", file->name, key);
}

/* A list of ascending numbers from min to max, newly allocated; *n: how many. */
static double *read_knots(const sts_json_in *in, const char *key, double min, double max, size_t *n)
{
    const sts_json *list = sts_json_get(in->object, key);
    size_t size = sts_json_is_array(list) ? (size_t)sts_json_size(list) : 0;
    double *x = size ? sts_alloc(size, sizeof *x) : NULL;
    if (size && !x) return sts_fail_memory(in->err, in->name), NULL;
    *n = 0;
    for (const sts_json *v = x ? list->child : NULL; v; v = v->next) {
        double at = sts_json_is_number(v) ? v->number : NAN;
        if (!(at >= (*n ? x[*n - 1] : min) && at <= max)) break;
        x[(*n)++] = at;
    }
    if (x && *n == size) return x;
    sts_free(x);
    return sts_fail(in->err, in->code, "%s: \"%s\" of its calibration must be ascending numbers "
                    "from %g to %g", in->name, key, ceil(min), floor(max)), NULL;
}

static int read_calibration(const sts_json_in *in, sts_calibration *c)
{
    size_t scores = 0;
    if (sts_json_num(in, "min", -DBL_MAX, DBL_MAX, &c->lo) ||
        sts_json_num(in, "max", -DBL_MAX, DBL_MAX, &c->hi))
        return -1;
    if (!(c->lo < c->hi) || !isfinite(c->hi - c->lo))
        return sts_fail(in->err, in->code, "%s: its calibration is from \"min\" %g to \"max\" %g, "
                        "which is not a scale", in->name, c->lo, c->hi);
    if (!(c->cosine = read_knots(in, "cosine", -COSINE_LIMIT, COSINE_LIMIT, &c->n)) ||
        !(c->score = read_knots(in, "score", 0, 1, &scores)))
        return -1;
    if (scores == c->n) return 0;
    return sts_fail(in->err, in->code, "%s: its calibration has %zu cosines and %zu scores",
                    in->name, c->n, scores);
}

static int read_decision(const sts_json_in *file, sts_decision *d)
{
    sts_json_in thresholds, calibration;
    if (!sts_json_is_object(file->object))
        return sts_fail(file->err, file->code, "%s: must be an object", file->name);
    if (read_part(file, "thresholds", &thresholds) ||
        read_part(file, "calibration", &calibration) ||
        sts_json_num(&thresholds, "f1", -COSINE_LIMIT, COSINE_LIMIT, &d->f1) ||
        sts_json_num(&thresholds, "accuracy", -COSINE_LIMIT, COSINE_LIMIT, &d->accuracy))
        return -1;
    if (!calibration.object) return 0;
    if (!(d->calibration = sts_alloc(1, sizeof *d->calibration)))
        return sts_fail_memory(file->err, file->name);
    *d->calibration = (sts_calibration){.hi = 1};
    return read_calibration(&calibration, d->calibration);
}

int sts_decision_keep(sts_model *m, sts_err *err)
{
    char *path = sts_path_join(m->path, STS_DECISION);
    if (!path) return sts_fail_memory(err, m->path);
    bool there = sts_path_taken(path);
    if (there)
        m->decision = sts_file_read(path, STS_JSON_LIMIT, STS_MODEL, &m->decision_size, err);
    sts_free(path);
    return there && !m->decision ? -1 : 0;
}

static int read_kept(const sts_model *m, const char *path, sts_decision *d, sts_err *err)
{
    sts_json *json = sts_json_parse(m->decision, m->decision_size, path, STS_MODEL, err);
    if (!json) return -1;
    sts_json_in file = {json, path, STS_MODEL, err};
    int rc = read_decision(&file, d);
    sts_json_free(json);
    return rc;
}

int sts_decision_load(const sts_model *m, sts_decision *d, sts_err *err)
{
    *d = sts_decision_none();
    if (!m->decision) return 0;
    char *path = sts_path_join(m->path, STS_DECISION);
    int rc = path ? read_kept(m, path, d, err) : sts_fail_memory(err, m->path);
    sts_free(path);
    if (!rc) return 0;
    sts_calibration_free(d->calibration);
    *d = sts_decision_none();
    return -1;
}

/* ---- writing ---- */

sts_decision sts_decision_none(void)
{
    return (sts_decision){.f1 = NAN, .accuracy = NAN};
}

bool sts_decision_any(const sts_decision *d)
{
    return !isnan(d->f1) || d->calibration;
}

static void add_calibration(sts_json *json, const sts_calibration *c)
{
    sts_json *k = sts_json_add_object(json, "calibration");
    sts_json_add_number(k, "min", c->lo);
    sts_json_add_number(k, "max", c->hi);
    sts_json_put(k, "cosine", sts_json_new_numbers(c->cosine, (int)c->n));
    sts_json_put(k, "score", sts_json_new_numbers(c->score, (int)c->n));
}

int sts_decision_save(const sts_decision *d, size_t pairs, const char *path, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *json = sts_json_new_object();
    sts_json_add_number(json, "schema", 1);
    sts_json_add_string(json, "tool", "stsfit");
    sts_json_add_number(json, "pairs", (double)pairs);
    if (!isnan(d->f1)) {
        sts_json *t = sts_json_add_object(json, "thresholds");
        sts_json_add_exact(t, "f1", d->f1);
        sts_json_add_exact(t, "accuracy", d->accuracy);
    }
    if (d->calibration) add_calibration(json, d->calibration);
    int rc = sts_json_save_whole(json, since, path, err);
    sts_json_free(json);
    return rc;
}

/* ---- thresholds ---- */

static const char *show(const sts_model *m)
{
    return m->dir ? m->dir : m->name;
}

/* What is stored is of cosines: a model that is meant for another similarity has no use for it. */
static int check_cosine(const sts_model *m, const char *remedy, sts_err *err)
{
    if (!m->similarity || !strcmp(m->similarity, "cosine")) return 0;
    return sts_fail(err, STS_MODEL, "%s: its similarity is %s, but what training stored is of the "
                    "cosine: %s", show(m), m->similarity, remedy);
}

static int stored_threshold(const sts_model *m, const char *choice, double *x, sts_err *err)
{
    sts_decision d;
    if (check_cosine(m, "give a number as --threshold", err) || sts_decision_load(m, &d, err))
        return -1;
    sts_calibration_free(d.calibration);
    *x = strcmp(choice, "f1") ? d.accuracy : d.f1;
    if (!isnan(*x)) return 0;
    return sts_fail(err, STS_MODEL, "%s: has no threshold of its own: give a number, or train it "
                    "with a dev set of two classes (--positive X)", show(m));
}

int sts_model_threshold(const sts_model *m, const char *choice, double *x, sts_err *err)
{
    if (sts_require(choice, "--threshold", err) || sts_require(x, "threshold", err)) return -1;
    if (!strcmp(choice, "f1") || !strcmp(choice, "accuracy"))
        return stored_threshold(m, choice, x, err);
    if (sts_number_parse(choice, strlen(choice), x)) return 0;
    return sts_fail(err, STS_USAGE, "--threshold: '%.60s' is not a number, f1 or accuracy", choice);
}

/* ---- calibration ---- */

sts_calibration *sts_calibration_load(const sts_model *m, sts_err *err)
{
    sts_decision d;
    if (check_cosine(m, "leave out --calibrate", err) || sts_decision_load(m, &d, err)) return NULL;
    if (!d.calibration)
        sts_fail(err, STS_MODEL, "%s: has no calibration: train it with a dev set that has scores",
                 show(m));
    return d.calibration;
}

/* Between knots `at` - 1 and `at`. */
static double between(const sts_calibration *c, size_t at, double x)
{
    double from = c->cosine[at - 1], to = c->cosine[at];
    double part = to > from ? (x - from) / (to - from) : 1;
    return c->score[at - 1] + part * (c->score[at] - c->score[at - 1]);
}

double sts_calibration_apply(const sts_calibration *c, double cosine)
{
    size_t at = 0, end = c->n; /* the first knot that is not below */
    while (at < end) {
        size_t middle = at + (end - at) / 2;
        if (c->cosine[middle] < cosine) at = middle + 1;
        else end = middle;
    }
    double y = c->score[at < c->n ? at : c->n - 1];
    if (at && at < c->n) y = between(c, at, cosine);
    return c->lo + y * (c->hi - c->lo);
}

void sts_calibration_free(sts_calibration *c)
{
    if (!c) return;
    sts_free(c->cosine);
    sts_free(c->score);
    sts_free(c);
}
