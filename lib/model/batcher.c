/* batcher.c - small calls of several threads, encoded as one batch: whoever finds nobody encoding
 * encodes for all who wait. It starts no threads. */
#include "core/mem.h"
#include "model/block.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define TEXTS 256          /* of a batch, at most; one call may have more */
#define PATIENCE 2000000L  /* ns that a batch waits for callers of the one before */

typedef struct request { /* of a thread that waits, on its stack */
    struct request *next;
    const sts_str *text;
    size_t n;
    float *out;
    bool *cut;
    bool done;
    int rc;
    sts_err err;
} request;

struct sts_batcher {
    const sts_model *m;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    request *first, **last; /* in the order of their coming */
    size_t waiting, expected; /* requests; how many the last batch had, or left behind */
    bool busy;              /* a thread encodes, or is about to */
};

#ifdef __APPLE__ /* conditions have no other */
#define CLOCK CLOCK_REALTIME
#else
#define CLOCK CLOCK_MONOTONIC
#endif

/* A condition whose waits do not depend on the time of day, which may be set back meanwhile. */
static void open_condition(pthread_cond_t *c)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
#ifndef __APPLE__
    pthread_condattr_setclock(&how, CLOCK);
#endif
    pthread_cond_init(c, &how);
    pthread_condattr_destroy(&how);
}

sts_batcher *sts_batcher_new(const sts_model *m, sts_err *err)
{
    if (sts_require(m, "model", err)) return NULL;
    sts_batcher *b = sts_alloc(1, sizeof *b);
    if (!b) {
        sts_fail_memory(err, "a batcher");
        return NULL;
    }
    b->m = m;
    b->last = &b->first;
    pthread_mutex_init(&b->lock, NULL);
    open_condition(&b->changed);
    return b;
}

void sts_batcher_free(sts_batcher *b)
{
    if (!b) return;
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    sts_free(b);
}

/* Takes what is encoded together off the queue; *texts is how many texts that are. */
static request *take(sts_batcher *b, size_t *texts, size_t *requests)
{
    request *taken = b->first, **end = &b->first;
    *texts = *requests = 0;
    while (*end && (!*texts || *texts + (*end)->n <= TEXTS)) {
        *texts += (*end)->n;
        ++*requests;
        end = &(*end)->next;
    }
    b->first = *end;
    if (!b->first) b->last = &b->first;
    *end = NULL;
    b->waiting -= *requests;
    return taken;
}

/* Encodes the requests as one; each gets its part. */
static int encode_joined(const sts_model *m, request *list, size_t texts, sts_err *err)
{
    size_t dim = (size_t)m->dim, at = 0;
    sts_str *text = sts_alloc(texts, sizeof *text);
    float *out = sts_alloc(texts, dim * sizeof *out);
    bool *cut = sts_alloc(texts, sizeof *cut);
    int rc = text && out && cut ? 0 : sts_fail_memory(err, "a batch of texts");
    for (request *r = list; r && !rc; at += r->n, r = r->next)
        memcpy(text + at, r->text, r->n * sizeof *text);
    if (!rc) rc = sts_embed_texts(m, text, texts, 1, out, cut, NULL, err);
    at = 0;
    for (request *r = list; r && !rc; at += r->n, r = r->next) {
        memcpy(r->out, out + at * dim, r->n * dim * sizeof *out);
        if (r->cut) memcpy(r->cut, cut + at, r->n * sizeof *cut);
    }
    sts_free(cut);
    sts_free(out);
    sts_free(text);
    return rc;
}

/* A fault of a batch may be that of one request: each is then encoded by itself. */
static void encode(const sts_model *m, request *list, size_t texts)
{
    sts_err err = {0};
    int rc = list->next ? encode_joined(m, list, texts, &err) : -1;
    for (request *r = list; r; r = r->next)
        r->rc = rc ? sts_embed_texts(m, r->text, r->n, 1, r->out, r->cut, NULL, &r->err) : 0;
}

/* Waits a moment for those who were there a batch ago: their next texts are on their way. */
static void await_others(sts_batcher *b)
{
    struct timespec until;
    clock_gettime(CLOCK, &until);
    until.tv_nsec += PATIENCE;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    while (b->waiting < b->expected)
        if (pthread_cond_timedwait(&b->changed, &b->lock, &until)) break;
}

/* With the lock held, which is let go while it encodes. */
static void serve(sts_batcher *b)
{
    size_t texts, requests;
    b->busy = true;
    await_others(b);
    request *list = take(b, &texts, &requests);
    pthread_mutex_unlock(&b->lock);
    encode(b->m, list, texts);
    pthread_mutex_lock(&b->lock);
    b->expected = requests + b->waiting;
    for (request *r = list, *next; r; r = next) {
        next = r->next; /* once it is done, it may go */
        r->done = true;
    }
    b->busy = false;
    pthread_cond_broadcast(&b->changed);
}

int sts_batcher_encode(sts_batcher *b, const sts_str *text, size_t n, float *out, bool *cut,
                       sts_err *err)
{
    request mine = {.text = text, .n = n, .out = out, .cut = cut};
    if (sts_require(b, "batcher", err)) return -1;
    if (!n) return 0;
    if (sts_require(text, "text", err) || sts_require(out, "out", err)) return -1;
    pthread_mutex_lock(&b->lock);
    *b->last = &mine;
    /* cppcheck-suppress autoVariables ; whoever serves mine takes it out of the queue first */
    b->last = &mine.next;
    b->waiting++;
    pthread_cond_broadcast(&b->changed);
    while (!mine.done) {
        if (b->busy) pthread_cond_wait(&b->changed, &b->lock);
        else serve(b);
    }
    pthread_mutex_unlock(&b->lock);
    if (mine.rc && err) *err = mine.err;
    return mine.rc;
}
