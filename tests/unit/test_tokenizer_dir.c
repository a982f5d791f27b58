/* test_tokenizer_dir.c - a directory's files: tokenizer.json and tokenizer_config.json, vocab.txt,
 * vocab.json with merges.txt. */
#include "core/mem.h"
#include "token_dir_help.h"

TestSuite(tokenizer_dir, .init = enter, .fini = leave);

Test(tokenizer_dir, nothing)
{
    SAYS("no tokenizer.json");
    put("vocab.json", "{}"); /* without its merges */
    SAYS("no tokenizer.json");
    put("spiece.model", "x");
    SAYS("a sentencepiece model alone");
}

#define BERT_VOCAB "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\nA\n\u00e9\r\ne\n\u6f22"

Test(tokenizer_dir, vocab_txt)
{
    put("vocab.txt", BERT_VOCAB);
    SAYS("is not supported without"); /* of what kind? */
    put("config.json", "{\"model_type\":\"bert\"}");
    IS("A ab [MASK] \u00e9", "2 5 5 7 4 10 3");
    IS("a\u6f22b", "2 5 11 6 3");
    put("tokenizer_config.json", "{\"do_lower_case\":false,\"tokenize_chinese_chars\":false}");
    IS("A ab \u00e9", "2 8 5 7 9 3");
    IS("a\u6f22b", "2 1 3");
    put("tokenizer_config.json", "{\"do_lower_case\":false,\"strip_accents\":true,\"cls_token\":"
        "{\"content\":\"[PAD]\",\"lstrip\":true},\"tokenizer_class\":\"DistilBertTokenizerFast\"}");
    IS("A \u00e9", "0 8 10 3");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"BertJapaneseTokenizer\"}");
    SAYS("\"BertJapaneseTokenizer\" is not supported");
    put("tokenizer_config.json", "{\"added_tokens_decoder\":{\"5\":{\"content\":\"a\"}}}");
    SAYS("the token \"a\" is not among the added tokens");
    put("tokenizer_config.json", "{\"do_lower_case\":\"no\"}");
    SAYS("\"do_lower_case\" must be true or false");
    put("tokenizer_config.json", "{\"tokenize_chinese_chars\":\"no\"}");
    SAYS("\"tokenize_chinese_chars\" must be true or false");
    put("tokenizer_config.json", "{\"strip_accents\":\"no\"}");
    SAYS("\"strip_accents\" must be true or false");
    put("tokenizer_config.json", "{}");
    put("added_tokens.json", "{\"zz\":12,\"[MASK]\":4}");
    SAYS("the token \"zz\"");
    put("added_tokens.json", "7x");
    SAYS("added_tokens.json: byte");
    put("added_tokens.json", "{\"[MASK]\":4}");
    put("tokenizer_config.json", "{\"mask_token\":{\"content\":\"[MASK]\",\"single_word\":7}}");
    SAYS("\"single_word\" must be");
    put("tokenizer_config.json", "{\"mask_token\":{\"content\":\"[MASK]\",\"lstrip\":7}}");
    SAYS("\"lstrip\" must be");
    put("tokenizer_config.json", "{\"mask_token\":{\"content\":\"[MASK]\",\"rstrip\":7}}");
    SAYS("\"rstrip\" must be");
    put("tokenizer_config.json", "{\"added_tokens_decoder\":{\"5\":7}}");
    SAYS("\"added_tokens_decoder\" must be strings");
    put("tokenizer_config.json", "{\"additional_special_tokens\":null}"); /* none */
    IS("a", "2 5 3");
    put("special_tokens_map.json", "{\"additional_special_tokens\":[\"a\"]}");
    SAYS("the token \"a\" is not among the added tokens");
    put("special_tokens_map.json", "{}");
    put("tokenizer_config.json", "{\"cls_token\":\"\"}"); /* none: the class's own */
    IS("a", "2 5 3");
    put("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\n\"\nx\n\\\n\t\n");
    IS("x\"\\", "2 7 6 8 3");
    put("vocab.txt", "a\nb\na\n");
    SAYS("\"a\" twice");
}

/* A first line that is blank is the token 0, which nothing matches; line ends at the end of the
 * list are no tokens, and a list of nothing else has no unknown token. */
Test(tokenizer_dir, blank_lines)
{
    sts_err err = {0};
    put("config.json", "{\"model_type\":\"bert\"}");
    put("vocab.txt", "\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n[PAD]\na\r\n\r\n\r\n");
    IS("a b", "2 6 1 3");
    sts_tokenizer *t = sts_tokenizer_load(dir, false, true, 7, &err);
    cr_assert(t, "%s", err.text);
    sts_tokenizer_free(t);
    cr_assert(!sts_tokenizer_load(dir, false, true, 6, &err));
    cr_assert(strstr(err.text, "vocab.txt: has 7 tokens"), "%s", err.text);
    put("vocab.txt", "\r\n\n");
    SAYS("\"unk_token\": \"[UNK]\" is not in the vocabulary");
}

Test(tokenizer_dir, mpnet)
{
    put("tokenizer_config.json",
        "{\"tokenizer_class\":\"MPNetTokenizer\",\"model_max_length\":512}");
    put("vocab.txt", "<s>\n<pad>\n</s>\n[UNK]\na\n<mask>\n");
    IS("a <mask>A", "0 4 5 4 2");
}

Test(tokenizer_dir, merges)
{
    put("tokenizer_config.json", "{\"tokenizer_class\":\"RobertaTokenizer\"}");
    put("vocab.json",
        "{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"<unk>\":3,\"<mask>\":4,\"a\":5,\"b\":6,\"\u0120\":7,"
        "\"ab\":8,\"\u0120ab\":9}");
    put("merges.txt", "#version: 0.2\na b\n\u0120 ab\n");
    IS("ab ab<mask>a", "0 8 9 4 5 2");
    put("tokenizer_config.json",
        "{\"tokenizer_class\":\"RobertaTokenizer\",\"add_prefix_space\":true}");
    IS("ab", "0 9 2");
    put("merges.txt", "#version: 0.2\n\na b\n\u0120 ab\n");
    IS("ab", "0 9 2");
    put("tokenizer_config.json",
        "{\"tokenizer_class\":\"RobertaTokenizer\",\"add_prefix_space\":7}");
    SAYS("\"add_prefix_space\" must be");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");
    SAYS("is not supported without");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"HerbertTokenizer\"}");
    SAYS("\"HerbertTokenizer\" is not supported without"); /* its merges are others */
    put("tokenizer_config.json", "{\"tokenizer_class\":\"RobertaTokenizer\"}");
    put("merges.txt", "a\n");
    SAYS("rule 1 must be two tokens");
    put("vocab.json", "{\"a\":");
    SAYS("vocab.json: byte");
}

#define CASED                                                                                      \
    "{\"model\":" WORDS ",\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,"        \
    "\"handle_chinese_chars\":true,\"lowercase\":false}}"

Test(tokenizer_dir, tokenizer_config)
{
    sts_err err = {0};
    put("tokenizer.json", CASED);
    IS("a", "1");
    cr_assert(!*noted, "%s", noted);
    put("tokenizer_config.json", "{\"do_lower_case\":true,\"model_max_length\":1e30}");
    IS("a", "1");
    sts_tokenizer *t = sts_tokenizer_load(dir, false, true, 0, &err);
    cr_assert(t && sts_tokenizer_model_max_length(t) == 0, "1e30 is no limit");
    sts_tokenizer_free(t);
    put("tokenizer_config.json", "{\"model_max_length\":77}");
    t = sts_tokenizer_load(dir, false, true, 0, &err);
    cr_assert(t && sts_tokenizer_model_max_length(t) == 77, "a limit");
    sts_tokenizer_free(t);
    put("tokenizer_config.json", "{\"model_max_length\":0}");
    SAYS("\"model_max_length\" must be");
    put("tokenizer_config.json", "{\"model_max_length\":\"x\"}");
    SAYS("\"model_max_length\" must be");
    put("tokenizer_config.json", "{}");
    put("config.json", "[]");
    SAYS("/config.json: must be an object");
    put("tokenizer_config.json", "[]");
    SAYS("tokenizer_config.json: must be an object");
    put("tokenizer_config.json", "{");
    SAYS("tokenizer_config.json: byte");
}

/* The flags are those of special_tokens_map.json, unless tokenizer_config.json lists the tokens. */
Test(tokenizer_dir, flags_of_special_tokens)
{
    put("config.json", "{\"model_type\":\"roberta\"}");
    put("vocab.json", "{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"<unk>\":3,\"<mask>\":4,\"a\":5,"
        "\"\u0120\":6}");
    put("merges.txt", "");
    put("tokenizer_config.json", "{\"mask_token\":\"<mask>\"}");
    IS("a <mask>", "0 5 6 4 2");
    put("special_tokens_map.json", "{\"mask_token\":{\"content\":\"<mask>\",\"lstrip\":true}}");
    IS("a <mask>", "0 5 4 2");
    put("tokenizer_config.json", "{\"mask_token\":\"<mask>\",\"added_tokens_decoder\":{\"4\":{"
        "\"content\":\"<mask>\"}}}");
    IS("a <mask>", "0 5 6 4 2");
    put("tokenizer_config.json", "{\"added_tokens_decoder\":{}}"); /* which names no mask */
    IS("a <mask>", "0 5 4 2");
}

/* The special tokens take more nodes than there are at first. */
Test(tokenizer_dir, failing_memory)
{
    char mask[101] = {0}, text[256];
    memset(mask, 'm', 100);
    snprintf(text, sizeof text, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n%s\na\n", mask);
    put("vocab.txt", text);
    snprintf(text, sizeof text, "{\"tokenizer_class\":\"BertTokenizer\",\"mask_token\":\"%s\"}",
             mask);
    put("tokenizer_config.json", text);
    fail_memory(40);
    snprintf(text, sizeof text, "a%s", mask);
    IS(text, "2 5 4 3");
}
