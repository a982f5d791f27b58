/* shrink.c - `stsfit shrink`: a model out of another one with fewer layers, fewer dimensions, or
 * the tokens alone that some texts use. */
#include "core/clock.h"
#include "core/env.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/strbuf.h"
#include "data/corpus.h"
#include "data/reading.h"
#include "data/texts.h"
#include "eval/evaluate.h"
#include "math/pca.h"
#include "model/cut.h"
#include "model/encoder_config.h"
#include "model/model_output.h"
#include "report/derived_card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TIMED 512 /* texts that are encoded to see how fast that is */

/* What a model is like. */
typedef struct figures {
    double bytes, rate, value; /* sentences per second; NAN: not known */
} figures;

typedef struct texts {
    sts_str *v;
    size_t n;
} texts;

typedef struct shrinking {
    const sts_shrink_options *o;
    sts_model *m;
    sts_arena arena;
    texts data, used; /* of --data and --vocabulary */
    sts_corpus dev;
    const sts_metric_row *metric; /* NULL: without dev */
    figures before, after;
    sts_strbuf done; /* what was done, for people */
    sts_err *err;
} shrinking;

/* ---- texts ---- */

static int read_texts(shrinking *s, const char *path, texts *t)
{
    if (!path) return 0;
    if (sts_texts_read(path, NULL, &s->arena, &t->v, &t->n, s->err)) return -1;
    return t->n ? 0 : sts_fail(s->err, STS_DATA, "%s: holds no texts", path);
}

/* ---- before and after ---- */

static double rate_of(const shrinking *s, const sts_model *m)
{
    texts dev = {s->dev.text, s->dev.n * (size_t)s->dev.columns};
    texts t = s->data.n ? s->data : s->used.n ? s->used : dev;
    size_t n = t.n < TIMED ? t.n : TIMED;
    float *v = sts_alloc(n, (size_t)m->dim * sizeof *v);
    double start = sts_clock();
    int rc = v && n ? sts_encode(m, t.v, n, v, NULL, NULL) : -1;
    double seconds = sts_clock() - start;
    sts_free(v);
    return rc || seconds <= 0 ? NAN : (double)n / seconds;
}

static int evaluate(shrinking *s, const sts_model *m, double *value)
{
    sts_tokens tokens;
    sts_evaluation e;
    *value = NAN;
    if (!s->o->dev) return 0;
    const sts_corpus *c = &s->dev;
    sts_token_options how = {.columns = c->columns};
    if (sts_tokens_make(&tokens, m, c->text, c->n * (size_t)c->columns, how, s->err)) return -1;
    sts_token_rows d = sts_corpus_rows(c, &tokens);
    int rc = sts_evaluate(&e, m, &d, false, s->err);
    sts_tokens_free(&tokens);
    if (rc) return -1;
    if (!s->metric) s->metric = sts_metric_default_by(e.has, e.kind);
    *value = sts_evaluation_value(&e, s->metric).value;
    sts_evaluation_free(&e);
    return 0;
}

static int measure(shrinking *s, const sts_model *m, figures *f)
{
    f->bytes = (double)sts_model_bytes(m);
    f->rate = rate_of(s, m);
    return evaluate(s, m, &f->value);
}

/* ---- what is cut ---- */

/* "0,2,4": layers that are there, each once, ascending. */
static int parse_layers(shrinking *s, int *keep, int *n)
{
    const char *p = s->o->layers;
    int all = s->m->net.layers;
    if (!all)
        return sts_fail(s->err, STS_USAGE, "--layers %s: the model has no layers to leave out", p);
    for (bool more = true; more; p++) {
        char *end = NULL;
        long layer = *p >= '0' && *p <= '9' ? strtol(p, &end, 10) : -1;
        bool good = end && strchr(",", *end);
        if (!good || layer >= all || (*n && layer <= keep[*n - 1]))
            return sts_fail(s->err, STS_USAGE, "--layers %s: must be numbers from 0 to %d with "
                            "commas, each larger than the one before: the model has %d layers",
                            s->o->layers, all - 1, all);
        keep[(*n)++] = (int)layer;
        p = end;
        more = *p == ',';
    }
    return 0;
}

static int cut_layers(shrinking *s)
{
    int keep[STS_MAX_LAYERS], n = 0, all = s->m->net.layers;
    if (!s->o->layers) return 0;
    if (parse_layers(s, keep, &n) || sts_cut_layers(s->m, keep, n, s->err)) return -1;
    sts_strbuf_printf(&s->done, "- %d of %d layers are kept: %s.\n", n, all, s->o->layers);
    return 0;
}

static int cut_vocabulary(shrinking *s, sts_cut_tokens *cut)
{
    int all = s->m->net.vocab;
    if (!s->o->vocabulary) return 0;
    if (sts_cut_vocabulary(s->m, s->used.v, s->used.n, cut, s->err)) return -1;
    sts_strbuf_printf(&s->done, "- %d of %d tokens are kept: those that %zu texts use.\n",
                      cut->kept, all, s->used.n);
    return 0;
}

static int cut_dims(shrinking *s)
{
    size_t width = (size_t)s->m->dim, k = (size_t)s->o->dims, n = s->data.n;
    double *mean = sts_alloc(width, sizeof *mean), explained = 0;
    float *v = sts_alloc(n, width * sizeof *v), *basis = sts_alloc(k, width * sizeof *basis);
    int rc = mean && v && basis ? 0 : sts_fail_memory(s->err, "the principal components");
    if (!rc) rc = sts_encode(s->m, s->data.v, n, v, NULL, s->err);
    if (!rc) rc = sts_pca(v, n, width, k, basis, mean, &explained, s->err);
    if (!rc) rc = sts_cut_dims(s->m, basis, k, s->err);
    if (!rc)
        sts_strbuf_printf(&s->done, "- %zu of %zu dimensions are kept: principal components of "
                          "%zu texts (%.1f %% of the variance), as a Dense module.\n", k, width, n,
                          100 * explained);
    sts_free(mean);
    sts_free(v);
    sts_free(basis);
    return rc;
}

static int check_dims(const shrinking *s)
{
    const sts_shrink_options *o = s->o;
    if (!o->dims) return 0;
    if (!o->data)
        return sts_fail(s->err, STS_USAGE, "--dims: needs --data TEXTS, of which the principal "
                        "components are found");
    if (o->dims > s->m->dim)
        return sts_fail(s->err, STS_USAGE, "--dims %lld: the model's vectors have %d components: "
                        "give %d or fewer", (long long)o->dims, s->m->dim, s->m->dim);
    size_t n = s->data.n;
    if ((size_t)o->dims < n) return 0;
    return sts_fail(s->err, STS_DATA, "%s: %zu texts have fewer than %lld principal components: "
                    "give more texts, or --dims %zu", o->data, n, (long long)o->dims,
                    n > 1 ? n - 1 : 1);
}

/* ---- the whole ---- */

static int check(shrinking *s)
{
    const sts_shrink_options *o = s->o;
    if (!o->model || !o->output)
        return sts_fail(s->err, STS_USAGE, "shrink: where to? -m MODEL -o DIRECTORY");
    if (!o->layers && !o->dims && !o->vocabulary)
        return sts_fail(s->err, STS_USAGE, "shrink: what is to be smaller? --layers, --dims or "
                        "--vocabulary");
    const char *const files[STS_BESIDE] = {o->data, o->vocabulary, o->dev};
    if (sts_reading_check(NULL, NULL, 0, files, s->err)) return -1;
    if (sts_model_output_check(o->output, s->err)) return -1;
    if (read_texts(s, o->data, &s->data) || read_texts(s, o->vocabulary, &s->used)) return -1;
    if (o->dev && sts_corpus_load(&s->dev, &o->dev, 1, &o->reading, s->err)) return -1;
    s->m = sts_model_load(o->model, s->err);
    if (!s->m || sts_model_copyable(s->m, s->err)) return -1;
    return check_dims(s);
}

static int write_out(shrinking *s)
{
    sts_strbuf text = {.failed = s->done.failed};
    sts_strbuf_printf(&text, "A smaller model, made with `stsfit shrink` from another one:\n\n");
    sts_strbuf_add(&text, s->done.s, s->done.n);
    return sts_derived_write(s->m, s->m, &text, s->o->output, s->err);
}

/* What was written, read again: its tokens, and its figures. */
static int inspect(shrinking *s, const sts_cut_tokens *cut)
{
    sts_model *m = sts_model_load(s->o->output, s->err);
    int rc = m ? sts_cut_check(cut, m, s->err) : -1;
    if (!rc) rc = measure(s, m, &s->after);
    sts_model_free(m);
    if (rc) sts_dir_remove(s->o->output, NULL);
    return rc;
}

static void put_row(sts_strbuf *b, const char *what, double before, double after, int digits)
{
    if (isnan(before) || isnan(after)) return;
    sts_strbuf_printf(b, "%-22s %12.*f %12.*f\n", what, digits, before, digits, after);
}

static char *summary(shrinking *s)
{
    sts_strbuf b = {0};
    sts_strbuf_printf(&b, "%.*s%-22s %12s %12s\n", (int)s->done.n, s->done.s, "", "before",
                      "after");
    put_row(&b, "MB", s->before.bytes / 1e6, s->after.bytes / 1e6, 1);
    put_row(&b, "sentences per second", s->before.rate, s->after.rate, 0);
    if (s->metric) put_row(&b, s->metric->name, s->before.value, s->after.value, 4);
    char *text = sts_strbuf_take(&b);
    if (!text) sts_fail_memory(s->err, "the summary");
    return text;
}

int sts_shrink(const sts_shrink_options *given, char **out, sts_err *err)
{
    sts_shrink_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    shrinking s = {.o = &o, .err = err};
    sts_cut_tokens cut = {0};
    sts_env env;
    sts_env_enter(&env, o.stop);
    int rc = check(&s);
    if (!rc) rc = measure(&s, s.m, &s.before);
    if (!rc) rc = cut_layers(&s);
    if (!rc && o.dims) rc = cut_dims(&s);
    if (!rc) rc = cut_vocabulary(&s, &cut);
    if (!rc) rc = write_out(&s);
    if (!rc) rc = inspect(&s, &cut);
    if (!rc) rc = (*out = summary(&s)) ? 0 : -1;
    sts_cut_tokens_free(&cut);
    sts_corpus_free(&s.dev);
    sts_arena_free(&s.arena);
    sts_free(s.data.v);
    sts_free(s.used.v);
    sts_free(s.done.s);
    sts_model_free(s.m);
    return sts_env_leave(&env, rc, err);
}
