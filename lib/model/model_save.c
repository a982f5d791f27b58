/* model_save.c - a model out into a directory, in the spelling in which it came. */
#include "core/file.h"
#include "core/mem.h"
#include "model/bag_static.h"
#include "model/files.h"
#include "model/model.h"

#include <string.h>

/* Makes the folder of dir/name. */
static int make_folder(const char *dir, const char *name, sts_err *err)
{
    const char *slash = strrchr(name, '/');
    if (!slash) return 0;
    char *folder = sts_strndup(name, (size_t)(slash - name));
    char *path = folder ? sts_path_join(dir, folder) : NULL;
    int rc = path ? sts_dir_make(path, err) : sts_fail_memory(err, name);
    sts_free(folder);
    sts_free(path);
    return rc;
}

static int write_file(const char *dir, const char *name, const char *bytes, size_t n, mode_t mode,
                      sts_err *err)
{
    char *path = sts_path_join(dir, name);
    if (!path) return sts_fail_memory(err, name);
    int rc = make_folder(dir, name, err);
    if (!rc) rc = sts_file_write_as(path, bytes, n, mode, err);
    sts_free(path);
    return rc;
}

static int write_set(const sts_model *m, const sts_tensor_set *set, const char *dir, sts_err *err)
{
    char *path = *set->folder ? sts_path_join(dir, set->folder) : sts_strdup(dir);
    if (!path) return sts_fail_memory(err, dir);
    int rc = sts_dir_make(path, err);
    if (!rc) rc = sts_set_write(set, &m->params, path, err);
    sts_free(path);
    return rc;
}

static int refuse_outside(const sts_model_files *f, sts_err *err)
{
    if (!f->outside) return 0;
    return sts_fail(err, STS_MODEL, "%s: leads out of the model's directory, and would be copied "
                    "into the trained model; if that is meant, cp -RL MODEL COPY makes a model "
                    "without links to train from", f->outside);
}

int sts_model_copyable(const sts_model *m, sts_err *err)
{
    const sts_model_files *f = m->files;
    if (f->left_out)
        sts_note(STS_WARN, "%s: leads out of the model's directory: not copied", f->left_out);
    if (f->foreign)
        sts_note(STS_WARN,
                 "%s: leads out of the model's directory: the weights are read from there",
                 f->foreign);
    return refuse_outside(f, err);
}

int sts_model_file_names(const sts_model *m, char ***names, size_t *n, sts_err *err)
{
    const sts_model_files *f = m->files;
    size_t sets = f->n_blobs + f->n_sets, all = sets + (m->static_rows > 0);
    *n = 0;
    *names = sts_alloc(all, sizeof **names);
    if (!*names) return sts_fail_memory(err, "file names");
    for (size_t i = 0; i < all; i++) {
        const char *folder = i < f->n_blobs ? ""
                             : i < sets     ? f->set[i - f->n_blobs].folder
                                            : STS_BAG_STATIC;
        const char *name = i < f->n_blobs ? f->blob[i].name : "model.safetensors";
        (*names)[i] = *folder ? sts_path_join(folder, name) : sts_strdup(name);
        if (!(*names)[i]) {
            sts_names_free(*names, *n);
            return sts_fail_memory(err, "file names");
        }
        ++*n;
    }
    return 0;
}

uint64_t sts_model_bytes(const sts_model *m)
{
    return sizeof(float) * ((uint64_t)m->params.count + m->static_rows * (uint64_t)m->dim);
}

int sts_model_save(const sts_model *m, const char *dir, const char *card, sts_err *err)
{
    if (refuse_outside(m->files, err)) return -1;
    for (size_t i = 0; i < m->files->n_blobs; i++) {
        const sts_blob *b = &m->files->blob[i];
        if (card && !strcmp(b->name, "README.md")) continue;
        if (write_file(dir, b->name, b->bytes, b->n, b->mode, err)) return -1;
    }
    if (card && write_file(dir, "README.md", card, strlen(card), 0777, err)) return -1;
    for (size_t i = 0; i < m->files->n_sets; i++)
        if (write_set(m, &m->files->set[i], dir, err)) return -1;
    return sts_bag_static_save(m, dir, err);
}
