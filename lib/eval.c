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

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One file judged. */
typedef struct judged {
    const char *name;
    sts_corpus corpus, rest; /* rest: what a held-out dev set was taken from */
    sts_evaluation e, quantized; /* quantized: with --vectors */
    sts_json *json;
} judged;

typedef struct judging {
    const sts_eval_options *o;
    sts_model *model;
    sts_gate gate;
    judged *file;
    size_t n_files;
    sts_writer *predictions; /* NULL: none are written */
    double threshold;        /* NAN: none */
    sts_calibration *calibration; /* of the model; NULL: none */
    bool quantizes;               /* --vectors other than float */
    sts_json *report;
    sts_err *err;
} judging;

static size_t left_out(const sts_dataset *d)
{
    return d->n_read - d->n;
}

/* The metric that counts where the model's own similarity is not the one of the table. */
static void note_own_metric(const judging *j, const judged *f)
{
    sts_metric_needs has = f->e.has;
    const sts_metric_row *own = sts_metric_default_by(has, f->e.kind);
    sts_metric x = sts_evaluation_value(&f->e, own);
    if (own == sts_metric_default(has) || sts_comm_rank()) return;
    if (x.status)
        sts_note(STS_INFO, "%s: the similarity of %s is %s: %s cannot be computed: %s", f->name,
                 j->o->model, sts_similarity_name(f->e.kind), own->name, x.status);
    else
        sts_note(STS_INFO, "%s: the similarity of %s is %s: %s is %.2f", f->name, j->o->model,
                 sts_similarity_name(f->e.kind), own->name, 100 * x.value);
}

/* ---- at what training decided ---- */

/* Figures of the threshold that was chosen elsewhere, of the similarity that score shows. */
static int add_threshold(const judging *j, judged *f)
{
    const sts_corpus *c = &f->corpus;
    if (isnan(j->threshold)) return 0;
    if (!c->positive)
        return sts_fail(j->err, STS_DATA, "%s: --threshold needs two classes: --positive X says "
                        "from which score on a pair is positive", f->name);
    sts_confusion m = sts_confusion_at(f->e.similarity, c->positive, c->n, j->threshold);
    sts_json *t = sts_json_add_object(f->json, "fixed_threshold");
    sts_json_add_number(t, "threshold", j->threshold);
    sts_json_add_number(t, "accuracy", sts_confusion_accuracy(&m));
    sts_json_add_number(t, "precision", sts_confusion_precision(&m));
    sts_json_add_number(t, "recall", sts_confusion_recall(&m));
    sts_json_add_number(t, "f1", sts_confusion_f1(&m));
    return 0;
}

/* How far scores are off, on the file's scale: the cosine as it is, and calibrated. */
static void add_calibration(const judging *j, judged *f)
{
    double lo, hi, before = 0, after = 0;
    const sts_corpus *c = &f->corpus;
    if (!j->calibration || !c->score || !f->e.cosine) return;
    sts_corpus_scale(c, &f->rest, &lo, &hi);
    for (size_t i = 0; i < c->n; i++) {
        double gold = lo + c->score[i] * (hi - lo), cosine = f->e.cosine[i];
        before += fabs(lo + cosine * (hi - lo) - gold);
        after += fabs(sts_calibration_apply(j->calibration, cosine) - gold);
    }
    sts_json *k = sts_json_add_object(f->json, "calibration");
    sts_json_add_number(k, "mean_absolute_error_before", before / (double)c->n);
    sts_json_add_number(k, "mean_absolute_error_after", after / (double)c->n);
}

/* ---- quantized vectors ---- */

static int evaluate(const judging *j, judged *f, const sts_token_rows *d)
{
    const sts_quantization quantization = {j->o->vectors, j->o->calibration, f->name};
    if (!j->quantizes) return sts_evaluate(&f->e, j->model, d, true, j->err);
    float *emb = sts_embeddings(j->model, d->tokens, "evaluating", j->err);
    int rc = emb ? sts_evaluate_vectors(&f->e, j->model, emb, d, true, j->err) : -1;
    if (!rc) rc = sts_evaluate_quantized(&f->quantized, j->model, emb, d, &quantization, j->err);
    sts_free(emb);
    return rc;
}

static void add_quantized(const judging *j, judged *f)
{
    size_t width = (size_t)j->model->dim;
    bool bits = !strcmp(j->o->vectors, "ubinary");
    sts_json *v = sts_json_add_object(f->json, "vectors");
    sts_json_add_string(v, "type", j->o->vectors);
    sts_json_add_number(v, "bytes", (double)(bits ? (width + 7) / 8 : width));
    sts_json_add_number(v, "float_bytes", (double)(width * sizeof(float)));
    sts_evaluation_json(&f->quantized, v);
}

/* Reads `path`, or with NULL the run's own dev set, and judges the model on it. */
static int judge_file(judging *j, judged *f, const char *path)
{
    sts_data_options reading = j->o->reading;
    reading.plain_pairs = true;
    f->name = path ? path : "dev";
    if (path ? sts_corpus_load(&f->corpus, &path, 1, &reading, j->err)
             : sts_run_data_own(j->o->model, &f->corpus, &f->rest, j->err))
        return -1;
    const sts_corpus *c = &f->corpus;
    const char *output = j->o->predictions;
    if (sts_corpus_spare(c, output, j->err) || sts_corpus_spare(&f->rest, output, j->err))
        return -1;
    size_t texts = c->n * (size_t)c->columns;
    if (!j->model && !(j->model = sts_model_new_bag(c->text, texts, 0, j->err))) return -1;
    if ((j->n_files == 1 && sts_model_set_prompts(j->model, &j->o->prompts, j->err))) return -1;
    if (j->o->dims && sts_model_set_dims(j->model, (size_t)j->o->dims, j->err)) return -1;
    sts_tokens tokens;
    sts_token_options how = {.columns = c->columns, .remade = true};
    if (sts_tokens_make(&tokens, j->model, c->text, texts, how, j->err)) return -1;
    sts_token_rows d = sts_corpus_rows(c, &tokens);
    sts_model_set_batch_size(j->model, (size_t)j->o->batch_size);
    int rc = evaluate(j, f, &d);
    if (!rc) rc = sts_evaluation_check(&f->e, j->model, j->err);
    sts_tokens_free(&tokens);
    if (rc) return -1;
    if (!sts_comm_rank()) sts_corpus_note_classes(c, &reading, f->name);
    if (!sts_comm_rank()) sts_corpus_note_equal(c, f->name);
    note_own_metric(j, f);
    size_t since = sts_json_denied();
    f->json = sts_json_new_object();
    sts_json_add_string(f->json, "file", f->name);
    sts_json_add_number(f->json, "skipped", c->n_files ? (double)left_out(c->file[0]) : 0);
    if (c->n_files) sts_json_add_string(f->json, "detected", c->file[0]->detected);
    sts_evaluation_json(&f->e, f->json);
    if (add_threshold(j, f)) return -1;
    add_calibration(j, f);
    if (j->quantizes) add_quantized(j, f);
    return sts_json_denied() == since ? 0 : sts_fail_memory(j->err, f->name);
}

/* ---- several files: the mean of files, and all pairs together ---- */

static sts_json *mean_of_files(const judging *j)
{
    sts_json *mean = sts_json_new_object();
    for (size_t m = 0; m < STS_METRICS; m++) {
        const char *key = sts_metric_row_of[m].name;
        double sum = 0;
        if (!sts_metric_in_table(&sts_metric_row_of[m], STS_NEEDS_SCORES)) continue;
        for (size_t i = 0; i < j->n_files; i++) {
            const sts_json *x = sts_json_get(j->file[i].json, key);
            sum += sts_json_is_number(x) ? x->number : NAN;
        }
        sts_json_add_number(mean, key, sum / (double)j->n_files);
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

static sts_json *all_pairs(const judging *j)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < j->n_files; i++) n += j->file[i].e.n;
    double *x = sts_alloc(n, 2 * sizeof *x), *y;
    if (!x) return NULL;
    y = x + n;
    sts_json *all = sts_json_new_object();
    for (size_t i = 0; i < j->n_files; i++) {
        const judged *f = &j->file[i];
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

static int build_report(judging *j)
{
    bool pairs = true;
    size_t since = sts_json_denied();
    j->report = sts_json_new_object();
    sts_json_add_number(j->report, "schema", 1);
    sts_json_add_string(j->report, "command", "eval");
    sts_json_add_string(j->report, "model", j->o->model);
    sts_json_add_string(j->report, "precision", j->model ? sts_model_precision(j->model) : "fp32");
    if (j->o->dims) sts_json_add_number(j->report, "dims", (double)j->o->dims);
    sts_json_add_string(j->report, "similarity",
                        j->n_files ? sts_similarity_name(j->file[0].e.kind) : "cosine");
    sts_json *files = sts_json_add_array(j->report, "files");
    if (!files) return sts_fail_memory(j->err, "the report");
    for (size_t i = 0; i < j->n_files; i++) {
        sts_json_push_borrowed(files, j->file[i].json);
        pairs = pairs && j->file[i].e.has & STS_NEEDS_SCORES;
    }
    if (j->n_files > 1 && pairs) {
        sts_json *all = all_pairs(j);
        if (!all) return sts_fail_memory(j->err, "the report");
        sts_json_put(j->report, "mean_of_files", mean_of_files(j));
        sts_json_put(j->report, "all_pairs", all);
    }
    return sts_json_denied() == since ? 0 : sts_fail_memory(j->err, "the report");
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
static void put_quantized(sts_strbuf *t, const judging *j, const judged *f, sts_metric_needs has,
                          bool markdown)
{
    sts_similarity_kind by = STS_COSINE_SIMILARITY;
    if (!strcmp(j->o->vectors, "ubinary")) by = STS_MANHATTAN_SIMILARITY;
    bool hamming = sts_metric_default_by(has, by) != sts_metric_default(has);
    char name[NAME];
    snprintf(name, sizeof name, "  as %s, by %s", j->o->vectors, hamming ? "Hamming" : "cosine");
    put_row_by(t, name, sts_json_get(f->json, "vectors"), has, by, markdown);
}

/* What training decided, one line each. */
static void put_decided(sts_strbuf *t, const judging *j)
{
    for (size_t i = 0; i < j->n_files; i++) {
        const sts_json *x = sts_json_get(j->file[i].json, "fixed_threshold");
        const sts_json *c = sts_json_get(j->file[i].json, "calibration");
        if (x)
            sts_strbuf_printf(t,
                              "at %s %.4f: accuracy %.2f, precision %.2f, recall %.2f, F1 %.2f\n",
                              sts_similarity_name(j->file[i].e.kind), j->threshold,
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
static sts_metric_needs offered(const judging *j)
{
    sts_metric_needs any = 0, all = STS_NEEDS_CLASSES;
    for (size_t i = 0; i < j->n_files; i++) {
        any |= j->file[i].e.has;
        all &= j->file[i].e.has;
    }
    return all ? any : any & ~(sts_metric_needs)STS_NEEDS_CLASSES;
}

static char *as_table(const judging *j, bool markdown)
{
    sts_strbuf t = {0};
    sts_metric_needs has = offered(j);
    put_head(&t, has, markdown);
    for (size_t i = 0; i < j->n_files; i++) {
        const sts_json *file = j->file[i].json;
        put_row(&t, sts_json_as_string(sts_json_get(file, "file")), file, has, markdown);
        if (j->quantizes) put_quantized(&t, j, &j->file[i], has, markdown);
    }
    const sts_json *mean = sts_json_get(j->report, "mean_of_files");
    if (mean) put_row(&t, "mean of files", mean, has, markdown);
    if (mean)
        put_row(&t, "all pairs together", sts_json_get(j->report, "all_pairs"), has, markdown);
    if (!markdown) put_decided(&t, j);
    return sts_strbuf_take(&t);
}

static char *render(const judging *j, sts_form form)
{
    if (form != STS_AS_JSON) return as_table(j, form == STS_AS_MARKDOWN);
    return sts_json_print(j->report, true, sts_json_denied());
}

/* ---- predictions ---- */

/* Text as one field of a TSV: tabs and line ends become spaces. */
static int write_field(sts_writer *w, sts_str s, sts_err *err)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i] == '\t' || s.s[i] == '\n' || s.s[i] == '\r' ? ' ' : s.s[i];
        if (sts_writer_write(w, &c, 1, err)) return -1;
    }
    return 0;
}

/* Gold and cosine on the file's scale; other similarities have no scale to be put on. */
static int write_row(sts_writer *w, const judged *f, size_t i, double lo, double hi, sts_err *err)
{
    double x = f->e.similarity[i];
    double predicted = f->e.kind == STS_COSINE_SIMILARITY ? lo + x * (hi - lo) : x;
    sts_str file = {f->name, strlen(f->name)};
    if (write_field(w, f->corpus.text[2 * i], err) || sts_writer_write(w, "\t", 1, err) ||
        write_field(w, f->corpus.text[2 * i + 1], err) ||
        sts_writer_printf(w, err, "\t%.6g\t%.6f\t%.6f\t", lo + f->corpus.score[i] * (hi - lo),
                          predicted, x) ||
        write_field(w, file, err))
        return -1;
    return sts_writer_write(w, "\n", 1, err);
}

static int write_predictions(judging *j)
{
    sts_writer *w = j->predictions;
    int rc = 0;
    for (size_t f = 0; f < j->n_files && !rc; f++)
        rc = sts_writer_narrow(w, sts_corpus_mode(&j->file[f].corpus) &
                               sts_corpus_mode(&j->file[f].rest), j->err);
    if (!rc)
        rc = sts_writer_printf(w, j->err, "sentence1\tsentence2\tscore\tpredicted\t%s\tfile\n",
                               sts_similarity_name(j->file[0].e.kind));
    for (size_t f = 0; f < j->n_files && !rc; f++) {
        const judged *d = &j->file[f];
        double lo, hi;
        sts_corpus_scale(&d->corpus, &d->rest, &lo, &hi);
        for (size_t i = 0; i < d->e.n && d->e.similarity && !rc; i++)
            rc = write_row(w, d, i, lo, hi, j->err);
    }
    if (rc) return -1;
    j->predictions = NULL;
    return sts_writer_commit(w, j->err);
}

/* Before any work. */
static int open_predictions(judging *j)
{
    const sts_eval_options *o = j->o;
    if (!o->predictions || sts_comm_rank()) return 0;
    j->predictions = sts_output_open(o->predictions, o->data, o->n_data, j->err);
    return j->predictions ? 0 : -1;
}

static void warn_of_cut(const judging *j)
{
    size_t texts = 0, cut = 0;
    for (size_t i = 0; i < j->n_files; i++) {
        texts += j->file[i].corpus.n * (size_t)j->file[i].corpus.columns;
        cut += j->file[i].e.truncated;
    }
    sts_tokens_warn_cut(j->model, cut, texts);
}

/* What training stored with the model. */
static int load_decision(judging *j)
{
    const char *choice = j->o->threshold;
    sts_err why = {0};
    j->threshold = NAN;
    if (!j->model)
        return choice ? sts_fail(j->err, STS_USAGE, "--threshold: the bag has learned nothing: -m "
                                 "DIR names a model") : 0;
    if (choice && sts_model_threshold(j->model, choice, &j->threshold, j->err)) return -1;
    sts_json *decision = sts_decision_load(j->model, &why);
    j->calibration = sts_decision_calibration(decision, &why);
    sts_json_free(decision);
    return why.code ? sts_fail(j->err, why.code, "%s", why.text) : 0;
}

static int judge_all(judging *j)
{
    const sts_eval_options *o = j->o;
    if (o->fail_under && sts_gate_parse(&j->gate, o->fail_under, j->err)) return -1;
    const char *const beside[STS_BESIDE] = {o->calibration};
    if (open_predictions(j) ||
        sts_reading_check(&o->reading, o->data, o->n_data, beside, j->err)) return -1;
    j->quantizes = o->vectors && strcmp(o->vectors, "float");
    int bag = sts_corpus_is_bag(o->model, j->err);
    if (bag < 0 || (!bag && !(j->model = sts_model_load(o->model, j->err)))) return -1;
    if (j->model && (sts_model_set(j->model, o->max_seq_length, o->batch_size, o->dims,
                                   o->precision, j->err) || sts_model_same(j->model, j->err)))
        return -1;
    if (load_decision(j)) return -1;
    size_t n = o->n_data ? o->n_data : 1;
    j->file = sts_alloc(n, sizeof *j->file);
    if (!j->file) return sts_fail_memory(j->err, "the evaluation");
    while (j->n_files < n) {
        size_t i = j->n_files++;
        if (judge_file(j, &j->file[i], o->n_data ? o->data[i] : NULL)) return -1;
    }
    warn_of_cut(j);
    if (build_report(j)) return -1;
    return j->predictions ? write_predictions(j) : 0;
}

static int check_gate(const judging *j)
{
    int rc = 0;
    for (size_t i = 0; i < j->n_files && j->o->fail_under && !rc; i++)
        rc = sts_gate_check(&j->gate, j->file[i].json, j->file[i].name, j->err);
    return rc;
}

int sts_eval(const sts_eval_options *given, sts_form form, char **out, sts_err *err)
{
    sts_eval_options o;
    sts_options_take(&o, sizeof o, given, given->size);
    judging j = {.o = &o, .err = err};
    *out = NULL;
    int rc = judge_all(&j);
    if (!rc) rc = (*out = render(&j, form)) ? check_gate(&j) : sts_fail_memory(err, "the report");
    sts_writer_abort(j.predictions);
    sts_json_free(j.report);
    for (size_t i = 0; i < j.n_files; i++) {
        sts_json_free(j.file[i].json);
        sts_evaluation_free(&j.file[i].e);
        sts_evaluation_free(&j.file[i].quantized);
        sts_corpus_free(&j.file[i].corpus);
        sts_corpus_free(&j.file[i].rest);
    }
    sts_free(j.file);
    sts_calibration_free(j.calibration);
    sts_model_free(j.model);
    return rc;
}
