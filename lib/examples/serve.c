/* serve.c - several threads share one model, as in a server: each takes the next text, and embeds
 * it through a batcher, which makes one batch of the calls that come at the same time. Prints the
 * length of each embedding.
 *
 *     cc serve.c $(pkg-config --cflags --libs stsfit) -lm -pthread -o serve
 *     ./serve MODEL TEXT... */
#include <stsfit.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8 };

/* What the threads share; `lock` guards the last two. */
typedef struct work {
    sts_batcher *batcher;
    char *const *text;
    size_t n, width;
    float *vector; /* [n x width]; each row is written by one thread */
    pthread_mutex_t lock;
    size_t next;
    sts_err err; /* the first failure: its code is not 0 */
} work;

/* The next text, or n when there is none left. */
static size_t take(work *w)
{
    pthread_mutex_lock(&w->lock);
    size_t i = w->err.code || w->next == w->n ? w->n : w->next++;
    pthread_mutex_unlock(&w->lock);
    return i;
}

static void give_up(work *w, const sts_err *err)
{
    pthread_mutex_lock(&w->lock);
    if (!w->err.code) w->err = *err;
    pthread_mutex_unlock(&w->lock);
}

static void *serve(void *arg)
{
    work *w = arg;
    for (size_t i = take(w); i < w->n; i = take(w)) {
        sts_err err = {0}; /* one for each thread */
        sts_str text = {w->text[i], strlen(w->text[i])};
        if (sts_batcher_encode(w->batcher, &text, 1, w->vector + i * w->width, NULL, &err))
            give_up(w, &err);
    }
    return NULL;
}

/* Runs the threads, and waits for them. */
static void serve_all(work *w)
{
    pthread_t thread[THREADS];
    size_t started = 0;
    while (started < THREADS && !pthread_create(&thread[started], NULL, serve, w)) started++;
    if (started == 0) serve(w);
    for (size_t k = 0; k < started; k++) pthread_join(thread[k], NULL);
}

static void print_lengths(const work *w)
{
    for (size_t i = 0; i < w->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < w->width; k++) sum += pow(w->vector[i * w->width + k], 2);
        printf("%.3f\t%s\n", sqrt(sum), w->text[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: serve MODEL TEXT...\n");
        return 2;
    }
    work w = {.text = argv + 2, .n = (size_t)argc - 2, .lock = PTHREAD_MUTEX_INITIALIZER};
    sts_model *model = sts_model_load(argv[1], &w.err); /* shared by all threads */
    if (model) {
        w.width = (size_t)sts_model_width(model);
        w.batcher = sts_batcher_new(model, &w.err);
        w.vector = malloc(w.n * w.width * sizeof *w.vector);
    }
    if (w.batcher && w.vector) serve_all(&w);
    else if (!w.err.code) w.err = (sts_err){STS_FAILED, "out of memory"};

    if (w.err.code) fprintf(stderr, "serve: %s\n", w.err.text);
    else print_lengths(&w);
    free(w.vector);
    sts_batcher_free(w.batcher);
    sts_model_free(model);
    return w.err.code != 0;
}
