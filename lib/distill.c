/* distill.c - `stsfit distill`: an encoder in, a static model out: each token alone through the
 * encoder, principal components of the vectors, and less weight for frequent tokens. */
#include "core/clock.h"
#include "core/env.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/strbuf.h"
#include "data/texts.h"
#include "math/pca.h"
#include "model/files.h"
#include "model/model_output.h"
#include "model/tokens.h"
#include "report/derived_card.h"
#include "token/static_tokens.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DIMS 256 /* components, unless the model has fewer */
#define SIF 1e-4

typedef struct distilling {
    const sts_distill_options *o;
    sts_model *m;            /* the encoder */
    sts_own_words words;
    const char *pooling;     /* as sentence-transformers calls it */
    sts_arena arena;         /* of the words */
    sts_token_file file;
    sts_static_tokens tokens;
    size_t dims;
    float *vector;           /* [tokens x width of the encoder] */
    float *table;            /* [tokens x dims] */
    double explained;        /* share of the variance; 1 without PCA */
    double sif, seconds;
} distilling;

/* ---- the tokens ---- */

static int read_words(distilling *d, sts_err *err)
{
    const char *path = d->o->vocabulary;
    sts_str *line;
    size_t n;
    int rc = sts_texts_read(path, &(sts_text_options){.input = "lines"}, &d->arena, &line, &n, err);
    d->words.file = path;
    d->words.v = sts_alloc(n, sizeof *d->words.v);
    if (!rc && !d->words.v) rc = sts_fail_memory(err, path);
    for (size_t i = 0; i < n && !rc; i++)
        if (line[i].n) d->words.v[d->words.n++] = (sts_own_word){line[i], i + 1};
    sts_free(line);
    if (!rc && !d->words.n) rc = sts_fail(err, STS_DATA, "%s: holds no words", path);
    return rc;
}

/* The special token `key` of tokenizer_config.json or special_tokens_map.json; NULL: none. */
static const char *special(const distilling *d, const char *file, const char *key, sts_json **json)
{
    const sts_blob *b = sts_files_get(d->m->files, file);
    sts_err unused = {0};
    *json = b ? sts_json_parse(b->bytes, b->n, file, STS_MODEL, &unused) : NULL;
    const sts_json *v = sts_json_get(*json, key);
    return sts_json_as_string(sts_json_is_object(v) ? sts_json_get(v, "content") : v);
}

/* The same by the tokenizer itself first: `own` is its word for it, or NULL. */
static int find_special(distilling *d, const char *key, const char *own, const char **token,
                        sts_err *err)
{
    static const char *const file[] = {"tokenizer_config.json", "special_tokens_map.json"};
    const char *found = own;
    sts_json *json[2] = {NULL};
    for (size_t i = 0; i < 2 && !found; i++) found = special(d, file[i], key, &json[i]);
    *token = found ? sts_arena_text(&d->arena, found, strlen(found)) : NULL;
    for (size_t i = 0; i < 2; i++) sts_json_free(json[i]);
    return !found || *token ? 0 : sts_fail_memory(err, "the vocabulary");
}

static const char *unknown_of(const distilling *d)
{
    int32_t id = sts_tokenizer_unknown(d->m->tokenizer);
    for (size_t i = 0; i < d->file.n && id >= 0; i++)
        if (d->file.entry[i].id == id) return d->file.entry[i].text.s;
    return NULL;
}

static int make_tokens(distilling *d, sts_err *err)
{
    const sts_blob *b = sts_files_get(d->m->files, "tokenizer.json");
    const char *pad, *unknown;
    if (!b)
        return sts_fail(err, STS_MODEL, "%s: has no tokenizer.json, which a static model needs: "
                        "write one with save_pretrained of transformers", d->m->dir);
    if (sts_token_file_read(&d->file, (sts_str){b->bytes, b->n},
                            sts_tokenizer_kind(d->m->tokenizer), "tokenizer.json", err))
        return -1;
    const sts_json *padding = sts_json_get(d->file.tree, "padding");
    const char *own = sts_json_as_string(sts_json_get(padding, "pad_token"));
    if (find_special(d, "pad_token", own, &pad, err) ||
        find_special(d, "unk_token", unknown_of(d), &unknown, err))
        return -1;
    const sts_own_words *words = d->o->vocabulary ? &d->words : NULL;
    return sts_static_tokens_make(&d->tokens, d->m->tokenizer, &d->file, pad, unknown, words, err);
}

/* ---- their vectors ---- */

/* The encoder with that pooling and nothing behind it. */
static int embed(distilling *d, sts_err *err)
{
    sts_model front = *d->m;
    sts_module pool = {.type = sts_module_find("Pooling"), .tokens = true, .in = front.net.hidden,
                       .param = {-1, -1, -1, -1}};
    sts_tokens t = {.n = d->tokens.n, .ids = d->tokens.ids.v, .start = d->tokens.start};
    sts_json *config = sts_json_new_object();
    if (!sts_json_add_number(config, "embedding_dimension", front.net.hidden) ||
        !sts_json_add_string(config, "pooling_mode", d->pooling)) {
        sts_json_free(config);
        return sts_fail_memory(err, "the pooling");
    }
    int rc = pool.type->configure(&pool, NULL, &(sts_json_in){config, "Pooling", STS_MODEL, err});
    front.module = &pool;
    front.n_modules = 1;
    front.dim = front.width = front.net.hidden;
    d->vector = sts_alloc(t.n, (size_t)front.dim * sizeof *d->vector);
    if (!d->vector) rc = sts_fail_memory(err, "the tokens' vectors");
    if (!rc) rc = sts_embed(&front, &t, d->vector, "encoding", err);
    sts_free(pool.config);
    sts_json_free(config);
    return rc;
}

static int choose_dims(distilling *d, sts_err *err)
{
    size_t width = (size_t)d->m->net.hidden, n = d->tokens.n;
    d->dims = d->o->dims ? (size_t)d->o->dims : width < DIMS ? width : DIMS;
    if (n > d->dims) return 0;
    return sts_fail(err, STS_USAGE, "--dims %zu: %zu tokens have fewer principal components: give "
                    "%zu or fewer", d->dims, n, n - 1);
}

/* model2vec leaves such a token out of a text; sentence-transformers adds its row. With zeros both
 * give vectors of one direction. */
static void clear_row(distilling *d, int32_t id)
{
    if (id >= 0) memset(d->table + (size_t)id * d->dims, 0, d->dims * sizeof *d->table);
}

/* Components about the mean, each token weighted by its place in the vocabulary, which is about
 * that of its frequency (Zipf): sif / (sif + p). */
static int reduce(distilling *d, sts_err *err)
{
    size_t n = d->tokens.n, width = (size_t)d->m->net.hidden, k = d->dims;
    double *mean = sts_alloc(width, sizeof *mean), all = 0;
    float *basis = sts_alloc(k * width, sizeof *basis);
    d->table = sts_alloc(n * k, sizeof *d->table);
    int rc = mean && basis && d->table ? 0 : sts_fail_memory(err, "the principal components");
    if (!rc) rc = sts_pca(d->vector, n, width, k, basis, mean, &d->explained, err);
    if (!rc) rc = sts_project(d->vector, n, width, mean, basis, k, d->table, err);
    for (size_t i = 0; i < n; i++) all += 1 / (double)(i + 2);
    for (size_t i = 0; i < n && !rc && d->sif > 0; i++) {
        double p = 1 / (double)(i + 2) / all;
        for (size_t j = 0; j < k; j++)
            d->table[i * k + j] = (float)((double)d->table[i * k + j] * d->sif / (d->sif + p));
    }
    if (!rc) clear_row(d, d->tokens.unknown);
    if (!rc) clear_row(d, d->tokens.left_out);
    sts_free(mean);
    sts_free(basis);
    return rc;
}

/* ---- the directory ---- */

static sts_json *static_config(const distilling *d)
{
    sts_json *c = sts_json_new_object();
    const char *pooling = d->o->pooling ? d->o->pooling : "mean";
    sts_json_add_string(c, "model_type", "model2vec");
    sts_json_append(sts_json_add_array(c, "architectures"), sts_json_new_string("StaticModel"));
    sts_json_add_string(c, "tokenizer_name", d->m->name);
    sts_json_add_number(c, "apply_pca", (double)d->dims);
    if (d->sif > 0) sts_json_add_number(c, "sif_coefficient", d->sif);
    else sts_json_add_null(c, "sif_coefficient");
    sts_json_add_number(c, "hidden_dim", (double)d->dims);
    sts_json_add_number(c, "seq_length", 1000000);
    sts_json_add_bool(c, "normalize", true);
    sts_json_add_string(c, "pooling", pooling);
    sts_json_add_string(c, "embedding_dtype", "float32");
    return c;
}

/* What was done, for the model card. */
static sts_strbuf describe(const distilling *d)
{
    sts_strbuf b = {0};
    sts_strbuf_printf(&b, "A static model: a text's vector is the mean of the vectors of its "
                      "tokens, scaled to length 1.\nIt was distilled with `stsfit distill` from "
                      "an encoder: each of %zu tokens was encoded alone, the vectors were reduced "
                      "to their %zu principal components (%.1f %% of the variance)%s.\n",
                      d->tokens.n, d->dims, 100 * d->explained,
                      d->sif > 0 ? ", and frequent tokens were given less weight" : "");
    if (d->tokens.added)
        sts_strbuf_printf(&b, "%zu of the tokens are words added by `--vocabulary`.\n",
                          d->tokens.added);
    return b;
}

static int put_files(const distilling *d, sts_model_files *f, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *config = static_config(d);
    int rc = sts_json_denied() == since ? sts_files_put_json(f, "config.json", config, err)
                                        : sts_fail_memory(err, "config.json");
    sts_json_free(config);
    if (!rc) rc = sts_files_put(f, "tokenizer.json", d->tokens.json, strlen(d->tokens.json), err);
    if (!rc) rc = sts_files_put(f, "modules.json", STS_STATIC_MODULES, strlen(STS_STATIC_MODULES),
                                err);
    if (!rc)
        rc = sts_files_put(f, "config_sentence_transformers.json", STS_SENTENCE_CONFIG,
                           strlen(STS_SENTENCE_CONFIG), err);
    return rc;
}

/* The table as a model, in the spelling that model2vec and sentence-transformers both open. */
static sts_model *make_model(const distilling *d, sts_err *err)
{
    sts_json *config = sts_json_new_object();
    sts_json_add_number(config, "vocab_size", (double)d->tokens.n);
    sts_json_add_number(config, "hidden_size", (double)d->dims);
    sts_model *out = sts_model_new(sts_encoder_find("static"), config, err);
    sts_json_free(config);
    if (!out) return NULL;
    sts_tensor_ref *table = &out->files->set[0].v[0];
    sts_free(table->name);
    table->name = sts_strdup("embeddings");
    const sts_param *p = &out->params.v[0];
    memcpy(out->params.value + p->offset, d->table, p->count * sizeof(float));
    if (table->name && !put_files(d, out->files, err)) return out;
    if (!table->name) sts_fail_memory(err, "the table");
    sts_model_free(out);
    return NULL;
}

static int write_out(const distilling *d, sts_err *err)
{
    sts_model *out = make_model(d, err);
    if (!out) return -1;
    sts_strbuf text = describe(d);
    int rc = sts_derived_write(out, d->m, &text, d->o->output, err);
    sts_model_free(out);
    return rc;
}

/* ---- the whole ---- */

static int choose_pooling(distilling *d, sts_err *err)
{
    static const char *const theirs[][2] = {{"mean", "mean"}, {"first", "cls"},
                                            {"last", "lasttoken"}};
    const char *name = d->o->pooling ? d->o->pooling : "mean";
    for (size_t i = 0; i < 3; i++) {
        d->pooling = theirs[i][1];
        if (!strcmp(name, theirs[i][0])) return 0;
    }
    return sts_fail(err, STS_USAGE, "--pooling: '%s' must be mean, first or last", name);
}

static int check(distilling *d, sts_err *err)
{
    const sts_distill_options *o = d->o;
    if (!o->model || !o->output)
        return sts_fail(err, STS_USAGE, "distill: where to? -m MODEL -o DIRECTORY");
    if (choose_pooling(d, err)) return -1;
    if (d->sif < 0 || d->sif >= 1)
        return sts_fail(err, STS_USAGE, "--sif: must be below 1; 0 gives all tokens one weight");
    if (sts_model_output_check(o->output, err) || (o->vocabulary && read_words(d, err))) return -1;
    d->m = sts_model_load(o->model, err);
    if (!d->m || sts_model_set(d->m, 0, o->batch_size, 0, o->precision, err)) return -1;
    if (d->m->net.encoder->pooled)
        return sts_fail(err, STS_MODEL,
                        "%s: is not an encoder of tokens in context: there is nothing to distill",
                        o->model);
    if (o->dims <= d->m->net.hidden) return 0;
    return sts_fail(err, STS_USAGE, "--dims %lld: the encoder's vectors have %d components: give "
                    "%d or fewer", (long long)o->dims, d->m->net.hidden, d->m->net.hidden);
}

static char *summary(const distilling *d, sts_form form, sts_err *err)
{
    size_t since = sts_json_denied();
    double bytes = 4.0 * (double)d->tokens.n * (double)d->dims;
    char *text = NULL;
    if (form == STS_AS_JSON) {
        sts_json *j = sts_json_new_object();
        sts_json_add_number(j, "schema", 1);
        sts_json_add_string(j, "command", "distill");
        sts_json_add_string(j, "model", d->o->model);
        sts_json_add_string(j, "output", d->o->output);
        sts_json_add_number(j, "tokens", (double)d->tokens.n);
        sts_json_add_number(j, "words_added", (double)d->tokens.added);
        sts_json_add_number(j, "words_known", (double)d->tokens.known);
        sts_json_add_number(j, "dimensions", (double)d->dims);
        sts_json_add_number(j, "explained_variance", d->explained);
        sts_json_add_number(j, "bytes", bytes);
        sts_json_add_number(j, "seconds", d->seconds);
        text = sts_json_finish(j, true, since);
    } else {
        sts_strbuf b = {0};
        sts_strbuf_printf(&b, "tokens      %zu x %zu, %.1f MB\n", d->tokens.n, d->dims,
                          bytes / 1e6);
        if (d->o->vocabulary)
            sts_strbuf_printf(&b, "words       %zu added, %zu were tokens before\n",
                              d->tokens.added, d->tokens.known);
        sts_strbuf_printf(&b, "components  %.1f %% of the variance\n", 100 * d->explained);
        text = sts_strbuf_take(&b);
    }
    if (!text) sts_fail_memory(err, "the summary");
    return text;
}

int sts_distill(const sts_distill_options *given, sts_form form, char **out, sts_err *err)
{
    sts_distill_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    distilling d = {.o = &o, .sif = isnan(o.sif) ? SIF : o.sif};
    double start = sts_clock();
    sts_env env;
    sts_env_enter(&env, o.stop);
    int rc = check(&d, err);
    if (!rc) rc = make_tokens(&d, err);
    if (!rc) rc = choose_dims(&d, err);
    if (!rc) rc = embed(&d, err);
    if (!rc) rc = reduce(&d, err);
    if (!rc) rc = write_out(&d, err);
    d.seconds = sts_clock() - start;
    if (!rc) rc = (*out = summary(&d, form, err)) ? 0 : -1;
    sts_static_tokens_free(&d.tokens);
    sts_token_file_free(&d.file);
    sts_arena_free(&d.arena);
    sts_free(d.words.v);
    sts_free(d.vector);
    sts_free(d.table);
    sts_model_free(d.m);
    return sts_env_leave(&env, rc, err);
}
