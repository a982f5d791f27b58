/* average.h - means of the weights of a run: what is asked for, which weights are in, and the file
 * in which a checkpoint keeps one. */
#ifndef STS_TRAIN_AVERAGE_H
#define STS_TRAIN_AVERAGE_H

#include "core/json.h"
#include "eval/metric_table.h"
#include "model/params.h"

#define STS_AVERAGE_LIMIT 100 /* weights in a mean */

typedef enum {
    STS_AVERAGE_NONE,
    STS_AVERAGE_LAST, /* of the last n evaluations */
    STS_AVERAGE_BEST, /* of the n best evaluations */
    STS_AVERAGE_EMA   /* exponential, of all steps */
} sts_average_kind;

/* Weights that were evaluated: those of a step, in its checkpoint. */
typedef struct sts_average_point {
    uint64_t step;
    double value; /* of the deciding metric; NAN without a dev set */
} sts_average_point;

typedef struct sts_average {
    sts_average_kind kind;
    size_t limit;  /* points in the mean */
    double decay;
    sts_average_point point[STS_AVERAGE_LIMIT]; /* in the mean now, by step */
    size_t n;
    float *mean;   /* [params->count] of the points at step `step`; NULL for the others */
    uint64_t step;
} sts_average;

/* Reads last:K, best:K or ema:D; NULL: no average. 0, or -1 (STS_USAGE). */
int sts_average_parse(sts_average *a, const char *text, sts_err *err);

/* Takes a point in, if it belongs there: one that is in goes, when there are too many. Whether it
 * was taken in. `m` says what is better. */
bool sts_average_admit(sts_average *a, const sts_metric_row *m, sts_average_point p);

/* The points as JSON, and back: 0, or -1 (STS_MODEL). Steps are at most `step`. */
sts_json *sts_average_json(const sts_average *a);
int sts_average_restore(sts_average *a, const sts_json *points, uint64_t step, const char *name,
                        sts_err *err);

/* Weights laid out as p's in a file of their own, and back. */
int sts_average_save(const char *path, const sts_params *p, const float *mean, sts_err *err);
int sts_average_load(const char *path, const sts_params *p, float *mean, sts_err *err);

#endif
