/* encode.c - `stsfit encode`: texts in, one vector each out, in order. */
#include "core/file.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/strbuf.h"
#include "core/threads.h"
#include "data/texts.h"
#include "math/blas.h"
#include "model/block.h"
#include "model/carry.h"
#include "model/files.h"

#include <stdio.h>
#include <string.h>

int sts_encode(const sts_model *m, const sts_str *text, size_t n, float *out, bool *cut,
               sts_err *err)
{
    return sts_embed_texts(m, text, n, 1, out, cut, "encoding", err);
}

typedef struct vectors {
    sts_block *b;
    sts_vector_fn *fn;
    void *ctx;
} vectors;

/* A NULL after the last vector: all that came is done. */
static int flush_vectors(sts_block *b, sts_vector_fn *fn, void *ctx)
{
    if (sts_block_encode(b, b->n, 1)) return -1;
    for (size_t i = 0; i < b->n; i++)
        if (fn(ctx, b->text[i], b->vector + i * (size_t)b->m->dim)) return sts_fail_quiet(b->err);
    sts_block_clear(b);
    return fn(ctx, (sts_str){0}, NULL) ? sts_fail_quiet(b->err) : 0;
}

static int pause_vectors(void *ctx, sts_err *err)
{
    const vectors *v = ctx;
    return flush_vectors(v->b, v->fn, v->ctx) ? sts_fail_as(err, v->b->err) : 0;
}

int sts_encode_file(const sts_model *m, const char *path, const sts_text_options *o,
                    sts_vector_fn *fn, void *ctx, sts_err *err)
{
    if (sts_require(m, "model", err) || sts_require(fn, "fn", err)) return -1;
    sts_texts *t = sts_texts_open(path, o, err);
    sts_block *b = t ? sts_block_new(m, err) : NULL;
    vectors v = {b, fn, ctx};
    int rc = b ? 0 : -1;
    if (b) sts_table_on_idle(sts_texts_table(t), pause_vectors, &v);
    while (!rc) {
        sts_str text;
        int more = sts_texts_next(t, &text, err);
        if (more > 0) rc = sts_block_keep(b, text, &b->text[b->n++]);
        else rc = more;
        if (!rc && (b->n == STS_BLOCK || !more)) {
            rc = flush_vectors(b, fn, ctx);
            if (!rc) rc = sts_table_advance(sts_texts_table(t), "encoding", err);
        }
        if (!more) break;
    }
    if (!rc) sts_texts_note_blank(t, "encoded");
    if (b) sts_block_free(b);
    sts_texts_close(t);
    return rc;
}

/* ---- output that the next process completes ---- */

static int describe_file(sts_strbuf *out, const char *path, sts_err *err)
{
    uint32_t crc;
    uint64_t bytes;
    if (!path) {
        sts_strbuf_printf(out, "none");
        return 0;
    }
    if (sts_file_crc(path, &crc, &bytes, err)) return -1;
    sts_strbuf_printf(out, "%llu bytes, CRC-32 %08x", (unsigned long long)bytes, (unsigned)crc);
    return 0;
}

/* Weights, and every file that was read with them. */
static void describe_model(sts_strbuf *out, const sts_model *m)
{
    const sts_model_files *f = m->files;
    uint32_t crc = sts_crc(0, m->params.value, m->params.count * sizeof *m->params.value);
    for (size_t i = 0; f && i < f->n_blobs; i++) crc = sts_crc(crc, f->blob[i].bytes, f->blob[i].n);
    sts_strbuf_printf(out, "%zu weights, CRC-32 %08x", m->params.count, (unsigned)crc);
}

static void describe_prompt(sts_strbuf *out, const sts_model *m)
{
    const char *prompt = m->prompt[0].text ? m->prompt[0].text : "";
    size_t n = strlen(prompt);
    sts_strbuf_printf(out, "%zu bytes, CRC-32 %08x", n, (unsigned)sts_crc(0, prompt, n));
}

/* Rounding depends on how products are made. */
static void describe_machine(sts_strbuf *out, const sts_model *m)
{
    char blas[128];
    sts_strbuf_printf(out, "%s, %d threads, %s", sts_model_precision(m), sts_threads(),
                      sts_blas_name(blas));
}

/* The output and what is beside it while it is unfinished are not what is read, nor a model's. */
static int spare_files(const char *output, const sts_encode_work *work, sts_err *err)
{
    static const char *const suffix[] = {"", STS_PART, STS_PART ".json"};
    const char *input[] = {work->input, work->calibration};
    size_t n = work->calibration ? 2 : 1;
    int rc = 0;
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix && !rc; i++) {
        char *path = sts_path_with(output, suffix[i], err);
        rc = !path || sts_output_check(path, input, n, err) || sts_carry_spare(path, err) ? -1 : 0;
        sts_free(path);
    }
    return rc;
}

sts_partial *sts_encode_resume(const sts_model *m, const char *output,
                               const sts_encode_work *given, sts_err *err)
{
    static const char *const name[] = {"model",      "input",  "calibration",   "version",
                                       "arithmetic", "prompt", "set of options"};
    enum { FACTS = sizeof name / sizeof *name };
    sts_strbuf text[FACTS] = {{0}};
    sts_fact fact[FACTS];
    sts_partial *p = NULL;
    sts_encode_work work;
    bool failed = false;
    if (sts_require(m, "model", err) || sts_options_take(&work, sizeof work, given, err))
        return NULL;
    if (sts_require(work.input, "input", err)) return NULL;
    if (sts_require(work.options, "options", err)) return NULL;
    if (spare_files(output, &work, err)) return NULL;
    describe_model(&text[0], m);
    int rc = describe_file(&text[1], work.input, err);
    if (!rc) rc = describe_file(&text[2], work.calibration, err);
    sts_strbuf_printf(&text[3], "%s", sts_version());
    describe_machine(&text[4], m);
    describe_prompt(&text[5], m);
    sts_strbuf_printf(&text[6], "%s", work.options);
    for (size_t i = 0; i < FACTS; i++) {
        fact[i] = (sts_fact){name[i], text[i].s};
        failed = failed || text[i].failed;
    }
    if (!rc && failed) sts_fail_memory(err, output);
    else if (!rc) p = sts_partial_open(output, fact, FACTS, &work.layout, err);
    for (size_t i = 0; i < FACTS; i++) sts_free(text[i].s);
    return p;
}
