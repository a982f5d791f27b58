/* run_claim.c - the run directory: whose it is, what stays of an earlier run, the first files. */
#include "train/run.h"

#include "core/comm.h"
#include "core/disk.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "model/carry.h"
#include "train/checkpoint.h"
#include "train/manifest.h"
#include "train/trial_dir.h"
#include "model/decision.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* ---- a directory that is not a run: nothing in it is replaced ---- */

/* What a run would replace, or what makes the directory a model. */
static bool in_the_way(const char *name)
{
    static const char *const model[] = {STS_KEPT,           "modules.json", "model.safetensors",
                                        "pytorch_model.bin", STS_MANIFEST,  STS_STATE};
    for (size_t i = 0; i < sizeof model / sizeof *model; i++)
        if (!strcmp(name, model[i])) return true;
    return (sts_run_dir_has_file(name) && strcmp(name, STS_LOCK)) || sts_checkpoint_step(name);
}

int sts_run_spare_foreign(const char *dir, sts_err *err)
{
    char **names;
    size_t n, i = 0;
    if (sts_dir_list(dir, &names, &n, err)) return -1;
    while (i < n && !in_the_way(names[i])) i++;
    if (i < n)
        sts_fail(err, STS_USAGE, "%s: holds %s, but is not a run of stsfit: give another -o; to "
                 "train a model in it further: -m %s -o OTHER", dir, names[i], dir);
    sts_names_free(names, n);
    return i < n ? -1 : 0;
}

/* ---- model/, which is replaced at the end: only what stsfit wrote may be in it ---- */

static int spare_stray(const char *dir, const sts_json *files, sts_err *err)
{
    char *stray;
    int rc = sts_manifest_stray(dir, files, &stray, err);
    if (stray)
        rc = sts_fail(err, STS_USAGE, "%s: was not written by stsfit, which would replace the "
                      "directory: move it elsewhere, or give another -o", stray);
    sts_free(stray);
    return rc;
}

int sts_run_spare_model_in(const char *dir, const sts_json *files, sts_err *err)
{
    struct stat s;
    char *path = sts_path_join(dir, STS_KEPT);
    if (!path) return sts_fail_memory(err, dir);
    int rc = 0;
    bool there = !sts_sys.lstat(path, &s);
    if (!there && errno != ENOENT) rc = sts_fail_errno(err, path, "cannot stat");
    else if (there && S_ISDIR(s.st_mode)) rc = spare_stray(path, files, err);
    else if (there && !S_ISLNK(s.st_mode))
        rc = sts_fail(err, STS_USAGE, "%s: is not a directory: move it elsewhere", path);
    sts_free(path);
    return rc;
}

int sts_run_spare_model(const sts_run *r, sts_err *err)
{
    return sts_run_spare_model_in(r->dir, r->files, err);
}

int sts_run_add_files(sts_run *r, const char *checkpoint, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *manifest = sts_manifest_load(checkpoint, err);
    if (!manifest) return -1;
    const sts_json *files = sts_json_get(manifest, "files");
    for (const sts_json *f = files->child; f; f = f->next)
        if (sts_carry_known(f->key) && !sts_json_get(r->files, f->key) && strcmp(f->key, STS_CARD))
            sts_json_put(r->files, f->key, sts_json_copy(f));
    sts_json_free(manifest);
    if (!sts_json_get(r->files, STS_CARD)) sts_json_add_object(r->files, STS_CARD);
    if (sts_decision_any(&r->decision) && !sts_json_get(r->files, STS_DECISION))
        sts_json_add_object(r->files, STS_DECISION);
    return sts_json_denied() == since ? 0 : sts_fail_memory(err, checkpoint);
}

/* What model/ holds where the report does not say: what the checkpoints that are whole hold. */
static int guess_files(sts_run *r, sts_err *err)
{
    uint64_t *steps;
    size_t n;
    if (sts_checkpoint_list(r->dir, &steps, &n, err)) return -1;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        sts_err why = {0};
        char *path = sts_checkpoint_path(r->dir, steps[i]);
        if (!path) rc = sts_fail_memory(err, r->dir);
        else if (sts_run_add_files(r, path, &why) && why.code != STS_MODEL)
            rc = sts_fail(err, why.code, "%s", why.text);
        sts_free(path);
    }
    sts_free(steps);
    return rc;
}

static int recall_files(sts_run *r, sts_err *err)
{
    const sts_json *files = sts_json_get(sts_json_get(r->earlier, "model"), "files");
    bool known = sts_json_is_object(files);
    sts_json_free(r->files);
    r->files = known ? sts_json_copy(files) : sts_json_new_object();
    if (!r->files) return sts_fail_memory(err, r->dir);
    return known ? 0 : guess_files(r, err);
}

/* ---- an earlier run ---- */

/* Whether the model `from` is a checkpoint that --overwrite would remove. */
static int spare_model(const sts_run *r, const char *from, const char *what, sts_err *err)
{
    struct stat model, checkpoint;
    uint64_t *steps;
    size_t n;
    if (!from || sts_sys.stat(from, &model)) return 0;
    if (sts_checkpoint_list(r->dir, &steps, &n, err)) return -1;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        char *path = sts_checkpoint_path(r->dir, steps[i]);
        bool there = path && !sts_sys.stat(path, &checkpoint);
        if (!path) rc = sts_fail_memory(err, r->dir);
        else if (there && checkpoint.st_dev == model.st_dev && checkpoint.st_ino == model.st_ino)
            rc = sts_fail(err, STS_USAGE, "%s: --overwrite would remove %s: give another -o", path,
                          what);
        sts_free(path);
    }
    sts_free(steps);
    return rc;
}

static int spare_origin(const sts_run *r, sts_err *err)
{
    if (spare_model(r, r->o->model, "the model that training starts from", err)) return -1;
    return spare_model(r, r->o->teacher, "the teacher", err);
}

static const char *status_of(const sts_json *report)
{
    const char *status = sts_json_as_string(sts_json_get(report, "status"));
    return status ? status : "unknown";
}

static bool is_finished(const sts_json *report)
{
    const char *status = status_of(report);
    return strcmp(status, "running") && strcmp(status, "failed");
}

/* Whose the directory is, and whether the run may use it. Nothing is changed. */
static int decide(sts_run *r, sts_err *err)
{
    const sts_train_options *o = r->o;
    sts_json_free(r->earlier);
    r->earlier = NULL;
    if (!sts_dir_exists(r->dir)) return 0;
    int ours = sts_run_dir_read(r->dir, &r->earlier, err);
    if (ours <= 0) return ours < 0 ? -1 : sts_run_spare_foreign(r->dir, err);
    if (!o->resume && !o->overwrite)
        return sts_fail(err, STS_USAGE, "%s: holds an earlier run (%s): continue it with --resume, "
                        "replace it with --overwrite, or give another -o; to train its model "
                        "further: -m %s -o OTHER", r->dir, status_of(r->earlier), r->dir);
    if (recall_files(r, err) || sts_run_spare_model(r, err)) return -1;
    return o->resume ? 0 : spare_origin(r, err);
}

/* ---- where to continue ---- */

/* A run that has ended, or that has checkpoints, none of them whole, is not started over: what
 * it has come to would be lost. */
static int start_over(const sts_run *r, size_t damaged, sts_err *err)
{
    if (damaged)
        return sts_fail(err, STS_MODEL, "%s: no checkpoint is whole: nothing to resume from; to "
                        "start again: -o OTHER, or --overwrite", r->dir);
    if (is_finished(r->earlier))
        return sts_fail(err, STS_USAGE, "%s: the run has ended (%s) and its checkpoints are gone: "
                        "nothing to resume from; to train its model further: -m %s -o OTHER",
                        r->dir, status_of(r->earlier), r->dir);
    sts_note(STS_WARN, "%s: no checkpoint yet: starting at the first step", r->dir);
    return 0;
}

/* The newest checkpoint that is whole; a damaged one is named, and the one before is tried. One
 * that could not be read says nothing about what is in it: that is an error. */
static int newest_checkpoint(const sts_run *r, char **from, sts_err *err)
{
    uint64_t *steps;
    size_t n;
    *from = NULL;
    if (sts_checkpoint_list(r->dir, &steps, &n, err)) return -1;
    int rc = 0;
    for (size_t i = n; i-- && !*from && !rc;) {
        sts_err why = {0};
        char *path = sts_checkpoint_path(r->dir, steps[i]);
        if (!path) rc = sts_fail_memory(err, r->dir);
        else if (!sts_checkpoint_check(path, &why)) *from = path;
        else if (why.code == STS_MODEL)
            sts_note(STS_WARN, "%s; going back to the checkpoint before it", why.text);
        else rc = sts_fail(err, why.code, "%s", why.text);
        if (!*from) sts_free(path);
    }
    sts_free(steps);
    return rc || *from ? rc : start_over(r, n, err);
}

/* ---- taking it ---- */

static int open_lock(const char *path)
{
    sts_place p;
    if (sts_place_open(&p, path)) return -1;
    int fd = sts_place_file(&p, O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
    sts_place_close(&p);
    return fd;
}

int sts_run_lock(const char *dir, int *held, sts_err *err)
{
    struct stat s;
    char *path = sts_path_join(dir, STS_LOCK);
    if (!path) return sts_fail_memory(err, dir);
    bool other = !sts_sys.lstat(path, &s) && !S_ISREG(s.st_mode);
    int fd = other ? -1 : open_lock(path), rc = 0;
    if (other) rc = sts_fail(err, STS_FAILED, "%s: is not a regular file: remove it", path);
    else if (fd < 0) rc = sts_fail_errno(err, path, "cannot open");
    else if (sts_sys.lock(fd))
        rc = errno == EACCES || errno == EAGAIN
                 ? sts_fail(err, STS_FAILED, "%s: another process is training here", dir)
                 : sts_fail_errno(err, path, "cannot lock");
    if (!rc) *held = fd;
    else if (fd >= 0) sts_close(fd);
    sts_free(path);
    return rc;
}

/* The command line that the run was begun with. */
static int keep_command_line(sts_run *r, sts_err *err)
{
    const char *line = sts_json_as_string(sts_json_get(r->earlier, "command_line"));
    if (!line || !*line) return 0;
    r->command_line = sts_strdup(line);
    if (!r->command_line) return sts_fail_memory(err, r->dir);
    sts_name_decode(r->command_line);
    return 0;
}

/* Another process may have used the directory before it was locked: hence twice. */
static int claim(sts_run *r, char **from, sts_err *err)
{
    if (decide(r, err) || sts_dir_make(r->dir, err)) return -1;
    r->hold = sts_hold_open(r->dir, err);
    if (!r->hold || sts_run_lock(r->dir, &r->lock, err) || decide(r, err)) return -1;
    if (!r->earlier || !r->o->resume) return 0;
    if (newest_checkpoint(r, from, err)) return -1;
    return *from ? keep_command_line(r, err) : 0;
}

int sts_run_open(sts_run *r, char **from, sts_err *err)
{
    *from = NULL;
    r->dir = sts_strdup(r->trial ? r->trial->dir : r->o->output);
    if (!r->dir) return sts_fail_memory(err, "the run");
    if (r->o->dry_run) return 0;
    if (!sts_comm_rank()) { /* the only one that writes */
        r->made_dir = !sts_dir_exists(r->dir);
        if (claim(r, from, err)) return -1;
    }
    return sts_run_share_text(from, err);
}

void sts_run_abandon(sts_run *r)
{
    bool made = r->dir && r->made_dir && r->lock >= 0;
    char *path = made ? sts_path_join(r->dir, STS_LOCK) : NULL;
    if (path) sts_file_remove(path);
    if (path) sts_sys.unlinkat(AT_FDCWD, r->dir, AT_REMOVEDIR);
    sts_free(path);
}

/* ---- the beginning ---- */

/* Names that the run may save under, taken by something that is not stsfit's alone. */
static int spare_checkpoints(const sts_run *r, sts_err *err)
{
    uint64_t *steps;
    size_t n, i = 0;
    if (sts_checkpoint_list_foreign(r->dir, &steps, &n, err)) return -1;
    while (i < n && (steps[i] <= r->trainer.adamw.step || steps[i] > r->plan.steps)) i++;
    if (i < n)
        sts_fail(err, STS_USAGE, "%s/" STS_CHECKPOINT "%llu: holds what stsfit did not write, but "
                 "may have to replace: move it elsewhere", r->dir,
                 (unsigned long long)steps[i]);
    sts_free(steps);
    return i < n ? -1 : 0;
}

/* Room for a checkpoint (the model and, at most, two moments of each weight), those of an average,
 * and the selected model. */
static int try_disk(const sts_run *r, sts_err *err)
{
    uint64_t moments = 2 * (uint64_t)r->model->params.count * sizeof(float);
    uint64_t model = sts_model_bytes(r->model), averaged = r->average.kind ? model : 0;
    uint64_t checkpoints = 1 + r->average.limit;
    return sts_disk_try(r->dir, checkpoints * (model + moments + averaged) + model, err);
}

static int remove_file(const char *dir, const char *name, sts_err *err)
{
    char *path = sts_path_join(dir, name);
    int rc = path ? 0 : sts_fail_memory(err, dir);
    if (path && sts_file_remove(path) && errno != ENOENT)
        rc = sts_fail_errno(err, path, "cannot remove");
    sts_free(path);
    return rc;
}

/* The search that the run was the best of. */
static int remove_search(const char *dir, sts_err *err)
{
    sts_json *search;
    int found = sts_search_dir_read(dir, &search, err);
    sts_json_free(search);
    if (found <= 0) return found;
    return sts_trial_sweep(dir, NULL, 0, err) || remove_file(dir, STS_SEARCH, err) ? -1 : 0;
}

/* The checkpoints and the page of an earlier run; its model stays until there is a new one. */
static int remove_earlier(const sts_run *r, sts_err *err)
{
    if (sts_trial_drop_checkpoints(r->dir, err) || remove_search(r->dir, err)) return -1;
    return remove_file(r->dir, STS_PAGE, err);
}

/* What --config runs again. */
static int write_config(const sts_run *r, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *config = sts_run_config(r);
    char *path = sts_path_join(r->dir, STS_CONFIG);
    int rc = path ? sts_json_save_whole(config, since, path, err) : sts_fail_memory(err, r->dir);
    sts_json_free(config);
    sts_free(path);
    return rc;
}

/* report.json comes first: from then on the directory is known as a run's. */
int sts_run_begin(sts_run *r, sts_err *err)
{
    if (spare_checkpoints(r, err) || try_disk(r, err)) return sts_run_abandon(r), -1;
    if (r->report(r, NULL, err)) return -1;
    r->made_dir = false;
    if (r->earlier && sts_checkpoint_sweep(r->dir, err)) return -1;
    if (r->earlier && !r->o->resume && remove_earlier(r, err)) return -1;
    if (sts_run_open_log(r, r->trainer.adamw.step, err)) return -1;
    return write_config(r, err);
}
