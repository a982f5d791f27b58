/* mem.h - every allocation of the library: sizes checked for overflow, failures injectable. */
#ifndef STS_CORE_MEM_H
#define STS_CORE_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* n * size zeroed bytes; NULL when that overflows or memory is out. n or size 0 gives a
 * valid pointer. Freed by sts_free. */
void *sts_alloc(size_t n, size_t size);

/* Resizes p (or NULL) to n * size bytes, contents kept, new bytes not set; NULL on failure, and
 * then p is still valid. */
void *sts_realloc(void *p, size_t n, size_t size);

/* As sts_alloc, aligned to 64 bytes, for vectors of numbers. Freed by sts_free too.
 * The second leaves the contents unset, so that pages never written cost nothing. */
void *sts_alloc_aligned(size_t n, size_t size);
void *sts_alloc_raw(size_t n, size_t size);

char *sts_strdup(const char *s);
char *sts_strndup(const char *s, size_t n);
void sts_free(void *p);

/* Makes room for one more element: *p has n of *cap elements; doubles when full. 0, or -1. */
int sts_grow(void *p_address, size_t n, size_t *cap, size_t size);

/* a * b into *out; false when it overflows. */
bool sts_mul(size_t a, size_t b, size_t *out);
bool sts_add(size_t a, size_t b, size_t *out);

/* For tests: the nth allocation from now (from 1) fails, and with `all` every later one too;
 * 0 switches that off. sts_mem_count() returns how many were made since. */
void sts_mem_fail(size_t nth, bool all);
size_t sts_mem_count(void);
extern void (*sts_mem_seen)(void); /* called at each allocation, unless NULL */

/* How many allocations are alive: what was made and not freed yet. */
size_t sts_mem_live(void);

#endif
