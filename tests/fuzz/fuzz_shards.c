/* fuzz_shards.c - the index of weights in several files. */
#include "weights.h"

#define SHARDS_DIR "tests/golden/variants/sharded"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static bool ready;
    sts_weights w = {0};
    sts_err err = {0};
    if (!ready) {
        fuzz_copy(SHARDS_DIR, "sharded");
        fuzz_check(!sts_file_copy("tests/fuzz/seeds/small.safetensors",
                                  fuzz_path("outside.safetensors"), NULL), "copying");
        atexit(fuzz_clean);
        ready = true;
    }
    fuzz_file("sharded/model.safetensors.index.json", data, n);
    if (sts_weights_open(&w, fuzz_path("sharded"), &err)) fuzz_refused(&err);
    for (size_t i = 0; i < w.n; i++)
        fuzz_check(strcmp(w.v[i].name, "a") != 0, "no file outside the directory is read");
    sts_weights_done(&w);
    return 0;
}
