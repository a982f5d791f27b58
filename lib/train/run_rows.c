/* run_rows.c - the rows of a run: files read, a dev set held out, and what is remarkable about
 * them. */
#include "train/run.h"

#include "core/decimal.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "data/distinct.h"
#include "data/layout.h"
#include "data/memory.h"
#include "data/reading.h"

#include <string.h>

sts_token_rows sts_part_rows(const sts_part *p)
{
    return sts_corpus_rows(&p->corpus, &p->tokens);
}

static void move(double **to, double **from)
{
    sts_free(*to);
    *to = *from;
    *from = NULL;
}

void sts_part_eval_take(sts_part_eval *to, sts_evaluation *e)
{
    to->figures = sts_evaluation_figures(e);
    move(&to->x, e->hit ? &e->hit : &e->cosine);
    if (e->similarity && e->kind != STS_COSINE_SIMILARITY) move(&to->own, &e->similarity);
}

static void free_eval(sts_part_eval *e)
{
    sts_free(e->x);
    sts_free(e->own);
}

void sts_part_free(sts_part *part)
{
    sts_tokens_free(&part->tokens);
    free_eval(&part->before);
    free_eval(&part->after);
    sts_corpus_free(&part->corpus);
}

sts_json *sts_run_parts_json(const sts_run *r, bool after)
{
    const sts_part *part[] = {&r->dev, &r->test, &r->guard};
    sts_json *json = sts_json_new_object();
    for (int i = 0; i < 3; i++) {
        const sts_figures *f = after ? &part[i]->after.figures : &part[i]->before.figures;
        if (f->n) sts_figures_json(f, sts_json_add_object(json, part[i]->name));
    }
    return json;
}

sts_metric_needs sts_run_offers(const sts_run *r)
{
    const sts_part *part = r->dev.corpus.n ? &r->dev : r->test.corpus.n ? &r->test : &r->train;
    sts_token_rows rows = sts_part_rows(part);
    return sts_metric_offered(&rows);
}

/* Whether files may have no scores: where the loss takes such pairs; where none is chosen, if they
 * have nothing but two texts. */
static int choose_reading(sts_run *r, sts_data_options *reading, sts_err *err)
{
    *reading = r->o->reading;
    reading->plain_pairs = !r->o->loss;
    if (!r->o->loss) return 0;
    if (sts_loss_parse(&r->loss, r->o->loss, err)) return -1;
    if (sts_loss_takes(&r->loss, STS_LOSS_PAIRS)) reading->unscored = true;
    return 0;
}

/* Of files that a configuration has named, only regular ones are read. */
static int load(sts_corpus *c, const char *const *paths, size_t n, sts_data_options reading,
                bool named, const sts_data *rows, sts_err *err)
{
    if (rows) return sts_corpus_copy(c, rows, err);
    reading.named |= named;
    return sts_corpus_load(c, paths, n, &reading, err);
}

/* A fold of a search. */
static int hold_fold(sts_corpus *train, sts_corpus *dev, const sts_trial *t, sts_err *err)
{
    *dev = (sts_corpus){.columns = train->columns};
    if (train->n == t->n_held) return sts_corpus_move(train, dev, t->held, err);
    return sts_fail(err, STS_DATA, "%s: has changed since the search began",
                    train->file[0]->path);
}

void sts_run_hand_out(const sts_run *r)
{
    const sts_trial *t = r->trial;
    const sts_part *dev = &r->dev;
    if (!t || !t->predicted || !dev->after.x) return;
    for (size_t i = 0, k = 0; i < t->n_held && k < dev->corpus.n; i++)
        if (t->held[i]) t->predicted[i] = dev->after.x[k++];
}

/* The dev set: a file, a part of the training data, or none. */
static int load_dev(sts_run *r, const sts_data_options *reading, sts_err *err)
{
    const sts_train_options *o = r->o;
    sts_corpus *train = &r->train.corpus, *dev = &r->dev.corpus;
    bool none = o->dev && !strcmp(o->dev, "none");
    if (r->trial && r->trial->held) return hold_fold(train, dev, r->trial, err);
    if (o->dev && !none)
        return load(dev, &o->dev, 1, sts_reading_of_dev(reading), o->dev_named, o->dev_rows, err);
    *dev = (sts_corpus){.columns = train->columns};
    if (none || sts_format_is_lines(reading->format)) return 0;
    return sts_corpus_hold_out(train, dev, o->seed, err);
}

/* Of equal texts no similarity can be learned: it is the highest whatever the weights are. */
static int check_distinct(const sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->train.corpus;
    if (!sts_corpus_all_equal(c)) return 0;
    return sts_fail(err, STS_DATA, "%s: all %zu texts are equal: there is nothing to tell apart: "
                    "add rows with other texts", r->o->data[0], c->n * (size_t)c->columns);
}

static int count_repeats(sts_run *r, sts_err *err)
{
    sts_part *part[STS_BESIDE] = {&r->dev, &r->test, &r->guard};
    const sts_corpus *corpus[STS_BESIDE];
    size_t in_train[STS_BESIDE] = {0};
    for (int i = 0; i < STS_BESIDE; i++) corpus[i] = &part[i]->corpus;
    if (sts_repeats_count(&r->repeats, &r->train.corpus, corpus, in_train, STS_BESIDE, err))
        return -1;
    for (int i = 0; i < STS_BESIDE; i++) part[i]->in_train = in_train[i];
    return 0;
}

int sts_run_load(sts_run *r, sts_err *err)
{
    const sts_train_options *o = r->o;
    const char *const beside[STS_BESIDE] = {o->dev, o->test, o->guard};
    sts_data_options reading;
    if (choose_reading(r, &reading, err) ||
        sts_reading_check(&reading, o->data, o->n_data, beside, err)) return -1;
    if (load(&r->train.corpus, o->data, o->n_data, reading, o->data_named, o->rows, err))
        return -1;
    if (load_dev(r, &reading, err)) return -1;
    if (o->fail_under && sts_gate_parse(&r->gate, o->fail_under, err)) return -1;
    if (o->test &&
        load(&r->test.corpus, &o->test, 1, sts_reading_of_dev(&reading), o->test_named,
             o->test_rows, err))
        return -1;
    if (sts_run_guard_load(r, &reading, err)) return -1;
    const sts_corpus *all[] = {&r->train.corpus, &r->dev.corpus, &r->test.corpus, &r->guard.corpus};
    if (sts_corpora_have_range(all, 4, &reading, err)) return -1;
    if (!r->train.corpus.n) return sts_fail(err, STS_DATA, "%s: no rows to train on", o->data[0]);
    if (check_distinct(r, err)) return -1;
    return count_repeats(r, err);
}

/* Whether no text is to occur twice in a batch. */
static bool keeps_apart(const sts_run *r)
{
    if (r->o->batches) return !strcmp(r->o->batches, "no-duplicates");
    return sts_loss_has(&r->loss, STS_LOSS_NEGATIVES);
}

int sts_run_number(sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->train.corpus;
    size_t n = c->n * (size_t)c->columns;
    r->plan.apart = keeps_apart(r);
    if (!r->plan.apart && !sts_loss_has(&r->loss, STS_LOSS_NEGATIVES | STS_LOSS_TEACHER)) return 0;
    sts_distinct d = sts_distinct_new();
    r->texts = sts_alloc(n, sizeof *r->texts);
    bool done = r->texts != NULL;
    for (size_t i = 0; i < n && done; i++) {
        r->texts[i] = sts_distinct_text(&d, c->text[i]);
        done = r->texts[i] != STS_NO_NUMBER;
    }
    r->plan.text = r->texts;
    r->plan.n_texts = (uint32_t)d.texts.n;
    r->plan.columns = c->columns;
    sts_distinct_free(&d);
    return done ? 0 : sts_fail_memory(err, "the texts");
}

/* ---- what is remarkable ---- */

/* "; " between two remarks. */
static void next_remark(sts_strbuf *b)
{
    if (b->n) sts_strbuf_add(b, "; ", 2);
}

static void remark_repeats(sts_strbuf *b, const sts_run *r)
{
    const sts_repeats *k = &r->repeats;
    if (!k->again) return;
    next_remark(b);
    sts_strbuf_printf(b, "%zu of %zu training rows repeat a pair", k->again, r->train.corpus.n);
    if (k->conflicts)
        sts_strbuf_printf(b, " (%zu with another score than at first)", k->conflicts);
}

static void remark_overlap(sts_strbuf *b, const sts_part *p)
{
    if (!p->in_train) return;
    next_remark(b);
    sts_strbuf_printf(b, "%zu of %zu %s pairs are trained on, so that %s figures are too high",
                      p->in_train, p->corpus.n, p->name, p->name);
}

static void remark_truncated(sts_strbuf *b, const sts_run *r)
{
    const sts_part *part[] = {&r->train, &r->dev, &r->test, &r->guard};
    size_t n = 0, cut = 0;
    for (int i = 0; i < 4; i++) {
        n += part[i]->tokens.n;
        cut += part[i]->tokens.truncated;
    }
    if (!cut) return;
    next_remark(b);
    sts_strbuf_printf(b, "%zu of %zu texts are cut to %zu tokens", cut, n,
                      r->model->max_seq_length);
}

/* Losses that take other rows' texts for wrong answers have fewer of them then. */
static void remark_sharing(sts_strbuf *b, const sts_run *r)
{
    const char *ranking = "multiple-negatives-ranking";
    if (keeps_apart(r) || !r->repeats.sharing || !sts_loss_part_named(&r->loss, ranking)) return;
    next_remark(b);
    sts_strbuf_printf(b, "%zu pairs share a text with another pair: in one batch they are "
                         "no negatives of each other", r->repeats.sharing);
}

static void remark_no_dev(const sts_run *r)
{
    const sts_corpus *train = &r->train.corpus;
    if (r->dev.corpus.n || r->o->dev) return;
    if (sts_format_is_lines(r->o->reading.format)) {
        sts_note(STS_WARN, "no dev set, since a sentence that is its own partner is always found: "
                           "model/ gets the last weights (--dev FILE: pairs to evaluate on)");
        return;
    }
    sts_note(STS_WARN, "no dev set, since %zu rows have too few distinct pairs to hold out 32: "
                       "model/ gets the last weights (--dev FILE: pairs to evaluate on)",
             train->n);
}

/* sentence-transformers takes a label of -1 for a cosine of -1. */
static void remark_negative(const sts_run *r)
{
    const sts_corpus *c = &r->train.corpus;
    for (size_t i = 0; i < c->n_files; i++) {
        const sts_dataset *d = c->file[i];
        char lo[32], hi[32];
        if (!c->score || d->score_min >= 0) continue;
        sts_note(STS_WARN, "%s: scores %s..%s are mapped to 0..1: %s aims at a cosine of 0, not of "
                           "-1 as in sentence-transformers", d->path,
                 sts_decimal_format(d->score_min, lo), sts_decimal_format(d->score_max, hi), lo);
        return;
    }
}

int sts_run_remark(const sts_run *r, sts_err *err)
{
    remark_no_dev(r);
    sts_corpus_note_classes(&r->dev.corpus, &r->o->reading, r->o->dev ? r->o->dev : "dev set");
    sts_corpus_note_equal(&r->dev.corpus, r->o->dev ? r->o->dev : "dev set");
    sts_corpus_note_equal(&r->test.corpus, r->o->test ? r->o->test : "test set");
    sts_corpus_note_equal(&r->guard.corpus, r->o->guard ? r->o->guard : "guard");
    remark_negative(r);
    sts_strbuf b = {0};
    remark_repeats(&b, r);
    remark_sharing(&b, r);
    remark_overlap(&b, &r->dev);
    remark_overlap(&b, &r->test);
    remark_overlap(&b, &r->guard);
    remark_truncated(&b, r);
    bool any = b.n || b.failed;
    char *text = any ? sts_strbuf_take(&b) : NULL;
    if (text) sts_note(STS_WARN, "%s", text);
    sts_free(text);
    return any && !text ? sts_fail_memory(err, "the data") : 0;
}
