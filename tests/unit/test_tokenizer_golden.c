/* test_tokenizer_golden.c - ids of every golden tokenizer on every line of the corpus, as the
 * tokenizers library wrote them. */
#include "core/file.h"
#include "core/json_scan.h"
#include "core/mem.h"
#include "token/tokenizer_parts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIR "tests/golden/tokenizers/"

/* The whole of a file, inflated if need be. */
static char *slurp(const char *path, size_t *n)
{
    sts_err err = {0};
    sts_reader *r = sts_reader_open(path, false, &err);
    cr_assert(r, "%s", err.text);
    sts_text t = {0};
    for (long got = 1; got > 0; t.n += (size_t)got) {
        cr_assert(!sts_text_room(&t, 65536), "memory");
        got = sts_reader_read(r, t.s + t.n, 65535, &err);
        cr_assert(got >= 0, "%s", err.text);
    }
    sts_reader_close(r);
    t.s[t.n] = 0;
    *n = t.n;
    return t.s;
}

/* Compares one line: a JSON string, and a list of ids. */
static void compare_line(const sts_tokenizer *t, const char *name, int number, sts_scan *corpus,
                         const char **ids)
{
    sts_err err = {0};
    sts_str text;
    sts_ids got = {0};
    cr_assert(!sts_scan_text(corpus, &text), "%s: corpus line %d", name, number);
    cr_assert(!sts_tokenizer_encode(t, text.s, text.n, 0, &got, NULL, &err), "%s: line %d: %s",
              name, number, err.text);
    const char *p = strchr(*ids, '[') + 1;
    for (size_t i = 0; i < got.n; i++) {
        cr_assert(*p != ']', "%s: line %d has more than %zu ids", name, number, i);
        long want = strtol(p, (char **)&p, 10);
        cr_assert(got.v[i] == want, "%s: line %d, id %zu is %d, not %ld", name, number, i,
                  (int)got.v[i], want);
        if (*p == ',') p++;
    }
    cr_assert(*p == ']', "%s: line %d has only %zu ids", name, number, got.n);
    *ids = strchr(p, '\n') + 1;
    sts_ids_free(&got);
}

/* Takes away the "type" of each part that the reference recognises without one. */
static size_t untag(char *text, size_t n)
{
    static const char *const part[] = {
        "WordPiece", "BPE",     "WordLevel", "Unigram",        "BertNormalizer",    "Strip",
        "Prepend",   "Replace", "Sequence",  "BertProcessing", "RobertaProcessing",
        "TemplateProcessing"};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        char tag[64], *at = text;
        bool list = !strcmp(part[i], "Sequence"); /* of normalizers only */
        int k = snprintf(tag, sizeof tag, "\"type\":\"%s\",%s", part[i], list ? "\"norm" : "");
        size_t gone = (size_t)k - (list ? 5 : 0);
        while ((at = strstr(at, tag))) {
            memmove(at, at + gone, n - (size_t)(at - text) - gone + 1);
            n -= gone;
        }
    }
    return n;
}

static int compare(const char *json, const char *ids_path, const char *name, bool tagged)
{
    sts_err err = {0};
    size_t n, n_ids, n_corpus;
    char *text = slurp(json, &n), *ids = slurp(ids_path, &n_ids);
    if (!tagged) n = untag(text, n);
    char *corpus = slurp("tests/golden/corpus.jsonl", &n_corpus);
    sts_tokenizer *t = sts_tokenizer_parse((sts_str){text, n}, name, false, true, &err);
    cr_assert(t, "%s", err.text);
    sts_scan s = sts_scan_start(corpus, n_corpus, "corpus", STS_DATA, &err);
    s.nul = true;
    const char *at = ids;
    int lines = 0;
    while (*at) compare_line(t, name, ++lines, &s, &at);
    cr_assert(!sts_scan_end(&s), "%s: the corpus has more lines than the ids", name);
    sts_scan_done(&s);
    sts_tokenizer_free(t);
    sts_free(text);
    sts_free(ids);
    sts_free(corpus);
    return lines;
}

/* All of the golden tokenizers; how many. */
static size_t compare_all(bool tagged)
{
    sts_err err = {0};
    char **names, json[512], ids[512];
    size_t n, done = 0;
    cr_assert(!sts_dir_list(DIR, &names, &n, &err), "%s", err.text);
    for (size_t i = 0; i < n; i++) {
        char *dot = strstr(names[i], ".json");
        if (!dot || dot[5]) continue;
        snprintf(json, sizeof json, DIR "%s", names[i]);
        snprintf(ids, sizeof ids, DIR "%.*s.ids.jsonl.gz", (int)(dot - names[i]), names[i]);
        cr_assert(compare(json, ids, names[i], tagged) > 200, "%s: few lines", names[i]);
        done++;
    }
    sts_names_free(names, n);
    return done;
}

Test(tokenizer_golden, every_tokenizer_on_every_line)
{
    size_t done = compare_all(true);
    cr_assert(done > 60, "only %zu tokenizers", done);
}

Test(tokenizer_golden, parts_without_a_type)
{
    size_t done = compare_all(false);
    cr_assert(done > 60, "only %zu tokenizers", done);
}

Test(tokenizer_golden, models)
{
    static const char *const model[][2] = {
        {"albert", "model-albert"},       {"bert", "bert-uncased"},
        {"camembert", "model-camembert"}, {"distilbert", "bert-cased"},
        {"electra", "bert-uncased"},      {"modernbert", "model-modernbert"},
        {"mpnet", "model-mpnet"},         {"roberta", "model-roberta"},
        {"static", "bert-uncased"},       {"xlmr", "model-xlmr"}};
    for (size_t i = 0; i < sizeof model / sizeof *model; i++) {
        char json[256], ids[256];
        snprintf(json, sizeof json, "tests/golden/models/%s/tokenizer.json", model[i][0]);
        snprintf(ids, sizeof ids, DIR "%s.ids.jsonl.gz", model[i][1]);
        compare(json, ids, model[i][0], true);
    }
}
