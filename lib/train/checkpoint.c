/* checkpoint.c - directories that appear all at once. */
#include "train/checkpoint.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sort.h"
#include "core/sys.h"
#include "model/carry.h"
#include "train/average.h"
#include "train/manifest.h"
#include "train/optimizer_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *sts_checkpoint_path(const char *run, uint64_t step)
{
    char name[48];
    snprintf(name, sizeof name, STS_CHECKPOINT "%llu", (unsigned long long)step);
    return sts_path_join(run, name);
}

/* "RUN/.unfinished-PID" */
static char *scratch_name(const char *run, sts_err *err)
{
    char name[48];
    snprintf(name, sizeof name, STS_UNFINISHED "%ld", (long)getpid());
    char *base = sts_path_join(run, name), *path = base ? sts_path_free(base, err) : NULL;
    if (!base) sts_fail_memory(err, run);
    sts_free(base);
    return path;
}

static int save_file(const char *dir, const char *name,
                     int (*save)(const char *path, const void *what, sts_err *err),
                     const void *what, sts_err *err)
{
    char *path = sts_path_join(dir, name);
    int rc = path ? save(path, what, err) : sts_fail_memory(err, dir);
    sts_free(path);
    return rc;
}

static int save_optimizer(const char *path, const void *a, sts_err *err)
{
    return sts_optimizer_save(path, a, err);
}

typedef struct averaged {
    const sts_params *params;
    const float *mean;
} averaged;

static int save_mean(const char *path, const void *both, sts_err *err)
{
    const averaged *a = both;
    return sts_average_save(path, a->params, a->mean, err);
}

static int save_state(const char *path, const void *state, sts_err *err)
{
    return sts_json_save(state, path, err);
}

/* Where the file system cannot exchange two names: dir becomes old, tmp becomes dir. A rename that
 * failed may still have been done, when only the sync after it failed: whatever is there under dir
 * at the end is whole. */
static int swap(const char *tmp, const char *dir, const char *old, sts_err *err)
{
    if (!sts_rename(dir, old, err) && !sts_rename(tmp, dir, err)) return 0;
    if (!sts_dir_exists(dir)) sts_rename(old, dir, NULL);
    else sts_dir_remove(old, NULL);
    return -1;
}

int sts_checkpoint_unscratch(const char *dir, sts_err *err)
{
    if (!sts_dir_remove(dir, err)) return 0;
    sts_dir_remove(dir, NULL); /* what failed once may not fail twice */
    return -1;
}

/* Puts the finished directory `tmp` in the place of `dir`. */
static int replace_dir(const char *tmp, const char *dir, sts_err *err)
{
    struct stat s;
    if (sts_sys.lstat(dir, &s)) return sts_rename(tmp, dir, err); /* which fails if it is there */
    int exchanged = sts_exchange(tmp, dir, err);
    if (exchanged) return exchanged < 0 ? -1 : sts_checkpoint_unscratch(tmp, err);
    char *base = sts_path_with(tmp, STS_REPLACED, err);
    char *old = base ? sts_path_free(base, err) : NULL;
    sts_free(base);
    if (!old) return -1;
    int rc = swap(tmp, dir, old, err);
    if (!rc) rc = sts_checkpoint_unscratch(old, err);
    sts_free(old);
    return rc;
}

static bool is_among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(names[i], name)) return true;
    return false;
}

/* Checksums of the model's files and of the n_added ones, and of nothing that has come there
 * otherwise. */
static int write_manifest(const char *dir, const sts_model *m, const char *const *added,
                          size_t n_added, sts_err *err)
{
    char **names;
    size_t n, n_all = 0;
    if (sts_model_file_names(m, &names, &n, err)) return -1;
    const char **all = sts_alloc(n + n_added, sizeof *all);
    for (size_t i = 0; i < n && all; i++)
        if (!is_among(added, n_added, names[i])) all[n_all++] = names[i];
    for (size_t i = 0; i < n_added && all; i++) all[n_all++] = added[i];
    int rc = all ? sts_manifest_write(dir, all, n_all, err) : sts_fail_memory(err, dir);
    sts_free(all);
    sts_names_free(names, n);
    return rc;
}

char *sts_checkpoint_scratch(const char *run, const sts_model *m, sts_err *err)
{
    char *tmp = sts_dir_make_at(scratch_name(run, err), err);
    if (!tmp || (!sts_model_save(m, tmp, NULL, err) && !write_manifest(tmp, m, NULL, 0, err)))
        return tmp;
    sts_checkpoint_unscratch(tmp, NULL);
    sts_free(tmp);
    return NULL;
}

/* A file in a checkpoint that stsfit did not write there: by its checksums, or else by name. */
static int find_stray(const char *dir, char **stray, sts_err *err)
{
    sts_json *manifest = sts_manifest_load(dir, NULL);
    int rc = sts_manifest_stray(dir, sts_json_get(manifest, "files"), stray, err);
    sts_json_free(manifest);
    return rc;
}

/* A checkpoint that is saved again may have got a file of the user's meanwhile. */
static int spare_stray(const char *dir, sts_err *err)
{
    char *stray = NULL;
    int rc = sts_dir_exists(dir) ? find_stray(dir, &stray, err) : 0;
    if (stray)
        rc = sts_fail(err, STS_FAILED, "%s: was not written by stsfit, which saves a checkpoint "
                      "there: move it elsewhere, then --resume", stray);
    sts_free(stray);
    return rc;
}

/* The trainer's own files. */
static int save_own(const char *dir, const sts_trainer *t, const sts_json *state, const float *mean,
                    sts_err *err)
{
    const sts_projection *p = &t->projection;
    averaged both = {&t->model->params, mean}, projection = {&p->params, p->params.value};
    int rc = save_file(dir, STS_OPTIMIZER, save_optimizer, &t->adamw, err);
    if (!rc) rc = save_file(dir, STS_STATE, save_state, state, err);
    if (!rc && mean) rc = save_file(dir, STS_AVERAGE, save_mean, &both, err);
    if (rc || !p->value) return rc;
    rc = save_file(dir, STS_PROJECTION, save_mean, &projection, err);
    return rc ? rc : save_file(dir, STS_PROJECTION_OPTIMIZER, save_optimizer, &p->adamw, err);
}

int sts_checkpoint_save(const char *run, const sts_trainer *t, const char *card,
                        const sts_json *state, const float *mean, sts_err *err)
{
    const char *added[6] = {STS_OPTIMIZER, STS_STATE, STS_CARD};
    size_t n = 3;
    if (mean) added[n++] = STS_AVERAGE;
    if (t->projection.value) added[n++] = STS_PROJECTION;
    if (t->projection.value) added[n++] = STS_PROJECTION_OPTIMIZER;
    char *dir = sts_checkpoint_path(run, t->adamw.step);
    char *tmp = sts_dir_make_at(scratch_name(run, err), err);
    int rc = dir && tmp ? 0 : tmp ? sts_fail_memory(err, run) : -1;
    if (!rc) rc = sts_model_save(t->model, tmp, card, err);
    if (!rc) rc = save_own(tmp, t, state, mean, err);
    if (!rc) rc = write_manifest(tmp, t->model, added, n, err);
    if (!rc) rc = sts_dir_sync(tmp, err);
    if (!rc) rc = spare_stray(dir, err);
    if (!rc) rc = replace_dir(tmp, dir, err);
    if (rc && tmp) sts_dir_remove(tmp, NULL);
    sts_free(dir);
    sts_free(tmp);
    return rc;
}

/* Whether trainer.json in dir is stsfit's: 1, 0, or -1. */
static int has_state(const char *dir, sts_err *err)
{
    sts_err why = {0};
    char *path = sts_path_join(dir, STS_STATE);
    int there = path ? sts_file_find(path, err) : sts_fail_memory(err, dir);
    sts_json *state = there > 0 ? sts_json_load(path, STS_MODEL, &why) : NULL;
    if (there > 0 && !state && why.code != STS_MODEL)
        there = sts_fail(err, why.code, "%s", why.text);
    if (there > 0) there = sts_json_is_object(sts_json_get(state, "settings"));
    sts_json_free(state);
    sts_free(path);
    return there;
}

/* Whether a directory is a checkpoint of stsfit, be it damaged: by its checksums, or else by the
 * trainer's state. 1, 0, or -1 where that cannot be found out. */
static int is_ours(const char *dir, sts_err *err)
{
    sts_err why = {0};
    if (!sts_dir_exists(dir)) return 0;
    sts_json *manifest = sts_manifest_load(dir, &why);
    const sts_json *files = sts_json_get(manifest, "files");
    bool listed = sts_json_get(files, STS_STATE) && sts_json_get(files, STS_OPTIMIZER);
    sts_json_free(manifest);
    if (!manifest && why.code != STS_MODEL) return sts_fail(err, why.code, "%s", why.text);
    return listed ? 1 : has_state(dir, err);
}

/* An empty directory of that name is in nobody's way. */
static bool is_empty(const char *dir)
{
    char **names;
    size_t n;
    if (sts_dir_list(dir, &names, &n, NULL)) return false;
    sts_names_free(names, n);
    return !n;
}

/* Whether run/checkpoint-N is a checkpoint of stsfit, or holds what is not: 1, 0, or -1. */
static int is_wanted(const char *path, bool ours, sts_err *err)
{
    char *stray = NULL;
    int own = is_ours(path, err);
    if (own < 0 || ours) return own;
    if (!own) return !is_empty(path);
    int rc = find_stray(path, &stray, err) ? -1 : stray != NULL;
    sts_free(stray);
    return rc;
}

/* Adds the step of run/name if that is a checkpoint's name, of stsfit's or of something else. */
static int add_step(const char *run, const char *name, bool ours, uint64_t *steps, size_t *n,
                    sts_err *err)
{
    uint64_t step = sts_checkpoint_step(name);
    char *path = step ? sts_checkpoint_path(run, step) : NULL;
    if (step && !path) return sts_fail_memory(err, run);
    int wanted = path ? is_wanted(path, ours, err) : 0;
    if (wanted > 0) steps[(*n)++] = step;
    sts_free(path);
    return wanted < 0 ? -1 : 0;
}

static int list_steps(const char *run, bool ours, uint64_t **steps, size_t *n, sts_err *err)
{
    char **names;
    size_t all;
    *steps = NULL;
    *n = 0;
    if (sts_dir_list(run, &names, &all, err)) return -1;
    *steps = sts_alloc(all, sizeof **steps);
    int rc = *steps ? 0 : sts_fail_memory(err, run);
    for (size_t i = 0; i < all && !rc; i++) rc = add_step(run, names[i], ours, *steps, n, err);
    sts_names_free(names, all);
    if (!rc) {
        sts_sort_u64(*steps, *n);
        return 0;
    }
    sts_free(*steps);
    *steps = NULL;
    *n = 0;
    return -1;
}

int sts_checkpoint_list(const char *run, uint64_t **steps, size_t *n, sts_err *err)
{
    return list_steps(run, true, steps, n, err);
}

int sts_checkpoint_list_foreign(const char *run, uint64_t **steps, size_t *n, sts_err *err)
{
    return list_steps(run, false, steps, n, err);
}

int sts_checkpoint_check(const char *dir, sts_err *err)
{
    static const char *const needed[] = {STS_OPTIMIZER, STS_STATE, "model.safetensors"};
    return sts_manifest_check(dir, needed, sizeof needed / sizeof *needed, err);
}

int sts_checkpoint_load_optimizer(const char *dir, sts_adamw *a, sts_err *err)
{
    char *path = sts_path_join(dir, STS_OPTIMIZER);
    int rc = path ? sts_optimizer_load(path, a, err) : sts_fail_memory(err, dir);
    sts_free(path);
    return rc;
}

static int load_file(const char *dir, const char *name, sts_projection *p, sts_err *err)
{
    char *path = sts_path_join(dir, name);
    int rc = path ? 0 : sts_fail_memory(err, dir);
    bool moments = !strcmp(name, STS_PROJECTION_OPTIMIZER);
    if (!rc) rc = moments ? sts_optimizer_load(path, &p->adamw, err)
                          : sts_average_load(path, &p->params, p->params.value, err);
    sts_free(path);
    return rc;
}

int sts_checkpoint_load_projection(const char *dir, sts_projection *p, sts_err *err)
{
    if (!p->value) return 0;
    if (load_file(dir, STS_PROJECTION, p, err)) return -1;
    return load_file(dir, STS_PROJECTION_OPTIMIZER, p, err);
}

int sts_checkpoint_load_mean(const char *dir, const sts_params *p, float *mean, sts_err *err)
{
    char *path = sts_path_join(dir, STS_AVERAGE);
    int rc = path ? sts_average_load(path, p, mean, err) : sts_fail_memory(err, dir);
    sts_free(path);
    return rc;
}

/* Takes a checkpoint its name first: none is ever seen half removed. */
static int remove_checkpoint(const char *run, const char *dir, sts_err *err)
{
    char *tmp = scratch_name(run, err);
    int rc = tmp ? sts_rename(dir, tmp, err) : -1;
    if (tmp && sts_checkpoint_unscratch(tmp, rc ? NULL : err)) rc = -1;
    sts_free(tmp);
    return rc;
}

int sts_checkpoint_drop(const char *run, uint64_t step, sts_err *err)
{
    char *dir = sts_checkpoint_path(run, step), *stray = NULL;
    int rc = dir ? find_stray(dir, &stray, err) : sts_fail_memory(err, run);
    if (stray) sts_note(STS_WARN, "%s: was not written by stsfit: the checkpoint stays", stray);
    else if (!rc) rc = remove_checkpoint(run, dir, err);
    sts_free(stray);
    sts_free(dir);
    return rc;
}

int sts_checkpoint_rotate(const char *run, uint64_t last, size_t limit, const uint64_t *keep,
                          size_t n_keep, sts_err *err)
{
    uint64_t *steps;
    size_t n;
    if (sts_checkpoint_list(run, &steps, &n, err)) return -1;
    int rc = 0;
    while (n && steps[n - 1] > last) n--;
    for (size_t i = 0; i + limit < n && !rc; i++) {
        bool kept = false;
        for (size_t k = 0; k < n_keep; k++) kept |= steps[i] == keep[k];
        if (!kept) rc = sts_checkpoint_drop(run, steps[i], err);
    }
    sts_free(steps);
    return rc;
}

/* The model that was to be replaced when the process ended, before the new one had its name. */
static int restore_model(const char *run, const char *old, bool *restored, sts_err *err)
{
    struct stat s;
    char *dir = sts_path_join(run, STS_KEPT);
    *restored = dir && !is_empty(old) && sts_sys.lstat(dir, &s) && errno == ENOENT;
    int rc = !dir ? sts_fail_memory(err, run) : *restored ? sts_rename(old, dir, err) : 0;
    sts_free(dir);
    return rc;
}

/* Removes what an interrupted save left, and nothing that has come into it otherwise. */
static int sweep_dir(const char *run, const char *name, const char *path, sts_err *err)
{
    char *stray;
    bool restored = false;
    int rc = sts_manifest_stray(path, NULL, &stray, err);
    bool is_model = !strncmp(name, STS_PUBLISHING, strlen(STS_PUBLISHING)) &&
                    strstr(name, STS_REPLACED);
    if (!rc && !stray && is_model) rc = restore_model(run, path, &restored, err);
    if (!rc && !stray && !restored) rc = sts_dir_remove(path, err);
    sts_free(stray);
    return rc;
}

static int sweep_name(const char *run, const char *name, sts_err *err)
{
    struct stat s;
    bool is_dir = sts_run_dir_is_temporary(name);
    if (!is_dir && !sts_run_dir_is_temporary_file(name)) return 0;
    char *path = sts_path_join(run, name);
    if (!path) return sts_fail_memory(err, run);
    int rc = sts_sys.lstat(path, &s) ? sts_fail_errno(err, path, "cannot stat") : 0;
    if (!rc && is_dir && S_ISDIR(s.st_mode)) rc = sweep_dir(run, name, path, err);
    if (!rc && !is_dir && S_ISREG(s.st_mode)) rc = sts_dir_remove(path, err);
    sts_free(path);
    return rc;
}

int sts_checkpoint_sweep(const char *run, sts_err *err)
{
    char **names;
    size_t n;
    if (sts_dir_list(run, &names, &n, err)) return -1;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) rc = sweep_name(run, names[i], err);
    sts_names_free(names, n);
    return rc;
}

/* Copies the file a of the directory `from` to b, if it is the directory's own. */
static int copy_own(const char *from, const char *a, const char *b, sts_err *err)
{
    int in = sts_file_open(a, STS_MODEL, err);
    int inside = in < 0 ? -1 : sts_carry_inside(from, a, in, err);
    if (inside > 0) return sts_file_copy_open(in, a, b, err);
    if (in >= 0) sts_sys.close(in);
    return inside < 0 ? -1 : sts_fail(err, STS_MODEL, "%s: leads out of its checkpoint: not copied "
                                      "into the model; put the file itself there", a);
}

/* A file `name`, which may be in a directory below `from`, to the same place below `to`. */
static int copy_file(const char *from, const char *to, const char *name, sts_err *err)
{
    char *a = sts_path_join(from, name), *b = sts_path_join(to, name);
    char *slash = b ? strrchr(b, '/') : NULL;
    int rc = a && slash ? 0 : sts_fail_memory(err, to);
    if (!rc) {
        *slash = 0;
        rc = sts_dir_make(b, err);
        *slash = '/';
    }
    if (!rc) rc = copy_own(from, a, b, err);
    sts_free(a);
    sts_free(b);
    return rc;
}

/* What the checksums do not list is not part of the checkpoint; what no model has, or the trainer
 * keeps for itself, is not part of the model. */
static int copy_files(const char *from, const char *to, sts_err *err)
{
    sts_json *manifest = sts_manifest_load(from, err);
    const sts_json *files = manifest ? sts_json_get(manifest, "files") : NULL;
    int rc = manifest ? sts_dir_make(to, err) : -1;
    for (const sts_json *f = files ? files->child : NULL; f && !rc; f = f->next)
        if (sts_carry_known(f->key)) rc = copy_file(from, to, f->key, err);
    sts_json_free(manifest);
    return rc;
}

char *sts_checkpoint_stage(const char *from, const char *dir, sts_err *err)
{
    char *base = sts_path_with(dir, ".unfinished", err);
    char *tmp = base ? sts_dir_make_at(sts_path_free(base, err), err) : NULL;
    sts_free(base);
    if (!tmp || !copy_files(from, tmp, err)) return tmp;
    sts_checkpoint_unscratch(tmp, NULL);
    sts_free(tmp);
    return NULL;
}

int sts_checkpoint_publish(const char *staged, const char *dir, sts_err *err)
{
    return sts_dir_sync(staged, err) ? -1 : replace_dir(staged, dir, err);
}
