/* number.h - decimal numbers, read strictly, exactly, and the same in every locale. */
#ifndef STS_TEXT_NUMBER_H
#define STS_TEXT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define STS_NUMBER_MAX 64 /* bytes; nobody writes a score longer than that */

/* The whole of s[n] as a finite number: sign, digits, a point, an exponent; nothing else, so no
 * nan, inf, hexadecimal, comma or spaces. The double nearest to the text. */
bool sts_number_parse(const char *s, size_t n, double *out);

#endif
