/* background.c - a queue in a ring, and the thread that empties it. */
#include "core/background.h"

#include <pthread.h>

#define QUEUE 1024 /* jobs that wait */

static struct {
    sts_background_fn *fn;
    bool running, quit, failed, awaited;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t change;
    struct {
        float *x;
        size_t n;
    } job[QUEUE];
    size_t put, done; /* jobs queued and done since the start */
    sts_err err;
} b = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

static void do_one(float *x, size_t n)
{
    if (!b.failed && b.fn(x, n, &b.err)) b.failed = true;
}

static void *run(void *unused)
{
    pthread_mutex_lock(&b.lock);
    while (!b.quit) {
        if (b.done == b.put) {
            pthread_cond_wait(&b.change, &b.lock);
            continue;
        }
        size_t i = b.done % QUEUE;
        pthread_mutex_unlock(&b.lock);
        do_one(b.job[i].x, b.job[i].n);
        pthread_mutex_lock(&b.lock);
        b.done++;
        pthread_cond_broadcast(&b.change);
    }
    pthread_mutex_unlock(&b.lock);
    return unused;
}

void sts_background_start(sts_background_fn *fn, bool beside)
{
    b.fn = fn;
    b.quit = b.failed = false;
    b.running = beside && !pthread_create(&b.thread, NULL, run, NULL);
}

void sts_background_stop(void)
{
    if (!b.running) return;
    pthread_mutex_lock(&b.lock);
    b.quit = true;
    pthread_cond_broadcast(&b.change);
    pthread_mutex_unlock(&b.lock);
    pthread_join(b.thread, NULL);
    b.running = false;
}

void sts_background_put(float *x, size_t n)
{
    if (!b.running) {
        do_one(x, n);
        return;
    }
    pthread_mutex_lock(&b.lock);
    while (b.put - b.done == QUEUE) pthread_cond_wait(&b.change, &b.lock);
    b.job[b.put % QUEUE].x = x;
    b.job[b.put++ % QUEUE].n = n;
    pthread_cond_broadcast(&b.change);
    pthread_mutex_unlock(&b.lock);
}

int sts_background_wait(sts_err *err)
{
    pthread_mutex_lock(&b.lock);
    b.awaited = true;
    while (b.done != b.put) pthread_cond_wait(&b.change, &b.lock);
    b.awaited = false;
    pthread_mutex_unlock(&b.lock);
    if (!b.failed) return 0;
    if (err) *err = b.err;
    return -1;
}

bool sts_background_beside(void)
{
    pthread_mutex_lock(&b.lock);
    bool beside = b.running && pthread_equal(pthread_self(), b.thread) && !b.awaited;
    pthread_mutex_unlock(&b.lock);
    return beside;
}
