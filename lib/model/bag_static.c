/* bag_static.c - the table: row(word) = the sum of the word's features as bag.c weighs them. */
#include "model/bag_static.h"

#include "core/file.h"
#include "core/mem.h"
#include "format/safetensors.h"
#include "model/bag_words.h"
#include "model/carry.h"
#include "model/files.h"

#include <string.h>

#define TOKENIZER STS_BAG_STATIC "/tokenizer.json"
#define AT_ONCE 512 /* rows */

/* ---- its files ---- */

static const char MODULES[] =
    "[\n  {\n    \"idx\": 0,\n    \"name\": \"0\",\n    \"path\": \"" STS_BAG_STATIC "\",\n"
    "    \"type\": \"sentence_transformers.models.StaticEmbedding\"\n  }\n]\n";

static bool is_bag(const sts_model *m)
{
    return !strcmp(m->net.encoder->model_type, "bag");
}

static int put_text(sts_model *m, const char *name, const char *text, sts_err *err)
{
    return sts_files_put(m->files, name, text, strlen(text), err);
}

/* ---- its tokens ---- */

/* The tokens of tokenizer.json (`path` for messages) by their ids, borrowed from *json
 * (sts_json_free); *n of them. */
static int read_tokens(const sts_blob *b, const char *path, sts_json **json, const char ***token,
                       size_t *n, sts_err *err)
{
    const sts_json *vocab = NULL;
    *token = NULL;
    *json = sts_json_parse(b->bytes, b->n, path, STS_MODEL, err);
    if (*json) vocab = sts_json_get(sts_json_get(*json, "model"), "vocab");
    *n = sts_json_is_object(vocab) ? (size_t)sts_json_size(vocab) : 0;
    if (!*json) return -1;
    if (!*n || *n > STS_BAG_ROWS)
        return sts_fail(err, STS_MODEL, "%s: \"vocab\" must have 1 to %d tokens; without "
                        "modules.json and this folder the model opens in stsfit alone", path,
                        STS_BAG_ROWS);
    *token = sts_alloc(*n, sizeof **token);
    if (!*token) return sts_fail_memory(err, path);
    for (const sts_json *e = vocab->child; e; e = e->next) {
        double id = sts_json_is_number(e) ? e->number : -1;
        size_t i = id >= 0 && id < (double)*n ? (size_t)id : *n;
        if (i == *n || (double)i != id || (*token)[i])
            return sts_fail(err, STS_MODEL, "%s: \"vocab\": the ids of %zu tokens must be 0 to "
                            "%zu, each once; without modules.json and this folder the model opens "
                            "in stsfit alone", path, *n, *n - 1);
        (*token)[i] = e->key;
    }
    return 0;
}

static const sts_blob *tokenizer_of(const sts_model *m)
{
    return is_bag(m) ? sts_files_get(m->files, TOKENIZER) : NULL;
}

/* Reads the tokens once, so that what they need later is known and cannot fail. */
static int count_rows(sts_model *m, const sts_blob *b, const char *path, sts_err *err)
{
    sts_json *json;
    const char **token;
    int rc = read_tokens(b, path, &json, &token, &m->static_rows, err);
    sts_json_free(json);
    sts_free(token);
    return rc;
}

int sts_bag_static_make(sts_model *m, const sts_str *text, size_t n, sts_err *err)
{
    if (!is_bag(m) || sts_files_get(m->files, "modules.json")) return 0;
    char *tokenizer = sts_bag_tokenizer(text, n, err);
    if (!tokenizer) return -1;
    int rc = put_text(m, TOKENIZER, tokenizer, err);
    sts_free(tokenizer);
    if (!rc) rc = put_text(m, "modules.json", MODULES, err);
    if (!rc) rc = put_text(m, "config_sentence_transformers.json", STS_SENTENCE_CONFIG, err);
    return rc ? rc : count_rows(m, tokenizer_of(m), TOKENIZER, err);
}

int sts_bag_static_load(sts_model *m, const char *dir, sts_err *err)
{
    if (sts_files_collect(m->files, dir, STS_BAG_STATIC, STS_AT_ENCODER, err)) return -1;
    const sts_blob *b = tokenizer_of(m);
    if (!b) return 0;
    char *path = sts_path_join(dir, TOKENIZER);
    if (!path) return sts_fail_memory(err, dir);
    int rc = count_rows(m, b, path, err);
    sts_free(path);
    return rc;
}

/* ---- its rows ---- */

/* The ids whose vectors a token stands for. */
static int token_ids(const sts_model *m, const char *token, sts_ids *out, sts_err *err)
{
    size_t n = strlen(token), rest = strlen(STS_BAG_REST);
    out->n = 0;
    if (!strcmp(token, STS_BAG_UNKNOWN)) return 0;
    if (!strncmp(token, STS_BAG_REST, rest))
        return sts_bag_rest_ids(&m->net, token + rest, n - rest, out, err);
    return m->net.encoder->ids(&m->net, token, n, 0, out, NULL, err);
}

typedef struct filling {
    const sts_model *m;
    sts_batch b;
    sts_work w;
    sts_ids ids;
} filling;

/* rows[n x dim]: what the encoder gives for each token, times its features, of which that is the
 * mean. */
static int fill(filling *f, const char *const *token, size_t n, float *rows, sts_err *err)
{
    size_t dim = (size_t)f->m->dim;
    float *out;
    sts_batch_clear(&f->b);
    for (size_t i = 0; i < n; i++)
        if (token_ids(f->m, token[i], &f->ids, err) ||
            sts_batch_add(&f->b, f->ids.v, f->ids.n, 0, err))
            return -1;
    if (sts_work_reserve(&f->w, sts_model_workspace(f->m, &f->b, false), err)) return -1;
    if (sts_model_forward(f->m, &f->b, NULL, &f->w, &out, NULL, err)) return -1;
    for (size_t i = 0; i < n; i++) {
        float features = (float)(f->b.start[i + 1] - f->b.start[i]);
        for (size_t j = 0; j < dim; j++) rows[i * dim + j] = features * out[i * dim + j];
    }
    return 0;
}

static int write_rows(const sts_model *m, const char *const *token, size_t n, const char *path,
                      sts_err *err)
{
    filling f = {.m = m};
    size_t shape[2] = {n, (size_t)m->dim}, bytes = n * shape[1] * sizeof(float);
    float *rows = sts_alloc_raw(n, shape[1] * sizeof *rows);
    int rc = rows ? 0 : sts_fail_memory(err, path);
    for (size_t i = 0; i < n && !rc; i += AT_ONCE)
        rc = fill(&f, token + i, n - i < AT_ONCE ? n - i : AT_ONCE, rows + i * shape[1], err);
    sts_tensor_out table = {"embedding.weight", sts_f32, 2, shape, rows, bytes};
    if (!rc) rc = sts_safetensors_write(path, &table, 1, m->files->set[0].mode, err);
    sts_batch_free(&f.b);
    sts_work_free(&f.w);
    sts_ids_free(&f.ids);
    sts_free(rows);
    return rc;
}

int sts_bag_static_save(const sts_model *m, const char *dir, sts_err *err)
{
    const sts_blob *b = tokenizer_of(m);
    sts_json *json = NULL;
    const char **token = NULL;
    size_t n;
    if (!b) return 0;
    char *path = sts_path_join(dir, STS_BAG_STATIC "/model.safetensors");
    int rc = path ? read_tokens(b, b->name, &json, &token, &n, err) : sts_fail_memory(err, dir);
    if (!rc) rc = write_rows(m, token, n, path, err);
    sts_json_free(json);
    sts_free(token);
    sts_free(path);
    return rc;
}
