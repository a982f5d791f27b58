/* exchanges.c - the run directory, or what is in it, is exchanged for a link to a directory outside
 * before every system call of a run that is resumed: for that call only, or for all that follow.
 * What is outside stays as it is; where everything is as before, a run ends as one left alone. */
#include "scenes.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEPS = 4, STOP = 2 };

static sts_sys_table real;
static const char *victim;
static size_t made, exchange_at;
static bool locked; /* the run has its directory: before that a link is the user's own */
static bool lasting, exchanged;

static void exchange_victim(void)
{
    char aside[300], path[300];
    struct stat s;
    snprintf(path, sizeof path, "%s", scratch(victim));
    snprintf(aside, sizeof aside, "%s", scratch("aside"));
    if (stat(path, &s) || !S_ISDIR(s.st_mode)) return;
    if (rename(path, aside) || symlink(scratch("outside"), path)) wrong(victim, "cannot exchange");
    exchanged = true;
}

static void put_back(void)
{
    char path[300];
    if (!exchanged) return;
    exchanged = false; /* what follows makes calls of its own */
    snprintf(path, sizeof path, "%s", scratch(victim));
    unlink(path); /* unless the run has removed the link, or replaced it */
    if (rename(scratch("aside"), path) && !lasting) sts_dir_remove(scratch("aside"), NULL);
}

static void before(void)
{
    if (locked && ++made == exchange_at) exchange_victim();
}

static void after(void)
{
    if (!lasting && made >= exchange_at) put_back();
}

#define CALL(type, name, params, args) \
    static type name##_ params         \
    {                                  \
        before();                      \
        type rc = real.name args;      \
        after();                       \
        return rc;                     \
    }

CALL(int, open, (const char *p, int f, mode_t m), (p, f, m))
CALL(int, openat, (int d, const char *p, int f, mode_t m), (d, p, f, m))
CALL(int, stat, (const char *p, struct stat *s), (p, s))
CALL(int, lstat, (const char *p, struct stat *s), (p, s))
CALL(int, lstatat, (int d, const char *p, struct stat *s), (d, p, s))
CALL(int, renameat, (int d, const char *a, int to, const char *b), (d, a, to, b))
CALL(int, mkdirat, (int d, const char *p, mode_t m), (d, p, m))
CALL(int, exchange, (int d, const char *a, int to, const char *b), (d, a, to, b))
CALL(int, unlinkat, (int d, const char *p, int f), (d, p, f))

static int lock_(int fd)
{
    locked = true;
    return real.lock(fd);
}

static void install(void)
{
    real = sts_sys;
    sts_sys.open = open_;
    sts_sys.openat = openat_;
    sts_sys.stat = stat_;
    sts_sys.lstat = lstat_;
    sts_sys.lstatat = lstatat_;
    sts_sys.renameat = renameat_;
    sts_sys.mkdirat = mkdirat_;
    sts_sys.exchange = exchange_;
    sts_sys.unlinkat = unlinkat_;
    sts_sys.lock = lock_;
}

/* ---- what is outside ---- */

/* Names that a run would write, replace or remove. */
static const char *const foreign[] = {"report.json",       "log.jsonl", "model/README.md",
                                      "checkpoint-1/mine", "README.md", "model.unfinished/mine"};
#define FOREIGN (sizeof foreign / sizeof *foreign)

static void make_outside(void)
{
    for (size_t i = 0; i < FOREIGN; i++) {
        char path[300];
        snprintf(path, sizeof path, "outside/%s", foreign[i]);
        snprintf(path, sizeof path, "%s", scratch(path));
        char *slash = strrchr(path, '/');
        *slash = 0;
        int rc = sts_dir_make(path, NULL);
        *slash = '/';
        if (rc || sts_file_write(path, "mine", 4, NULL)) wrong("outside", "cannot be made");
    }
}

static size_t count_files(const char *dir)
{
    char **names;
    size_t n, files = 0;
    if (sts_dir_list(dir, &names, &n, NULL)) wrong(dir, "cannot be listed");
    for (size_t i = 0; i < n; i++) {
        char *path = sts_path_join(dir, names[i]);
        files += sts_dir_exists(path) ? count_files(path) : 1;
        sts_free(path);
    }
    sts_names_free(names, n);
    return files;
}

static void check_outside(const char *where)
{
    for (size_t i = 0; i < FOREIGN; i++) {
        char path[300];
        size_t n;
        snprintf(path, sizeof path, "outside/%s", foreign[i]);
        char *text = sts_file_read(scratch(path), 100, STS_FAILED, &n, NULL);
        if (!text || strcmp(text, "mine")) wrong(where, "%s is not as it was", path);
        sts_free(text);
    }
    if (count_files(scratch("outside")) != FOREIGN) wrong(where, "a file outside is new");
}

/* ---- the loop ---- */

static void prepare(void)
{
    sts_err err = {0};
    scratch_clear();
    make_outside();
    /* stopped after its second step: the interruption is what it reports */
    if (!train_run(scratch("run"), "bag", STEPS, false, STOP, &err)) wrong("exchange", "not cut");
}

static int resume(size_t nth, bool lasts, sts_err *err)
{
    prepare();
    made = 0;
    locked = exchanged = false;
    exchange_at = nth;
    lasting = lasts;
    install();
    int rc = train_run(scratch("run"), "bag", STEPS, true, 0, err);
    sts_sys = real;
    return rc;
}

static void exchange_one(const char *what, size_t stride)
{
    sts_err err = {0};
    size_t survived = 0, calls;
    victim = what;
    if (resume(0, false, &err)) wrong(what, "%s", err.text);
    calls = made;
    for (int lasts = 0; lasts < 2; lasts++)
        for (size_t nth = 1; nth <= calls; nth += stride, survived++) {
            char where[96];
            snprintf(where, sizeof where, "%s exchanged %s call %zu", what,
                     lasts ? "from" : "for", nth);
            resume(nth, lasts, &err);
            check_outside(where);
        }
    printf("%-18s %5zu system calls, exchanged before %zu of them\n", what, calls, survived);
}

void torture_exchanges(size_t stride)
{
    static const char *const what[] = {"run", "run/model", "run/checkpoint-2"};
    for (size_t i = 0; i < sizeof what / sizeof *what; i++) exchange_one(what[i], stride);
}
