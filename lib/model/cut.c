/* cut.c - layers, dimensions and vocabulary entries out of a model: parameters, names of tensors,
 * configurations and tokenizer. */
#include "model/cut.h"

#include "core/mem.h"
#include "model/files.h"
#include "model/postnorm.h"
#include "token/token_file.h"
#include "token/tokenizer_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- configurations ---- */

static sts_json *load_json(const sts_model *m, const char *name, sts_err *err)
{
    const sts_blob *b = sts_files_get(m->files, name);
    if (b) return sts_json_parse(b->bytes, b->n, name, STS_MODEL, err);
    sts_fail(err, STS_MODEL, "%s: has no %s", m->dir, name);
    return NULL;
}

static int save_json(sts_model *m, const char *name, sts_json *json, int rc, sts_err *err)
{
    if (!rc) rc = sts_files_put_json(m->files, name, json, err);
    sts_json_free(json);
    return rc;
}

/* Sets a number that is there; adds none. */
static void set_number(sts_json *json, const char *key, double x)
{
    sts_json *v = sts_json_member(json, key);
    if (sts_json_is_number(v)) v->number = x;
}

/* ---- layers ---- */

/* The number of the block whose name begins like `name`: "encoder.layer.12.output" has 12; *at is
 * where it stands, *end what follows. -1: none. */
static int block_number(const char *block, const char *name, const char **at, char **end)
{
    size_t n = strcspn(block, "#");
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%.*s", (int)n, block);
    *at = strstr(name, prefix);
    if (!*at) return -1;
    *at += n;
    long number = strtol(*at, end, 10);
    return *end > *at && **end == '.' ? (int)number : -1;
}

/* Renames a tensor of layer keep[i] to layer i; of any other layer it is not written. */
static int renumber_tensor(sts_tensor_ref *r, const char *block, const int *keep, int n,
                           sts_err *err)
{
    const char *at;
    char *end;
    int layer = block_number(block, r->name, &at, &end), now = -1;
    if (layer < 0) return 0;
    for (int i = 0; i < n; i++)
        if (keep[i] == layer) now = i;
    r->drop = now < 0;
    size_t room = strlen(r->name) + 16;
    char *name = sts_alloc(room, 1);
    if (!name) return sts_fail_memory(err, r->name);
    snprintf(name, room, "%.*s%d%s", (int)(at - r->name), r->name, now, end);
    sts_free(r->name);
    r->name = name;
    return 0;
}

int sts_cut_layers(sts_model *m, const int *keep, int n, sts_err *err)
{
    const sts_encoder *e = m->net.encoder;
    if (e->forward != sts_postnorm_forward)
        return sts_fail(err, STS_MODEL, "%s: layers of %s cannot be left out: only those of BERT's "
                        "family", m->dir, e->model_type);
    sts_postnorm *c = m->net.config;
    if (c->groups)
        return sts_fail(err, STS_MODEL, "%s: its layers share their weights: none can be left out",
                        m->dir);
    for (size_t i = 0; i < m->files->n_sets; i++)
        for (size_t k = 0; k < m->files->set[i].n; k++)
            if (renumber_tensor(&m->files->set[i].v[k], c->spec->name.block, keep, n, err))
                return -1;
    for (int i = 0; i < n; i++) c->block[i] = c->block[keep[i]];
    c->layers = m->net.layers = n;
    sts_json *json = load_json(m, "config.json", err);
    if (!json) return -1;
    set_number(json, c->spec->key.layers, n);
    return save_json(m, "config.json", json, 0, err);
}

/* ---- dimensions ---- */

static int put_module(sts_json *list, int idx, const char *type, sts_err *err)
{
    char name[16], path[32], class[80];
    size_t since = sts_json_denied();
    snprintf(name, sizeof name, "%d", idx);
    snprintf(path, sizeof path, "%d_%s", idx, type);
    snprintf(class, sizeof class, "sentence_transformers.models.%s", type);
    sts_json *one = sts_json_new_object();
    sts_json_add_number(one, "idx", idx);
    sts_json_add_string(one, "name", name);
    sts_json_add_string(one, "path", path);
    sts_json_add_string(one, "type", class);
    sts_json_append(list, one);
    return sts_json_denied() == since ? 0 : sts_fail_memory(err, "modules.json");
}

static int put_dense_config(sts_model *m, const char *folder, size_t k, sts_err *err)
{
    char name[64];
    size_t since = sts_json_denied();
    sts_json *c = sts_json_new_object();
    sts_json_add_number(c, "in_features", m->dim);
    sts_json_add_number(c, "out_features", (double)k);
    sts_json_add_bool(c, "bias", false);
    sts_json_add_string(c, "activation_function", "torch.nn.modules.linear.Identity");
    snprintf(name, sizeof name, "%s/config.json", folder);
    int rc = sts_json_denied() == since ? 0 : sts_fail_memory(err, name);
    return save_json(m, name, c, rc, err);
}

int sts_cut_dims(sts_model *m, const float *basis, size_t k, sts_err *err)
{
    sts_json *list = load_json(m, "modules.json", err);
    int idx = sts_json_size(list);
    const sts_module *last = m->n_modules ? &m->module[m->n_modules - 1] : NULL;
    bool normal = last && !strcmp(last->type->type, "Normalize");
    char folder[32];
    snprintf(folder, sizeof folder, "%d_Dense", idx);
    if (!list) return -1;
    if (m->dim != m->width) {
        sts_json_free(list);
        return sts_fail(err, STS_MODEL, "%s: has a truncate_dim: --dims would come before it; "
                        "remove one of them", m->dir);
    }
    int rc = put_module(list, idx, "Dense", err);
    if (!rc && normal) rc = put_module(list, idx + 1, "Normalize", err);
    rc = save_json(m, "modules.json", list, rc, err);
    if (!rc) rc = put_dense_config(m, folder, k, err);
    if (!rc)
        rc = sts_files_put_matrix(m->files, folder, "linear.weight", k, (size_t)m->dim, basis, err);
    return rc;
}

/* ---- vocabulary ---- */

typedef struct cutting {
    sts_model *m;
    sts_token_file file;
    int32_t ids;  /* old ones are below */
    bool *keep;
    int32_t *to;
    sts_err *err;
} cutting;

static void keep_id(cutting *c, int64_t id)
{
    if (id >= 0 && id < c->ids) c->keep[id] = true;
}

/* Special tokens; of RoBERTa's kin all up to the padding's, from which positions count. */
static void keep_specials(cutting *c)
{
    const sts_tokenizer *t = c->m->tokenizer;
    const sts_json *one;
    sts_json_each(one, sts_json_get(c->file.tree, "added_tokens"))
        keep_id(c, (int64_t)sts_json_as_number(sts_json_get(one, "id")));
    for (size_t i = 0; i < t->post.n; i++) keep_id(c, t->post.item[i]);
    keep_id(c, t->model.unknown);
    if (c->m->net.encoder->forward != sts_postnorm_forward) return;
    const sts_postnorm *p = c->m->net.config;
    for (int id = 0; p->spec->after_pad && id <= p->pad; id++) keep_id(c, id);
    keep_id(c, p->pad);
}

static size_t characters(sts_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += (s.s[i] & 0xc0) != 0x80;
    return n;
}

/* What any text may fall back to: single characters of BPE, bytes, and the lowest score of Unigram,
 * by which unknown characters are counted. */
static void keep_basis(cutting *c)
{
    bool bpe = !strcmp(c->file.type, "BPE"), scored = !strcmp(c->file.type, "Unigram");
    double least = 0;
    int32_t lowest = -1;
    for (size_t i = 0; i < c->file.n; i++) {
        const sts_token_entry *e = &c->file.entry[i];
        bool byte = e->text.n == 6 && !memcmp(e->text.s, "<0x", 3);
        double x = sts_token_score(e);
        if (byte || (bpe && characters(e->text) == 1)) keep_id(c, e->id);
        if (scored && (lowest < 0 || x < least)) {
            least = x;
            lowest = e->id;
        }
    }
    keep_id(c, lowest);
}

/* The parts of which rules make the tokens that are kept. */
static void keep_parts(cutting *c)
{
    const sts_token_file *f = &c->file;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = f->n_merges; i-- > 0;) {
            const sts_merge_rule *r = &f->merge[i];
            if (r->id < 0 || !c->keep[f->entry[r->id].id]) continue;
            const sts_str side[2] = {r->left, r->right};
            for (int k = 0; k < 2; k++) {
                const sts_token_entry *e = sts_token_file_find(f, side[k].s, side[k].n);
                more = more || (e && !c->keep[e->id]);
                if (e) c->keep[e->id] = true;
            }
        }
    }
}

/* Rows of the table of tokens close up. */
static int cut_table(cutting *c)
{
    sts_params *p = &c->m->params;
    sts_param *table = NULL;
    size_t old = (size_t)c->m->net.vocab, n = 0;
    for (size_t i = 0; i < p->n && !table; i++)
        if (p->v[i].sparse && p->v[i].shape[0] == old) table = &p->v[i];
    if (!table) return sts_fail(c->err, STS_MODEL, "%s: has no table of tokens", c->m->dir);
    size_t width = sts_param_width(table);
    float *rows = p->value + table->offset;
    for (size_t id = 0; id < (size_t)c->ids; id++)
        if (c->to[id] >= 0) memmove(rows + n++ * width, rows + id * width, width * sizeof *rows);
    table->shape[0] = n;
    table->count = n * width;
    for (size_t i = 0; i < c->m->files->n_sets; i++)
        for (size_t k = 0; k < c->m->files->set[i].n; k++) {
            sts_tensor_ref *r = &c->m->files->set[i].v[k];
            r->drop = r->drop || (r->param < 0 && r->n_dims && r->shape[0] == old); /* a head */
        }
    return 0;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n >= k && !strcmp(s + n - k, end);
}

/* vocab_size and the ids of special tokens. */
static int cut_config(cutting *c)
{
    if (!sts_files_get(c->m->files, "config.json")) return 0;
    sts_json *json = load_json(c->m, "config.json", c->err), *v;
    if (!json) return -1;
    set_number(json, "vocab_size", c->file.ids);
    sts_json_each(v, json)
    {
        bool id = ends_with(v->key, "_token_id") && sts_json_is_number(v);
        if (id && v->number >= 0 && v->number < c->ids) v->number = c->to[(int32_t)v->number];
    }
    return save_json(c->m, "config.json", json, 0, c->err);
}

/* "added_tokens_decoder": {"101": {...}} */
static int cut_tokenizer_config(cutting *c)
{
    static const char name[] = "tokenizer_config.json";
    if (!sts_files_get(c->m->files, name)) return 0;
    sts_json *json = load_json(c->m, name, c->err), *v;
    size_t since = sts_json_denied();
    if (!json) return -1;
    sts_json_each(v, sts_json_member(json, "added_tokens_decoder"))
    {
        char key[16];
        long id = strtol(v->key, NULL, 10);
        if (id < 0 || id >= c->ids) continue;
        snprintf(key, sizeof key, "%d", (int)c->to[id]);
        sts_free(v->key);
        v->key = sts_strdup(key);
        if (!v->key) since--;
    }
    int rc = sts_json_denied() == since ? 0 : sts_fail_memory(c->err, name);
    return save_json(c->m, name, json, rc, c->err);
}

/* tokenizer.json stands alone: older files hold the old ids. */
static int cut_files(cutting *c)
{
    static const char *const older[] = {"vocab.txt", "vocab.json", "merges.txt", "bpe.codes",
                                        "added_tokens.json", "sentencepiece.bpe.model",
                                        "spiece.model", "spm.model", "tokenizer.model"};
    char *text = sts_token_file_text(&c->file, c->err);
    int rc = text ? sts_files_put(c->m->files, "tokenizer.json", text, strlen(text), c->err) : -1;
    sts_free(text);
    for (size_t i = 0; i < sizeof older / sizeof *older; i++)
        sts_files_remove(c->m->files, older[i]);
    return rc || cut_config(c) || cut_tokenizer_config(c) ? -1 : 0;
}

static int cut_all(cutting *c, sts_cut_tokens *cut)
{
    sts_tokens *t = &cut->tokens;
    for (size_t i = 0; i < t->start[t->n]; i++) keep_id(c, t->ids[i]);
    keep_specials(c);
    keep_basis(c);
    keep_parts(c);
    if (sts_token_file_keep(&c->file, c->keep, c->to, c->err) || cut_table(c) || cut_files(c))
        return -1;
    for (size_t i = 0; i < t->start[t->n]; i++) t->ids[i] = c->to[t->ids[i]];
    cut->kept = c->file.ids;
    return 0;
}

int sts_cut_vocabulary(sts_model *m, const sts_str *text, size_t n, sts_cut_tokens *cut,
                       sts_err *err)
{
    cutting c = {.m = m, .err = err};
    const sts_blob *b = sts_files_get(m->files, "tokenizer.json");
    size_t length = m->max_seq_length;
    if (!m->tokenizer || !b)
        return sts_fail(err, STS_MODEL, "%s: has no tokenizer.json, whose vocabulary could be cut",
                        m->dir);
    m->max_seq_length = 0;
    int rc = sts_tokens_make(&cut->tokens, m, text, n, (sts_token_options){0}, err);
    m->max_seq_length = length;
    cut->text = text;
    if (rc || sts_token_file_read(&c.file, (sts_str){b->bytes, b->n},
                                  sts_tokenizer_kind(m->tokenizer), "tokenizer.json", err)) {
        sts_token_file_free(&c.file);
        return -1;
    }
    c.ids = c.file.ids;
    c.keep = sts_alloc((size_t)c.ids, sizeof *c.keep);
    c.to = sts_alloc((size_t)c.ids, sizeof *c.to);
    rc = c.keep && c.to ? cut_all(&c, cut) : sts_fail_memory(err, "the vocabulary");
    sts_free(c.keep);
    sts_free(c.to);
    sts_token_file_free(&c.file);
    return rc;
}

int sts_cut_check(const sts_cut_tokens *cut, const sts_model *m, sts_err *err)
{
    const sts_tokens *t = &cut->tokens;
    sts_ids ids = {0};
    int rc = 0;
    for (size_t i = 0; i < t->n && !rc; i++) {
        size_t n = t->start[i + 1] - t->start[i];
        rc = sts_tokenizer_encode(m->tokenizer, cut->text[i].s, cut->text[i].n, 0, &ids, NULL, err);
        if (!rc && (ids.n != n || memcmp(ids.v, t->ids + t->start[i], n * sizeof *ids.v)))
            rc = sts_fail(err, STS_FAILED, "text %zu would get other tokens by the smaller "
                          "vocabulary: nothing was written", i + 1);
    }
    sts_ids_free(&ids);
    return rc;
}

void sts_cut_tokens_free(sts_cut_tokens *cut)
{
    sts_tokens_free(&cut->tokens);
}
