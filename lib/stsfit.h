/* stsfit.h - the public interface of libstsfit, in sections by what a caller wants to do.
 * The library never prints and never exits: functions return 0, or -1 with *err filled in.
 * Texts are UTF-8 with a length; scores are doubles; embeddings are float32, row-major. */
#ifndef STSFIT_H
#define STSFIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STSFIT_VERSION "0.1.0"

/* ---- errors and notes ---------------------------------------------------------------------- */

/* Codes double as the program's exit codes. */
enum {
    STS_FAILED = 1,   /* input/output or memory */
    STS_USAGE = 2,    /* the caller's options */
    STS_DATA = 3,     /* a data file's contents */
    STS_MODEL = 4,    /* a model's contents, or a model that is not supported */
    STS_DIVERGED = 5, /* training diverged or collapsed */
    STS_GATE = 6,     /* a quality gate was missed */
    STS_INTERRUPTED = 130
};

/* What went wrong: one line, at most 1 KB, control bytes escaped. Zero-initialise before use. */
typedef struct sts_err {
    int code;
    char text[1024];
} sts_err;

typedef enum { STS_INFO, STS_WARN } sts_level;

/* Receives what the library has to say besides errors; one line each, no newline at the end. */
typedef void sts_note_fn(void *ctx, sts_level level, const char *text);

/* Sets the process-wide receiver of notes; NULL (the default) drops them. Not thread-safe. */
void sts_notes_to(sts_note_fn *fn, void *ctx);

/* A borrowed text: `n` bytes at `s`, not necessarily NUL-terminated. */
typedef struct sts_str {
    const char *s;
    size_t n;
} sts_str;

#ifdef __cplusplus
}
#endif
#endif
