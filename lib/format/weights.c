/* weights.c - finding a directory's weight files, and reading tensors whatever the format. */
#include "format/weights.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/sys.h"
#include "format/foreign.h"
#include "format/safetensors.h"
#include "format/torch_zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)1 << 16) /* bytes converted at once */

/* ---- the list ---- */

void sts_weights_done(sts_weights *w)
{
    for (size_t i = 0; i < w->n_files; i++) {
        if (w->file[i].fd >= 0) sts_sys.close(w->file[i].fd);
        sts_torch_zip_close(w->file[i].zip);
        sts_free(w->file[i].path);
    }
    sts_free(w->file);
    sts_free(w->v);
    sts_arena_free(&w->arena);
    *w = (sts_weights){0};
}

/* ---- values ---- */

int sts_weights_read_raw(const sts_weights *w, const sts_tensor *t, void *out, sts_err *err)
{
    const sts_weights_file *f = &w->file[t->file];
    if (f->zip) return sts_torch_zip_read(f, t, out, err);
    return sts_safetensors_read(f, t->offset, out, t->bytes, err);
}

/* From a safetensors file in pieces, through a small buffer. */
static int convert(const sts_weights *w, const sts_tensor *t, float *out, sts_err *err)
{
    size_t width = t->dtype->bits / 8, step = PIECE / width;
    unsigned char *buf = sts_realloc(NULL, PIECE, 1);
    if (!buf) return sts_fail_memory(err, t->name);
    int rc = 0;
    for (size_t i = 0; !rc && i < t->count; i += step) {
        size_t n = t->count - i < step ? t->count - i : step;
        rc = sts_safetensors_read(&w->file[t->file], t->offset + i * width, buf, n * width, err);
        if (!rc) t->dtype->to_float(buf, n, out + i);
    }
    sts_free(buf);
    return rc;
}

/* From a zip archive, whose entries are read whole. */
static int convert_whole(const sts_weights *w, const sts_tensor *t, float *out, sts_err *err)
{
    unsigned char *buf = sts_realloc(NULL, t->bytes, 1);
    if (!buf) return sts_fail_memory(err, t->name);
    int rc = sts_weights_read_raw(w, t, buf, err);
    if (!rc) t->dtype->to_float(buf, t->count, out);
    sts_free(buf);
    return rc;
}

int sts_weights_read(const sts_weights *w, const sts_tensor *t, float *out, sts_err *err)
{
    const char *path = w->file[t->file].path;
    if (!t->dtype->to_float)
        return sts_fail(err, STS_MODEL, "%s: tensor %s: dtype %s; a weight must be F32, F16, BF16 "
                        "or F64", path, t->name, t->dtype->name);
    int rc = t->dtype == sts_f32    ? sts_weights_read_raw(w, t, out, err)
             : w->file[t->file].zip ? convert_whole(w, t, out, err)
                                    : convert(w, t, out, err);
    if (rc) return -1;
    size_t bad = sts_not_finite(out, t->count);
    if (bad == t->count) return 0;
    return sts_fail(err, STS_MODEL, "%s: tensor %s: element %zu is %s", path, t->name, bad,
                    out[bad] != out[bad] ? "NaN" : "infinite");
}

/* ---- files ---- */

/* Git leaves a short text in the place of a large file until `git lfs pull` fetches it. */
static int check_pointer(const char *path, sts_err *err)
{
    char head[24] = "";
    int fd = sts_file_open(path, STS_MODEL, err);
    if (fd < 0) return -1;
    ssize_t k = sts_read_all(fd, head, sizeof head - 1);
    sts_sys.close(fd);
    if (k < 0) return sts_fail_errno(err, path, "cannot read");
    if (strncmp(head, "version https://git-lfs", 23)) return 0;
    return sts_fail(err, STS_MODEL, "%s: is a Git LFS pointer, not the weights: fetch them with "
                    "`git lfs pull`", path);
}

int sts_weights_add(sts_weights *w, const char *path, sts_err *err)
{
    size_t n = strlen(path);
    if (check_pointer(path, err)) return -1;
    bool safe = n > 12 && !strcmp(path + n - 12, ".safetensors");
    return safe ? sts_safetensors_open(w, path, err) : sts_torch_zip_open(w, path, err);
}

/* Is it the name of a file in the directory itself? No path from a file may lead outside. */
static bool plain_name(const char *name)
{
    return *name && *name != '.' && strlen(name) < 256 && !strpbrk(name, "/\\:");
}

/* Opens the shard `name` unless it is open; its number, or -1. */
static int shard(sts_weights *w, const char *dir, const char *name, const char *index,
                 sts_err *err)
{
    char *path = sts_path_join(dir, name);
    int found = -1;
    if (!path) return sts_fail_memory(err, index);
    for (size_t i = w->n_files; i-- && found < 0;)
        if (!strcmp(w->file[i].path, path)) found = (int)i;
    if (found < 0 && w->n_files == STS_MAX_SHARDS) {
        sts_fail(err, STS_MODEL, "%s: more than 512 files", index);
    } else if (found < 0 && !sts_file_exists(path)) {
        sts_fail(err, STS_MODEL, "%s: is missing, but %s names it", path, index);
    } else if (found < 0 && !sts_weights_add(w, path, err)) {
        found = (int)w->n_files - 1;
    }
    sts_free(path);
    return found;
}

/* Checks that every tensor of the map is in the file that the map says. */
static int check_map(const sts_weights *w, const sts_json *map, const char *index, sts_err *err)
{
    const sts_json *e;
    sts_json_each(e, map)
    {
        const sts_tensor *t = sts_weights_find(w, e->key);
        const char *path = t ? w->file[t->file].path : NULL, *slash = t ? strrchr(path, '/') : NULL;
        if (!t || strcmp(slash ? slash + 1 : path, e->text))
            return sts_fail(err, STS_MODEL, "%s: tensor %s is not in %s", index, e->key, e->text);
    }
    return 0;
}

static int open_map(sts_weights *w, const char *dir, const sts_json *json, const char *index,
                    sts_err *err)
{
    const sts_json *map = sts_json_get(json, "weight_map"), *e;
    const sts_json *about = sts_json_get(json, "metadata");
    if (about && !sts_json_is_object(about))
        return sts_fail(err, STS_MODEL, "%s: \"metadata\" must be an object", index);
    if (!sts_json_is_object(map) || !map->child)
        return sts_fail(err, STS_MODEL, "%s: \"weight_map\" is missing or empty", index);
    sts_json_each(e, map)
    {
        if (!sts_json_is_string(e) || !plain_name(e->text))
            return sts_fail(err, STS_MODEL, "%s: tensor %s: must name a file of this directory",
                            index, e->key);
        if (shard(w, dir, e->text, index, err) < 0) return -1;
    }
    return sts_weights_sort(w, err) ? -1 : check_map(w, map, index, err);
}

static int open_sharded(sts_weights *w, const char *dir, const char *index, sts_err *err)
{
    sts_json *json = sts_json_load(index, STS_MODEL, err);
    int rc = json ? open_map(w, dir, json, index, err) : -1;
    sts_json_free(json);
    return rc;
}

/* Why there are no weights to read in dir. */
static int no_weights(const char *dir, sts_err *err)
{
    char other[STS_FOREIGN_TEXT];
    if (*sts_foreign_weights(dir, other))
        return sts_fail(err, STS_MODEL, "%s: no weights (model.safetensors or pytorch_model.bin), "
                        "%s", dir, other);
    return sts_fail(err, STS_MODEL, "%s: no weights (model.safetensors or pytorch_model.bin)", dir);
}

/* Is there such a file? 1, or 0, or -1 for what cannot be read: a directory, a link to nowhere (a
 * half-done download). */
static int look_at(const char *path, sts_err *err)
{
    struct stat s;
    if (sts_sys.lstat(path, &s))
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : sts_fail_errno(err, path, "cannot stat");
    return sts_file_exists(path) ? 1
           : sts_fail(err, STS_MODEL, "%s: not a file, or a link to nowhere", path);
}

int sts_weights_open(sts_weights *w, const char *dir, sts_err *err)
{
    static const char *const name[] = {"model.safetensors", "model.safetensors.index.json",
                                       "pytorch_model.bin", "pytorch_model.bin.index.json",
                                       "embeddings.safetensors"}; /* model2vec before 0.4 */
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char *path = sts_path_join(dir, name[i]);
        if (!path) return sts_fail_memory(err, dir);
        int rc = 0, there = look_at(path, err);
        if (there > 0)
            rc = i % 2 ? open_sharded(w, dir, path, err) : sts_weights_add(w, path, err);
        sts_free(path);
        if (there) return there < 0 || rc ? -1 : sts_weights_sort(w, err);
    }
    return no_weights(dir, err);
}
