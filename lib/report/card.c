/* card.c - the model card: what the model is, how good, how to use it, how it was made. */
#include "report/card.h"

#include "core/escape.h"
#include "core/mem.h"
#include "report/card_front.h"
#include "report/page_html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Text that Markdown shows as it is; a long one is cut. */
static void put_text(sts_strbuf *out, const char *s)
{
    char plain[1024];
    sts_put_markdown(out, sts_quote(plain, sizeof plain, s, strlen(s)));
}

/* Text between back-ticks, which escapes nothing: what could end it is taken out. */
static void put_code(sts_strbuf *out, const char *s)
{
    char plain[512];
    sts_quote(plain, sizeof plain, s, strlen(s));
    sts_strbuf_add(out, "`", 1);
    for (const char *p = plain; *p; p++) sts_strbuf_add(out, *p == '`' || *p == '|' ? "?" : p, 1);
    sts_strbuf_add(out, "`", 1);
}

/* ---- what it is ---- */

static void put_intro(sts_strbuf *out, const sts_card *c)
{
    const sts_json *r = c->report;
    const char *from = sts_page_str(r, "model.from"), *status = sts_page_str(r, "status");
    bool bag = sts_card_is_bag(r);
    sts_shown rows, width, limit;
    sts_base base;
    char id[200];
    sts_strbuf_printf(out, "# ");
    put_text(out, c->name);
    sts_strbuf_printf(
        out,
        "\n\n%s that maps a sentence to %s numbers, so that the cosine of two sentences "
        "says how alike they are in meaning. Trained with stsfit",
        bag ? "A sentence encoder (words and character n-grams, made by stsfit)"
            : "A [sentence-transformers](https://www.sbert.net) model",
        sts_show_count(sts_page_num(r, "model.dimension"), width));
    if (from && !bag) {
        sts_strbuf_printf(out, " from ");
        put_code(out, sts_card_base_model(c, id) ? id : sts_page_base(from, base));
    }
    sts_strbuf_printf(out, " on %s %s.", sts_show_count(sts_page_num(r, "data.train.rows"), rows),
                      sts_page_get(r, "data.train.scores") ? "scored pairs"
                                                           : sts_rows_called(c->columns));
    double length = sts_page_num(r, "model.max_seq_length");
    if (length > 0)
        sts_strbuf_printf(out, " Texts are cut to %s tokens.", sts_show_count(length, limit));
    sts_strbuf_printf(out, "\n\n");
    if (status && !strcmp(status, "running"))
        sts_strbuf_printf(out, "This is a checkpoint, made after step %s of %s.\n\n",
                          sts_show_count(sts_page_num(r, "steps_done"), rows),
                          sts_show_count(sts_page_num(r, "plan.steps"), width));
    if (status && !strcmp(status, "interrupted"))
        sts_strbuf_printf(out, "Training was interrupted after step %s of %s.\n\n",
                          sts_show_count(sts_page_num(r, "steps_done"), rows),
                          sts_show_count(sts_page_num(r, "plan.steps"), width));
}

/* ---- results ---- */

/* The metrics of tables: their titles, or with an evaluation e their values. */
static void put_metrics(sts_strbuf *out, sts_metric_needs has, const sts_json *e)
{
    sts_shown x;
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!sts_metric_in_table(row, has)) continue;
        sts_strbuf_printf(out, " %s |",
                          e ? sts_show_hundred(sts_page_num(e, row->name), x) : row->title);
    }
}

static void put_interval(sts_strbuf *out, const sts_metric_row *m, const sts_json *e)
{
    double ci[2];
    sts_shown lo, hi;
    if (sts_figures_interval(e, m, ci))
        sts_strbuf_printf(out, " %s to %s |", sts_show_hundred(ci[0], lo),
                          sts_show_hundred(ci[1], hi));
    else sts_strbuf_printf(out, " |");
}

static void put_result(sts_strbuf *out, const sts_json *r, const char *part, const char *when,
                       sts_metric_needs has)
{
    const sts_json *e = sts_page_get(sts_page_get(sts_page_get(r, "evaluations"), when), part);
    sts_shown n;
    if (!e) return;
    sts_strbuf_printf(out, "| %s, %s training | %s |", part, when,
                      sts_show_count(sts_page_num(e, sts_metric_unit(has)), n));
    put_metrics(out, has, e);
    const sts_metric_row *decides = sts_metric_default(has);
    if (sts_metric_has_interval(decides, has)) put_interval(out, decides, e);
    sts_strbuf_printf(out, "\n");
}

static void put_head(sts_strbuf *out, sts_metric_needs has)
{
    bool interval = sts_metric_has_interval(sts_metric_default(has), has);
    sts_strbuf_printf(out, "| set | %s |", interval ? "pairs" : "n");
    put_metrics(out, has, NULL);
    if (interval)
        sts_strbuf_printf(out, " 95 %% interval of %s |", sts_metric_default(has)->title);
    sts_strbuf_printf(out, "\n|---|---:|");
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_in_table(&sts_metric_row_of[m], has)) sts_strbuf_printf(out, "---:|");
    sts_strbuf_printf(out, interval ? "---:|\n" : "\n");
}

static const char *explain(sts_metric_needs has)
{
    if (has & STS_NEEDS_TRIPLETS)
        return "Share of triplets whose positive is nearer than the negative (cosine)";
    if (has & STS_NEEDS_PARTNERS)
        return "Share of texts whose nearest text of the other column is their partner (cosine)";
    if (has & STS_NEEDS_CLASSES)
        return "Correlation of the cosine with the gold scores; average precision, accuracy and F1 "
               "at their best thresholds";
    return "Correlation of the cosine with the gold scores";
}

/* What became of what the model could do before. */
static void put_guard(sts_strbuf *out, const sts_json *r)
{
    const char *metric = sts_page_str(r, "guard.metric"), *result = sts_page_str(r, "guard.result");
    const sts_json *files = sts_page_get(r, "data.guard.files");
    const char *file = sts_page_str(files ? files->child : NULL, "file");
    const sts_metric_row *m = metric ? sts_metric_find(metric) : NULL;
    sts_shown before, after;
    sts_base base;
    if (!m || !result) return;
    sts_strbuf_printf(out, "On pairs of another kind");
    if (file) {
        sts_strbuf_printf(out, ", in ");
        put_code(out, sts_page_base(file, base));
    }
    sts_show_hundred(sts_page_num(sts_page_get(r, "evaluations.before.guard"), m->name), before);
    sts_show_hundred(sts_page_num(sts_page_get(r, "evaluations.after.guard"), m->name), after);
    sts_strbuf_printf(out, ": %s %s before and %s after training (%s).\n\n",
                      *m->title ? m->title : m->name, before, after, result);
}

/* Dev and test, before and after. */
static void put_table(sts_strbuf *out, const sts_card *c)
{
    static const char *const part[] = {"dev", "test"}, *const when[] = {"before", "after"};
    sts_metric_needs has = sts_card_offers(c->report);
    sts_strbuf_printf(out, "%s, \xc3\x97 100.\n\n", explain(has));
    put_head(out, has);
    for (int p = 0; p < 2; p++)
        for (int w = 0; w < 2; w++) put_result(out, c->report, part[p], when[w], has);
    sts_strbuf_printf(out, "\n%sIntervals are bootstraps over pairs.\n\n",
                      sts_page_get(c->report, "best") ? "The dev set chose the weights. " : "");
}

static void put_results(sts_strbuf *out, const sts_card *c)
{
    const sts_json *after = sts_page_get(c->report, "evaluations.after");
    bool any = sts_page_get(after, "dev") || sts_page_get(after, "test");
    if (!any && !sts_page_get(c->report, "guard")) return;
    sts_strbuf_printf(out, "## Results\n\n");
    if (any) put_table(out, c);
    put_guard(out, c->report);
}

/* ---- use ---- */

static void put_use(sts_strbuf *out, const sts_card *c)
{
    sts_strbuf_printf(out, "## Use\n\n");
    sts_strbuf_printf(out, "From Python, after `pip install sentence-transformers`:\n\n"
                           "```python\n"
                           "from sentence_transformers import SentenceTransformer\n\n"
                           "model = SentenceTransformer(\"path/to/this/directory\")\n"
                           "vectors = model.encode([\"A cat sits on the roof.\", \"There is a "
                           "cat on the roof.\"])\n"
                           "print(model.similarity(vectors, vectors))\n"
                           "```\n\n");
    if (sts_card_is_bag(c->report))
        sts_strbuf_printf(out, "There the encoder is approximated by one vector per word: words "
                               "that the training data does not have are put together from "
                               "pieces, and character n-grams that the words of a text share "
                               "count in full; texts are not cut (max_seq_length has no effect "
                               "there). Cosines differ a little from those of stsfit, which reads "
                               "the encoder itself.\n\n");
    sts_strbuf_printf(out, "From a shell, with stsfit:\n\n"
                           "```sh\n"
                           "stsfit score -m path/to/this/directory pairs.tsv\n"
                           "stsfit encode -m path/to/this/directory sentences.txt\n"
                           "stsfit eval -m path/to/this/directory scored-pairs.tsv\n"
                           "```\n\n");
}

/* ---- how it was made ---- */

static void put_setting(sts_strbuf *out, const char *name, const sts_json *value)
{
    if (!value || sts_json_is_null(value)) return;
    char *text = sts_page_value(value);
    out->failed |= !text;
    sts_strbuf_printf(out, "| %s | ", name);
    put_text(out, text ? text : "");
    sts_strbuf_printf(out, " |\n");
    sts_free(text);
}

/* The options that the numbers depend on, but for paths, which are nobody's business. */
static void put_options(sts_strbuf *out, const sts_json *configuration)
{
    for (const sts_option *o = sts_train_rows(); o->help; o++) {
        bool shown = o->flags & STS_OPT_NUMBERS && !(o->flags & STS_OPT_INPUT);
        const sts_json *value = shown ? sts_page_get(configuration, o->name) : NULL;
        if (!sts_json_is_false(value)) put_setting(out, o->name, value);
    }
}

static void put_settings(sts_strbuf *out, const sts_json *r)
{
    static const struct {
        const char *name, *path;
    } outcome[] = {
        {"steps planned", "plan.steps"},
        {"steps done", "steps_done"},
        {"warm-up steps", "plan.warmup_steps"},
        {"step of the selected weights", "best.step"},
        {"precision in effect", "plan.precision"},
        {"stsfit", "version"},
    };
    sts_strbuf_printf(out, "## Training\n\n| setting | value |\n|---|---|\n");
    put_options(out, sts_page_get(r, "configuration"));
    for (size_t i = 0; i < sizeof outcome / sizeof *outcome; i++)
        put_setting(out, outcome[i].name, sts_page_get(r, outcome[i].path));
    sts_strbuf_printf(out, "\n");
}

static void put_files(sts_strbuf *out, const sts_json *r, const char *part)
{
    const sts_json *p = sts_page_get(sts_page_get(r, "data"), part),
                   *files = sts_page_get(p, "files");
    sts_shown used;
    sts_base base;
    if (p && !(files && files->child) && sts_page_num(p, "rows") > 0)
        sts_strbuf_printf(out, "| %s | held out of the training data | %s | |\n", part,
                          sts_show_count(sts_page_num(p, "rows"), used));
    for (const sts_json *f = files ? files->child : NULL; f; f = f->next) {
        const char *name = sts_page_str(f, "file"), *crc = sts_page_str(f, "crc32");
        sts_strbuf_printf(out, "| %s | ", part);
        put_text(out, name ? sts_page_base(name, base) : "-");
        sts_strbuf_printf(out, " | %s | ", sts_show_count(sts_page_num(f, "rows_used"), used));
        put_code(out, crc ? crc : "-");
        sts_strbuf_printf(out, " |\n");
    }
}

static void put_data(sts_strbuf *out, const sts_json *r)
{
    static const char *const part[] = {"train", "dev", "test", "guard"};
    sts_strbuf_printf(out, "## Data\n\n| set | file | rows used | CRC-32 |\n|---|---|---:|---|\n");
    for (int p = 0; p < 4; p++) put_files(out, r, part[p]);
    sts_strbuf_printf(out, "\n");
}

#define SHOWN 5 /* texts of a row */

static void put_sample_head(sts_strbuf *out, int texts, bool scored)
{
    sts_strbuf_printf(out, texts > 2 ? "| anchor | positive |" : "| sentence 1 | sentence 2 |");
    if (texts == 3) sts_strbuf_printf(out, " negative |");
    for (int k = 2; k < texts && texts > 3; k++) sts_strbuf_printf(out, " negative %d |", k - 1);
    if (scored) sts_strbuf_printf(out, " score, 0 to 1 |");
    sts_strbuf_printf(out, "\n|");
    for (int k = 0; k < texts; k++) sts_strbuf_printf(out, "---|");
    sts_strbuf_printf(out, scored ? "---:|\n" : "\n");
}

static void put_samples(sts_strbuf *out, const sts_card *c)
{
    size_t columns = (size_t)c->columns, shown = columns < SHOWN ? columns : SHOWN;
    if (!c->n_samples) return;
    sts_strbuf_printf(out, "Rows of the training data");
    if (shown < columns)
        sts_strbuf_printf(out, ", with %zu of their %zu negatives", shown - 2, columns - 2);
    sts_strbuf_printf(out, ":\n\n");
    put_sample_head(out, (int)shown, c->score);
    for (size_t i = 0; i < c->n_samples; i++) {
        sts_shown score;
        for (size_t t = 0; t < shown; t++) {
            sts_str s = c->text[i * columns + t];
            char *text = sts_strndup(s.s, s.n);
            sts_strbuf_printf(out, "| ");
            if (text) put_text(out, text);
            else out->failed = true;
            sts_strbuf_printf(out, " ");
            sts_free(text);
        }
        if (c->score) sts_strbuf_printf(out, "| %s ", sts_show_number(c->score[i], score));
        sts_strbuf_printf(out, "|\n");
    }
    sts_strbuf_printf(out, "\n");
}

char *sts_card_render(const sts_card *card, sts_err *err)
{
    sts_strbuf out = {0};
    if (sts_card_front(&out, card, err)) {
        sts_free(sts_strbuf_take(&out));
        return NULL;
    }
    put_intro(&out, card);
    put_results(&out, card);
    put_use(&out, card);
    put_settings(&out, card->report);
    put_data(&out, card->report);
    put_samples(&out, card);
    char *text = sts_strbuf_take(&out);
    if (!text) sts_fail_memory(err, "README.md");
    return text;
}
