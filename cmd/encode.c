/* encode.c - stsfit encode: one text a line in, one vector a line out. */
#include "common.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct encode {
    common c;
    const char *format, *output;
    bool normalize;
    FILE *f;
    char *part;    /* the name until all is written; NULL: no file of its own */
    float *vector; /* one, scaled */
    size_t width, rows;
} encode;

static const opt OPTS[] = {
    {OPT_GROUP, .help = "What to encode"},
    OPT_MODEL(encode, NULL),
    {OPT_TEXT, "output", NULL, 'o', "FILE", offsetof(encode, output), 0, 0, "where to", "stdout"},
    {OPT_TEXT, "format", NULL, 0, "tsv|jsonl|npy", offsetof(encode, format), 0, 0,
     "how vectors are written", NULL},
    {OPT_FLAG, "normalize", NULL, 0, NULL, offsetof(encode, normalize), 0, 0,
     "scale vectors to length 1", NULL},
    OPT_BATCH(encode),
    OPT_MACHINE(encode),
    OPT_PRECISION(encode),
    OPT_END,
};

static void defaults(void *values)
{
    encode *e = values;
    common_defaults(&e->c);
    e->format = "tsv";
}

/* The header of a NumPy file (format 1.0) of rows x width float32: 128 bytes. */
static bool write_npy_header(encode *e)
{
    char header[128];
    char text[119];
    int n = snprintf(text, sizeof text,
                     "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", e->rows,
                     e->width);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    memset(header + 10, ' ', 117);
    memcpy(header + 10, text, (size_t)n);
    header[127] = '\n';
    return common_write(e->f, header, sizeof header);
}

static bool write_numbers(encode *e, const float *v, const char *separator)
{
    char number[32];
    for (size_t i = 0; i < e->width; i++) {
        int n = snprintf(number, sizeof number, "%s%.9g", i ? separator : "", (double)v[i]);
        if (!common_write(e->f, number, (size_t)n)) return false;
    }
    return true;
}

static int on_vector(void *ctx, sts_str text, const float *vector)
{
    (void)text;
    encode *e = ctx;
    float *v = e->vector;
    double norm = 0;
    for (size_t i = 0; i < e->width; i++) norm += (double)vector[i] * (double)vector[i];
    double scale = e->normalize && norm > 0 ? 1 / sqrt(norm) : 1;
    for (size_t i = 0; i < e->width; i++) v[i] = (float)(scale * (double)vector[i]);
    bool ok;
    if (!strcmp(e->format, "npy")) ok = common_write(e->f, v, e->width * sizeof *v);
    else if (!strcmp(e->format, "jsonl"))
        ok = common_write(e->f, "[", 1) && write_numbers(e, v, ",") && common_write(e->f, "]\n", 2);
    else ok = write_numbers(e, v, "\t") && common_write(e->f, "\n", 1);
    e->rows++;
    return ok ? 0 : -1;
}

/* ---- the file ---- */

static char *unfinished; /* what a signal removes; NULL: nothing */

static void on_signal(int number)
{
    if (unfinished) unlink(unfinished);
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_signals(void)
{
    const int number[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++)
        if (signal(number[i], on_signal) == SIG_IGN) signal(number[i], SIG_IGN);
}

/* A file is complete or absent: it has another name until then. */
static bool open_file(encode *e, const char *path)
{
    if (!sts_is_stream(path)) {
        size_t n = strlen(path) + 32;
        e->part = malloc(n);
        if (!e->part) return false;
        snprintf(e->part, n, "%s.tmp-%ld", path, (long)getpid());
        unfinished = e->part;
        catch_signals();
    }
    e->f = fopen(e->part ? e->part : path, "wb");
    return e->f;
}

/* .npy tells its rows at the start: they are filled in at the end, so it needs a real file. */
static int open_output(encode *e)
{
    const char *path = sts_comm_rank() ? "/dev/null" : e->output;
    e->f = stdout;
    if (path && !open_file(e, path)) return common_write_failed(e->output);
    if (strcmp(e->format, "npy")) return 0;
    if (fseek(e->f, 0, SEEK_SET)) {
        fprintf(stderr, "stsfit: encode: npy needs a file: give -o FILE\n");
        return STS_USAGE;
    }
    return write_npy_header(e) ? 0 : common_write_failed("the header");
}

static int close_output(encode *e, int code)
{
    bool npy = !strcmp(e->format, "npy"), bad = false;
    if (!code && npy) bad = fseek(e->f, 0, SEEK_SET) || !write_npy_header(e);
    if (e->f == stdout) return bad ? STS_FAILED : code; /* common_finish tells */
    bad = ferror(e->f) || bad;
    bad = fclose(e->f) || bad;
    if (e->part && !code && !bad) bad = rename(e->part, e->output);
    if (e->part && (code || bad)) unlink(e->part);
    unfinished = NULL;
    return bad ? common_write_failed(e->output) : code;
}

static int encode_file(encode *e, const sts_model *m, const char *path)
{
    sts_err err = {0};
    e->width = (size_t)sts_model_width(m);
    e->vector = calloc(e->width, sizeof *e->vector);
    if (!e->vector) {
        fprintf(stderr, "stsfit: out of memory\n");
        return STS_FAILED;
    }
    int code = open_output(e);
    if (!code) {
        int rc = sts_encode_file(m, path, on_vector, e, &err);
        code = close_output(e, rc ? common_fail(&err) : 0);
    }
    free(e->vector);
    free(e->part);
    return code;
}

static int run(void *values, const opt_args *args)
{
    encode *e = values;
    sts_err err = {0};
    common_start(&e->c);
    if (!e->output) progress_give_way();
    const char *path = common_input("encode", args);
    if (!path) return STS_USAGE;
    sts_model *m = common_model(&e->c, &err);
    int code = m ? encode_file(e, m, path) : common_fail(&err);
    sts_model_free(m);
    return code;
}

const command command_encode = {
    "encode", "[TEXTS]", "one text a line in, one vector a line out",
    "Embeds each line of TEXTS (stdin without it) and writes its vector, in order.",
    OPTS, sizeof(encode), defaults, run};
