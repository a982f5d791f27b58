/* foreign.c - allocations that other libraries make for themselves (libzip, the C library) fail.
 * The program's own malloc stands before the C library's here, and finds out who calls it: what
 * comes from this program went through core/mem.h, and is the business of allocations.c. Only with
 * glibc, and without a sanitizer, which has a malloc of its own. */
#include "scenes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

extern char __executable_start, etext; /* the linker's */
static size_t made, fail_at;
static bool counting;

static bool refused(const char *caller)
{
    if (!counting || (caller >= &__executable_start && caller < &etext)) return false;
    if (++made != fail_at) return false;
    errno = ENOMEM;
    return true;
}

#define CALLER ((const char *)__builtin_return_address(0))

void *malloc(size_t n)
{
    return refused(CALLER) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return refused(CALLER) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return refused(CALLER) ? NULL : __libc_realloc(p, n);
}

static int play(const scene *s, size_t nth, char **product, sts_err *err)
{
    *product = NULL;
    scene_begin(s, false);
    made = 0;
    fail_at = nth;
    counting = true;
    int rc = s->run(product, err);
    counting = false;
    if (!rc) *product = scene_product(s, *product);
    return rc;
}

static size_t tried;

static void torture(const scene *s, size_t stride)
{
    char *whole, *product, where[80];
    sts_err err = {0};
    scene_begin(s, true);
    if (play(s, 0, &whole, &err)) wrong(s->name, "%s", err.text);
    size_t all = made, ignored = 0;
    for (size_t i = 1; i <= all; i += stride, tried++) {
        err = (sts_err){0};
        snprintf(where, sizeof where, "%s: foreign allocation %zu", s->name, i);
        int rc = play(s, i, &product, &err);
        if (rc && (err.code != STS_FAILED || !*err.text))
            wrong(where, "code %d: %s", err.code, err.text);
        if (!rc) same_product(where, product, whole);
        ignored += !rc;
        free(product);
    }
    printf("%-16s %6zu foreign allocations, %zu did not matter\n", s->name, all, ignored);
    fflush(stdout);
    free(whole);
}

void torture_foreign(const char *only, size_t stride)
{
    for (size_t i = 0; i < n_scenes; i++)
        if (!only || !strcmp(only, scenes[i].name)) torture(&scenes[i], stride);
    printf("foreign allocations: %zu faults injected\n", tried);
}

#else

void torture_foreign(const char *only, size_t stride)
{
    (void)only, (void)stride;
    printf("foreign allocations: not with this C library\n");
}

#endif
