/* model_output.c - a model written under a temporary name, then renamed. */
#include "model/model_output.h"

#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <string.h>

static int check_empty(const char *dir, sts_err *err)
{
    char **names;
    size_t n;
    if (sts_dir_list(dir, &names, &n, err)) return -1;
    if (n) sts_fail(err, STS_USAGE, "%s: exists and holds %s: give another -o", dir, names[0]);
    sts_names_free(names, n);
    return n ? -1 : 0;
}

static bool is_dots(sts_str name)
{
    return *name.s == '.' && (name.n == 1 || (name.n == 2 && name.s[1] == '.'));
}

int sts_model_output_check(const char *dir, sts_err *err)
{
    struct stat s;
    sts_str last = sts_path_last(dir);
    if (!last.n || *last.s == '/' || is_dots(last))
        return sts_fail(err, STS_USAGE, "%s: cannot name a new directory: give another -o",
                        *dir ? dir : "-o");
    if (sts_sys.lstat(dir, &s))
        return errno == ENOENT ? 0 : sts_fail_errno(err, dir, "cannot stat");
    if (S_ISDIR(s.st_mode)) return check_empty(dir, err);
    return sts_fail(err, STS_USAGE, "%s: exists and is not a directory: give another -o", dir);
}

static int make_parent(const char *dir, sts_err *err)
{
    sts_str last = sts_path_last(dir);
    size_t n = (size_t)(last.s - dir);
    char *parent = sts_strndup(dir, n);
    int rc = !parent ? sts_fail_memory(err, dir) : n ? sts_dir_make(parent, err) : 0;
    sts_free(parent);
    return rc;
}

/* Writes below the temporary directory `tmp`, which becomes `dir`. */
static int write_as(const sts_model *m, const char *card, const char *tmp, const char *dir,
                    sts_err *err)
{
    int rc = sts_model_save(m, tmp, card, err);
    if (!rc) rc = sts_dir_sync(tmp, err);
    if (!rc) rc = sts_rename(tmp, dir, err);
    if (rc) sts_dir_remove(tmp, NULL);
    return rc;
}

int sts_model_output_write(const sts_model *m, const char *card, const char *dir, sts_err *err)
{
    if (sts_comm_rank()) return 0;
    sts_progress("saving", 0, 0);
    if (sts_model_output_check(dir, err) || make_parent(dir, err)) return -1;
    sts_str last = sts_path_last(dir);
    char *path = sts_strndup(dir, (size_t)(last.s + last.n - dir)); /* without slashes at the end */
    char *base = path ? sts_path_with(path, ".unfinished", err) : NULL;
    char *tmp = base ? sts_dir_make_at(sts_path_free(base, err), err) : NULL;
    if (!path) sts_fail_memory(err, dir);
    int rc = tmp ? write_as(m, card, tmp, path, err) : -1;
    sts_free(tmp);
    sts_free(base);
    sts_free(path);
    return rc;
}

int sts_save(const sts_model *m, const char *dir, sts_err *err)
{
    if (sts_require(m, "model", err) || sts_require(dir, "directory", err)) return -1;
    sts_here before = sts_here_begin();
    int rc = sts_model_output_check(dir, err) || sts_model_copyable(m, err) ||
             sts_model_output_write(m, NULL, dir, err) ? -1 : 0;
    sts_here_end(before);
    return rc;
}
