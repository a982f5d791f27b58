/* test_token_file.c - vocabularies that are cut: ids, merges, special tokens, and the same tokens
 * from what is left. */
#include "token/token_file.h"

#include "core/mem.h"
#include "token_help.h"

#include <criterion/criterion.h>

#define TEXT(model, post)                                                                          \
    "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[{\"id\":1,"       \
    "\"content\":\"<s>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"                 \
    "\"normalized\":false,\"special\":true}],\"normalizer\":null,\"pre_tokenizer\":null,"          \
    "\"post_processor\":" post ",\"decoder\":null,\"model\":" model "}"
#define TEMPLATE                                                                                   \
    "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"<s>\","              \
    "\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":[],"                    \
    "\"special_tokens\":{\"<s>\":{\"id\":\"<s>\",\"ids\":[1],\"tokens\":[\"<s>\"]}}}"

/* Cuts `text` to the ids of keep[n]; the new text. */
static char *cut(const char *text, const char *type, const bool *keep, int32_t *to)
{
    sts_token_file f;
    sts_err err = {0};
    int rc = sts_token_file_read(&f, (sts_str){text, strlen(text)}, type, "t.json", &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert_eq(sts_token_file_keep(&f, keep, to, &err), 0, "%s", err.text);
    char *out = sts_token_file_text(&f, &err);
    cr_assert_not_null(out, "%s", err.text);
    sts_token_file_free(&f);
    return out;
}

static void check_ids(const char *json, const char *text, const char *want)
{
    sts_err err = {0};
    sts_ids ids = {0};
    char shown[1024];
    sts_str s = {json, strlen(json)};
    sts_tokenizer *t = sts_tokenizer_parse(s, "t.json", false, true, &err);
    cr_assert_not_null(t, "%s\n%s", err.text, json);
    int rc = sts_tokenizer_encode(t, text, strlen(text), 0, &ids, NULL, &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert_str_eq(token_show(shown, &ids), want);
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
}

Test(token_file, bpe_with_merges)
{
    static const char *const rules[] = {"[\"a b\",\"b c\",\"ab c\"]",
                                        "[[\"a\",\"b\"],[\"b\",\"c\"],[\"ab\",\"c\"]]"};
    for (size_t i = 0; i < 2; i++) {
        char text[2048];
        int32_t to[8];
        snprintf(text, sizeof text,
                 TEXT("{\"type\":\"BPE\",\"vocab\":{\"x\":0,\"<s>\":1,\"a\":2,\"b\":3,\"c\":4,"
                      "\"ab\":5,\"bc\":6,\"abc\":7},\"merges\":%s}", TEMPLATE), rules[i]);
        check_ids(text, "abc", "1 7");
        bool keep[8] = {false, true, true, true, true, true, false, true};
        char *left = cut(text, "BPE", keep, to);
        cr_assert_eq(to[0], -1);
        cr_assert_eq(to[7], 5);
        check_ids(left, "abcab", "0 5 4");
        check_ids(left, "bc", "0 2 3"); /* its rule is gone with what it made */
        sts_free(left);
    }
}

Test(token_file, unigram_keeps_scores_as_they_stand)
{
    const char *text =
        TEXT("{\"type\":\"Unigram\",\"unk_id\":2,\"vocab\":[[\"x\",-1],[\"<s>\",0],[\"?\",0],"
             "[\"a\\u00e9\\\"\",-0.10000000000000000555],[\"b\",-2.5e0]]}", TEMPLATE);
    int32_t to[5];
    bool keep[5] = {false, true, true, true, true};
    char *left = cut(text, "Unigram", keep, to);
    cr_assert_not_null(strstr(left, "-0.10000000000000000555"));
    cr_assert_not_null(strstr(left, "-2.5e0"));
    check_ids(left, "b\u00e9", "0 3 1");
    check_ids(left, "a\u00e9\"", "0 2");
    sts_free(left);
}

Test(token_file, special_tokens_cannot_go)
{
    const char *text = TEXT("{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":{\"?\":0,"
                            "\"<s>\":1}}", TEMPLATE);
    sts_token_file f;
    sts_err err = {0};
    bool keep[2] = {true, false};
    int32_t to[2];
    int rc = sts_token_file_read(&f, (sts_str){text, strlen(text)}, "WordLevel", "t.json", &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert_eq(sts_token_file_keep(&f, keep, to, &err), -1);
    cr_assert_str_eq(err.text, "t.json: a special token would be dropped");
    sts_token_file_free(&f);
}
