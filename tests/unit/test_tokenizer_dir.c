/* test_tokenizer_dir.c - a directory's files: tokenizer.json and tokenizer_config.json, vocab.txt,
 * vocab.json with merges.txt. */
#include "core/file.h"
#include "token_help.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];
static char noted[1024];

static void remember(void *ctx, sts_level level, const char *text)
{
    (void)ctx;
    (void)level;
    snprintf(noted, sizeof noted, "%s", text);
}

static void enter(void)
{
    snprintf(dir, sizeof dir, "/tmp/stsfit-tokens-XXXXXX");
    cr_assert(mkdtemp(dir), "no temporary directory");
    noted[0] = 0;
    sts_notes_to(remember, NULL);
}

static void leave(void)
{
    sts_dir_remove(dir, NULL);
}

static void put(const char *file, const char *text)
{
    sts_err err = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, file);
    cr_assert(!sts_file_write(path, text, strlen(text), &err), "%s", err.text);
}

/* The ids of a text by the tokenizer of the directory, or the message why there is none. */
static const char *ids_of(const char *text)
{
    static char shown[1024];
    sts_err err = {0};
    sts_ids ids = {0};
    sts_tokenizer *t = sts_tokenizer_load(dir, false, true, &err);
    if (t && !sts_tokenizer_encode(t, text, strlen(text), 0, &ids, NULL, &err))
        token_show(shown, &ids);
    else snprintf(shown, sizeof shown, "%d %.1000s", err.code, err.text);
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
    return shown;
}

#define IS(text, want)                                                                             \
    do {                                                                                           \
        const char *got_ = ids_of(text);                                                           \
        cr_assert(!strcmp(got_, want), "%s: %s", text, got_);                                      \
    } while (0)
#define SAYS(want)                                                                                 \
    do {                                                                                           \
        const char *got_ = ids_of("a");                                                            \
        cr_assert(!strncmp(got_, "4 /tmp/", 7) && strstr(got_, want), "%s", got_);                 \
    } while (0)

TestSuite(tokenizer_dir, .init = enter, .fini = leave);

Test(tokenizer_dir, nothing)
{
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
    SAYS("the added token \"a\" is not supported");
    put("tokenizer_config.json", "{\"do_lower_case\":\"no\"}");
    SAYS("\"do_lower_case\" must be true or false");
    put("tokenizer_config.json", "{}");
    put("added_tokens.json", "{\"zz\":12}");
    SAYS("the added token \"zz\"");
    put("added_tokens.json", "{\"[MASK]\":4}");
    put("vocab.txt", "a\nb\na\n");
    SAYS("\"a\" twice");
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
    cr_assert(strstr(noted, "\"do_lower_case\" is true, but tokenizer.json has"), "%s", noted);
    sts_tokenizer *t = sts_tokenizer_load(dir, false, true, &err);
    cr_assert(t && sts_tokenizer_model_max_length(t) == 0, "1e30 is no limit");
    sts_tokenizer_free(t);
    put("tokenizer_config.json", "{\"model_max_length\":77}");
    t = sts_tokenizer_load(dir, false, true, &err);
    cr_assert(t && sts_tokenizer_model_max_length(t) == 77, "a limit");
    sts_tokenizer_free(t);
    put("tokenizer_config.json", "{\"model_max_length\":0}");
    SAYS("\"model_max_length\" must be");
    put("tokenizer_config.json", "{\"model_max_length\":\"x\"}");
    SAYS("\"model_max_length\" must be");
    put("tokenizer_config.json", "[]");
    SAYS("tokenizer_config.json: must be an object");
    put("tokenizer_config.json", "{");
    SAYS("tokenizer_config.json: byte");
}
