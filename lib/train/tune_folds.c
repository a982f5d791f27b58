/* tune_folds.c - trials that are evaluated on every row, by runs that did not train on it. */
#include "train/tuning.h"

#include "core/mem.h"
#include "eval/bootstrap.h"
#include "train/trial_dir.h"

#include <math.h>

#define HOPELESS 2 /* folds in all of which a trial is worse than the best before it ends */

typedef struct fold_scores {
    bool *held;        /* [n] the fold in progress */
    double *predicted; /* [n] of each row, by the run that did not train on it */
    double *x, *y;     /* [n] of one fold: predictions and gold */
    size_t n;
} fold_scores;

static double fold_value(const fold_scores *f, const double *gold)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (!f->held[i]) continue;
        f->x[n] = f->predicted[i];
        f->y[n++] = gold[i];
    }
    sts_truth truth = {.kind = STS_OF_SPEARMAN, .gold = f->y, .n = n};
    sts_metric m = sts_statistic_of(&truth, f->x);
    return m.status ? NAN : m.value;
}

/* Whether a trial is worse than the best one in each of its folds so far. */
static bool is_hopeless(const sts_tune_job *j)
{
    const sts_search *s = &j->g->search;
    size_t n = j->t.n_fold;
    if (!j->best || j->event.repeats || n < HOPELESS || n == s->folds) return false;
    for (size_t k = 0; k < n; k++)
        if (!sts_metric_better(s->metric, j->best->fold[k], j->t.fold[k])) return false;
    return true;
}

/* Of the predictions of all rows together. */
static int evaluate_folds(sts_tune_job *j, const fold_scores *f)
{
    const sts_tuning *g = j->g;
    sts_search_trial *t = &j->t;
    const double *gold = g->data.train.corpus.score;
    sts_truth truth = {.kind = STS_OF_SPEARMAN, .gold = gold, .n = f->n};
    sts_metric m = sts_statistic_of(&truth, f->predicted);
    t->value = m.value;
    if (m.status)
        return sts_fail(&j->err, STS_DATA, "%s: Spearman cannot be computed: %s", g->first.data[0],
                        m.status);
    if (f->n < STS_INTERVAL_PAIRS) return 0;
    return sts_interval(&truth, f->predicted, sts_interval_rounds(f->n), g->first.seed, t->ci95,
                        &j->err);
}

static int run_folds(sts_tune_job *j, const char *dir, fold_scores *f)
{
    const sts_tuning *g = j->g;
    sts_search_trial *t = &j->t;
    sts_train_options o;
    sts_settings_text text;
    sts_trial trial = {.dir = dir, .held = f->held, .n_held = f->n, .predicted = f->predicted};
    if (sts_tune_options_of(j, &o, text)) return -1;
    o.dev = NULL;
    for (size_t k = 0; k < g->search.folds; k++) {
        for (size_t i = 0; i < f->n; i++) f->held[i] = g->fold[i] == k;
        int rc = sts_tune_train(j, &o, &trial);
        if (!rc && !t->n_fold) rc = sts_tune_read_run(j, dir);
        if (rc || t->status == STS_TRIAL_DIVERGED) return rc;
        t->fold[t->n_fold++] = fold_value(f, g->data.train.corpus.score);
        if (!is_hopeless(j)) continue;
        t->status = STS_TRIAL_BEHIND;
        t->value = NAN;
        return 0;
    }
    return evaluate_folds(j, f);
}

int sts_tune_out_of_fold(sts_tune_job *j)
{
    size_t n = j->g->data.train.corpus.n;
    char *dir = sts_trial_path(j->g->out, j->number);
    fold_scores f = {.held = sts_alloc(n, sizeof *f.held),
                     .predicted = sts_alloc(n, sizeof *f.predicted),
                     .x = sts_alloc(n, sizeof *f.x),
                     .y = sts_alloc(n, sizeof *f.y),
                     .n = n};
    bool whole = dir && f.held && f.predicted && f.x && f.y;
    int rc = whole ? run_folds(j, dir, &f) : sts_fail_memory(&j->err, "the folds");
    sts_free(f.held);
    sts_free(f.predicted);
    sts_free(f.x);
    sts_free(f.y);
    sts_free(dir);
    return rc;
}
