/* encode.c - stsfit encode: reads texts, writes one vector per text. */
#include "vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct encode {
    common c;
    const char *format, *output, *type, *calibration;
    sts_text_options texts;
    bool normalize, resume;
    vectors out;
    sts_quantizer *quantizer; /* NULL: float */
    FILE *floats;             /* vectors whose own ranges are used; NULL: none */
    size_t width;
    float *vector;            /* one, scaled; */
    void *bytes;              /* and quantized */
} encode;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to encode"},
    OPT_MODEL,
    OPT_TEXTS(encode),
    {.kind = STS_OPT_TEXT, .name = "output", .letter = 'o', .arg = "FILE",
     .offset = offsetof(encode, output), .standard = "stdout",
     .help = "file to write; -: stdout"},
    {.kind = STS_OPT_CHOICE, .name = "format", .arg = "tsv|jsonl|npy",
     .offset = offsetof(encode, format), .standard = "by the name of the output, else tsv",
     .help = "format of the vectors"},
    {.kind = STS_OPT_FLAG, .name = "normalize", .offset = offsetof(encode, normalize),
     .help = "scale vectors to length 1"},
    OPT_VECTORS(encode, type),
    OPT_CALIBRATION(encode, calibration),
    {.kind = STS_OPT_FLAG, .name = "resume", .offset = offsetof(encode, resume),
     .help = "continue an output that --resume left incomplete"},
    OPT_LENGTH,
    OPT_DIMS,
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_PROMPT, OPT_RUNNING, {0}};

/* ---- a vector ---- */

static void scale(encode *e, const float *vector)
{
    double norm = 0;
    for (size_t i = 0; i < e->width; i++) norm += (double)vector[i] * (double)vector[i];
    double scale = e->normalize && norm > 0 ? 1 / sqrt(norm) : 1;
    for (size_t i = 0; i < e->width; i++) e->vector[i] = (float)(scale * (double)vector[i]);
}

static bool put_vector(encode *e)
{
    if (!e->quantizer) return vectors_put(&e->out, e->vector);
    sts_quantizer_apply(e->quantizer, e->vector, 1, e->bytes);
    return vectors_put(&e->out, e->bytes);
}

static int on_vector(void *ctx, sts_str text, const float *vector)
{
    (void)text;
    encode *e = ctx;
    if (!vector) return vectors_flush(&e->out) ? 0 : -1;
    scale(e, vector);
    return put_vector(e) ? 0 : -1;
}

/* ---- ranges of int8 ---- */

static int on_calibration(void *ctx, sts_str text, const float *vector)
{
    (void)text;
    encode *e = ctx;
    if (!vector) return 0;
    scale(e, vector);
    sts_quantizer_fit(e->quantizer, e->vector, 1);
    return 0;
}

static bool floats_failed(encode *e)
{
    return vectors_spool_failed(&e->out, "vectors whose ranges are found (--calibration FILE "
                                "needs none)");
}

static int on_float(void *ctx, sts_str text, const float *vector)
{
    encode *e = ctx;
    on_calibration(ctx, text, vector);
    if (!vector || fwrite(e->vector, sizeof *e->vector, e->width, e->floats) == e->width) return 0;
    return floats_failed(e), -1;
}

/* Vectors with their own ranges: these are known when all have been seen. */
static bool put_floats(encode *e, const char *path)
{
    FILE *f = e->floats;
    size_t n = e->width;
    if (sts_quantizer_check(e->quantizer, path, &e->out.err)) return false;
    if (fseek(f, 0, SEEK_SET)) return floats_failed(e);
    while (fread(e->vector, sizeof *e->vector, n, f) == n)
        if (!put_vector(e)) return false;
    return !ferror(f) || floats_failed(e);
}

/* ---- the whole ---- */

static int calibrate(encode *e, const sts_model *m)
{
    sts_err err = {0};
    sts_quantizer *q = e->quantizer;
    if (!q || !sts_quantizer_has_ranges(q)) return 0;
    if (!e->calibration) {
        e->floats = tmpfile();
        if (e->floats) return 0;
        floats_failed(e);
        return common_fail(&e->out.err);
    }
    if (!sts_encode_file(m, e->calibration, NULL, on_calibration, e, &err) &&
        !sts_quantizer_check(q, e->calibration, &err))
        return 0;
    return common_fail(&err);
}

/* Of rows that another run may have begun: all options that decide their bytes. */
static bool open_part(encode *e, const sts_model *m, const char *path)
{
    const sts_text_options *t = &e->texts;
    const char *columns = t->columns ? t->columns : "''";
    size_t room = 400 + strlen(columns);
    char *options = malloc(room);
    if (!options) {
        e->out.err = (sts_err){.code = STS_FAILED, .text = "out of memory"};
        return false;
    }
    snprintf(options, room,
             "--format %s --vectors %s%s --max-seq-length %lld --dims %lld --batch-size %lld "
             "--input %.20s --columns %s", e->out.format, e->type,
             e->normalize ? " --normalize" : "", (long long)e->c.max_seq_length,
             (long long)e->c.dims, (long long)e->c.batch_size, t->input ? t->input : "auto",
             columns);
    sts_encode_work work = {.input = path, .calibration = e->calibration, .options = options};
    bool open = vectors_open_part(&e->out, m, &work);
    free(options);
    if (!open) return false;
    e->texts.skip = e->out.rows;
    if (e->out.rows && !e->c.quiet)
        fprintf(stderr, "stsfit: %s: resuming after %zu texts\n", e->out.path, e->out.rows);
    return true;
}

/* How a vector is stored, and room for one. */
static int prepare(encode *e, const sts_model *m, const char *path)
{
    sts_err err = {0};
    e->width = (size_t)sts_model_width(m);
    bool quantize = strcmp(e->type, "float");
    if (quantize && !(e->quantizer = sts_quantizer_new(e->type, e->width, &err)))
        return common_fail(&err);
    size_t bytes = quantize ? sts_quantizer_bytes(e->quantizer) : 0;
    bool ranges = quantize && sts_quantizer_has_ranges(e->quantizer);
    if (quantize) e->out.type = ranges ? NUMBERS_INT8 : NUMBERS_UINT8;
    e->out.width = quantize ? bytes : e->width;
    e->vector = calloc(e->width, sizeof *e->vector);
    e->bytes = malloc(bytes + 1);
    if (!e->vector || !e->bytes) {
        fprintf(stderr, "stsfit: out of memory\n");
        return STS_FAILED;
    }
    bool begun = (!e->resume || open_part(e, m, path)) && vectors_begin(&e->out);
    return begun ? calibrate(e, m) : common_fail(&e->out.err);
}

static int encode_file(encode *e, const sts_model *m, const char *path)
{
    sts_err err = {0};
    int code = prepare(e, m, path);
    if (code) return code;
    if (sts_encode_file(m, path, &e->texts, e->floats ? on_float : on_vector, e, &err))
        return common_fail(*err.text ? &err : &e->out.err);
    bool done = (!e->floats || put_floats(e, path)) && vectors_end(&e->out);
    return done ? 0 : common_fail(&e->out.err);
}

static void release(encode *e)
{
    sts_quantizer_free(e->quantizer);
    if (e->floats) fclose(e->floats);
    free(e->vector);
    free(e->bytes);
}

static int refuse(const char *why)
{
    fprintf(stderr, "stsfit: %s\n", why);
    return STS_USAGE;
}

/* Opens the output, or with --resume finds out whether that can be done. */
static int open_output(encode *e, const char *path)
{
    const char *input[] = {path, e->calibration};
    size_t n = e->calibration ? 2 : 1;
    if (n == 2 && !strcmp(path, "-") && !strcmp(e->calibration, "-"))
        return refuse("--calibration -: standard input has the texts too, and can be read once: "
                      "save one of them to a file");
    if (e->resume && !e->calibration && !strcmp(e->type, "int8"))
        return refuse("--resume: the ranges of int8 must be known from the start: give "
                      "--calibration FILE");
    return e->resume ? vectors_check_part(&e->out, input, n) : vectors_open(&e->out, input, n);
}

static int run(void *values, const opt_args *args)
{
    encode *e = values;
    sts_err err = {0};
    common_start(&e->c);
    if (common_check_calibration(e->type, e->calibration)) return STS_USAGE;
    e->out.path = e->output;
    e->out.format = e->format ? e->format : vectors_format(e->output);
    if (!e->output || !strcmp(e->output, "-")) progress_give_way();
    const char *path = common_input("encode", args);
    if (!path) return STS_USAGE;
    int code = open_output(e, path);
    sts_model *m = code ? NULL : common_model(&e->c, &err);
    if (!code) code = m ? encode_file(e, m, path) : common_fail(&err);
    sts_model_free(m);
    release(e);
    return vectors_close(&e->out, code);
}

const command command_encode = {
    .name = "encode",
    .args = "[TEXTS]",
    .help = "write one vector per text",
    .text = "Encodes each line of TEXTS (stdin without it), or the texts in a column of a\n"
            "table, and writes the vectors in the same order, one per line. A line in a\n"
            "pipe is answered as soon as the pipe pauses.",
    .tables = TABLES,
    .size = sizeof(encode),
    .run = run,
};
