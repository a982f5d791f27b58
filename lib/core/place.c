/* place.c - paths as names in open directories. */
#include "core/place.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

struct sts_hold {
    char *path; /* without slashes at its end */
    int fd;
    sts_hold *next;
};

static _Thread_local sts_hold *held;

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
    for (const sts_hold *h = held; h; h = h->next) {
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

int sts_dir_sync(const char *path, sts_err *err)
{
    sts_place p;
    if (sts_place_open(&p, path)) return sts_fail_errno(err, path, "cannot open to sync");
    int fd = sts_place_file(&p, O_RDONLY | O_DIRECTORY, 0), rc = 0;
    sts_place_close(&p);
    if (fd < 0) return sts_fail_errno(err, path, "cannot open to sync");
    /* some file systems cannot sync a directory and say EINVAL: nothing more can be done there */
    if (sts_fsync(fd) && errno != EINVAL) rc = sts_fail_errno(err, path, "cannot sync");
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

/* Takes path (NULL: there was no memory) and fd (-1, with errno: it cannot be opened). */
static sts_hold *hold(char *path, int fd, const char *dir, sts_err *err)
{
    sts_hold *h = path && fd >= 0 ? sts_alloc(1, sizeof *h) : NULL;
    if (h) {
        *h = (sts_hold){path, fd, held};
        return held = h;
    }
    if (path && fd < 0) sts_fail_errno(err, dir, "cannot open");
    else sts_fail_memory(err, dir);
    if (fd >= 0) sts_sys.close(fd);
    sts_free(path);
    return NULL;
}

sts_hold *sts_hold_open(const char *dir, sts_err *err)
{
    sts_str last = sts_path_last(dir);
    char *path = sts_strndup(dir, (size_t)(last.s - dir) + last.n);
    return hold(path, path ? open_place(path) : -1, dir, err);
}

sts_hold *sts_hold_again(const sts_hold *h, sts_err *err)
{
    sts_place self = {h->fd, "."};
    char *path = sts_strdup(h->path);
    return hold(path, path ? sts_place_file(&self, DIRECTORY, 0) : -1, h->path, err);
}

void sts_hold_close(sts_hold *h)
{
    sts_hold **at = &held;
    if (!h) return;
    while (*at && *at != h) at = &(*at)->next;
    if (*at) *at = h->next;
    sts_sys.close(h->fd);
    sts_free(h->path);
    sts_free(h);
}
