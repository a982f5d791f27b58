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
    sts_evaluation e, quantized; /* quantized: with --vectors */
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
    sts_json *report;
    sts_err *err;
} eval;

static size_t left_out(const sts_dataset *d)
{
    return d->n_read - d->n;
}

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
    else
        sts_note(STS_INFO, "%s: the similarity of %s is %s: %s is %.2f", f->name, v->o->model,
                 sts_similarity_name(f->e.kind), own->name, 100 * x.value);
}

/* ---- at what training decided ---- */

/* Figures of the threshold that was chosen elsewhere, of the similarity that score shows. */
static int add_threshold(const eval *v, eval_file *f)
{
    const sts_corpus *c = &f->corpus;
    if (isnan(v->threshold)) return 0;
    if (!c->positive)
        return sts_fail(v->err, STS_DATA, "%s: --threshold needs two classes: --positive X says "
                        "from which score on a pair is positive", f->name);
    sts_confusion m = sts_confusion_at(f->e.similarity, c->positive, c->n, v->threshold);
    sts_json *t = sts_json_add_object(f->json, "fixed_threshold");
    sts_json_add_number(t, "threshold", v->threshold);
    sts_json_add_number(t, "accuracy", sts_confusion_accuracy(&m));
    sts_json_add_number(t, "precision", sts_confusion_precision(&m));
    sts_json_add_number(t, "recall", sts_confusion_recall(&m));
    sts_json_add_number(t, "f1", sts_confusion_f1(&m));
    return 0;
}

/* How far scores are off, on the file's scale: the cosine as it is, and calibrated. */
static void add_calibration(const eval *v, eval_file *f)
{
    double lo, hi, before = 0, after = 0;
    const sts_corpus *c = &f->corpus;
    if (!v->calibration || !c->score || !f->e.cosine) return;
    sts_corpus_scale(c, &f->rest, &lo, &hi);
    for (size_t i = 0; i < c->n; i++) {
        double gold = lo + c->score[i] * (hi - lo), cosine = f->e.cosine[i];
        before += fabs(lo + cosine * (hi - lo) - gold);
        after += fabs(sts_calibration_apply(v->calibration, cosine) - gold);
    }
    sts_json *k = sts_json_add_object(f->json, "calibration");
    sts_json_add_number(k, "mean_absolute_error_before", before / (double)c->n);
    sts_json_add_number(k, "mean_absolute_error_after", after / (double)c->n);
}

/* ---- quantized vectors ---- */

static int evaluate(const eval *v, eval_file *f, const sts_token_rows *d)
{
    const sts_quantization quantization = {v->o->vectors, v->o->calibration, f->name};
    if (!v->quantizes) return sts_evaluate(&f->e, v->model, d, true, v->err);
    float *emb = sts_embeddings(v->model, d->tokens, "evaluating", v->err);
    int rc = emb ? sts_evaluate_vectors(&f->e, v->model, emb, d, true, v->err) : -1;
    if (!rc) rc = sts_evaluate_quantized(&f->quantized, v->model, emb, d, &quantization, v->err);
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
    sts_evaluation_json(&f->quantized, as);
}

/* Reads `path`, or with NULL the run's own dev set. */
static int read_file(const eval *v, eval_file *f, const char *path, const sts_data_options *reading)
{
    const char *output = v->o->predictions;
    f->name = path ? path : "dev";
    if (path ? sts_corpus_load(&f->corpus, &path, 1, reading, v->err)
             : sts_run_data_own(v->o->model, &f->corpus, &f->rest, v->err))
        return -1;
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
    sts_token_options how = {.columns = c->columns, .remade = true};
    size_t texts = c->n * (size_t)c->columns;
    if (sts_tokens_make(&tokens, v->model, c->text, texts, how, v->err)) return -1;
    sts_token_rows d = sts_corpus_rows(c, &tokens);
    int rc = evaluate(v, f, &d);
    if (!rc) rc = sts_evaluation_check(&f->e, v->model, v->err);
    sts_tokens_free(&tokens);
    return rc;
}

static int describe_file(const eval *v, eval_file *f)
{
    const sts_corpus *c = &f->corpus;
    size_t since = sts_json_denied();
    f->json = sts_json_new_object();
    sts_json_add_string(f->json, "file", f->name);
    sts_json_add_number(f->json, "skipped", c->n_files ? (double)left_out(c->file[0]) : 0);
    if (c->n_files) sts_json_add_string(f->json, "detected", c->file[0]->detected);
    sts_evaluation_json(&f->e, f->json);
    if (add_threshold(v, f)) return -1;
    add_calibration(v, f);
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
    return describe_file(v, f);
}

/* ---- several files: the mean of files, and all pairs together ---- */

static sts_json *mean_of_files(const eval *v)
{
    sts_json *mean = sts_json_new_object();
    for (size_t m = 0; m < STS_METRICS; m++) {
        const char *key = sts_metric_row_of[m].name;
        double sum = 0;
        if (!sts_metric_in_table(&sts_metric_row_of[m], STS_NEEDS_SCORES)) continue;
        for (size_t i = 0; i < v->n_files; i++) {
            const sts_json *x = sts_json_get(v->file[i].json, key);
            sum += sts_json_is_number(x) ? x->number : NAN;
        }
        sts_json_add_number(mean, key, sum / (double)v->n_files);
    }
    return mean;
}

/* The metrics of tables, from n cosines and scores. False when memory is out. */
static bool add_metrics(sts_json *object, const double *cosine, const double *score, size_t n)
{
    const sts_series s = {.x = cosine, .y = score, .n = n};
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!sts_metric_in_table(row, STS_NEEDS_SCORES)) continue;
        sts_metric x = row->compute(&s);
        if (sts_metric_lost(x)) return false;
        sts_json_add_number(object, row->name, x.value);
    }
    return true;
}

static sts_json *all_pairs(const eval *v)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < v->n_files; i++) n += v->file[i].e.n;
    double *x = sts_alloc(n, 2 * sizeof *x), *y;
    if (!x) return NULL;
    y = x + n;
    sts_json *all = sts_json_new_object();
    for (size_t i = 0; i < v->n_files; i++) {
        const eval_file *f = &v->file[i];
        memcpy(x + at, f->e.cosine, f->e.n * sizeof *x);
        memcpy(y + at, f->corpus.score, f->e.n * sizeof *y);
        at += f->e.n;
    }
    sts_json_add_number(all, "pairs", (double)n);
    bool done = add_metrics(all, x, y, n);
    sts_free(x);
    if (done) return all;
    sts_json_free(all);
    return NULL;
}

static int build_report(eval *v)
{
    bool pairs = true;
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
    if (!files) return sts_fail_memory(v->err, "the report");
    for (size_t i = 0; i < v->n_files; i++) {
        sts_json_push_borrowed(files, v->file[i].json);
        pairs = pairs && v->file[i].e.has & STS_NEEDS_SCORES;
    }
    if (v->n_files > 1 && pairs) {
        sts_json *all = all_pairs(v);
        if (!all) return sts_fail_memory(v->err, "the report");
        sts_json_put(v->report, "mean_of_files", mean_of_files(v));
        sts_json_put(v->report, "all_pairs", all);
    }
    return sts_json_denied() == since ? 0 : sts_fail_memory(v->err, "the report");
}

/* ---- for people ---- */

#define NAME 32  /* columns of a file's name */
#define INDENT 2 /* ... before a status */

static void put_row_by(sts_strbuf *t, const char *name, const sts_json *row, sts_metric_needs has,
                       sts_similarity_kind similarity, bool markdown)
{
    const sts_json *n = sts_evaluation_count(row);
    double ci[2];
    if (markdown) sts_strbuf_printf(t, "| ");
    if (markdown) sts_put_markdown(t, name);
    else sts_put_name(t, name, NAME);
    if (n) sts_strbuf_printf(t, markdown ? " | %.0f |" : "%8.0f", n->number);
    else sts_strbuf_printf(t, markdown ? " | |" : "        ");
    sts_put_metrics_by(t, row, has, similarity, markdown);
    if (sts_evaluation_interval(row, sts_metric_default_by(has, similarity), ci))
        sts_strbuf_printf(t, markdown ? " %.2f to %.2f |" : "   %.2f to %.2f", 100 * ci[0],
                          100 * ci[1]);
    else if (markdown) sts_strbuf_printf(t, " |");
    sts_strbuf_printf(t, "\n");
    const char *status = sts_json_as_string(sts_json_get(row, "status"));
    if (status && !markdown) sts_put_wrapped(t, INDENT, "", "(%s)", status);
}

static void put_row(sts_strbuf *t, const char *name, const sts_json *row, sts_metric_needs has,
                    bool markdown)
{
    put_row_by(t, name, row, has, STS_COSINE_SIMILARITY, markdown);
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
    put_row_by(t, name, sts_json_get(f->json, "vectors"), has, by, markdown);
}

/* What training decided, one line each. */
static void put_decided(sts_strbuf *t, const eval *v)
{
    for (size_t i = 0; i < v->n_files; i++) {
        const sts_json *x = sts_json_get(v->file[i].json, "fixed_threshold");
        const sts_json *c = sts_json_get(v->file[i].json, "calibration");
        if (x)
            sts_strbuf_printf(t,
                              "at %s %.4f: accuracy %.2f, precision %.2f, recall %.2f, F1 %.2f\n",
                              sts_similarity_name(v->file[i].e.kind), v->threshold,
                              100 * sts_json_as_number(sts_json_get(x, "accuracy")),
                              100 * sts_json_as_number(sts_json_get(x, "precision")),
                              100 * sts_json_as_number(sts_json_get(x, "recall")),
                              100 * sts_json_as_number(sts_json_get(x, "f1")));
        if (c)
            sts_strbuf_printf(t, "mean absolute error: %.3f, calibrated %.3f\n",
                              sts_json_as_number(sts_json_get(c, "mean_absolute_error_before")),
                              sts_json_as_number(sts_json_get(c, "mean_absolute_error_after")));
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
    put_head(&t, has, markdown);
    for (size_t i = 0; i < v->n_files; i++) {
        const sts_json *file = v->file[i].json;
        put_row(&t, sts_json_as_string(sts_json_get(file, "file")), file, has, markdown);
        if (v->quantizes) put_quantized(&t, v, &v->file[i], has, markdown);
    }
    const sts_json *mean = sts_json_get(v->report, "mean_of_files");
    if (mean) put_row(&t, "mean of files", mean, has, markdown);
    if (mean)
        put_row(&t, "all pairs together", sts_json_get(v->report, "all_pairs"), has, markdown);
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
    if (build_report(v)) return -1;
    return v->predictions ? write_predictions(v) : 0;
}

static int check_gate(const eval *v)
{
    int rc = 0;
    for (size_t i = 0; i < v->n_files && v->o->fail_under && !rc; i++)
        rc = sts_gate_check(&v->gate, v->file[i].json, v->file[i].name, v->err);
    return rc;
}

int sts_eval(const sts_eval_options *given, sts_form form, char **out, sts_err *err)
{
    sts_eval_options o;
    sts_options_take(&o, sizeof o, given, given->size);
    eval v = {.o = &o, .err = err};
    *out = NULL;
    int rc = evaluate_all(&v);
    if (!rc) rc = (*out = render(&v, form)) ? check_gate(&v) : sts_fail_memory(err, "the report");
    sts_writer_abort(v.predictions);
    sts_json_free(v.report);
    for (size_t i = 0; i < v.n_files; i++) {
        sts_json_free(v.file[i].json);
        sts_evaluation_free(&v.file[i].e);
        sts_evaluation_free(&v.file[i].quantized);
        sts_corpus_free(&v.file[i].corpus);
        sts_corpus_free(&v.file[i].rest);
    }
    sts_free(v.file);
    sts_calibration_free(v.calibration);
    sts_model_free(v.model);
    return rc;
}
