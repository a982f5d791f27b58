/* stsfit_file.h - words, and files, as the commands show, read and write them: outputs are complete
 * or absent. Included by stsfit.h. */
#ifndef STSFIT_FILE_H
#define STSFIT_FILE_H

#include "stsfit.h"

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* n bytes of s as one line that a terminal can be shown: control bytes and what is not UTF-8 as
 * \xNN, cut with "..." where `size` is reached. Returns out. */
const char *sts_quote(char *out, size_t size, const char *s, size_t n);

/* The length of the first line of a text that is wrapped to `room`: more where its first word is
 * longer and has no comma to be parted after. */
size_t sts_line_length(const char *text, size_t room);

/* s as one word that a shell takes back, byte for byte: for commands to copy. Freed by
 * sts_free_text; NULL when memory is out. */
char *sts_shell_word(const char *s);

/* The one of names[n] that `word` may have meant, or NULL. */
const char *sts_suggest(const char *word, const char *const *names, size_t n);

/* All n bytes of s as a decimal number; false for anything else: blanks, hex, nan, inf, a comma. */
bool sts_number_parse(const char *s, size_t n, double *x);

/* The text of a file, checked to be strict JSON; freed by sts_free_text. NULL on error: STS_FAILED
 * when it cannot be read, else `code`. */
char *sts_json_read(const char *path, int code, sts_err *err);

/* Whether path is a device, a pipe, a socket, or a link of /dev or /proc to anything: that is
 * written to as it is. All other output is a file that is put in its place once it is whole. */
bool sts_is_stream(const char *path);

/* A file in the making: it gets its name once it is complete. */
typedef struct sts_writer sts_writer;

/* Opens PATH.tmp-PID, new and nobody else's; nothing is seen under `path` before
 * sts_writer_commit. What is a stream is written to as it is; a pipe needs a reader by the first
 * write. NULL on error. */
sts_writer *sts_writer_open(const char *path, sts_err *err);
int sts_writer_write(sts_writer *w, const void *buf, size_t n, sts_err *err);
/* Writes over the first n bytes, as the last thing before the commit. Not for streams. */
int sts_writer_replace_start(sts_writer *w, const void *buf, size_t n, sts_err *err);
/* fsync, rename over path, fsync of the directory; frees w whatever happens. */
int sts_writer_commit(sts_writer *w, sts_err *err);
/* Removes the temporary file and frees w; NULL is fine. */
void sts_writer_abort(sts_writer *w);
/* Removes the temporary files of all writers: for a signal handler that ends the process. */
void sts_writer_unlink_all(void);

/* ---- work that the next process completes ---- */

/* A file that is written row by row and outlives a process that ends too early: PATH.part, and
 * PATH.part.json, which says of what work it is and how many of its rows are whole. */
typedef struct sts_partial sts_partial;

/* What decides the file's contents, by name: "options", "--format npy". */
typedef struct sts_fact {
    const char *name, *value;
} sts_fact;

/* Where its rows are. */
typedef struct sts_rows_layout {
    size_t head; /* bytes before them, which sts_writer_replace_start will replace */
    size_t row;  /* bytes of each; 0: each ends in a newline, and has no other */
} sts_rows_layout;

/* Opens what an earlier process left of `path`, or begins it. NULL on error: STS_USAGE where what
 * is there is of other facts, STS_DATA where it is damaged, not of such work, or being written. */
sts_partial *sts_partial_open(const char *path, const sts_fact *fact, size_t n,
                              const sts_rows_layout *layout, sts_err *err);
/* The rows that are there. */
uint64_t sts_partial_rows(const sts_partial *p);
/* To write the next ones to. It stays p's. */
sts_writer *sts_partial_writer(sts_partial *p);
/* All `rows` that have been written are whole. They are on the disk a second later, if there is a
 * call then, or when p is closed. 0, or -1. */
int sts_partial_mark(sts_partial *p, uint64_t rows, sts_err *err);
/* Gives the file its name; frees p whatever happens. 0, or -1, with the file left as it is. */
int sts_partial_commit(sts_partial *p, sts_err *err);
/* Leaves what is whole to another process, and frees p; NULL is fine. */
void sts_partial_close(sts_partial *p);

/* What decides the vectors of sts_encode_file and how they are written. */
typedef struct sts_encode_work {
    size_t size;                     /* of this struct; 0: that of 1.0 */
    const char *input, *calibration; /* files; calibration may be NULL */
    const char *options;             /* all others, in words */
    sts_rows_layout layout;
} sts_encode_work;

/* Opens an output for vectors that another process completes if this one cannot: with the rows that
 * are there already (sts_partial_rows) left out by sts_text_options.skip, and marks after each
 * block, it gets the bytes of an uninterrupted run. The model is as it will be used. NULL on error,
 * as sts_partial_open; and as sts_output_open, of all three files. */
sts_partial *sts_encode_resume(const sts_model *m, const char *output, const sts_encode_work *work,
                               sts_err *err);

/* ---- output ---- */

/* Opens the output of some work before the work, which reads the n files `input` ("-" is stdin).
 * Refused (STS_USAGE): an output that is one of them, one of a run's or a model's own files, or a
 * directory. */
sts_writer *sts_output_open(const char *path, const char *const *input, size_t n, sts_err *err);
/* The same question alone, for files whose names come later, but for those of models. */
int sts_output_check(const char *path, const char *const *input, size_t n, sts_err *err);

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
