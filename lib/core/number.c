/* number.c - a decimal text to the nearest double. Up to 19 digits and a power of ten within
 * 10^22 are done with one exact operation (W. D. Clinger, "How to read floating point numbers
 * accurately", PLDI 1990); the rare rest goes to strtod, on a checked copy. */
#include "core/limits.h"
#include "stsfit.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct decimal {
    uint64_t digits; /* all digits as one whole number; valid up to 19 of them */
    int n_digits;    /* significant ones, leading zeros not counted */
    int exponent;    /* of ten */
    bool negative;
} decimal;

/* Reads digits from *i on; returns how many there were. */
static size_t read_digits(const char *s, size_t n, size_t *i, decimal *d)
{
    size_t from = *i;
    for (; *i < n && s[*i] >= '0' && s[*i] <= '9'; (*i)++) {
        if (d->n_digits || s[*i] != '0') d->n_digits++;
        if (d->n_digits <= 19) d->digits = d->digits * 10 + (uint64_t)(s[*i] - '0');
    }
    return *i - from;
}

/* "e-12" from *i on into the exponent; false when it is malformed. */
static bool read_exponent(const char *s, size_t n, size_t *i, decimal *d)
{
    bool minus = *i + 1 < n && s[*i + 1] == '-';
    *i += minus || (*i + 1 < n && s[*i + 1] == '+') ? 2 : 1;
    int e = 0;
    size_t from = *i;
    for (; *i < n && s[*i] >= '0' && s[*i] <= '9'; (*i)++)
        if (e < 10000) e = e * 10 + (s[*i] - '0');
    d->exponent += minus ? -e : e;
    return *i > from;
}

static bool read_decimal(const char *s, size_t n, decimal *d)
{
    size_t i = 0;
    *d = (decimal){0};
    if (!n || n > STS_NUMBER_MAX) return false;
    d->negative = s[0] == '-';
    if (s[0] == '-' || s[0] == '+') i++;
    size_t count = read_digits(s, n, &i, d);
    if (i < n && s[i] == '.') {
        i++;
        size_t after = read_digits(s, n, &i, d);
        d->exponent -= (int)after;
        count += after;
    }
    if (!count) return false;
    if (i < n && (s[i] == 'e' || s[i] == 'E') && !read_exponent(s, n, &i, d)) return false;
    return i == n;
}

/* strtod on a copy that has the decimal point of whatever locale the caller has set. */
static bool slow(const char *s, size_t n, double *out)
{
    char copy[STS_NUMBER_MAX + 16];
    const char *dot = memchr(s, '.', n);
    size_t whole = dot ? (size_t)(dot - s) : n;
    snprintf(copy, sizeof copy, "%.*s%s%.*s", (int)whole, s,
             dot ? localeconv()->decimal_point : "", dot ? (int)(n - whole - 1) : 0,
             dot ? dot + 1 : "");
    *out = strtod(copy, NULL);
    return isfinite(*out);
}

bool sts_number_parse(const char *s, size_t n, double *out)
{
    static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    decimal d;
    if (!read_decimal(s, n, &d)) return false;
    if (d.n_digits > 19 || d.digits > (uint64_t)1 << 53 || d.exponent < -22 || d.exponent > 22)
        return slow(s, n, out);
    double x = (double)d.digits;
    x = d.exponent < 0 ? x / ten[-d.exponent] : x * ten[d.exponent];
    *out = d.negative ? -x : x;
    return true;
}
