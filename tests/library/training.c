/* training.c - rows in memory are trained on, with events that are answered; the kept model is
 * scored, measured, tokenized with, saved and read again. training MODEL DIR */
#include <stsfit.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHECK(what) \
    if (!(what)) return fprintf(stderr, "%d: %s: %s\n", __LINE__, #what, err.text), 1

enum { ROWS = 40 };

typedef struct seen {
    int events[4];
    uint64_t last, stop_at;
    sts_answer answer;
} seen;

static sts_answer on_event(void *ctx, const sts_event *e)
{
    seen *s = ctx;
    s->events[e->kind]++;
    if (e->kind != STS_EVENT_STEP) return STS_CONTINUE;
    s->last = e->step->step;
    return s->last == s->stop_at ? s->answer : STS_CONTINUE;
}

static sts_data *make_rows(sts_err *err)
{
    sts_data *d = sts_data_new(2, err);
    for (int i = 0; i < ROWS && d; i++) {
        char a[64], b[64];
        double score = i % 5 / 4.0;
        snprintf(a, sizeof a, "A dog number %d runs.", i);
        snprintf(b, sizeof b, "A %s number %d sleeps.", i % 2 ? "cat" : "dog", i);
        sts_str text[2] = {{a, strlen(a)}, {b, strlen(b)}};
        if (sts_data_add(d, text, &score, err)) return NULL;
    }
    return d;
}

static void take_metric(void *ctx, const char *name, double value)
{
    if (!strcmp(name, "spearman_cosine")) *(double *)ctx = value;
}

static void take_accuracy(void *ctx, const char *name, double value)
{
    if (!strcmp(name, "cosine_accuracy")) *(double *)ctx = value;
}

/* A struct as a program of an earlier version has it: shorter, and what follows is no memory. */
static int earlier_header(const sts_train_options *now)
{
    sts_err err = {0, ""};
    size_t size = offsetof(sts_train_options, rows), page = 1 << 16;
    char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED && !mprotect(p + page, page, PROT_NONE));
    sts_train_options *old = (void *)(p + page - size);
    sts_train_fill(old, size);
    CHECK(old->size == size && old->batch_size == 16);
    CHECK(!sts_train_set(old, "output", now->output, &err));
    CHECK(!sts_train_set(old, "overwrite", "true", NULL));
    CHECK(sts_train(old, NULL, NULL, NULL, &err) && err.code == STS_USAGE); /* it has no data */
    char *out, nothing[] = "no such model";
    const sts_eval_options e = {.size = offsetof(sts_eval_options, threshold), .model = nothing};
    void *shorter = p + page - e.size;
    memcpy(shorter, &e, e.size);
    CHECK(sts_eval(shorter, STS_AS_TEXT, &out, &err) && err.code == STS_MODEL); /* there is none */
    munmap(p, 2 * page);
    return 0;
}

static int use(const sts_model *m, const sts_data *rows, const char *dir)
{
    sts_err err = {0, ""};
    double cosine[ROWS], again[ROWS], spearman = 7;
    CHECK(!sts_score(m, rows, cosine, &err) && fabs(cosine[3]) <= 1.000001);
    CHECK(!sts_measure_data(m, rows, take_metric, &spearman, &err) && fabs(spearman) <= 1);
    int32_t ids[4];
    size_t n = 0;
    bool cut = true;
    CHECK(!sts_tokenize(m, (sts_str){"A dog runs.", 11}, ids, 2, &n, &cut, &err) && n > 2 && !cut);
    char saved[512];
    snprintf(saved, sizeof saved, "%s/saved", dir);
    CHECK(!sts_save(m, saved, &err));
    CHECK(sts_save(m, saved, &err) && err.code == STS_USAGE);
    sts_model *back = sts_model_load(saved, &err);
    CHECK(back && !sts_score(back, rows, again, &err));
    CHECK(!memcmp(cosine, again, sizeof cosine));
    sts_model_free(back);
    return 0;
}

/* A row of an anchor, a positive and two negatives: trained on, and measured. */
static int use_tuples(const char *model, const char *dir)
{
    sts_err err = {0, ""};
    char run[512];
    double accuracy = 7;
    const sts_str text[] = {{"a dog", 5}, {"a hound", 7}, {"a cat", 5}, {"a tree", 6}};
    sts_data *rows = sts_data_new(4, &err);
    CHECK(rows && !sts_data_add(rows, text, NULL, &err));
    CHECK(!sts_data_add(rows, (sts_str[]){text[3], text[2], text[1], text[0]}, NULL, &err));
    snprintf(run, sizeof run, "%s/tuples", dir);
    sts_train_options o = sts_train_defaults();
    CHECK(!sts_train_set(&o, "model", model, &err) && !sts_train_set(&o, "output", run, &err));
    CHECK(!sts_train_set(&o, "max-steps", "1", &err));
    o.rows = rows;
    sts_model *m = NULL;
    CHECK(!sts_train(&o, NULL, NULL, &m, &err));
    CHECK(!sts_measure_data(m, rows, take_accuracy, &accuracy, &err));
    CHECK(accuracy >= 0 && accuracy <= 1);
    sts_model_free(m);
    sts_data_free(rows);
    return 0;
}

int main(int argc, char **argv)
{
    sts_err err = {0, ""};
    CHECK(argc == 3 && !strcmp(sts_version(), STSFIT_VERSION));
    sts_data *rows = make_rows(&err);
    CHECK(rows && sts_data_count(rows) == ROWS);
    double high = 1.5;
    CHECK(sts_data_add(rows, (sts_str[]){{"a", 1}, {"b", 1}}, &high, &err) && err.code == STS_DATA);
    CHECK(sts_data_add(rows, (sts_str[]){{"a", 1}, {"b", 1}}, NULL, &err));
    CHECK(!sts_data_new(1, NULL) && !sts_data_new(129, &err) && err.code == STS_USAGE);

    char run[512];
    snprintf(run, sizeof run, "%s/run", argv[2]);
    sts_train_options o = sts_train_defaults();
    CHECK(!sts_train_set(&o, "model", argv[1], &err) && !sts_train_set(&o, "output", run, &err));
    CHECK(!sts_train_set(&o, "max-steps", "6", &err) && !sts_train_set(&o, "lr", "2e-5", NULL));
    CHECK(sts_train_set(&o, "batch-size", "0", NULL) && sts_train_set(&o, "nothing", "0", NULL));
    o.rows = o.dev_rows = rows;
    seen s = {.stop_at = 0};
    sts_model *kept = NULL;
    CHECK(!sts_train(&o, on_event, &s, &kept, &err) && kept && s.last == 6);
    CHECK(s.events[STS_EVENT_START] == 1 && s.events[STS_EVENT_STEP] == 6);
    CHECK(s.events[STS_EVENT_EVAL] > 0 && s.events[STS_EVENT_END] == 1);
    CHECK(!use(kept, rows, argv[2]));
    sts_model_free(kept);

    o.overwrite = true;
    s = (seen){.stop_at = 2, .answer = STS_STOP_SAVED};
    CHECK(sts_train(&o, on_event, &s, NULL, &err) && err.code == STS_INTERRUPTED && s.last == 2);
    o.overwrite = false;
    o.resume = true;
    s = (seen){.stop_at = 4, .answer = STS_ABORT};
    CHECK(sts_train(&o, on_event, &s, &kept, &err) && err.code == STS_INTERRUPTED && !kept);
    CHECK(s.last == 4 && s.events[STS_EVENT_STEP] == 2 && !s.events[STS_EVENT_END]);
    s.stop_at = 0;
    CHECK(!sts_train(&o, on_event, &s, NULL, &err) && s.last == 6);
    sts_data_free(rows);
    CHECK(!use_tuples(argv[1], argv[2]));
    o.resume = false;
    return earlier_header(&o);
}
