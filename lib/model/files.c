/* files.c - the small files of a model directory, kept in memory: a run may last longer than the
 * directory that it started from. */
#include "model/files.h"

#include "core/file.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/sys.h"
#include "model/carry.h"

#include <errno.h>
#include <string.h>

#define ALL ((size_t)256 << 20)    /* ... and of all of them */

static void set_free(sts_tensor_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        sts_free(set->v[i].name);
        sts_free(set->v[i].bytes);
    }
    sts_free(set->v);
    sts_free(set->folder);
    sts_weights_done(&set->weights);
}

void sts_model_files_free(sts_model_files *f)
{
    if (!f) return;
    for (size_t i = 0; i < f->n_blobs; i++) {
        sts_free(f->blob[i].name);
        sts_free(f->blob[i].bytes);
    }
    for (size_t i = 0; i < f->n_sets; i++) set_free(&f->set[i]);
    sts_free(f->blob);
    sts_free(f->set);
    sts_free(f->length_file);
    sts_free(f->outside);
    sts_free(f->left_out);
    sts_free(f->foreign);
    sts_free(f);
}

/* ---- small files ---- */

static sts_blob *find(const sts_model_files *f, const char *name)
{
    for (size_t i = 0; i < f->n_blobs; i++)
        if (!strcmp(f->blob[i].name, name)) return &f->blob[i];
    return NULL;
}

const sts_blob *sts_files_get(const sts_model_files *f, const char *name)
{
    return find(f, name);
}

/* As sts_files_put, but takes the bytes over (and frees them on failure). */
static int take(sts_model_files *f, const char *name, char *bytes, size_t n, sts_err *err)
{
    sts_blob *b = find(f, name);
    if (b) {
        sts_free(b->bytes);
    } else {
        char *copy = sts_strdup(name);
        if (!copy || sts_grow(&f->blob, f->n_blobs, &f->cap_blobs, sizeof *f->blob)) {
            sts_free(copy);
            sts_free(bytes);
            return sts_fail_memory(err, name);
        }
        b = &f->blob[f->n_blobs++];
        *b = (sts_blob){.name = copy, .mode = 0777};
    }
    b->bytes = bytes;
    b->n = n;
    return 0;
}

void sts_files_remove(sts_model_files *f, const char *name)
{
    sts_blob *b = find(f, name);
    if (!b) return;
    sts_free(b->name);
    sts_free(b->bytes);
    *b = f->blob[--f->n_blobs];
}

int sts_files_put(sts_model_files *f, const char *name, const char *bytes, size_t n, sts_err *err)
{
    char *copy = sts_strndup(bytes, n);
    return copy ? take(f, name, copy, n, err) : sts_fail_memory(err, name);
}

int sts_files_put_json(sts_model_files *f, const char *name, const sts_json *json, sts_err *err)
{
    char *text = sts_json_pretty(json);
    return text ? take(f, name, text, strlen(text), err) : sts_fail_memory(err, name);
}

/* Reads the open file fd, `path`, as `name`; what is too large is left out with a warning. */
static int read_in(sts_model_files *f, const char *name, const char *path, int fd,
                   const struct stat *s, sts_err *err)
{
    size_t total = 0, n = 0, size = (size_t)s->st_size;
    for (size_t i = 0; i < f->n_blobs; i++) total += f->blob[i].n;
    if (size > STS_KEPT_FILE || total + size > ALL) {
        sts_note(STS_WARN, "%s: is too large: it is not copied to the trained model",
                 path);
        sts_sys.close(fd);
        return 0;
    }
    char *bytes = sts_file_read_open(fd, path, STS_KEPT_FILE, STS_MODEL, &n, err);
    if (!bytes || take(f, name, bytes, n, err)) return -1;
    find(f, name)->mode = s->st_mode;
    return 0;
}

/* Keeps the first path of its kind. */
static int remember(char **kept, const char *path, sts_err *err)
{
    if (!*kept) *kept = sts_strdup(path);
    return *kept ? 0 : sts_fail_memory(err, path);
}

/* A file that is there, regular or a link to one. */
static int collect_file(sts_model_files *f, const char *dir, const char *name, const char *path,
                        char **outside, sts_err *err)
{
    struct stat s;
    int fd = sts_file_open(path, STS_MODEL, err);
    if (fd < 0) return -1;
    int inside = sts_carry_inside(dir, path, fd, err);
    if (inside >= 0 && sts_sys.fstat(fd, &s)) inside = sts_fail_errno(err, path, "cannot stat");
    if (inside > 0) return read_in(f, name, path, fd, &s, err);
    sts_sys.close(fd);
    return inside < 0 ? -1 : remember(outside, path, err);
}

/* What only people read may also be something else than a file, which is passed over. */
static bool is_wanted(const char *path, bool people)
{
    if (!people || sts_file_size(path) >= 0) return sts_path_taken(path);
    return errno && errno != ENOENT && errno != ENOTDIR && errno != ELOOP;
}

int sts_files_collect(sts_model_files *f, const char *dir, const char *folder, unsigned at,
                      sts_err *err)
{
    size_t n;
    const sts_carried *all = sts_carried_all(&n);
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        if (!(all[i].at & at)) continue;
        char *name = *folder ? sts_path_join(folder, all[i].name) : sts_strdup(all[i].name);
        char *path = name ? sts_path_join(dir, name) : NULL;
        bool people = all[i].at & STS_FOR_PEOPLE;
        char **outside = people ? &f->left_out : &f->outside;
        if (!path) rc = sts_fail_memory(err, all[i].name);
        else if (is_wanted(path, people)) rc = collect_file(f, dir, name, path, outside, err);
        sts_free(name);
        sts_free(path);
    }
    return rc;
}

/* Replaces (or, with `add`, adds) a member of the object in blob `name`. */
static int edit(sts_model_files *f, const char *name, const char *key, sts_json *value, bool add,
                sts_err *err)
{
    const sts_blob *b = find(f, name);
    sts_json *json =
        b ? sts_json_parse(b->bytes, b->n, name, STS_MODEL, err) : sts_json_new_object();
    int rc = json && value ? 0 : b && !json ? -1 : sts_fail_memory(err, name);
    bool there = json && sts_json_get(json, key);
    if (!rc && (there || add)) {
        bool ok = there ? sts_json_replace(json, key, value) : sts_json_add(json, key, value);
        rc = ok ? sts_files_put_json(f, name, json, err) : sts_fail_memory(err, name);
        if (ok) value = NULL;
    }
    sts_json_free(value);
    sts_json_free(json);
    return rc;
}

/* What a config.json says of numbers that are not float32, and of tokens that share rows. */
static int edit_config(sts_model_files *f, const char *name, sts_json *json, sts_err *err)
{
    static const char *const key[] = {"torch_dtype", "dtype", "embedding_dtype"};
    bool shared = sts_json_get(json, "vocabulary_quantization"), changed = shared;
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        const sts_json *v = sts_json_get(json, key[i]);
        if (!sts_json_is_string(v) || !strcmp(v->text, "float32")) continue;
        sts_json *now = sts_json_new_string("float32");
        changed = sts_json_replace(json, key[i], now);
        if (!changed) return sts_fail_memory(err, name);
    }
    if (shared) sts_json_remove(json, "vocabulary_quantization");
    return changed ? sts_files_put_json(f, name, json, err) : 0;
}

int sts_files_float32(sts_model_files *f, const char *folder, sts_err *err)
{
    char *name = *folder ? sts_path_join(folder, "config.json") : sts_strdup("config.json");
    if (!name) return sts_fail_memory(err, folder);
    const sts_blob *b = find(f, name);
    sts_json *json = b ? sts_json_parse(b->bytes, b->n, name, STS_MODEL, err) : NULL;
    int rc = !b ? 0 : json ? edit_config(f, name, json, err) : -1;
    sts_json_free(json);
    sts_free(name);
    return rc;
}

int sts_files_set_length(sts_model_files *f, size_t n, sts_err *err)
{
    if (!f->length_file) return 0;
    return edit(f, f->length_file, "max_seq_length", sts_json_new_number((double)n), true, err);
}

/* ---- sets of tensors ---- */

static sts_tensor_set *new_set(sts_model_files *f, const char *folder, sts_err *err)
{
    char *copy = sts_strdup(folder);
    if (!copy || sts_grow(&f->set, f->n_sets, &f->cap_sets, sizeof *f->set)) {
        sts_free(copy);
        sts_fail_memory(err, folder);
        return NULL;
    }
    f->set[f->n_sets] = (sts_tensor_set){.folder = copy, .mode = 0777};
    return &f->set[f->n_sets++];
}

/* Where the weights are, and who may read them. */
static int place_weights(sts_model_files *f, sts_tensor_set *set, const char *dir, sts_err *err)
{
    for (size_t i = 0; i < set->weights.n_files; i++) {
        const char *path = set->weights.file[i].path;
        struct stat s;
        int fd = sts_file_open(path, STS_MODEL, err);
        int inside = fd < 0 ? -1 : sts_carry_inside(dir, path, fd, err);
        if (inside >= 0 && sts_sys.fstat(fd, &s)) inside = sts_fail_errno(err, path, "cannot stat");
        if (fd >= 0) sts_sys.close(fd);
        if (inside < 0) return -1;
        set->mode &= s.st_mode;
        if (!inside && remember(&f->foreign, path, err)) return -1;
    }
    return 0;
}

sts_tensor_set *sts_files_add_set(sts_model_files *f, const char *dir, const char *folder,
                                  sts_err *err)
{
    sts_tensor_set *set = new_set(f, folder, err);
    char *path = !set ? NULL : *folder ? sts_path_join(dir, folder) : sts_strdup(dir);
    if (set && !path) sts_fail_memory(err, dir);
    int rc = path ? sts_weights_open(&set->weights, path, err) : -1;
    if (!rc) rc = place_weights(f, set, dir, err);
    sts_free(path);
    return rc ? NULL : set;
}

int sts_files_new_set(sts_model_files *f, const sts_params *params, sts_err *err)
{
    sts_tensor_set *set = new_set(f, "", err);
    if (!set) return -1;
    set->end = params->n;
    set->v = sts_alloc(params->n, sizeof *set->v);
    if (!set->v) return sts_fail_memory(err, "the list of tensors");
    for (size_t i = 0; i < params->n; i++) {
        sts_tensor_ref *r = &set->v[set->n];
        r->name = sts_strdup(params->v[i].name);
        if (!r->name) return sts_fail_memory(err, params->v[i].name);
        r->param = (int)i;
        r->dtype = sts_f32;
        set->n++;
    }
    return 0;
}

int sts_files_put_matrix(sts_model_files *f, const char *folder, const char *name, size_t rows,
                         size_t cols, const float *v, sts_err *err)
{
    sts_tensor_set *set = new_set(f, folder, err);
    if (!set) return -1;
    set->v = sts_alloc(1, sizeof *set->v);
    if (!set->v) return sts_fail_memory(err, name);
    set->n = 1;
    *set->v = (sts_tensor_ref){.param = -1, .dtype = sts_f32, .n_dims = 2, .shape = {rows, cols}};
    set->v->n_bytes = rows * cols * sizeof *v;
    set->v->name = sts_strdup(name);
    set->v->bytes = sts_alloc(rows * cols, sizeof *v);
    if (!set->v->name || !set->v->bytes) return sts_fail_memory(err, name);
    memcpy(set->v->bytes, v, set->v->n_bytes);
    return 0;
}
