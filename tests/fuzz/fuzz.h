/* fuzz.h - what the harnesses share. A harness is one file with LLVMFuzzerTestOneInput: libFuzzer
 * and AFL++ link it with their own main, main.c runs it over files, and the unit test over all
 * that is in regress/. A harness aborts where a promise of ours is broken, not only on a crash. */
#ifndef STS_FUZZ_H
#define STS_FUZZ_H

#include "core/file.h"
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max);

#define FUZZ_UNUSED __attribute__((unused))

/* Says what is broken and stops. */
FUZZ_UNUSED static void fuzz_check(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "fuzz: broken promise: %s\n", what);
    abort();
}

/* A refusal has a code and one line of text without control bytes. */
FUZZ_UNUSED static void fuzz_refused(const sts_err *err)
{
    fuzz_check(err->code >= 1 && err->code <= 5, "a refusal has a code from 1 to 5");
    size_t n = strnlen(err->text, sizeof err->text);
    fuzz_check(n > 0 && n < sizeof err->text, "a refusal has a text of less than 1 KB");
    for (size_t i = 0; i < n; i++)
        fuzz_check((unsigned char)err->text[i] >= 0x20 && err->text[i] != 0x7f,
                   "a refusal is one line of printable text");
}

/* A scratch directory of this process, in memory where there is such a place. */
FUZZ_UNUSED static const char *fuzz_dir(void)
{
    static char dir[64];
    if (*dir) return dir;
    strcpy(dir, sts_dir_exists("/dev/shm") ? "/dev/shm/stsfit-fuzz-XXXXXX"
                                           : "/tmp/stsfit-fuzz-XXXXXX");
    fuzz_check(mkdtemp(dir), "mkdtemp");
    return dir;
}

FUZZ_UNUSED static const char *fuzz_path(const char *name)
{
    static char path[4][160];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", fuzz_dir(), name);
    return path[turn];
}

/* Writes a file of the scratch directory; its path. */
FUZZ_UNUSED static const char *fuzz_file(const char *name, const void *data, size_t n)
{
    const char *path = fuzz_path(name);
    FILE *f = fopen(path, "wb");
    fuzz_check(f && fwrite(data, 1, n, f) == n && !fclose(f), "the scratch file was written");
    return path;
}

FUZZ_UNUSED static void fuzz_clean(void)
{
    sts_dir_remove(fuzz_dir(), NULL);
}

/* Copies a directory of the checkout into the scratch directory, which goes away at the end. */
FUZZ_UNUSED static void fuzz_copy(const char *from, const char *to)
{
    char **names;
    size_t n;
    fuzz_check(!sts_dir_list(from, &names, &n, NULL), "run from the root of the checkout");
    fuzz_check(!sts_dir_make(fuzz_path(to), NULL), "the scratch directory");
    for (size_t i = 0; i < n; i++) {
        char a[256], b[256];
        snprintf(a, sizeof a, "%s/%s", from, names[i]);
        snprintf(b, sizeof b, "%s/%s", to, names[i]);
        if (sts_dir_exists(a)) fuzz_copy(a, b);
        else fuzz_check(!sts_file_copy(a, fuzz_path(b), NULL), "copying");
    }
    sts_names_free(names, n);
}

#endif
