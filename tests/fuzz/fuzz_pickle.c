/* fuzz_pickle.c - the data.pkl of a PyTorch archive. */
#include "fuzz.h"
#include "format/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    sts_arena arena = {0};
    sts_pickle_tensor *v;
    size_t n_v;
    sts_err err = {0};
    if (sts_pickle_read(data, n, "pytorch_model.bin", &arena, &v, &n_v, &err)) {
        fuzz_refused(&err);
    } else {
        for (size_t i = 0; i < n_v; i++) {
            size_t count = 1;
            for (int d = 0; d < v[i].t.n_dims; d++) count *= v[i].t.shape[d];
            fuzz_check(count <= v[i].numel, "a tensor is no larger than its storage");
        }
    }
    sts_arena_free(&arena);
    return 0;
}
