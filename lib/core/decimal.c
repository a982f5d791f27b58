/* decimal.c - printf, with the locale's decimal point taken out. */
#include "core/decimal.h"

#include "stsfit.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

const char *sts_decimal_digits(double x, int digits, char out[32])
{
    snprintf(out, 32, "%.*g", digits, x);
    const char *point = localeconv()->decimal_point;
    char *at = strcmp(point, ".") != 0 ? strstr(out, point) : NULL;
    if (at) {
        *at = '.';
        memmove(at + 1, at + strlen(point), strlen(at + strlen(point)) + 1);
    }
    return out;
}

const char *sts_decimal_format(double x, char out[32])
{
    double back;
    for (int digits = 15; digits <= 17; digits++) {
        sts_decimal_digits(x, digits, out);
        if (sts_number_parse(out, strlen(out), &back) && back == x) break;
    }
    return out;
}
