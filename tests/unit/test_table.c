/* test_table.c - records and fields: line ends, quotes, faults and where reading continues. */
#include "core/mem.h"
#include "core/rng.h"
#include "gzip_help.h"
#include "data/table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every record as "line:a|b|c", or "line!fault text", one a line. */
static char *render(const char *data, size_t n, char delimiter, bool quoted)
{
    static char out[4000];
    size_t at = 0;
    sts_err err = {0};
    sts_record r;
    sts_table *t = sts_table_open_memory(data, n, "t", &err);
    out[0] = 0;
    if (!t) return strcpy(out, err.text);
    sts_table_split(t, delimiter, quoted);
    int rc;
    while ((rc = sts_table_next(t, &r, &err)) > 0) {
        at += (size_t)snprintf(out + at, sizeof out - at, "%llu", (unsigned long long)r.line);
        if (r.fault != STS_SKIP_NONE)
            at += (size_t)snprintf(out + at, sizeof out - at, "!%s", r.why);
        for (size_t i = 0; i < r.n && r.fault == STS_SKIP_NONE; i++)
            at += (size_t)snprintf(out + at, sizeof out - at, "%c%.*s", i ? '|' : ':',
                                   (int)r.field[i].n, r.field[i].s);
        at += (size_t)snprintf(out + at, sizeof out - at, "\n");
    }
    if (rc < 0) snprintf(out + at, sizeof out - at, "%s", err.text);
    sts_table_close(t);
    return out;
}

#define CP1252 "convert text of Windows with: iconv -f WINDOWS-1252 -t UTF-8"

static const struct {
    const char *name, *data;
    char delimiter;
    bool quoted;
    const char *want;
} cases[] = {
    {"nothing", "", '\t', false, ""},
    {"one line", "a", '\t', false, "1:a\n"},
    {"no last line end", "a\tb\nc", '\t', false, "1:a|b\n2:c\n"},
    {"empty lines", "\n\na\n\n", '\t', false, "1:\n2:\n3:a\n4:\n"},
    {"empty fields", "\t\t\n\ta\t", '\t', false, "1:||\n2:|a|\n"},
    {"CRLF", "a\tb\r\nc\r\n\r\n", '\t', false, "1:a|b\n2:c\n3:\n"},
    {"CR inside", "a\rb\tc\n", '\t', false, "1:a\rb|c\n"},
    {"byte order mark", "\xef\xbb\xbf" "a\tb\n", '\t', false, "1:a|b\n"},
    {"mark twice", "\xef\xbb\xbf\xef\xbb\xbf" "a\n", '\t', false, "1:\xef\xbb\xbf" "a\n"},
    {"quotes mean nothing in TSV", "\"a\tb\"\n\"\t\n", '\t', false, "1:\"a|b\"\n2:\"|\n"},
    {"lines", "a\tb,c\nd\n", 0, false, "1:a\tb,c\n2:d\n"},
    {"CSV", "a,b\n\"c,d\",\"e\"\n", ',', true, "1:a|b\n2:c,d|e\n"},
    {"doubled quotes", "\"a \"\"b\"\"\",\"\"\"\"\n", ',', true, "1:a \"b\"|\"\n"},
    {"empty quotes", "\"\",\"\"\nx,\"\"", ',', true, "1:|\n2:x|\n"},
    {"quotes inside", "a \"b\" c,d\"\n", ',', true, "1:a \"b\" c|d\"\n"},
    {"line end in quotes", "\"a\nb\",c\nd,e\n", ',', true, "1:a\nb|c\n3:d|e\n"},
    {"CRLF in quotes", "\"a\r\nb\",c\r\nd,e\r\n", ',', true, "1:a\r\nb|c\n3:d|e\n"},
    {"quotes at the end", "a,\"b\"", ',', true, "1:a|b\n"},
    {"quotes to the end", "a,\"b\n\n\n\"", ',', true, "1:a|b\n\n\n\n"},
    {"last field empty", "\"a\",\n", ',', true, "1:a|\n"},
    {"semicolons", "\"a;b\";c\n", ';', true, "1:a;b|c\n"},
    {"never closed", "a,b\n\"c,d\ne,f\n", ',', true,
     "1:a|b\n2!a quote opens and never closes\n3:e|f\n"},
    {"text behind", "\"a\"b,c\nd,e\n", ',', true, "1!text follows a closing quote\n2:d|e\n"},
    {"closed three lines on", "\"a\nb\nc\"x\nd\n", ',', true,
     "1!text follows a closing quote\n2:b\n3:c\"x\n4:d\n"},
    {"space before a quote", " \"a,b\"\n", ',', true, "1: \"a|b\"\n"},
    {"not UTF-8", "a\n\xff\nb\n", '\t', false,
     "1:a\n2!byte 1 (0xff) is not UTF-8; " CP1252 "\n3:b\n"},
    {"cut character", "a\tb\xe2\x82\n", '\t', false,
     "1!byte 4 (0xe2) is not UTF-8; " CP1252 "\n"},
    {"not UTF-8 in quotes", "\"a\n\xc0\xaf\",b\nc\n", ',', true,
     "1!byte 4 (0xc0) is not UTF-8; " CP1252 "\n3:c\n"},
    {"UTF-16", "\xff\xfe" "a", '\t', false,
     "t:1: this is UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8"},
    {"zip", "PK\3\4xxxx", '\t', false,
     "t:1: this is a zip archive; pipe what is in it in with: unzip -p"},
    {"LFS", "version https://git-lfs.github.com/spec/v1\n", '\t', false,
     "t:1: this is a Git LFS pointer, not the data; run: git lfs pull"},
};

Test(table, cases)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = render(cases[i].data, strlen(cases[i].data), cases[i].delimiter,
                                 cases[i].quoted);
        cr_assert_str_eq(got, cases[i].want, "%s: got\n%s", cases[i].name, got);
    }
    cr_assert_str_eq(render("a\0b\nc\n", 6, '\t', false),
                     "1!byte 2 is NUL: this is not text\n2:c\n");
}

/* CSV written by the rules comes back as it was, whatever the fields hold. */
Test(table, round_trip)
{
    static const char alphabet[] = "ab,\"\n\r; ";
    sts_rng r = sts_rng_new(3, 0);
    for (int round = 0; round < 3000; round++) {
        char want[3][12], file[200];
        size_t n = 0;
        for (int f = 0; f < 3; f++) {
            size_t len = sts_rng_below(&r, 10);
            file[n++] = '"';
            for (size_t k = 0; k < len; k++) {
                want[f][k] = alphabet[sts_rng_below(&r, sizeof alphabet - 1)];
                if (want[f][k] == '"') file[n++] = '"';
                file[n++] = want[f][k];
            }
            want[f][len] = 0;
            file[n++] = '"';
            if (f < 2) file[n++] = ',';
        }
        if (round % 2) file[n++] = '\n';
        sts_err err = {0};
        sts_record rec;
        sts_table *t = sts_table_open_memory(file, n, "t", &err);
        sts_table_split(t, ',', true);
        cr_assert(sts_table_next(t, &rec, &err) == 1 && rec.fault == STS_SKIP_NONE && rec.n == 3,
                  "round %d: %.*s", round, (int)n, file);
        for (int f = 0; f < 3; f++)
            cr_assert(rec.field[f].n == strlen(want[f]) &&
                      !memcmp(rec.field[f].s, want[f], rec.field[f].n), "round %d", round);
        cr_assert_eq(sts_table_next(t, &rec, &err), 0);
        sts_table_close(t);
    }
}

/* Records across the edges of the buffer: 3 MB of lines of growing length. */
Test(table, long_files)
{
    size_t n = 0, cap = (size_t)4 << 20, lines = 0;
    char *data = malloc(cap + 3000);
    while (n < cap - 3000) {
        size_t len = lines++ % 2500;
        memset(data + n, 'a' + (int)(lines % 26), len);
        n += len;
        data[n++] = '\n';
    }
    sts_err err = {0};
    sts_record r;
    sts_table *t = sts_table_open_memory(data, n, "t", &err);
    sts_table_split(t, '\t', false);
    for (size_t i = 0; i < lines; i++) {
        cr_assert(sts_table_next(t, &r, &err) == 1 && r.raw.n == i % 2500 && r.line == i + 1,
                  "line %zu: %zu bytes", i + 1, r.raw.n);
        cr_assert(!r.raw.n || r.raw.s[r.raw.n - 1] == 'a' + (int)((i + 1) % 26));
    }
    cr_assert_eq(sts_table_next(t, &r, &err), 0);
    cr_assert_eq(sts_table_bytes(t), n);
    sts_table_close(t);
    free(data);
}

/* The limit on a line is exact, with LF and CRLF; a longer one is passed over. */
Test(table, line_limit)
{
    char *data = malloc(STS_LINE_MAX + 16);
    for (size_t over = 0; over < 2; over++) {
        for (size_t cr = 0; cr < 2; cr++) {
            size_t n = STS_LINE_MAX + over;
            memset(data, 'x', n);
            memcpy(data + n, cr ? "\r\nb\n" : "\nb\n", 4 + cr);
            sts_err err = {0};
            sts_record r;
            sts_table *t = sts_table_open_memory(data, n + 3 + cr, "t", &err);
            sts_table_split(t, '\t', false);
            cr_assert_eq(sts_table_next(t, &r, &err), 1);
            cr_assert(over ? r.fault == STS_SKIP_TOO_LONG
                           : r.fault == STS_SKIP_NONE && r.raw.n == STS_LINE_MAX,
                      "%zu %zu", over, cr);
            cr_assert(sts_table_next(t, &r, &err) == 1 && r.raw.n == 1 && r.line == 2);
            cr_assert_eq(sts_table_next(t, &r, &err), 0);
            sts_table_close(t);
        }
    }
    free(data);
}

/* So is that on a record of many lines: an open quote does not take in all that follows. */
Test(table, record_limit)
{
    size_t n = STS_LINE_MAX + 64;
    char *data = malloc(n);
    for (size_t i = 0; i < n; i++) data[i] = i % 64 ? 'x' : '\n';
    data[0] = '"';
    data[n - 1] = '"';
    sts_err err = {0};
    sts_record r;
    sts_table *t = sts_table_open_memory(data, n, "t", &err);
    sts_table_split(t, ',', true);
    cr_assert_eq(sts_table_next(t, &r, &err), 1);
    cr_assert_str_eq(r.why, "a quote is still open after 16 MB");
    cr_assert(sts_table_next(t, &r, &err) == 1 && r.line == 2 && r.raw.n == 63);
    sts_table_close(t);
    free(data);
}

/* Nor need it ever end. */
Test(table, line_limit_at_the_end)
{
    size_t n = STS_LINE_MAX + 16;
    char *data = malloc(n);
    memset(data, 'x', n);
    sts_err err = {0};
    sts_record r;
    sts_table *t = sts_table_open_memory(data, n, "t", &err);
    sts_table_split(t, '\t', false);
    cr_assert(sts_table_next(t, &r, &err) == 1 && r.fault == STS_SKIP_TOO_LONG && r.line == 1);
    cr_assert(sts_table_next(t, &r, &err) == 0 && sts_table_bytes(t) == n);
    sts_table_close(t);
    free(data);
}

Test(table, many_columns)
{
    char *data = malloc(3000);
    memset(data, '\t', 3000);
    sts_err err = {0};
    sts_record r;
    sts_table *t = sts_table_open_memory(data, 3000, "t", &err);
    sts_table_split(t, '\t', false);
    cr_assert(sts_table_next(t, &r, &err) == 1 && r.n == 3001);
    cr_assert(r.fault == STS_SKIP_BAD_COLUMNS);
    cr_assert_str_eq(r.why, "3001 columns, more than 1024");
    cr_assert(r.field[STS_COLUMNS_MAX - 1].n == 0);
    sts_table_close(t);
    memset(data, ',', 3000);
    data[0] = data[1] = '"';
    t = sts_table_open_memory(data, 3000, "t", &err);
    sts_table_split(t, ',', true);
    cr_assert(sts_table_next(t, &r, &err) == 1 && r.n == 2999, "%zu", r.n);
    sts_table_close(t);
    t = sts_table_open_memory(data, STS_COLUMNS_MAX + 1, "t", &err);
    sts_table_split(t, ',', true);
    cr_assert(sts_table_next(t, &r, &err) == 1 && r.n == STS_COLUMNS_MAX);
    cr_assert(r.fault == STS_SKIP_NONE, "%s", r.why);
    sts_table_close(t);
    free(data);
}

/* What was peeked at is read again. */
Test(table, peek)
{
    sts_err err = {0};
    sts_str head;
    bool whole = false;
    sts_record r;
    sts_table *t = sts_table_open_memory("\xef\xbb\xbf" "a\tb\nc\n", 9, "t", &err);
    cr_assert(!sts_table_peek(t, &head, &whole, &err) && whole && head.n == 6);
    cr_assert(!memcmp(head.s, "a\tb\nc\n", 6));
    sts_table_split(t, '\t', false);
    cr_assert(sts_table_next(t, &r, &err) == 1 && r.n == 2 && r.line == 1);
    sts_table_close(t);
}

/* A blank line does not count for the one whole line. */
Test(table, peek_behind_blanks)
{
    size_t n = (size_t)3 << 20;
    char *data = malloc(n);
    memset(data, 'x', n);
    memcpy(data, "\r\n \n", 4);
    data[n - 2] = '\n';
    sts_err err = {0};
    sts_str head;
    bool whole = true;
    sts_table *t = sts_table_open_memory(data, n, "t", &err);
    cr_assert(!sts_table_peek(t, &head, &whole, &err) && head.n >= n - 1);
    sts_table_close(t);
    free(data);
}

Test(table, lines)
{
    sts_err err = {0};
    sts_str line;
    sts_table *t = sts_table_open_memory("a,\"b\r\n\n\xff\n", 8, "t", &err);
    cr_assert(sts_lines_next(t, &line, &err) == 1 && line.n == 4 && !memcmp(line.s, "a,\"b", 4));
    cr_assert(sts_lines_next(t, &line, &err) == 1 && line.n == 0);
    cr_assert_eq(sts_lines_next(t, &line, &err), -1);
    cr_assert(err.code == STS_DATA && !strncmp(err.text, "t:3: byte 1", 11), "%s", err.text);
    sts_table_close(t);
}

Test(table, damaged_gzip_names_the_line)
{
    /* gzip of "a\tb\n", its last byte gone */
    static const unsigned char gz[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0x4b, 0xe4, 0x4c, 0xe2,
                                       2, 0, 0xb4, 0x6e, 0x3d, 0x8c, 4, 0, 0};
    sts_err err = {0};
    sts_record r;
    sts_table *t = sts_table_open_memory(gz, sizeof gz, "f.gz", &err);
    int rc = t ? sts_table_next(t, &r, &err) : -1;
    while (rc > 0) rc = sts_table_next(t, &r, &err);
    cr_assert(rc == -1 && err.code == STS_DATA && !strncmp(err.text, "f.gz:", 5), "%s", err.text);
    sts_table_close(t);
}

/* Reads all records of gz[n]; the message of the error that must end it. */
static const char *damage(const void *gz, size_t n, bool quoted)
{
    static sts_err err;
    err = (sts_err){0};
    sts_record r;
    sts_table *t = sts_table_open_memory(gz, n, "f.gz", &err);
    cr_assert(t, "%s", err.text);
    sts_table_split(t, ',', quoted);
    int rc = sts_table_next(t, &r, &err);
    while (rc > 0) rc = sts_table_next(t, &r, &err);
    cr_assert(rc == -1 && err.code == STS_DATA, "%d", rc);
    sts_table_close(t);
    return err.text;
}

/* The line is that in which the quote opens. */
Test(table, gzip_damaged_within_quotes)
{
    size_t n = 1 << 17, n_gz;
    sts_rng rng = sts_rng_new(1, 0);
    char *data = malloc(n);
    fill_letters(data, n, &rng);
    memcpy(data, "a,b\nc,\"", 7);
    for (size_t i = 999; i < n; i += 1000) data[i] = '\n';
    unsigned char *gz = compress_gzip(data, n, &n_gz);
    cr_assert_str_eq(damage(gz, n_gz / 2, true), "f.gz:2: the gzip data is cut short");
    free(gz);
    free(data);
}

/* 20 members of a megabyte each, of which the last is cut off: so far into the line nothing of it
 * is held any more. */
Test(table, gzip_damaged_within_a_long_line)
{
    enum { MEMBERS = 20 };
    size_t n = 1 << 20, n_gz;
    sts_rng rng = sts_rng_new(2, 0);
    char *data = malloc(n);
    memset(data, 'x', n);
    fill_letters(data, n / 16, &rng); /* or else it would be refused as a bomb */
    unsigned char *gz = compress_gzip(data, n, &n_gz), *all = malloc(MEMBERS * n_gz);
    for (size_t i = 0; i < MEMBERS; i++) memcpy(all + i * n_gz, gz, n_gz);
    cr_assert_str_eq(damage(all, MEMBERS * n_gz - n_gz / 2, false),
                     "f.gz:1: the gzip data is cut short");
    free(all);
    free(gz);
    free(data);
}

Test(table, failing_allocations)
{
    char *data = malloc((size_t)3 << 20);
    memset(data, 'x', (size_t)3 << 20);
    memcpy(data, "\"a\"\"\"\n", 6);
    size_t nth = 1;
    for (bool hit = true; hit; nth++) {
        sts_err err = {0};
        sts_record r;
        sts_mem_fail(nth, nth % 2);
        sts_table *t = sts_table_open_memory(data, (size_t)3 << 20, "t", &err);
        if (t) sts_table_split(t, ',', true);
        int rc = t ? 1 : -1;
        while (rc > 0) rc = sts_table_next(t, &r, &err);
        hit = sts_mem_count() >= nth;
        sts_mem_fail(0, false);
        sts_table_close(t);
        cr_assert(hit ? rc == -1 && err.code == STS_FAILED : rc == 0, "allocation %zu", nth);
    }
    cr_assert(nth > 6, "only %zu allocations", nth);
    free(data);
}
