/* test_golden_curves.c - thirty steps of training against the reference's in float64: every loss,
 * gradient norm and learning rate, and embeddings after the last step. all-MiniLM-L6-v2 too, where
 * models/all-MiniLM-L6-v2 (or STSFIT_MINILM) and STSbenchmark are available. */
#include "core/file.h"
#include "core/mem.h"
#include "data/corpus.h"
#include "train/trainer.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN "tests/golden/"

/* How far a curve may be off: losses absolute (for each of the dimensions at which the loss is
 * taken), gradient norms relative, embeddings absolute. */
typedef struct bounds {
    double loss, norm, embedding;
} bounds;

static double number(const sts_json *run, const char *key)
{
    return sts_json_get(run, key)->number;
}

static double at(const sts_json *run, const char *key, int i)
{
    return sts_json_item(sts_json_get(run, key), i)->number;
}

static sts_plan plan_of(const sts_json *run, size_t rows)
{
    sts_plan p = {.batch_size = 16,
                  .accumulate = (size_t)number(run, "accumulate"),
                  .max_steps = 30,
                  .warmup = 0.1,
                  .lr = number(run, "base_lr"),
                  .adamw = {0.9, 0.999, 1e-8, number(run, "weight_decay"), 1}};
    cr_assert(!sts_plan_finish(&p, rows, NULL));
    return p;
}

/* The reference's names of losses and options, as ours. */
static const char *loss_of(const sts_json *run)
{
    const char *name = sts_json_as_string(sts_json_get(run, "loss_name"));
    if (!strcmp(name, "triplet")) return "triplet:margin=1";
    if (!strcmp(name, "triplet-margin5")) return "triplet:margin=5";
    if (!strcmp(name, "multiple-negatives-ranking")) return "mnrl:min_score=0";
    return name;
}

static void compare_steps(sts_trainer *t, const sts_json *run, const char *what, bounds limit)
{
    sts_err err = {0};
    for (int i = 0; i < 30; i++) {
        sts_step s;
        cr_assert(!sts_trainer_step(t, &s, &err), "%s: %s", what, err.text);
        double loss = at(run, "loss", i), norm = at(run, "grad_norm", i);
        cr_assert(fabs(s.lr - at(run, "lr", i)) <= 1e-15, "%s: step %d: lr %g", what, i + 1, s.lr);
        cr_assert(fabs(s.loss - loss) <= limit.loss, "%s: step %d: loss %.12g, should be %.12g",
                  what, i + 1, s.loss, loss);
        cr_assert(fabs(s.grad_norm - norm) <= limit.norm * norm,
                  "%s: step %d: gradient norm %.12g, should be %.12g", what, i + 1, s.grad_norm,
                  norm);
    }
    sts_adamw_flush(&t->adamw);
}

/* A triplet loss does not see a translation of all embeddings: there differences are compared. */
static void compare_embeddings(const sts_model *m, const sts_json *sentences, const sts_json *run,
                               const char *what, double limit)
{
    sts_err err = {0};
    const sts_json *want = sts_json_get(run, "embeddings");
    size_t n = (size_t)sts_json_size(want), dim = (size_t)m->dim;
    bool differences = strstr(what, "triplet");
    sts_str text[8];
    for (size_t i = 0; i < n; i++) {
        const char *s = sts_json_item(sentences, (int)i)->text;
        text[i] = (sts_str){s, strlen(s)};
    }
    float *got = malloc(n * dim * sizeof *got);
    cr_assert(!sts_encode(m, text, n, got, NULL, &err), "%s", err.text);
    for (size_t i = 0; i < n; i++) {
        const sts_json *row = sts_json_item(want, (int)i)->child, *first = want->child->child;
        for (size_t d = 0; d < dim; d++, row = row->next, first = first->next) {
            double x = (double)got[i * dim + d], y = row->number;
            if (differences) x -= (double)got[d], y -= first->number;
            cr_assert(fabs(x - y) <= limit, "%s: sentence %zu, number %zu: %.9g, should be %.9g",
                      what, i, d, x, y);
        }
    }
    free(got);
}

/* Online-contrastive was given labels: 1 from score 0.5 on. */
static void make_labels(sts_corpus *c, const char *loss)
{
    if (strncmp(loss, "online", 6)) return;
    for (size_t i = 0; i < c->n; i++) c->score[i] = c->score[i] >= 0.5;
}

/* The run's prompts, and whether their tokens are pooled. */
static void set_prompts(sts_model *m, const sts_json *run)
{
    sts_err err = {0};
    const sts_json *text = sts_json_get(run, "prompts");
    if (!text) return;
    sts_prompts o = {.text1 = sts_json_as_string(text->child),
                     .text2 = sts_json_as_string(text->child->next)};
    cr_assert(!sts_model_set_prompts(m, &o, &err), "%s", err.text);
    m->module[0].no_prompt = sts_json_is_false(sts_json_get(run, "include_prompt"));
}

/* The run's teacher, for which every text has a number of its own; to be freed. */
static void set_teacher(sts_plan *plan, const sts_json *run, const sts_corpus *c)
{
    const char *name = sts_json_as_string(sts_json_get(run, "teacher"));
    char dir[128];
    sts_err err = {0};
    sts_tokens t;
    if (!name) return;
    size_t n = c->n * (size_t)c->columns;
    snprintf(dir, sizeof dir, GOLDEN "%s", name);
    sts_model *m = sts_model_load(dir, &err);
    cr_assert(m, "%s", err.text);
    cr_assert(!sts_tokens_make(&t, m, c->text, n, (sts_token_options){0}, &err), "%s", err.text);
    uint32_t *number = malloc(n * sizeof *number);
    for (size_t i = 0; i < n; i++) number[i] = (uint32_t)i;
    plan->text = number;
    plan->n_texts = (uint32_t)n;
    plan->columns = c->columns;
    plan->teacher = sts_embeddings(m, &t, NULL, &err);
    plan->teacher_dim = m->dim;
    sts_tokens_free(&t);
    sts_model_free(m);
}

/* The projection begins as the reference's did. */
static void set_projection(sts_projection *p, const sts_json *run)
{
    const sts_json *x = sts_json_get(run, "projection");
    cr_assert_eq(!x, !p->value);
    if (x) x = x->child;
    for (size_t k = 0; k < p->params.n; k++)
        for (size_t i = 0; i < p->params.v[k].count; i++, x = x->next)
            p->params.value[p->params.v[k].offset + i] = (float)x->number;
}

static void run_curve(const char *dir, const char *data, size_t rows, const sts_json *sentences,
                      const sts_json *run, const char *what, bounds limit)
{
    sts_err err = {0};
    sts_data_options o = {.columns = sts_json_as_string(sts_json_get(run, "columns"))};
    sts_loss_spec loss;
    sts_corpus c;
    sts_tokens tokens;
    sts_trainer t;
    sts_model *m = sts_model_load(dir, &err);
    cr_assert(m, "%s: %s", what, err.text);
    cr_assert(!sts_corpus_load(&c, &data, 1, &o, &err), "%s: %s", what, err.text);
    if (rows && rows < c.n) c.n = rows;
    make_labels(&c, loss_of(run));
    sts_model_set_dropout(m, 0);
    set_prompts(m, run);
    sts_token_options how = {.columns = c.columns, .trained = true};
    cr_assert(!sts_tokens_make(&tokens, m, c.text, c.n * (size_t)c.columns, how, &err));
    cr_assert(!sts_loss_parse(&loss, loss_of(run), &err), "%s: %s", what, err.text);
    const char *dims = sts_json_as_string(sts_json_get(run, "dims"));
    if (dims && *dims) cr_assert(!sts_loss_set_dims(&loss, dims, &err), "%s: %s", what, err.text);
    sts_plan plan = plan_of(run, c.n);
    set_teacher(&plan, run, &c);
    sts_token_rows d = {.tokens = &tokens, .score = c.score, .n = c.n, .columns = c.columns};
    cr_assert(!sts_trainer_init(&t, m, &loss, &d, &plan, &err), "%s: %s", what, err.text);
    set_projection(&t.projection, run);
    double dimensions = 0;
    for (int k = 0; k < loss.n_dims; k++) dimensions += loss.dim_weight[k];
    limit.loss *= fmax(1, dimensions);
    compare_steps(&t, run, what, limit);
    compare_embeddings(m, sentences, run, what, limit.embedding);
    sts_trainer_free(&t);
    sts_free((void *)(uintptr_t)plan.teacher);
    free((void *)(uintptr_t)plan.text);
    sts_loss_close(&loss);
    sts_tokens_free(&tokens);
    sts_corpus_free(&c);
    sts_model_free(m);
}

/* CoSENT, AnglE and in-batch negatives multiply cosines by 20: their rounding with them. */
static bounds bounds_of(const char *what)
{
    bool scaled = strstr(what, "cosent") || strstr(what, "angle") || strstr(what, "multiple") ||
                  strstr(what, "mnrl") || strstr(what, "gist");
    return (bounds){scaled ? 2e-5 : 2e-6, 1e-5, 1e-5};
}

static void run_file(const char *model, const char *file)
{
    sts_err err = {0};
    char path[128], dir[128], what[160], rows[128];
    snprintf(path, sizeof path, GOLDEN "curves/%s.json", file);
    snprintf(dir, sizeof dir, GOLDEN "models/%s", model);
    sts_json *g = sts_json_load(path, STS_FAILED, &err);
    cr_assert(g, "%s", err.text);
    int runs = 0;
    for (const sts_json *run = g->child; run; run = run->next) {
        if (!sts_json_is_object(run)) continue;
        bool triplets = !strncmp(run->key, "triplet", 7);
        snprintf(what, sizeof what, "%s", run->key);
        const char *data = sts_json_as_string(sts_json_get(run, "data"));
        if (data) snprintf(rows, sizeof rows, GOLDEN "%s", data);
        else snprintf(rows, sizeof rows, GOLDEN "%s", triplets ? "triplets.tsv" : "pairs.tsv");
        run_curve(dir, rows, 0,
                  sts_json_get(g, "sentences"), run, what, bounds_of(what));
        runs++;
    }
    cr_assert(runs >= 2, "%s has no runs", path);
    sts_json_free(g);
}

Test(golden_curves, bert) { run_file("bert", "bert"); }
Test(golden_curves, mpnet) { run_file("mpnet", "mpnet"); }
Test(golden_curves, roberta) { run_file("roberta", "roberta"); }
Test(golden_curves, xlmr) { run_file("xlmr", "xlmr"); }
Test(golden_curves, camembert) { run_file("camembert", "camembert"); }
Test(golden_curves, distilbert) { run_file("distilbert", "distilbert"); }
Test(golden_curves, electra) { run_file("electra", "electra"); }
Test(golden_curves, albert) { run_file("albert", "albert"); }
Test(golden_curves, modernbert) { run_file("modernbert", "modernbert"); }
Test(golden_curves, static_embeddings) { run_file("static", "static"); }
Test(golden_curves, every_loss_and_setting) { run_file("bert", "losses"); }
Test(golden_curves, losses_made_of_others) { run_file("bert", "methods"); }

Test(golden_curves, all_minilm_l6_v2)
{
    sts_err err = {0};
    const char *dir = getenv("STSFIT_MINILM"), *data = "data/stsbenchmark/sts-train.csv";
    if (!dir) dir = "all-MiniLM-L6-v2";
    if (!sts_file_exists(data)) data = "../shared/data/stsbenchmark/sts-train.csv";
    sts_model *m = sts_file_exists(data) ? sts_model_load(dir, &err) : NULL;
    sts_model_free(m);
    if (!m) cr_skip_test("not here: all-MiniLM-L6-v2 (stsfit fetch) or STSbenchmark");
    sts_json *g = sts_json_load(GOLDEN "minilm.json", STS_FAILED, &err);
    cr_assert(g, "%s", err.text);
    for (const sts_json *run = g->child; run; run = run->next) {
        if (!sts_json_is_object(run) || !sts_json_get(run, "loss")) continue;
        bounds b = bounds_of(run->key);
        b.norm = 1e-4;
        run_curve(dir, data, 480, sts_json_get(g, "sentences"), run, run->key, b);
    }
    sts_json_free(g);
}
