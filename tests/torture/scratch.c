/* scratch.c - the scratch directory, and looking over what is left in it. */
#include "scenes.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "train/checkpoint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void wrong(const char *where, const char *fmt, ...)
{
    va_list ap;
    fprintf(stderr, "\ntorture: %s: ", where);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n");
    _exit(1);
}

/* ---- the scratch directory ---- */

static char root[64];

void scratch_open(void)
{
    strcpy(root, sts_dir_exists("/dev/shm") ? "/dev/shm/stsfit-torture-XXXXXX"
                                            : "/tmp/stsfit-torture-XXXXXX");
    if (!mkdtemp(root)) wrong("scratch", "cannot make %s", root);
}

const char *scratch(const char *name)
{
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", root, name);
    return path[turn];
}

void scratch_clear(void)
{
    char **names;
    size_t n;
    if (sts_dir_list(root, &names, &n, NULL)) wrong("scratch", "cannot list %s", root);
    for (size_t i = 0; i < n; i++) {
        const char *path = scratch(names[i]);
        if (sts_dir_exists(path) ? sts_dir_remove(path, NULL) : unlink(path))
            wrong("scratch", "cannot remove %s", path);
    }
    sts_names_free(names, n);
}

void scratch_close(void)
{
    sts_dir_remove(root, NULL);
}

/* ---- what a run leaves ---- */

static void add_keys(char *out, size_t size, const sts_json *x)
{
    for (const sts_json *c = x->child; c; c = c->next) {
        size_t n = strlen(out);
        snprintf(out + n, size - n, "%s%s", c->key ? c->key : ".", c->child ? "{" : ",");
        add_keys(out, size, c);
        n = strlen(out);
        if (c->child) snprintf(out + n, size - n, "}");
    }
}

/* How often `mark` is in a file of the run; -1 without the file. */
static int marks(const char *run, const char *name, const char *mark)
{
    char path[320];
    size_t n;
    snprintf(path, sizeof path, "%s/%s", run, name);
    char *text = sts_file_read(path, 1 << 24, STS_FAILED, &n, NULL);
    int found = text ? 0 : -1;
    for (const char *p = text; p && (p = strstr(p, mark)); p++) found++;
    sts_free(text);
    return found;
}

char *run_product(const char *run)
{
    char path[320], *out = sts_alloc(1 << 14, 1);
    uint32_t crc = 0;
    uint64_t bytes = 0;
    sts_err err = {0};
    snprintf(path, sizeof path, "%s/model/model.safetensors", run);
    if (!out || sts_file_crc(path, &crc, &bytes, &err)) wrong(run, "no model: %s", err.text);
    snprintf(out, 1 << 14, "%08x %llu, %d pairs, %d rows of the page, %d lines of the card ", crc,
             (unsigned long long)bytes, marks(run, "predictions.tsv", "\n"),
             marks(run, "report.html", "<tr") + 1000 * marks(run, "report.html", "<figure"),
             marks(run, "model/README.md", "\n"));
    snprintf(path, sizeof path, "%s/report.json", run);
    sts_json *report = sts_json_load(path, STS_DATA, &err);
    if (!report) wrong(run, "%s", err.text);
    add_keys(out, 1 << 14, report);
    sts_json_free(report);
    return out;
}

static void check_names(const char *dir, bool torn, const char *where)
{
    char **names;
    size_t n;
    if (!sts_dir_exists(dir) || sts_dir_list(dir, &names, &n, NULL)) return;
    for (size_t i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        if (!torn && (strstr(names[i], ".tmp-") || strstr(names[i], "unfinished")))
            wrong(where, "%s was left behind", path);
        if (sts_dir_exists(path)) check_names(path, torn, where);
    }
    sts_names_free(names, n);
}

void check_run(const char *run, bool torn, const char *where)
{
    uint64_t *steps;
    size_t n;
    char path[512];
    sts_err err = {0};
    if (!sts_dir_exists(run)) return;
    check_names(run, torn, where);
    if (sts_checkpoint_list(run, &steps, &n, &err)) wrong(where, "%s", err.text);
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/checkpoint-%llu", run, (unsigned long long)steps[i]);
        if (sts_checkpoint_check(path, &err)) wrong(where, "a torn checkpoint: %s", err.text);
    }
    sts_free(steps);
    static const char *const json[] = {"report.json", "config.json", "model/config.json"};
    for (size_t i = 0; i < sizeof json / sizeof *json; i++) {
        snprintf(path, sizeof path, "%s/%s", run, json[i]);
        if (!sts_file_exists(path)) continue;
        sts_json *x = sts_json_load(path, STS_DATA, &err);
        if (!x) wrong(where, "%s", err.text);
        sts_json_free(x);
    }
}
