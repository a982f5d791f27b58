/* settings.c - sentence-transformers' own settings of a model: length, lower case, prompts. */
#include "core/file.h"
#include "core/mem.h"
#include "model/config.h"
#include "model/model_load.h"
#include "model/prompt.h"

#include <stdio.h>
#include <string.h>

/* Loads path/folder/name into *json when there is such a file; else *json is NULL. *file (its
 * path, for messages) is to be freed in any case. */
static int load_if_there(const sts_loading *l, const char *folder, const char *name,
                         sts_json **json, char **file)
{
    *json = NULL;
    *file = sts_dir_file(l->dir.path, folder, name, l->err);
    if (!*file) return -1;
    if (!sts_path_taken(*file)) return 0;
    *json = sts_config_load(*file, l->err);
    return *json ? 0 : -1;
}

/* ---- sentence_bert_config.json ---- */

/* Keyword arguments that choose how to compute, not what. */
static int check_arguments(const sts_json_in *in, const char *key)
{
    const sts_json *args = sts_json_get(in->object, key), *e;
    if (sts_config_off(in->object, key)) return 0;
    sts_json_each(e, args)
    {
        if (!e->key || strchr(e->key, ' ') ||
            !sts_config_listed("torch_dtype dtype attn_implementation trust_remote_code "
                               "use_safetensors low_cpu_mem_usage device_map",
                               e->key))
            return sts_fail(in->err, STS_MODEL, "%s: \"%s\": \"%s\" is not supported", in->name,
                            key, e->key ? e->key : "a list");
    }
    return sts_json_is_object(args)
               ? 0
               : sts_fail(in->err, STS_MODEL, "%s: \"%s\" must be an object", in->name, key);
}

/* Texts in, the last hidden state out: the only way that is implemented. */
static int check_modality(const sts_json_in *in)
{
    const sts_json *all = sts_json_get(in->object, "modality_config"), *text;
    if (!all || sts_json_is_null(all)) return 0;
    text = sts_json_get(all, "text");
    const char *method = "", *output = "";
    sts_json_in t = {text, in->name, STS_MODEL, in->err};
    if (!sts_json_is_object(text) || text->next || all->child != text)
        return sts_fail(in->err, STS_MODEL, "%s: \"modality_config\" must be for \"text\" alone",
                        in->name);
    if (sts_json_text(&t, "method", &method) || sts_json_text(&t, "method_output_name", &output))
        return -1;
    if (!strcmp(method, "forward") && !strcmp(output, "last_hidden_state")) return 0;
    return sts_fail(in->err, STS_MODEL,
                    "%s: \"modality_config\": method \"%s\" with output \"%s\" is "
                    "not supported, only \"forward\" with \"last_hidden_state\"",
                    in->name, method, output);
}

static int check_text(const sts_json_in *in, const char *key, const char *only)
{
    const char *found = only;
    if (sts_json_text(in, key, &found)) return -1;
    if (!strcmp(found, only)) return 0;
    return sts_fail(in->err, STS_MODEL, "%s: \"%s\": \"%s\" is not supported, only \"%s\"",
                    in->name, key, found, only);
}

static int read_sentence_config(sts_loading *l, const sts_json_in *in)
{
    static const char *const arguments[] = {"model_args",       "tokenizer_args", "config_args",
                                            "processor_kwargs", "model_kwargs",   "config_kwargs"};
    if (sts_config_keys(in, "max_seq_length do_lower_case transformer_task modality_config "
                            "module_output_name unpad_inputs query_length document_length "
                            "query_expansion processing_kwargs model_args tokenizer_args "
                            "config_args processor_kwargs model_kwargs config_kwargs backend") ||
        sts_json_int(in, "max_seq_length", 1, 1 << 30, &l->wanted_length) ||
        sts_json_bool(in, "do_lower_case", &l->lower) ||
        check_text(in, "transformer_task", "feature-extraction") ||
        check_text(in, "module_output_name", "token_embeddings") || check_modality(in))
        return -1;
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (check_arguments(in, arguments[i])) return -1;
    if (sts_config_off(in->object, "processing_kwargs")) return 0;
    return sts_fail(in->err, STS_MODEL, "%s: \"processing_kwargs\" are not supported", in->name);
}

int sts_load_sentence_config(sts_loading *l)
{
    static const char *const kind[] = {"bert",   "roberta",     "distilbert", "camembert",
                                       "albert", "xlm-roberta", "xlnet"};
    int rc = 0;
    bool found = false;
    for (size_t i = 0; i < sizeof kind / sizeof *kind && !rc && !found; i++) {
        char name[64], *file;
        sts_json *json;
        snprintf(name, sizeof name, "sentence_%s_config.json", kind[i]);
        rc = load_if_there(l, l->folder, name, &json, &file);
        sts_json_in in = {json, file, STS_MODEL, l->err};
        found = json && json->child; /* an empty one is passed over, as by the reference */
        if (found) {
            rc = read_sentence_config(l, &in);
            l->m->files->length_file = sts_dir_file(l->folder, "", name, l->err);
            if (!l->m->files->length_file) rc = -1;
        }
        sts_json_free(json);
        sts_free(file);
    }
    return rc;
}

/* ---- config_sentence_transformers.json ---- */

/* The text that goes before every other, when a default prompt is set. */
static int read_default_prompt(sts_loading *l, const sts_json_in *in)
{
    const char *name = NULL;
    const sts_json *prompts = sts_json_get(in->object, "prompts"), *e;
    if (sts_json_text(in, "default_prompt_name", &name)) return -1;
    if (prompts && !sts_json_is_null(prompts) && !sts_json_is_object(prompts))
        return sts_fail(in->err, STS_MODEL, "%s: \"prompts\" must be an object", in->name);
    sts_json_each(e, prompts)
    {
        if (!sts_json_is_string(e) && !sts_json_is_null(e))
            return sts_fail(in->err, STS_MODEL, "%s: \"prompts\": \"%s\" must be a string",
                            in->name, e->key);
    }
    if (!name) return 0;
    const sts_json *prompt = sts_json_is_object(prompts) ? sts_json_get(prompts, name) : NULL;
    if (!prompt)
        return sts_fail(in->err, STS_MODEL, "%s: \"default_prompt_name\": no prompt \"%s\"",
                        in->name, name);
    return sts_model_default_prompt(l->m, sts_json_as_string(prompt), in->err);
}

static int read_similarity(sts_loading *l, const sts_json_in *in)
{
    static const char *const known[] = {"cosine", "dot", "euclidean", "manhattan"};
    const char *name = known[0];
    if (sts_json_text(in, "similarity_fn_name", &name)) return -1;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(name, known[i])) l->m->similarity = known[i];
    if (l->m->similarity) return 0;
    return sts_fail(in->err, STS_MODEL, "%s: \"similarity_fn_name\": found \"%s\"; it can be "
                    "cosine, dot, euclidean or manhattan", in->name, name);
}

static int read_settings(sts_loading *l, const sts_json_in *in)
{
    if (check_text(in, "model_type", "SentenceTransformer") || read_similarity(l, in) ||
        read_default_prompt(l, in))
        return -1;
    int64_t dim = l->m->width;
    if (sts_json_int(in, "truncate_dim", 1, INT32_MAX, &dim)) return -1;
    if (dim < l->m->width) l->m->dim = (int)dim;
    return 0;
}

int sts_load_prompts(sts_loading *l)
{
    sts_json *json;
    char *file;
    int rc = load_if_there(l, "", "config_sentence_transformers.json", &json, &file);
    sts_json_in in = {json, file, STS_MODEL, l->err};
    if (json) rc = read_settings(l, &in);
    sts_json_free(json);
    sts_free(file);
    return rc;
}

/* ---- length ---- */

/* The special tokens alone must fit. */
static int check_room(const sts_loading *l)
{
    const sts_model *m = l->m;
    sts_ids none = {0};
    if (!m->tokenizer || !m->max_seq_length) return 0;
    int rc = sts_tokenizer_encode(m->tokenizer, "", 0, 0, &none, NULL, l->err);
    if (!rc && none.n > m->max_seq_length)
        rc = sts_fail(l->err, STS_MODEL, "%s/%s: texts are cut to %zu tokens, but the tokenizer "
                      "adds %zu", l->dir.path,
                      l->wanted_length ? m->files->length_file : "tokenizer_config.json",
                      m->max_seq_length, none.n);
    sts_ids_free(&none);
    return rc;
}

/* max_seq_length where it is written, else the tokenizer's, no more than the positions; RoBERTa's
 * two positions more than it can use are known and harmless. */
int sts_load_length(sts_loading *l)
{
    sts_model *m = l->m;
    int64_t limit = m->net.max_positions, length = l->wanted_length;
    if (length && limit && length > limit && length > l->config_positions)
        return sts_fail(l->err, STS_MODEL, "%s/%s: \"max_seq_length\" is %lld, but the encoder has "
                        "only %lld positions", l->dir.path, m->files->length_file,
                        (long long)length, (long long)limit);
    if (!length && m->tokenizer) length = (int64_t)sts_tokenizer_model_max_length(m->tokenizer);
    if (limit && (length == 0 || length > limit)) length = limit;
    m->max_seq_length = (size_t)length;
    return check_room(l);
}
