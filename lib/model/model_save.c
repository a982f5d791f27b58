/* model_save.c - a model out into a directory, in the spelling in which it came. */
#include "core/file.h"
#include "core/mem.h"
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

static int write_file(const char *dir, const char *name, const char *bytes, size_t n, sts_err *err)
{
    char *path = sts_path_join(dir, name);
    if (!path) return sts_fail_memory(err, name);
    int rc = make_folder(dir, name, err);
    if (!rc) rc = sts_file_write(path, bytes, n, err);
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

int sts_model_save(const sts_model *m, const char *dir, const char *card, sts_err *err)
{
    for (size_t i = 0; i < m->files->n_blobs; i++) {
        const sts_blob *b = &m->files->blob[i];
        if (card && !strcmp(b->name, "README.md")) continue;
        if (write_file(dir, b->name, b->bytes, b->n, err)) return -1;
    }
    if (card && write_file(dir, "README.md", card, strlen(card), err)) return -1;
    for (size_t i = 0; i < m->files->n_sets; i++)
        if (write_set(m, &m->files->set[i], dir, err)) return -1;
    return 0;
}
