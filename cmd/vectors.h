/* vectors.h - encode's output: rows of numbers as tsv, jsonl or npy, in a file or on stdout. */
#ifndef STSFIT_VECTORS_H
#define STSFIT_VECTORS_H

#include "common.h"

typedef enum { NUMBERS_FLOAT32, NUMBERS_INT8, NUMBERS_UINT8 } number_type;

typedef struct vectors {
    const char *format; /* tsv, jsonl or npy */
    const char *path;   /* NULL: stdout */
    number_type type;
    size_t width, rows; /* numbers of a row; rows so far */
    sts_writer *file;   /* NULL: stdout */
    sts_partial *part;  /* of which file is, with --resume; NULL: none */
    FILE *spool;        /* the rows of an npy whose output cannot seek; NULL: none */
    long start;         /* where in stdout the output begins; -1: it cannot seek */
    sts_err err;        /* why a function returned false; empty where stdout failed */
} vectors;

/* The format that a name asks for by its ending; tsv without one. */
const char *vectors_format(const char *path);

/* Opens the output of a command that reads the n files `input`; format and path are set. Before
 * long work, so that what cannot be written is found at once. 0, or the exit code, with a message
 * printed. */
int vectors_open(vectors *v, const char *const *input, size_t n);

/* The same, of a file that another process may have begun, in two steps: whether it can be one, and
 * once the model is loaded and type and width are set, its opening, after which `rows` are there.
 * work->layout is set here. */
int vectors_check_part(const vectors *v, const char *const *input, size_t n);
bool vectors_open_part(vectors *v, const sts_model *m, sts_encode_work *work);

/* Makes room for what is before the rows, whose type and width are set. */
bool vectors_begin(vectors *v);
bool vectors_put(vectors *v, const void *row);
/* All that was put is whole, and goes out where somebody may be waiting for it. */
bool vectors_flush(vectors *v);
/* After the last row. */
bool vectors_end(vectors *v);

/* Puts a file in its place after code 0, and drops it after others, but for one that another
 * process can complete. The exit code. */
int vectors_close(vectors *v, int code);

/* Sets err to why the temporary file that is for `what` failed. False. */
bool vectors_spool_failed(vectors *v, const char *what);

#endif
