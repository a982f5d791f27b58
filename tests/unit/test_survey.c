/* test_survey.c - what a survey finds in files, and how it says it. */
#include "core/mem.h"
#include "data/survey.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD "text1\ttext2\tscore\n"

/* Files of these contents. */
static char paths[4][32];
static const char *list[4];

static void write_files(const char *const *data, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        strcpy(paths[i], "/tmp/sts-test-XXXXXX");
        int fd = mkstemp(paths[i]);
        cr_assert(fd >= 0 && write(fd, data[i], strlen(data[i])) == (ssize_t)strlen(data[i]));
        close(fd);
        list[i] = paths[i];
    }
}

static void remove_files(size_t n)
{
    for (size_t i = 0; i < n; i++) unlink(paths[i]);
}

static sts_survey *survey(const char *const *data, size_t n)
{
    sts_err err = {0};
    write_files(data, n);
    sts_survey *s = sts_survey_run(list, n, NULL, &err);
    remove_files(n);
    cr_assert(s, "%s", err.text);
    return s;
}

Test(survey, scores_and_lengths)
{
    const char *data[] = {HEAD "A b c\t\xc3\xa4\t5\nx\ty z\t2.5\nlonger one\tq\t0\n"};
    sts_survey *s = survey(data, 1);
    const sts_survey_file *f = &s->file[0];
    cr_assert(f->data->n == 3 && f->n_faults == 0 && sts_survey_faults(s) == 0 && !f->problem[0]);
    cr_assert(f->histogram[0] == 1 && f->histogram[5] == 1 && f->histogram[9] == 1);
    cr_assert(f->low == 0 && f->high == 5 && f->mean == 2.5);
    /* characters: 1 1 1 3 5 10, words: 1 1 1 2 2 3 */
    cr_assert(f->characters[STS_LENGTH_MIN] == 1 && f->characters[STS_LENGTH_P50] == 1);
    cr_assert(f->characters[STS_LENGTH_P75] == 5 && f->characters[STS_LENGTH_MAX] == 10);
    cr_assert(f->words[STS_LENGTH_P50] == 1 && f->words[STS_LENGTH_P75] == 2 &&
              f->words[STS_LENGTH_P99] == 3);
    sts_survey_free(s);
}

Test(survey, percentiles_by_nearest_rank)
{
    char *data = malloc(400000), *p = data + sprintf(data, HEAD);
    for (int i = 1; i <= 200; i++) { /* lengths 1 to 200, each twice */
        memset(p, 'a', (size_t)i);
        p += i;
        *p++ = '\t';
        memset(p, 'b', (size_t)i);
        p += i;
        p += sprintf(p, "\t3\n");
    }
    const char *one[] = {data};
    sts_survey *s = survey(one, 1);
    const uint64_t *c = s->file[0].characters;
    cr_assert(c[STS_LENGTH_MIN] == 1 && c[STS_LENGTH_P5] == 10 && c[STS_LENGTH_P25] == 50 &&
              c[STS_LENGTH_P50] == 100 && c[STS_LENGTH_P75] == 150 && c[STS_LENGTH_P95] == 190 &&
              c[STS_LENGTH_P99] == 198 && c[STS_LENGTH_MAX] == 200);
    sts_survey_free(s);
    free(data);
}

Test(survey, duplicates_and_conflicts)
{
    const char *data[] = {HEAD "A\tB\t3\nC\tD\t2\nB\tA\t3.5\nA\tB\t5\nC\tE\t2\n"};
    sts_survey *s = survey(data, 1);
    const sts_survey_file *f = &s->file[0];
    cr_assert_eq(f->duplicates.n, 2, "either order");
    cr_assert(f->duplicates.first[0].line == 4 && f->duplicates.first[0].other_line == 2);
    cr_assert(f->conflicts.n == 1 && f->conflicts.first[0].line == 5, "3 and 3.5 are near enough");
    cr_assert(f->conflicts.first[0].score == 5 && f->conflicts.first[0].other_score == 3);
    sts_survey_free(s);
}

Test(survey, equal_sentences_scored_low)
{
    const char *data[] = {HEAD "The cat.\tthe CAT\t2\nThe cat.\tThe "
                               "dog.\t2\nSame\tsame\t5\n!\t?\t1\n"};
    sts_survey *s = survey(data, 1);
    cr_assert_eq(s->file[0].identical.n, 1);
    cr_assert_eq(s->file[0].identical.first[0].line, 2);
    sts_survey_free(s);
}

Test(survey, leaks)
{
    const char *data[] = {HEAD "A\tB\t3\nC\tD\t2\nC\tD\t2\n", HEAD "X\tY\t4\nD\tC\t2\nD\tC\t5\n",
                          HEAD "B\tQ\t4\nD\tC\t2\n", HEAD "n\tm\t4\n"};
    sts_survey *s = survey(data, 4);
    cr_assert_eq(s->n_leaks, 3, "%zu", s->n_leaks);
    const sts_leak *k = s->leak;
    cr_assert(k[0].file == 1 && k[0].other == 0 && k[0].pairs == 1 && k[0].sentences == 2);
    cr_assert(k[0].line == 3 && k[0].other_line == 3);
    cr_assert(k[1].file == 2 && k[1].other == 0 && k[1].pairs == 1 && k[1].sentences == 3);
    cr_assert(k[2].file == 2 && k[2].other == 1 && k[2].pairs == 1 && k[2].sentences == 2);
    cr_assert(s->file[1].duplicates.n == 1 && s->file[1].conflicts.n == 1 &&
              !s->file[2].duplicates.n);
    sts_survey_free(s);
}

/* Against a search through all pairs, on rows drawn from few sentences. */
Test(survey, duplicates_by_brute_force)
{
    enum { N = 1500 };
    static int a[N], b[N];
    char *data = malloc(N * 32), *p = data + sprintf(data, HEAD);
    unsigned x = 1;
    for (int i = 0; i < N; i++) {
        a[i] = (int)((x = x * 1103515245 + 12345) >> 16) % 40;
        b[i] = (int)((x = x * 1103515245 + 12345) >> 16) % 40;
        p += sprintf(p, "s %d\ts %d\t3\n", a[i], b[i]);
    }
    size_t want = 0;
    for (int i = 0; i < N; i++) {
        bool seen = false;
        for (int j = 0; j < i; j++)
            seen |= (a[i] == a[j] && b[i] == b[j]) || (a[i] == b[j] && b[i] == a[j]);
        want += seen;
    }
    const char *one[] = {data};
    sts_survey *s = survey(one, 1);
    cr_assert_eq(s->file[0].duplicates.n, want);
    sts_survey_free(s);
    free(data);
}

Test(survey, faults)
{
    const char *data[] = {HEAD "A\tB\t3\nA\tB\nA\tB\tx\nA\t\t2\nA\tB\t1\n", "hello\n",
                          HEAD "A\tB\t0.5\nA\tC\t1\n", HEAD};
    sts_survey *s = survey(data, 4);
    cr_assert_eq(sts_survey_faults(s), 5);
    const sts_survey_file *f = &s->file[0];
    cr_assert(f->n_faults == 2 && f->fault[0].line == 3 && f->fault[0].why == STS_SKIP_BAD_COLUMNS);
    cr_assert(f->fault[1].line == 4 && f->fault[1].why == STS_SKIP_BAD_SCORE);
    cr_assert(f->data->n == 2 && f->data->n_read == 5 && f->data->skipped[STS_SKIP_NO_TEXT] == 1);
    cr_assert(!s->file[1].data && strstr(s->file[1].problem, ":1: only one column"));
    cr_assert(strstr(s->file[2].problem, "--score-range"), "%s", s->file[2].problem);
    cr_assert(strstr(s->file[3].problem, "no rows"));
    sts_err err = {0};
    cr_assert(sts_survey_verdict(s, &err) == -1 && err.code == STS_DATA);
    cr_assert(strstr(err.text, ":3: 2 columns, not 3; and 4 more faults"), "%s", err.text);
    sts_survey_free(s);
}

Test(survey, rendering)
{
    const char *data[] = {HEAD "A\tB\t3\nB\tA\t5\nA\tB\tx\n", HEAD "A\tB\t2\n"};
    sts_survey *s = survey(data, 2);
    s->file[0].truncated = 7;
    s->max_seq_length = 32;
    char *text = sts_survey_text(s);
    static const char *const says[] = {
        "\n  rows        3 read, 2 used, 1 bad_score\n",
        "  scores      3 to 5, mean 4\n",
        "         3             1 ####",
        "  truncated   7 texts would be cut to 32 tokens\n",
        "  duplicates  1\n    line 3, score 5; before: line 2, score 3\n",
        "  conflicts   1\n    line 3, score 5; before: line 2, score 3\n      B | A\n",
        "\nverdict  not usable as it is: 1 bad row, 1 shared pair, 1 conflict, 1 duplicate\n",
        "  faults      1\n    line 4: the score 'x' is not a number\n",
        ": 1 pairs, 2 sentences\n(line 2 is line 2)\n",
    };
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        cr_assert(strstr(text, says[i]), "%s\n is not in\n%s", says[i], text);
    sts_free(text);
    sts_json *j = sts_survey_json(s);
    const sts_json *f = sts_json_item(sts_json_get(j, "files"), 0);
    cr_assert_eq(sts_json_get(f, "rows_read")->number, 3);
    cr_assert_eq(sts_json_get(sts_json_get(f, "skipped"), "bad_score")->number, 1);
    cr_assert_eq(sts_json_size(sts_json_get(sts_json_get(f, "scores"), "histogram")), 6);
    cr_assert_eq(sts_json_get(j, "faults")->number, 1);
    cr_assert_eq(sts_json_size(sts_json_get(j, "leaks")), 1);
    sts_json_free(j);
    sts_survey_free(s);
}

Test(survey, errors)
{
    sts_err err = {0};
    const char *none[] = {"/nonexistent/file"};
    cr_assert(!sts_survey_run(none, 1, NULL, &err) && err.code == STS_FAILED);
    const char *null[] = {"/dev/null"};
    sts_data_options o = {.format = "xml"};
    cr_assert(!sts_survey_run(null, 1, &o, &err) && err.code == STS_USAGE);
    cr_assert(!sts_survey_run(null, 1000, NULL, &err) && err.code == STS_USAGE);
    sts_survey *s = sts_survey_run(null, 1, NULL, &err);
    cr_assert(s && sts_survey_faults(s) == 1);
    char *text = sts_survey_text(s);
    cr_assert(text);
    sts_free(text);
    sts_survey_free(s);
}

Test(survey, failing_allocations)
{
    const char *data[] = {HEAD "A\tB\t3\nB\tA\t5\nA\tB\tx\n", HEAD "A\tB\t2\n", "hello\n"};
    write_files(data, 3);
    size_t nth = 1;
    for (bool hit = true; hit; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, nth % 2);
        sts_survey *s = sts_survey_run(list, 3, NULL, &err);
        char *text = s ? sts_survey_text(s) : NULL;
        hit = sts_mem_count() >= nth;
        sts_mem_fail(0, false);
        cr_assert(!hit || (!s && err.code == STS_FAILED) || !text, "allocation %zu", nth);
        sts_free(text);
        sts_survey_free(s);
    }
    cr_assert(nth > 30, "only %zu allocations", nth);
    remove_files(3);
}
