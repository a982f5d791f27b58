/* trial_dir.c - directories of trials: made by their runs, moved to that of the search, removed. */
#include "train/trial_dir.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "core/sys.h"
#include "train/checkpoint.h"
#include "train/manifest.h"
#include "train/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sts_trial_path(const char *out, size_t trial)
{
    char name[48];
    snprintf(name, sizeof name, STS_TRIAL_DIR "%zu", trial);
    return sts_path_join(out, name);
}

/* The trial whose directory has that name; 0: none. */
static size_t trial_of(const char *name)
{
    char again[48];
    size_t k = strlen(STS_TRIAL_DIR);
    if (strncmp(name, STS_TRIAL_DIR, k)) return 0;
    size_t trial = strtoul(name + k, NULL, 10);
    snprintf(again, sizeof again, STS_TRIAL_DIR "%zu", trial);
    return strcmp(name, again) ? 0 : trial;
}

static bool is_search(const sts_json *json)
{
    const char *tool = sts_json_as_string(sts_json_get(json, "tool"));
    const char *command = sts_json_as_string(sts_json_get(json, "command"));
    return tool && command && !strcmp(tool, "stsfit") && !strcmp(command, "tune");
}

int sts_search_dir_read(const char *out, sts_json **search, sts_err *err)
{
    sts_err why = {0};
    char *path = sts_path_join(out, STS_SEARCH);
    int found = path ? sts_file_find(path, err) : sts_fail_memory(err, out);
    *search = found > 0 ? sts_json_load(path, STS_DATA, &why) : NULL;
    sts_free(path);
    if (found <= 0) return found;
    if (!*search && why.code != STS_DATA) return sts_fail_as(err, &why);
    if (is_search(*search)) return 1;
    sts_json_free(*search);
    *search = NULL;
    return 0;
}

static bool has(const char *dir, const char *name, bool (*there)(const char *path))
{
    char *path = sts_path_join(dir, name);
    bool is = path && there(path);
    sts_free(path);
    return is;
}

bool sts_trial_is_moved(const char *dir, const char *out)
{
    sts_json *report = NULL;
    if (has(dir, STS_KEPT, sts_dir_exists)) return false;
    if (sts_run_dir_read(dir, &report, NULL) <= 0) return false;
    const sts_json *files = sts_json_get(sts_json_get(report, "model"), "files");
    char *path = sts_path_join(out, STS_KEPT);
    bool same = path && sts_json_size(files) && !sts_manifest_check_files(path, files, NULL);
    sts_free(path);
    sts_json_free(report);
    return same;
}

bool sts_trial_is_whole(const char *dir)
{
    return has(dir, STS_REPORT, sts_file_exists) && has(dir, STS_KEPT, sts_dir_exists);
}

/* ---- removing ---- */

int sts_trial_drop_checkpoints(const char *dir, sts_err *err)
{
    uint64_t *steps;
    size_t n;
    if (sts_checkpoint_list(dir, &steps, &n, err)) return -1;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) rc = sts_checkpoint_drop(dir, steps[i], err);
    sts_free(steps);
    return rc;
}

static int remove_model(const char *dir, const sts_json *report, sts_err *err)
{
    const sts_json *files = sts_json_get(sts_json_get(report, "model"), "files");
    char *path = sts_path_join(dir, STS_KEPT), *stray = NULL;
    int rc = path ? 0 : sts_fail_memory(err, dir);
    bool there = path && sts_dir_exists(path);
    if (there) rc = sts_manifest_stray(path, files, &stray, err);
    if (there && !rc && !stray) rc = sts_dir_remove(path, err);
    sts_free(stray);
    sts_free(path);
    return rc;
}

static int remove_file(const char *dir, const char *name, sts_err *err)
{
    char *path = sts_path_join(dir, name);
    int rc = path ? 0 : sts_fail_memory(err, dir);
    if (!rc && sts_file_remove(path) && errno != ENOENT)
        rc = sts_fail_errno(err, path, "cannot remove");
    sts_free(path);
    return rc;
}

/* The report, which makes the directory a run's, goes last. */
static int remove_files(const char *dir, sts_err *err)
{
    char **names;
    size_t n;
    int rc = 0;
    if (sts_dir_list(dir, &names, &n, err)) return -1;
    for (size_t i = 0; i < n && !rc; i++) {
        bool now = sts_run_dir_has_file(names[i]) && strcmp(names[i], STS_REPORT) != 0;
        if (now) rc = remove_file(dir, names[i], err);
    }
    sts_names_free(names, n);
    return rc ? -1 : remove_file(dir, STS_REPORT, err);
}

/* A run that was killed before it had a report has a lock, and what it was about to name. */
static bool is_bare(const char *dir)
{
    char **names;
    size_t n;
    if (sts_dir_list(dir, &names, &n, NULL)) return false;
    bool bare = true;
    for (size_t i = 0; i < n; i++)
        bare = bare && (!strcmp(names[i], STS_LOCK) || sts_run_dir_is_temporary_file(names[i]));
    sts_names_free(names, n);
    return bare;
}

/* An empty directory goes; another stays, with what is in it. */
static int remove_empty(const char *dir, sts_err *err)
{
    sts_place p;
    if (sts_place_open(&p, dir)) return sts_fail_errno(err, dir, "cannot remove");
    int rc = sts_sys.unlinkat(p.dir, p.name, AT_REMOVEDIR), why = errno;
    sts_place_close(&p);
    if (!rc || why == ENOTEMPTY || why == EEXIST) return 0;
    errno = why;
    return sts_fail_errno(err, dir, "cannot remove");
}

/* A trial's directory; fine if absent. */
static int drop(const char *dir, sts_err *err)
{
    sts_json *report = NULL;
    if (!sts_dir_exists(dir)) return 0;
    int ours = sts_run_dir_read(dir, &report, err);
    int rc = ours < 0 ? -1 : 0;
    bool goes = ours > 0 || (!rc && is_bare(dir));
    if (goes) rc = sts_checkpoint_sweep(dir, err);
    if (!rc && ours > 0)
        rc = sts_trial_drop_checkpoints(dir, err) || remove_model(dir, report, err);
    sts_json_free(report);
    if (!rc && goes) rc = remove_files(dir, err) || remove_empty(dir, err);
    return rc ? -1 : 0;
}

static bool is_kept(size_t trial, const size_t *keep, size_t n_keep)
{
    for (size_t i = 0; i < n_keep; i++)
        if (keep[i] == trial) return true;
    return false;
}

int sts_trial_sweep(const char *out, const size_t *keep, size_t n_keep, sts_err *err)
{
    char **names;
    size_t n;
    int rc = 0;
    if (sts_dir_list(out, &names, &n, err)) return -1;
    for (size_t i = 0; i < n && !rc; i++) {
        size_t trial = trial_of(names[i]);
        if (!trial || is_kept(trial, keep, n_keep)) continue;
        char *dir = sts_trial_path(out, trial);
        rc = dir ? drop(dir, err) : sts_fail_memory(err, out);
        sts_free(dir);
    }
    sts_names_free(names, n);
    return rc;
}

/* ---- publishing ---- */

/* Only what stsfit wrote may be in the model that is replaced. */
static int spare_model(const char *out, sts_err *err)
{
    sts_json *report = NULL;
    if (sts_run_dir_read(out, &report, err) < 0) return -1;
    sts_json *files = sts_json_get(report, "model") ? NULL : sts_json_new_object();
    const sts_json *known = files ? files : sts_json_get(sts_json_get(report, "model"), "files");
    int rc = sts_run_spare_model_in(out, known, err);
    sts_json_free(files);
    sts_json_free(report);
    return rc;
}

/* By a name in OUT that is known there as unfinished: whatever is cut short, no old model takes the
 * place of a new one. */
static int move_model(const char *dir, const char *out, sts_err *err)
{
    char *from = sts_path_join(dir, STS_KEPT), *to = sts_path_join(out, STS_KEPT);
    char *base = sts_path_join(out, STS_PUBLISHING);
    char *staged = base ? sts_path_free(base, err) : NULL;
    int rc = from && to && base ? 0 : sts_fail_memory(err, out);
    if (!rc) rc = staged ? sts_rename(from, staged, err) : -1;
    if (!rc) rc = sts_checkpoint_publish(staged, to, err);
    sts_free(staged);
    sts_free(base);
    sts_free(from);
    sts_free(to);
    return rc;
}

static const char *const moved_files[] = {STS_PREDICTIONS, STS_LOG, STS_CONFIG, STS_PAGE,
                                          STS_REPORT};
#define MOVED (sizeof moved_files / sizeof *moved_files)

/* What an earlier run had, and this one does not have, is not left in OUT. */
static int drop_old_files(const char *dir, const char *out, sts_err *err)
{
    int rc = 0;
    for (size_t i = 0; i < MOVED && !rc; i++)
        if (!has(dir, moved_files[i], sts_file_exists)) rc = remove_file(out, moved_files[i], err);
    return rc;
}

static int move_file(const char *dir, const char *out, const char *name, sts_err *err)
{
    char *from = sts_path_join(dir, name), *to = sts_path_join(out, name);
    int rc = from && to ? 0 : sts_fail_memory(err, out);
    if (!rc && sts_file_exists(from)) rc = sts_rename(from, to, err);
    sts_free(from);
    sts_free(to);
    return rc;
}

int sts_trial_publish(const char *dir, const char *out, sts_err *err)
{
    int rc = 0;
    if (!sts_trial_is_moved(dir, out))
        rc = spare_model(out, err) || sts_checkpoint_sweep(out, err) ||
             sts_checkpoint_sweep(dir, err) || sts_trial_drop_checkpoints(out, err) ||
             sts_trial_drop_checkpoints(dir, err) || drop_old_files(dir, out, err) ||
             move_model(dir, out, err);
    for (size_t i = 0; i < MOVED && !rc; i++) rc = move_file(dir, out, moved_files[i], err);
    return rc ? -1 : 0;
}
