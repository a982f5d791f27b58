/* test_safetensors.c - good headers, a table of bad ones, numbers in every type, and every byte of
 * a file changed. */
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "format/safetensors.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[32], path[64];

static void setup(void)
{
    strcpy(dir, "/tmp/stsfit-test-XXXXXX");
    cr_assert(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/model.safetensors", dir);
}

static void teardown(void)
{
    cr_assert(!sts_dir_remove(dir, NULL));
}

TestSuite(safetensors, .init = setup, .fini = teardown);

static void put_file(const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    cr_assert(f && fwrite(bytes, 1, n, f) == n && !fclose(f));
}

/* The length, the header, and `data` bytes 0, 1, 2, ... */
static void put(const char *header, size_t data)
{
    unsigned char buf[4096] = {0};
    size_t n = strlen(header);
    cr_assert(8 + n + data <= sizeof buf);
    buf[0] = (unsigned char)n, buf[1] = (unsigned char)(n >> 8);
    memcpy(buf + 8, header, n);
    for (size_t i = 0; i < data; i++) buf[8 + n + i] = (unsigned char)i;
    put_file(buf, 8 + n + data);
}

static int open_it(sts_weights *w, sts_err *err)
{
    *w = (sts_weights){0};
    *err = (sts_err){0};
    int rc = sts_weights_add(w, path, err);
    return rc ? rc : sts_weights_sort(w, err);
}

#define T(dtype, shape, from, to) \
    "{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" #from "," #to "]}"

static const struct {
    const char *header;
    size_t data, tensors;
} good[] = {
    {"{}", 0, 0},
    {"{}   ", 0, 0},
    {"{\"a\":" T("F32", "[2]", 0, 8) "}", 8, 1},
    {"{\"a\":" T("F32", "[]", 0, 4) "}", 4, 1},
    {"{\"a\":" T("F32", "[0,5]", 0, 0) "}", 0, 1},
    {"{\"b\":" T("F16", "[2]", 8, 12) ",\"a\":" T("F32", "[2,1]", 0, 8) "}", 12, 2},
    {"{\"a\":" T("F32", "[0]", 4, 4) ",\"b\":" T("F32", "[1]", 0, 4) "}", 4, 2},
    {"{\"__metadata__\":{\"format\":\"pt\"},\"a\":" T("I64", "[1]", 0, 8) "}", 8, 1},
    {"{\"__metadata__\":{},\"\\u00e4\":" T("BOOL", "[3]", 0, 3) "}", 3, 1},
    {"{\"a\" : {\"shape\": [ 1 ], \"data_offsets\": [0, 1], \"dtype\": \"F8_E4M3\"}}  ", 1, 1},
    {"{\"a\":" T("F4", "[2]", 0, 1) "}", 1, 1},
    {"{\"twelve bytes\":" T("F32", "[1]", 0, 4) "}", 4, 1},
};

static const struct {
    const char *header;
    size_t data;
    const char *says;
} bad[] = {
    {"", 0, "begin with {"},
    {" {}", 0, "begin with {"},
    {"[]", 0, "begin with {"},
    {"{} x", 0, "the end"},
    {"{}", 1, "after the last tensor"},
    {"{\"a\":" T("F32", "[2]", 0, 8) "}", 7, "ends after the end"},
    {"{\"a\":" T("F32", "[2]", 0, 8) "}", 9, "after the last tensor"},
    {"{\"a\":" T("F32", "[2]", 0, 4) "}", 8, "do not fit"},
    {"{\"a\":" T("F32", "[2]", 8, 0) "}", 8, "do not fit"},
    {"{\"a\":" T("F32", "[1]", 4, 8) "}", 8, "no gap"},
    {"{\"a\":" T("F32", "[2]", 0, 8) ",\"b\":" T("F32", "[2]", 4, 12) "}", 12,
     "within the tensor before it"},
    {"{\"a\":" T("F32", "[1]", 0, 4) ",\"b\":" T("F32", "[1]", 8, 12) "}", 12, "no gap"},
    {"{\"a\":" T("F32", "[1]", 0, 4) ",\"a\":" T("F32", "[1]", 4, 8) "}", 8, "\"a\" twice"},
    {"{\"a\":" T("F32", "[1]", 0, 4) ",\"\\u0061\":" T("F32", "[1]", 4, 8) "}", 8, "\"a\" twice"},
    {"{\"a\":" T("F33", "[1]", 0, 4) "}", 4, "unknown dtype"},
    {"{\"a\":" T("f32", "[1]", 0, 4) "}", 4, "unknown dtype"},
    {"{\"a\":" T("F4", "[1]", 0, 1) "}", 1, "whole bytes"},
    {"{\"a\":" T("F32", "[-1]", 0, 4) "}", 4, "whole number"},
    {"{\"a\":" T("F32", "[1.0]", 0, 4) "}", 4, "',' or ']'"},
    {"{\"a\":" T("F32", "[1e1]", 0, 4) "}", 4, "',' or ']'"},
    {"{\"a\":" T("F32", "[01]", 0, 4) "}", 4, "leading 0"},
    {"{\"a\":" T("F32", "\"1\"", 0, 4) "}", 4, "'['"},
    {"{\"a\":" T("F32", "[9007199254740992,9007199254740992]", 0, 4) "}", 4, "overflows"},
    {"{\"a\":" T("F32", "[4294967296,4294967296]", 0, 0) "}", 0, "overflows"},
    {"{\"a\":" T("F32", "[2305843009213693952]", 0, 0) "}", 0, "too large"},
    {"{\"a\":" T("F32", "[99999999999999999999]", 0, 4) "}", 4, "too large"},
    {"{\"a\":" T("F32", "[1,1,1,1,1,1,1,1,1]", 0, 4) "}", 4, "8 dimensions"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "missing"},
    {"{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "missing"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "missing"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4, "unknown key"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "twice"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "two whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", 4, "two numbers"},
    {"{\"a\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "'\"'"},
    {"{\"a\":null}", 0, "'{'"},
    {"{\"a\":[]}", 0, "'{'"},
    {"{\"__metadata__\":{\"a\":1}}", 0, "'\"'"},
    {"{\"__metadata__\":[]}", 0, "'{'"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice"},
    {"{\"a\xff\":" T("F32", "[1]", 0, 4) "}", 4, "UTF-8"},
    {"{\"a\\u0000b\":" T("F32", "[1]", 0, 4) "}", 4, "u0000"},
    {"{\"a\":" T("F32", "[1]", 0, 4), 4, "found the end"},
    {"{\"a\":" T("F32", "[1]", 0, 4) ",}", 4, "a key"},
};

Test(safetensors, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sts_weights w;
        sts_err err;
        put(good[i].header, good[i].data);
        cr_assert(!open_it(&w, &err), "%s: %s", good[i].header, err.text);
        cr_assert_eq(w.n, good[i].tensors, "%s: %zu tensors", good[i].header, w.n);
        sts_weights_done(&w);
    }
}

Test(safetensors, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sts_weights w;
        sts_err err;
        put(bad[i].header, bad[i].data);
        cr_assert(open_it(&w, &err), "%s: accepted", bad[i].header);
        cr_assert(err.code == STS_MODEL && strstr(err.text, bad[i].says) && strstr(err.text, path),
                  "%s: %s", bad[i].header, err.text);
        sts_weights_done(&w);
    }
}

/* Header lengths that lie, and files too short for one. */
Test(safetensors, lengths)
{
    static const uint64_t length[] = {3, 100, 100000001, UINT64_MAX, (uint64_t)1 << 63, 1 << 30};
    sts_weights w;
    sts_err err;
    for (size_t i = 0; i < sizeof length / sizeof *length; i++) {
        unsigned char b[10];
        for (int k = 0; k < 8; k++) b[k] = (unsigned char)(length[i] >> 8 * k);
        memcpy(b + 8, "{}", 2);
        put_file(b, 10);
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL, "length %zu", i);
        sts_weights_done(&w);
    }
    for (size_t n = 0; n < 8; n++) {
        put_file("\2\0\0\0\0\0\0", n);
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL, "a file of %zu bytes", n);
        sts_weights_done(&w);
    }
    put_file("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", 64);
    cr_assert(open_it(&w, &err) && strstr(err.text, "git lfs pull"), "%s", err.text);
    sts_weights_done(&w);
}

/* 3.5, the largest, the smallest normal and subnormal numbers, in each type. */
Test(safetensors, types)
{
    static const char header[] =
        "{\"f16\":" T("F16", "[6]", 0, 12) ",\"bf16\":" T("BF16", "[2]", 12, 16) ",\"f64\":" T(
            "F64", "[2]", 16, 32) ",\"i8\":" T("I8", "[1]", 32, 33) "}";
    static const uint16_t half[] = {0x4300, 0x7bff, 0x0400, 0x0001, 0x8001, 0x8000};
    static const uint16_t brain[] = {0x4060, 0xff7f};
    static const float want[] = {3.5f, 65504, 0x1p-14f, 0x1p-24f, -0x1p-24f, -0.0f};
    double wide[] = {3.5, -1e-3};
    unsigned char buf[1024] = {(unsigned char)(sizeof header - 1)};
    memcpy(buf + 8, header, sizeof header - 1);
    unsigned char *data = buf + 8 + sizeof header - 1;
    memcpy(data, half, 12), memcpy(data + 12, brain, 4), memcpy(data + 16, wide, 16);
    put_file(buf, 8 + sizeof header - 1 + 33);
    sts_weights w;
    sts_err err;
    float x[6];
    cr_assert(!open_it(&w, &err), "%s", err.text);
    cr_assert(!sts_weights_read(&w, sts_weights_find(&w, "f16"), x, &err), "%s", err.text);
    for (int i = 0; i < 6; i++)
        cr_assert(x[i] == want[i] && signbit(x[i]) == signbit(want[i]), "half %d: %g", i, x[i]);
    cr_assert(!sts_weights_read(&w, sts_weights_find(&w, "bf16"), x, &err));
    cr_assert(x[0] == 3.5f && x[1] == -0x1.fep127f, "%a", x[1]);
    cr_assert(!sts_weights_read(&w, sts_weights_find(&w, "f64"), x, &err));
    cr_assert(x[0] == 3.5f && x[1] == -1e-3f);
    cr_assert(sts_weights_read(&w, sts_weights_find(&w, "i8"), x, &err));
    cr_assert(strstr(err.text, "I8") && err.code == STS_MODEL, "%s", err.text);
    cr_assert(!sts_weights_find(&w, "f17"));
    sts_weights_done(&w);
}

/* NaN and infinity in any type are refused with tensor and element. */
Test(safetensors, not_finite)
{
    static const struct { const char *dtype; unsigned char bytes[8]; } v[] = {
        {"F32", {0, 0, 0xc0, 0x7f}}, {"F32", {0, 0, 0x80, 0xff}}, {"F16", {0, 0x7c}},
        {"F16", {1, 0x7c}}, {"BF16", {0x80, 0x7f}}, {"F64", {0, 0, 0, 0, 0, 0, 0xf0, 0x7f}},
        {"F64", {0, 0, 0, 0, 0, 0, 0xe0, 0x7f}}, /* finite, but not as float32 */
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        size_t width = sts_dtype_find(v[i].dtype, strlen(v[i].dtype))->bits / 8, n = 9000;
        sts_weights w;
        sts_err err = {0};
        unsigned char *data = sts_alloc(n, width);
        float *x = sts_alloc(n, sizeof *x);
        memcpy(data + 8999 * width, v[i].bytes, width);
        sts_tensor_out t = {"some.weight", sts_dtype_find(v[i].dtype, strlen(v[i].dtype)), 1, &n,
                            data, n * width};
        cr_assert(!sts_safetensors_write(path, &t, 1, 0777, &err), "%s", err.text);
        cr_assert(!open_it(&w, &err), "%s", err.text);
        cr_assert(sts_weights_read(&w, w.v, x, &err), "%s accepted", v[i].dtype);
        cr_assert(err.code == STS_MODEL && strstr(err.text, "some.weight: element 8999"), "%s",
                  err.text);
        sts_weights_done(&w);
        sts_free(data);
        sts_free(x);
    }
}

static ssize_t full_disk(int fd, const void *buf, size_t n)
{
    (void)fd, (void)buf, (void)n;
    errno = ENOSPC;
    return -1;
}

/* No tensors; a header that fills more than the buffer, and no room for it. */
Test(safetensors, written_headers)
{
    enum { N = 1000 };
    char name[N][64];
    size_t none = 0;
    sts_tensor_out t[N];
    sts_weights w;
    sts_err err = {0};
    for (int i = 0; i < N; i++) {
        snprintf(name[i], sizeof name[i], "encoder.layer.%d.attention.output", i);
        t[i] = (sts_tensor_out){name[i], sts_f32, 1, &none, NULL, 0};
    }
    cr_assert(!sts_safetensors_write(path, t, 0, 0777, &err), "%s", err.text);
    cr_assert(!open_it(&w, &err) && w.n == 0, "%s", err.text);
    sts_weights_done(&w);
    ssize_t (*before)(int, const void *, size_t) = sts_sys.write;
    sts_sys.write = full_disk;
    int rc = sts_safetensors_write(path, t, N, 0777, &err);
    sts_sys.write = before;
    cr_assert(rc && err.code == STS_FAILED && strstr(err.text, path), "%s", err.text);
    cr_assert(!open_it(&w, &err) && w.n == 0, "what was there stays: %s", err.text);
    sts_weights_done(&w);
    cr_assert(!sts_safetensors_write(path, t, N, 0777, &err) && !open_it(&w, &err) && w.n == N,
              "%s", err.text);
    cr_assert(sts_file_size(path) > 65536 && sts_weights_find(&w, name[N - 1]));
    sts_weights_done(&w);
}

/* What is written comes back: names that need escapes, types in the order of their width. */
Test(safetensors, round_trip)
{
    size_t two = 2, shape[] = {1, 3}, none = 0;
    float f[] = {1.5f, -2}, g[] = {1, 2, 3};
    sts_tensor_out t[] = {
        {"bytes", sts_dtype_find("U8", 2), 1, &two, "ab", 2},
        {"quote\"\xc3\xa4\n", sts_f32, 1, &two, f, 8},
        {"ids", sts_dtype_find("I64", 3), 1, &two, "0123456789abcdef", 16},
        {"x.y", sts_f32, 2, shape, g, 12},
        {"empty", sts_f32, 1, &none, NULL, 0},
    };
    sts_weights w;
    sts_err err = {0};
    float x[3];
    char raw[16];
    cr_assert(!sts_safetensors_write(path, t, 5, 0777, &err), "%s", err.text);
    cr_assert(!open_it(&w, &err), "%s", err.text);
    cr_assert_eq(w.n, 5);
    const sts_tensor *q = sts_weights_find(&w, "quote\"\xc3\xa4\n"),
                     *y = sts_weights_find(&w, "x.y");
    cr_assert(q && q->offset % 4 == 0 && !sts_weights_read(&w, q, x, &err) && x[1] == -2);
    cr_assert(y && y->n_dims == 2 && y->shape[1] == 3 && !sts_weights_read(&w, y, x, &err));
    cr_assert(x[0] == 1 && x[2] == 3);
    cr_assert(!sts_weights_read_raw(&w, sts_weights_find(&w, "ids"), raw, &err));
    cr_assert(!memcmp(raw, "0123456789abcdef", 16));
    sts_weights_done(&w);
}

/* Each byte of a small file takes a few other values: an error or the same list, never a crash. */
Test(safetensors, every_byte)
{
    static const char header[] = "{\"a\":" T("F32", "[2]", 0, 8) ",\"b\":" T("I8", "[1]", 8, 9) "}";
    static const unsigned char value[] = {0,    1,    0x22, 0x2c, 0x30, 0x39,
                                          0x5b, 0x7b, 0x7d, 0x80, 0xff};
    unsigned char buf[256] = {(unsigned char)(sizeof header - 1)};
    size_t n = 8 + sizeof header - 1 + 9;
    memcpy(buf + 8, header, sizeof header - 1);
    for (size_t i = 0; i < n - 9; i++) {
        for (size_t k = 0; k < sizeof value; k++) {
            sts_weights w;
            sts_err err;
            unsigned char old = buf[i];
            buf[i] = value[k];
            put_file(buf, n);
            if (open_it(&w, &err)) cr_assert_eq(err.code, STS_MODEL, "byte %zu: %s", i, err.text);
            else cr_assert_eq(w.n, 2, "byte %zu as 0x%02x: %zu tensors", i, value[k], w.n);
            sts_weights_done(&w);
            buf[i] = old;
        }
    }
    for (size_t k = 0; k < n; k++) { /* and each length */
        sts_weights w;
        sts_err err;
        put_file(buf, k);
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL, "cut to %zu bytes", k);
        sts_weights_done(&w);
    }
}

Test(safetensors, shrinking)
{
    sts_weights w;
    sts_err err;
    float x[2];
    put("{\"a\":" T("F32", "[2]", 0, 8) "}", 8);
    cr_assert(!open_it(&w, &err));
    cr_assert(!truncate(path, 20));
    cr_assert(sts_weights_read(&w, w.v, x, &err) && strstr(err.text, "shorter"), "%s", err.text);
    sts_weights_done(&w);
}

/* ---- which files of a directory ---- */

static void put_as(const char *name, const char *text)
{
    char to[128];
    snprintf(to, sizeof to, "%s/%s", dir, name);
    cr_assert(!sts_file_write(to, text, strlen(text), NULL));
}

static int open_dir(sts_err *err)
{
    sts_weights w = {0};
    *err = (sts_err){0};
    int rc = sts_weights_open(&w, dir, err);
    sts_weights_done(&w);
    return rc;
}

#define INDEX "model.safetensors.index.json"

static const struct {
    const char *index, *says;
} sharded[] = {
    {"{\"metadata\":{},\"weight_map\":{\"a\":\"one.safetensors\"}}", NULL},
    {"{\"weight_map\":{\"a\":\"../one.safetensors\"}}", "file of this directory"},
    {"{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "file of this directory"},
    {"{\"weight_map\":{\"a\":\"sub/one.safetensors\"}}", "file of this directory"},
    {"{\"weight_map\":{\"a\":\"..\"}}", "file of this directory"},
    {"{\"weight_map\":{\"a\":\"\"}}", "file of this directory"},
    {"{\"weight_map\":{\"a\":1}}", "file of this directory"},
    {"{\"weight_map\":{\"a\":\"two.safetensors\"}}", "missing"},
    {"{\"weight_map\":{\"b\":\"one.safetensors\"}}", "tensor b is not in"},
    {"{\"weight_map\":{\"a\":\"one.safetensors\",\"a\":\"one.safetensors\"}}", "twice"},
    {"{\"weight_map\":{}}", "weight_map"},
    {"{\"weight_map\":[]}", "weight_map"},
    {"{}", "weight_map"},
    {"[]", "weight_map"},
    {"{\"weight_map\":", "found the end"},
};

Test(safetensors, sharded)
{
    char one[64];
    sts_err err;
    put("{\"a\":" T("F32", "[2]", 0, 8) "}", 8);
    snprintf(one, sizeof one, "%s/one.safetensors", dir);
    cr_assert(!sts_rename(path, one, &err));
    for (size_t i = 0; i < sizeof sharded / sizeof *sharded; i++) {
        put_as(INDEX, sharded[i].index);
        int rc = open_dir(&err);
        if (!sharded[i].says) cr_assert(!rc, "%s: %s", sharded[i].index, err.text);
        else cr_assert(rc && err.code == STS_MODEL && strstr(err.text, sharded[i].says), "%s: %s",
                       sharded[i].index, err.text);
    }
}

/* The first file that is there counts, broken or not. */
Test(safetensors, no_fall_back)
{
    sts_err err;
    cr_assert(open_dir(&err) && strstr(err.text, "no weights"), "%s", err.text);
    put_as("tf_model.h5", "x");
    cr_assert(open_dir(&err) && strstr(err.text, "tf_model.h5"), "%s", err.text);
    put("{}", 0);
    cr_assert(!open_dir(&err), "%s", err.text);
    put_as("pytorch_model.bin", "broken");
    cr_assert(!open_dir(&err), "%s", err.text);
    put_as("model.safetensors", "broken");
    cr_assert(open_dir(&err) && strstr(err.text, "model.safetensors"), "%s", err.text);
    cr_assert(!unlink(path) && !symlink("nowhere", path));
    cr_assert(open_dir(&err) && strstr(err.text, "link to nowhere"), "%s", err.text);
}

/* 100,000 tensors are read, one more is not; quickly, and without much memory. */
Test(safetensors, many)
{
    for (size_t n = 100000; n <= 100001; n++) {
        size_t cap = n * 80 + 16, at = 8;
        char *buf = sts_alloc(cap, 1);
        for (size_t i = 0; i < n; i++)
            at += (size_t)snprintf(buf + at, cap - at, "%c\"%zu\":" T("U8", "[0]", 0, 0),
                                   i ? ',' : '{', i);
        at += (size_t)snprintf(buf + at, cap - at, "}");
        for (int k = 0; k < 8; k++) buf[k] = (char)((at - 8) >> 8 * k);
        put_file(buf, at);
        sts_weights w;
        sts_err err;
        int rc = open_it(&w, &err);
        cr_assert(rc ? n == 100001 && strstr(err.text, "100,000") : n == 100000, "%zu: %s", n,
                  err.text);
        sts_weights_done(&w);
        sts_free(buf);
    }
}

/* Every allocation fails once, over a write and a read. */
Test(safetensors, failing_allocations)
{
    size_t n = 2, nth = 1;
    float f[] = {1, 2}, x[2];
    sts_tensor_out t[] = {{"a", sts_f32, 1, &n, f, 8}, {"b", sts_f32, 1, &n, f, 8}};
    for (bool done = false; !done; nth++) {
        sts_weights w = {0};
        sts_err err = {0};
        sts_mem_fail(nth, nth % 2);
        int rc = sts_safetensors_write(path, t, 2, 0777, &err);
        if (!rc) rc = sts_weights_open(&w, dir, &err);
        if (!rc) rc = sts_weights_read(&w, w.v, x, &err);
        sts_mem_fail(0, false);
        sts_weights_done(&w);
        cr_assert(!rc || err.code == STS_FAILED, "allocation %zu: %s", nth, err.text);
        done = !rc;
    }
    cr_assert(nth > 15, "only %zu allocations", nth);
}
