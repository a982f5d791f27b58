/* token_dir_help.h - a temporary directory with the files of a tokenizer. */
#ifndef TOKEN_DIR_HELP_H
#define TOKEN_DIR_HELP_H

#include "core/env.h"
#include "core/file.h"
#include "core/mem.h"
#include "token_help.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];
static char noted[1024];

static inline void remember(void *ctx, sts_level level, const char *text)
{
    (void)ctx;
    (void)level;
    snprintf(noted, sizeof noted, "%s", text);
}

static inline void enter(void)
{
    snprintf(dir, sizeof dir, "/tmp/stsfit-tokens-XXXXXX");
    cr_assert(mkdtemp(dir), "no temporary directory");
    noted[0] = 0;
    sts_notes_to(remember, NULL);
}

static inline void leave(void)
{
    sts_dir_remove(dir, NULL);
}

static inline void put(const char *file, const char *text)
{
    sts_err err = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, file);
    cr_assert(!sts_file_write(path, text, strlen(text), &err), "%s", err.text);
}

/* The ids of a text by the tokenizer of the directory, or the message why there is none. */
static inline const char *ids_of(const char *text)
{
    static char shown[1024];
    sts_err err = {0};
    sts_ids ids = {0};
    sts_tokenizer *t = sts_tokenizer_load(dir, false, true, 0, &err);
    if (t && !sts_tokenizer_encode(t, text, strlen(text), 0, &ids, NULL, &err))
        token_show(shown, &ids);
    else snprintf(shown, sizeof shown, "%d %.1000s", err.code, err.text);
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
    return shown;
}

/* Each allocation of loading fails once, or from then on. */
static inline void fail_memory(size_t least)
{
    for (int all = 0; all < 2; all++) {
        size_t nth = 0;
        for (bool hit = true; hit;) {
            sts_err err = {0};
            sts_mem_fail(++nth, all);
            sts_tokenizer *t = sts_tokenizer_load(dir, false, true, 0, &err);
            hit = sts_mem_count() >= nth;
            sts_mem_fail(0, false);
            cr_assert(t ? !hit : err.code == STS_FAILED, "allocation %zu: %d %s", nth, err.code,
                      err.text);
            sts_tokenizer_free(t);
        }
        cr_assert(nth > least, "only %zu allocations", nth);
    }
}

#define IS(text, want)                                                                             \
    do {                                                                                           \
        const char *got_ = ids_of(text);                                                           \
        cr_assert(!strcmp(got_, want), "%s: %s", text, got_);                                      \
    } while (0)
#define SAYS(want)                                                                                 \
    do {                                                                                           \
        const char *got_ = ids_of("a");                                                            \
        cr_assert(!strncmp(got_, "4 /tmp/", 7) && strstr(got_, want), "%s", got_);                 \
    } while (0)

#endif
