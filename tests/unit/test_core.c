/* test_core.c - errors, memory, arena, random numbers, cutting, writing, directories. */
#include "core/arena.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/strbuf.h"
#include "core/sys.h"
#include "core/threads.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(err, escapes_what_is_not_printable)
{
    sts_err err = {0};
    cr_assert(sts_fail(&err, STS_DATA, "a%cb\x1b[31m\xff é\n", 1) == -1);
    cr_assert_str_eq(err.text, "a\\x01b\\x1b[31m\\xff é\\x0a");
    cr_assert(err.code == STS_DATA);
}

/* What would make a terminal show the rest from right to left. */
Test(err, escapes_what_turns_text)
{
    static const char *const turns[] = {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
                                        "\u202e", "\u2066", "\u2069"};
    char out[64], want[64];
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        sts_quote(out, sizeof out, turns[i], strlen(turns[i]));
        cr_assert_str_eq(out + 4 * strlen(turns[i]), "");
        snprintf(want, sizeof want, "\\x%02x", (unsigned)(unsigned char)turns[i][0]);
        cr_assert(!strncmp(out, want, 4), "%s", out);
    }
    cr_assert_str_eq(sts_quote(out, sizeof out, "\u200d\u2065", 6), "\u200d\u2065");
}

Test(err, a_long_path_leaves_the_reason)
{
    char big[5000];
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = 0;
    sts_err err = {0};
    errno = ENOSPC;
    sts_fail_errno(&err, big, "cannot write");
    cr_assert(strstr(err.text, ": cannot write: ") && strlen(err.text) < 400, "%s", err.text);
}

Test(err, cuts_at_one_kilobyte)
{
    char big[5000];
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = 0;
    sts_err err = {0};
    sts_fail(&err, STS_FAILED, "%s", big);
    cr_assert(strlen(err.text) == sizeof err.text - 1);
    cr_assert_lt(strlen("stsfit: \n") + strlen(err.text), 1024);
    cr_assert_str_eq(err.text + strlen(err.text) - 3, "...");
}

Test(err, quote_fits_every_size)
{
    const char *s = "añ\x01日本語 end";
    for (size_t size = 1; size < 40; size++) {
        char *out = malloc(size);
        sts_quote(out, size, s, strlen(s));
        cr_assert(strlen(out) < size, "size %zu", size);
        free(out);
    }
}

Test(mem, sizes_that_overflow_are_refused)
{
    cr_assert(!sts_alloc(SIZE_MAX / 2, 3));
    cr_assert(!sts_alloc_aligned(SIZE_MAX, 1));
    size_t x;
    cr_assert(!sts_mul(SIZE_MAX, 2, &x) && !sts_add(SIZE_MAX, 1, &x));
}

Test(mem, the_nth_allocation_fails)
{
    sts_mem_fail(2, false);
    void *a = sts_alloc(1, 1), *b = sts_alloc(1, 1), *c = sts_alloc(1, 1);
    sts_mem_fail(0, false);
    cr_assert(a && !b && c);
    sts_free(a);
    sts_free(c);
}

Test(arena, pieces_do_not_overlap)
{
    sts_arena a = {0};
    char *s[500];
    for (size_t i = 0; i < 500; i++) {
        s[i] = sts_arena_take(&a, i + 1);
        memset(s[i], (int)(i % 256), i + 1);
    }
    for (size_t i = 0; i < 500; i++)
        for (size_t j = 0; j <= i; j++) cr_assert(s[i][j] == (char)(i % 256), "piece %zu", i);
    sts_arena_free(&a);
}

/* Known answers of Philox4x32-10 from the Random123 distribution's kat_vectors. */
Test(rng, philox_known_answers)
{
    uint32_t w[4];
    sts_philox(0, 0, 0, w);
    cr_assert(w[0] == 0x6627e8d5 && w[1] == 0xe169c58d && w[2] == 0xbc57ac4c && w[3] == 0x9b00dbd8);
    sts_philox(UINT64_MAX, UINT64_MAX, UINT64_MAX, w);
    cr_assert(w[0] == 0x408f276d && w[1] == 0x41c83b0e && w[2] == 0xa20bc7c6 && w[3] == 0x6d5451fd);
}

Test(rng, below_is_in_range_and_even)
{
    sts_rng r = sts_rng_new(7, 1);
    size_t count[10] = {0};
    for (int i = 0; i < 100000; i++) count[sts_rng_below(&r, 10)]++;
    for (int i = 0; i < 10; i++) cr_assert(count[i] > 9500 && count[i] < 10500, "%d", i);
}

Test(rng, normal_has_mean_0_and_variance_1)
{
    sts_rng r = sts_rng_new(7, 2);
    double sum = 0, square = 0;
    for (int i = 0; i < 100000; i++) {
        double x = sts_rng_normal(&r);
        sum += x;
        square += x * x;
    }
    cr_assert(fabs(sum / 1e5) < 0.02 && fabs(square / 1e5 - 1) < 0.02);
}

Test(rng, shuffle_is_a_permutation_that_depends_on_the_seed)
{
    uint32_t a[100], b[100];
    bool seen[100] = {false};
    for (uint32_t i = 0; i < 100; i++) a[i] = b[i] = i;
    sts_rng r = sts_rng_new(1, 0), s = sts_rng_new(2, 0);
    sts_rng_shuffle(&r, a, 100);
    sts_rng_shuffle(&s, b, 100);
    for (int i = 0; i < 100; i++) seen[a[i]] = true;
    for (int i = 0; i < 100; i++) cr_assert(seen[i], "%d is missing", i);
    cr_assert(memcmp(a, b, sizeof a) != 0);
}

Test(threads, cuts_cover_everything_once)
{
    for (size_t n = 0; n < 70; n++) {
        for (size_t parts = 1; parts < 9; parts++) {
            size_t at = 0;
            for (size_t k = 0; k < parts; k++) {
                size_t lo, hi;
                sts_cut(n, parts, k, 8, &lo, &hi);
                cr_assert(lo == at && hi >= lo, "n %zu parts %zu part %zu", n, parts, k);
                at = hi;
            }
            cr_assert(at == n, "n %zu parts %zu", n, parts);
        }
    }
}

Test(strbuf, grows_and_is_taken)
{
    sts_strbuf b = {0};
    for (int i = 0; i < 1000; i++) sts_strbuf_printf(&b, "%d,", i);
    sts_strbuf_printf(&b, "%0500d", 7);
    char *s = sts_strbuf_take(&b);
    cr_assert(s && !strncmp(s, "0,1,2,", 6) && strlen(s) == 3890 + 500);
    sts_free(s);
}

/* ---- files ---- */

static char dir[64];

static void make_dir(void)
{
    snprintf(dir, sizeof dir, "build/test-core-%ld", (long)getpid());
    cr_assert(!sts_dir_make(dir, NULL));
}

static void remove_dir(void)
{
    sts_dir_remove(dir, NULL);
}

static const char *in_dir(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

Test(writer, nothing_is_seen_before_the_commit, .init = make_dir, .fini = remove_dir)
{
    sts_err err = {0};
    sts_writer *w = sts_writer_open(in_dir("a"), &err);
    cr_assert(w, "%s", err.text);
    cr_assert(!sts_writer_printf(w, &err, "%d %s", 42, "text"));
    cr_assert(!sts_file_exists(in_dir("a")));
    cr_assert(!sts_writer_commit(w, &err), "%s", err.text);
    size_t n;
    char *s = sts_file_read(in_dir("a"), 100, STS_DATA, &n, &err);
    cr_assert(s && n == 7 && !strcmp(s, "42 text"));
    sts_free(s);
}

static ssize_t full_disk(int fd, const void *buf, size_t n)
{
    (void)fd, (void)buf, (void)n;
    errno = ENOSPC;
    return -1;
}

static int turn;
static ssize_t short_and_interrupted(int fd, const void *buf, size_t n)
{
    if (++turn % 2) {
        errno = EINTR;
        return -1;
    }
    return write(fd, buf, n < 3 ? n : 3);
}

Test(writer, a_full_disk_leaves_the_old_file, .init = make_dir, .fini = remove_dir)
{
    sts_err err = {0};
    cr_assert(!sts_file_write(in_dir("a"), "old", 3, &err));
    sts_sys_table real = sts_sys;
    sts_sys.write = full_disk;
    cr_assert(sts_file_write(in_dir("a"), "new", 3, &err) == -1 && err.code == STS_FAILED);
    sts_sys = real;
    size_t n, names;
    char *s = sts_file_read(in_dir("a"), 100, STS_DATA, &n, &err), **list;
    cr_assert_str_eq(s, "old");
    sts_free(s);
    cr_assert(!sts_dir_list(dir, &list, &names, &err) && names == 1, "a temporary file is left");
    sts_names_free(list, names);
}

Test(writer, short_writes_and_interruptions_are_retried, .init = make_dir, .fini = remove_dir)
{
    sts_err err = {0};
    sts_sys_table real = sts_sys;
    sts_sys.write = short_and_interrupted;
    cr_assert(!sts_file_write(in_dir("a"), "0123456789", 10, &err), "%s", err.text);
    sts_sys = real;
    cr_assert(sts_file_size(in_dir("a")) == 10);
}

Test(dir, make_list_copy_remove, .init = make_dir, .fini = remove_dir)
{
    sts_err err = {0};
    cr_assert(!sts_dir_make(in_dir("x/y/z"), &err), "%s", err.text);
    cr_assert(!sts_file_write(in_dir("x/y/b"), "b", 1, &err));
    char to[128];
    snprintf(to, sizeof to, "%s", in_dir("x/y/a"));
    cr_assert(!sts_file_copy(in_dir("x/y/b"), to, &err), "%s", err.text);
    char **names;
    size_t n;
    cr_assert(!sts_dir_list(in_dir("x/y"), &names, &n, &err) && n == 3);
    cr_assert(!strcmp(names[0], "a") && !strcmp(names[1], "b") && !strcmp(names[2], "z"));
    sts_names_free(names, n);
    cr_assert(!sts_dir_remove(in_dir("x"), &err) && !sts_dir_exists(in_dir("x")));
    cr_assert(sts_dir_list(in_dir("x"), &names, &n, &err) == -1);
}
