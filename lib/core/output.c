/* output.c - what a command writes is not what it reads, nor a run's own. */
#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "core/sys.h"

#include <string.h>

static bool same_file(const struct stat *a, const char *path)
{
    struct stat b;
    bool in = !strcmp(path, "-");
    if (in ? sts_sys.fstat(0, &b) : sts_sys.stat(path, &b)) return false;
    return a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

/* Is path a file of a run, other than its page, which can be made again? 1, 0, or -1. */
static int is_of_run(const char *path, sts_err *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (!sts_run_dir_has_file(name) || !strcmp(name, STS_PAGE)) return 0;
    char *dir = slash ? sts_strndup(path, (size_t)(slash - path) + 1) : sts_strdup(".");
    sts_json *report = NULL;
    int rc = dir ? sts_run_dir_read(dir, &report, err) : sts_fail_memory(err, path);
    sts_json_free(report);
    sts_free(dir);
    return rc;
}

int sts_output_check(const char *path, const char *const *input, size_t n, sts_err *err)
{
    struct stat s;
    if (sts_require(path, "path", err) || sts_require_files(input, n, err)) return -1;
    bool found = !sts_sys.stat(path, &s), there = found && S_ISREG(s.st_mode);
    if (found && S_ISDIR(s.st_mode))
        return sts_fail(err, STS_USAGE, "%s: is a directory: give the output the name of a file",
                        path);
    for (size_t i = 0; i < n && there; i++)
        if (same_file(&s, input[i]))
            return sts_fail(err, STS_USAGE, "%s: is both read and to be written: give the output "
                                            "another name", path);
    int own = is_of_run(path, err);
    if (own <= 0) return own;
    return sts_fail(err, STS_USAGE, "%s: belongs to the run in its directory: give the output "
                                    "another name", path);
}
