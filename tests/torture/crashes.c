/* crashes.c - the process ends before, in and after every system call of a run; a run that goes on
 * from there ends with the weights of one that was never cut. And runs cut at every step. */
#include "scenes.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static sts_sys_table real;
static size_t made, end_at;
static int end_how; /* 0: before the call; 1: in the middle of a write; 2: after it */

enum { DIED = 99, STEPS = 6 };

static void before(void)
{
    if (++made == end_at && end_how == 0) _exit(DIED);
}

static void after(void)
{
    if (made == end_at) _exit(DIED);
}

#define CALL(type, name, params, args)  \
    static type name##_ params          \
    {                                   \
        before();                       \
        type rc = real.name args;       \
        after();                        \
        return rc;                      \
    }

CALL(int, open, (const char *p, int f, mode_t m), (p, f, m))
CALL(ssize_t, read, (int fd, void *b, size_t n), (fd, b, n))
CALL(int, fsync, (int fd), (fd))
CALL(int, close, (int fd), (fd))
CALL(int, rename, (const char *a, const char *b), (a, b))
CALL(int, unlink, (const char *p), (p))
CALL(int, mkdir, (const char *p, mode_t m), (p, m))
CALL(int, rmdir, (const char *p), (p))
CALL(int, reserve, (int fd, off_t n), (fd, n))

static ssize_t write_(int fd, const void *buf, size_t n)
{
    before();
    if (made == end_at && end_how == 1) {
        if (real.write(fd, buf, n / 2) < 0) _exit(DIED);
        _exit(DIED);
    }
    ssize_t rc = real.write(fd, buf, n);
    after();
    return rc;
}

static void install(void)
{
    real = sts_sys;
    sts_sys.open = open_;
    sts_sys.read = read_;
    sts_sys.write = write_;
    sts_sys.fsync = fsync_;
    sts_sys.close = close_;
    sts_sys.rename = rename_;
    sts_sys.unlink = unlink_;
    sts_sys.mkdir = mkdir_;
    sts_sys.rmdir = rmdir_;
    sts_sys.reserve = reserve_;
}

/* Trains in a child that ends at call `nth`; its exit code. The number of calls into *calls. */
static int child(const char *model, size_t nth, int how, bool resume, size_t *calls)
{
    int pipes[2], status;
    if (pipe(pipes)) wrong("crash", "no pipe");
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) wrong("crash", "no fork");
    if (!pid) {
        sts_err err = {0};
        install();
        end_at = nth;
        end_how = how;
        int rc = train_run(scratch("run"), model, STEPS, resume, 0, &err);
        if (rc) fprintf(stderr, "torture: %s\n", err.text);
        if (write(pipes[1], &made, sizeof made) < 0) rc = 1;
        _exit(rc ? 1 : 0);
    }
    close(pipes[1]);
    if (calls && read(pipes[0], calls, sizeof *calls) != sizeof *calls) *calls = 0;
    close(pipes[0]);
    if (waitpid(pid, &status, 0) != pid) wrong("crash", "no child");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The weights, and the log without its rates and the report's times. */
static char *weights(const char *run)
{
    char *product = run_product(run), path[300];
    size_t n = 0, lines = 0;
    snprintf(path, sizeof path, "%s/log.jsonl", run);
    char *log = sts_file_read(path, (size_t)1 << 20, STS_FAILED, &n, NULL);
    char *out = sts_alloc(strlen(product) + n + 32, 1);
    if (!log || !out) wrong("crash", "no log");
    strcpy(out, product);
    for (char *line = strtok(log, "\n"); line; line = strtok(NULL, "\n"), lines++) {
        char *rate = strstr(line, ",\"pairs_per_s\"");
        if (rate) *rate = 0;
        strcat(strcat(out, "\n"), line);
    }
    sts_free(product);
    sts_free(log);
    return out;
}

static void same(const char *where, const char *whole)
{
    char *now = weights(scratch("run"));
    if (strcmp(now, whole)) wrong(where, "not the weights and log of the uncut run:\n%s\n%s", now, whole);
    sts_free(now);
}

static void crash_at(const char *model, size_t nth, int how, const char *whole)
{
    char where[80];
    snprintf(where, sizeof where, "%s: ended at call %zu (%d)", model, nth, how);
    scratch_clear();
    int rc = child(model, nth, how, false, NULL);
    if (rc != DIED && rc != 0) wrong(where, "exit %d", rc);
    check_run(scratch("run"), true, where);
    rc = child(model, 0, 0, true, NULL);
    if (rc) wrong(where, "the run that went on: exit %d", rc);
    check_run(scratch("run"), false, where);
    same(where, whole);
}

void torture_crashes(const char *only, size_t stride)
{
    static const char *const models[] = {"bag", "data/tiny-bert"};
    size_t tried = 0;
    for (int m = 0; m < 2; m++) {
        size_t calls = 0;
        if (only && strcmp(only, models[m])) continue;
        scratch_clear();
        if (child(models[m], 0, 0, false, &calls)) wrong("crash", "the uncut run failed");
        char *whole = weights(scratch("run"));
        for (size_t i = 1; i <= calls; i += stride)
            for (int how = 0; how < 3; how++, tried++) crash_at(models[m], i, how, whole);
        printf("%-14s %6zu system calls to end at\n", models[m], calls);
        sts_free(whole);
    }
    printf("%zu crashes survived\n", tried);
}

/* ---- exact resume ---- */

/* Cut after each step, and cut twice, with both models. */
void torture_resume(void)
{
    static const char *const models[] = {"bag", "data/tiny-bert"};
    enum { LAST = 26 };
    size_t tried = 0;
    for (int m = 0; m < 2; m++) {
        sts_err err = {0};
        scratch_clear();
        if (train_run(scratch("run"), models[m], LAST, false, 0, &err)) wrong("resume", "%s", err.text);
        char *whole = weights(scratch("run"));
        for (uint64_t cut = 1; cut < LAST; cut++, tried += 2) {
            char where[64];
            snprintf(where, sizeof where, "%s: cut after step %d", models[m], (int)cut);
            scratch_clear();
            if (!train_run(scratch("run"), models[m], LAST, false, cut, &err) || err.code != 130)
                wrong(where, "was not interrupted: %s", err.text);
            uint64_t again = cut + 1 + cut % 3; /* a second cut, of the run that goes on */
            if (again < LAST &&
                (!train_run(scratch("run"), models[m], LAST, true, again, &err) || err.code != 130))
                wrong(where, "was not interrupted again: %s", err.text);
            if (train_run(scratch("run"), models[m], LAST, true, 0, &err)) wrong(where, "%s", err.text);
            same(where, whole);
        }
        sts_free(whole);
    }
    printf("%zu cuts resumed exactly\n", tried);
}
