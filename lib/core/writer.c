/* writer.c - files that are complete or absent: temporary name, fsync, rename, directory fsync. */
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define BUFFER ((size_t)1 << 16)

struct sts_writer {
    int fd;
    char *path, *tmp; /* tmp is NULL where path is written to as it is */
    unsigned char *buf;
    size_t n;
    uint32_t crc;
};

static void writer_free(sts_writer *w)
{
    if (w->fd >= 0) sts_sys.close(w->fd);
    sts_free(w->path);
    sts_free(w->tmp);
    sts_free(w->buf);
    sts_free(w);
}

bool sts_is_stream(const char *path)
{
    struct stat st;
    if (sts_sys.lstat(path, &st)) return false;
    if (S_ISLNK(st.st_mode)) return !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6);
    return !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* What is under that name already, a link perhaps, is not written through. */
static int open_new(const char *tmp)
{
    sts_sys.unlink(tmp);
    return sts_open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0666);
}

/* Without waiting for a pipe's reader. */
static int open_stream(const char *path)
{
    int fd = sts_open(path, O_WRONLY | O_NONBLOCK, 0);
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (flags >= 0) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return fd;
}

sts_writer *sts_writer_open(const char *path, sts_err *err)
{
    sts_writer *w = sts_alloc(1, sizeof *w);
    if (!w) return sts_fail_memory(err, path), NULL;
    w->fd = -1;
    bool stream = sts_is_stream(path);
    size_t n = strlen(path) + 32;
    w->path = sts_strdup(path);
    w->tmp = stream ? NULL : sts_alloc(n, 1);
    w->buf = sts_alloc(BUFFER, 1);
    if (!w->path || (!stream && !w->tmp) || !w->buf) {
        sts_fail_memory(err, path);
        writer_free(w);
        return NULL;
    }
    if (w->tmp) snprintf(w->tmp, n, "%s.tmp-%ld", path, (long)getpid());
    w->fd = w->tmp ? open_new(w->tmp) : open_stream(path);
    if (w->fd >= 0) return w;
    if (stream && errno == ENXIO)
        sts_fail(err, STS_FAILED, "%s: is not a regular file, but a pipe that nobody reads", path);
    else sts_fail_errno(err, path, "cannot write");
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
    if (sts_write_all(w->fd, w->buf, n)) return sts_fail_errno(err, w->path, "cannot write");
    return 0;
}

int sts_writer_write(sts_writer *w, const void *buf, size_t n, sts_err *err)
{
    const unsigned char *p = buf;
    while (n) {
        size_t k = n < BUFFER - w->n ? n : BUFFER - w->n;
        memcpy(w->buf + w->n, p, k);
        w->crc = (uint32_t)crc32(w->crc, p, (uInt)k);
        w->n += k, p += k, n -= k;
        if (w->n == BUFFER && flush(w, err)) return -1;
    }
    return 0;
}

int sts_writer_printf(sts_writer *w, sts_err *err, const char *fmt, ...)
{
    char small[512], *text = small;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) return sts_fail(err, STS_FAILED, "%s: cannot format", w->path);
    if ((size_t)n >= sizeof small) {
        text = sts_alloc((size_t)n + 1, 1);
        if (!text) return sts_fail_memory(err, w->path);
        va_start(ap, fmt);
        vsnprintf(text, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    int rc = sts_writer_write(w, text, (size_t)n, err);
    if (text != small) sts_free(text);
    return rc;
}

uint32_t sts_writer_crc(const sts_writer *w)
{
    return w->crc;
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

/* The file, which is whole, under its name. */
static int publish(const sts_writer *w, sts_err *err)
{
    if (sts_sys.rename(w->tmp, w->path)) return sts_fail_errno(err, w->path, "cannot rename");
    return sync_parent(w->path, err);
}

int sts_writer_commit(sts_writer *w, sts_err *err)
{
    int rc = flush(w, err);
    if (!rc && w->tmp && sts_fsync(w->fd)) rc = sts_fail_errno(err, w->path, "cannot sync");
    int fd = w->fd;
    w->fd = -1;
    if (sts_close(fd) && !rc) rc = sts_fail_errno(err, w->path, "cannot close");
    if (!rc && w->tmp) rc = publish(w, err);
    if (rc) sts_writer_abort(w);
    else writer_free(w);
    return rc;
}

void sts_writer_abort(sts_writer *w)
{
    if (!w) return;
    if (w->tmp) sts_sys.unlink(w->tmp);
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

int sts_rename(const char *from, const char *to, sts_err *err)
{
    if (sts_sys.rename(from, to)) return sts_fail_errno(err, to, "cannot rename");
    return sync_parent(to, err);
}
