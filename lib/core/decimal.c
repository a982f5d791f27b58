/* decimal.c - strtod and printf, with the grammar checked and the locale's point taken out. */
#include "core/decimal.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 127

static size_t digits(const char *s, size_t n, size_t at)
{
    size_t from = at;
    while (at < n && s[at] >= '0' && s[at] <= '9') at++;
    return at - from;
}

/* The place of the point, or n; -1 when s is not a number. */
static long grammar(const char *s, size_t n)
{
    size_t at = n && (s[0] == '+' || s[0] == '-'), point = n;
    size_t some = digits(s, n, at);
    at += some;
    if (at < n && s[at] == '.') {
        point = at++;
        size_t more = digits(s, n, at);
        at += more;
        some += more;
    }
    if (some && at < n && (s[at] == 'e' || s[at] == 'E')) {
        at++;
        if (at < n && (s[at] == '+' || s[at] == '-')) at++;
        size_t power = digits(s, n, at);
        if (!power) return -1;
        at += power;
    }
    return some && at == n ? (long)point : -1;
}

bool sts_decimal_parse(const char *s, size_t n, double *x)
{
    char text[LONGEST + 16];
    long point = n <= LONGEST ? grammar(s, n) : -1;
    if (point < 0) return false;
    size_t left = (size_t)point, right = left < n ? n - left - 1 : 0;
    int len = snprintf(text, sizeof text, "%.*s%s%.*s", (int)left, s,
                       left < n ? localeconv()->decimal_point : "", (int)right,
                       s + (left < n ? left + 1 : n));
    if (len < 0 || (size_t)len >= sizeof text) return false;
    *x = strtod(text, NULL);
    return isfinite(*x);
}

const char *sts_decimal_format(double x, char out[32])
{
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, 32, "%.*g", precision, x);
        if (strtod(out, NULL) == x) break;
    }
    const char *point = localeconv()->decimal_point;
    char *at = strstr(out, point);
    if (at && strcmp(point, ".") != 0) {
        *at = '.';
        memmove(at + 1, at + strlen(point), strlen(at + strlen(point)) + 1);
    }
    return out;
}
