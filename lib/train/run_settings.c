/* run_settings.c - the options of a run as they take effect: for config.json, and compared when it
 * is resumed. */
#include "train/run.h"

#include "core/file.h"
#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "model: dropout 0.2": where a probability that was not given comes from. */
static void add_dropout(sts_json *config, const sts_model *m)
{
    char what[512], text[600];
    snprintf(text, sizeof text, "model: %s", sts_model_describe_dropout(m, what));
    sts_json_add_string(config, "dropout", text);
}

sts_json *sts_run_config(const sts_run *r)
{
    sts_json *config = sts_json_new_object();
    sts_options_json(config, sts_train_rows(), &r->effect, 0, STS_OPT_ORDER);
    if (isnan(r->effect.dropout)) add_dropout(config, r->model);
    return config;
}

static void add_data(sts_json *list, const sts_corpus *c)
{
    for (size_t i = 0; i < c->n_files; i++) {
        char text[48];
        snprintf(text, sizeof text, "%08x-%llu", c->file[i]->crc,
                 (unsigned long long)c->file[i]->bytes);
        sts_json_append(list, sts_json_new_string(text));
    }
}

/* CRC-32 of the texts and scores that were read, which shows what --format, --columns and the like
 * made of the files. */
static uint32_t content(const sts_corpus *c, uint32_t crc)
{
    for (size_t i = 0; i < c->n * (size_t)c->columns; i++) {
        crc = sts_crc(crc, &c->text[i].n, sizeof c->text[i].n);
        crc = sts_crc(crc, c->text[i].s, c->text[i].n);
    }
    if (c->positive) crc = sts_crc(crc, c->positive, c->n * sizeof *c->positive);
    return c->score ? sts_crc(crc, c->score, c->n * sizeof *c->score) : crc;
}

/* The text that options put before others; NULL: they say nothing of it. */
static const char *chosen(const sts_prompt *p)
{
    if (!p->chosen) return NULL;
    return p->text ? p->text : "";
}

static sts_prompts prompts(const sts_model *m)
{
    const char *first = chosen(&m->prompt[0]), *others = chosen(&m->prompt[1]);
    if (first && others && !strcmp(first, others)) return (sts_prompts){.text = first};
    return (sts_prompts){.text1 = first, .text2 = others};
}

/* Values as they take effect, so that other words for the same are not a difference. */
sts_json *sts_run_settings(const sts_run *r)
{
    const sts_plan *p = &r->plan;
    char rows[48];
    size_t since = sts_json_denied();
    sts_train_options o = r->effect;
    o.reading = (sts_data_options){0};
    o.loss = r->loss_text;
    o.epochs = o.warmup = NAN; /* they come to numbers of steps */
    o.max_steps = 0;
    o.batch_size = (int64_t)p->batch_size;
    o.batch_size_per_rank = 0;
    o.precision = sts_model_precision(r->model);
    o.prompts = prompts(r->model);
    sts_json *f = sts_json_new_object(), *data = sts_json_add_array(f, "data");
    add_data(data, &r->train.corpus);
    add_data(data, &r->dev.corpus);
    snprintf(rows, sizeof rows, "%zu-%08x", r->train.corpus.n,
             content(&r->dev.corpus, content(&r->train.corpus, 0)));
    sts_json_add_string(f, "rows", rows);
    sts_options_json(f, sts_train_rows(), &o, STS_OPT_NUMBERS, 0);
    if (r->taught) sts_json_add_number(f, "teacher_weights", (double)r->teacher_crc);
    sts_json_add_number(f, "steps", (double)p->steps);
    sts_json_add_number(f, "warmup", (double)p->schedule.warmup);
    if (sts_json_denied() == since) return f;
    sts_json_free(f);
    return NULL;
}

/* `from`: the checkpoint that `then` is of; NULL: rank 0. */
static int refuse(const char *name, const sts_json *then, const sts_json *now, const char *from,
                  sts_err *err)
{
    char *a = then ? sts_json_compact(then) : NULL;
    char *b = now ? sts_json_compact(now) : NULL;
    const char *was = a ? a : "not given", *is = b ? b : "not given";
    if (from)
        sts_fail(err, STS_USAGE, "--resume: %s was %.200s in %s and is %.200s now: give the "
                 "same data and options, or train from it: -m %s -o OTHER", name, was, from, is,
                 from);
    else
        sts_fail(err, STS_USAGE, "%s is %.200s here and %.200s on rank 0: give all ranks the "
                 "same options and environment", name, is, was);
    sts_free(a);
    sts_free(b);
    return -1;
}

int sts_run_same_settings(sts_json *then, const sts_json *now, const char *from, sts_err *err)
{
    sts_json_decode(then);
    for (const sts_json *t = then ? then->child : NULL; t; t = t->next)
        if (!sts_json_get(now, t->key)) return refuse(t->key, t, NULL, from, err);
    for (const sts_json *n = now->child; n; n = n->next) {
        const sts_json *t = sts_json_get(then, n->key);
        if (!t || !sts_json_equal(t, n)) return refuse(n->key, t, n, from, err);
    }
    return 0;
}
