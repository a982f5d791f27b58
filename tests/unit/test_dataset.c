/* test_dataset.c - formats found and named, scores mapped, rows counted. */
#include "core/mem.h"
#include "dataset_help.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GLUE                                                                                       \
    "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n"

static const struct {
    const char *name, *format, *columns, *range, *data, *want;
} good[] = {
    {"STSbenchmark", 0, 0, 0, "g\tf\ty\t1\t5.000\tA \"b.\tC.\ng\tf\ty\t2\t2.5\tD\tE\tsrc\tsrc\n",
     "stsb\n1 5 1 A \"b.|C.\n2 2.5 0.5 D|E"},
    {"stray quotes swallow nothing", 0, 0, 0,
     "g\tf\ty\t1\t1\t\"A\tB\ng\tf\ty\t2\t2\tC\tD\ng\tf\ty\t3\t3\tE\"\tF\n",
     "stsb\n1 1 0.2 \"A|B\n2 2 0.4 C|D\n3 3 0.6 E\"|F"},
    {"CRLF and BOM", 0, 0, 0, "\xef\xbb\xbfg\tf\ty\t1\t1\tA\tB\r\ng\tf\ty\t2\t2\tC\tD\r\n",
     "stsb\n1 1 0.2 A|B\n2 2 0.4 C|D"},
    {"SICK", 0, 0, 0, SICK "7\tA\tB\t4.5\tNEUTRAL\n8\tC\tD\t1\tENTAILMENT\n",
     "sick\n2 4.5 0.875 A|B\n3 1 0 C|D"},
    {"full SICK, other order", 0, 0, 0,
     "pair_ID\tsentence_A\tsentence_B\tentailment_label\trelatedness_score\n1\tA\tB\tNEUTRAL\t3\n",
     "sick\n2 3 0.5 A|B"},
    {"GLUE", 0, 0, 0, GLUE "0\tg\tf\ty\t1\tn\tn\t\"A\tB\t5.000\n", "glue\n2 5 1 \"A|B"},
    {"SemEval", 0, 0, 0, "4.5\tA\tB\n\tC\tD\n2\tE\tF\n",
     "semeval\n1 4.5 0.9 A|B\n3 2 0.4 E|F\n1 no_score"},
    {"SemEval, first rows without scores", 0, 0, 0, "\tC\tD\n\tE\tF\n",
     "!3 f:1: no rows that can be used: 2 no_score"},
    {"TSV with a header", 0, 0, 0, "id\tText_A\tTEXT B\tSimilarity\n1\tA\tB\t2\n2\t\"C\tD\t5\n",
     "tsv\n2 2 0.4 A|B\n3 5 1 \"C|D"},
    {"score before label", 0, 0, 0, "label\tsentence1\tsentence2\tscore\nx\tA\tB\t2\n",
     "tsv\n2 2 0.4 A|B"},
    {"TSV quoted throughout", 0, 0, 0, "\"s1\"\t\"s2\"\t\"score\"\n\"A\tx\"\t\"B\"\t\"3\"\n",
     "csv\n2 3 0.6 A\tx|B"},
    {"a plus and a decimal comma", 0, 0, 0, "text1\ttext2\tscore\nA\tB\t+1,5\nC\tD\t0,500\n",
     "tsv\n2 1.5 0.3 A|B\n3 0.5 0.1 C|D"},
    {"three digits behind a comma, and none before", 0, 0, "0:1",
     "text1\ttext2\tscore\nA\tB\t,500\nC\tD\t,250\n", "tsv\n2 0.5 0.5 A|B\n3 0.25 0.25 C|D"},
    {"three digits behind a comma, and 0 before", 0, 0, "0:1",
     "text1\ttext2\tscore\nA\tB\t0,500\nC\tD\t0,250\n", "tsv\n2 0.5 0.5 A|B\n3 0.25 0.25 C|D"},
    {"three digits behind a comma, and four before", 0, 0, "0:2000",
     "text1\ttext2\tscore\nA\tB\t1000,500\nC\tD\t1,000\n",
     "tsv\n2 1000.5 0.50025 A|B\n3 1 0.0005 C|D"},
    {"columns that are almost negatives", 0, 0, 0,
     "text1\ttext2\tscore\tnegative" N64 N64 "\tnegative_1234567\tnegative_x\nA\tB\t2\tC\tD\tE\n",
     "tsv\n2 2 0.4 A|B"},
    {"CSV", 0, 0, 0, "sentence1,sentence2,score\n\"A, \"\"a\"\"\",B,2\n\"C\nc\",D,4\nE,F,5\n",
     "csv\n2 2 0.4 A, \"a\"|B\n3 4 0.8 C\nc|D\n5 5 1 E|F"},
    {"CSV without a header", 0, 0, 0, "\"A, a\",B,2.5\nC,D,5.0\n",
     "csv\n1 2.5 0.5 A, a|B\n2 5 1 C|D"},
    {"semicolons", 0, 0, 0, "score;text1;text2\n2;A, a;B\n", "csv\n2 2 0.4 A, a|B"},
    {"columns by number", 0, "score=1,sentence1=3,sentence2=2", 0, "2\tA\tB\tx\n3\tC\tD\n",
     "tsv\n1 2 0.4 B|A\n2 3 0.6 D|C"},
    {"columns by number, with a header", 0, "score=1,sentence1=3,sentence2=2", 0,
     "value\tx\ty\n2\tA\tB\n", "tsv\n2 2 0.4 B|A"},
    {"columns by name", 0, "score=value,sentence1=y,sentence2=x", 0, "value\tx\ty\n2\tA\tB\n",
     "tsv\n2 2 0.4 B|A"},
    {"columns by name in CSV", 0, "score=val,sentence1=y,sentence2=x", 0, "val,x,y\n2,\"A, a\",B\n",
     "csv\n2 2 0.4 B|A, a"},
    {"columns of a known format", "stsb", "score=4,sentence1=5,sentence2=6", 0,
     "a\tb\tc\t1\tA\tB\n", "stsb\n1 1 0.2 A|B"},
    {"two headers alike, told apart", 0, "score=4,sentence1=1,sentence2=2", 0,
     "sentence1\tsentence2\tscore\tscore\nA\tB\tx\t3\n", "tsv\n2 3 0.6 A|B"},
    {"triplets", 0, 0, 0, "anchor\tpositive\tnegative\nA\tB\tC\n", "tsv\n2 0 0 A|B|C"},
    {"triplets by columns", 0, "anchor=2,positive=3,negative=1", 0, "A\tB\tC\n",
     "tsv\n1 0 0 B|C|A"},
    {"a range", 0, 0, "-1:1", "sentence1,sentence2,score\nA,B,-1\nC,D,0.5\n",
     "csv\n2 -1 0 A|B\n3 0.5 0.75 C|D"},
    {"a known range is kept", 0, 0, "0:10", "g\tf\ty\t1\t5\tA\tB\n", "stsb\n1 5 1 A|B"},
    {"but not where the file is named", 0, 0, "0:1,f=0:10", "g\tf\ty\t1\t5\tA\tB\n",
     "stsb\n1 5 0.5 A|B"},
    {"JSON lines", 0, 0, 0,
     "{\"sentence1\":\"A\\t\\u00e4\\ud83d\\ude00\",\"sentence2\":\"B\",\"score\":2.5}\n"
     "\n{\"score\": 5e0 ,\"sentence2\":\"D\",\"x\":[1,{\"y\":2}],\"sentence1\":\"C\"}\r\n"
     "{\"sentence1\":\"E\",\"sentence2\":\"F\",\"score\":null}\n{\"sentence1\":\"E\",\"sentence2\":"
     "\"F\"}",
     "jsonl\n1 2.5 0.5 A\t\xc3\xa4\xf0\x9f\x98\x80|B\n3 5 1 C|D\n2 no_score\n1 blank"},
    {"JSON triplets", 0, 0, 0, "{\"anchor\":\"A\",\"positive\":\"B\",\"negative\":\"C\"}\n",
     "jsonl\n1 0 0 A|B|C"},
    {"JSON columns", 0, "score=s,sentence1=x,sentence2=y", 0,
     "{\"x\":\"A\",\"y\":\"B\",\"s\":\"3\"}\n", "jsonl\n1 3 0.6 A|B"},
    {"braces in a table", 0, 0, 0, "{a} b\tc\t3\nd\te\t5\n", "tsv\n1 3 0.6 {a} b|c\n2 5 1 d|e"},
    {"unlabelled and blank", 0, 0, 0,
     "g\tf\ty\t1\t1\tA\tB\n\ng\tf\ty\t1\t\tA\tB\ng\tf\ty\t1\t1\t\tB\ng\tf\ty\t1\t1\tA\t \n  \n",
     "stsb\n1 1 0.2 A|B\n1 no_score\n2 no_text\n2 blank"},
    {"GLUE taken as TSV", "tsv", 0, 0, GLUE "0\tg\tf\ty\t1\tn\tn\tA\tB\t5\n", "tsv\n2 5 1 A|B"},
    {"SICK by its name", "sick", 0, 0, SICK "7\tA\tB\t4.5\tNEUTRAL\n", "sick\n2 4.5 0.875 A|B"},
    {"columns by number under usual names", 0, "score=4,sentence1=1,sentence2=3", 0,
     "sentence1\tsentence2\tother\tscore\nA\tB\tC\t2\n", "tsv\n2 2 0.4 A|C"},
    {"columns by number, the usual names elsewhere", 0, "score=4,sentence1=3,sentence2=1", 0,
     "sentence1\tsentence2\tother\tscore\nA\tB\tC\t2\n", "tsv\n2 2 0.4 C|A"},
    {"a score far to the right", 0, "score=65,sentence1=1,sentence2=2", 0, "A\tB" T63 "4\n",
     "tsv\n1 4 0.8 A|B"},
    {"JSON, a key too long for a name", 0, 0, 0,
     "{\"" N64 N64 "\":1,\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n", "jsonl\n1 2 0.4 A|B"},
    {"columns by number, one row", 0, "score=1,sentence1=2,sentence2=3", 0, "2\tA\tB\n",
     "tsv\n1 2 0.4 A|B"},
    {"columns by number in CSV without a header", 0, "score=1,sentence1=2,sentence2=3", 0,
     "1,A,B\n2,C,D\n", "csv\n1 1 0.2 A|B\n2 2 0.4 C|D"},
    {"quoted TSV, the score first", 0, 0, 0, "\"4\"\t\"A\"\t\"B\"\n\"2\"\t\"C\"\t\"D\"\n",
     "csv\n1 4 0.8 A|B\n2 2 0.4 C|D"},
    {"CSV, the score first", 0, 0, 0, "4.5,A,B\n2,C,D\n", "csv\n1 4.5 0.9 A|B\n2 2 0.4 C|D"},
    {"format auto", "auto", 0, 0, "4.5,A,B\n2,C,D\n", "csv\n1 4.5 0.9 A|B\n2 2 0.4 C|D"},
    {"spaces around a score", 0, 0, 0, "g\tf\ty\t1\t 1 \tA\tB\n", "stsb\n1 1 0.2 A|B"},
};

static sts_data_options options_for(size_t i)
{
    return (sts_data_options){.format = good[i].format, .columns = good[i].columns,
                              .score_range = good[i].range};
}

Test(dataset, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sts_data_options o = options_for(i);
        const char *got = render(good[i].data, strlen(good[i].data), &o);
        cr_assert_str_eq(got, good[i].want, "%s: got\n%s", good[i].name, got);
    }
}

Test(dataset, skip_counts_each_reason)
{
    const char *data = ROW "a\tb\n" ROW "g\tf\ty\t1\tx\tA\tB\n" ROW "g\tf\ty\t1\t9\tA\tB\n" ROW
                       "g\tf\ty\t1\t1\t\xff\tB\n" ROW "\n" ROW "g\tf\ty\t1\t\tA\tB\n";
    sts_data_options o = {.skip_bad = true};
    const char *got = render(data, strlen(data), &o);
    cr_assert_str_eq(got, "stsb\n1 1 0.2 A|B\n3 1 0.2 A|B\n5 1 0.2 A|B\n7 1 0.2 A|B\n9 1 0.2 A|B\n"
                          "11 1 0.2 A|B\n1 no_score\n1 blank\n1 bad_columns\n1 bad_score\n"
                          "1 out_of_range\n1 bad_text", "%s", got);
}

Test(dataset, wrong_scale_is_no_bad_row)
{
    const char *data = "text1,text2,score\na,b,20\nc,d,100\n";
    sts_data_options o = {.skip_bad = true};
    cr_assert(strstr(render(data, strlen(data), &o), "!3 f:2: scores run from 20 to 100"));
}

Test(dataset, unscored)
{
    sts_data_options o = {.unscored = true};
    cr_assert_str_eq(render("text1\ttext2\nA\tB\n", 16, &o), "tsv\n2 0 0 A|B");
    cr_assert_str_eq(render("A\tB\nC\tD\n", 8, &o), "tsv\n1 0 0 A|B\n2 0 0 C|D");
    cr_assert_str_eq(render("text1\ttext2\tscore\nA\tB\t4\n", 24, &o), "tsv\n2 4 0.8 A|B");
    cr_assert(strstr(render("A,B\nC,D\n", 8, &o), "!3 "), "commas prove nothing");
    cr_assert(strstr(render("A\nC\n", 4, &o), "separates two sentences"));
    cr_assert(strstr(render("A\tB\nC\nD\n", 8, &o), "!3 "), "too few rows of two columns");
    cr_assert(strstr(render("A\tB\nC\tD\nE\nF\tG\tH\n", 16, &o),
                     "!3 f:1: 2 columns separated by tabs"), "no more than half");
    o.format = "csv";
    cr_assert_str_eq(render("A,B\nC,D\n", 8, &o), "csv\n1 0 0 A|B\n2 0 0 C|D");
}

Test(dataset, ranges)
{
    static const char *const ranges[] = {"5:0", "1:1", "nan:5", "0:inf", "5", ":", "0:5x", "f=",
                                         "0:5,f", "f=0:5,g=1", "0:1e308,-1e308:1e308"};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        sts_data_options o = {.score_range = ranges[i]};
        const char *got = render(ROW, strlen(ROW), &o);
        cr_assert(strstr(got, "!2 --score-range: '"), "%s: %s", ranges[i], got);
    }
    cr_assert_str_eq(render("g\tf\ty\t1\t1\tA\tB\r", 14, NULL), "stsb\n1 1 0.2 A|B");
}

Test(dataset, describes)
{
    sts_err err = {0};
    sts_dataset *d = sts_dataset_load_memory(ROW, strlen(ROW), "f", NULL, &err);
    cr_assert_str_eq(d->detected, "stsb (tab-separated, no header, score in column 5, sentences in "
                                  "6 and 7, 0..5)");
    sts_dataset_free(d);
    const char *csv = "s1,s2,score\nA,B,3\n";
    d = sts_dataset_load_memory(csv, strlen(csv), "f", NULL, &err);
    cr_assert_str_eq(d->detected, "csv (comma-separated, quoted, header, score in column 3 "
                                  "\"score\", "
                                  "sentences in 1 \"s1\" and 2 \"s2\", 0..5 assumed)");
    sts_dataset_free(d);
    const char *wide = "s1\t" N64 N64 "\tvalue\nA\tB\t3\n"; /* a name too long to be kept */
    sts_data_options o = {.columns = "score=3,sentence1=1,sentence2=2"};
    d = sts_dataset_load_memory(wide, strlen(wide), "f", &o, &err);
    cr_assert_str_eq(d->detected, "tsv (tab-separated, header, score in column 3 \"value\", "
                                  "sentences in 1 \"s1\" and 2, 0..5 assumed)");
    sts_dataset_free(d);
}

/* A name of 5,000 bytes still leaves room for the lines and the reasons: it is reported once. */
Test(dataset, long_name)
{
    static const char data[] = ROW "x\ny\nz\n";
    char *name = calloc(1, 5001);
    memset(name, '\x01', 5000);
    sts_err err = {0};
    cr_assert_null(sts_dataset_load_memory(data, strlen(data), name, NULL, &err));
    cr_assert(strstr(err.text, ":2: 1 column, fewer than 7; ...:3: 1 column, fewer than 7; "
                               "...:4: 1 column, fewer than 7 (--on"), "%s", err.text);
    free(name);
}

/* What is read ahead may end within a line: that is no fault of it. */
Test(dataset, long_json)
{
    enum { LONG = 2 << 20 };
    static const struct {
        const char *before, *want;
    } c[] = {
        {"\n", NULL},
        {"{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n", NULL},
        {"{x}\n", "f:1: JSON: byte 1"}};
    char *data = malloc(LONG + 200);
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sts_err err = {0};
        size_t n = (size_t)sprintf(data, "%s{\"text1\":\"", c[i].before);
        memset(data + n, 'x', LONG);
        n += LONG;
        n += (size_t)sprintf(data + n, "\",\"text2\":\"B\",\"score\":4}\n");
        sts_dataset *d = sts_dataset_load_memory(data, n, "f", NULL, &err);
        cr_assert(!d == !!c[i].want, "%zu: %s", i, err.text);
        if (d) cr_assert(d->row[d->n - 1].text[0].n == LONG && d->row[d->n - 1].gold == 4);
        else cr_assert(!strncmp(err.text, c[i].want, strlen(c[i].want)), "%s", err.text);
        sts_dataset_free(d);
    }
    free(data);
}

/* More blank lines than are read ahead: what follows them is not known. */
Test(dataset, long_blanks)
{
    size_t n = (size_t)40 << 20;
    char *data = malloc(n);
    sts_err err = {0};
    memset(data, ' ', n);
    for (size_t i = 0xffff; i < n; i += 0x10000) data[i] = '\n';
    memcpy(data + n - strlen(ROW), ROW, strlen(ROW));
    cr_assert_null(sts_dataset_load_memory(data, n, "f", NULL, &err));
    cr_assert(err.code == STS_DATA, "%d", err.code);
    cr_assert_str_eq(err.text, "f:1: a long run of blank lines, and no row");
    free(data);
}

/* Known names count among the first 256 keys. */
Test(dataset, many_keys)
{
    for (unsigned more = 253; more < 255; more++) {
        char data[4000] = "{";
        size_t n = 1;
        for (unsigned k = 0; k < more; k++)
            n += (size_t)snprintf(data + n, sizeof data - n, "\"k%u\":%u,", k, k);
        n += (size_t)snprintf(data + n, sizeof data - n,
                              "\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n");
        const char *got = render(data, n, NULL);
        if (more == 253) cr_assert_str_eq(got, "jsonl\n1 2 0.4 A|B");
        else cr_assert(!strncmp(got, "!3 f:1: no score column among the columns: k0", 45), "%s",
                       got);
    }
}

/* ---- the sample data of the repository, memory ---- */

Test(dataset, sample)
{
    sts_err err = {0};
    sts_dataset *d = sts_dataset_load("data/sts-dev.tsv", NULL, &err);
    cr_assert(d, "%s", err.text);
    cr_assert(!strcmp(d->format, "stsb") && d->n == d->n_read && d->n > 50);
    for (size_t i = 0; i < d->n; i++)
        cr_assert_float_eq(d->row[i].score, d->row[i].gold / 5, 1e-15);
    sts_dataset_free(d);
}

Test(dataset, failing_allocations)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sts_data_options o = options_for(i);
        size_t nth = 1;
        for (bool hit = true; hit; nth++) {
            sts_err err = {0};
            sts_mem_fail(nth, nth % 2);
            sts_dataset *d =
                sts_dataset_load_memory(good[i].data, strlen(good[i].data), "f", &o, &err);
            hit = sts_mem_count() >= nth;
            sts_mem_fail(0, false);
            cr_assert(!hit || (!d && err.code == STS_FAILED), "%s: allocation %zu: %s",
                      good[i].name, nth, err.text);
            sts_dataset_free(d);
        }
        cr_assert(nth > 8, "%s: only %zu allocations", good[i].name, nth);
    }
}
