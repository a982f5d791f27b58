/* test_gguf.c - the bytes of a GGUF file: header, keys, tensors at multiples of 32, numbers. */
#include "format/gguf.h"

#include "core/file.h"
#include "core/mem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned char *write_out(const sts_gguf *g, size_t *n)
{
    sts_err err = {0};
    char path[] = "/tmp/gguf-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    sts_writer *w = sts_writer_open(path, &err);
    cr_assert_not_null(w, "%s", err.text);
    cr_assert_eq(sts_gguf_write(g, w, &err), 0, "%s", err.text);
    cr_assert_eq(sts_writer_commit(w, &err), 0, "%s", err.text);
    char *bytes = sts_file_read(path, 1 << 20, STS_FAILED, n, &err);
    unlink(path);
    return (unsigned char *)bytes;
}

static uint64_t number(const unsigned char *at, size_t bytes)
{
    uint64_t x = 0;
    for (size_t i = 0; i < bytes; i++) x |= (uint64_t)at[i] << 8 * i;
    return x;
}

static double half_value(uint64_t h)
{
    double size = h >> 10 & 31 ? ldexp((double)(1024 + (h & 1023)), (int)(h >> 10 & 31) - 25)
                               : ldexp((double)(h & 1023), -24);
    return h >> 15 ? -size : size;
}

/* Where the numbers begin: after one key "k" of 4 bytes and `tensors` infos of `info` bytes. */
static size_t data_start(size_t head)
{
    return (head + 31) / 32 * 32;
}

Test(gguf, layout)
{
    sts_gguf g = {0};
    sts_err err = {0};
    float matrix[2 * 3] = {1, -2, 0.5f, 65504, 1e-7f, -0.1f}, vector[3] = {1, 2, 3};
    sts_gguf_u32(&g, "k", 7);
    cr_assert_eq(sts_gguf_add(&g, "m", STS_GGUF_F16, 2, 3, matrix, &err), 0);
    cr_assert_eq(sts_gguf_add(&g, "v", STS_GGUF_F16, 0, 3, vector, &err), 0);
    size_t n, head = 24 + 9 + 4 + 4;
    unsigned char *b = write_out(&g, &n);
    cr_assert_eq(memcmp(b, "GGUF", 4), 0);
    cr_assert_eq(number(b + 4, 4), 3);
    cr_assert_eq(number(b + 8, 8), 2);
    cr_assert_eq(number(b + 16, 8), 1);
    cr_assert_eq(number(b + 33, 4), 4);
    cr_assert_eq(number(b + 37, 4), 7);
    const unsigned char *info = b + head + 9;
    cr_assert_eq(number(info, 4), 2);
    cr_assert_eq(number(info + 4, 8), 3, "the width comes first");
    cr_assert_eq(number(info + 12, 8), 2);
    cr_assert_eq(number(info + 20, 4), 1);
    size_t start = data_start(head + 9 + 32 + 9 + 24);
    cr_assert_eq(n, start + 2 * 32);
    cr_assert_eq(sts_gguf_size(&g), 64);
    for (size_t i = 0; i < 6; i++)
        cr_assert_float_eq(half_value(number(b + start + 2 * i, 2)), (double)matrix[i],
                           fabs((double)matrix[i]) / 2048 + 3.1e-8);
    cr_assert_eq(memcmp(b + start + 32, vector, sizeof vector), 0, "vectors are float32");
    sts_free(b);
    sts_gguf_free(&g);
}

Test(gguf, blocks_of_eight_bits)
{
    sts_gguf g = {0};
    sts_err err = {0};
    float x[2 * 64];
    for (size_t i = 0; i < 128; i++) x[i] = i < 32 ? 0 : (float)((i * 37) % 101) / 50 - 1;
    cr_assert_eq(sts_gguf_add(&g, "m", STS_GGUF_Q8_0, 2, 64, x, &err), 0);
    cr_assert_eq(sts_gguf_add(&g, "odd", STS_GGUF_Q8_0, 2, 48, x, &err), 0);
    cr_assert_eq(g.tensor[1].type, STS_GGUF_F16, "no multiple of 32");
    size_t n, start = data_start(24 + 9 + 32 + 11 + 32);
    unsigned char *b = write_out(&g, &n);
    for (size_t i = 0; i < 128; i++) {
        const unsigned char *block = b + start + i / 32 * 34;
        double factor = half_value(number(block, 2));
        cr_assert_float_eq(factor * (int8_t)block[2 + i % 32], (double)x[i], factor * 0.6 + 1e-9);
    }
    sts_free(b);
    sts_gguf_free(&g);
}
