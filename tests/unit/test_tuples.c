/* test_tuples.c - rows with several negatives: which columns they are, under which names. */
#include "core/limits.h"
#include "data/dataset.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The format and the first row as "FORMAT a|b|c", or "!code text". */
static const char *render(const char *data, const char *columns)
{
    static char out[1100];
    sts_err err = {0};
    sts_data_options o = {.columns = columns};
    sts_dataset *d = sts_dataset_load_memory(data, strlen(data), "f", &o, &err);
    if (!d) {
        snprintf(out, sizeof out, "!%d %s", err.code, err.text);
        return out;
    }
    size_t at = (size_t)snprintf(out, sizeof out, "%s", d->format);
    for (int k = 0; k < d->n_texts; k++)
        at += (size_t)snprintf(out + at, sizeof out - at, k ? "|%s" : " %s", d->row[0].text[k].s);
    cr_assert(d->n == 1);
    sts_dataset_free(d);
    return out;
}

static const struct {
    const char *name, *columns, *data, *want;
} good[] = {
    {"tuples", 0, "anchor\tpositive\tnegative\tnegative_2\nA\tB\tC\tD\n", "tsv A|B|C|D"},
    {"tuples, their negatives by number", 0,
     "Negative 10,query,negative_2,answer,id,negative_1\nF,A,E,B,7,D\n", "csv A|B|D|E|F"},
    {"a negative without a number, from 0, and from 1", 0,
     "negative_1\tnegative\tnegative_0\tquestion\tpositive\nE\tC\tD\tA\tB\n", "tsv A|B|C|D|E"},
    {"tuples by columns", "anchor=5,positive=4,negative_1=3,negative_2=2,negative_3=1",
     "A\tB\tC\tD\tE\n", "tsv E|D|C|B|A"},
    {"tuples by columns, the first ones", "anchor=a,positive=p,negative=n2", "a,p,n1,n2\nA,B,C,D\n",
     "csv A|B|D"},
    {"JSON tuples", 0,
     "{\"negative_2\":\"D\",\"anchor\":\"A\",\"negative_1\":\"C\",\"positive\":\"B\"}\n",
     "jsonl A|B|C|D"},
    {"JSON tuples by columns", "anchor=q,positive=p,negative=x,negative_2=y",
     "{\"q\":\"A\",\"p\":\"B\",\"x\":\"C\",\"y\":\"D\"}\n", "jsonl A|B|C|D"},
    {"scored triplets need no score", 0, "anchor\tpositive\tnegative\tscore\nA\tB\tC\t9\n",
     "tsv A|B|C"},
    {"a negative of scored sentences is none", 0,
     "sentence1\tsentence2\tscore\tnegative\nA\tB\t2\t1\n", "tsv A|B"},
    {"what is only called like negatives", 0,
     "anchor\tpositive\tnegatives\tnegative_x\tscore\nA\tB\tC\tD\t5\n", "tsv A|B"},
};

Test(tuples, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert_str_eq(render(good[i].data, good[i].columns), good[i].want, "%s", good[i].name);
}

static const struct {
    const char *name, *columns, *data, *want;
} bad[] = {
    {"--columns: a negative left out", "anchor=1,positive=2,negative=3,negative_3=4",
     "A\tB\tC\tD\n", "!2 --columns names negative_3, but no negative_2"},
    {"--columns: a negative twice", "anchor=1,positive=2,negative=3,negative_1=4", "A\tB\tC\tD\n",
     "!2 --columns: 'negative_1' is given twice"},
    {"--columns: a negative too many", "anchor=1,positive=2,negative_127=3", "A\tB\tC\tD\n",
     "!2 --columns: 'negative_127=3' is not NAME=COLUMN; the names are score, sentence1, "
     "sentence2, anchor, positive, negative, negative_2 to negative_126"},
    {"--columns: a negative of no number", "anchor=1,positive=2,negative_0=3", "A\tB\tC\tD\n",
     "!2 --columns: 'negative_0=3' is not NAME=COLUMN"},
    {"a negative's name twice", 0,
     "anchor\tpositive\tnegative_1\tnegative_2\tNegative 1\nA\tB\tC\tD\tE\n",
     "!3 f:1: columns 3 and 5 are both called 'negative_1'"},
    {"a negative missing", 0, "anchor\tpositive\tnegative_1\tnegative_2\nA\tB\tC\n",
     "!3 f:2: 3 columns, not 4"},
    {"JSON, a negative missing", 0,
     "{\"anchor\":\"A\",\"positive\":\"B\",\"negative_1\":\"C\",\"negative_2\":\"D\"}\n"
     "{\"anchor\":\"A\",\"positive\":\"B\",\"negative_1\":\"C\"}\n",
     "!3 f:2: there is no \"negative_2\""},
};

Test(tuples, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *got = render(bad[i].data, bad[i].columns);
        cr_assert(!strncmp(got, bad[i].want, strlen(bad[i].want)), "%s: %s", bad[i].name, got);
    }
}

Test(tuples, described)
{
    const char *tuples = "query\tanswer\tnegative_1\tnegative_2\nA\tB\tC\tD\n";
    sts_dataset *d = sts_dataset_load_memory(tuples, strlen(tuples), "f", NULL, NULL);
    cr_assert_str_eq(d->detected, "tsv (tab-separated, header, tuples of 4 texts in 1 \"query\", "
                                  "2 \"answer\", 3 \"negative_1\" to 4 \"negative_2\")");
    sts_dataset_free(d);
}

/* A row of n negatives as a table with a header, or as a JSON line. */
static size_t make_row(char *out, size_t size, int n, bool json)
{
    size_t at = (size_t)snprintf(out, size, json ? "{\"anchor\":\"A\",\"positive\":\"B\""
                                                 : "anchor\tpositive");
    for (int k = 1; k <= n; k++)
        at += (size_t)snprintf(out + at, size - at,
                               json ? ",\"negative_%d\":\"N%d\"" : "\tnegative_%d", k, k);
    at += (size_t)snprintf(out + at, size - at, json ? "}\n" : "\nA\tB");
    for (int k = 1; k <= n && !json; k++) at += (size_t)snprintf(out + at, size - at, "\tN%d", k);
    return at;
}

/* As many negatives as a row has room for, and one more. */
Test(tuples, negatives_at_the_limit)
{
    for (int json = 0; json < 2; json++) {
        char data[8000];
        sts_err err = {0};
        size_t n = make_row(data, sizeof data, STS_TEXTS_MAX - 2, json);
        sts_dataset *d = sts_dataset_load_memory(data, n, "f", NULL, &err);
        cr_assert(d, "%s", err.text);
        cr_assert_str_eq(d->row[0].text[STS_TEXTS_MAX - 1].s, "N126");
        sts_dataset_free(d);
        n = make_row(data, sizeof data, STS_TEXTS_MAX - 1, json);
        cr_assert(!sts_dataset_load_memory(data, n, "f", NULL, &err) && err.code == STS_DATA);
        cr_assert_str_eq(err.text, "f:1: 127 columns of negatives, of which 126 can be read: say "
                                   "which with --columns anchor=...,positive=...,negative=...,"
                                   "negative_2=...");
    }
}
