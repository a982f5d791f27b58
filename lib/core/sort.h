/* sort.h - numbers in ascending order. */
#ifndef STS_CORE_SORT_H
#define STS_CORE_SORT_H

#include <stddef.h>
#include <stdint.h>

void sts_sort_i32(int32_t *v, size_t n);
void sts_sort_u64(uint64_t *v, size_t n);
void sts_sort_f64(double *v, size_t n); /* NaN must not be in v */

#endif
