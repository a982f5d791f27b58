/* fuzz_jsonl.c - pairs in jsonl. */
#include "pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_pairs("jsonl", data, n);
}
