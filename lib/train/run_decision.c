/* run_decision.c - what the selected model's cosines mean, by the dev set: thresholds of two
 * classes, and the scale of the scores. Becomes stsfit.json of RUN/model. */
#include "train/run.h"

#include "core/mem.h"
#include "eval/isotonic.h"

#include <math.h>

#define FEW 32 /* pairs: fewer say nothing about a scale */

static void add_thresholds(sts_json *json, const sts_figures *dev)
{
    double f1 = dev->value[STS_METRIC_cosine_f1_threshold];
    double accuracy = dev->value[STS_METRIC_cosine_accuracy_threshold];
    if (!(dev->has & STS_NEEDS_CLASSES) || isnan(f1) || isnan(accuracy)) return;
    sts_json *t = sts_json_add_object(json, "thresholds");
    sts_json_add_exact(t, "f1", f1);
    sts_json_add_exact(t, "accuracy", accuracy);
}

static int add_calibration(sts_json *json, const sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->dev.corpus;
    double lo, hi;
    size_t n;
    if (!c->score || !r->dev.after.x || c->n < FEW) return 0;
    double *x = sts_alloc(2 * c->n, sizeof *x);
    if (!x || sts_isotonic_fit(r->dev.after.x, c->score, c->n, x, x + c->n, &n)) {
        sts_free(x);
        return sts_fail_memory(err, "the calibration");
    }
    sts_corpus_scale(c, &r->train.corpus, &lo, &hi);
    sts_json *k = sts_json_add_object(json, "calibration");
    sts_json_add_number(k, "min", lo);
    sts_json_add_number(k, "max", hi);
    sts_json_put(k, "cosine", sts_json_new_numbers(x, (int)n));
    sts_json_put(k, "score", sts_json_new_numbers(x + c->n, (int)n));
    sts_free(x);
    return 0;
}

int sts_run_decide(sts_run *r, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *json = sts_json_new_object();
    sts_json_add_number(json, "schema", 1);
    sts_json_add_string(json, "tool", "stsfit");
    sts_json_add_number(json, "pairs", (double)r->dev.corpus.n);
    add_thresholds(json, &r->dev.after.figures);
    int rc = add_calibration(json, r, err);
    if (!rc && sts_json_denied() != since) rc = sts_fail_memory(err, "the thresholds");
    bool any = sts_json_get(json, "thresholds") || sts_json_get(json, "calibration");
    if (!rc && any) r->decision = json;
    else sts_json_free(json);
    return rc;
}
