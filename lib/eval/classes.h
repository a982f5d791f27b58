/* classes.h - similarities against two classes, as sentence-transformers'
 * BinaryClassificationEvaluator: the best thresholds, what they come to, and average precision. */
#ifndef STS_EVAL_CLASSES_H
#define STS_EVAL_CLASSES_H

#include "eval/order.h"

#include <stdbool.h>

typedef struct sts_classes {
    double accuracy, accuracy_threshold; /* the best accuracy, and where it is */
    double f1, f1_threshold;             /* likewise; the following three are at f1_threshold */
    double precision, recall, mcc;
    double ap;
    const char *status; /* why there are none (static text), or NULL */
} sts_classes;

/* What one threshold comes to: similarities of at least so much are predicted to be positive. */
typedef struct sts_confusion {
    double tp, fp, fn, tn; /* rows */
} sts_confusion;

/* Of n similarities x, rounded to float32 as the reference has them, so that ties are its ties. A
 * threshold is midway between two neighbours. -1 when memory is out. */
int sts_classes_find(sts_classes *c, const double *x, const bool *positive, size_t n);

/* Average precision of rows that occur drawn[row] times; NAN where these are of one class. The
 * order is that of similarities rounded by sts_classes_round. */
double sts_classes_ap(const sts_order *o, const bool *positive, const uint32_t *drawn);

/* Precision by recall as the threshold falls, into both lists: `room` points (2 or more) at most,
 * spread over recall, the last at recall 1. x[n] is rounded as above. *points is how many there
 * are: none where rows are of one class. -1 when memory is out. */
int sts_classes_curve(const double *x, const bool *positive, size_t n, double *recall,
                      double *precision, size_t room, size_t *points);

/* x[n] as float32; newly allocated, or NULL when memory is out. */
double *sts_classes_round(const double *x, size_t n);

sts_confusion sts_confusion_at(const double *x, const bool *positive, size_t n, double threshold);
double sts_confusion_accuracy(const sts_confusion *c);
double sts_confusion_precision(const sts_confusion *c); /* 0 where nothing is predicted positive */
double sts_confusion_recall(const sts_confusion *c);    /* 0 where nothing is positive */
double sts_confusion_f1(const sts_confusion *c);

#endif
