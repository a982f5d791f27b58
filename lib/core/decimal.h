/* decimal.h - decimal numbers from and to text: strict, whole, and the same in every locale. */
#ifndef STS_CORE_DECIMAL_H
#define STS_CORE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* All n bytes of s as [+-]digits[.digits][e[+-]digits]; false for anything else: blanks, hex,
 * nan, inf, a comma, what overflows, more than 127 bytes. */
bool sts_decimal_parse(const char *s, size_t n, double *x);

/* The shortest of 15, 16 or 17 digits that reads back as x (finite). Returns out. */
const char *sts_decimal_format(double x, char out[32]);

#endif
