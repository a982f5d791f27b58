/* compare.c - `stsfit compare`: two models on the same pairs, as a table, Markdown or JSON. */
#include "data/run_data.h"
#include "data/reading.h"
#include "core/file.h"
#include "core/escape.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/strbuf.h"
#include "eval/evaluate.h"
#include "eval/metric_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEED 20170801u
#define PAIRS 10

/* One file, evaluated with both. */
typedef struct comparison {
    const char *name;
    sts_corpus corpus, rest;
    sts_evaluation e[2];
    sts_paired d;
    sts_json *json;
} comparison;

typedef struct compare {
    const sts_compare_options *o;
    sts_model *model[2];
    comparison *file;
    size_t n;
    sts_err *err;
} compare;

/* ---- evaluating ---- */

/* A new bag is made for the texts of the first file. */
static sts_model *load_model(const compare *v, const char *dir)
{
    const sts_corpus *c = &v->file->corpus;
    int bag = sts_corpus_is_bag(dir, v->err);
    if (bag < 0) return NULL;
    sts_model *m = bag ? sts_model_new_bag(c->text, c->n * (size_t)c->columns, 0, 0, v->err)
                       : sts_model_load(dir, v->err);
    const sts_compare_options *o = v->o;
    if (!m || !sts_model_set(m, o->max_seq_length, o->batch_size, 0, o->precision, v->err))
        return m;
    sts_model_free(m);
    return NULL;
}

static int evaluate(compare *v, comparison *b, int which)
{
    const sts_corpus *c = &b->corpus;
    sts_tokens tokens;
    sts_token_options how = {.columns = 2};
    if (sts_tokens_make(&tokens, v->model[which], c->text, c->n * 2, how, v->err)) return -1;
    sts_token_rows d = sts_corpus_rows(c, &tokens);
    int rc = sts_evaluate(&b->e[which], v->model[which], &d, true, v->err);
    if (!rc) rc = sts_evaluation_check(&b->e[which], v->model[which], v->err);
    sts_tokens_free(&tokens);
    return rc;
}

static int compare_file(compare *v, comparison *b)
{
    const sts_corpus *c = &b->corpus;
    if (c->columns != 2 || !c->score)
        return sts_fail(v->err, STS_DATA, "%s: models are compared on scored pairs, these are %s",
                        b->name, c->columns == 2 ? "without scores" : sts_rows_called(c->columns));
    if (evaluate(v, b, 0) || evaluate(v, b, 1)) return -1;
    return sts_spearman_paired(c->score, b->e[1].cosine, b->e[0].cosine, c->n,
                               sts_paired_rounds(c->n), SEED, &b->d, v->err);
}

/* Of the model that cuts more of the texts. */
static void warn_of_cut(const compare *v)
{
    size_t texts = 0, cut[2] = {0};
    for (size_t i = 0; i < v->n; i++) {
        texts += 2 * v->file[i].corpus.n;
        for (int k = 0; k < 2; k++) cut[k] += v->file[i].e[k].truncated;
    }
    int more = cut[1] > cut[0];
    sts_tokens_warn_cut(v->model[more], cut[more], texts);
}

static int compare_all(compare *v)
{
    const sts_compare_options *o = v->o;
    size_t n = o->n_data ? o->n_data : 1;
    if (sts_require(o->a, "a", v->err) || sts_require(o->b, "b", v->err)) return -1;
    if (sts_reading_check(&o->reading, o->data, o->n_data, NULL, v->err)) return -1;
    v->file = sts_alloc(n, sizeof *v->file);
    if (!v->file) return sts_fail_memory(v->err, "the comparison");
    v->n = n;
    for (size_t i = 0; i < n; i++) {
        comparison *b = &v->file[i];
        b->name = o->n_data ? o->data[i] : "dev";
        if (o->n_data ? sts_corpus_load(&b->corpus, &o->data[i], 1, &o->reading, v->err)
                      : sts_run_data_own(o->a, &b->corpus, &b->rest, v->err))
            return -1;
    }
    if (!(v->model[0] = load_model(v, o->a)) || !(v->model[1] = load_model(v, o->b))) return -1;
    for (size_t i = 0; i < n; i++)
        if (compare_file(v, &v->file[i])) return -1;
    warn_of_cut(v);
    return 0;
}

/* ---- the pairs they differ on ---- */

typedef struct gap {
    double size; /* of the difference of the cosines */
    size_t at;
} gap;

static int widest(const void *a, const void *b)
{
    const gap *p = a, *q = b;
    if (p->size != q->size) return p->size > q->size ? -1 : 1;
    return p->at < q->at ? -1 : 1;
}

static sts_json *pair_json(const comparison *b, size_t i)
{
    sts_json *p = sts_json_new_object();
    for (size_t t = 0; t < 2; t++) {
        sts_str s = b->corpus.text[2 * i + t];
        sts_json_add_string(p, t ? "sentence2" : "sentence1", s.s); /* ends with NUL */
    }
    sts_json_add_number(p, "gold", b->corpus.score[i]);
    sts_json_add_number(p, "a", b->e[0].cosine[i]);
    sts_json_add_number(p, "b", b->e[1].cosine[i]);
    return p;
}

static int add_pairs(sts_json *json, const comparison *b, sts_err *err)
{
    size_t n = b->corpus.n;
    gap *g = sts_alloc(n, sizeof *g);
    if (!g) return sts_fail_memory(err, "the pairs");
    for (size_t i = 0; i < n; i++) g[i] = (gap){fabs(b->e[1].cosine[i] - b->e[0].cosine[i]), i};
    qsort(g, n, sizeof *g, widest);
    sts_json *list = sts_json_add_array(json, "pairs_that_differ");
    for (size_t i = 0; i < n && i < PAIRS; i++) sts_json_append(list, pair_json(b, g[i].at));
    sts_free(g);
    return 0;
}

/* ---- JSON ---- */

static void add_interval(sts_json *json, const char *key, const double ci[2])
{
    if (!isfinite(ci[0])) {
        sts_json_add_null(json, key);
        return;
    }
    sts_json_put(json, key, sts_json_new_numbers(ci, 2));
}

static bool in_table(size_t m)
{
    return sts_metric_in_table(&sts_metric_row_of[m], STS_NEEDS_SCORES);
}

/* Whether it is the metric that is compared by bootstrap. */
static bool decides(size_t m)
{
    return &sts_metric_row_of[m] == sts_metric_default(STS_NEEDS_SCORES);
}

static double difference(const comparison *b, size_t m)
{
    if (decides(m)) return b->d.difference.value;
    return b->e[1].value[m].value - b->e[0].value[m].value;
}

static int comparison_json(const compare *v, comparison *b)
{
    size_t since = sts_json_denied();
    b->json = sts_json_new_object();
    sts_json_add_string(b->json, "file", b->name);
    sts_json_add_number(b->json, "pairs", (double)b->corpus.n);
    for (int i = 0; i < 2; i++) {
        sts_figures f = sts_evaluation_figures(&b->e[i]);
        sts_figures_json(&f, sts_json_add_object(b->json, i ? "b" : "a"));
    }
    sts_json *d = sts_json_add_object(b->json, "difference");
    sts_json_add_number(d, STS_METRIC_OF_SCORES, b->d.difference.value);
    add_interval(d, STS_METRIC_OF_SCORES "_ci95", b->d.ci95);
    if (b->d.rounds && b->d.rounds < STS_PAIRED_ROUNDS)
        sts_json_add_number(d, "resamples", b->d.rounds);
    sts_json_add_number(d, "p", b->d.p);
    for (size_t m = 0; m < STS_METRICS; m++)
        if (in_table(m) && !decides(m))
            sts_json_add_number(d, sts_metric_row_of[m].name, difference(b, m));
    if (b->d.difference.status) sts_json_add_string(d, "status", b->d.difference.status);
    if (v->o->pairs && add_pairs(b->json, b, v->err)) return -1;
    return sts_json_denied() == since ? 0 : sts_fail_memory(v->err, "the comparison");
}

static char *as_json(const compare *v)
{
    size_t since = sts_json_denied();
    sts_json *report = sts_json_new_object();
    sts_json_add_number(report, "schema", 1);
    sts_json_add_string(report, "command", "compare");
    sts_json_add_string(report, "a", v->o->a);
    sts_json_add_string(report, "b", v->o->b);
    sts_json *files = sts_json_add_array(report, "files");
    for (size_t i = 0; i < v->n; i++) sts_json_push_borrowed(files, v->file[i].json);
    return sts_json_finish(report, true, since);
}

/* ---- for people ---- */

#define NAME 22  /* columns of a file's name */
#define LETTER 7 /* ... of a model */
#define INDENT 2 /* ... before a status or a text */

static void put_interval(sts_strbuf *t, const double ci[2], bool markdown, bool sign)
{
    const char *fmt = sign ? "%s%+.2f to %+.2f%s" : "%s%.2f to %.2f%s";
    if (isfinite(ci[0]))
        sts_strbuf_printf(t, fmt, markdown ? " " : "   ", 100 * ci[0], 100 * ci[1],
                          markdown ? " |" : "");
    else if (markdown) sts_strbuf_printf(t, " |");
}

static void put_comparison(sts_strbuf *t, const comparison *b, bool markdown)
{
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "" : b->name;
        if (markdown) sts_strbuf_printf(t, "| ");
        if (markdown) sts_put_markdown(t, name);
        else sts_put_name(t, name, NAME);
        if (markdown) sts_strbuf_printf(t, " | %s |", i ? "B" : "A");
        else sts_strbuf_printf(t, "%-*s", LETTER, i ? "B" : "A");
        for (size_t m = 0; m < STS_METRICS; m++)
            if (in_table(m)) sts_put_hundredths(t, b->e[i].value[m].value, markdown, false);
        put_interval(t, b->e[i].ci95[STS_METRIC_spearman_cosine], markdown, false);
        sts_strbuf_printf(t, markdown ? " |\n" : "\n");
    }
    if (markdown) sts_strbuf_printf(t, "| | B \xe2\x88\x92 A |");
    else sts_strbuf_printf(t, "%*s%-*s", NAME, "", LETTER, "B - A");
    for (size_t m = 0; m < STS_METRICS; m++)
        if (in_table(m)) sts_put_hundredths(t, difference(b, m), markdown, true);
    put_interval(t, b->d.ci95, markdown, true);
    if (isfinite(b->d.p)) sts_strbuf_printf(t, markdown ? " p = %.3f |" : "   p = %.3f", b->d.p);
    else if (markdown) sts_strbuf_printf(t, " |");
    sts_strbuf_printf(t, "\n");
    if (b->d.difference.status && !markdown)
        sts_put_wrapped(t, INDENT, "", "(%s)", b->d.difference.status);
}

static void put_text(sts_strbuf *t, const char *s, bool markdown)
{
    char text[400];
    sts_quote(text, sizeof text, s ? s : "", s ? strlen(s) : 0);
    if (!markdown) {
        sts_put_wrapped(t, INDENT, "", "%s", text);
        return;
    }
    sts_put_markdown(t, text);
    sts_strbuf_printf(t, "\\\n");
}

static void put_pairs(sts_strbuf *t, const comparison *b, bool markdown)
{
    const sts_json *list = sts_json_get(b->json, "pairs_that_differ");
    for (const sts_json *p = list ? list->child : NULL; p; p = p->next) {
        sts_strbuf_printf(t, "\ngold %.3f   A %.3f   B %.3f%s\n",
                          sts_json_as_number(sts_json_get(p, "gold")),
                          sts_json_as_number(sts_json_get(p, "a")),
                          sts_json_as_number(sts_json_get(p, "b")), markdown ? "\\" : "");
        put_text(t, sts_json_as_string(sts_json_get(p, "sentence1")), markdown);
        put_text(t, sts_json_as_string(sts_json_get(p, "sentence2")), markdown);
    }
}

static void put_model(sts_strbuf *t, const char *letter, const char *dir, bool markdown)
{
    sts_strbuf_printf(t, "%s: ", letter);
    if (markdown) sts_put_markdown(t, dir);
    else sts_put_shown(t, dir, 0);
    sts_strbuf_printf(t, markdown && *letter == 'A' ? "\\\n" : "\n");
}

static void put_head(sts_strbuf *t, bool markdown)
{
    if (markdown) sts_strbuf_printf(t, "| file | model |");
    else sts_strbuf_printf(t, "%-*s", NAME + LETTER, "x 100");
    sts_put_metric_titles(t, STS_NEEDS_SCORES, markdown);
    sts_strbuf_printf(t, markdown ? " 95 %% interval | p |\n|---|---|" : "   95 %% interval\n");
    for (size_t m = 0; m < STS_METRICS && markdown; m++)
        if (in_table(m)) sts_strbuf_printf(t, "---|");
    if (markdown) sts_strbuf_printf(t, "---|---|\n");
}

static char *as_table(const compare *v, bool markdown)
{
    sts_strbuf t = {0};
    put_model(&t, "A", v->o->a, markdown);
    put_model(&t, "B", v->o->b, markdown);
    sts_strbuf_printf(&t, "\n");
    put_head(&t, markdown);
    for (size_t i = 0; i < v->n; i++) put_comparison(&t, &v->file[i], markdown);
    for (size_t i = 0; i < v->n; i++) put_pairs(&t, &v->file[i], markdown);
    return sts_strbuf_take(&t);
}

int sts_compare(const sts_compare_options *given, sts_form form, char **out, sts_err *err)
{
    sts_compare_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    compare v = {.o = &o, .err = err};
    sts_here before = sts_here_begin();
    int rc = compare_all(&v);
    sts_here_end(before);
    for (size_t i = 0; i < v.n && !rc; i++) rc = comparison_json(&v, &v.file[i]);
    if (!rc) {
        *out = form == STS_AS_JSON ? as_json(&v) : as_table(&v, form == STS_AS_MARKDOWN);
        rc = *out ? 0 : sts_fail_memory(err, "the comparison");
    }
    for (size_t i = 0; i < v.n; i++) {
        sts_json_free(v.file[i].json);
        for (int k = 0; k < 2; k++) sts_evaluation_free(&v.file[i].e[k]);
        sts_corpus_free(&v.file[i].corpus);
        sts_corpus_free(&v.file[i].rest);
    }
    sts_free(v.file);
    sts_model_free(v.model[0]);
    sts_model_free(v.model[1]);
    return rc;
}
