/* decimal.c - the digits that are needed, no more. */
#include "core/decimal.h"

#include "core/c_locale.h"
#include "stsfit.h"

#include <string.h>

const char *sts_decimal_digits(double x, int digits, char out[32])
{
    sts_print(out, 32, "%.*g", digits, x);
    return out;
}

double sts_decimal_round(double x, int digits)
{
    char text[32];
    sts_decimal_digits(x, digits, text);
    sts_number_parse(text, strlen(text), &x);
    return x;
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
