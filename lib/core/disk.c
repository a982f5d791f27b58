/* disk.c - a trial of the disk with a file of full size. */
#include "core/disk.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 16)

/* For file systems that cannot set room aside. */
static int fill(int fd, uint64_t bytes)
{
    static const char zeros[PIECE];
    for (uint64_t left = bytes; left;) {
        size_t n = left < PIECE ? (size_t)left : PIECE;
        if (sts_write_all(fd, zeros, n)) return -1;
        left -= n;
    }
    return 0;
}

static int reserve(int fd, uint64_t bytes)
{
    int rc;
    do rc = sts_sys.reserve(fd, (off_t)bytes);
    while (rc && errno == EINTR);
    if (rc && (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS)) rc = fill(fd, bytes);
    return rc ? rc : sts_fsync(fd);
}

int sts_disk_try(const char *dir, uint64_t bytes, sts_err *err)
{
    char name[48], what[80];
    snprintf(name, sizeof name, ".trial.tmp-%ld", (long)getpid());
    char *path = sts_path_join(dir, name);
    if (!path) return sts_fail_memory(err, dir);
    int fd = sts_open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    int rc = fd < 0 ? sts_fail_errno(err, dir, "cannot write") : 0;
    if (!rc && bytes && reserve(fd, bytes)) {
        snprintf(what, sizeof what, "no room for a checkpoint and the model, %.1f MB",
                 (double)bytes / 1e6);
        rc = sts_fail_errno(err, dir, what);
    }
    if (fd >= 0 && sts_close(fd) && !rc) rc = sts_fail_errno(err, dir, "cannot write");
    if (fd >= 0 && sts_sys.unlink(path) && !rc) rc = sts_fail_errno(err, path, "cannot remove");
    sts_free(path);
    return rc;
}
