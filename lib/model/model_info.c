/* model_info.c - a model described: modules, tensors, files. */
#include "model/model_info.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "model/bag_static.h"
#include "model/files.h"
#include "model/model.h"
#include "model/model_dir.h"

#include <stdio.h>
#include <string.h>

/* Adds a new object to a list; NULL when memory is out. */
static sts_json *add_object(sts_json *list)
{
    sts_json *o = sts_json_new_object();
    if (o && sts_json_push(list, o)) return o;
    sts_json_free(o);
    return NULL;
}

static bool put(sts_json *o, const char *key, double x) { return sts_json_add_number(o, key, x); }

/* A number, or null for 0, which means that there is no limit. */
static bool put_limit(sts_json *o, const char *key, size_t x)
{
    return x ? put(o, key, (double)x) : sts_json_add_null(o, key) != NULL;
}

static bool put_text(sts_json *o, const char *key, const char *text)
{
    return text ? sts_json_add_string(o, key, text) != NULL : sts_json_add_null(o, key) != NULL;
}

/* ---- the model ---- */

static bool add_head(sts_json *o, const sts_model *m)
{
    return put_text(o, "name", m->name) && put_text(o, "directory", m->dir) &&
           put(o, "dimension", m->dim) && put_limit(o, "max_seq_length", m->max_seq_length) &&
           put(o, "parameters", (double)sts_params_numel(&m->params)) &&
           put_text(o, "tokenizer", m->tokenizer ? sts_tokenizer_kind(m->tokenizer) : "built in") &&
           put_text(o, "prompt", m->prompt[0].text);
}

static bool add_encoder(sts_json *list, const sts_model *m)
{
    sts_json *o = add_object(list);
    const sts_net *net = &m->net;
    return o && put_text(o, "type", "Encoder") &&
           put_text(o, "folder", m->files->n_sets ? m->files->set[0].folder : "") &&
           put_text(o, "architecture", net->encoder->model_type) &&
           put_text(o, "description", net->encoder->help) && put(o, "layers", net->layers) &&
           put(o, "width", net->hidden) && put(o, "vocabulary", net->vocab) &&
           put_limit(o, "positions", (size_t)net->max_positions);
}

static bool add_modules(sts_json *o, const sts_model *m)
{
    sts_json *list = sts_json_add_array(o, "modules");
    bool ok = list && add_encoder(list, m);
    for (size_t i = 0; ok && i < m->n_modules; i++) {
        const sts_module *k = &m->module[i];
        char text[160] = "";
        sts_json *e = add_object(list);
        if (k->type->describe) k->type->describe(k, text);
        ok = e && put_text(e, "type", k->type->type) && put_text(e, "folder", k->path) &&
             put_text(e, "description", text) && put(e, "in", k->in) && put(e, "out", k->out);
    }
    return ok;
}

/* One tensor as the file has it; "carried" are written back but not used. */
static bool add_tensor(sts_json *list, const sts_model *m, const sts_tensor_set *set,
                       const sts_tensor_ref *r)
{
    const sts_param *p = r->param < 0 ? NULL : &m->params.v[r->param];
    sts_json *o = add_object(list), *shape = NULL;
    bool ok = o && put_text(o, "name", r->name) && put_text(o, "folder", set->folder) &&
              put_text(o, "dtype", r->dtype->name) && (shape = sts_json_add_array(o, "shape")) &&
              put_text(o, "role",
                       p         ? "weight"
                       : r->drop ? "dropped"
                                 : "carried");
    for (int i = 0; ok && i < (p ? p->n_dims : r->n_dims); i++)
        ok = sts_json_push(shape, sts_json_new_number((double)(p ? p->shape[i] : r->shape[i])));
    return ok;
}

/* What sentence-transformers reads instead of the built-in encoder. */
static bool add_approximation(sts_json *o, const sts_model *m)
{
    size_t rows = m->static_rows;
    if (!rows) return true;
    sts_json *a = sts_json_add_object(o, "sentence_transformers");
    return a && put_text(a, "folder", STS_BAG_STATIC) && put(a, "rows", (double)rows);
}

static bool add_tensors(sts_json *o, const sts_model *m)
{
    sts_json *list = sts_json_add_array(o, "tensors");
    bool ok = list;
    for (size_t s = 0; s < m->files->n_sets; s++)
        for (size_t i = 0; ok && i < m->files->set[s].n; i++)
            ok = add_tensor(list, m, &m->files->set[s], &m->files->set[s].v[i]);
    return ok;
}

/* ---- its files ---- */

static int add_file(sts_json *list, const char *path, const char *name, sts_err *err)
{
    uint32_t crc;
    uint64_t bytes;
    char hex[16];
    struct stat s;
    if (sts_sys.stat(path, &s)) return sts_fail_errno(err, path, "cannot stat");
    if (!S_ISREG(s.st_mode)) return 0; /* a folder or a device */
    if (sts_file_crc(path, &crc, &bytes, err)) return -1;
    snprintf(hex, sizeof hex, "%08x", (unsigned)crc);
    sts_json *o = add_object(list);
    if (o && put_text(o, "name", name) && put(o, "bytes", (double)bytes) &&
        put_text(o, "crc32", hex))
        return 0;
    return sts_fail_memory(err, "the list of files");
}

static int add_folder(sts_json *list, const char *root, const char *folder, sts_err *err)
{
    char *dir = sts_path_join(root, folder), **names = NULL;
    size_t n = 0;
    if (!dir) return sts_fail_memory(err, root);
    int rc = sts_dir_exists(dir) ? sts_dir_list(dir, &names, &n, err) : 0;
    for (size_t i = 0; i < n && !rc; i++) {
        char *name = *folder ? sts_path_join(folder, names[i]) : sts_strdup(names[i]);
        char *path = sts_path_join(dir, names[i]);
        rc = name && path ? add_file(list, path, name, err) : sts_fail_memory(err, root);
        sts_free(name);
        sts_free(path);
    }
    sts_names_free(names, n);
    sts_free(dir);
    return rc;
}

static int add_files(sts_json *o, const sts_model *m, sts_err *err)
{
    sts_model_dir d;
    sts_json *list = sts_json_add_array(o, "files");
    if (!list) return sts_fail_memory(err, "the list of files");
    int rc = sts_model_dir_read(&d, m->dir, err);
    if (!rc) rc = add_folder(list, d.path, "", err);
    if (!rc && m->static_rows) rc = add_folder(list, d.path, STS_BAG_STATIC, err);
    for (size_t i = 0; i < d.n && !rc; i++)
        if (*d.v[i].folder) rc = add_folder(list, d.path, d.v[i].folder, err);
    sts_model_dir_done(&d);
    return rc;
}

sts_json *sts_model_info(const char *dir, sts_err *err)
{
    sts_model *m = sts_model_load(dir, err);
    if (!m) return NULL;
    sts_json *o = sts_json_new_object();
    int rc = 0;
    if (!o || !put(o, "schema", 1) || !put_text(o, "command", "info") || !add_head(o, m) ||
        !add_modules(o, m) || !add_approximation(o, m) || !add_tensors(o, m))
        rc = sts_fail_memory(err, "the description");
    if (!rc) rc = add_files(o, m, err);
    sts_model_free(m);
    if (!rc) return o;
    sts_json_free(o);
    return NULL;
}
