/* model_load.c - a directory in, a model out: everything is checked first, the weights are read
 * last. */
#include "model/model_load.h"

#include "core/file.h"
#include "core/mem.h"
#include "model/bag_static.h"
#include "model/carry.h"
#include "model/config.h"
#include "model/decision.h"

#include <stdio.h>
#include <string.h>

/* ---- the modules after the encoder ---- */

/* Weights that a module does not use would be in silence another module than the one saved. */
static int check_used(const sts_tensor_set *set, sts_err *err)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->v[i].param < 0)
            return sts_fail(err, STS_MODEL, "%s: tensor %s: the module's config.json asks for none "
                            "of that name", set->weights.file[0].path, set->v[i].name);
    return 0;
}

static int configure_module(sts_loading *l, sts_module *m, const sts_json_in *in)
{
    sts_model *model = l->m;
    size_t first = model->params.n;
    if (m->type->pools != m->tokens && m->type->pools)
        return sts_fail(l->err, STS_MODEL, "%s: there are no token embeddings to pool", in->name);
    if (m->type->configure(m, &model->params, in)) return -1;
    if (model->params.n == first) return 0;
    sts_tensor_set *set = sts_files_add_set(model->files, l->dir.path, m->path, l->err);
    if (!set) return -1;
    char own[16];
    snprintf(own, sizeof own, "%d.", m->idx);
    set->first = first;
    set->end = model->params.n;
    return sts_set_match(set, &model->params, own, l->err) || check_used(set, l->err) ? -1 : 0;
}

/* Adds module `idx`; what goes in is as wide as what came out before it. */
static int add_module(sts_loading *l, const sts_module_type *type, size_t idx, const char *folder)
{
    sts_model *model = l->m;
    sts_module *m = &model->module[model->n_modules];
    const sts_module *before = model->n_modules ? m - 1 : NULL;
    *m = (sts_module){.type = type, .idx = (int)idx, .param = {-1, -1, -1, -1}};
    m->in = m->out = before ? before->out : model->net.hidden;
    m->tokens = before ? before->tokens && !before->type->pools : !model->net.encoder->pooled;
    m->path = sts_strdup(folder);
    model->n_modules++;
    char *path = m->path ? sts_dir_file(l->dir.path, folder, "config.json", l->err) : NULL;
    if (!path) return m->path ? -1 : sts_fail_memory(l->err, folder);
    sts_json *json = NULL;
    int rc = 0;
    if (*folder && sts_path_taken(path)) rc = (json = sts_config_load(path, l->err)) ? 0 : -1;
    sts_json_in in = {json, path, STS_MODEL, l->err};
    if (!rc) rc = configure_module(l, m, &in);
    sts_json_free(json);
    sts_free(path);
    return rc;
}

static int load_modules(sts_loading *l)
{
    sts_model *m = l->m;
    m->module = sts_alloc(l->dir.n, sizeof *m->module);
    if (!m->module) return sts_fail_memory(l->err, "the modules");
    for (size_t i = 1; i < l->dir.n; i++) {
        const sts_module_type *type = sts_module_find(l->dir.v[i].type);
        if (!type)
            return sts_fail(l->err, STS_MODEL, "%s/modules.json: module %zu is %s, which is not "
                            "supported", l->dir.path, i, l->dir.v[i].type);
        if (add_module(l, type, i, l->dir.v[i].folder)) return -1;
    }
    const sts_module *last = m->n_modules ? &m->module[m->n_modules - 1] : NULL;
    m->dim = m->width = last ? last->out : m->net.hidden;
    if (last ? !last->tokens || last->type->pools : m->net.encoder->pooled) return 0;
    return sts_fail(l->err, STS_MODEL,
                    "%s/modules.json: no Pooling: the model gives an embedding for "
                    "each token",
                    l->dir.path);
}

/* ---- a directory without modules.json: a bare transformer, or a bag ---- */

static int put_text(sts_loading *l, const char *name, const char *text)
{
    return sts_files_put(l->m->files, name, text, strlen(text), l->err);
}

/* The files that make it a sentence-transformers directory, in the spelling of all versions. */
static int put_spelling(sts_loading *l)
{
    char pooling[400], length[96], number[32] = "null";
    if (l->m->max_seq_length) snprintf(number, sizeof number, "%zu", l->m->max_seq_length);
    snprintf(length, sizeof length, "{\n  \"max_seq_length\": %s,\n  \"do_lower_case\": false\n}\n",
             number);
    snprintf(pooling, sizeof pooling,
             "{\n  \"word_embedding_dimension\": %d,\n  \"pooling_mode_cls_token\": false,\n"
             "  \"pooling_mode_mean_tokens\": true,\n  \"pooling_mode_max_tokens\": false,\n"
             "  \"pooling_mode_mean_sqrt_len_tokens\": false\n}\n", l->m->net.hidden);
    l->m->files->length_file = sts_strdup("sentence_bert_config.json");
    if (!l->m->files->length_file) return sts_fail_memory(l->err, "file names");
    return put_text(l, "modules.json",
                    "[\n  {\n    \"idx\": 0,\n    \"name\": \"0\",\n    \"path\": \"\",\n"
                    "    \"type\": \"sentence_transformers.models.Transformer\"\n  },\n"
                    "  {\n    \"idx\": 1,\n    \"name\": \"1\",\n    \"path\": \"1_Pooling\",\n"
                    "    \"type\": \"sentence_transformers.models.Pooling\"\n  }\n]\n") ||
                   put_text(l, "1_Pooling/config.json", pooling) ||
                   put_text(l, "sentence_bert_config.json", length) ||
                   put_text(l, "config_sentence_transformers.json", STS_SENTENCE_CONFIG)
               ? -1
               : 0;
}

/* model2vec's own spelling of modules.json. */
static int put_model2vec(sts_loading *l)
{
    return put_text(l, "modules.json",
                    l->dir.n > 1 ? STS_STATIC_MODULES : STS_STATIC_FIRST "\n]\n");
}

/* model2vec leaves unknown tokens out: their row becomes zeros, and stays so (static.c). */
static void clear_unknown(const sts_model *m)
{
    const sts_param *table = &m->params.v[0];
    size_t width = sts_param_width(table), row = (size_t)m->net.unknown;
    if (m->net.unknown >= 0)
        memset(m->params.value + table->offset + row * width, 0, width * sizeof(float));
}

/* Such a model would be pooled by its last token; who means that can write it down. */
static int check_causal(const sts_loading *l)
{
    char *path = sts_dir_file(l->dir.path, "", "config.json", l->err);
    sts_json *config = path ? sts_config_load(path, l->err) : NULL;
    const sts_json *first = sts_json_item(sts_json_get(config, "architectures"), 0);
    const char *name = sts_json_is_string(first) ? first->text : "";
    const char *end = strlen(name) < 11 ? "" : name + strlen(name) - 11;
    int rc = !config                      ? -1
             : strcmp(end, "ForCausalLM") ? 0
                                          : sts_fail(l->err, STS_MODEL, "%s: \"architectures\": "
                                                     "\"%.200s\" is not supported without a "
                                                     "modules.json", path, name);
    sts_json_free(config);
    sts_free(path);
    return rc;
}

static int add_mean_pooling(sts_loading *l)
{
    sts_model *m = l->m;
    if (check_causal(l)) return -1;
    m->module = sts_alloc(1, sizeof *m->module);
    sts_json *config = sts_json_new_object();
    int rc =
        m->module && config && sts_json_add_number(config, "embedding_dimension", m->net.hidden)
            ? 0
            : sts_fail_memory(l->err, "the pooling");
    if (!rc) {
        sts_json_in in = {config, "1_Pooling/config.json", STS_MODEL, l->err};
        *m->module = (sts_module){.type = sts_module_find("Pooling"), .idx = 1, .tokens = true,
                                  .in = m->net.hidden, .param = {-1, -1, -1, -1}};
        m->n_modules = 1;
        m->module->path = sts_strdup("1_Pooling");
        rc = m->module->path ? configure_module(l, m->module, &in)
                             : sts_fail_memory(l->err, "the pooling");
    }
    sts_json_free(config);
    sts_note(STS_INFO, "%s: has no modules.json: a bare transformer, with mean pooling",
             l->dir.path);
    return rc;
}

/* ---- the whole ---- */

static int load_tokenizer(sts_loading *l)
{
    sts_model *m = l->m;
    if (m->net.encoder->ids) return 0; /* it has its own */
    char *path = *l->folder ? sts_path_join(l->dir.path, l->folder) : sts_strdup(l->dir.path);
    if (!path) return sts_fail_memory(l->err, l->dir.path);
    m->tokenizer = sts_tokenizer_load(path, l->lower, l->special, m->net.vocab, l->err);
    int rc = m->tokenizer ? 0 : -1;
    if (!rc) m->net.unknown = sts_tokenizer_unknown(m->tokenizer);
    int32_t ids = rc ? 0 : sts_tokenizer_vocab_size(m->tokenizer);
    if (!rc && ids > m->net.vocab)
        rc = sts_fail(l->err, STS_MODEL, "%s: the tokenizer gives ids up to %d, but the encoder's "
                      "table has %d rows", path, (int)ids - 1, m->net.vocab);
    sts_free(path);
    return rc;
}

static int load_front(sts_loading *l)
{
    const char *type = l->dir.bare ? "Transformer" : l->dir.v[0].type;
    l->folder = l->dir.bare ? "" : l->dir.v[0].folder;
    l->special = true;
    if (!strcmp(type, "StaticEmbedding")) {
        if (sts_load_static(l) || load_tokenizer(l)) return -1;
        l->m->max_seq_length = sts_tokenizer_model_max_length(l->m->tokenizer);
        return 0;
    }
    if (strcmp(type, "Transformer"))
        return sts_fail(l->err, STS_MODEL,
                        "%s/modules.json: module 0 is %s, which is not supported; "
                        "Transformer and StaticEmbedding are",
                        l->dir.path, type);
    if (sts_load_encoder(l) || (!l->dir.bare && sts_load_sentence_config(l)) || load_tokenizer(l))
        return -1;
    return sts_load_length(l);
}

static int read_files(sts_loading *l)
{
    sts_model *m = l->m;
    if (sts_params_alloc(&m->params, l->err)) return -1;
    for (size_t i = 0; i < m->files->n_sets; i++)
        if (sts_set_read(&m->files->set[i], &m->params, l->err)) return -1;
    if (sts_files_collect(m->files, l->dir.path, "", STS_AT_TOP, l->err) ||
        sts_files_collect(m->files, l->dir.path, l->folder, STS_AT_ENCODER, l->err))
        return -1;
    for (size_t i = 1; i < l->dir.n; i++)
        if (*l->dir.v[i].folder && sts_files_collect(m->files, l->dir.path, l->dir.v[i].folder,
                                                     STS_AT_MODULE, l->err))
            return -1;
    return sts_files_float32(m->files, l->folder, l->err);
}

static int load_all(sts_loading *l, const char *dir)
{
    if (sts_model_dir_read(&l->dir, dir, l->err) || load_front(l)) return -1;
    bool bag = l->dir.bare && l->m->net.encoder->pooled;
    if (l->dir.bare && !bag ? add_mean_pooling(l) : load_modules(l)) return -1;
    if (l->dir.bare) l->m->dim = l->m->width = l->m->net.hidden;
    if (((!l->dir.bare || bag) && sts_load_prompts(l)) || read_files(l)) return -1;
    const sts_encoder *e = l->m->net.encoder;
    if (e->ready && e->ready(&l->m->net, l->err)) return sts_fail_prefix(l->err, l->dir.path);
    if (bag) return sts_bag_static_load(l->m, l->dir.path, l->err);
    if (l->dir.model2vec) clear_unknown(l->m);
    if (l->dir.model2vec) return put_model2vec(l);
    return l->dir.bare ? put_spelling(l) : 0;
}

sts_model *sts_model_load(const char *dir, sts_err *err)
{
    if (sts_require(dir, "model", err)) return NULL;
    sts_loading l = {.m = sts_alloc(1, sizeof(sts_model)), .err = err};
    if (!l.m) return sts_fail_memory(err, "the model"), NULL;
    l.m->files = sts_alloc(1, sizeof *l.m->files);
    l.m->dir = sts_strdup(dir);
    l.m->name = sts_path_name(dir); /* for display */
    sts_here before = sts_here_begin();
    int rc = l.m->files && l.m->dir && l.m->name ? load_all(&l, dir)
                                                 : sts_fail_memory(err, "the model");
    if (!rc && !(l.m->path = sts_strdup(l.dir.path))) rc = sts_fail_memory(err, "the model");
    if (!rc) rc = sts_decision_keep(l.m, err);
    sts_here_end(before);
    sts_model_dir_done(&l.dir);
    if (!rc) return l.m;
    sts_model_free(l.m);
    return NULL;
}

sts_model *sts_model_new(const sts_encoder *e, const sts_json *config, sts_err *err)
{
    sts_model *m = sts_alloc(1, sizeof *m);
    if (!m) return sts_fail_memory(err, "the model"), NULL;
    sts_json_in in = {config, e->model_type, STS_MODEL, err};
    m->net = (sts_net){.encoder = e, .params = &m->params};
    m->files = sts_alloc(1, sizeof *m->files);
    m->name = sts_strdup(e->model_type);
    m->module = sts_alloc(1, sizeof *m->module); /* none, but not NULL */
    int rc = m->files && m->name && m->module ? 0 : sts_fail_memory(err, "the model");
    if (!rc) rc = e->configure(&m->net, &in);
    if (!rc) rc = e->layout(&m->net, err);
    if (!rc) rc = sts_params_alloc(&m->params, err);
    if (!rc) rc = sts_files_new_set(m->files, &m->params, err);
    if (!rc) rc = sts_files_put_json(m->files, "config.json", config, err);
    m->dim = m->width = m->net.hidden;
    if (!rc) return m;
    sts_model_free(m);
    return NULL;
}
