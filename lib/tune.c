/* tune.c - `stsfit tune`: trials of training with other options, the best of which stays. */
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/option.h"
#include "data/run_data.h"
#include "report/page.h"
#include "report/search_text.h"
#include "train/trial_dir.h"
#include "train/tuning.h"

#include <math.h>
#include <string.h>

#define STANDARD_MINUTES 10
#define SEARCH_PART 0.6 /* of the time, where finalists are trained with other seeds after it */

/* Seconds that the whole search may take. */
static double whole_time(const sts_tuning *g)
{
    double standard = g->o->trials > 0 ? INFINITY : STANDARD_MINUTES;
    return 60 * (g->o->minutes > 0 ? g->o->minutes : standard);
}

/* ---- the search ---- */

/* Of the directories only those stay whose runs may be wanted. */
static int tidy(sts_tuning *g)
{
    size_t keep[STS_SEARCH_FINALISTS + 1], n = 0, best = sts_search_best(&g->search);
    if (!g->search.folds && g->o->seeds > 1) n = sts_search_finalists(&g->search, keep);
    else if (!g->search.folds && best != SIZE_MAX) keep[n++] = best;
    for (size_t i = 0; i < n; i++) keep[i]++;
    return sts_trial_sweep(g->out, keep, n, g->err);
}

static int drop_checkpoints(const sts_tuning *g, size_t number)
{
    char *dir = sts_trial_path(g->out, number);
    int rc = dir ? 0 : sts_fail_memory(g->err, g->out);
    if (!rc && sts_dir_exists(dir)) rc = sts_trial_drop_checkpoints(dir, g->err);
    sts_free(dir);
    return rc;
}

static int send_value(sts_tuning *g, sts_tune_job *j)
{
    j->event.metric = g->search.metric ? g->search.metric->name : NULL;
    j->event.status = sts_trial_status_name(j->t.status);
    j->event.value = j->t.value;
    j->event.best = sts_search_best(&g->search) == g->search.n - 1;
    if (sts_tune_tell(g, &j->event, STS_TUNE_VALUE) == STS_CONTINUE) return 0;
    return sts_fail(g->err, STS_INTERRUPTED, "ended by the program after trial %zu", g->search.n);
}

static int record(sts_tuning *g, sts_tune_job *j)
{
    return sts_search_add(&g->search, &j->t, g->err) || sts_tune_save(g) || send_value(g, j) ||
                   drop_checkpoints(g, j->number)
               ? -1
               : 0;
}

/* The trial, and what it is called; `best` is what it competes with. */
static int open_job(sts_tuning *g, sts_tune_job *j, size_t i, size_t best)
{
    const sts_search *s = &g->search;
    sts_strbuf text = {0};
    sts_tune_job_open(j, g, i);
    if (best != SIZE_MAX) j->best = &s->v[best];
    sts_settings_put(&text, &s->space, &s->v[i].settings, &s->v[0].settings);
    j->event.options = j->options = sts_strbuf_take(&text);
    if (!j->options) return sts_fail_memory(g->err, "the trial");
    if (sts_tune_tell(g, &j->event, STS_TUNE_TRIAL) == STS_CONTINUE) return 0;
    return sts_fail(g->err, STS_INTERRUPTED, "ended by the program");
}

/* Those that have ended are recorded in their order, up to the first that has not: the run of one
 * behind it stays, and is found there when the search is resumed. */
static int make_and_record(sts_tuning *g, sts_tune_job *job, size_t n)
{
    int rc = 0;
    sts_tune_jobs_run(job, n);
    g->search.n -= n;
    for (size_t i = 0; i < n && !rc; i++) rc = job[i].rc ? job[i].rc : record(g, &job[i]);
    if (!g->failed) return rc ? rc : tidy(g);
    *g->err = g->failed->err;
    g->failed = NULL;
    return -1;
}

/* Makes the last n trials of the search, which only have options yet, and records them: 0; 1 when
 * the time is over; or -1. */
static int make_round(sts_tuning *g, size_t n, size_t best)
{
    size_t first = g->search.n - n;
    sts_tune_job *job = sts_alloc(n, sizeof *job);
    int rc = job ? 0 : sts_fail_memory(g->err, "the trials");
    for (size_t i = 0; i < n && !rc; i++) rc = open_job(g, &job[i], first + i, best);
    if (rc) g->search.n = first;
    else rc = make_and_record(g, job, n);
    for (size_t i = 0; i < n && job; i++) sts_free(job[i].options);
    sts_free(job);
    return rc;
}

/* Seconds that the last run takes, of all rows, after a search by folds. */
static double last_run(const sts_tuning *g)
{
    double longest = 0;
    for (size_t i = 0; i < g->search.n; i++) longest = fmax(longest, g->search.v[i].seconds);
    return g->search.folds ? longest / (double)(g->search.folds - 1) : 0;
}

/* Trials [n, end), counted as sts_search_count does, which are of one round. */
static int search_round(sts_tuning *g, size_t n, size_t end)
{
    sts_search *s = &g->search;
    size_t best = sts_search_best_of(s, sts_search_known(s, n));
    for (size_t i = n; i < end; i++) {
        sts_search_trial t = {.seed = s->seed, .of = s->n, .value = NAN, .ci95 = {NAN, NAN}};
        if (i) t.settings = sts_search_next(s);
        if (sts_search_add(s, &t, g->err)) return -1;
    }
    return make_round(g, end - n, best);
}

static int make_trials(sts_tuning *g)
{
    const sts_search *s = &g->search;
    double part = g->o->seeds > 1 ? SEARCH_PART : 1;
    size_t limit = g->o->trials > 0 ? (size_t)g->o->trials : STS_SEARCH_TRIALS / 2, end;
    for (size_t n = sts_search_count(s); n < limit; n = end) {
        g->limit = part * whole_time(g) - last_run(g);
        if (n && sts_tune_is_late(g)) return 1;
        end = n ? sts_search_known(s, n) + s->jobs : 1;
        if (end > limit) end = limit;
        int rc = search_round(g, n, end);
        if (rc) return rc;
    }
    return 0;
}

static bool has_seed(const sts_search *s, size_t trial, uint64_t seed)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].of == trial && s->v[i].seed == seed) return true;
    return false;
}

/* The finalists with other seeds, one seed after the other. */
static int repeat_finalists(sts_tuning *g)
{
    sts_search *s = &g->search;
    size_t finalist[STS_SEARCH_FINALISTS + 1], n = sts_search_finalists(s, finalist), waiting = 0;
    g->limit = whole_time(g) - last_run(g);
    for (uint64_t k = 1; k < (uint64_t)g->o->seeds; k++)
        for (size_t i = 0; i < n; i++) {
            sts_search_trial t = {.settings = s->v[finalist[i]].settings,
                                  .seed = s->seed + k,
                                  .of = finalist[i],
                                  .value = NAN,
                                  .ci95 = {NAN, NAN}};
            if (has_seed(s, finalist[i], t.seed)) continue;
            if (sts_search_add(s, &t, g->err)) return -1;
            if (++waiting < s->jobs) continue;
            int rc = make_round(g, waiting, SIZE_MAX);
            if (rc) return rc;
            waiting = 0;
        }
    return waiting ? make_round(g, waiting, SIZE_MAX) : 0;
}

/* ---- the end ---- */

/* The run of the best trial: that of a trial by folds is trained now, on all rows; one that is gone
 * again. */
static int make_run(sts_tuning *g, size_t trial, const char *dir)
{
    sts_tune_job j;
    sts_train_options o;
    sts_settings_text text;
    sts_trial whole = {.dir = dir};
    sts_tune_job_open(&j, g, trial);
    j.event.options = "";
    if (g->search.folds) j.threads = 0;
    g->limit = whole_time(g);
    int rc = sts_tune_options_of(&j, &o, text) ? -1 : sts_tune_train(&j, &o, &whole);
    if (rc < 0) return sts_fail_as(g->err, &j.err);
    if (rc > 0)
        return sts_fail(g->err, STS_FAILED, "%s: the time ended before the best run was trained: "
                        "continue with --resume and more --minutes", g->out);
    if (j.t.status != STS_TRIAL_DIVERGED) return 0;
    return sts_fail(g->err, STS_DIVERGED, "%s: the best options diverged on all rows", g->out);
}

static int move_run(sts_tuning *g, size_t trial, bool may_train)
{
    char *dir = sts_trial_path(g->out, trial + 1);
    if (!dir) return sts_fail_memory(g->err, g->out);
    bool whole = (!g->search.folds && sts_trial_is_whole(dir)) || sts_trial_is_moved(dir, g->out);
    int rc = whole || !may_train ? 0 : make_run(g, trial, dir);
    if (!rc && (whole || may_train)) {
        rc = sts_trial_publish(dir, g->out, g->err);
        if (!rc) g->search.published = trial + 1;
        if (!rc) rc = sts_tune_save(g);
    }
    sts_free(dir);
    return rc;
}

static int write_page(sts_tuning *g)
{
    sts_page_run run = {0};
    char *path = sts_path_join(g->out, STS_PAGE), *page = NULL;
    int rc = path ? sts_page_run_load(&run, g->out, NULL, g->err) : sts_fail_memory(g->err, g->out);
    if (!rc) rc = (page = sts_page_render(&run, 1, g->err)) ? 0 : -1;
    if (!rc) rc = sts_file_write(path, page, strlen(page), g->err);
    sts_page_run_free(&run);
    sts_free(page);
    sts_free(path);
    return rc;
}

/* The best run so far, as OUT's own. Without may_train one that would have to be trained is left
 * for later. */
static int publish(sts_tuning *g, bool may_train)
{
    size_t best = sts_search_winner(&g->search);
    if (best == SIZE_MAX) return 0;
    if (g->search.published != best + 1 && move_run(g, best, may_train)) return -1;
    return sts_tune_save(g) || (g->search.published && write_page(g)) ? -1 : 0;
}

static int check_gate(const sts_tuning *g)
{
    sts_gate gate;
    if (!g->first.fail_under) return 0;
    if (sts_gate_parse(&gate, g->first.fail_under, g->err)) return -1;
    char *path = sts_path_join(g->out, STS_REPORT);
    sts_json *report = path ? sts_run_report_load(path, g->err) : NULL;
    const sts_json *after = sts_json_get(sts_json_get(report, "evaluations"), "after");
    const char *part = sts_json_get(after, "test") ? "test" : "dev";
    double x = sts_json_as_number(sts_json_get(sts_json_get(after, part), gate.metric->name));
    int rc = report ? sts_gate_check(&gate, x, part, g->err) : -1;
    sts_json_free(report);
    sts_free(path);
    return rc;
}

static int send_end(sts_tuning *g)
{
    char *table = sts_search_table(&g->search), *model = sts_path_join(g->out, STS_KEPT);
    bool whole = table && model;
    sts_tune_event e = {.table = table, .status = g->status, .model_dir = model};
    if (whole) sts_tune_tell(g, &e, STS_TUNE_END);
    sts_free(table);
    sts_free(model);
    return whole ? 0 : sts_fail_memory(g->err, "the table");
}

/* After a request to stop: what there is stays, and can be resumed. */
static int stop(sts_tuning *g)
{
    sts_err why = *g->err;
    if (why.code < 128) return -1;
    g->status = "interrupted";
    sts_stop_on(NULL);
    if (sts_tune_save(g) || publish(g, false)) return -1;
    return sts_fail(g->err, why.code, "interrupted after %zu trials; saved: continue with the same "
                    "command and --resume", g->search.n);
}

static int finish(sts_tuning *g)
{
    g->limit = INFINITY;
    if (!g->search.n)
        return sts_fail(g->err, STS_FAILED, "%s: the time ended before the first trial: continue "
                        "with --resume and more --minutes", g->out);
    if (sts_search_best(&g->search) == SIZE_MAX)
        return sts_fail(g->err, STS_DIVERGED, "%s: every trial diverged: use a lower --lr", g->out);
    if (publish(g, true)) return -1;
    if (sts_trial_sweep(g->out, NULL, 0, g->err) || send_end(g)) return -1;
    return check_gate(g);
}

static int search(sts_tuning *g)
{
    int rc = make_trials(g);
    bool late = rc > 0;
    if (rc >= 0 && g->o->seeds > 1) rc = repeat_finalists(g);
    g->status = late || rc > 0 ? "out of time" : "completed";
    if (rc >= 0) rc = finish(g);
    return rc < 0 ? stop(g) : 0;
}

/* What fn, notes and progress call may have a note or progress of its own. */
static int open_turn(sts_tuning *g)
{
    pthread_mutexattr_t how;
    if (pthread_mutexattr_init(&how)) return sts_fail_memory(g->err, "the search");
    pthread_mutexattr_settype(&how, PTHREAD_MUTEX_RECURSIVE);
    int rc = pthread_mutex_init(&g->turn, &how) ? sts_fail_memory(g->err, "the search") : 0;
    pthread_mutexattr_destroy(&how);
    return rc;
}

int sts_tune(const sts_tune_options *given, sts_tune_fn *fn, void *ctx, sts_err *err)
{
    sts_err own = {0};
    sts_tune_options o;
    if (sts_options_take(&o, sizeof o, given, err) || sts_require(o.train, "train", err)) return -1;
    sts_tuning g = {.o = &o,
                    .fn = fn,
                    .ctx = ctx,
                    .train = sts_train_trial,
                    .outer = sts_env_now(),
                    .begun = sts_clock(),
                    .lock = -1,
                    .limit = INFINITY,
                    .status = "running",
                    .err = err ? err : &own};
    sts_env_enter(&g.env, o.train->stop);
    sts_env_progress(&g.env, sts_tune_progress, &g);
    sts_env_notes(&g.env, sts_tune_note, &g);
    int rc = open_turn(&g);
    if (!rc) {
        rc = sts_tune_open(&g) ? -1 : search(&g);
        sts_tune_close(&g);
        pthread_mutex_destroy(&g.turn);
    }
    return sts_env_leave(&g.env, rc, g.err);
}
