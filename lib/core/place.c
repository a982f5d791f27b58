/* place.c - paths as names in open directories. */
#include "core/place.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

struct sts_hold {
    char *path; /* without slashes at its end */
    int fd;
    sts_hold *next;
};

static const sts_here nowhere = {AT_FDCWD, NULL};
static _Thread_local sts_here here = {AT_FDCWD, NULL};

/* ---- where relative paths start ---- */

sts_here sts_here_now(void)
{
    return here;
}

sts_here sts_here_use(sts_here next)
{
    sts_here before = here;
    here = next;
    return before;
}

sts_here sts_here_leave(void)
{
    return sts_here_use(nowhere);
}

sts_here sts_here_open(void)
{
    int fd = sts_sys.open(".", O_RDONLY | O_DIRECTORY, 0);
    return (sts_here){fd < 0 ? AT_FDCWD : fd, NULL};
}

void sts_here_close(sts_here h)
{
    if (h.dir != AT_FDCWD) sts_sys.close(h.dir);
}

sts_here sts_here_begin(void)
{
    if (here.dir != AT_FDCWD) return here;
    sts_here mine = sts_here_open();
    mine.held = here.held;
    return sts_here_use(mine);
}

void sts_here_end(sts_here before)
{
    sts_here mine = sts_here_use(before);
    if (mine.dir != before.dir) sts_here_close(mine);
}

/* Whether the process's working directory is still that one. */
static bool is_working_directory(int dir)
{
    struct stat a, b;
    return !fstat(dir, &a) && !stat(".", &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

char *sts_here_path(const char *path)
{
    char dir[PATH_MAX]; /* the system's name of the open one */
    if (*path == '/' || here.dir == AT_FDCWD || is_working_directory(here.dir)) return NULL;
#ifdef F_GETPATH
    if (fcntl(here.dir, F_GETPATH, dir)) return NULL;
#else
    snprintf(dir, sizeof dir, "/proc/self/fd/%d", here.dir);
#endif
    return sts_path_join(dir, path);
}

/* ---- walking ---- */

/* What path is called below h, without slashes in front; NULL: it is not below it, or not plainly
 * so. */
static const char *below(const sts_hold *h, const char *path)
{
    size_t n = strlen(h->path);
    if (strncmp(path, h->path, n) || (path[n] && path[n] != '/')) return NULL;
    const char *rest = path + n + strspn(path + n, "/");
    return sts_path_climbs(rest) ? NULL : rest;
}

/* Opens the directory of n bytes of name in `dir`, which it closes; -1 with errno. */
static int enter(int dir, const char *name, size_t n)
{
    char *part = sts_strndup(name, n);
    sts_place p = {dir, part};
    int fd = part ? sts_place_file(&p, DIRECTORY, 0) : -1, why = part ? errno : ENOMEM;
    sts_free(part);
    sts_sys.close(dir);
    errno = why;
    return fd;
}

/* From the held directory to the one that holds `path`, below it. */
static int walk(sts_place *p, const sts_hold *h, const char *path)
{
    sts_str last = sts_path_last(path);
    sts_place start = {h->fd, "."};
    p->dir = sts_place_file(&start, DIRECTORY, 0);
    for (const char *s = path; s < last.s && p->dir >= 0; s += strspn(s, "/")) {
        size_t n = strcspn(s, "/");
        p->dir = enter(p->dir, s, n);
        s += n;
    }
    if (p->dir < 0) return -1;
    p->name = last.n ? sts_strndup(last.s, last.n) : sts_strdup(".");
    if (p->name) return 0;
    sts_sys.close(p->dir);
    errno = ENOMEM;
    return -1;
}

int sts_place_open(sts_place *p, const char *path)
{
    for (const sts_hold *h = here.held; h; h = h->next) {
        const char *rest = below(h, path);
        if (rest) return walk(p, h, rest);
    }
    *p = (sts_place){AT_FDCWD, sts_strdup(path)};
    if (!p->name) errno = ENOMEM;
    return p->name ? 0 : -1;
}

int sts_place_open_parent(sts_place *p, const char *path)
{
    if (sts_place_open(p, path)) return -1;
    if (p->dir != AT_FDCWD) return 0;
    sts_str last = sts_path_last(path);
    size_t at = (size_t)(last.s - path);
    char *parent = at ? sts_strndup(path, at) : sts_strdup(".");
    sts_free(p->name);
    p->name = parent ? sts_strndup(last.s, last.n) : NULL;
    p->dir = p->name ? sts_open(parent, O_RDONLY | O_DIRECTORY, 0) : -1;
    int why = p->name ? errno : ENOMEM;
    sts_free(parent);
    if (p->dir >= 0) return 0;
    sts_free(p->name);
    errno = why;
    return -1;
}

void sts_place_close(sts_place *p)
{
    int why = errno;
    if (p->dir >= 0) sts_sys.close(p->dir);
    sts_free(p->name);
    errno = why;
}

int sts_place_file(const sts_place *p, int flags, mode_t mode)
{
    int fd;
    do fd = sts_sys.openat(p->dir, p->name, flags, mode);
    while (fd < 0 && errno == EINTR && !sts_stop_asked());
    return fd;
}

/* some file systems cannot sync a directory and say EINVAL: nothing more can be done there */
int sts_dir_sync_open(int dir, const char *path, sts_err *err)
{
    return sts_fsync(dir) && errno != EINVAL ? sts_fail_errno(err, path, "cannot sync") : 0;
}

int sts_dir_sync(const char *path, sts_err *err)
{
    sts_place p;
    if (sts_place_open(&p, path)) return sts_fail_errno(err, path, "cannot open to sync");
    int fd = sts_place_file(&p, O_RDONLY | O_DIRECTORY, 0);
    sts_place_close(&p);
    if (fd < 0) return sts_fail_errno(err, path, "cannot open to sync");
    int rc = sts_dir_sync_open(fd, path, err);
    sts_sys.close(fd);
    return rc;
}

/* ---- holding ---- */

/* Below a held directory through no link. -1 with errno. */
static int open_place(const char *path)
{
    sts_place p;
    if (sts_place_open(&p, path)) return -1;
    int link = p.dir == AT_FDCWD ? 0 : O_NOFOLLOW;
    int fd = sts_place_file(&p, O_RDONLY | O_DIRECTORY | link, 0);
    sts_place_close(&p);
    return fd;
}

sts_hold *sts_hold_open(const char *dir, sts_err *err)
{
    sts_hold *h = sts_alloc(1, sizeof *h);
    sts_str last = sts_path_last(dir);
    char *path = h ? sts_strndup(dir, (size_t)(last.s - dir) + last.n) : NULL;
    int fd = path ? open_place(path) : -1;
    if (!path) sts_fail_memory(err, dir);
    else if (fd < 0) sts_fail_errno(err, dir, "cannot open");
    if (fd < 0) {
        sts_free(path);
        sts_free(h);
        return NULL;
    }
    *h = (sts_hold){path, fd, here.held};
    return here.held = h;
}

void sts_hold_close(sts_hold *h)
{
    sts_hold **at = &here.held;
    if (!h) return;
    while (*at && *at != h) at = &(*at)->next;
    if (*at) *at = h->next;
    sts_sys.close(h->fd);
    sts_free(h->path);
    sts_free(h);
}
