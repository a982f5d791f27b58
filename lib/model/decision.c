/* decision.c - thresholds and calibration out of stsfit.json, strictly read. */
#include "model/decision.h"

#include "core/file.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

sts_json *sts_decision_load(const sts_model *m, sts_err *err)
{
    char *path = m->path ? sts_path_join(m->path, STS_DECISION) : NULL;
    sts_json *json = NULL;
    if (m->path && !path) sts_fail_memory(err, m->path);
    if (path && sts_path_taken(path)) json = sts_json_load(path, STS_MODEL, err);
    sts_free(path);
    return json;
}

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

/* ---- thresholds ---- */

static int stored_threshold(const sts_model *m, const char *choice, double *x, sts_err *err)
{
    sts_err why = {0};
    if (check_cosine(m, "give a number as --threshold", err)) return -1;
    sts_json *json = sts_decision_load(m, &why);
    const sts_json *found = sts_json_get(sts_json_get(json, "thresholds"), choice);
    int rc = 0;
    if (sts_json_is_number(found)) *x = found->number;
    else if (why.code) rc = sts_fail(err, why.code, "%s", why.text);
    else
        rc = sts_fail(err, STS_MODEL, "%s: has no threshold of its own: give a number, or train it "
                      "with a dev set of two classes (--positive X)", show(m));
    sts_json_free(json);
    return rc;
}

int sts_model_threshold(const sts_model *m, const char *choice, double *x, sts_err *err)
{
    if (!strcmp(choice, "f1") || !strcmp(choice, "accuracy"))
        return stored_threshold(m, choice, x, err);
    if (sts_number_parse(choice, strlen(choice), x)) return 0;
    return sts_fail(err, STS_USAGE, "--threshold: '%.60s' is not a number, f1 or accuracy", choice);
}

/* ---- calibration ---- */

/* Numbers that never fall. */
static double *read_knots(const sts_json *list, size_t n, sts_err *err)
{
    double *x = sts_alloc(n, sizeof *x);
    size_t i = 0;
    if (!x) return sts_fail_memory(err, STS_DECISION), NULL;
    for (const sts_json *v = list->child; v && i < n; v = v->next, i++) {
        x[i] = sts_json_is_number(v) ? v->number : NAN;
        if (isfinite(x[i]) && (!i || x[i] >= x[i - 1])) continue;
        sts_free(x);
        return sts_fail(err, STS_MODEL, "%s: its calibration is not of ascending numbers",
                        STS_DECISION), NULL;
    }
    return x;
}

sts_calibration *sts_decision_calibration(const sts_json *decision, sts_err *err)
{
    const sts_json *c = sts_json_get(decision, "calibration");
    const sts_json *x = sts_json_get(c, "cosine"), *y = sts_json_get(c, "score");
    int n = sts_json_is_array(x) && sts_json_is_array(y) ? sts_json_size(x) : 0;
    if (!c) return NULL;
    if (n < 1 || sts_json_size(y) != n)
        return sts_fail(err, STS_MODEL, "%s: its calibration is not two lists of equal length",
                        STS_DECISION), NULL;
    sts_calibration *out = sts_alloc(1, sizeof *out);
    if (!out) return sts_fail_memory(err, STS_DECISION), NULL;
    *out = (sts_calibration){.n = (size_t)n, .hi = 1};
    sts_json_in in = {c, STS_DECISION, STS_MODEL, err};
    if (!sts_json_num(&in, "min", -1e300, 1e300, &out->lo) &&
        !sts_json_num(&in, "max", -1e300, 1e300, &out->hi) &&
        (out->cosine = read_knots(x, out->n, err)) && (out->score = read_knots(y, out->n, err)))
        return out;
    sts_calibration_free(out);
    return NULL;
}

sts_calibration *sts_calibration_load(const sts_model *m, sts_err *err)
{
    sts_err why = {0};
    if (check_cosine(m, "leave out --calibrate", err)) return NULL;
    sts_json *json = sts_decision_load(m, &why);
    sts_calibration *c = sts_decision_calibration(json, &why);
    sts_json_free(json);
    if (c) return c;
    if (why.code) sts_fail(err, why.code, "%s", why.text);
    else
        sts_fail(err, STS_MODEL, "%s: has no calibration: train it with a dev set that has scores",
                 show(m));
    return NULL;
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
    size_t at = 0;
    while (at < c->n && c->cosine[at] < cosine) at++;
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
