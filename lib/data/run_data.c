/* run_data.c - options and file names out of report.json, and the same reading as in training. */
#include "data/run_data.h"

#include "core/file.h"
#include "core/mem.h"
#include "data/reading.h"

#include <stdio.h>
#include <string.h>

/* Takes back what sts_json_print made of names. */
static void decode(sts_json *item)
{
    for (; item; item = item->next) {
        if (sts_json_is_string(item)) sts_name_decode(item->text);
        decode(item->child);
    }
}

sts_json *sts_run_report_load(const char *path, sts_err *err)
{
    sts_json *report = sts_json_load(path, STS_DATA, err);
    decode(report);
    return report;
}

static const char *text_of(const sts_json *object, const char *key)
{
    return sts_json_as_string(sts_json_get(object, key));
}

/* The options of reading, as `stsfit train` recorded them. */
static sts_data_options reading(const sts_json *config)
{
    sts_data_options o = {.named = true, .unscored = true}; /* as the run took them */
    for (const sts_option *row = sts_data_rows(); row->help; row++) {
        const char *text = row->name ? text_of(config, row->name) : NULL;
        if (text) sts_option_set(&(sts_option_match){.row = row}, &o, text, NULL);
    }
    return o;
}

typedef struct paths {
    char **v;
    size_t n;
} paths;

static void paths_free(paths *p)
{
    for (size_t i = 0; i < p->n; i++) sts_free(p->v[i]);
    sts_free(p->v);
}

/* The files that a part of the report lists. */
static int list_files(const char *run, const sts_json *files, paths *p, sts_err *err)
{
    size_t n = sts_json_is_array(files) ? (size_t)sts_json_size(files) : 0;
    if (!n) return sts_fail(err, STS_DATA, "%s: its report names no data", run);
    p->v = sts_alloc(n, sizeof *p->v);
    if (!p->v) return sts_fail_memory(err, "the data");
    for (const sts_json *f = files->child; f; f = f->next) {
        const char *name = text_of(f, "file");
        if (!name || !strcmp(name, "-"))
            return sts_fail(err, STS_DATA,
                            "%s: its data was standard input: it cannot be read again", run);
        if (!(p->v[p->n] = sts_strdup(name))) return sts_fail_memory(err, "the data");
        p->n++;
    }
    return 0;
}

/* Whether the files are still those of the run. */
static int same_files(const char *run, const sts_json *files, const sts_corpus *c, sts_err *err)
{
    size_t i = 0;
    for (const sts_json *f = files->child; f; f = f->next, i++) {
        char crc[16];
        const char *then = text_of(f, "crc32");
        snprintf(crc, sizeof crc, "%08x", c->file[i]->crc);
        if (!then || strcmp(then, crc))
            return sts_fail(err, STS_DATA,
                            "%s: has changed since the run in %s: CRC-32 is %s, was %.16s",
                            c->file[i]->path, run, crc, then ? then : "not recorded");
    }
    return 0;
}

static int load_part(const char *run, const sts_json *part, const sts_data_options *o,
                     sts_corpus *c, sts_err *err)
{
    const sts_json *files = sts_json_get(part, "files");
    paths p = {0};
    int rc = list_files(run, files, &p, err);
    if (!rc) rc = sts_corpus_load(c, (const char *const *)p.v, p.n, o, err);
    if (!rc && same_files(run, files, c, err)) {
        sts_corpus_free(c);
        rc = -1;
    }
    paths_free(&p);
    return rc;
}

/* Whether what was held out again is what the run held out: another version drew other rows. */
static bool drawn_again(const sts_json *part, const sts_corpus *dev)
{
    return sts_json_get(part, "rows")->number == (double)dev->n && sts_json_get(part, "in_train");
}

int sts_run_data_dev(const char *run, const sts_json *report, sts_corpus *dev, sts_corpus *rest,
                     sts_err *err)
{
    const sts_json *config = sts_json_get(report, "configuration"),
                   *data = sts_json_get(report, "data");
    const sts_json *part = sts_json_get(data, "dev"), *files = sts_json_get(part, "files");
    sts_data_options o = reading(config);
    *dev = *rest = (sts_corpus){0};
    const sts_json *rows = sts_json_get(part, "rows");
    if (!sts_json_is_number(rows) || rows->number == 0)
        return sts_fail(err, STS_DATA, "%s: the run had no dev set", run);
    sts_data_options as_dev = sts_reading_of_dev(&o);
    if (sts_json_is_array(files) && files->child) return load_part(run, part, &as_dev, dev, err);
    sts_json_in in = {config, "report.json", STS_DATA, err};
    int64_t seed = 42;
    if (sts_json_int(&in, "seed", 0, INT64_C(9007199254740992), &seed)) return -1;
    if (load_part(run, sts_json_get(data, "train"), &o, rest, err)) return -1;
    int rc = sts_corpus_hold_out(rest, dev, (uint64_t)seed, err);
    if (!rc && drawn_again(part, dev)) return 0;
    if (!rc)
        sts_fail(err, STS_DATA, "%s: its dev set was held out by another version of stsfit and "
                 "cannot be drawn again: name the data to evaluate on", run);
    sts_corpus_free(dev);
    sts_corpus_free(rest);
    return -1;
}

int sts_run_data_own(const char *run, sts_corpus *dev, sts_corpus *rest, sts_err *err)
{
    char *path = sts_path_join(run, "report.json");
    if (!path) return sts_fail_memory(err, run);
    int rc = -1;
    sts_json *report = NULL;
    if (!sts_file_exists(path))
        sts_fail(err, STS_USAGE,
                 "which data? %s is not a run with a dev set of its own: name a file of pairs",
                 run);
    else if ((report = sts_run_report_load(path, err)))
        rc = sts_run_data_dev(run, report, dev, rest, err);
    sts_json_free(report);
    sts_free(path);
    return rc;
}
