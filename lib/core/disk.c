/* disk.c - a trial of the disk with a file of full size. */
#include "core/disk.h"

#include "core/c_locale.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

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

/* The file is to be removed in any case. */
static int try_file(int fd, const char *dir, uint64_t bytes, sts_err *err)
{
    char what[80];
    int rc = 0;
    if (bytes && reserve(fd, bytes)) {
        sts_print(what, sizeof what, "no room for a checkpoint and the model, %.1f MB",
                  (double)bytes / 1e6);
        rc = sts_fail_errno(err, dir, what);
    }
    return sts_close(fd) && !rc ? sts_fail_errno(err, dir, "cannot write") : rc;
}

/* Tries a file beside `path`, whose name is put into tmp. */
static int try_place(const char *path, char *tmp, size_t room, const char *dir, uint64_t bytes,
                     sts_err *err)
{
    sts_place p;
    if (sts_place_open(&p, path)) return sts_fail_errno(err, dir, "cannot write");
    int fd = sts_file_new(&p, tmp, room);
    int rc = fd < 0 ? sts_fail_errno(err, dir, "cannot write") : try_file(fd, dir, bytes, err);
    if (fd >= 0 && sts_sys.unlinkat(p.dir, tmp, 0) && !rc)
        rc = sts_fail_errno(err, tmp, "cannot remove");
    sts_place_close(&p);
    return rc;
}

int sts_disk_try(const char *dir, uint64_t bytes, sts_err *err)
{
    char *path = sts_path_join(dir, STS_TRIAL);
    size_t room = path ? strlen(path) + STS_TMP_ROOM : 0;
    char *tmp = path ? sts_alloc(room, 1) : NULL;
    int rc = tmp ? try_place(path, tmp, room, dir, bytes, err) : sts_fail_memory(err, dir);
    sts_free(tmp);
    sts_free(path);
    return rc;
}
