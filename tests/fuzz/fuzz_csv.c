/* fuzz_csv.c - pairs in csv. */
#include "pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_pairs("csv", data, n);
}
