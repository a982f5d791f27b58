/* test_rows.c - rows one by one, as `score` reads them. */
#include "gzip_help.h"
#include "data/dataset.h"
#include "data/row_reader.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(rows, keep_all)
{
    const char *data = "sentence1\tsentence2\tscore\r\nA\tB\t0.5\r\n\r\nC\t\tx\r\n";
    sts_err err = {0};
    sts_row row;
    sts_str raw;
    char path[] = "/tmp/sts-test-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, data, strlen(data)) == (ssize_t)strlen(data));
    close(fd);
    sts_rows *r = sts_rows_open(path, NULL, true, &err);
    cr_assert(r, "%s", err.text);
    cr_assert_str_eq(sts_rows_header(r), "sentence1\tsentence2\tscore");
    cr_assert(sts_rows_delimiter(r) == '\t' && !strcmp(sts_rows_format(r), "tsv"));
    cr_assert(strstr(sts_rows_detected(r), "tab-separated, header"));
    cr_assert(sts_rows_next(r, &row, &raw, &err) == 1 && raw.n == 7 &&
              !memcmp(raw.s, "A\tB\t0.5", 7));
    cr_assert(row.text[0].n == 1 && row.text[1].n == 1 && row.line == 2);
    cr_assert(sts_rows_next(r, &row, &raw, &err) == 1 && raw.n == 0 && row.text[0].n == 0);
    cr_assert(sts_rows_next(r, &row, &raw, &err) == 1 && row.text[0].n == 1 && row.text[1].n == 0);
    cr_assert_eq(sts_rows_next(r, &row, &raw, &err), 0, "no question about scores");
    sts_rows_close(r);
    unlink(path);
}

/* Without keep_all: blank lines are left out, and a bad row ends it unless they are too. */
Test(rows, left_out)
{
    const char *data = "sentence1\tsentence2\tscore\n\nA\tB\t5\nC\n";
    sts_err err = {0};
    sts_row row;
    char path[] = "/tmp/sts-test-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, data, strlen(data)) == (ssize_t)strlen(data));
    close(fd);
    for (int skip = 0; skip < 2; skip++) {
        sts_rows *r = sts_rows_open(path, &(sts_data_options){.skip_bad = skip}, false, &err);
        cr_assert(r && sts_rows_next(r, &row, NULL, &err) == 1 && row.line == 3, "%s", err.text);
        cr_assert_eq(sts_rows_next(r, &row, NULL, &err), skip ? 0 : -1);
        cr_assert(strstr(err.text, ":4: 1 column"), "%s", err.text);
        sts_rows_close(r);
    }
    unlink(path);
}

/* Rows before the damage are given; what is damaged is no bad row to be left out. */
Test(rows, of_damaged_gzip)
{
    enum { ROWS = 20000 };
    size_t n = 0, n_gz, given = 0;
    sts_rng rng = sts_rng_new(5, 0);
    char *data = malloc(ROWS * 20);
    for (size_t i = 0; i < ROWS; i++) {
        fill_letters(data + n, 17, &rng);
        data[n + 8] = '\t';
        n += 17;
        data[n++] = '\n';
    }
    unsigned char *gz = compress_gzip(data, n, &n_gz);
    sts_err err = {0};
    sts_row row;
    sts_data_options o = {.skip_bad = true, .unscored = true};
    sts_table *t = sts_table_open_memory(gz, n_gz - n_gz / 4, "f.gz", &err);
    sts_rows *r = sts_rows_new(t, "f", &o, false, &err);
    cr_assert(r, "%s", err.text);
    int rc;
    while ((rc = sts_rows_next(r, &row, NULL, &err)) > 0) cr_assert_eq(row.line, ++given);
    char want[80];
    snprintf(want, sizeof want, "f.gz:%zu: the gzip data is cut short", given + 1);
    cr_assert(rc == -1 && given > ROWS / 2 && !strcmp(err.text, want), "%s", err.text);
    sts_rows_close(r);
    free(gz);
    free(data);
}

Test(rows, nothing)
{
    sts_err err = {0};
    sts_row row;
    sts_rows *r = sts_rows_open("/dev/null", NULL, true, &err);
    cr_assert(r && sts_rows_next(r, &row, NULL, &err) == 0, "an empty pipe is no error");
    sts_rows_close(r);
    cr_assert_null(sts_dataset_load("/dev/null", NULL, &err));
    cr_assert(err.code == STS_DATA && !strcmp(err.text, "/dev/null:1: no rows"), "%s", err.text);
}

/* However many blanks there are around a score, they take no stack. */
Test(rows, many_blanks_around_a_score)
{
    enum { BLANKS = 1 << 20 };
    char *data = malloc(4 * BLANKS + 100);
    sts_err err = {0};
    size_t n = (size_t)sprintf(data, "s1\ts2\tscore\nA\tB\t");
    for (size_t i = 0; i < 2 * BLANKS; i++) {
        if (i == BLANKS) data[n++] = '4';
        memcpy(data + n, "\xc2\xa0", 2);
        n += 2;
    }
    n += (size_t)sprintf(data + n, "\nC\tD\t3\n");
    sts_dataset *d = sts_dataset_load_memory(data, n, "f", NULL, &err);
    cr_assert(d, "%s", err.text);
    cr_assert_eq(d->row[0].gold, 4);
    sts_dataset_free(d);
    free(data);
}
