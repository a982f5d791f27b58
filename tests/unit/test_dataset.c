/* test_dataset.c - formats found and named, scores mapped, rows counted, faults reported. */
#include "core/mem.h"
#include "data/dataset.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All rows as "line gold score a|b|c", or "!code text". */
static char *render(const char *data, size_t n, const sts_data_options *o)
{
    static char out[8000];
    sts_err err = {0};
    sts_dataset *d = sts_dataset_load_memory(data, n, "f", o, &err);
    if (!d) {
        snprintf(out, sizeof out, "!%d %s", err.code, err.text);
        return out;
    }
    size_t at = (size_t)snprintf(out, sizeof out, "%s", d->format), left_out = 0;
    for (size_t i = 0; i < d->n; i++) {
        const sts_row *r = &d->row[i];
        at += (size_t)snprintf(out + at, sizeof out - at, "\n%llu %g %g ",
                               (unsigned long long)r->line, r->gold, r->score);
        for (int k = 0; k < d->n_texts; k++) {
            at += (size_t)snprintf(out + at, sizeof out - at, k ? "|%s" : "%s", r->text[k].s);
            cr_assert_eq(r->text[k].n, strlen(r->text[k].s));
        }
    }
    for (int k = 0; k < STS_SKIP_COUNT; k++) {
        left_out += d->skipped[k];
        if (d->skipped[k])
            at += (size_t)snprintf(out + at, sizeof out - at, "\n%zu %s", d->skipped[k],
                                   sts_skip_name((sts_skip)k));
    }
    cr_assert_eq(d->n_read, d->n + left_out, "rows read = used + left out");
    cr_assert_eq(d->bytes, n);
    sts_dataset_free(d);
    return out;
}

#define SICK "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
#define GLUE                                                                                       \
    "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n"

#define T7 "\t\t\t\t\t\t\t"
#define T63 T7 T7 T7 T7 T7 T7 T7 T7 T7
#define T256 T63 T63 T63 T63 "\t\t\t\t"
#define T1024 T256 T256 T256 T256
#define N64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

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

#define ROW "g\tf\ty\t1\t1\tA\tB\n"

static const struct {
    const char *name, *format, *columns, *data;
    int code;
    const char *says; /* the start of the message */
} bad[] = {
    {"empty", 0, 0, "", STS_DATA, "f:1: no rows"},
    {"blank lines", 0, 0, "\n\r\n \n", STS_DATA, "f:1: no rows that can be used: 3 blank"},
    {"header only", 0, 0, "sentence1\tsentence2\tscore\n", STS_DATA, "f:1: no rows but the header"},
    {"nan", 0, 0, ROW "g\tf\ty\t1\tnan\tA\tB\n", STS_DATA, "f:2: the score 'nan' is not a number"},
    {"one decimal comma", 0, 0, "g\tf\ty\t1\t1.5\tA\tB\ng\tf\ty\t1\t1,5\tA\tB\n", STS_DATA,
     "f:2: the score '1,5' is not a number; the comma: remove it where"},
    {"out of range", 0, 0, ROW "g\tf\ty\t1\t5.5\tA\tB\n", STS_DATA,
     "f:2: the score 5.5 is outside 0..5"},
    {"below SICK's range", 0, 0, SICK "1\tA\tB\t0.5\tX\n", STS_DATA,
     "f:2: the score 0.5 is outside 1..5"},
    {"few columns", 0, 0, ROW "a\tb\n", STS_DATA, "f:2: 2 columns, fewer than 7"},
    {"one column too many", 0, 0, "text1,text2,score\na,b,c,3\n", STS_DATA,
     "f:2: 4 columns, not 3"},
    {"a quote over lines", 0, 0, "text1,text2,score\n\"a,b,3\nc,\"d\",3\n", STS_DATA,
     "f:2: text follows a closing quote"},
    {"nothing but a bad row", 0, 0, "g\tf\ty\t1\t3,5,\tA\tB\n", STS_DATA, "f:1: the score '3,5,'"},
    {"one of two rows bad", 0, 0, "A,B,3.5\nC,D,x\n", STS_DATA,
     "f:2: the score 'x' is not a number"},
    {"never closed", 0, 0, "text1,text2,score\na,b,3\n\"c,d,4\n", STS_DATA,
     "f:3: a quote opens and never closes"},
    {"control bytes", 0, 0, ROW "g\tf\ty\t1\t\x1b[31m\tA\tB\n", STS_DATA,
     "f:2: the score '\\x1b[31m'"},
    {"Latin-1", 0, 0, ROW "g\tf\ty\t1\t1\tcaf\xe9\tB\n", STS_DATA,
     "f:2: byte 14 (0xe9) is not UTF-8"},
    {"three of five", 0, 0, ROW "a\nb\nc\nd\ne\n" ROW ROW ROW ROW ROW ROW, STS_DATA,
     "f:2: 1 column, fewer than 7; f:3: 1 column, fewer than 7; f:4: 1 column, fewer than 7; and 2 "
     "more"},
    {"0 to 1", 0, 0, "text1,text2,score\na,b,0.5\nc,d,1\n", STS_DATA,
     "f:2: scores run from 0.5 to 1, while 0 to 5 is assumed"},
    {"-1 to 1", 0, 0, "text1,text2,score\na,b,0.5\nc,d,-1\n", STS_DATA,
     "f:3: scores run from -1 to 0.5"},
    {"-2 to 1", 0, 0, "text1,text2,score\na,b,1\nc,d,-2\n", STS_DATA,
     "f:3: scores run from -2 to 1, all whole numbers, while 0 to 5 is assumed: which range is "
     "meant? say --score-range MIN:MAX"},
    {"0 to 100", 0, 0, "text1,text2,score\na,b,0\nc,d,100\n", STS_DATA,
     "f:3: scores run from 0 to 100"},
    {"one typing error in many", 0, 0, "text1,text2,score\na,b,2\na,b,3\na,b,1\na,b,2\na,b,44\n",
     STS_DATA, "f:6: the score 44 is outside 0..5, the range assumed"},
    {"no score column", 0, 0, "text1\ttext2\nA\tB\n", STS_DATA,
     "f:1: no score column: pairs without scores are for --loss"},
    {"many columns and no score", 0, 0,
     "text1\ttext2\t" N64 "\t" N64 "\t" N64 "\t" N64 "\t" N64 "\t" N64 "\t" N64 "\nA\tB\n",
     STS_DATA, "f:1: no score column among"},
    {"blank lines and a row without a score", 0, 0, "sentence1\tsentence2\tscore\n\nA\tB\t\n",
     STS_DATA, "f:1: no rows that can be used: 1 no_score, 1 blank"},
    {"JSON, a value without an end", 0, 0,
     "{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n{\"score\":", STS_DATA, "f:2: JSON: byte"},
    {"JSON, a colon for a score", 0, 0,
     "{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n{\"score\"::", STS_DATA, "f:2: JSON: byte"},
    {"twice the same name", 0, 0, "text1\ttext2\tscore\tScore\nA\tB\t1\t2\n", STS_DATA,
     "f:1: columns 3 and 4 are both called 'score'"},
    {"one column", 0, 0, "hello\nworld\n", STS_DATA, "f:1: only one column"},
    {"two numbers", 0, 0, "1\t2\tA\n3\t4\tB\n", STS_DATA, "f:1: 3 columns separated by tabs"},
    {"nine by semicolons", 0, 0, "a;b;c;1;5.0;A;B;;\na;b;c;2;5.0;A;B;;\n", STS_DATA,
     "f:1: 9 columns separated by semicolons"},
    {"bare CR", 0, 0, "g\tf\ty\t1\t1\tA\tB\rg\tf\ty\t1\t1\tA\tB\r", STS_DATA,
     "f:1: lines end in CR alone"},
    {"more rows by semicolons than by tabs", 0, 0,
     "a\tb;c;d;e\na;b;c;d\na\tb\tc;d;e;f\na\tb;c;d;e\n", STS_DATA,
     "f:1: 4 columns separated by semicolons"},
    {"JSON array", 0, 0, "[{\"sentence1\":\"A\"}]\n", STS_DATA, "f:1: this is a JSON array"},
    {"JSON array over lines", 0, 0, "[ \n {\"sentence1\":\"A\"}]\n", STS_DATA,
     "f:1: this is a JSON array"},
    {"an array of numbers", 0, 0, "[1]\n", STS_DATA, "f:1: only one column"},
    {"an array without an end", 0, 0, "[", STS_DATA, "f:1: only one column"},
    {"two rows without numbers", 0, "score=1,sentence1=2,sentence2=3", "v\tA\tB\nx\tC\tD\n",
     STS_DATA, "f:1: the score 'v' is not a number"},
    {"seven columns without scores, uneven", 0, 0,
     "g\tf\ty\t1\t\tA\tB\ng\tf\ty\t1\t\tA\tB\ng\tf\ty\t1\t\tA\tB\tC\n", STS_DATA,
     "f:1: 7 columns separated by tabs, no header"},
    {"seven columns without scores, even", 0, 0, "g\tf\ty\t1\t\tA\tB\ng\tf\ty\t1\t\tA\tB\n",
     STS_DATA, "f:1: no rows that can be used: 2 no_score"},
    {"three columns in few rows", 0, 0, "1\ta\tb\n2\ta\tb\n1\ta\tb\tc\n1\ta\tb\tc\td\n1\ta\n",
     STS_DATA, "f:1: 3 columns separated by tabs, no header"},
    {"nothing between", 0, 0, "A\t\tB\nC\t\tD\n", STS_DATA, "f:1: 3 columns separated by tabs"},
    {"nothing before commas", 0, 0, ",A,B\n,C,D\n", STS_DATA, "f:1: 3 columns separated by commas"},
    {"a dash for a score", 0, 0, "A,B,-\nC,D,2\n", STS_DATA, "f:1: the score '-' is not a number"},
    {"a negative comma", 0, 0, "A\tB\t-1,5\nC\tD\t2.0\n", STS_DATA,
     "f:1: the score '-1,5' is not a number"},
    {"a long comma", 0, 0, ROW "g\tf\ty\t1\t1,50000000000000000000000000000000000\tA\tB\n",
     STS_DATA, "f:2: the score '1,50000000000000000000000000000000000' is not a number"},
    {"a row over two lines", 0, 0, "text1,text2,score\n\"a\nb\",c\n", STS_DATA,
     "f:2: 2 columns, not 3: a quote opens here and closes in line 3"},
    {"JSON, no score", 0, 0, "{\"sentence1\":\"A\",\"sentence2\":\"B\"}\n", STS_DATA,
     "f:1: no score"},
    {"JSON, columns without a score", 0, "sentence1=x,sentence2=y", "{\"x\":\"A\",\"y\":\"B\"}\n",
     STS_DATA, "f:1: no score column: pairs without scores are for --loss"},
    {"columns without a score", 0, "sentence1=1,sentence2=2", "A\tB\t2\n", STS_USAGE,
     "--columns names no score"},
    {"JSON, another name", 0, "score=s,sentence1=x,sentence2=z",
     "{\"x\":\"A\",\"y\":\"B\",\"s\":1}\n", STS_DATA, "f:1: no 'z' among"},
    {"JSON, a negative score", 0, 0, "{\"sentence1\":\"A\",\"sentence2\":\"B\",\"score\":-0.5}\n",
     STS_DATA, "f:1: scores run from -0.5 to -0.5"},
    {"a sentence's name twice", 0, 0, "score\tsentence1\tsentence1\n1\tA\tB\n2\tC\tD\n", STS_DATA,
     "f:1: columns 2 and 3 are both called 'sentence1': say which is meant with --columns"},
    {"a triplet's name twice", 0, 0, "label,anchor,anchor\n1,A,B\n2,C,D\n", STS_DATA,
     "f:1: columns 2 and 3 are both called 'anchor'"},
    {"commas, but tabs asked for", "tsv", 0, "sentence1,sentence2,score\nA,B,3\n", STS_DATA,
     "f:1: only one column: no tab separates a score and sentences"},
    {"bars, but CSV asked for", "csv", 0, "A|B|3\n", STS_DATA,
     "f:1: only one column: no comma, semicolon or tab separates a score and sentences"},
    {"quotes that are broken by commas alone", "csv", 0, "\"A\";\"B\";\"C\"\n", STS_DATA,
     "f:1: 3 columns separated by semicolons, no header"},
    {"1,027 columns", 0, 0, "score\tsentence1\tsentence2" T1024 "\n1\tA\tB" T1024 "\n", STS_DATA,
     "f:1: 1027 columns, more than 1024"},
    {"HTML", 0, 0, "<html>\n", STS_DATA, "f:1: this looks like HTML"},
    {"JSON, bad line", 0, 0,
     "{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}}"
     "\n",
     STS_DATA, "f:2: JSON: byte 35"},
    {"JSON, key twice", 0, 0,
     "{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n{\"text1\":\"A\",\"text1\":\"B\",\"text2\":"
     "\"\"}\n",
     STS_DATA, "f:2: JSON: byte 13: key \"text1\" twice"},
    {"JSON, sentence missing", 0, 0,
     "{\"text1\":\"A\",\"text2\":\"B\",\"score\":2}\n{\"text1\":\"A\",\"score\":2}\n", STS_DATA,
     "f:2: there is no \"text2\""},
    {"JSON, true for a score", 0, 0, "{\"text1\":\"A\",\"text2\":\"B\",\"score\":true}\n", STS_DATA,
     "f:1: the score 'true'"},
    {"JSON, no names", 0, 0, "{\"a\":\"A\",\"b\":\"B\"}\n", STS_DATA,
     "f:1: no two sentences among"},
    {"not SICK", "sick", 0, ROW, STS_DATA, "f:1: not a header of sick"},
    {"not SICK, though a header", "sick", 0, "sentence1\tsentence2\tscore\nA\tB\t3\n", STS_DATA,
     "f:1: not a header of sick (pair_ID"},
    {"a header too far to the right", 0, "score=65,sentence1=1,sentence2=2",
     "a\tb" T63 "v\nA\tB" T63 "4\n", STS_DATA, "f:1: the score 'v' is not a number; a header?"},
    {"no such format", "xml", 0, ROW, STS_USAGE, "format 'xml' is not one of"},
    {"--columns: what", 0, "scores=1", ROW, STS_USAGE, "--columns: 'scores=1' is not"},
    {"--columns: 0", 0, "score=0,sentence1=1,sentence2=2", ROW, STS_USAGE, "--columns: column 0"},
    {"--columns: 1025", 0, "score=1025,sentence1=1,sentence2=2", ROW, STS_USAGE,
     "--columns: column 1025"},
    {"--columns: twice by name", 0, "score=a,score=b,sentence1=3", ROW, STS_USAGE,
     "--columns: 'score' is given"},
    {"--columns: no name", 0, "score=,sentence1=1,sentence2=2", ROW, STS_USAGE,
     "--columns: a column is"},
    {"--columns: a long name", 0, "score=" N64 N64 ",sentence1=1", ROW, STS_USAGE, "--columns: "},
    {"--columns: twice", 0, "score=1,score=2,sentence1=3", ROW, STS_USAGE,
     "--columns: 'score' is given"},
    {"--columns: one sentence", 0, "score=5,sentence1=6", ROW, STS_USAGE,
     "--columns names no sentence2"},
    {"--columns: same column", 0, "score=5,sentence1=6,sentence2=6", ROW, STS_USAGE,
     "--columns gives column 6"},
    {"--columns: too far", 0, "score=5,sentence1=6,sentence2=9", ROW, STS_DATA,
     "f:1: --columns asks for column 9, but there are 7"},
    {"--columns: too far for the header", 0, "score=3,sentence1=1,sentence2=2",
     "v\tw\nA\tB\t5\nC\tD\t4\nE\tF\t3\nG\tH\n", STS_DATA,
     "f:1: --columns asks for column 3, but the header has 2"},
    {"--columns: too far for the header, with names", 0, "score=3,sentence1=v,sentence2=w",
     "v\tw\nA\tB\t5\nC\tD\t4\n", STS_DATA,
     "f:1: --columns asks for column 3, but the header has 2"},
    {"--columns: no such name", 0, "score=x,sentence1=y,sentence2=z", "a\tb\tc\n", STS_DATA,
     "f:1: no 'x' among the columns: a, b, c"},
    {"--columns: number in JSON", "jsonl", "score=1,sentence1=2,sentence2=3", "{\"a\":1}\n",
     STS_USAGE, ""},
};

Test(dataset, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sts_data_options o = {.format = bad[i].format, .columns = bad[i].columns};
        const char *got = render(bad[i].data, strlen(bad[i].data), &o);
        char want[400];
        int n = snprintf(want, sizeof want, "!%d %s", bad[i].code, bad[i].says);
        cr_assert(!strncmp(got, want, (size_t)n), "%s: got\n%s", bad[i].name, got);
        cr_assert_leq(strlen(got), 1024 + 3);
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
