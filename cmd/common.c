/* common.c - what the commands share. */
#include "common.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct {
    bool quiet, verbose;
    char last[1024];
    unsigned long repeats;
} notes;

void common_defaults(common *c)
{
    *c = (common){.model = "stsfit-run", .progress = "auto", .on_bad_row = "fail", .batch_size = 16};
}

/* A warning is printed once; how often it came again is told at the end. */
static void note(void *ctx, sts_level level, const char *text)
{
    (void)ctx;
    const char *colon = strncmp(text, "step ", 5) ? NULL : strchr(text, ':');
    const char *body = colon ? colon : text;
    if (notes.quiet) return;
    if (level == STS_WARN && !strcmp(body, notes.last)) {
        notes.repeats++;
        return;
    }
    progress_clear();
    if (level == STS_WARN) snprintf(notes.last, sizeof notes.last, "%s", body);
    fprintf(stderr, "stsfit: %s%s\n", level == STS_WARN ? "warning: " : "", text);
}

void common_start(common *c)
{
    signal(SIGPIPE, SIG_IGN);
    notes.quiet = c->quiet;
    notes.verbose = c->verbose;
    sts_notes_to(note, NULL);
    sts_threads_set((int)c->threads);
    c->reading.skip_bad = c->on_bad_row && !strcmp(c->on_bad_row, "skip");
}

sts_model *common_model(const common *c, sts_err *err)
{
    sts_model *m = sts_model_load(c->model, err);
    size_t n = (size_t)c->max_seq_length;
    if (!m || !n || !sts_model_set_max_seq_length(m, n, err)) return m;
    sts_model_free(m);
    return NULL;
}

const char *common_input(const char *name, const opt_args *args)
{
    if (args->n < 2) return args->n ? args->v[0] : "-";
    fprintf(stderr, "stsfit: %s: one file at a time, or stdin\n", name);
    return NULL;
}

int common_fail(const sts_err *err)
{
    progress_clear();
    if (notes.repeats)
        fprintf(stderr, "stsfit: the last warning came %lu times more\n", notes.repeats);
    notes.repeats = 0;
    if (*err->text) fprintf(stderr, "stsfit: %s\n", err->text);
    return err->code ? err->code : STS_FAILED;
}

static bool reader_gone;

bool common_write(FILE *f, const void *buf, size_t n)
{
    if (fwrite(buf, 1, n, f) == n) return true;
    if (errno == EPIPE) reader_gone = true;
    return false;
}

int common_finish(int code)
{
    progress_clear();
    bool bad = fflush(stdout) || ferror(stdout);
    if (bad && (reader_gone || errno == EPIPE)) return 0;
    if (bad && !code) {
        fprintf(stderr, "stsfit: cannot write the output: %s\n", strerror(errno));
        return STS_FAILED;
    }
    return code;
}
