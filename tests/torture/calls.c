/* calls.c - each system call fails once: with EIO, ENOSPC, EINTR, or by doing less than it was
 * asked for. EINTR and short counts must not matter; the rest is reported, and what was saved
 * before still loads: training continues from there. */
#include "scenes.h"

#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum how { IO, NO_SPACE, INTERRUPTED, SHORT, HOWS };
static const char *const how_name[] = {"EIO", "ENOSPC", "EINTR", "short"};
static const int how_errno[] = {EIO, ENOSPC, EINTR, 0};

static sts_sys_table real;
static size_t made, fail_at;
static enum how fail_how;
static const char *failed; /* the call that did */

static bool chosen[1 << 13], choosing; /* with stride 0: one below each call that leads to any */

/* Counts a call; does this one fail? `soft` calls can be interrupted. */
static bool fails(const char *name, bool soft)
{
    if (made < sizeof chosen && choosing) chosen[made] = places_new();
    if (++made != fail_at) return false;
    if (fail_how == SHORT || (fail_how == INTERRUPTED && !soft)) return false;
    failed = name;
    errno = how_errno[fail_how];
    return true;
}

/* Of a read or a write: half of what was asked for. */
static size_t part(const char *name, size_t n)
{
    if (made != fail_at || fail_how != SHORT || n < 2) return n;
    failed = name;
    return n / 2;
}

static int open_(const char *path, int flags, mode_t mode)
{
    return fails("open", true) ? -1 : real.open(path, flags, mode);
}

static ssize_t read_(int fd, void *buf, size_t n)
{
    return fails("read", true) ? -1 : real.read(fd, buf, part("read", n));
}

static ssize_t write_(int fd, const void *buf, size_t n)
{
    return fails("write", true) ? -1 : real.write(fd, buf, part("write", n));
}

static int fsync_(int fd) { return fails("fsync", true) ? -1 : real.fsync(fd); }

static int close_(int fd)
{
    bool bad = fails("close", true);
    int e = errno, rc = real.close(fd); /* the descriptor is gone in any case */
    errno = e;
    return bad ? -1 : rc;
}

static int renameat_(int d, const char *a, int to, const char *b)
{
    return fails("renameat", false) ? -1 : real.renameat(d, a, to, b);
}

static int mkdirat_(int d, const char *name, mode_t m)
{
    return fails("mkdirat", false) ? -1 : real.mkdirat(d, name, m);
}

static off_t seek_(int fd, off_t at, int whence)
{
    return fails("lseek", false) ? -1 : real.seek(fd, at, whence);
}

static int stat_(const char *path, struct stat *s)
{
    return fails("stat", false) ? -1 : real.stat(path, s);
}

static int lstat_(const char *path, struct stat *s)
{
    return fails("lstat", false) ? -1 : real.lstat(path, s);
}

static int fstat_(int fd, struct stat *s) { return fails("fstat", false) ? -1 : real.fstat(fd, s); }
static DIR *opendir_(const char *path)
{
    return fails("opendir", false) ? NULL : real.opendir(path);
}

static struct dirent *readdir_(DIR *d) { return fails("readdir", false) ? NULL : real.readdir(d); }
static int lock_(int fd) { return fails("fcntl", false) ? -1 : real.lock(fd); }
static int reserve_(int fd, off_t n)
{
    return fails("fallocate", true) ? -1 : real.reserve(fd, n);
}

static int openat_(int dir, const char *name, int flags, mode_t mode)
{
    bool makes = flags & O_CREAT;
    return fails(makes ? "creat" : "openat", true) ? -1 : real.openat(dir, name, flags, mode);
}

static int lstatat_(int dir, const char *name, struct stat *s)
{
    return fails("fstatat", false) ? -1 : real.lstatat(dir, name, s);
}

static int unlinkat_(int dir, const char *name, int flags)
{
    return fails("unlinkat", false) ? -1 : real.unlinkat(dir, name, flags);
}

static DIR *fdopendir_(int fd) { return fails("fdopendir", false) ? NULL : real.fdopendir(fd); }
static int truncate_(int fd, off_t n)
{
    return fails("truncate", false) ? -1 : real.truncate(fd, n);
}
static int fchmod_(int fd, mode_t m) { return fails("fchmod", false) ? -1 : real.fchmod(fd, m); }
static char *resolve_(const char *p) { return fails("realpath", false) ? NULL : real.resolve(p); }

static int exchange_(int d, const char *a, int to, const char *b)
{
    return fails("renameat2", false) ? -1 : real.exchange(d, a, to, b);
}

static const sts_sys_table counting = {.open = open_,
                                       .read = read_,
                                       .write = write_,
                                       .fsync = fsync_,
                                       .close = close_,
                                       .renameat = renameat_,
                                       .mkdirat = mkdirat_,
                                       .seek = seek_,
                                       .stat = stat_,
                                       .lstat = lstat_,
                                       .fstat = fstat_,
                                       .opendir = opendir_,
                                       .readdir = readdir_,
                                       .lock = lock_,
                                       .reserve = reserve_,
                                       .openat = openat_,
                                       .lstatat = lstatat_,
                                       .unlinkat = unlinkat_,
                                       .fdopendir = fdopendir_,
                                       .exchange = exchange_,
                                       .fchmod = fchmod_,
                                       .truncate = truncate_,
                                       .resolve = resolve_};

/* Runs the scene with the nth call failing; what it gives, the number of calls, and its product. */
static int play(const scene *s, size_t nth, enum how how, char **product, sts_err *err)
{
    scene_begin(s, !nth);
    *product = NULL;
    made = 0;
    fail_at = nth;
    fail_how = how;
    failed = NULL;
    real = sts_sys;
    sts_sys = counting;
    sts_sys.closedir = real.closedir;
    int rc = s->run(product, err);
    sts_sys = real;
    if (!rc) *product = scene_product(s, *product);
    return rc;
}

static size_t tried, ignored;

static void verify(const char *where, enum how how, int rc, const sts_err *err)
{
    if (rc && (!failed || how >= INTERRUPTED)) wrong(where, "must not matter: %s", err->text);
    if (rc && (err->code != STS_FAILED || !*err->text))
        wrong(where, "code %d: %s", err->code, err->text);
    if (rc || !failed || how >= INTERRUPTED) return;
    ignored++;
    if (getenv("VERBOSE")) printf("    %s: ignored\n", where);
}

/* A failing unlink or rmdir may leave what it was to take away, until the next run. */
static void look_over(const scene *s, const char *where, int rc)
{
    sts_err err = {0};
    bool sweeping = failed && (strstr(failed, "unlink") || strstr(failed, "dir") ||
                               strstr(failed, "stat") || !strcmp(failed, "openat"));
    check_run(scratch("run"), rc && sweeping, where);
    if (!rc) return;
    if (train_run(scratch("run"), s->model, s->steps, true, 0, &err))
        wrong(where, "cannot continue: %s", err.text);
    check_run(scratch("run"), false, where);
}

static void fail_nth(const scene *s, size_t nth, enum how how, const char *whole)
{
    char where[96], *product;
    sts_err err = {0};
    size_t live = sts_mem_live();
    int rc = play(s, nth, how, &product, &err);
    snprintf(where, sizeof where, "%s: call %zu (%s) %s", s->name, nth, failed ? failed : "-",
             how_name[how]);
    if (failed) tried++;
    if (sts_mem_live() != live) wrong(where, "leaked (%s)", err.text);
    verify(where, how, rc, &err);
    if (!rc) same_product(where, product, whole);
    free(product);
    if (s->model) look_over(s, where, rc);
}

static void torture(const scene *s, size_t stride)
{
    char *whole;
    sts_err err = {0};
    choosing = !stride;
    if (play(s, 0, IO, &whole, &err)) wrong(s->name, "%s", err.text);
    choosing = false;
    size_t calls = made, from = tried, kept = ignored;
    for (size_t i = 1; i <= calls; i++) {
        if (stride ? (i - 1) % stride : i > sizeof chosen || !chosen[i - 1]) continue;
        for (int how = 0; how < HOWS; how++) fail_nth(s, i, (enum how)how, whole);
    }
    printf("%-16s %6zu system calls, %zu faults injected, %zu hard ones without effect\n", s->name,
           calls, tried - from, ignored - kept);
    fflush(stdout);
    free(whole);
}

void torture_calls(const char *only, size_t stride)
{
    places_forget();
    for (size_t i = 0; i < n_scenes; i++)
        if (!only || !strcmp(only, scenes[i].name)) torture(&scenes[i], stride);
    printf("system calls: %zu faults injected\n", tried);
}
