/* run_decision.c - what the selected model's cosines mean, by the dev set: thresholds of two
 * classes, and the scale of the scores. Becomes stsfit.json of RUN/model. */
#include "train/run.h"

#include "core/mem.h"
#include "eval/isotonic.h"

#define FEW 32 /* pairs: fewer say nothing about a scale */

static void add_thresholds(cJSON *json, const cJSON *dev)
{
    const cJSON *f1 = sts_json_get(dev, "cosine_f1_threshold");
    const cJSON *accuracy = sts_json_get(dev, "cosine_accuracy_threshold");
    if (!cJSON_IsNumber(f1) || !cJSON_IsNumber(accuracy)) return;
    cJSON *t = cJSON_AddObjectToObject(json, "thresholds");
    sts_json_add_exact(t, "f1", f1->valuedouble);
    sts_json_add_exact(t, "accuracy", accuracy->valuedouble);
}

static int add_calibration(cJSON *json, const sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->dev.corpus;
    double lo, hi;
    size_t n;
    if (!c->score || !r->dev.after || c->n < FEW) return 0;
    double *x = sts_alloc(2 * c->n, sizeof *x);
    if (!x || sts_isotonic_fit(r->dev.after, c->score, c->n, x, x + c->n, &n)) {
        sts_free(x);
        return sts_fail_memory(err, "the calibration");
    }
    sts_corpus_scale(c, &r->train.corpus, &lo, &hi);
    cJSON *k = cJSON_AddObjectToObject(json, "calibration");
    cJSON_AddNumberToObject(k, "min", lo);
    cJSON_AddNumberToObject(k, "max", hi);
    sts_json_put(k, "cosine", cJSON_CreateDoubleArray(x, (int)n));
    sts_json_put(k, "score", cJSON_CreateDoubleArray(x + c->n, (int)n));
    sts_free(x);
    return 0;
}

int sts_run_decide(sts_run *r, sts_err *err)
{
    size_t since = sts_json_denied();
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "schema", 1);
    cJSON_AddStringToObject(json, "tool", "stsfit");
    cJSON_AddNumberToObject(json, "pairs", (double)r->dev.corpus.n);
    add_thresholds(json, sts_json_get(r->final, "dev"));
    int rc = add_calibration(json, r, err);
    if (!rc && sts_json_denied() != since) rc = sts_fail_memory(err, "the thresholds");
    bool any = sts_json_get(json, "thresholds") || sts_json_get(json, "calibration");
    if (!rc && any) r->decision = json;
    else cJSON_Delete(json);
    return rc;
}
