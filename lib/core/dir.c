/* dir.c - directories, names, and copies of files. */
#include "core/file.h"
#include "core/mem.h"
#include "core/place.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Is there something at path, a directory or not? Where that is unknown (EIO, EACCES) it is
 * taken to be there, whatever was looked for: using it then fails and says why. */
static bool exists(const char *path, bool dir)
{
    struct stat s;
    if (sts_sys.stat(path, &s)) return errno != ENOENT && errno != ENOTDIR && errno != ELOOP;
    return dir == (S_ISDIR(s.st_mode) != 0);
}

bool sts_file_exists(const char *path)
{
    return exists(path, false);
}

bool sts_dir_exists(const char *path)
{
    return exists(path, true);
}

static int find(const char *path, bool dir, sts_err *err)
{
    struct stat s;
    if (!sts_sys.stat(path, &s)) return !S_ISDIR(s.st_mode) == !dir;
    return errno == ENOENT || errno == ENOTDIR ? 0 : sts_fail_errno(err, path, "cannot stat");
}

int sts_file_find(const char *path, sts_err *err)
{
    return find(path, false, err);
}

int sts_dir_find(const char *path, sts_err *err)
{
    return find(path, true, err);
}

int sts_path_find(const char *path, sts_err *err)
{
    struct stat s;
    if (!sts_sys.lstat(path, &s)) return 1;
    return errno == ENOENT || errno == ENOTDIR ? 0 : sts_fail_errno(err, path, "cannot stat");
}

bool sts_path_taken(const char *path)
{
    return sts_path_find(path, NULL) != 0;
}

/* -1 with errno */
static int make_one(const char *path)
{
    sts_place p;
    if (sts_place_open(&p, path)) return -1;
    int rc = sts_sys.mkdirat(p.dir, p.name, 0777);
    sts_place_close(&p);
    return rc;
}

int sts_dir_make(const char *path, sts_err *err)
{
    char *part = sts_strdup(path);
    if (!part) return sts_fail_memory(err, path);
    int rc = 0;
    for (char *p = part + (*part == '/'); !rc; p++) {
        if (*p && *p != '/') continue;
        char end = *p;
        *p = 0;
        int why = make_one(part) ? errno : 0;
        if (why && why != EEXIST && (why == ENOMEM || !sts_dir_exists(part))) {
            errno = why;
            rc = sts_fail_errno(err, part, "cannot make the directory");
        }
        *p = end;
        if (!end) break;
    }
    if (!rc && !sts_dir_exists(path))
        rc = sts_fail(err, STS_FAILED, "%s: is not a directory", path);
    sts_free(part);
    return rc;
}

char *sts_dir_make_at(char *path, sts_err *err)
{
    if (!path || !make_one(path)) return path;
    sts_fail_errno(err, path, "cannot make the directory");
    sts_free(path);
    return NULL;
}

/* ---- listing ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_name(char ***names, size_t *n, size_t *cap, const char *name)
{
    char *copy = sts_strdup(name);
    if (copy && !sts_grow(names, *n, cap, sizeof **names)) {
        (*names)[(*n)++] = copy;
        return 0;
    }
    sts_free(copy);
    errno = ENOMEM;
    return -1;
}

/* The names in d, sorted; -1 with errno. */
static int read_names(DIR *d, char ***names, size_t *n)
{
    size_t cap = 0;
    int rc = 0;
    *names = NULL;
    *n = 0;
    while (!rc) {
        errno = 0; /* the end of the list and an error look alike but for this */
        struct dirent *e = sts_sys.readdir(d);
        if (!e && errno) rc = -1;
        if (!e) break;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        rc = add_name(names, n, &cap, e->d_name);
    }
    if (!rc && *n) qsort(*names, *n, sizeof **names, by_name);
    if (!rc) return 0;
    int why = errno;
    sts_names_free(*names, *n);
    *names = NULL;
    *n = 0;
    errno = why;
    return -1;
}

int sts_dir_list(const char *path, char ***names, size_t *n, sts_err *err)
{
    DIR *d = sts_sys.opendir(path);
    *names = NULL;
    *n = 0;
    int rc = d ? read_names(d, names, n) : -1;
    if (rc && errno == ENOMEM) sts_fail_memory(err, path);
    else if (rc) sts_fail_errno(err, path, "cannot list");
    if (d) sts_sys.closedir(d);
    return rc;
}

/* ---- removing ---- */
/* Names are resolved in open directories: whoever exchanges one for a link meanwhile cannot lead
 * the removal elsewhere. */

static int remove_at(int dir, const char *name);

static int remove_names(int fd, char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (remove_at(fd, names[i])) return -1;
    return 0;
}

static int remove_contents(int dir, const char *name)
{
    char **names;
    size_t n;
    sts_place p = {dir, (char *)(uintptr_t)name};
    int fd = sts_place_file(&p, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    DIR *d = fd < 0 ? NULL : sts_sys.fdopendir(fd);
    int rc = d && !read_names(d, &names, &n) ? 0 : -1, why = errno;
    if (!rc) {
        rc = remove_names(fd, names, n);
        why = errno;
        sts_names_free(names, n);
    }
    if (d) sts_sys.closedir(d);
    else if (fd >= 0) sts_sys.close(fd);
    errno = why;
    return rc;
}

/* Removes `name` in the open directory `dir`, with contents; -1 with errno. */
static int remove_at(int dir, const char *name)
{
    struct stat s;
    if (sts_sys.lstatat(dir, name, &s)) return errno == ENOENT ? 0 : -1;
    if (!S_ISDIR(s.st_mode)) return sts_sys.unlinkat(dir, name, 0);
    return remove_contents(dir, name) ? -1 : sts_sys.unlinkat(dir, name, AT_REMOVEDIR);
}

int sts_dir_remove(const char *path, sts_err *err)
{
    sts_place p;
    int rc = 0;
    if (!sts_place_open_parent(&p, path)) {
        rc = remove_at(p.dir, p.name);
        sts_place_close(&p);
    } else if (errno != ENOENT && errno != ENOTDIR) {
        rc = -1;
    }
    return rc ? sts_fail_errno(err, path, "cannot remove") : 0;
}

int sts_file_remove(const char *path)
{
    sts_place p;
    if (sts_place_open(&p, path)) return -1;
    int rc = sts_sys.unlinkat(p.dir, p.name, 0);
    sts_place_close(&p);
    return rc;
}

int sts_file_copy_open(int in, const char *from, const char *to, sts_err *err)
{
    struct stat s;
    sts_writer *w = sts_writer_open(to, err);
    unsigned char *buf = w ? sts_alloc(1 << 16, 1) : NULL;
    int rc = buf ? 0 : -1;
    if (w && !buf) sts_fail_memory(err, to);
    if (!rc && sts_sys.fstat(in, &s)) rc = sts_fail_errno(err, from, "cannot stat");
    if (!rc) rc = sts_writer_narrow(w, s.st_mode, err);
    while (!rc) {
        ssize_t n = sts_read_all(in, buf, 1 << 16);
        if (n == 0) break;
        rc = n < 0 ? sts_fail_errno(err, from, "cannot read")
                   : sts_writer_write(w, buf, (size_t)n, err);
    }
    sts_free(buf);
    sts_sys.close(in);
    if (!rc) return sts_writer_commit(w, err);
    sts_writer_abort(w);
    return -1;
}

int sts_file_copy(const char *from, const char *to, sts_err *err)
{
    int in = sts_file_open(from, STS_FAILED, err);
    return in < 0 ? -1 : sts_file_copy_open(in, from, to, err);
}

void sts_names_free(char **names, size_t n)
{
    for (size_t i = 0; names && i < n; i++) sts_free(names[i]);
    sts_free(names);
}

#define TRIES 1000 /* names that may be taken */

char *sts_path_free(const char *base, sts_err *err)
{
    struct stat s;
    size_t room = strlen(base) + 16;
    char *path = sts_alloc(room, 1);
    if (!path) return sts_fail_memory(err, base), NULL;
    snprintf(path, room, "%s", base);
    int rc = sts_sys.lstat(path, &s);
    for (int i = 1; !rc && i < TRIES; i++) {
        snprintf(path, room, "%s-%d", base, i);
        rc = sts_sys.lstat(path, &s);
    }
    if (rc && errno == ENOENT) return path;
    if (rc) sts_fail_errno(err, path, "cannot stat");
    else sts_fail(err, STS_FAILED, "%s: is taken, and so is each name after it", base);
    sts_free(path);
    return NULL;
}
