/* sys.h - the system calls that touch files, in one replaceable table, so that tests can make
 * each of them fail. Library code calls sts_sys.read(...) and so on, never read(...) itself. */
#ifndef STS_CORE_SYS_H
#define STS_CORE_SYS_H

#include <dirent.h>
#include <sys/stat.h>
#include <sys/types.h>

typedef struct sts_sys_table {
    int (*open)(const char *path, int flags, mode_t mode);
    ssize_t (*read)(int fd, void *buf, size_t n);
    ssize_t (*write)(int fd, const void *buf, size_t n);
    int (*fsync)(int fd);
    int (*close)(int fd);
    int (*renameat)(int dir, const char *from, int to_dir, const char *to);
    int (*mkdirat)(int dir, const char *name, mode_t mode);
    off_t (*seek)(int fd, off_t offset, int whence);
    int (*stat)(const char *path, struct stat *s);
    int (*lstat)(const char *path, struct stat *s);
    int (*fstat)(int fd, struct stat *s);
    DIR *(*opendir)(const char *path);
    struct dirent *(*readdir)(DIR *d);
    int (*closedir)(DIR *d);
    int (*lock)(int fd);                   /* for writing, the whole file, without waiting */
    int (*reserve)(int fd, off_t n);       /* room on the disk for n bytes from the start */
    int (*openat)(int dir, const char *name, int flags, mode_t mode);
    int (*lstatat)(int dir, const char *name, struct stat *s); /* of a link itself */
    int (*unlinkat)(int dir, const char *name, int flags);
    DIR *(*fdopendir)(int fd);
    /* two names for each other's; EINVAL or ENOSYS: cannot be done */
    int (*exchange)(int dir, const char *a, int b_dir, const char *b);
    int (*fchmod)(int fd, mode_t mode);
    int (*truncate)(int fd, off_t n);
    char *(*resolve)(const char *path);    /* realpath; freed by free */
} sts_sys_table;

extern sts_sys_table sts_sys;

/* Opens, again after EINTR: a pipe may keep it waiting. Ends with EINTR on sts_stop_asked. */
int sts_open(const char *path, int flags, mode_t mode);

/* Closes; EINTR is not an error there: the descriptor is gone all the same. */
int sts_close(int fd);

int sts_fsync(int fd); /* again after EINTR */

/* All n bytes: short counts and EINTR are retried. The count (short at the end of the file for
 * reads), or -1 with errno. */
ssize_t sts_read_all(int fd, void *buf, size_t n);
int sts_write_all(int fd, const void *buf, size_t n);

#endif
