/* decimal.h - numbers to the shortest text that reads back, the same in every locale. (Reading:
 * sts_number_parse.) */
#ifndef STS_CORE_DECIMAL_H
#define STS_CORE_DECIMAL_H

/* The shortest of 15, 16 or 17 digits that reads back as x (finite). Returns out. */
const char *sts_decimal_format(double x, char out[32]);

/* x (finite) with `digits` significant digits at most. Returns out. */
const char *sts_decimal_digits(double x, int digits, char out[32]);

/* x (finite) rounded to that many significant digits. */
double sts_decimal_round(double x, int digits);

#endif
