/* c_locale.c - vsnprintf in the C locale, which the calling thread leaves again. */
#include "core/c_locale.h"

#include <locale.h>
#include <stdio.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

/* Made once and kept; (locale_t)0 where there is no memory for it: the program's own is used then.
 * In glibc and musl it is a constant. */
static locale_t plain(void)
{
    static locale_t made;
    locale_t is = __atomic_load_n(&made, __ATOMIC_ACQUIRE), none = (locale_t)0;
    if (is) return is;
    is = newlocale(LC_ALL_MASK, "C", none);
    if (!is || __atomic_compare_exchange_n(&made, &none, is, false, __ATOMIC_ACQ_REL,
                                           __ATOMIC_ACQUIRE))
        return is;
    freelocale(is);
    return none;
}

int sts_print_list(char *out, size_t size, const char *fmt, va_list ap)
{
    locale_t is = plain(), before = is ? uselocale(is) : is;
    int n = vsnprintf(out, size, fmt, ap);
    if (is) uselocale(before);
    return n;
}

int sts_print(char *out, size_t size, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = sts_print_list(out, size, fmt, ap);
    va_end(ap);
    return n;
}
