/* fuzz_tsv.c - pairs in tsv. */
#include "pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_pairs("tsv", data, n);
}
