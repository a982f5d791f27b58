/* embedding.c - gather and scatter. A row may be wanted by several tokens, so that scatter cuts
 * the columns among the threads: no two write the same number, and the order is the batch's. */
#include "math/embedding.h"

#include <string.h>

#define COLUMNS 64

void sts_embed_forward(size_t T, size_t H, float *y, const float *table, const int32_t *index,
                       bool add)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        float *restrict out = y + t * H;
        const float *restrict in = table + (size_t)index[t] * H;
        if (!add) {
            memcpy(out, in, H * sizeof *out);
        } else {
            for (size_t j = 0; j < H; j++) out[j] += in[j];
        }
    }
}

static void add_scaled(float *restrict y, const float *restrict x, float scale, size_t n)
{
    for (size_t j = 0; j < n; j++) y[j] += scale * x[j];
}

void sts_embed_backward(size_t T, size_t H, float *dtable, const float *dy, const int32_t *index,
                        int32_t skip)
{
    if (!dtable) return;
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t j = 0; j < H; j += COLUMNS) {
        size_t n = H - j < COLUMNS ? H - j : COLUMNS;
        for (size_t t = 0; t < T; t++) {
            if (index[t] == skip) continue;
            add_scaled(dtable + (size_t)index[t] * H + j, dy + t * H + j, 1, n);
        }
    }
}

void sts_embed_mean_forward(size_t S, size_t H, float *y, const float *table, const int32_t *index,
                            const int32_t *start)
{
#pragma omp parallel for schedule(static) \
    num_threads(sts_threads()) if (S * H > STS_PARALLEL_MIN / 8)
    for (size_t s = 0; s < S; s++) {
        float *out = y + s * H;
        memset(out, 0, H * sizeof *out);
        int32_t n = start[s + 1] - start[s];
        for (int32_t t = start[s]; t < start[s + 1]; t++)
            add_scaled(out, table + (size_t)index[t] * H, 1, H);
        for (size_t j = 0; j < H && n > 1; j++) out[j] /= (float)n;
    }
}

void sts_embed_mean_backward(size_t S, size_t H, float *dtable, const float *dy,
                             const int32_t *index, const int32_t *start)
{
    if (!dtable) return;
#pragma omp parallel for schedule(static) \
    num_threads(sts_threads()) if (S * H > STS_PARALLEL_MIN / 8)
    for (size_t j = 0; j < H; j += COLUMNS) {
        size_t n = H - j < COLUMNS ? H - j : COLUMNS;
        for (size_t s = 0; s < S; s++) {
            float share = 1.0f / (float)(start[s + 1] - start[s]);
            for (int32_t t = start[s]; t < start[s + 1]; t++)
                add_scaled(dtable + (size_t)index[t] * H + j, dy + s * H + j, share, n);
        }
    }
}
