/* sys.c - the real system calls, and loops over short counts. */
#include "core/sys.h"

#include "core/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

static int real_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags | O_CLOEXEC, mode);
}

static int real_stat(const char *path, struct stat *s)
{
    return stat(path, s);
}

static int real_lstat(const char *path, struct stat *s)
{
    return lstat(path, s);
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

static int real_openat(int dir, const char *name, int flags, mode_t mode)
{
    return openat(dir, name, flags | O_CLOEXEC, mode);
}

static int real_lstatat(int dir, const char *name, struct stat *s)
{
    return fstatat(dir, name, s, AT_SYMLINK_NOFOLLOW);
}

static char *real_resolve(const char *path)
{
    return realpath(path, NULL);
}

static int real_exchange(int dir, const char *a, int b_dir, const char *b)
{
#ifdef SYS_renameat2
    return (int)syscall(SYS_renameat2, dir, a, b_dir, b, 2U); /* RENAME_EXCHANGE */
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
    .renameat = renameat,
    .mkdirat = mkdirat,
    .seek = lseek,
    .stat = real_stat,
    .lstat = real_lstat,
    .fstat = real_fstat,
    .opendir = opendir,
    .readdir = readdir,
    .closedir = closedir,
    .lock = real_lock,
    .reserve = real_reserve,
    .openat = real_openat,
    .lstatat = real_lstatat,
    .unlinkat = unlinkat,
    .fdopendir = fdopendir,
    .exchange = real_exchange,
    .fchmod = fchmod,
    .truncate = ftruncate,
    .resolve = real_resolve,
};

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
