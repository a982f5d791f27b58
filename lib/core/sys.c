/* sys.c - the real system calls, and loops over short counts. */
#include "core/sys.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

/* ---- the calls ---- */

/* Relative paths start where the thread's work began. */
static int start(int dir)
{
    return dir == AT_FDCWD ? sts_here_now().dir : dir;
}

/* Not 0, 1 or 2: a process that was started without them may print, and not into a file. */
static int above_standard(int fd)
{
    if (fd < 0 || fd > 2) return fd;
    int higher = fcntl(fd, F_DUPFD_CLOEXEC, 3), why = errno;
    close(fd);
    errno = why;
    return higher;
}

static int real_openat(int dir, const char *name, int flags, mode_t mode)
{
    return above_standard(openat(start(dir), name, flags | O_CLOEXEC, mode));
}

static int real_open(const char *path, int flags, mode_t mode)
{
    return real_openat(AT_FDCWD, path, flags, mode);
}

static int real_stat(const char *path, struct stat *s)
{
    return fstatat(start(AT_FDCWD), path, s, 0);
}

static int real_lstatat(int dir, const char *name, struct stat *s)
{
    return fstatat(start(dir), name, s, AT_SYMLINK_NOFOLLOW);
}

static int real_lstat(const char *path, struct stat *s)
{
    return real_lstatat(AT_FDCWD, path, s);
}

static int real_renameat(int dir, const char *from, int to_dir, const char *to)
{
    return renameat(start(dir), from, start(to_dir), to);
}

static int real_mkdirat(int dir, const char *name, mode_t mode)
{
    return mkdirat(start(dir), name, mode);
}

static int real_unlinkat(int dir, const char *name, int flags)
{
    return unlinkat(start(dir), name, flags);
}

static DIR *real_opendir(const char *path)
{
    int fd = real_open(path, O_RDONLY | O_DIRECTORY, 0);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d || fd < 0) return d;
    int why = errno;
    close(fd);
    errno = why;
    return NULL;
}

static int real_fstat(int fd, struct stat *s)
{
    return fstat(fd, s);
}

static int real_lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_SETLK, &whole);
}

static int real_reserve(int fd, off_t n)
{
#ifdef __APPLE__
    (void)fd, (void)n;
    errno = EOPNOTSUPP; /* the caller then writes */
    return -1;
#else
    errno = posix_fallocate(fd, 0, n);
    return errno ? -1 : 0;
#endif
}

static char *real_resolve(const char *path)
{
    char *whole = sts_here_path(path), *real = realpath(whole ? whole : path, NULL);
    sts_free(whole);
    return real;
}

static int real_exchange(int dir, const char *a, int b_dir, const char *b)
{
#ifdef SYS_renameat2
    return (int)syscall(SYS_renameat2, start(dir), a, start(b_dir), b, 2U); /* RENAME_EXCHANGE */
#else
    (void)dir, (void)a, (void)b_dir, (void)b;
    errno = ENOSYS;
    return -1;
#endif
}

sts_sys_table sts_sys = {
    .open = real_open,
    .read = read,
    .write = write,
    .fsync = fsync,
    .close = close,
    .renameat = real_renameat,
    .mkdirat = real_mkdirat,
    .seek = lseek,
    .stat = real_stat,
    .lstat = real_lstat,
    .fstat = real_fstat,
    .opendir = real_opendir,
    .readdir = readdir,
    .closedir = closedir,
    .lock = real_lock,
    .reserve = real_reserve,
    .openat = real_openat,
    .lstatat = real_lstatat,
    .unlinkat = real_unlinkat,
    .fdopendir = fdopendir,
    .exchange = real_exchange,
    .fchmod = fchmod,
    .truncate = ftruncate,
    .resolve = real_resolve,
};

/* ---- loops ---- */

int sts_open(const char *path, int flags, mode_t mode)
{
    int fd;
    do fd = sts_sys.open(path, flags, mode);
    while (fd < 0 && errno == EINTR && !sts_stop_asked());
    return fd;
}

int sts_close(int fd)
{
    return sts_sys.close(fd) && errno != EINTR ? -1 : 0;
}

int sts_fsync(int fd)
{
    int rc;
    do rc = sts_sys.fsync(fd);
    while (rc && errno == EINTR);
    return rc;
}

ssize_t sts_read_all(int fd, void *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t k = sts_sys.read(fd, (char *)buf + done, n - done);
        if (k == 0) break;
        if (k < 0 && errno == EINTR) continue;
        if (k < 0) return -1;
        done += (size_t)k;
    }
    return (ssize_t)done;
}

int sts_write_all(int fd, const void *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t k = sts_sys.write(fd, (const char *)buf + done, n - done);
        if (k < 0 && errno == EINTR) continue;
        if (k < 0) return -1;
        done += (size_t)k;
    }
    return 0;
}

int64_t sts_file_size(const char *path)
{
    struct stat s;
    if (sts_sys.stat(path, &s)) return -1;
    errno = 0;
    return S_ISREG(s.st_mode) ? (int64_t)s.st_size : -1;
}
