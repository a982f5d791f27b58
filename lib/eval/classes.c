/* classes.c - one walk over the rows from the most to the least similar, a tie at a time. */
#include "eval/classes.h"

#include "core/mem.h"

#include <math.h>

/* ---- a confusion matrix ---- */

sts_confusion sts_confusion_at(const double *x, const bool *positive, size_t n, double threshold)
{
    sts_confusion c = {0};
    for (size_t i = 0; i < n; i++) {
        double *cell[2][2] = {{&c.tn, &c.fp}, {&c.fn, &c.tp}};
        ++*cell[positive[i]][x[i] >= threshold];
    }
    return c;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double sts_confusion_accuracy(const sts_confusion *c)
{
    return share(c->tp + c->tn, c->tp + c->fp + c->fn + c->tn);
}

double sts_confusion_precision(const sts_confusion *c)
{
    return share(c->tp, c->tp + c->fp);
}

double sts_confusion_recall(const sts_confusion *c)
{
    return share(c->tp, c->tp + c->fn);
}

double sts_confusion_f1(const sts_confusion *c)
{
    double p = sts_confusion_precision(c), r = sts_confusion_recall(c);
    return share(2 * p * r, p + r);
}

/* 0 where it is not defined. */
static double mcc(const sts_confusion *c)
{
    double all = (c->tp + c->fp) * (c->tp + c->fn) * (c->tn + c->fp) * (c->tn + c->fn);
    return share(c->tp * c->tn - c->fp * c->fn, sqrt(all));
}

/* ---- the walk ---- */

/* The first position of the tie that ends before `to`. */
static size_t tie_start(const sts_order *o, size_t to)
{
    size_t from = to - 1;
    while (from && o->end[from - 1] == to) from--;
    return from;
}

/* Moves the rows of positions [from, to) to those that are predicted positive. */
static void include(sts_confusion *c, const sts_order *o, const bool *positive, size_t from,
                    size_t to, const uint32_t *drawn)
{
    for (size_t i = from; i < to; i++) {
        size_t row = o->row[i];
        double times = drawn ? drawn[row] : 1;
        *(positive[row] ? &c->tp : &c->fp) += times;
        *(positive[row] ? &c->fn : &c->tn) -= times;
    }
}

/* With nothing predicted positive. */
static sts_confusion count_all(const bool *positive, size_t n, const uint32_t *drawn)
{
    sts_confusion c = {0};
    for (size_t i = 0; i < n; i++) *(positive[i] ? &c.fn : &c.tn) += drawn ? drawn[i] : 1;
    return c;
}

double sts_classes_ap(const sts_order *o, const bool *positive, const uint32_t *drawn)
{
    sts_confusion c = count_all(positive, o->n, drawn);
    double ap = 0, all = c.fn;
    if (!(c.fn > 0) || !(c.tn > 0)) return NAN;
    for (size_t to = o->n, from; to; to = from) {
        double before = c.tp;
        from = tie_start(o, to);
        include(&c, o, positive, from, to, drawn);
        if (c.tp > before) ap += (c.tp - before) / all * sts_confusion_precision(&c);
    }
    return ap;
}

int sts_classes_curve(const double *x, const bool *positive, size_t n, double *recall,
                      double *precision, size_t room, size_t *points)
{
    sts_order o;
    sts_confusion c = count_all(positive, n, NULL);
    double step = 1 / (double)(room - 1), next = 0;
    *points = 0;
    if (!(c.fn > 0) || !(c.tn > 0)) return 0;
    if (sts_order_make(&o, x, n)) return -1;
    for (size_t to = n, from; to && c.fn > 0; to = from) {
        from = tie_start(&o, to);
        include(&c, &o, positive, from, to, NULL);
        double r = sts_confusion_recall(&c);
        if (r < next && c.fn > 0) continue;
        recall[*points] = r;
        precision[(*points)++] = sts_confusion_precision(&c);
        next = r + step;
    }
    sts_order_free(&o);
    return 0;
}

static void take_accuracy(sts_classes *best, const sts_confusion *c, double threshold)
{
    double accuracy = sts_confusion_accuracy(c);
    if (accuracy <= best->accuracy) return;
    best->accuracy = accuracy;
    best->accuracy_threshold = threshold;
}

static void take_f1(sts_classes *best, const sts_confusion *c, double threshold)
{
    double f1 = sts_confusion_f1(c);
    if (f1 <= best->f1) return;
    best->f1 = f1;
    best->f1_threshold = threshold;
    best->precision = sts_confusion_precision(c);
    best->recall = sts_confusion_recall(c);
    best->mcc = mcc(c);
}

static void find(sts_classes *best, const sts_order *o, const double *x, const bool *positive)
{
    sts_confusion c = count_all(positive, o->n, NULL);
    double highest = x[o->row[o->n - 1]]; /* above it nothing is positive: a candidate, too */
    take_accuracy(best, &c, (double)nextafterf((float)highest, INFINITY));
    for (size_t to = o->n, from; to; to = from) {
        from = tie_start(o, to);
        include(&c, o, positive, from, to, NULL);
        double lowest = x[o->row[from]];
        double threshold = from ? (lowest + x[o->row[from - 1]]) / 2 : lowest;
        take_accuracy(best, &c, threshold);
        take_f1(best, &c, threshold);
    }
    best->ap = sts_classes_ap(o, positive, NULL);
}

static const char *fault(const double *x, const bool *positive, size_t n)
{
    size_t of_one = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) return "a value is NaN or infinite";
        of_one += positive[i];
    }
    return of_one && of_one < n ? NULL : "all pairs are of one class";
}

double *sts_classes_round(const double *x, size_t n)
{
    double *out = sts_alloc(n, sizeof *out);
    for (size_t i = 0; i < n && out; i++) out[i] = (double)(float)x[i];
    return out;
}

int sts_classes_find(sts_classes *c, const double *x, const bool *positive, size_t n)
{
    sts_order order = {0};
    *c = (sts_classes){.status = fault(x, positive, n)};
    if (c->status) return 0;
    double *rounded = sts_classes_round(x, n);
    int rc = rounded ? sts_order_make(&order, rounded, n) : -1;
    if (!rc) find(c, &order, rounded, positive);
    sts_order_free(&order);
    sts_free(rounded);
    return rc;
}
