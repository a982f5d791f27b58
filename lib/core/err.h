/* err.h - filling in sts_err, and notes to the caller. */
#ifndef STS_CORE_ERR_H
#define STS_CORE_ERR_H

#include "stsfit.h"

#if defined(__GNUC__)
#define STS_PRINTF(a, b) __attribute__((format(printf, a, b)))
#else
#define STS_PRINTF(a, b)
#endif

/* Fills *err (which may be NULL) with code and text, escapes control bytes, cuts at 1 KB.
 * Always returns -1, so that `return sts_fail(err, STS_DATA, ...)` ends a function. */
int sts_fail(sts_err *err, int code, const char *fmt, ...) STS_PRINTF(3, 4);

/* Out of memory, naming what was being made. Returns -1. */
int sts_fail_memory(sts_err *err, const char *what);

/* What can be done about it on a command line: text, or "" for other callers. */
const char *sts_remedy(const char *text);

/* What a caller must give, a pointer: 0, or -1 (STS_USAGE) where it is NULL. `name` is that of an
 * argument, or of an option with its dashes. */
int sts_require(bool given, const char *name, sts_err *err);
/* The same of where a text is put, which is NULL at first. */
int sts_require_out(char **out, sts_err *err);
/* The same of each of n files. */
int sts_require_files(const char *const *file, size_t n, sts_err *err);

/* A failed system call: "PATH: what: strerror(errno)". Returns -1. */
int sts_fail_errno(sts_err *err, const char *path, const char *what);

/* Puts "prefix: " before the text of a filled-in *err. Returns -1. */
int sts_fail_prefix(sts_err *err, const char *prefix);

/* The failure that *other holds. Returns -1. */
int sts_fail_as(sts_err *err, const sts_err *other);

/* A callback asked to stop, and its owner knows why: STS_FAILED without a text. Returns -1. */
int sts_fail_quiet(sts_err *err);

/* Sends one note to the receiver of the environment in use (env.h). */
void sts_note(sts_level level, const char *fmt, ...) STS_PRINTF(2, 3);

/* Reports progress to the receiver of the environment in use; nonzero: the work is to stop, since
 * the receiver or sts_stop_asked says so. One thread only. */
int sts_progress(const char *what, size_t done, size_t all);

/* The same where the work can stop: -1 with STS_INTERRUPTED then. */
int sts_advance(const char *what, size_t done, size_t all, sts_err *err);

/* The signal that the environment's flag holds (SIGINT for a number that is not a signal's); 0:
 * nobody asks. */
int sts_stop_asked(void);

#endif
