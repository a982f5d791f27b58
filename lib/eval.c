/* eval.c - `stsfit eval`: a model on files of pairs, as a table, Markdown or JSON. */
#include "eval/gate.h"
#include "data/run_data.h"
#include "data/reading.h"
#include "core/file.h"
#include "core/escape.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/strbuf.h"
#include "eval/metric_text.h"
#include "eval/quantized.h"
#include "model/decision.h"
#include "model/prompt.h"
#include "report/eval_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One file and what the model does on it. */
typedef struct eval_file {
    const char *name;
    sts_corpus corpus, rest; /* rest: what a held-out dev set was taken from */
    sts_evaluation e;
    sts_figures figures, quantized; /* quantized: with --vectors */
    sts_confusion fixed;            /* at a threshold that was chosen elsewhere */
    double error[2]; /* mean absolute, of the cosine as it is and calibrated; NAN: not computed */
    sts_json *json;
} eval_file;

typedef struct eval {
    const sts_eval_options *o;
    sts_model *model;
    sts_gate gate;
    eval_file *file;
    size_t n_files;
    sts_writer *predictions; /* NULL: none are written */
    double threshold;        /* NAN: none */
    sts_calibration *calibration; /* of the model; NULL: none */
    bool quantizes;               /* --vectors other than float */
    sts_figures mean, all;        /* of several files of scored pairs; all.n == 0: not computed */
    sts_json *report;
    sts_err *err;
} eval;

/* The metric that counts where the model's own similarity is not the one of the table. */
static void note_own_metric(const eval *v, const eval_file *f)
{
    sts_metric_needs has = f->e.has;
    const sts_metric_row *own = sts_metric_default_by(has, f->e.kind);
    sts_metric x = sts_evaluation_value(&f->e, own);
    if (own == sts_metric_default(has) || sts_comm_rank()) return;
    if (x.status)
        sts_note(STS_INFO, "%s: the similarity of %s is %s: %s cannot be computed: %s", f->name,
                 v->o->model, sts_similarity_name(f->e.kind), own->name, x.status);
    else sts_note(STS_INFO, "%s: the similarity of %s is %s: %s is %.2f", f->name, v->o->model,
                  sts_similarity_name(f->e.kind), own->name, 100 * x.value);
}

/* ---- at what training decided ---- */

/* Figures of the threshold that was chosen elsewhere, of the similarity that score shows. */
static int apply_threshold(const eval *v, eval_file *f)
{
    const sts_corpus *c = &f->corpus;
    if (isnan(v->threshold)) return 0;
    if (!c->positive)
        return sts_fail(v->err, STS_DATA, "%s: --threshold needs two classes: --positive X says "
                        "from which score on a pair is positive", f->name);
    f->fixed = sts_confusion_at(f->e.similarity, c->positive, c->n, v->threshold);
    return 0;
}

/* How far scores are off, on the file's scale. */
static void apply_calibration(const eval *v, eval_file *f)
{
    double lo, hi, before = 0, after = 0;
    const sts_corpus *c = &f->corpus;
    f->error[0] = f->error[1] = NAN;
    if (!v->calibration || !c->score || !f->e.cosine) return;
    sts_corpus_scale(c, &f->rest, &lo, &hi);
    for (size_t i = 0; i < c->n; i++) {
        double gold = lo + c->score[i] * (hi - lo), cosine = f->e.cosine[i];
        before += fabs(lo + cosine * (hi - lo) - gold);
        after += fabs(sts_calibration_apply(v->calibration, cosine) - gold);
    }
    f->error[0] = before / (double)c->n;
    f->error[1] = after / (double)c->n;
}

static void add_decided(const eval *v, const eval_file *f)
{
    if (!isnan(v->threshold)) {
        sts_json *t = sts_json_add_object(f->json, "fixed_threshold");
        sts_json_add_number(t, "threshold", v->threshold);
        sts_json_add_number(t, "accuracy", sts_confusion_accuracy(&f->fixed));
        sts_json_add_number(t, "precision", sts_confusion_precision(&f->fixed));
        sts_json_add_number(t, "recall", sts_confusion_recall(&f->fixed));
        sts_json_add_number(t, "f1", sts_confusion_f1(&f->fixed));
    }
    if (isnan(f->error[0])) return;
    sts_json *k = sts_json_add_object(f->json, "calibration");
    sts_json_add_number(k, "mean_absolute_error_before", f->error[0]);
    sts_json_add_number(k, "mean_absolute_error_after", f->error[1]);
}

/* ---- quantized vectors ---- */

static int evaluate(const eval *v, eval_file *f, const sts_token_rows *d)
{
    const sts_quantization quantization = {v->o->vectors, v->o->calibration, f->name};
    sts_evaluation q = {0};
    if (!v->quantizes) return sts_evaluate(&f->e, v->model, d, true, v->err);
    float *emb = sts_embeddings(v->model, d->tokens, "evaluating", v->err);
    int rc = emb ? sts_evaluate_vectors(&f->e, v->model, emb, d, true, v->err) : -1;
    if (!rc) rc = sts_evaluate_quantized(&q, v->model, emb, d, &quantization, v->err);
    f->quantized = sts_evaluation_figures(&q);
    sts_evaluation_free(&q);
    sts_free(emb);
    return rc;
}

static void add_quantized(const eval *v, eval_file *f)
{
    size_t width = (size_t)v->model->dim;
    bool bits = !strcmp(v->o->vectors, "ubinary");
    sts_json *as = sts_json_add_object(f->json, "vectors");
    sts_json_add_string(as, "type", v->o->vectors);
    sts_json_add_number(as, "bytes", (double)(bits ? (width + 7) / 8 : width));
    sts_json_add_number(as, "float_bytes", (double)(width * sizeof(float)));
    sts_figures_json(&f->quantized, as);
}

/* Reads `path`, or with NULL the run's own dev set. */
static int read_file(const eval *v, eval_file *f, const char *path, const sts_data_options *reading)
{
    const char *output = v->o->predictions;
    const sts_corpus *only = &f->corpus;
    f->name = path ? path : "dev";
    if (path ? sts_corpus_load(&f->corpus, &path, 1, reading, v->err)
             : sts_run_data_own(v->o->model, &f->corpus, &f->rest, v->err))
        return -1;
    if (path && v->o->n_data == 1 && sts_corpora_have_range(&only, 1, reading, v->err)) return -1;
    if (sts_corpus_spare(&f->corpus, output, v->err)) return -1;
    return sts_corpus_spare(&f->rest, output, v->err);
}

/* Once the first file is there: a new bag is made for its texts. */
static int ready_model(eval *v, const eval_file *f)
{
    const sts_corpus *c = &f->corpus;
    size_t texts = c->n * (size_t)c->columns;
    if (!v->model && !(v->model = sts_model_new_bag(c->text, texts, 0, 0, v->err))) return -1;
    if ((v->n_files == 1 && sts_model_set_prompts(v->model, &v->o->prompts, v->err))) return -1;
    if (v->o->dims && sts_model_set_dims(v->model, (size_t)v->o->dims, v->err)) return -1;
    sts_model_set_batch_size(v->model, (size_t)v->o->batch_size);
    return 0;
}

static int evaluate_texts(const eval *v, eval_file *f)
{
    const sts_corpus *c = &f->corpus;
    sts_tokens tokens;
    sts_token_options how = {.columns = c->columns};
    size_t texts = c->n * (size_t)c->columns;
    if (sts_tokens_make(&tokens, v->model, c->text, texts, how, v->err)) return -1;
    sts_token_rows d = sts_corpus_rows(c, &tokens);
    int rc = evaluate(v, f, &d);
    if (!rc) rc = sts_evaluation_check(&f->e, v->model, v->err);
    f->figures = sts_evaluation_figures(&f->e);
    sts_tokens_free(&tokens);
    return rc;
}

static int describe_file(const eval *v, eval_file *f)
{
    const sts_corpus *c = &f->corpus;
    size_t since = sts_json_denied();
    f->json = sts_json_new_object();
    sts_json_add_string(f->json, "file", f->name);
    size_t skipped = c->n_files ? c->file[0]->n_read - c->file[0]->n : 0;
    sts_json_add_number(f->json, "skipped", (double)skipped);
    if (c->n_files) sts_json_add_string(f->json, "detected", c->file[0]->detected);
    sts_figures_json(&f->figures, f->json);
    add_decided(v, f);
    if (v->quantizes) add_quantized(v, f);
    return sts_json_denied() == since ? 0 : sts_fail_memory(v->err, f->name);
}

static int evaluate_file(eval *v, eval_file *f, const char *path)
{
    sts_data_options reading = v->o->reading;
    reading.plain_pairs = true;
    if (read_file(v, f, path, &reading) || ready_model(v, f) || evaluate_texts(v, f)) return -1;
    if (!sts_comm_rank()) sts_corpus_note_classes(&f->corpus, &reading, f->name);
    if (!sts_comm_rank()) sts_corpus_note_equal(&f->corpus, f->name);
    note_own_metric(v, f);
    if (apply_threshold(v, f)) return -1;
    apply_calibration(v, f);
    return describe_file(v, f);
}

/* ---- several files: the mean of files, and all pairs together ---- */

static void find_mean(eval *v)
{
    v->mean = sts_figures_none(0);
    for (size_t m = 0; m < STS_METRICS; m++) {
        double sum = 0;
        for (size_t i = 0; i < v->n_files; i++) sum += v->file[i].figures.value[m];
        v->mean.value[m] = sum / (double)v->n_files;
    }
}

/* The cosines and scores of all files, one after the other, into x and y. */
static void collect(const eval *v, double *x, double *y)
{
    for (size_t i = 0; i < v->n_files; i++) {
        const eval_file *f = &v->file[i];
        memcpy(x, f->e.cosine, f->e.n * sizeof *x);
        memcpy(y, f->corpus.score, f->e.n * sizeof *y);
        x += f->e.n;
        y += f->e.n;
    }
}

static int find_all(eval *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n_files; i++) n += v->file[i].e.n;
    double *x = sts_alloc(n, 2 * sizeof *x);
    int rc = x ? 0 : sts_fail_memory(v->err, "the report");
    if (x) collect(v, x, x + n);
    if (x) rc = sts_figures_of_pairs(&v->all, x, x + n, n, v->err);
    sts_free(x);
    return rc;
}

static int combine_files(eval *v)
{
    for (size_t i = 0; i < v->n_files; i++)
        if (!(v->file[i].e.has & STS_NEEDS_SCORES)) return 0;
    if (v->n_files < 2) return 0;
    find_mean(v);
    return find_all(v);
}

static void add_metrics(sts_json *object, const sts_figures *f)
{
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_in_table(&sts_metric_row_of[m], STS_NEEDS_SCORES))
            sts_json_add_number(object, sts_metric_row_of[m].name, f->value[m]);
}

static int build_report(eval *v)
{
    size_t since = sts_json_denied();
    v->report = sts_json_new_object();
    sts_json_add_number(v->report, "schema", 1);
    sts_json_add_string(v->report, "command", "eval");
    sts_json_add_string(v->report, "model", v->o->model);
    sts_json_add_string(v->report, "precision", v->model ? sts_model_precision(v->model) : "fp32");
    if (v->o->dims) sts_json_add_number(v->report, "dims", (double)v->o->dims);
    sts_json_add_string(v->report, "similarity",
                        v->n_files ? sts_similarity_name(v->file[0].e.kind) : "cosine");
    sts_json *files = sts_json_add_array(v->report, "files");
    for (size_t i = 0; i < v->n_files; i++) sts_json_push_borrowed(files, v->file[i].json);
    if (v->all.n) {
        add_metrics(sts_json_add_object(v->report, "mean_of_files"), &v->mean);
        sts_json *all = sts_json_add_object(v->report, "all_pairs");
        sts_json_add_number(all, "pairs", (double)v->all.n);
        add_metrics(all, &v->all);
    }
    return sts_json_denied() == since ? 0 : sts_fail_memory(v->err, "the report");
}

/* ---- for people ---- */

#define NAME 32  /* columns of a file's name */
#define INDENT 2 /* ... before a status */

static void put_row(sts_strbuf *t, const char *name, const sts_figures *f, sts_metric_needs has,
                    sts_similarity_kind similarity, bool markdown)
{
    const double *ci = f->ci95[sts_metric_default_by(has, similarity) - sts_metric_row_of];
    if (markdown) sts_strbuf_printf(t, "| ");
    if (markdown) sts_put_markdown(t, name);
    else sts_put_name(t, name, NAME);
    if (f->n) sts_strbuf_printf(t, markdown ? " | %zu |" : "%8zu", f->n);
    else sts_strbuf_printf(t, markdown ? " | |" : "        ");
    sts_put_metrics_by(t, f->value, has, similarity, markdown);
    if (isfinite(ci[0]))
        sts_strbuf_printf(t, markdown ? " %.2f to %.2f |" : "   %.2f to %.2f", 100 * ci[0],
                          100 * ci[1]);
    else if (markdown) sts_strbuf_printf(t, " |");
    sts_strbuf_printf(t, "\n");
    if (*f->status && !markdown) sts_put_wrapped(t, INDENT, "", "(%s)", f->status);
}

/* The same figures of quantized vectors. Bits are compared by how many differ, which is what the
 * Manhattan distance of zeros and ones is. */
static void put_quantized(sts_strbuf *t, const eval *v, const eval_file *f, sts_metric_needs has,
                          bool markdown)
{
    sts_similarity_kind by = STS_COSINE_SIMILARITY;
    if (!strcmp(v->o->vectors, "ubinary")) by = STS_MANHATTAN_SIMILARITY;
    bool hamming = sts_metric_default_by(has, by) != sts_metric_default(has);
    char name[NAME];
    snprintf(name, sizeof name, "  as %s, by %s", v->o->vectors, hamming ? "Hamming" : "cosine");
    put_row(t, name, &f->quantized, has, by, markdown);
}

/* What training decided, one line each. */
static void put_decided(sts_strbuf *t, const eval *v)
{
    for (size_t i = 0; i < v->n_files; i++) {
        const eval_file *f = &v->file[i];
        if (!isnan(v->threshold))
            sts_strbuf_printf(t,
                              "at %s %.4f: accuracy %.2f, precision %.2f, recall %.2f, F1 %.2f\n",
                              sts_similarity_name(f->e.kind), v->threshold,
                              100 * sts_confusion_accuracy(&f->fixed),
                              100 * sts_confusion_precision(&f->fixed),
                              100 * sts_confusion_recall(&f->fixed),
                              100 * sts_confusion_f1(&f->fixed));
        if (!isnan(f->error[0]))
            sts_strbuf_printf(t, "mean absolute error: %.3f, calibrated %.3f\n", f->error[0],
                              f->error[1]);
    }
}

static void put_head(sts_strbuf *t, sts_metric_needs has, bool markdown)
{
    const char *decides = sts_metric_default(has)->title;
    bool interval = sts_metric_has_interval(sts_metric_default(has), has);
    if (markdown) sts_strbuf_printf(t, "| file | n |");
    else sts_strbuf_printf(t, "%-*s%8s", NAME, "x 100", "n");
    sts_put_metric_titles(t, has, markdown);
    if (interval && markdown) sts_strbuf_printf(t, " %s's 95 %% interval |", decides);
    else if (interval) sts_strbuf_printf(t, "   95 %% interval");
    sts_strbuf_printf(t, "\n");
    if (!markdown) return;
    sts_strbuf_printf(t, "|---|---|");
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_in_table(&sts_metric_row_of[m], has)) sts_strbuf_printf(t, "---|");
    sts_strbuf_printf(t, interval ? "---|\n" : "\n");
}

/* What any of the files offers; two classes only where all are such. */
static sts_metric_needs offered(const eval *v)
{
    sts_metric_needs any = 0, all = STS_NEEDS_CLASSES;
    for (size_t i = 0; i < v->n_files; i++) {
        any |= v->file[i].e.has;
        all &= v->file[i].e.has;
    }
    return all ? any : any & ~(sts_metric_needs)STS_NEEDS_CLASSES;
}

static char *as_table(const eval *v, bool markdown)
{
    sts_strbuf t = {0};
    sts_metric_needs has = offered(v);
    const sts_similarity_kind cosine = STS_COSINE_SIMILARITY;
    put_head(&t, has, markdown);
    for (size_t i = 0; i < v->n_files; i++) {
        const eval_file *f = &v->file[i];
        put_row(&t, f->name, &f->figures, has, cosine, markdown);
        if (v->quantizes) put_quantized(&t, v, f, has, markdown);
    }
    if (v->all.n) put_row(&t, "mean of files", &v->mean, has, cosine, markdown);
    if (v->all.n) put_row(&t, "all pairs together", &v->all, has, cosine, markdown);
    if (!markdown) put_decided(&t, v);
    return sts_strbuf_take(&t);
}

static char *render(const eval *v, sts_form form)
{
    if (form != STS_AS_JSON) return as_table(v, form == STS_AS_MARKDOWN);
    return sts_json_print(v->report, true, sts_json_denied());
}

/* ---- predictions ---- */

static int write_predictions(eval *v)
{
    sts_writer *w = v->predictions;
    int rc = 0;
    for (size_t f = 0; f < v->n_files && !rc; f++)
        rc = sts_writer_narrow(w, sts_corpus_mode(&v->file[f].corpus) &
                               sts_corpus_mode(&v->file[f].rest), v->err);
    if (!rc)
        rc = sts_writer_printf(w, v->err, STS_EVAL_ROWS_HEAD,
                               sts_similarity_name(v->file[0].e.kind));
    for (size_t f = 0; f < v->n_files && !rc; f++) {
        const eval_file *d = &v->file[f];
        double range[2];
        sts_corpus_scale(&d->corpus, &d->rest, &range[0], &range[1]);
        rc = sts_eval_rows_write(w, d->name, &d->corpus, &d->e, range, v->err);
    }
    if (rc) return -1;
    v->predictions = NULL;
    return sts_writer_commit(w, v->err);
}

/* Before any work. */
static int open_predictions(eval *v)
{
    const sts_eval_options *o = v->o;
    if (!o->predictions || sts_comm_rank()) return 0;
    v->predictions = sts_output_open(o->predictions, o->data, o->n_data, v->err);
    return v->predictions ? 0 : -1;
}

static void warn_of_cut(const eval *v)
{
    size_t texts = 0, cut = 0;
    for (size_t i = 0; i < v->n_files; i++) {
        texts += v->file[i].corpus.n * (size_t)v->file[i].corpus.columns;
        cut += v->file[i].e.truncated;
    }
    sts_tokens_warn_cut(v->model, cut, texts);
}

/* What training stored with the model. */
static int load_decision(eval *v)
{
    const char *choice = v->o->threshold;
    sts_decision decision;
    v->threshold = NAN;
    if (!v->model)
        return choice ? sts_fail(v->err, STS_USAGE, "--threshold: the bag has learned nothing: -m "
                                 "DIR names a model") : 0;
    if (choice && sts_model_threshold(v->model, choice, &v->threshold, v->err)) return -1;
    if (sts_decision_load(v->model, &decision, v->err)) return -1;
    v->calibration = decision.calibration;
    return 0;
}

static int evaluate_all(eval *v)
{
    const sts_eval_options *o = v->o;
    if (sts_require(o->model, "--model", v->err)) return -1;
    if (o->fail_under && sts_gate_parse(&v->gate, o->fail_under, v->err)) return -1;
    const char *const beside[STS_BESIDE] = {o->calibration};
    if (open_predictions(v) ||
        sts_reading_check(&o->reading, o->data, o->n_data, beside, v->err)) return -1;
    v->quantizes = o->vectors && strcmp(o->vectors, "float");
    int bag = sts_corpus_is_bag(o->model, v->err);
    if (bag < 0 || (!bag && !(v->model = sts_model_load(o->model, v->err)))) return -1;
    if (v->model && (sts_model_set(v->model, o->max_seq_length, o->batch_size, o->dims,
                                   o->precision, v->err) || sts_model_same(v->model, v->err)))
        return -1;
    if (load_decision(v)) return -1;
    size_t n = o->n_data ? o->n_data : 1;
    v->file = sts_alloc(n, sizeof *v->file);
    if (!v->file) return sts_fail_memory(v->err, "the evaluation");
    while (v->n_files < n) {
        size_t i = v->n_files++;
        if (evaluate_file(v, &v->file[i], o->n_data ? o->data[i] : NULL)) return -1;
    }
    warn_of_cut(v);
    if (combine_files(v) || build_report(v)) return -1;
    return v->predictions ? write_predictions(v) : 0;
}

static int check_gate(const eval *v)
{
    int rc = 0;
    for (size_t i = 0; i < v->n_files && v->o->fail_under && !rc; i++)
        rc = sts_gate_check(&v->gate, sts_figures_value(&v->file[i].figures, v->gate.metric),
                            v->file[i].name, v->err);
    return rc;
}

int sts_eval(const sts_eval_options *given, sts_form form, char **out, sts_err *err)
{
    sts_eval_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    eval v = {.o = &o, .err = err};
    sts_here before = sts_here_begin();
    int rc = evaluate_all(&v);
    if (!rc) rc = (*out = render(&v, form)) ? check_gate(&v) : sts_fail_memory(err, "the report");
    sts_here_end(before);
    sts_writer_abort(v.predictions);
    sts_json_free(v.report);
    for (size_t i = 0; i < v.n_files; i++) {
        sts_json_free(v.file[i].json);
        sts_evaluation_free(&v.file[i].e);
        sts_corpus_free(&v.file[i].corpus);
        sts_corpus_free(&v.file[i].rest);
    }
    sts_free(v.file);
    sts_calibration_free(v.calibration);
    sts_model_free(v.model);
    return rc;
}
