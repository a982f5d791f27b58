/* tokenize.c - `stsfit tokenize`: texts in, their token ids out, in order. */
#include "data/texts.h"
#include "model/model.h"

#include <string.h>

#define REPORTED 1024 /* texts between two reports of progress */

int sts_tokenize(const sts_model *m, sts_str text, int32_t *ids, size_t room, size_t *n, bool *cut,
                 sts_err *err)
{
    sts_ids all = {0};
    if (sts_require(m, "model", err) || sts_require(n, "n", err)) return -1;
    if (room && sts_require(ids, "ids", err)) return -1;
    int rc = sts_model_tokenize(m, text.s, text.n, &all, cut, err);
    *n = rc ? 0 : all.n;
    if (*n && room) memcpy(ids, all.v, (*n < room ? *n : room) * sizeof *ids);
    sts_ids_free(&all);
    return rc;
}

typedef struct idle_ids {
    sts_ids_fn *fn;
    void *ctx;
} idle_ids;

static int pause_ids(void *ctx, sts_err *err)
{
    const idle_ids *i = ctx;
    return i->fn(i->ctx, NULL, 0) ? sts_fail_quiet(err) : 0;
}

int sts_tokenize_file(const sts_model *m, const char *path, const sts_text_options *o,
                      sts_ids_fn *fn, void *ctx, sts_err *err)
{
    if (sts_require(m, "model", err) || sts_require(fn, "fn", err)) return -1;
    sts_texts *t = sts_texts_open(path, o, err);
    sts_ids ids = {0};
    idle_ids idle = {fn, ctx};
    int rc = t ? 0 : -1;
    if (t) sts_table_on_idle(sts_texts_table(t), pause_ids, &idle);
    for (size_t n = 1; !rc; n++) {
        sts_str text;
        if (n % REPORTED == 0) rc = sts_table_advance(sts_texts_table(t), "tokenizing", err);
        if (rc) break;
        int more = sts_texts_next(t, &text, err);
        if (more <= 0) {
            rc = more;
            break;
        }
        rc = sts_model_tokenize(m, text.s, text.n, &ids, NULL, err);
        if (!rc && fn(ctx, ids.v, ids.n)) rc = sts_fail_quiet(err);
    }
    if (!rc) sts_texts_note_blank(t, "tokenized");
    sts_ids_free(&ids);
    sts_texts_close(t);
    return rc;
}
