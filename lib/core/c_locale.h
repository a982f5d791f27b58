/* c_locale.h - printf with a decimal point, whatever locale the program has set. */
#ifndef STS_CORE_C_LOCALE_H
#define STS_CORE_C_LOCALE_H

#include "core/err.h"

#include <stdarg.h>

/* As snprintf and vsnprintf; the library prints numbers through these two alone. */
int sts_print(char *out, size_t size, const char *fmt, ...) STS_PRINTF(3, 4);
int sts_print_list(char *out, size_t size, const char *fmt, va_list ap);

#endif
