/* fuzz_gzip.c - gzip streams: read in pieces of any size, the result is the same. */
#include "fuzz.h"

static int64_t inflate_by(const uint8_t *data, size_t n, size_t piece, uint32_t *crc)
{
    static unsigned char buf[1 << 16];
    sts_err err = {0};
    sts_reader *r = sts_reader_open_memory(data, n, "data.gz", &err);
    if (!r) return fuzz_refused(&err), -1;
    long k;
    while ((k = sts_reader_read(r, buf, piece, &err)) > 0) {
        if (sts_reader_bytes(r) > (64u << 20)) break; /* enough of it */
    }
    int64_t total = k < 0 ? -1 : (int64_t)sts_reader_bytes(r);
    if (k < 0) fuzz_refused(&err);
    *crc = sts_reader_crc(r);
    sts_reader_close(r);
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint32_t a = 0, b = 0;
    int64_t x = inflate_by(data, n, 1 << 16, &a);
    if (x > 1 << 20) return 0;
    int64_t y = inflate_by(data, n, 977, &b);
    fuzz_check(x == y && (x < 0 || a == b), "pieces of another size give the same bytes");
    return 0;
}
