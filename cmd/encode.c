/* encode.c - stsfit encode: reads texts, writes one vector per text. */
#include "common.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct encode {
    common c;
    const char *format, *output;
    sts_text_options texts;
    bool normalize;
    sts_writer *file; /* NULL: stdout */
    FILE *spool;      /* the vectors of an .npy whose output cannot seek; NULL: none */
    long start;       /* where in stdout the output begins; -1: it cannot seek */
    sts_err err;      /* of the file */
    float *vector; /* one, scaled */
    size_t width, rows;
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
    OPT_LENGTH,
    OPT_DIMS,
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_RUNNING, {0}};

/* The format that a name asks for by its ending. */
static const char *format_of(const char *path)
{
    static const char *const formats[] = {"npy", "jsonl", "tsv"};
    const char *dot = path ? strrchr(path, '.') : NULL;
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(dot + 1, formats[i])) return formats[i];
    return "tsv";
}

static bool spool_failed(encode *e)
{
    e->err.code = STS_FAILED;
    snprintf(e->err.text, sizeof e->err.text, "a temporary file for npy in a pipe: %s (-o FILE "
             "needs none)", strerror(errno));
    return false;
}

static bool put(encode *e, const void *buf, size_t n)
{
    if (e->spool) return fwrite(buf, 1, n, e->spool) == n || spool_failed(e);
    return e->file ? !sts_writer_write(e->file, buf, n, &e->err) : common_write(stdout, buf, n);
}

#define NPY_HEADER 128

/* The header of a NumPy file (format 1.0) of rows x width float32. */
static void make_npy_header(const encode *e, char header[NPY_HEADER])
{
    char text[119];
    int n = snprintf(text, sizeof text,
                     "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", e->rows,
                     e->width);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    memset(header + 10, ' ', 117);
    memcpy(header + 10, text, (size_t)n);
    header[127] = '\n';
}

static bool write_numbers(encode *e, const float *v, const char *separator)
{
    char number[32];
    for (size_t i = 0; i < e->width; i++) {
        int n = snprintf(number, sizeof number, "%s%.9g", i ? separator : "", (double)v[i]);
        if (!put(e, number, (size_t)n)) return false;
    }
    return true;
}

static int on_vector(void *ctx, sts_str text, const float *vector)
{
    (void)text;
    encode *e = ctx;
    float *v = e->vector;
    if (!vector) return e->file ? 0 : fflush(stdout);
    double norm = 0;
    for (size_t i = 0; i < e->width; i++) norm += (double)vector[i] * (double)vector[i];
    double scale = e->normalize && norm > 0 ? 1 / sqrt(norm) : 1;
    for (size_t i = 0; i < e->width; i++) v[i] = (float)(scale * (double)vector[i]);
    bool ok;
    if (!strcmp(e->format, "npy")) ok = put(e, v, e->width * sizeof *v);
    else if (!strcmp(e->format, "jsonl"))
        ok = put(e, "[", 1) && write_numbers(e, v, ",") && put(e, "]\n", 2);
    else ok = write_numbers(e, v, "\t") && put(e, "\n", 1);
    e->rows++;
    return ok ? 0 : -1;
}

/* ---- the output ---- */

static bool is_npy(const encode *e)
{
    return !strcmp(e->format, "npy");
}

/* Before the model is loaded: what cannot be written is found at once. */
static int open_output(encode *e, const char *input)
{
    bool to_stdout = !e->output || !strcmp(e->output, "-");
    if (sts_comm_rank()) e->output = "/dev/null";
    if (!to_stdout && !(e->file = sts_output_open(e->output, &input, 1, &e->err)))
        return common_fail(&e->err);
    e->start = ftell(stdout);
    bool seeks = e->file ? !sts_is_stream(e->output) : e->start >= 0;
    if (!is_npy(e) || seeks || sts_comm_rank() || (e->spool = tmpfile())) return 0;
    spool_failed(e);
    return common_fail(&e->err);
}

/* Header and vectors to an output that cannot seek. */
static bool send_spool(encode *e, const char header[NPY_HEADER])
{
    char part[1 << 14];
    FILE *spool = e->spool;
    e->spool = NULL;
    bool ok = !fseek(spool, 0, SEEK_SET) || spool_failed(e);
    ok = ok && put(e, header, NPY_HEADER);
    size_t n;
    while (ok && (n = fread(part, 1, sizeof part, spool)) > 0) ok = put(e, part, n);
    if (ok && ferror(spool)) ok = spool_failed(e);
    fclose(spool);
    return ok;
}

/* .npy has the number of its rows at the start, which is known at the end. */
static bool complete_npy(encode *e)
{
    char header[NPY_HEADER];
    make_npy_header(e, header);
    if (e->spool) return send_spool(e, header);
    if (e->file) return !sts_writer_replace_start(e->file, header, sizeof header, &e->err);
    return !fseek(stdout, e->start, SEEK_SET) && common_write(stdout, header, sizeof header) &&
           !fseek(stdout, 0, SEEK_END);
}

static int write_all(encode *e, const sts_model *m, const char *path)
{
    static const char room[NPY_HEADER];
    sts_err err = {0};
    bool npy = is_npy(e) && !sts_comm_rank();
    if (npy && !e->spool && !put(e, room, sizeof room)) return common_fail(&e->err);
    if (sts_encode_file(m, path, &e->texts, on_vector, e, &err))
        return common_fail(*err.text ? &err : &e->err);
    return npy && !complete_npy(e) ? common_fail(&e->err) : 0;
}

static int close_output(encode *e, int code)
{
    sts_writer *file = e->file;
    e->file = NULL;
    if (e->spool) fclose(e->spool);
    if (!file || code) sts_writer_abort(file);
    else if (sts_writer_commit(file, &e->err)) code = common_fail(&e->err);
    return code;
}

static int encode_file(encode *e, const sts_model *m, const char *path)
{
    e->width = (size_t)sts_model_width(m);
    e->vector = calloc(e->width, sizeof *e->vector);
    int code = STS_FAILED;
    if (e->vector) code = write_all(e, m, path);
    else fprintf(stderr, "stsfit: out of memory\n");
    free(e->vector);
    return code;
}

static int run(void *values, const opt_args *args)
{
    encode *e = values;
    sts_err err = {0};
    common_start(&e->c);
    if (!e->format) e->format = format_of(e->output);
    if (e->output && !strcmp(e->output, "-")) e->output = NULL;
    if (!e->output) progress_give_way();
    const char *path = common_input("encode", args);
    if (!path) return STS_USAGE;
    int code = open_output(e, path);
    sts_model *m = code ? NULL : common_model(&e->c, &err);
    if (!code) code = m ? encode_file(e, m, path) : common_fail(&err);
    sts_model_free(m);
    return close_output(e, code);
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
