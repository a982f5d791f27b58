/* sort.c - numbers in ascending order: sts_sort_i32, sts_sort_u64, sts_sort_f64. */
#include "core/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SORT(name, type)                                                                           \
    static int order_##name(const void *a, const void *b)                                          \
    {                                                                                              \
        type x = *(const type *)a, y = *(const type *)b;                                           \
        return (x > y) - (x < y);                                                                  \
    }                                                                                              \
    static void sort_##name(type *v, size_t n)                                                     \
    {                                                                                              \
        if (n) qsort(v, n, sizeof *v, order_##name);                                               \
    }

SORT(i32, int32_t)
SORT(u64, uint64_t)
SORT(f64, double)

/* ---- short lists of integers: by their bytes, the lowest first ---- */

enum { SHORT = 4096, BYTES = 256 };

/* The byte at `shift`, the one with the sign so that negative numbers come first. */
static unsigned byte_at(int32_t x, int shift)
{
    return ((uint32_t)x ^ 0x80000000u) >> shift & (BYTES - 1);
}

/* Moves from[n] to `to` by one byte. False, and nothing is moved, where all have the same. */
static bool by_byte(int32_t *to, const int32_t *from, size_t n, int shift)
{
    uint32_t at[BYTES] = {0}, before = 0;
    for (size_t i = 0; i < n; i++) at[byte_at(from[i], shift)]++;
    if (at[byte_at(from[0], shift)] == n) return false;
    for (int b = 0; b < BYTES; b++) {
        uint32_t count = at[b];
        at[b] = before;
        before += count;
    }
    for (size_t i = 0; i < n; i++) to[at[byte_at(from[i], shift)]++] = from[i];
    return true;
}

static void sort_short(int32_t *v, size_t n)
{
    int32_t space[SHORT], *from = v, *to = space;
    for (int shift = 0; shift < 32; shift += 8) {
        if (!by_byte(to, from, n, shift)) continue;
        int32_t *moved = to;
        to = from;
        from = moved;
    }
    if (from != v) memcpy(v, from, n * sizeof *v);
}

void sts_sort_i32(int32_t *v, size_t n)
{
    if (n > 32 && n <= SHORT) sort_short(v, n);
    else sort_i32(v, n);
}

void sts_sort_u64(uint64_t *v, size_t n)
{
    sort_u64(v, n);
}

void sts_sort_f64(double *v, size_t n)
{
    sort_f64(v, n);
}
