/* run_decision.c - what the selected model's cosines mean, by the dev set: thresholds of two
 * classes, and the scale of the scores. Becomes stsfit.json of RUN/model. */
#include "train/run.h"

#include "core/mem.h"
#include "eval/isotonic.h"

#include <math.h>

#define FEW 32 /* pairs: fewer say nothing about a scale */

static void find_thresholds(sts_decision *d, const sts_figures *dev)
{
    double f1 = dev->value[STS_METRIC_cosine_f1_threshold];
    double accuracy = dev->value[STS_METRIC_cosine_accuracy_threshold];
    if (!(dev->has & STS_NEEDS_CLASSES) || isnan(f1) || isnan(accuracy)) return;
    d->f1 = f1;
    d->accuracy = accuracy;
}

static int calibrate(sts_calibration *k, const sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->dev.corpus;
    k->cosine = sts_alloc(c->n, sizeof *k->cosine);
    k->score = sts_alloc(c->n, sizeof *k->score);
    if (!k->cosine || !k->score ||
        sts_isotonic_fit(r->dev.after.x, c->score, c->n, k->cosine, k->score, &k->n))
        return sts_fail_memory(err, "the calibration");
    sts_corpus_scale(c, &r->train.corpus, &k->lo, &k->hi);
    return 0;
}

int sts_run_decide(sts_run *r, sts_err *err)
{
    const sts_part *dev = &r->dev;
    find_thresholds(&r->decision, &dev->after.figures);
    if (!dev->corpus.score || !dev->after.x || dev->corpus.n < FEW) return 0;
    r->decision.calibration = sts_alloc(1, sizeof *r->decision.calibration);
    if (!r->decision.calibration) return sts_fail_memory(err, "the calibration");
    return calibrate(r->decision.calibration, r, err);
}
