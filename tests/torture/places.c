/* places.c - the calls that lead to an allocation or a system call. To let one fail below each such
 * call tries every way out once, at a hundredth of the price of letting each of all fail. */
#include "scenes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 14, DEPTH = 64 };

static void *known[SLOTS];

void places_forget(void) { memset(known, 0, sizeof known); }

#if defined __GLIBC__ || defined __APPLE__
#include <execinfo.h>

static bool add(void *place)
{
    size_t i = (size_t)(((uintptr_t)place * 0x9e3779b97f4a7c15u) >> 50);
    for (; known[i]; i = (i + 1) % SLOTS)
        if (known[i] == place) return false;
    known[i] = place;
    return true;
}

bool places_new(void)
{
    void *stack[DEPTH];
    bool fresh = false;
    for (int i = 0, n = backtrace(stack, DEPTH); i < n; i++) fresh |= add(stack[i]);
    return fresh;
}
#else /* every hundredth, then */
bool places_new(void)
{
    static size_t turn;
    return turn++ % 97 == 0;
}
#endif
