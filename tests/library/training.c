/* training.c - rows in memory are trained on, with events that are answered; the kept model is
 * scored, measured, tokenized with, saved and read again. training MODEL DIR */
#include <stsfit.h>
#include <stsfit_loss.h>

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
    sts_answer answer, at_end;
} seen;

static sts_answer on_event(void *ctx, const sts_event *e)
{
    seen *s = ctx;
    s->events[e->kind]++;
    if (e->kind == STS_EVENT_END) return s->at_end;
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

/* ---- weights and ids ---- */

typedef struct heard {
    size_t rows;
    double weights; /* their sum */
    uint64_t ids;
    double first;   /* the first loss */
} heard;

/* The mean of (1 - score) |u - v|^2, and what it is given. */
static double listen(sts_loss_batch *b)
{
    heard *h = b->context;
    double sum = 0, value = 0;
    for (int i = 0; i < b->n; i++) sum += b->weight ? b->weight[i] : 1;
    for (int i = 0; i < b->n; i++) {
        double share = (b->weight ? b->weight[i] : 1) / sum * (1 - b->score[i]);
        const double *u = b->emb[0] + i * b->dim, *v = b->emb[1] + i * b->dim;
        for (int k = 0; k < b->dim; k++) {
            value += share * (u[k] - v[k]) * (u[k] - v[k]);
            b->grad[0][i * b->dim + k] = 2 * share * (u[k] - v[k]);
            b->grad[1][i * b->dim + k] = -2 * share * (u[k] - v[k]);
        }
        h->ids += b->id[i];
    }
    h->rows = (size_t)b->n;
    h->weights = sum;
    return value;
}

static sts_answer first_loss(void *ctx, const sts_event *e)
{
    heard *h = ctx;
    if (e->kind == STS_EVENT_START) h->ids = 0; /* after the check of the gradient */
    if (e->kind == STS_EVENT_STEP) h->first = e->step->loss;
    return STS_CONTINUE;
}

/* Rows 1, 2, 2, or 1 and 2 where 2 has weight 2. */
static sts_data *weighted_rows(bool weighted, sts_err *err)
{
    static const sts_str text[2][2] = {{{"a dog runs", 10}, {"a hound runs", 12}},
                                       {{"a dog runs", 10}, {"two cats sleep", 14}}};
    static const double score[] = {0.75, 0.25}, weight[] = {1, 2};
    static const uint64_t id[] = {UINT64_C(1) << 40, 7};
    sts_data *d = sts_data_new(2, err);
    for (int i = 0; d && i < (weighted ? 2 : 3); i++) {
        int k = i ? 1 : 0;
        sts_data_row row = {.size = sizeof row, .text = text[k], .score = &score[k]};
        if (weighted) row.weight = &weight[k];
        if (weighted) row.id = &id[k];
        if (sts_data_add_row(d, &row, err)) return NULL;
    }
    return d;
}

static int train_weighted(const char *model, const char *dir, const char *loss, bool weighted,
                          heard *h, sts_err *err)
{
    char run[512];
    snprintf(run, sizeof run, "%s/weights", dir);
    sts_data *rows = weighted_rows(weighted, err);
    sts_train_options o = sts_train_defaults();
    o.model = model;
    o.output = run;
    o.loss = loss;
    o.rows = rows;
    o.dev = "none";
    o.max_steps = 1;
    o.dropout = 0;
    o.overwrite = true;
    int rc = rows ? sts_train(&o, first_loss, h, NULL, err) : -1;
    sts_data_free(rows);
    return rc;
}

static int use_weights(const char *model, const char *dir)
{
    sts_err err = {0, ""};
    heard h = {0}, once = {0}, twice = {0};
    const sts_loss own = {STS_LOSS_VERSION, .name = "listen", .aliases = "", .help = "h",
                          .formula = "f", .source = "", .caution = "",
                          .needs = STS_LOSS_SCORED_PAIRS,
                          .traits = STS_LOSS_WEIGHTS, .run = listen};
    sts_env *env = sts_env_new(&err);
    CHECK(env && !sts_env_loss(env, &own, &h, &err));
    sts_env_use(env);
    CHECK(!train_weighted(model, dir, "listen", true, &h, &err));
    CHECK(h.rows == 2 && h.weights == 3 && h.ids == (UINT64_C(1) << 40) + 7);
    CHECK(!train_weighted(model, dir, "listen", false, &h, &err));
    CHECK(h.rows == 3 && h.weights == 3 && h.ids == 0 + 1 + 2);
    sts_env_use(NULL);
    sts_env_free(env);
    CHECK(!train_weighted(model, dir, "cosine-similarity", true, &once, &err));
    CHECK(!train_weighted(model, dir, "cosine-similarity", false, &twice, &err));
    CHECK(once.first > 0 && fabs(once.first - twice.first) < 1e-7 * once.first);
    CHECK(train_weighted(model, dir, "cosent", true, &once, &err) && err.code == STS_USAGE);
    sts_data *rows = weighted_rows(true, &err);
    double zero = 0, score = 0.5;
    const sts_str text[] = {{"a", 1}, {"b", 1}};
    sts_data_row row = {.size = sizeof row, .text = text, .score = &score, .id = &(uint64_t){3}};
    CHECK(sts_data_add_row(rows, &row, &err) && strstr(err.text, "weights"));
    row.weight = &zero;
    CHECK(sts_data_add_row(rows, &row, &err) && strstr(err.text, "weight 0"));
    row.weight = &score;
    row.id = NULL;
    CHECK(sts_data_add_row(rows, &row, &err) && strstr(err.text, "ids"));
    CHECK(sts_data_count(rows) == 2);
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
    s = (seen){.at_end = STS_STOP_SAVED}; /* when there is nothing left to stop */
    CHECK(!sts_train(&o, on_event, &s, NULL, &err) && s.last == 6);
    sts_data_free(rows);
    CHECK(!use_tuples(argv[1], argv[2]));
    CHECK(!use_weights(argv[1], argv[2]));
    o.resume = false;
    return earlier_header(&o);
}
