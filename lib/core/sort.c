/* sort.c - numbers in ascending order: sts_sort_i32, sts_sort_u64, sts_sort_f64. */
#include "core/sort.h"

#include <stdlib.h>

#define SORT(name, type)                                                                           \
    static int order_##name(const void *a, const void *b)                                          \
    {                                                                                              \
        type x = *(const type *)a, y = *(const type *)b;                                           \
        return (x > y) - (x < y);                                                                  \
    }                                                                                              \
    void sts_sort_##name(type *v, size_t n)                                                        \
    {                                                                                              \
        if (n) qsort(v, n, sizeof *v, order_##name);                                               \
    }

SORT(i32, int32_t)
SORT(u64, uint64_t)
SORT(f64, double)
