/* test_reader.c - plain files, gzip in all its faults, pipes that stutter, whole files. */
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "gzip_help.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads all, `step` bytes at a time, into a buffer of `size`. -1 on error. */
static long read_all(sts_reader *r, char *buf, size_t size, size_t step, sts_err *err)
{
    size_t n = 0;
    for (;;) {
        size_t want = size - n < step ? size - n : step;
        if (!want) return (long)n;
        long k = sts_reader_read(r, buf + n, want, err);
        if (k < 0) return -1;
        if (k == 0) return (long)n;
        n += (size_t)k;
    }
}

/* Opens and reads bytes; the count, or minus the error's code. */
static long read_memory(const void *data, size_t n, char *buf, size_t size)
{
    sts_err err = {0};
    sts_reader *r = sts_reader_open_memory(data, n, "mem", &err);
    long got = r ? read_all(r, buf, size, 1000, &err) : -1;
    sts_reader_close(r);
    return got < 0 ? -err.code : got;
}

static void fill_text(char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) s[i] = (char)('a' + (i * i + i / 7) % 26);
}

Test(reader, plain_and_gzip_agree)
{
    char text[5000], buf[20000];
    size_t n;
    fill_text(text, sizeof text);
    unsigned char *gz = compress_gzip(text, sizeof text, &n);
    for (size_t step = 1; step < 9000; step = step * 3 + 1) {
        sts_err err = {0};
        sts_reader *plain = sts_reader_open_memory(text, sizeof text, "mem", &err);
        sts_reader *zipped = sts_reader_open_memory(gz, n, "mem", &err);
        cr_assert(plain && zipped);
        cr_assert_eq(read_all(plain, buf, sizeof buf, step, &err), 5000, "step %zu", step);
        cr_assert(!memcmp(buf, text, sizeof text));
        cr_assert_eq(read_all(zipped, buf, sizeof buf, step, &err), 5000, "gz, step %zu", step);
        cr_assert(!memcmp(buf, text, sizeof text));
        uint32_t crc = (uint32_t)crc32(0, (const Bytef *)text, sizeof text);
        cr_assert(sts_reader_crc(plain) == crc && sts_reader_crc(zipped) == crc);
        cr_assert(sts_reader_bytes(plain) == 5000 && sts_reader_bytes(zipped) == 5000);
        cr_assert_eq(sts_reader_read(zipped, buf, 10, &err), 0, "the end stays the end");
        sts_reader_close(plain);
        sts_reader_close(zipped);
    }
    free(gz);
}

Test(reader, members)
{
    char buf[100];
    size_t a, b, e;
    unsigned char *x = compress_gzip("hello ", 6, &a), *y = compress_gzip("world", 5, &b),
                  *z = compress_gzip("", 0, &e);
    unsigned char all[400];
    memcpy(all, x, a);
    memcpy(all + a, z, e);
    memcpy(all + a + e, y, b);
    memcpy(all + a + e + b, z, e);
    cr_assert_eq(read_memory(all, a + b + 2 * e, buf, sizeof buf), 11);
    cr_assert(!memcmp(buf, "hello world", 11));
    cr_assert_eq(read_memory(z, e, buf, sizeof buf), 0, "an empty member is no error");
    free(x);
    free(y);
    free(z);
}

/* Cut anywhere, one bit turned anywhere, bytes behind: never another text without an error. */
Test(reader, damaged_gzip)
{
    char text[300], buf[1000];
    size_t n;
    fill_text(text, sizeof text);
    unsigned char *gz = compress_gzip(text, sizeof text, &n), *bad = malloc(n + 1);
    for (size_t cut = 2; cut < n; cut++)
        cr_assert_eq(read_memory(gz, cut, buf, sizeof buf), -STS_DATA, "cut to %zu of %zu", cut, n);
    for (size_t at = 0; at < n * 8; at++) {
        memcpy(bad, gz, n);
        bad[at / 8] ^= (unsigned char)(1 << at % 8);
        long k = read_memory(bad, n, buf, sizeof buf);
        /* a header's time and system, and the bits that fill the last byte, mean nothing; without
         * its magic the file is no gzip */
        bool same = k == (long)sizeof text && !memcmp(buf, text, sizeof text);
        cr_assert(k == -STS_DATA || same || at / 8 < 2, "bit %zu of byte %zu: %ld", at % 8, at / 8,
                  k);
    }
    memcpy(bad, gz, n);
    for (int c = 0; c < 256; c++) {
        bad[n] = (unsigned char)c;
        cr_assert_eq(read_memory(bad, n + 1, buf, sizeof buf), -STS_DATA, "trailing %d", c);
    }
    free(bad);
    free(gz);
}

Test(reader, says_what_is_wrong)
{
    char buf[100];
    size_t n;
    sts_err err = {0};
    unsigned char *gz = compress_gzip("hello", 5, &n);
    sts_reader *r = sts_reader_open_memory(gz, n - 1, "f.gz", &err);
    cr_assert_eq(read_all(r, buf, sizeof buf, 100, &err), -1);
    cr_assert_str_eq(err.text, "f.gz: the gzip data is cut short");
    cr_assert_str_eq(sts_reader_fault(r), "the gzip data is cut short");
    cr_assert_eq(sts_reader_read(r, buf, 0, &err), 0, "nothing is asked for");
    cr_assert_eq(sts_reader_read(r, buf, 1, &err), -1, "a fault stays");
    sts_reader_close(r);
    memcpy(buf, gz, n);
    memcpy(buf + n, "\x1f\0\0\0", 4); /* zlib's "incorrect header check" */
    err = (sts_err){0};
    r = sts_reader_open_memory(buf, n + 4, "f.gz", &err);
    cr_assert_eq(read_all(r, (char[100]){0}, 100, 100, &err), -1);
    cr_assert_str_eq(err.text, "f.gz: the gzip data is corrupt");
    sts_reader_close(r);
    free(gz);
}

/* 300 MB of one letter in 300 KB: stopped soon after the first 16 MB. */
Test(reader, bomb)
{
    size_t n, big = (size_t)300 << 20, step = (size_t)1 << 20;
    char *zeros = calloc(1, big);
    unsigned char *gz = compress_gzip(zeros, big, &n);
    sts_err err = {0};
    sts_reader *r = sts_reader_open_memory(gz, n, "bomb", &err);
    long k;
    do k = sts_reader_read(r, zeros, step, &err);
    while (k > 0);
    cr_assert(k == -1 && err.code == STS_DATA && strstr(err.text, "bomb"), "%s", err.text);
    cr_assert_leq(sts_reader_bytes(r), (uint64_t)70 << 20);
    sts_reader_close(r);
    /* 15 MB are within what is free */
    free(gz);
    gz = compress_gzip(zeros, (size_t)15 << 20, &n);
    cr_assert_eq(read_memory(gz, n, zeros, big), 15 << 20);
    free(gz);
    /* and so are 20 MB that were not much larger than their gzip data */
    uint32_t x = 1;
    for (size_t i = 0; i < (size_t)20 << 20; i += 100) {
        x = x * 1664525 + 1013904223;
        memcpy(zeros + i, &x, 4);
    }
    gz = compress_gzip(zeros, (size_t)20 << 20, &n);
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)zeros, 20 << 20);
    cr_assert_eq(read_memory(gz, n, zeros, big), 20 << 20);
    cr_assert_eq((uint32_t)crc32(0, (const Bytef *)zeros, 20 << 20), crc);
    free(gz);
    free(zeros);
}

/* ---- files ---- */

static char path[64];

static void write_temp(const void *data, size_t n)
{
    strcpy(path, "/tmp/sts-test-XXXXXX");
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, data, n) == (ssize_t)n);
    close(fd);
}

static int hiccup;

/* One byte at a time, interrupted before each. */
static ssize_t stutter(int fd, void *buf, size_t n)
{
    if (++hiccup % 2) {
        errno = EINTR;
        return -1;
    }
    return read(fd, buf, n ? 1 : 0);
}

static ssize_t broken(int fd, void *buf, size_t n)
{
    if (++hiccup > 3) {
        errno = EIO;
        return -1;
    }
    return read(fd, buf, n < 2 ? n : 2);
}

Test(reader, short_reads)
{
    char buf[100];
    size_t n;
    sts_err err = {0};
    unsigned char *gz = compress_gzip("hello world", 11, &n);
    write_temp(gz, n);
    sts_sys.read = stutter;
    sts_reader *r = sts_reader_open(path, false, &err);
    cr_assert(r, "%s", err.text);
    cr_assert_eq(read_all(r, buf, sizeof buf, 3, &err), 11, "%s", err.text);
    sts_reader_close(r);
    size_t size = 0;
    char *whole = sts_file_read(path, 1000, STS_MODEL, &size, &err);
    cr_assert(whole && size == n && !memcmp(whole, gz, n), "as it is on disk");
    sts_free(whole);
    hiccup = 0;
    sts_sys.read = broken;
    r = sts_reader_open(path, false, &err);
    cr_assert(r, "%s", err.text);
    cr_assert(read_all(r, buf, sizeof buf, 100, &err) == -1 && err.code == STS_FAILED, "%s",
              err.text);
    cr_assert(strstr(err.text, path) && strstr(err.text, "cannot read"), "%s", err.text);
    cr_assert_null(sts_reader_fault(r));
    sts_reader_close(r);
    unlink(path);
    free(gz);
}

Test(reader, one_byte_file)
{
    char buf[10];
    sts_err err = {0};
    write_temp("\x1f", 1);
    sts_reader *r = sts_reader_open(path, false, &err);
    cr_assert(r && read_all(r, buf, sizeof buf, 10, &err) == 1 && buf[0] == '\x1f');
    sts_reader_close(r);
    unlink(path);
}

Test(reader, no_file)
{
    sts_err err = {0};
    cr_assert_null(sts_reader_open("/nonexistent/x", false, &err));
    cr_assert(err.code == STS_FAILED && strstr(err.text, "/nonexistent/x: cannot open"), "%s",
              err.text);
    cr_assert(!sts_reader_open("/tmp", false, &err) && err.code == STS_FAILED, "a directory");
}

Test(reader, whole_file)
{
    char *text = malloc(100000);
    size_t n = 0;
    sts_err err = {0};
    fill_text(text, 100000);
    write_temp(text, 100000);
    char *got = sts_file_read(path, 100000, STS_MODEL, &n, &err);
    cr_assert(got && n == 100000 && !memcmp(got, text, n) && got[n] == 0, "%s", err.text);
    sts_free(got);
    cr_assert_null(sts_file_read(path, 99999, STS_MODEL, &n, &err));
    cr_assert(err.code == STS_MODEL && strstr(err.text, path), "%s", err.text);
    write_temp(text, 4096); /* as long as the first guess, near the limit */
    got = sts_file_read(path, 5000, STS_MODEL, &n, &err);
    cr_assert(got && n == 4096 && !memcmp(got, text, n), "%s", err.text);
    sts_free(got);
    cr_assert_null(sts_file_read("/nonexistent", 10, STS_MODEL, &n, &err));
    cr_assert(err.code == STS_FAILED);
    cr_assert_null(sts_file_read("/tmp", 10, STS_MODEL, &n, &err));
    cr_assert(err.code == STS_MODEL && strstr(err.text, "regular"), "%s", err.text);
    unlink(path);
    cr_assert(mkfifo(path, 0600) == 0);
    cr_assert_null(sts_file_read(path, 10, STS_MODEL, &n, &err), "a pipe would block for ever");
    unlink(path);
    free(text);
}

/* The size of what stdin gives is not known before: the buffer grows, up to the limit. */
Test(reader, whole_stdin)
{
    char text[9000];
    size_t n = 0;
    sts_err err = {0};
    fill_text(text, sizeof text);
    write_temp(text, sizeof text);
    for (size_t limit = 8999; limit < 20000; limit = limit * 5 / 4) {
        int fd = open(path, O_RDONLY);
        cr_assert(fd >= 0 && dup2(fd, 0) == 0 && !close(fd));
        char *got = sts_file_read("-", limit, STS_USAGE, &n, &err);
        if (limit < 9000)
            cr_assert(!got && err.code == STS_USAGE && strstr(err.text, "8999 bytes, the limit"),
                      "%s", err.text);
        else cr_assert(got && n == 9000 && !memcmp(got, text, n), "limit %zu", limit);
        sts_free(got);
    }
    unlink(path);
}

Test(reader, shown_path)
{
    char out[STS_SHOWN_PATH], *big = malloc(5001);
    cr_assert_str_eq(sts_show_path(out, "-"), "stdin");
    cr_assert_str_eq(sts_show_path(out, "a/b.tsv"), "a/b.tsv");
    cr_assert_str_eq(sts_show_path(out, ""), "''");
    memset(big, 'd', 5000);
    strcpy(big + 4990, "/name.tsv");
    sts_show_path(out, big);
    cr_assert(strlen(out) < sizeof out && !strncmp(out, "...", 3) && strstr(out, "/name.tsv"));
    free(big);
}

Test(reader, failing_allocations)
{
    char buf[100];
    size_t n;
    unsigned char *gz = compress_gzip("hello", 5, &n);
    write_temp(gz, n);
    for (size_t nth = 1;; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, false);
        sts_reader *r = sts_reader_open(path, false, &err);
        long k = r ? read_all(r, buf, sizeof buf, 100, &err) : -1;
        sts_reader_close(r);
        bool hit = sts_mem_count() >= nth;
        sts_mem_fail(0, false);
        if (!hit) {
            cr_assert(k == 5 && nth > 3);
            break;
        }
        cr_assert(k == -1 && err.code == STS_FAILED && *err.text, "allocation %zu", nth);
    }
    unlink(path);
    free(gz);
}
