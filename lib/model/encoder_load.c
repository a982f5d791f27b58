/* encoder_load.c - the encoder of a directory: its configuration, its tensors, its weight file. */
#include "core/file.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "model/config.h"
#include "model/model_load.h"

#include <string.h>

/* Layout and weight file of an encoder that is chosen; in: what its config.json says. */
static int set_up(sts_loading *l, const sts_json_in *in, sts_tensor_set *set)
{
    sts_net *net = &l->m->net;
    net->params = &l->m->params;
    if (net->encoder->configure(net, in) || net->encoder->layout(net, l->err)) return -1;
    set->end = l->m->params.n;
    return sts_set_match(set, &l->m->params, "", l->err);
}

/* ---- config.json ---- */

static int unsupported(const sts_json_in *in, const char *type)
{
    char list[512] = "";
    size_t n, at = 0;
    const sts_encoder *const *all = sts_encoder_all(&n);
    for (size_t i = 0; i < n; i++)
        at = sts_append(list, sizeof list, at, "%s%s", i ? ", " : "", all[i]->model_type);
    const sts_json *a = sts_json_item(sts_json_get(in->object, "architectures"), 0);
    return sts_fail(in->err, STS_MODEL,
                    "%s: \"model_type\": \"%s\"%s%s%s is not supported; these are: "
                    "%s",
                    in->name, type, sts_json_is_string(a) ? " (" : "",
                    sts_json_is_string(a) ? a->text : "", sts_json_is_string(a) ? ")" : "", list);
}

/* What other files or numbers than those read here would change. */
static int check_sources(const sts_json_in *in)
{
    static const char *const dtype[] = {"dtype", "torch_dtype"};
    if (!sts_config_off(in->object, "auto_map"))
        return sts_fail(in->err, STS_MODEL,
                        "%s: \"auto_map\": the model has code of its own, which "
                        "is not run",
                        in->name);
    if (!sts_config_off(in->object, "transformers_weights"))
        return sts_fail(in->err, STS_MODEL, "%s: \"transformers_weights\" is not supported",
                        in->name);
    for (int i = 0; i < 2; i++) {
        const char *name = "float32";
        if (sts_json_text(in, dtype[i], &name)) return -1;
        if (!sts_config_listed("float32 float16 bfloat16 float64 auto", name))
            return sts_fail(in->err, STS_MODEL, "%s: \"%s\": \"%.100s\" is not supported",
                            in->name, dtype[i], name);
    }
    return 0;
}

/* Custom code and decoders compute something else than the architecture's name says. */
static int choose_encoder(sts_loading *l, const sts_json_in *in)
{
    const char *type = NULL;
    if (check_sources(in) || sts_json_text(in, "model_type", &type)) return -1;
    if (!type) return sts_fail(in->err, STS_MODEL, "%s: \"model_type\" is missing", in->name);
    l->m->net.encoder = sts_encoder_find(type);
    if (!l->m->net.encoder || !strcmp(type, "static")) return unsupported(in, type);
    return sts_json_int(in, "max_position_embeddings", -1, 1 << 30, &l->config_positions);
}

static int load_config(sts_loading *l, const sts_json_in *in)
{
    if (choose_encoder(l, in)) return -1;
    sts_tensor_set *set = sts_files_add_set(l->m->files, l->dir.path, l->folder, l->err);
    return set ? set_up(l, in, set) : -1;
}

/* An adapter beside the weights would change what they compute. */
static int check_adapter(const sts_loading *l)
{
    char *path = sts_dir_file(l->dir.path, l->folder, "adapter_config.json", l->err);
    if (!path) return -1;
    int rc = sts_path_find(path, l->err);
    if (rc > 0)
        rc = sts_fail(l->err, STS_MODEL, "%s: adapters are not supported: merge it into the "
                      "weights first", path);
    sts_free(path);
    return rc;
}

int sts_load_encoder(sts_loading *l)
{
    char *path = check_adapter(l) ? NULL
                                  : sts_dir_file(l->dir.path, l->folder, "config.json", l->err);
    if (!path) return -1;
    sts_json *json = NULL;
    int rc = 0;
    if (!sts_path_taken(path)) rc = sts_fail(l->err, STS_MODEL, "%s: is missing", path);
    else json = sts_config_load(path, l->err);
    sts_json_in in = {json, path, STS_MODEL, l->err};
    if (!rc) rc = json ? load_config(l, &in) : -1;
    sts_json_free(json);
    sts_free(path);
    return rc;
}

/* ---- StaticEmbedding ---- */

/* The table's sizes as a configuration: {"model_type": "static", ...}. */
static sts_json *static_config(const sts_tensor *table, const sts_tensor *mapping)
{
    sts_json *c = sts_json_new_object();
    double rows = (double)(mapping ? mapping->count : table->shape[0]);
    if (c && sts_json_add_string(c, "model_type", "static") &&
        sts_json_add_number(c, "vocab_size", rows) &&
        sts_json_add_number(c, "hidden_size", (double)table->shape[1]))
        return c;
    sts_json_free(c);
    return NULL;
}

/* model2vec calls its table "embeddings" beside its config.json, and expects "embedding.weight"
 * beside sentence-transformers' files alone; sentence-transformers reads both. */
static int name_table(const sts_loading *l, sts_tensor_set *set)
{
    char *path = sts_dir_file(l->dir.path, "", "config.json", l->err);
    if (!path) return -1;
    bool own = !*l->folder && sts_path_taken(path);
    sts_free(path);
    for (size_t i = 0; i < set->n; i++) {
        if (set->v[i].param < 0) continue;
        sts_free(set->v[i].name);
        set->v[i].name = sts_strdup(own ? "embeddings" : "embedding.weight");
        if (!set->v[i].name) return sts_fail_memory(l->err, "the list of tensors");
    }
    return 0;
}

int sts_load_static(sts_loading *l)
{
    l->special = false;
    sts_tensor_set *set = sts_files_add_set(l->m->files, l->dir.path, l->folder, l->err);
    if (!set) return -1;
    const char *path = set->weights.file[0].path;
    const sts_tensor *table = sts_model2vec_table(&set->weights);
    if (!table || table->n_dims != 2)
        return sts_fail(l->err, STS_MODEL, "%s: tensor embedding.weight (or embeddings) of two "
                        "dimensions is missing", path);
    l->m->net.encoder = sts_encoder_find("static");
    if (!l->m->net.encoder)
        return sts_fail(l->err, STS_MODEL, "%s: StaticEmbedding is not supported", path);
    const sts_tensor *mapping = sts_weights_find(&set->weights, "mapping");
    sts_json *config = static_config(table, mapping);
    sts_json_in in = {config, path, STS_MODEL, l->err};
    int rc = config ? 0 : sts_fail_memory(l->err, path);
    if (!rc) rc = set_up(l, &in, set);
    if (!rc) rc = name_table(l, set);
    sts_json_free(config);
    return rc;
}
