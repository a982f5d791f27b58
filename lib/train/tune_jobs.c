/* tune_jobs.c - trials that are made at once, each on a thread of its own. */
#include "train/tuning.h"

#include "core/clock.h"
#include "core/place.h"
#include "core/threads.h"

/* Each has an equal share of the threads; the first trial is alone. */
static int share(const sts_tuning *g, size_t number)
{
    int jobs = (int)g->search.jobs, all = sts_threads();
    if (number == 1 || jobs < 2) return 0;
    return all > jobs ? all / jobs : 1;
}

void sts_tune_job_open(sts_tune_job *j, sts_tuning *g, size_t i)
{
    *j = (sts_tune_job){.g = g,
                        .number = i + 1,
                        .t = g->search.v[i],
                        .threads = share(g, i + 1),
                        .env = g->env};
    if (j->threads) j->env.threads = j->threads;
    j->event = (sts_tune_event){.trial = j->number};
    if (j->t.of != i) j->event.repeats = j->t.of + 1;
}

static void fail(sts_tune_job *j)
{
    sts_tuning *g = j->g;
    j->rc = -1;
    pthread_mutex_lock(&g->turn);
    if (!g->failed) g->failed = j;
    pthread_mutex_unlock(&g->turn);
}

static void make(sts_tune_job *j)
{
    sts_env *before = sts_env_use(&j->env);
    double start = sts_clock();
    j->rc = j->g->search.folds ? sts_tune_out_of_fold(j) : sts_tune_on_dev(j);
    j->t.seconds = sts_clock() - start;
    sts_env_use(before);
    if (j->rc < 0) fail(j);
}

/* On a thread of its own, which works in the search's directories. */
static void *make_beside(void *job)
{
    sts_tune_job *j = job;
    sts_here before = sts_here_use(j->here);
    make(j);
    sts_here_use(before);
    return NULL;
}

/* A trial for which no thread can be had is made after the first. */
void sts_tune_jobs_run(sts_tune_job *job, size_t n)
{
    bool beside[STS_TUNE_JOBS] = {false};
    for (size_t i = 1; i < n; i++) {
        job[i].here = sts_here_now();
        beside[i] = !pthread_create(&job[i].thread, NULL, make_beside, &job[i]);
    }
    make(&job[0]);
    for (size_t i = 1; i < n; i++) {
        if (beside[i]) pthread_join(job[i].thread, NULL);
        else make(&job[i]);
    }
}
