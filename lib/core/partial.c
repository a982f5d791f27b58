/* partial.c - a file of rows that one process begins and another completes: what is whole of it is
 * recorded beside it, and believed only if the bytes are still those. */
#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA 1
#define EVERY 1.0 /* seconds between two records */
#define LARGEST 9007199254740992 /* of a number in JSON: 2^53 */

struct sts_partial {
    char *path, *state; /* state: PATH.part.json */
    sts_json *facts;
    sts_writer *w;
    sts_rows_layout layout;
    sts_extent there; /* as it was marked, */
    uint64_t rows;
    bool recorded;    /* and written to `state`, */
    double when;      /* then */
    sts_here here;    /* where it was opened, and its files are found from */
};

/* ---- the record ---- */

static int record(sts_partial *p, sts_err *err)
{
    char crc[16];
    size_t since = sts_json_denied();
    sts_json *json = sts_json_new_object();
    snprintf(crc, sizeof crc, "%08x", (unsigned)p->there.crc);
    sts_json_add_number(json, "schema", SCHEMA);
    sts_json_refer(json, "work", p->facts);
    sts_json_add_number(json, "rows", (double)p->rows);
    sts_json_add_number(json, "head", (double)p->there.head);
    sts_json_add_number(json, "bytes", (double)p->there.bytes);
    sts_json_add_string(json, "crc32", crc);
    int rc = sts_json_save_whole(json, since, p->state, err);
    sts_json_free(json);
    p->recorded = !rc;
    p->when = sts_clock();
    return rc;
}

static int read_numbers(sts_partial *p, const sts_json *json, sts_err *err)
{
    const sts_json_in in = {json, p->state, STS_DATA, err};
    int64_t schema = 0, rows = -1, head = -1, bytes = -1;
    const char *crc = "";
    if (sts_json_int(&in, "schema", 0, LARGEST, &schema) ||
        sts_json_int(&in, "rows", 0, LARGEST, &rows) ||
        sts_json_int(&in, "head", 0, LARGEST, &head) ||
        sts_json_int(&in, "bytes", 0, LARGEST, &bytes) || sts_json_text(&in, "crc32", &crc))
        return -1;
    bool whole = schema == SCHEMA && rows >= 0 && head >= 0 && bytes >= 0 && strlen(crc) == 8 &&
                 strspn(crc, "0123456789abcdef") == 8;
    if (!whole || !sts_json_get(json, "work"))
        return sts_fail(err, STS_DATA, "%s: is not of an unfinished %s: give the output another "
                        "name", p->state, p->path);
    p->rows = (uint64_t)rows;
    p->there.head = (uint64_t)head;
    if (!rows) return 0;
    p->there.bytes = (uint64_t)bytes;
    p->there.crc = (uint32_t)strtoul(crc, NULL, 16);
    return 0;
}

/* The work that was begun is this one. */
static int check_facts(const sts_partial *p, const sts_json *work, sts_err *err)
{
    for (const sts_json *one = p->facts->child; one; one = one->next) {
        char *was = sts_json_as_string(sts_json_get(work, one->key));
        if (was) sts_name_decode(was);
        if (was && !strcmp(was, one->text)) continue;
        return sts_fail(err, STS_USAGE,
                        "%s" STS_PART ": was begun with another %s (%.200s, not %.200s): "
                        "give that one, or remove the file to start again",
                        p->path, one->key, was ? was : "none", one->text);
    }
    return 0;
}

static int read_record(sts_partial *p, bool there, sts_err *err)
{
    sts_json *json = sts_json_load(p->state, STS_DATA, err);
    if (!json) return -1;
    int rc = read_numbers(p, json, err);
    if (!rc && there) rc = check_facts(p, sts_json_get(json, "work"), err);
    if (!rc && there && p->there.head != p->layout.head)
        rc = sts_fail(err, STS_DATA, "%s: \"head\" must be %zu, found %llu", p->state,
                      p->layout.head, (unsigned long long)p->there.head);
    sts_json_free(json);
    p->recorded = true;
    return rc;
}

/* ---- opening ---- */

/* Without PATH.part the work begins, whatever is recorded. */
static int find(sts_partial *p, sts_err *err)
{
    char *part = sts_path_with(p->path, STS_PART, err);
    int there = part ? sts_file_find(part, err) : -1;
    int known = there < 0 ? -1 : sts_file_find(p->state, err);
    int rc = known < 0 ? -1 : 0;
    if (there > 0 && !known)
        rc = sts_fail(err, STS_DATA, "%s: is not of an unfinished %s, of which %s would say so: "
                      "give the output another name", part, p->path, p->state);
    sts_free(part);
    if (!rc && known) rc = read_record(p, there, err);
    if (rc || (known && there)) return rc;
    p->rows = 0;
    p->there = (sts_extent){.head = p->layout.head};
    return record(p, err);
}

static sts_json *make_facts(const sts_fact *fact, size_t n)
{
    sts_json *facts = sts_json_new_object();
    for (size_t i = 0; i < n; i++) sts_json_add_string(facts, fact[i].name, fact[i].value);
    return facts;
}

/* The bytes that are there hold as many rows as are recorded. */
static int check_rows(sts_partial *p, sts_err *err)
{
    sts_extent *t = &p->there;
    size_t row = p->layout.row;
    if (sts_writer_flush(p->w, t, err)) return -1;
    uint64_t body = t->bytes > t->head ? t->bytes - t->head : 0;
    if (row ? !(body % row) && body / row == p->rows : t->lines == p->rows) return 0;
    return sts_fail(err, STS_DATA, "%s" STS_PART ": is damaged: does not have the %llu rows that "
                    "%s names: remove it to start again", p->path, (unsigned long long)p->rows,
                    p->state);
}

sts_partial *sts_partial_open(const char *path, const sts_fact *fact, size_t n,
                              const sts_rows_layout *layout, sts_err *err)
{
    if (sts_require(path, "path", err) || sts_require(layout, "layout", err)) return NULL;
    size_t since = sts_json_denied();
    sts_partial *p = sts_alloc(1, sizeof *p);
    if (!p) return sts_fail_memory(err, path), NULL;
    p->here = sts_here_open();
    sts_here before = sts_here_use(p->here);
    p->layout = *layout;
    p->path = sts_strdup(path);
    p->facts = make_facts(fact, n);
    if (!p->path || sts_json_denied() != since) sts_fail_memory(err, path);
    else if ((p->state = sts_path_with(path, STS_PART ".json", err)) && !find(p, err))
        p->w = sts_writer_continue(path, &p->there, err);
    sts_here_use(before);
    if (p->w && !check_rows(p, err)) return p;
    sts_partial_close(p);
    return NULL;
}

/* ---- while it is written ---- */

uint64_t sts_partial_rows(const sts_partial *p)
{
    return p->rows;
}

sts_writer *sts_partial_writer(sts_partial *p)
{
    return p->w;
}

int sts_partial_mark(sts_partial *p, uint64_t rows, sts_err *err)
{
    if (sts_writer_flush(p->w, &p->there, err)) return -1;
    p->rows = rows;
    p->recorded = false;
    if (sts_clock() - p->when < EVERY) return 0;
    sts_here before = sts_here_use(p->here);
    int rc = sts_writer_sync(p->w, err) || record(p, err) ? -1 : 0;
    sts_here_use(before);
    return rc;
}

/* ---- the end ---- */

static void release(sts_partial *p)
{
    sts_here_close(p->here);
    sts_json_free(p->facts);
    sts_free(p->path);
    sts_free(p->state);
    sts_free(p);
}

int sts_partial_commit(sts_partial *p, sts_err *err)
{
    sts_here before = sts_here_use(p->here);
    int rc = sts_writer_commit(p->w, err);
    if (!rc && sts_file_remove(p->state) && errno != ENOENT)
        rc = sts_fail_errno(err, p->state, "cannot remove");
    sts_here_use(before);
    release(p);
    return rc;
}

void sts_partial_close(sts_partial *p)
{
    if (!p) return;
    sts_here before = sts_here_use(p->here);
    if (p->w && !p->recorded && !sts_writer_sync(p->w, NULL)) record(p, NULL);
    sts_writer_abort(p->w);
    sts_here_use(before);
    release(p);
}
