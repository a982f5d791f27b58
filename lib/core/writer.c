/* writer.c - files that are complete or absent: temporary name, fsync, rename, directory fsync. */
#include "core/c_locale.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER ((size_t)1 << 16)

#define TRIES 1000 /* names that may be taken */

struct sts_writer {
    int fd;           /* -1: a pipe that had no reader yet */
    char *path;
    sts_place at; /* of path */
    char *tmp;    /* beside it; NULL where path is written to as it is */
    bool kept;    /* tmp is PATH.part, which stays */
    sts_extent there; /* of it, handed to the system */
    unsigned char *buf;
    size_t n;
    sts_writer *volatile next; /* of those that have a temporary file */
};

/* What a signal handler removes: a list, since several may be open when it comes. */
static sts_writer *volatile unfinished;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the list, for threads */

void sts_writer_unlink_all(void)
{
    for (sts_writer *w = unfinished; w; w = w->next) unlinkat(w->at.dir, w->tmp, 0);
}

static void forget(const sts_writer *w)
{
    sts_writer *volatile *at = &unfinished;
    pthread_mutex_lock(&lock);
    while (*at && *at != w) at = &(*at)->next;
    if (*at) *at = w->next;
    pthread_mutex_unlock(&lock);
}

static void writer_free(sts_writer *w)
{
    forget(w);
    if (w->fd >= 0) sts_sys.close(w->fd);
    sts_place_close(&w->at);
    sts_free(w->path);
    sts_free(w->tmp);
    sts_free(w->buf);
    sts_free(w);
}

static bool is_stream(const sts_place *p, const char *path)
{
    struct stat st;
    if (sts_sys.lstatat(p->dir, p->name, &st)) return false;
    if (S_ISLNK(st.st_mode)) return !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6);
    return !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

bool sts_is_stream(const char *path)
{
    sts_place p;
    if (!path || sts_place_open(&p, path)) return false;
    bool is = is_stream(&p, path);
    sts_place_close(&p);
    return is;
}

int sts_file_new(const sts_place *p, char *tmp, size_t size)
{
    int fd = -1;
    for (int i = 0; fd < 0 && i < TRIES; i++) {
        if (i) snprintf(tmp, size, "%s" STS_TMP "%ld-%d", p->name, (long)getpid(), i);
        else snprintf(tmp, size, "%s" STS_TMP "%ld", p->name, (long)getpid());
        sts_place new = {p->dir, tmp};
        fd = sts_place_file(&new, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd < 0 && errno != EEXIST) break;
    }
    return fd;
}

/* Without waiting for a pipe's reader. */
static int open_stream(const sts_place *p)
{
    int fd = sts_place_file(p, O_WRONLY | O_NONBLOCK, 0);
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (flags >= 0) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return fd;
}

static void count(sts_writer *w, size_t n)
{
    sts_extent *t = &w->there;
    uint64_t head = t->bytes < t->head ? t->head - t->bytes : 0;
    size_t skip = head < n ? (size_t)head : n;
    t->crc = sts_crc(t->crc, w->buf + skip, n - skip);
    for (size_t i = skip; i < n; i++) t->lines += w->buf[i] == '\n';
    t->bytes += n;
}

/* Opens PATH.part, which is nobody else's while it is open, and has no other name. */
static int open_part(sts_writer *w, uint64_t bytes, sts_err *err)
{
    struct stat s;
    sts_place part = {w->at.dir, w->tmp};
    w->fd = sts_place_file(&part, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
    bool other = w->fd < 0 && (errno == ELOOP || errno == EISDIR);
    if (!other && (w->fd < 0 || sts_sys.fstat(w->fd, &s)))
        return sts_fail_errno(err, w->path, "cannot open what is there of it");
    if (other || !S_ISREG(s.st_mode) || s.st_nlink > 1)
        return sts_fail(err, STS_DATA, "%s" STS_PART ": is not a regular file with one name: give "
                        "the output another name", w->path);
    if (sts_sys.lock(w->fd))
        return sts_fail(err, STS_DATA, "%s" STS_PART ": another process is writing it", w->path);
    if ((uint64_t)s.st_size >= bytes) return 0;
    return sts_fail(err, STS_DATA, "%s" STS_PART ": is damaged: has %lld bytes, and %llu were "
                    "written: remove it to start again", w->path, (long long)s.st_size,
                    (unsigned long long)bytes);
}

/* Passes over the bytes that are there, and drops what is behind them. */
static int take_part(sts_writer *w, const sts_extent *there, sts_err *err)
{
    uint64_t left;
    w->there.head = there->head;
    while ((left = there->bytes - w->there.bytes)) {
        size_t n = left < BUFFER ? (size_t)left : BUFFER;
        if (sts_read_all(w->fd, w->buf, n) != (ssize_t)n)
            return sts_fail_errno(err, w->path, "cannot read what is there of it");
        count(w, n);
    }
    if (w->there.crc != there->crc)
        return sts_fail(err, STS_DATA, "%s" STS_PART ": is damaged: its bytes are not those that "
                        "were written: remove it to start again", w->path);
    if (!sts_sys.truncate(w->fd, (off_t)there->bytes)) return 0;
    return sts_fail_errno(err, w->path, "cannot truncate what is there of it");
}

static int open_either(sts_writer *w, size_t size, sts_err *err)
{
    w->fd = w->tmp ? sts_file_new(&w->at, w->tmp, size) : open_stream(&w->at);
    if (w->fd < 0 && (w->tmp || errno != ENXIO))
        return sts_fail_errno(err, w->path, "cannot write");
    if (!w->tmp) return 0;
    pthread_mutex_lock(&lock);
    w->next = unfinished;
    unfinished = w;
    pthread_mutex_unlock(&lock);
    return 0;
}

/* Where an output is, in an open directory unless it is a stream. -1 with errno. */
static int find(sts_place *at, const char *path, bool part, bool *stream)
{
    size_t n = strlen(path);
    errno = n ? EISDIR : ENOENT;
    if (!n || path[n - 1] == '/' || sts_place_open(at, path)) return -1;
    *stream = !part && is_stream(at, path);
    if (*stream) return 0;
    sts_place_close(at);
    return sts_place_open_parent(at, path);
}

/* A writer whose file is not open yet, with room for a temporary name of *size. NULL on error. */
static sts_writer *writer_new(const char *path, bool part, size_t *size, sts_err *err)
{
    sts_writer *w = sts_alloc(1, sizeof *w);
    if (!w) return sts_fail_memory(err, path), NULL;
    w->fd = -1;
    bool stream;
    if (find(&w->at, path, part, &stream)) {
        sts_fail_errno(err, path, "cannot write");
        sts_free(w);
        return NULL;
    }
    *size = strlen(w->at.name) + STS_TMP_ROOM;
    w->path = sts_strdup(path);
    w->tmp = stream ? NULL : sts_alloc(*size, 1);
    w->buf = sts_alloc(BUFFER, 1);
    if (w->path && (stream || w->tmp) && w->buf) return w;
    sts_fail_memory(err, path);
    writer_free(w);
    return NULL;
}

sts_writer *sts_writer_open(const char *path, sts_err *err)
{
    size_t size;
    if (sts_require(path, "path", err)) return NULL;
    sts_writer *w = writer_new(path, false, &size, err);
    if (!w || !open_either(w, size, err)) return w;
    writer_free(w);
    return NULL;
}

sts_writer *sts_writer_continue(const char *path, const sts_extent *there, sts_err *err)
{
    size_t size;
    sts_writer *w = writer_new(path, true, &size, err);
    if (!w) return NULL;
    w->kept = true;
    snprintf(w->tmp, size, "%s" STS_PART, w->at.name);
    if (!open_part(w, there->bytes, err) && !take_part(w, there, err)) return w;
    writer_free(w);
    return NULL;
}

/* Some file systems have no permissions of their own, and say EPERM about one's own file. */
int sts_writer_narrow(sts_writer *w, mode_t mode, sts_err *err)
{
    struct stat s;
    if (!w->tmp) return 0;
    if (sts_sys.fstat(w->fd, &s)) return sts_fail_errno(err, w->path, "cannot stat");
    mode_t narrow = s.st_mode & mode & 0777;
    if (narrow == (s.st_mode & 0777) || !sts_sys.fchmod(w->fd, narrow)) return 0;
    bool has_none = errno == EPERM || errno == ENOTSUP || errno == ENOSYS;
    return has_none ? 0 : sts_fail_errno(err, w->path, "cannot set permissions");
}

static int flush(sts_writer *w, sts_err *err)
{
    size_t n = w->n;
    w->n = 0;
    if (w->fd < 0) w->fd = open_stream(&w->at); /* now somebody should read */
    if (w->fd < 0 && errno == ENXIO)
        return sts_fail(err, STS_FAILED, "%s: is not a regular file, but a pipe that nobody reads",
                        w->path);
    if (w->fd < 0 || sts_write_all(w->fd, w->buf, n))
        return sts_fail_errno(err, w->path, "cannot write");
    if (w->kept) count(w, n);
    return 0;
}

int sts_writer_flush(sts_writer *w, sts_extent *there, sts_err *err)
{
    if (flush(w, err)) return -1;
    *there = w->there;
    return 0;
}

int sts_writer_sync(sts_writer *w, sts_err *err)
{
    return sts_fsync(w->fd) ? sts_fail_errno(err, w->path, "cannot sync") : 0;
}

int sts_writer_replace_start(sts_writer *w, const void *buf, size_t n, sts_err *err)
{
    if (flush(w, err)) return -1;
    if (!w->tmp) return sts_fail(err, STS_USAGE, "%s: is not a regular file", w->path);
    if (sts_sys.seek(w->fd, 0, SEEK_SET) || sts_write_all(w->fd, buf, n))
        return sts_fail_errno(err, w->path, "cannot write");
    return 0;
}

int sts_writer_write(sts_writer *w, const void *buf, size_t n, sts_err *err)
{
    const unsigned char *p = buf;
    while (n) {
        size_t k = n < BUFFER - w->n ? n : BUFFER - w->n;
        memcpy(w->buf + w->n, p, k);
        w->n += k;
        p += k;
        n -= k;
        if (w->n == BUFFER && flush(w, err)) return -1;
    }
    return 0;
}

int sts_writer_printf(sts_writer *w, sts_err *err, const char *fmt, ...)
{
    char small[512], *text = small;
    va_list ap;
    va_start(ap, fmt);
    int n = sts_print_list(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) return sts_fail(err, STS_FAILED, "%s: cannot format", w->path);
    if ((size_t)n >= sizeof small) {
        text = sts_alloc((size_t)n + 1, 1);
        if (!text) return sts_fail_memory(err, w->path);
        va_start(ap, fmt);
        sts_print_list(text, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    int rc = sts_writer_write(w, text, (size_t)n, err);
    if (text != small) sts_free(text);
    return rc;
}

/* The file, which is whole, under its name. */
static int publish(const sts_writer *w, sts_err *err)
{
    if (sts_sys.renameat(w->at.dir, w->tmp, w->at.dir, w->at.name))
        return sts_fail_errno(err, w->path, "cannot rename");
    return sts_dir_sync_open(w->at.dir, w->path, err);
}

/* Everything to the disk, under its temporary name. */
static int finish(sts_writer *w, sts_err *err)
{
    int rc = flush(w, err);
    if (!rc && w->tmp && sts_fsync(w->fd)) rc = sts_fail_errno(err, w->path, "cannot sync");
    return rc;
}

int sts_writer_commit(sts_writer *w, sts_err *err)
{
    int rc = finish(w, err), fd = w->fd;
    w->fd = -1;
    if (fd >= 0 && sts_close(fd) && !rc) rc = sts_fail_errno(err, w->path, "cannot close");
    if (!rc && w->tmp) rc = publish(w, err);
    if (rc) sts_writer_abort(w);
    else writer_free(w);
    return rc;
}

int sts_writer_commit_open(sts_writer *w, sts_err *err)
{
    if (finish(w, err) || (w->tmp && publish(w, err))) {
        sts_writer_abort(w);
        return -1;
    }
    int fd = w->fd;
    w->fd = -1;
    writer_free(w);
    return fd;
}

void sts_writer_abort(sts_writer *w)
{
    if (!w) return;
    if (w->tmp && !w->kept) sts_sys.unlinkat(w->at.dir, w->tmp, 0);
    writer_free(w);
}

int sts_file_write_as(const char *path, const void *buf, size_t n, mode_t mode, sts_err *err)
{
    sts_writer *w = sts_writer_open(path, err);
    if (!w) return -1;
    if (!sts_writer_narrow(w, mode, err) && !sts_writer_write(w, buf, n, err))
        return sts_writer_commit(w, err);
    sts_writer_abort(w);
    return -1;
}

int sts_file_write(const char *path, const void *buf, size_t n, sts_err *err)
{
    return sts_file_write_as(path, buf, n, 0777, err);
}

typedef int move_fn(int dir, const char *from, int to_dir, const char *to);

/* -1 with errno */
static int move(move_fn *how, const char *from, const char *to)
{
    sts_place a, b;
    if (sts_place_open(&a, from)) return -1;
    int rc = sts_place_open(&b, to);
    if (!rc) {
        rc = how(a.dir, a.name, b.dir, b.name);
        sts_place_close(&b);
    }
    sts_place_close(&a);
    return rc;
}

/* fsync of the directory that holds path. */
static int sync_parent(const char *path, sts_err *err)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return sts_dir_sync(".", err);
    char *dir = sts_strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (!dir) return sts_fail_memory(err, path);
    int rc = sts_dir_sync(dir, err);
    sts_free(dir);
    return rc;
}

int sts_rename(const char *from, const char *to, sts_err *err)
{
    if (move(sts_sys.renameat, from, to)) return sts_fail_errno(err, to, "cannot rename");
    return sync_parent(to, err);
}

int sts_exchange(const char *a, const char *b, sts_err *err)
{
    if (!move(sts_sys.exchange, a, b)) return sync_parent(b, err) ? -1 : 1;
    if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP) return 0;
    return sts_fail_errno(err, b, "cannot exchange");
}
