/* model_dir.c - finding the model in a directory, and reading its modules.json. */
#include "model/model_dir.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "format/foreign.h"
#include "format/weights.h"
#include "model/config.h"
#include "model/model_find.h"

#include <string.h>

char *sts_dir_file(const char *path, const char *folder, const char *name, sts_err *err)
{
    char *a = *folder ? sts_path_join(path, folder) : sts_strdup(path);
    char *b = a ? sts_path_join(a, name) : NULL;
    sts_free(a);
    if (!b) sts_fail_memory(err, name);
    return b;
}

void sts_model_dir_done(sts_model_dir *d)
{
    for (size_t i = 0; i < d->n; i++) {
        sts_free(d->v[i].type);
        sts_free(d->v[i].folder);
    }
    sts_free(d->path);
    *d = (sts_model_dir){0};
}

static bool has(const char *dir, const char *name)
{
    char *path = sts_path_join(dir, name);
    bool there = path && sts_file_exists(path);
    sts_free(path);
    return there;
}

/* ---- which directory ---- */

/* A directory without a configuration: what is in it instead? */
static int no_model(const char *dir, sts_err *err)
{
    char other[STS_FOREIGN_TEXT];
    const char *hint = has(dir, "log.jsonl")
                           ? "a run that has not finished: name one of its checkpoint-N"
                           : sts_foreign_weights(dir, other);
    return sts_fail(err, STS_MODEL, "%s: no modules.json and no config.json: not a model "
                    "directory%s%s%s", dir, *hint ? " (" : "", hint, *hint ? ")" : "");
}

/* A run that was killed or has failed has no model/. */
static int refuse_unfinished(const char *run, sts_err *err)
{
    uint64_t step = sts_run_dir_newest(run);
    if (!step)
        return sts_fail(err, STS_MODEL, "%s: this run has not finished and has no checkpoint yet: "
                        "start it again with --resume", run);
    return sts_fail(err, STS_MODEL, "%s: this run has not finished: give its newest checkpoint, "
                    "%s/" STS_CHECKPOINT "%llu, or continue it with --resume", run, run,
                    (unsigned long long)step);
}

/* The model of a run that was to be replaced: there is no newer one yet. */
static void note_earlier(const char *run, const sts_json *report)
{
    const char *status = sts_json_as_string(sts_json_get(report, "status"));
    if (status && (!strcmp(status, "running") || !strcmp(status, "failed")))
        sts_note(STS_WARN, "%s: this run has not finished (%s): its model is that of an earlier "
                 "run", run, status);
}

/* Refuses a run without a model; 0 where dir is something else, or has one. */
static int check_run(const char *dir, bool has_model, sts_err *err)
{
    sts_json *report;
    int ours = sts_run_dir_read(dir, &report, err);
    if (ours > 0 && has_model) note_earlier(dir, report);
    sts_json_free(report);
    return ours > 0 && !has_model ? refuse_unfinished(dir, err) : ours < 0 ? -1 : 0;
}

static int no_directory(const char *dir, sts_err *err)
{
    char shown[STS_SHOWN_PATH];
    if (sts_file_exists(dir))
        return sts_fail(err, STS_MODEL, "%s: is a file, not a model directory: name the directory "
                        "that holds it, with its config.json and tokenizer.json", dir);
    return sts_fail(err, STS_MODEL, "%s: no such directory%s", sts_show_path(shown, dir),
                    sts_remedy("; stsfit train makes a model, stsfit fetch NAME downloads one"));
}

/* A run keeps its model in model/; beside it there is nothing that a model would have. */
static int find_root(sts_model_dir *d, const char *dir, sts_err *err)
{
    if (!sts_dir_exists(dir)) return no_directory(dir, err);
    bool model = has(dir, "modules.json") || has(dir, "model.safetensors") ||
                 has(dir, "pytorch_model.bin") || has(dir, "model.safetensors.index.json");
    char *inner = sts_path_join(dir, "model");
    if (!inner) return sts_fail_memory(err, dir);
    bool within = !model && (has(inner, "modules.json") || has(inner, "config.json"));
    if (!model && check_run(dir, within, err)) {
        sts_free(inner);
        return -1;
    }
    if (within) {
        d->path = inner;
        return 0;
    }
    sts_free(inner);
    if (!model && !has(dir, "config.json")) return no_model(dir, err);
    d->path = sts_strdup(dir);
    return d->path ? 0 : sts_fail_memory(err, dir);
}

/* ---- modules.json ---- */

/* The class of "sentence_transformers.....Class"; code that is not the library's is refused. */
static const char *class_of(const char *type)
{
    static const char transformers[] = "BERT RoBERTa DistilBERT ALBERT CamemBERT XLMRoBERTa XLNet";
    if (strncmp(type, "sentence_transformers.", 22)) return NULL;
    const char *last = strrchr(type, '.') + 1;
    return sts_config_listed(transformers, last) ? "Transformer" : last;
}

static int add_module(sts_model_dir *d, const sts_json_in *in, const sts_json *all)
{
    const char *type = NULL, *path = NULL, *name = NULL;
    if (d->n == STS_MAX_MODULES)
        return sts_fail(in->err, STS_MODEL, "%s: more than %d modules", in->name, STS_MAX_MODULES);
    sts_config_note_keys(in, "idx name path type kwargs");
    if (sts_json_text(in, "type", &type) || sts_json_text(in, "path", &path) ||
        sts_json_text(in, "name", &name))
        return -1;
    if (!type || !path || !name)
        return sts_fail(in->err, STS_MODEL, "%s: module %zu: \"%s\" is missing", in->name, d->n,
                        !type ? "type" : !path ? "path" : "name");
    if (!*name || strchr(name, '.'))
        return sts_fail(in->err, STS_MODEL, "%s: \"name\": \"%.200s\" must not be empty nor hold a "
                        "point", in->name, name);
    if (!sts_config_path_ok(path))
        return sts_fail(in->err, STS_MODEL, "%s: \"path\": \"%s\" leads outside the directory",
                        in->name, path);
    if (!sts_config_off(in->object, "kwargs"))
        return sts_fail(in->err, STS_MODEL, "%s: module %s: \"kwargs\" are not supported", in->name,
                        name);
    for (const sts_json *e = all->child; e != in->object; e = e->next)
        if (!strcmp(sts_json_get(e, "name")->text, name))
            return sts_fail(in->err, STS_MODEL, "%s: two modules named \"%s\"", in->name, name);
    const char *class = class_of(type);
    if (!class)
        return sts_fail(in->err, STS_MODEL, "%s: module %s is %s: custom code, which is not run",
                        in->name, name, type);
    sts_dir_module *m = &d->v[d->n++];
    m->type = sts_strdup(class);
    m->folder = sts_strdup(strcmp(path, ".") ? path : "");
    return m->type && m->folder ? 0 : sts_fail_memory(in->err, in->name);
}

static int read_modules(sts_model_dir *d, const char *path, sts_err *err)
{
    sts_json *json = sts_json_load(path, STS_MODEL, err);
    if (!json) return -1;
    int rc = 0;
    if (!sts_json_is_array(json) || !json->child)
        rc = sts_fail(err, STS_MODEL, "%s: must be a list of modules", path);
    for (const sts_json *e = json->child; e && !rc; e = e->next) {
        sts_json_in in = {e, path, STS_MODEL, err};
        rc = sts_json_is_object(e)
                 ? add_module(d, &in, json)
                 : sts_fail(err, STS_MODEL, "%s: must be a list of objects", path);
    }
    sts_json_free(json);
    return rc;
}

/* ---- model2vec's own layout: config.json and a tensor "embeddings" ---- */

static bool has_table(const char *dir)
{
    sts_weights w = {0};
    sts_err unused = {0};
    bool found = !sts_weights_open(&w, dir, &unused) && sts_weights_find(&w, "embeddings");
    sts_weights_done(&w);
    return found;
}

static int put_module(sts_model_dir *d, const char *type, const char *folder, sts_err *err)
{
    sts_dir_module *m = &d->v[d->n++];
    m->type = sts_strdup(type);
    m->folder = sts_strdup(folder);
    return m->type && m->folder ? 0 : sts_fail_memory(err, d->path);
}

static int read_model2vec(sts_model_dir *d, const sts_json_in *in)
{
    const char *type = NULL;
    bool normalize = false;
    if (sts_json_text(in, "model_type", &type)) return -1;
    d->model2vec = type ? !strcmp(type, "model2vec") : has_table(d->path);
    if (!d->model2vec) return 0;
    d->bare = false;
    if (sts_json_bool(in, "normalize", &normalize) ||
        put_module(d, "StaticEmbedding", "", in->err))
        return -1;
    return normalize ? put_module(d, "Normalize", "1_Normalize", in->err) : 0;
}

/* A directory without modules.json: whose layout is it? */
static int read_bare(sts_model_dir *d, sts_err *err)
{
    char *path = sts_dir_file(d->path, "", "config.json", err);
    sts_json *json = NULL;
    int rc = path ? 0 : -1;
    if (!rc && sts_path_taken(path)) rc = (json = sts_config_load(path, err)) ? 0 : -1;
    sts_json_in in = {json, path, STS_MODEL, err};
    if (!rc && json) rc = read_model2vec(d, &in);
    sts_json_free(json);
    sts_free(path);
    return rc;
}

/* Beside the built-in encoder modules.json names a StaticEmbedding that comes near to it, for
 * sentence-transformers (bag_static.h): then the directory is read as if there were none. */
static int prefer_bag(sts_model_dir *d, sts_err *err)
{
    if (d->n != 1 || !*d->v[0].folder || strcmp(d->v[0].type, "StaticEmbedding")) return 0;
    char *path = sts_dir_file(d->path, "", "config.json", err);
    sts_json *json = NULL;
    int rc = path ? 0 : -1;
    if (!rc && sts_path_taken(path)) rc = (json = sts_config_load(path, err)) ? 0 : -1;
    const char *type = sts_json_as_string(sts_json_get(json, "model_type"));
    if (type && !strcmp(type, "bag")) {
        char *at = d->path;
        d->path = NULL;
        sts_model_dir_done(d);
        d->path = at;
        d->bare = true;
    }
    sts_json_free(json);
    sts_free(path);
    return rc;
}

int sts_model_dir_read(sts_model_dir *d, const char *dir, sts_err *err)
{
    *d = (sts_model_dir){0};
    char *found = NULL;
    int there = sts_dir_find(dir, err);
    if (there < 0 || (!there && sts_model_find(dir, &found, err) < 0)) return -1;
    int missing = find_root(d, found ? found : dir, err);
    sts_free(found);
    if (missing) return -1;
    char *path = sts_dir_file(d->path, "", "modules.json", err);
    if (!path) return -1;
    d->bare = !sts_path_taken(path);
    int rc = d->bare ? read_bare(d, err) : read_modules(d, path, err);
    if (!rc) rc = prefer_bag(d, err);
    sts_free(path);
    return rc;
}
