/* tune_run.c - one run of a search, and what it came to. */
#include "train/tuning.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "data/run_data.h"
#include "train/trial_dir.h"

#include <math.h>
#include <string.h>

/* ---- time ---- */

double sts_tune_spent(const sts_tuning *g)
{
    return g->before + sts_clock() - g->begun;
}

bool sts_tune_is_late(const sts_tuning *g)
{
    return sts_tune_spent(g) >= g->limit;
}

/* ---- events ---- */

sts_answer sts_tune_tell(sts_tuning *g, sts_tune_event *e, sts_tune_kind kind)
{
    e->size = sizeof *e;
    e->kind = kind;
    pthread_mutex_lock(&g->turn);
    sts_here mine = sts_here_leave();
    sts_answer answer = g->fn ? g->fn(g->ctx, e) : STS_CONTINUE;
    sts_here_use(mine);
    if (answer != STS_CONTINUE) g->answer = answer;
    pthread_mutex_unlock(&g->turn);
    return answer;
}

/* Whether a trial beside this one failed. */
static bool is_over(sts_tuning *g)
{
    pthread_mutex_lock(&g->turn);
    bool over = g->failed != NULL;
    pthread_mutex_unlock(&g->turn);
    return over;
}

static sts_answer on_training(void *ctx, const sts_event *e)
{
    sts_tune_job *j = ctx;
    j->event.train = e;
    sts_answer answer = sts_tune_tell(j->g, &j->event, STS_TUNE_TRAIN);
    j->event.train = NULL;
    if (answer != STS_CONTINUE) return answer;
    return is_over(j->g) || sts_tune_is_late(j->g) ? STS_STOP_SAVED : answer;
}

int sts_tune_progress(void *tuning, const char *what, size_t done, size_t all)
{
    sts_tuning *g = tuning;
    const sts_env *outer = g->outer;
    pthread_mutex_lock(&g->turn);
    int stop = outer->progress ? outer->progress(outer->progress_ctx, what, done, all) : 0;
    pthread_mutex_unlock(&g->turn);
    return stop || is_over(g) || sts_tune_is_late(g);
}

void sts_tune_note(void *tuning, sts_level level, const char *text)
{
    sts_tuning *g = tuning;
    pthread_mutex_lock(&g->turn);
    if (g->outer->note) g->outer->note(g->outer->note_ctx, level, text);
    pthread_mutex_unlock(&g->turn);
}

/* ---- one run ---- */

/* What a run came to, by its report. */
static double value_at(const sts_json *object, const sts_metric_row *metric)
{
    const sts_json *x = sts_json_get(object, metric->name);
    return sts_json_is_number(x) ? x->number : NAN;
}

static double better(const sts_metric_row *m, double a, double b)
{
    return isnan(b) || sts_metric_better(m, a, b) ? a : b;
}

/* The best value so far at each evaluation; of many the last ones of as many parts. */
static void read_curve(sts_search_trial *t, const sts_json *report, const sts_metric_row *metric)
{
    const sts_json *list = sts_json_get(sts_json_get(report, "evaluations"), "during"), *e;
    double steps = sts_json_as_number(sts_json_get(sts_json_get(report, "plan"), "steps"));
    size_t n = (size_t)sts_json_size(list), i = 0, part = SIZE_MAX;
    double best = NAN;
    sts_json_each(e, list)
    {
        size_t at = n > STS_SEARCH_CURVE ? i * STS_SEARCH_CURVE / n : i;
        best = better(metric, value_at(e, metric), best);
        best = better(metric, value_at(sts_json_get(e, "averaged"), metric), best);
        i++;
        if (isnan(best)) continue;
        double share = sts_json_as_number(sts_json_get(e, "step")) / steps;
        if (at != part) t->n_curve++;
        t->curve[t->n_curve - 1] = (sts_trial_point){share, best};
        part = at;
    }
}

/* What the first trial shows: the metric that decides, and where the options start. */
static void read_first(sts_search *s, sts_search_trial *t, const sts_json *config)
{
    const char *metric = sts_json_as_string(sts_json_get(config, "metric"));
    if (s->folds) metric = STS_METRIC_OF_SCORES;
    s->metric = metric ? sts_metric_find(metric) : NULL;
    sts_search_start(&s->space, config);
    t->settings = sts_search_first(&s->space, config);
}

static void read_values(sts_tune_job *j, const sts_json *report)
{
    const sts_metric_row *metric = j->g->search.metric;
    sts_search_trial *t = &j->t;
    const sts_json *after = sts_json_get(sts_json_get(report, "evaluations"), "after");
    const char *status = sts_json_as_string(sts_json_get(report, "status"));
    t->value = value_at(sts_json_get(after, "dev"), metric);
    read_curve(t, report, metric);
    if (!status || strcmp(status, "stopped early") || !j->best) return;
    if (!sts_metric_better(metric, t->value, j->best->value)) t->status = STS_TRIAL_BEHIND;
}

int sts_tune_read_run(sts_tune_job *j, const char *dir)
{
    sts_tuning *g = j->g;
    sts_search *s = &g->search;
    char *path = sts_path_join(dir, STS_REPORT);
    sts_json *report = path ? sts_run_report_load(path, &j->err) : NULL;
    if (!path) sts_fail_memory(&j->err, dir);
    sts_free(path);
    if (!report) return -1;
    if (!s->metric) read_first(s, &j->t, sts_json_get(report, "configuration"));
    bool has_value = j->t.status != STS_TRIAL_DIVERGED && !s->folds;
    if (s->metric && has_value) read_values(j, report);
    sts_json_free(report);
    if (s->metric && (!has_value || !isnan(j->t.value))) return 0;
    return sts_fail(&j->err, STS_DATA, "%s: the metric to choose by cannot be computed",
                    s->folds ? g->first.data[0] : g->first.dev);
}

/* The options of a trial: those that every trial has, and its own, which are not known before the
 * first one. */
int sts_tune_options_of(sts_tune_job *j, sts_train_options *o, sts_settings_text text)
{
    const sts_search *s = &j->g->search;
    *o = j->g->first;
    o->seed = j->t.seed;
    o->fail_under = NULL;
    o->resume = o->overwrite = false;
    if (j->threads) o->threads = j->threads;
    return s->metric ? sts_settings_apply(&s->space, &j->t.settings, o, text, &j->err) : 0;
}

static bool was_asked_to_stop(sts_tuning *g)
{
    pthread_mutex_lock(&g->turn);
    bool asked = g->answer != STS_CONTINUE || g->failed;
    pthread_mutex_unlock(&g->turn);
    return asked || sts_stop_asked();
}

/* One run in trial-N: 0; 1 when the time is over; or -1. One that diverges has no value. A
 * directory without checkpoints is begun anew: its run had none yet, or was about to become the
 * search's own when the program was killed. */
int sts_tune_train(sts_tune_job *j, sts_train_options *o, const sts_trial *trial)
{
    sts_tuning *g = j->g;
    sts_json *report = NULL;
    int ours = sts_dir_exists(trial->dir) ? sts_run_dir_read(trial->dir, &report, &j->err) : 0;
    sts_json_free(report);
    if (ours < 0) return -1;
    o->resume = ours && !trial->held && sts_run_dir_newest(trial->dir);
    o->overwrite = !o->resume;
    int rc = g->train(o, trial, on_training, j, NULL, &j->err);
    if (!rc) return 0;
    bool late = j->err.code == STS_INTERRUPTED && sts_tune_is_late(g);
    bool diverged = j->err.code == STS_DIVERGED;
    if ((!late || was_asked_to_stop(g)) && !diverged) return -1;
    j->err = (sts_err){0};
    if (diverged) j->t.status = STS_TRIAL_DIVERGED;
    return late;
}

/* A trial that the dev set evaluates. */
int sts_tune_on_dev(sts_tune_job *j)
{
    sts_train_options o;
    sts_settings_text text;
    char *dir = sts_trial_path(j->g->out, j->number);
    sts_trial trial = {.dir = dir};
    if (!dir) return sts_fail_memory(&j->err, j->g->out);
    if (j->best && !j->event.repeats) {
        trial.bar = j->best->curve;
        trial.n_bar = j->best->n_curve;
    }
    int rc = sts_tune_options_of(j, &o, text);
    if (!rc) rc = sts_tune_train(j, &o, &trial);
    if (!rc) rc = sts_tune_read_run(j, dir);
    sts_free(dir);
    return rc;
}
