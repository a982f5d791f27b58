/* test_number.c - decimal numbers: exact, strict, and equal to strtod on whatever it accepts. */
#include "core/rng.h"
#include "stsfit.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse(const char *s, double *x)
{
    return sts_number_parse(s, strlen(s), x);
}

Test(number, accepts)
{
    static const char *const good[] = {
        "0", "-0", "+5", "5.", ".5", "-.5", "3.867", "4.250", "1e2", "1E-2", "1e+2", "0e0",
        "007", "0003.2000", "9007199254740993", "9007199254740992.5", "18446744073709551615",
        "1e22", "1e23", "123456789012345678", "1.7976931348623157e308", "5e-324",
        "2.2250738585072011e-308", "0.1", "0.30000000000000004", "8.5e-22", "1e-23",
        "4503599627370497.5", "1e-99999", "12345678901234567890123456789012345678901234567890",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double x = NAN, y = strtod(good[i], NULL);
        cr_assert(parse(good[i], &x), "%s", good[i]);
        cr_assert(memcmp(&x, &y, sizeof x) == 0, "%s: %.17g, not %.17g", good[i], x, y);
    }
}

Test(number, refuses)
{
    static const char *const bad[] = {
        "", "-", "+", ".", "e5", "1e", "1e+", "1e-", "--1", "+-1", "1 ", " 1", "1,5", "1.2.3",
        "nan", "NaN", "inf", "-inf", "infinity", "0x10", "1e5x", "1e5 ", "1_0", "1f", "1d0", "50%",
        "1e999", "-1e309", "\xef\xbc\x93", "1e99999999999999999999",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double x;
        cr_assert_not(parse(bad[i], &x), "'%s' is taken for %g", bad[i], x);
    }
    double x;
    cr_assert_not(sts_number_parse("1\0", 2, &x));
    cr_assert(sts_number_parse("12x", 2, &x) && x == 12, "only n bytes are read");
}

/* Random digits, points and exponents: the fast path against strtod. */
Test(number, equals_strtod)
{
    sts_rng r = sts_rng_new(7, 0);
    for (int i = 0; i < 200000; i++) {
        char s[64];
        int n = 0, digits = 1 + (int)sts_rng_below(&r, 22), point = (int)sts_rng_below(&r, 24);
        for (int k = 0; k < digits; k++) {
            if (k == point) n += snprintf(s + n, sizeof s - (size_t)n, ".");
            n += snprintf(s + n, sizeof s - (size_t)n, "%u", sts_rng_below(&r, 10));
        }
        if (sts_rng_below(&r, 2))
            snprintf(s + n, sizeof s - (size_t)n, "e%d", (int)sts_rng_below(&r, 60) - 30);
        double x = NAN, y = strtod(s, NULL);
        cr_assert(parse(s, &x) && x == y, "%s: %.17g, not %.17g", s, x, y);
    }
}

/* The smallest double in full has 1,077 characters; what is longer than 1,100 is no score. */
Test(number, long_ones)
{
    char s[1200];
    double x;
    int n = snprintf(s, sizeof s, "%.1074f", 5e-324);
    cr_assert(n == 1076 && parse(s, &x) && x == 5e-324);
    memset(s, '0', sizeof s);
    s[1099] = '3';
    cr_assert(sts_number_parse(s, 1100, &x) && x == 3);
    cr_assert_not(sts_number_parse(s, 1101, &x));
}

Test(number, any_locale)
{
    double x;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"};
    for (size_t i = 0; i < 3 && !setlocale(LC_ALL, names[i]); i++) continue;
    cr_assert(parse("3.5", &x) && x == 3.5);
    cr_assert(parse("0.1234567890123456789012345", &x) && x > 0.123 && x < 0.124, "%g", x);
    cr_assert_not(parse("3,5", &x));
    setlocale(LC_ALL, "C");
}
