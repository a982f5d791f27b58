/* scale.h - what the values of a score column stand for: --score-range and --labels. */
#ifndef STS_DATA_SCALE_H
#define STS_DATA_SCALE_H

#include "core/err.h"

typedef struct sts_scale {
    bool ranged, own;   /* a range is given; it is given for this file by name */
    double min, max;    /* that stand for 0 and 1 */
    const char *labels; /* --labels, where they apply to this file; NULL: numbers */
} sts_scale;

/* What the options say of the file `path`. 0, or -1 (STS_USAGE) for options that say nothing. */
int sts_scale_parse(sts_scale *s, const sts_data_options *o, const char *path, sts_err *err);

/* Whether --score-range (or NULL) has a range for that file by its name. */
bool sts_scale_names(const char *ranges, const char *path);

/* Whether each FILE of --score-range is one of paths[n], or of `beside`, as sts_reading_check has
 * them. 0, or -1 (STS_USAGE). */
int sts_scale_check(const sts_data_options *o, const char *const *paths, size_t n,
                    const char *const *beside, sts_err *err);

/* The value of a label in 0..1 into *x: 1; 0: it has none, so that the row is left out; -1: it is
 * not among the labels. */
int sts_label_find(const char *labels, sts_str label, double *x);

#define STS_SCORES_FEW 8 /* fewer scores have extremes that say nothing */

/* What the extremes of n scores say of a range 0..5 that was only assumed. */
typedef struct sts_extremes {
    size_t n, n_outside;
    double low, high;       /* of all */
    double low_in, high_in; /* of those inside */
    bool whole;             /* all are whole numbers */
} sts_extremes;

/* Adds a score; `inside`: it is in the range. */
void sts_extremes_add(sts_extremes *e, double x, bool inside);

/* The likely range of such scores as MIN:MAX, or those words. */
const char *sts_extremes_range(const sts_extremes *e, char out[80]);

/* The options to choose from, where the scores may have another range; NULL: 0..5 it is. */
const char *sts_extremes_ask(const sts_extremes *e, char out[256]);

#endif
