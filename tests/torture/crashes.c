/* crashes.c - the process ends before, in and after every system call of a run, and at every event
 * (steps, pieces of an evaluation); a run that resumes from there ends with the bytes of the
 * weights and the figures of one that was never cut; a run that starts from the one in its place
 * leaves a model there at every moment. And runs asked to stop at every step and event. */
#include "scenes.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static sts_sys_table real;
static size_t made, end_at;
static enum { BEFORE, AMID, AFTER, EVENT } end_how; /* amid: half of a write is done */

enum { DIED = 99, STEPS = 6 };

static void event(const char *what)
{
    (void)what;
    if (end_how == EVENT && ++made == end_at) _exit(DIED);
}

static void before(void)
{
    if (end_how != EVENT && ++made == end_at && end_how == BEFORE) _exit(DIED);
}

static void after(void)
{
    if (end_how != EVENT && made == end_at) _exit(DIED);
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
CALL(int, openat, (int d, const char *p, int f, mode_t m), (d, p, f, m))
CALL(int, renameat, (int d, const char *a, int to, const char *b), (d, a, to, b))
CALL(int, mkdirat, (int d, const char *p, mode_t m), (d, p, m))
CALL(int, unlinkat, (int d, const char *p, int f), (d, p, f))
CALL(int, reserve, (int fd, off_t n), (fd, n))

static ssize_t write_(int fd, const void *buf, size_t n)
{
    before();
    if (made == end_at && end_how == AMID) {
        if (real.write(fd, buf, n / 2) < 0) _exit(DIED);
        _exit(DIED);
    }
    ssize_t rc = real.write(fd, buf, n);
    after();
    return rc;
}

static bool can_exchange = true;

static int exchange_(int d, const char *a, int to, const char *b)
{
    before();
    int rc = can_exchange ? real.exchange(d, a, to, b) : -1;
    if (!can_exchange) errno = EINVAL;
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
    sts_sys.openat = openat_;
    sts_sys.renameat = renameat_;
    sts_sys.mkdirat = mkdirat_;
    sts_sys.exchange = exchange_;
    sts_sys.unlinkat = unlinkat_;
    sts_sys.reserve = reserve_;
}

/* What a child does in the run directory. */
typedef int work(const char *model, sts_err *err);

static int begin(const char *model, sts_err *err)
{
    return train_run(scratch("run"), model, STEPS, false, 0, err);
}

static int resume(const char *model, sts_err *err)
{
    return train_run(scratch("run"), model, STEPS, true, 0, err);
}

static int overwrite(const char *model, sts_err *err)
{
    (void)model;
    return train_over(scratch("run"), STEPS, err);
}

/* Works in a child that ends at call or event `nth`; its exit code. Their number into *calls. */
static int child(work *fn, const char *model, size_t nth, int how, size_t *calls)
{
    int pipes[2], status;
    if (pipe(pipes)) wrong("crash", "no pipe");
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) wrong("crash", "no fork");
    if (!pid) {
        sts_err err = {0};
        install();
        on_event = event;
        end_at = nth;
        end_how = (unsigned)how;
        int rc = fn(model, &err);
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

/* What a run has come to: the bytes of its weights; its log without rates, and its figures. */
typedef struct result {
    char *weights, *text;
    size_t n;
} result;

static void add_figures(char *to, size_t size, const char *run)
{
    static const char *const keys[] = {"evaluations", "best", "steps_done", "status"};
    char path[300];
    sts_err err = {0};
    snprintf(path, sizeof path, "%s/report.json", run);
    sts_json *report = sts_json_load(path, STS_DATA, &err);
    if (!report) wrong(run, "%s", err.text);
    for (size_t i = 0, n = strlen(to); i < sizeof keys / sizeof *keys; i++, n = strlen(to)) {
        char *text = sts_json_compact(sts_json_get(report, keys[i]));
        if (!text) wrong(run, "the report has no %s", keys[i]);
        snprintf(to + n, size - n, "%s: %s\n", keys[i], text);
        sts_free(text);
    }
    sts_json_free(report);
}

static result result_of(const char *run)
{
    result r = {0};
    char path[300], *log;
    size_t n = 0;
    sts_err err = {0};
    snprintf(path, sizeof path, "%s/model/model.safetensors", run);
    r.weights = sts_file_read(path, (size_t)1 << 30, STS_FAILED, &r.n, &err);
    snprintf(path, sizeof path, "%s/log.jsonl", run);
    log = r.weights ? sts_file_read(path, (size_t)1 << 20, STS_FAILED, &n, &err) : NULL;
    r.text = sts_alloc(n + (1 << 16), 1);
    if (!log || !r.text) wrong(run, "%s", err.text);
    for (char *line = strtok(log, "\n"); line; line = strtok(NULL, "\n")) {
        char *rate = strstr(line, ",\"pairs_per_s\"");
        if (rate) *rate = 0;
        strcat(strcat(r.text, line), "\n");
    }
    add_figures(r.text, n + (1 << 16), run);
    sts_free(log);
    return r;
}

static void result_free(result *r)
{
    sts_free(r->weights);
    sts_free(r->text);
}

static void same(const char *where, const result *whole)
{
    result now = result_of(scratch("run"));
    if (now.n != whole->n || memcmp(now.weights, whole->weights, now.n))
        wrong(where, "not the weights of the uncut run");
    if (strcmp(now.text, whole->text))
        wrong(where, "not the figures of the uncut run:\n%s\n%s", now.text, whole->text);
    result_free(&now);
}

static void crash_at(const char *model, size_t nth, int how, const result *whole)
{
    char where[80];
    snprintf(where, sizeof where, "%s: ended at %s %zu (%d)", model,
             how == EVENT ? "event" : "call", nth, how);
    scratch_clear();
    int rc = child(begin, model, nth, how, NULL);
    if (rc != DIED && rc != 0) wrong(where, "exit %d", rc);
    check_run(scratch("run"), true, where);
    rc = child(resume, model, 0, BEFORE, NULL);
    if (rc) wrong(where, "the run that went on: exit %d", rc);
    check_run(scratch("run"), false, where);
    same(where, whole);
}

static size_t tried;

static void crash_everywhere(const char *model, size_t stride)
{
    size_t calls = 0, events = 0;
    scratch_clear();
    if (child(begin, model, 0, EVENT, &events)) wrong("crash", "the uncut run failed");
    scratch_clear();
    if (child(begin, model, 0, BEFORE, &calls)) wrong("crash", "the uncut run failed");
    result whole = result_of(scratch("run"));
    for (size_t i = 1; i <= calls; i += stride)
        for (int how = BEFORE; how < EVENT; how++, tried++) crash_at(model, i, how, &whole);
    for (size_t i = 1; i <= events; i += stride, tried++) crash_at(model, i, EVENT, &whole);
    printf("%-16s %6zu system calls and %zu events to end at\n", model, calls, events);
    fflush(stdout);
    result_free(&whole);
}

/* ---- a run in place of the one that it starts from ---- */

/* Whatever call it ends at: the directory has a model that opens, and a run can take its place. */
static void overwrite_until(size_t nth, int how)
{
    char where[80];
    sts_err err = {0};
    snprintf(where, sizeof where, "overwriting, %s exchange: ended at call %zu (%d)",
             can_exchange ? "by" : "without", nth, how);
    int rc = child(overwrite, NULL, nth, how, NULL);
    if (rc != DIED && rc != 0) wrong(where, "exit %d", rc);
    check_run(scratch("run"), true, where);
    sts_model *m = sts_model_load(scratch("run"), &err);
    if (!m) wrong(where, "the model does not open: %s", err.text);
    sts_model_free(m);
    rc = child(overwrite, NULL, 0, BEFORE, NULL);
    if (rc) wrong(where, "the run in its place: exit %d", rc);
    check_run(scratch("run"), false, where);
}

static void overwrite_everywhere(size_t stride)
{
    for (int i = 0; i < 2; i++) {
        size_t calls = 0;
        can_exchange = !i;
        scratch_clear();
        if (child(begin, "bag", 0, BEFORE, NULL)) wrong("overwrite", "the first run failed");
        if (child(overwrite, NULL, 0, BEFORE, &calls)) wrong("overwrite", "the second run failed");
        for (size_t nth = 1; nth <= calls; nth += stride)
            for (int how = BEFORE; how < EVENT; how++, tried++) overwrite_until(nth, how);
        printf("%-16s %6zu system calls to end at\n", i ? "overwrite, plain" : "overwrite",
               calls);
        fflush(stdout);
    }
    can_exchange = true;
}

void torture_crashes(const char *only, size_t stride)
{
    if (!only || !strcmp(only, "overwrite")) overwrite_everywhere(stride);
    if (!only || !strcmp(only, "bag")) crash_everywhere("bag", stride);
    if (!only || !strcmp(only, "data/tiny-bert")) crash_everywhere("data/tiny-bert", stride);
    printf("%zu crashes survived\n", tried);
}

/* ---- exact resume ---- */

enum { LAST = 26 };

static void stopped(const char *where, const char *model, uint64_t at, bool resume)
{
    sts_err err = {0};
    char saved[32];
    if (!train_run(scratch("run"), model, LAST, resume, at, &err) || err.code != 130)
        wrong(where, "was not interrupted at step %d: %s", (int)at, err.text);
    snprintf(saved, sizeof saved, "run/checkpoint-%d", (int)at);
    if (!sts_dir_exists(scratch(saved))) wrong(where, "no %s", saved);
}

/* Stopped after step `cut`, and in most cases once more; the number of stops. */
static size_t stop_at(const char *model, uint64_t cut, const result *whole)
{
    char where[64];
    sts_err err = {0};
    uint64_t again = cut + 2 + cut % 3;
    snprintf(where, sizeof where, "%s: stopped after step %d", model, (int)cut);
    scratch_clear();
    stopped(where, model, cut, false);
    if (again < LAST) stopped(where, model, again, true);
    if (train_run(scratch("run"), model, LAST, true, 0, &err)) wrong(where, "%s", err.text);
    same(where, whole);
    return again < LAST ? 2 : 1;
}

void torture_resume(void)
{
    static const char *const models[] = {"bag", "data/tiny-bert"};
    size_t stops = 0;
    for (int m = 0; m < 2; m++) {
        sts_err err = {0};
        scratch_clear();
        if (train_run(scratch("run"), models[m], LAST, false, 0, &err))
            wrong("resume", "%s", err.text);
        result whole = result_of(scratch("run"));
        for (uint64_t cut = 1; cut < LAST; cut++) stops += stop_at(models[m], cut, &whole);
        result_free(&whole);
    }
    printf("%zu stops resumed exactly\n", stops);
}

/* ---- requests to stop ---- */

#define RESAMPLES 250 /* of which one is an event here: they are all alike */

static size_t met, resampled, request_at;

static void request(const char *what)
{
    if (!strcmp(what, "resampling") && resampled++ % RESAMPLES) return;
    if (++met == request_at) stop_run(SIGTERM);
}

/* Asked to stop at event `at`: nothing is there, or all that the uncut run needs to continue. */
static bool request_stop(const char *model, size_t at, const result *whole)
{
    char where[64];
    sts_err err = {0};
    snprintf(where, sizeof where, "%s: asked to stop at event %zu", model, at);
    scratch_clear();
    met = resampled = 0;
    request_at = at;
    int rc = train_run(scratch("run"), model, STEPS, false, 0, &err);
    if (rc && err.code != 128 + SIGTERM) wrong(where, "code %d: %s", err.code, err.text);
    if (!sts_dir_exists(scratch("run"))) return false;
    check_run(scratch("run"), false, where);
    request_at = 0;
    if (rc && train_run(scratch("run"), model, STEPS, true, 0, &err)) wrong(where, "%s", err.text);
    same(where, whole);
    return rc;
}

void torture_stops(const char *model)
{
    sts_err err = {0};
    size_t stops = 0, events;
    scratch_clear();
    on_event = request;
    met = resampled = request_at = 0;
    if (train_run(scratch("run"), model, STEPS, false, 0, &err)) wrong("stops", "%s", err.text);
    events = met;
    result whole = result_of(scratch("run"));
    for (size_t at = 1; at <= events; at++) stops += request_stop(model, at, &whole);
    on_event = NULL;
    result_free(&whole);
    printf("%-16s %zu events, stopped at %zu of them with something saved\n", model, events, stops);
    if (!stops) wrong("stops", "no run could be resumed");
}
