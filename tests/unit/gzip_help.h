/* gzip_help.h - gzip data for tests. */
#ifndef GZIP_HELP_H
#define GZIP_HELP_H

#include "core/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <zlib.h>

static inline unsigned char *compress_gzip(const void *data, size_t n, size_t *out_n)
{
    z_stream z = {0};
    cr_assert(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t cap = deflateBound(&z, n) + 64;
    unsigned char *out = malloc(cap);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)cap;
    cr_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
    *out_n = cap - z.avail_out;
    deflateEnd(&z);
    return out;
}

/* Random small letters, which gzip makes little smaller. */
static inline void fill_letters(char *s, size_t n, sts_rng *r)
{
    for (size_t i = 0; i < n; i++) s[i] = (char)('a' + sts_rng_below(r, 26));
}

#endif
