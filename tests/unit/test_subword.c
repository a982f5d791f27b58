/* test_subword.c - what a Unigram's scores decide, texts for which there is no unknown token, many
 * rules of a BPE. */
#include "core/mem.h"
#include "token/unicode.h"
#include "token_help.h"

#include <criterion/criterion.h>

/* Scores in every spelling of a number: the token "ab" is taken where its score is above that of
 * "a" with "b", which has 0. */
Test(subword, scores)
{
    static const struct { const char *a, *ab; bool together; } c[] = {
        {"-1.5e1", "-14.9", true}, {"-1.5e1", "-15.1", false}, {"-1E+2", "-99", true},
        {"-1e-3", "-0.0011", false}, {"-0.0011", "-1e-3", true}, {"1e-400", "0.1", true},
        {"1e-400", "-1e-400", true}, {"-1e-310", "-1e-320", true},
        {"-1e-9999999999", "-1e-300", false},
        {"-12345678901234567890123", "-12345678901234567890123e1", false},
        {"-12345678901234567890123e1", "-12345678901234567890123.5", true},
        {"-0.12345678901234567890123456789", "-0.1234567890123456788", true},
        {"-18446744073709551616", "-18446744073709551615e1", false}, {"-1e30", "-1e29", true},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char model[512], shown[1024];
        sts_err err = {0};
        sts_ids ids = {0};
        snprintf(model, sizeof model, "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"?\",-9e99],"
                 "[\"a\",%s],[\"b\",0],[\"ab\",%s]]}", c[i].a, c[i].ab);
        sts_tokenizer *t = token_make(&(token_json){.model = model}, false, true, &err);
        cr_assert(t && !sts_tokenizer_encode(t, "ab", 2, 0, &ids, NULL, &err), "%s", err.text);
        cr_assert(!strcmp(token_show(shown, &ids), c[i].together ? "3" : "1 2"), "%s, %s: %s",
                  c[i].a, c[i].ab, shown);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}

/* Without an unknown token a text must be made of tokens, in whatever way. */
Test(subword, no_unknown)
{
#define UNKNOWN_TO_NONE(a) "{\"type\":\"Unigram\",\"vocab\":[[\"a\"," a "],[\"ab\",-1]]}"
    static const struct { const char *model, *text, *ids; } c[] = {
        {UNKNOWN_TO_NONE("0"), "ab", "1"},
        {UNKNOWN_TO_NONE("0"), "aab", "0 1"},
        {UNKNOWN_TO_NONE("0"), "b", NULL},
        {UNKNOWN_TO_NONE("0"), "abb", NULL},
        {UNKNOWN_TO_NONE("100"), "ab", NULL}}; /* "a" and an unknown would be better */
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char shown[1024];
        sts_err err = {0};
        sts_ids ids = {0};
        sts_tokenizer *t = token_make(&(token_json){.model = c[i].model}, false, true, &err);
        cr_assert(t, "%s", err.text);
        int rc = sts_tokenizer_encode(t, c[i].text, strlen(c[i].text), 0, &ids, NULL, &err);
        if (c[i].ids) cr_assert(!rc && !strcmp(token_show(shown, &ids), c[i].ids), "%s", err.text);
        else cr_assert(rc && strstr(err.text, "no unknown token"), "%s: %s", c[i].text, err.text);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}

/* Five hundred rules: "a" with each of them, again and again. */
Test(subword, many_merges)
{
    enum { N = 500 };
    size_t size = 1 << 16, at = 0;
    char *json = sts_alloc(size, 1);
    at += (size_t)snprintf(json, size, "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0");
    for (unsigned i = 0; i < 2 * N; i++)
        at += (size_t)snprintf(json + at, size - at, ",\"%s\\u%04x\":%u", i < N ? "" : "a",
                               0x4e00 + i % N, i + 1);
    at += (size_t)snprintf(json + at, size - at, "},\"merges\":[");
    for (unsigned i = 0; i < N; i++)
        at += (size_t)snprintf(json + at, size - at, "%s\"a \\u%04x\"", i ? "," : "", 0x4e00 + i);
    at += (size_t)snprintf(json + at, size - at, "]}}");
    sts_err err = {0};
    sts_tokenizer *t = sts_tokenizer_parse((sts_str){json, at}, "t.json", false, true, &err);
    cr_assert(t, "%s", err.text);
    for (unsigned i = 0; i < N; i++) {
        char text[8] = "a";
        sts_ids ids = {0};
        size_t n = 1 + sts_utf8_put(text + 1, 0x4e00 + i);
        cr_assert(!sts_tokenizer_encode(t, text, n, 0, &ids, NULL, &err), "%s", err.text);
        cr_assert(ids.n == 1 && ids.v[0] == (int32_t)(N + i + 1), "rule %u: %d", i, ids.v[0]);
        sts_ids_free(&ids);
    }
    sts_tokenizer_free(t);
    sts_free(json);
}
