/* mem.c - allocation with overflow checks and a switch that makes the nth one fail. */
#include "core/mem.h"
#include "stsfit.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_size_t made;
static atomic_size_t fail_at;
static atomic_bool fail_all;
static atomic_size_t live;

void (*sts_mem_seen)(void);

/* Counts p among the living, if there is one. */
static void *born(void *p)
{
    if (p) atomic_fetch_add_explicit(&live, 1, memory_order_relaxed);
    return p;
}

static bool denied(void)
{
    if (sts_mem_seen) sts_mem_seen();
    size_t nth = atomic_fetch_add_explicit(&made, 1, memory_order_relaxed) + 1;
    size_t at = atomic_load_explicit(&fail_at, memory_order_relaxed);
    return at && (nth == at || (nth > at && atomic_load(&fail_all)));
}

bool sts_mul(size_t a, size_t b, size_t *out)
{
    if (b && a > SIZE_MAX / b) return false;
    *out = a * b;
    return true;
}

bool sts_add(size_t a, size_t b, size_t *out)
{
    *out = a + b;
    return *out >= a;
}

void *sts_alloc(size_t n, size_t size)
{
    size_t bytes;
    if (denied() || !sts_mul(n, size, &bytes)) return NULL;
    return born(calloc(bytes ? bytes : 1, 1));
}

void *sts_realloc(void *p, size_t n, size_t size)
{
    size_t bytes;
    if (denied() || !sts_mul(n, size, &bytes)) return NULL;
    return p ? realloc(p, bytes ? bytes : 1) : born(malloc(bytes ? bytes : 1));
}

void *sts_alloc_raw(size_t n, size_t size)
{
    size_t bytes;
    if (denied() || !sts_mul(n, size, &bytes) || !sts_add(bytes, 127, &bytes)) return NULL;
    void *p = NULL;
    return posix_memalign(&p, 64, bytes & ~(size_t)63) ? NULL : born(p);
}

void *sts_alloc_aligned(size_t n, size_t size)
{
    void *p = sts_alloc_raw(n, size);
    return p ? memset(p, 0, n * size) : NULL;
}

char *sts_strndup(const char *s, size_t n)
{
    char *p = n < SIZE_MAX ? sts_alloc(n + 1, 1) : NULL;
    if (p && n) memcpy(p, s, n);
    return p;
}

char *sts_strdup(const char *s)
{
    return sts_strndup(s, strlen(s));
}

void sts_free(void *p)
{
    if (p) atomic_fetch_sub_explicit(&live, 1, memory_order_relaxed);
    free(p);
}

void sts_free_text(void *text)
{
    sts_free(text);
}

int sts_grow(void *p_address, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return 0;
    size_t want = *cap ? *cap : 8;
    while (want <= n) {
        if (!sts_mul(want, 2, &want)) return -1;
    }
    void *old;
    memcpy(&old, p_address, sizeof old);
    void *p = sts_realloc(old, want, size);
    if (!p) return -1;
    memcpy(p_address, &p, sizeof p);
    *cap = want;
    return 0;
}

void sts_mem_fail(size_t nth, bool all)
{
    atomic_store(&made, 0);
    atomic_store(&fail_all, all);
    atomic_store(&fail_at, nth);
}

size_t sts_mem_count(void)
{
    return atomic_load(&made);
}

size_t sts_mem_live(void)
{
    return atomic_load(&live);
}
