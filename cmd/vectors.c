/* vectors.c - rows of numbers written as tsv, jsonl or npy. */
#include "vectors.h"

#include <errno.h>
#include <string.h>

static const size_t BYTES[] = {
    [NUMBERS_FLOAT32] = sizeof(float), [NUMBERS_INT8] = 1, [NUMBERS_UINT8] = 1};

const char *vectors_format(const char *path)
{
    static const char *const formats[] = {"npy", "jsonl", "tsv"};
    const char *dot = path ? strrchr(path, '.') : NULL;
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(dot + 1, formats[i])) return formats[i];
    return "tsv";
}

bool vectors_spool_failed(vectors *v, const char *what)
{
    v->err.code = STS_FAILED;
    snprintf(v->err.text, sizeof v->err.text, "a temporary file for %s", what);
    size_t n = strlen(v->err.text);
    snprintf(v->err.text + n, sizeof v->err.text - n, ": %s", strerror(errno));
    return false;
}

static bool npy_spool_failed(vectors *v)
{
    return vectors_spool_failed(v, "npy in a pipe (-o FILE needs none)");
}

static bool put(vectors *v, const void *buf, size_t n)
{
    if (v->spool) return fwrite(buf, 1, n, v->spool) == n || npy_spool_failed(v);
    return v->file ? !sts_writer_write(v->file, buf, n, &v->err) : common_write(stdout, buf, n);
}

static bool is_npy(const vectors *v)
{
    return !strcmp(v->format, "npy") && !sts_comm_rank();
}

/* ---- npy ---- */

#define NPY_HEADER 128

/* The header of a NumPy file (format 1.0) of rows x width numbers. */
static void make_npy_header(const vectors *v, char header[NPY_HEADER])
{
    static const char *const names[] = {
        [NUMBERS_FLOAT32] = "<f4", [NUMBERS_INT8] = "|i1", [NUMBERS_UINT8] = "|u1"};
    char text[119];
    int n = snprintf(text, sizeof text,
                     "{'descr': '%s', 'fortran_order': False, 'shape': (%zu, %zu), }",
                     names[v->type], v->rows, v->width);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    memset(header + 10, ' ', 117);
    memcpy(header + 10, text, (size_t)n);
    header[127] = '\n';
}

/* Header and rows to an output that cannot seek. */
static bool send_spool(vectors *v, const char header[NPY_HEADER])
{
    char part[1 << 14];
    FILE *spool = v->spool;
    v->spool = NULL;
    bool ok = !fseek(spool, 0, SEEK_SET) || npy_spool_failed(v);
    ok = ok && put(v, header, NPY_HEADER);
    size_t n;
    while (ok && (n = fread(part, 1, sizeof part, spool)) > 0) ok = put(v, part, n);
    if (ok && ferror(spool)) ok = npy_spool_failed(v);
    fclose(spool);
    return ok;
}

/* The number of rows is at the start, and is known at the end. */
static bool complete_npy(vectors *v)
{
    char header[NPY_HEADER];
    make_npy_header(v, header);
    if (v->spool) return send_spool(v, header);
    if (v->file) return !sts_writer_replace_start(v->file, header, sizeof header, &v->err);
    return !fseek(stdout, v->start, SEEK_SET) && common_write(stdout, header, sizeof header) &&
           !fseek(stdout, 0, SEEK_END);
}

/* ---- text ---- */

static int print_number(char *out, size_t size, const vectors *v, const void *row, size_t i)
{
    switch (v->type) {
    case NUMBERS_INT8: return snprintf(out, size, "%d", ((const signed char *)row)[i]);
    case NUMBERS_UINT8: return snprintf(out, size, "%d", ((const unsigned char *)row)[i]);
    default: return snprintf(out, size, "%.9g", (double)((const float *)row)[i]);
    }
}

static bool put_text(vectors *v, const void *row)
{
    bool json = !strcmp(v->format, "jsonl"), ok = !json || put(v, "[", 1);
    char number[32];
    for (size_t i = 0; i < v->width && ok; i++) {
        int n = print_number(number, sizeof number, v, row, i);
        ok = (!i || put(v, json ? "," : "\t", 1)) && put(v, number, (size_t)n);
    }
    return ok && (json ? put(v, "]\n", 2) : put(v, "\n", 1));
}

/* ---- from open to close ---- */

int vectors_open(vectors *v, const char *const *input, size_t n)
{
    if (v->path && !strcmp(v->path, "-")) v->path = NULL;
    bool to_stdout = !v->path;
    if (sts_comm_rank()) v->path = "/dev/null";
    if (!to_stdout && !(v->file = sts_output_open(v->path, input, n, &v->err)))
        return common_fail(&v->err);
    v->start = ftell(stdout);
    bool seeks = v->file ? !sts_is_stream(v->path) : v->start >= 0;
    if (!is_npy(v) || seeks || (v->spool = tmpfile())) return 0;
    npy_spool_failed(v);
    return common_fail(&v->err);
}

int vectors_check_part(const vectors *v, const char *const *input, size_t n)
{
    const char *why = NULL;
    bool file = v->path && strcmp(v->path, "-");
    if (!file || sts_is_stream(v->path)) why = "needs -o FILE, which another run can complete";
    else if (sts_comm_size() > 1) why = "works in one process: leave out mpirun";
    for (size_t i = 0; i < n && !why; i++)
        if (!strcmp(input[i], "-") || sts_is_stream(input[i]))
            why = "reads files, which can be read again: save the texts to one";
    if (!why) return 0;
    fprintf(stderr, "stsfit: --resume: %s\n", why);
    return STS_USAGE;
}

bool vectors_open_part(vectors *v, const sts_model *m, sts_encode_work *work)
{
    if (is_npy(v)) work->layout = (sts_rows_layout){NPY_HEADER, v->width * BYTES[v->type]};
    v->part = sts_encode_resume(m, v->path, work, &v->err);
    if (!v->part) return false;
    v->file = sts_partial_writer(v->part);
    v->rows = (size_t)sts_partial_rows(v->part);
    return true;
}

bool vectors_begin(vectors *v)
{
    static const char room[NPY_HEADER];
    return !is_npy(v) || v->spool || v->rows || put(v, room, sizeof room);
}

bool vectors_put(vectors *v, const void *row)
{
    v->rows++;
    return !strcmp(v->format, "npy") ? put(v, row, v->width * BYTES[v->type]) : put_text(v, row);
}

bool vectors_flush(vectors *v)
{
    if (v->part) return !sts_partial_mark(v->part, v->rows, &v->err);
    return v->file || !fflush(stdout);
}

bool vectors_end(vectors *v)
{
    return !is_npy(v) || complete_npy(v);
}

static int close_part(vectors *v, int code)
{
    if (code) sts_partial_close(v->part);
    else if (sts_partial_commit(v->part, &v->err)) return common_fail(&v->err);
    return code;
}

int vectors_close(vectors *v, int code)
{
    sts_writer *file = v->file;
    v->file = NULL;
    if (v->spool) fclose(v->spool);
    if (v->part) return close_part(v, code);
    if (!file || code) sts_writer_abort(file);
    else if (sts_writer_commit(file, &v->err)) code = common_fail(&v->err);
    return code;
}
