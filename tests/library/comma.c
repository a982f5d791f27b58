/* comma.c - loaded into the program before it begins: sets the locale of the environment, as many
 * hosts of the library do. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void set(void)
{
    if (setlocale(LC_ALL, "") && !strcmp(localeconv()->decimal_point, ",")) return;
    fputs("the locale has no decimal comma\n", stderr);
    _exit(1);
}
