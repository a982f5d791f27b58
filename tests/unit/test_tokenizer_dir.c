/* test_tokenizer_dir.c - a directory's files: tokenizer.json and tokenizer_config.json, vocab.txt,
 * vocab.json with merges.txt. */
#include "core/file.h"
#include "core/mem.h"
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
    sts_tokenizer *t = sts_tokenizer_load(dir, false, true, 0, &err);
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
    SAYS("\"added_tokens_decoder\" must be texts");
    put("tokenizer_config.json", "{}");
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
    put("tokenizer_config.json", "[]");
    SAYS("tokenizer_config.json: must be an object");
    put("tokenizer_config.json", "{");
    SAYS("tokenizer_config.json: byte");
}

/* BERT's five special tokens and some words as a tokenizer.json; parts may be replaced. */
#define FLAGS "\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false"
#define ADDED(id, s) "{\"id\":" id ",\"content\":\"" s "\"," FLAGS ",\"special\":true}"
#define NORM                                                                                       \
    "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"              \
    "\"lowercase\":true}"
#define PIECES "{\"type\":\"BertPreTokenizer\"}"
#define WRAP "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",3],\"cls\":[\"[CLS]\",2]}"
static void put_wordpiece(const char *within, const char *norm, const char *pieces,
                          const char *wrap, const char *longest, const char *more)
{
    char text[2048];
    snprintf(text, sizeof text,
             "{\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
             "\"continuing_subword_prefix\":\"%s\",\"max_input_chars_per_word\":%s,\"vocab\":{"
             "\"[PAD]\":0,\"[UNK]\":1,\"[CLS]\":2,\"[SEP]\":3,\"[MASK]\":4,\"a\":5,\"A\":6,"
             "\"@a\":7}},"
             "\"normalizer\":%s,\"pre_tokenizer\":%s,\"post_processor\":%s,\"added_tokens\":["
             ADDED("0", "[PAD]") "," ADDED("1", "[UNK]") "," ADDED("2", "[CLS]") ","
             ADDED("3", "[SEP]") "," ADDED("4", "[MASK]") "]%s}",
             within, longest, norm, pieces, wrap, more);
    put("tokenizer.json", text);
}

static void put_bert(const char *norm, const char *pieces, const char *wrap, const char *longest,
                     const char *more)
{
    put_wordpiece("##", norm, pieces, wrap, longest, more);
}

Test(tokenizer_dir, class_builds_its_parts)
{
    put("config.json", "{\"model_type\":\"bert\"}");
    put_bert(NORM, PIECES, WRAP, "100", "");
    IS("A [MASK]", "2 5 4 3");
    put("tokenizer_config.json", "{\"do_lower_case\":false}");
    IS("A [MASK]", "2 6 4 3"); /* the class has the say */
    put("tokenizer_config.json",
        "{\"do_lower_case\":false,\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
    IS("A [MASK]", "2 5 4 3"); /* this one has no parts of its own */
    put("tokenizer_config.json",
        "{\"do_lower_case\":false,\"tokenizer_class\":\"BertTokenizerWithANameThatIsLonger"
        "ThanThoseOfAllTheClassesThatAreKnownHereFast\"}");
    SAYS("\"tokenizer_class\": \"BertTokenizerWith"); /* whatever that is */
    put("tokenizer_config.json", "{\"tokenizer_class\":\"TokenizersBackend\"}");
    put_bert("null", PIECES, "null", "3", "");
    IS("A", "6");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizerFast\"}");
    SAYS("builds \"BertNormalizer\" instead of \"\"");
    put_bert(NORM, "null", WRAP, "100", "");
    SAYS("builds \"BertPreTokenizer\" instead of");
    put_bert(NORM, PIECES, "null", "100", "");
    SAYS("puts one token before and one behind");
    put_bert(NORM, PIECES,
             "{\"type\":\"TemplateProcessing\",\"special_tokens\":{\"S\":{\"ids\":[2,3]}},"
             "\"single\":[{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":{\"id\":\"S\"}}]}",
             "100", "");
    SAYS("puts one token before and one behind");
    put_bert(NORM, PIECES, WRAP, "3", "");
    SAYS("words of 100 characters");
    put_wordpiece("@", NORM, PIECES, WRAP, "100", "");
    SAYS("has \"##\"");
    put_wordpiece("", NORM, PIECES, WRAP, "100", "");
    SAYS("has \"##\"");
    put_wordpiece("%", NORM, PIECES, WRAP, "100", ""); /* no token has either */
    IS("a aa", "2 5 1 3");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"RobertaTokenizer\"}");
    SAYS("builds \"\" instead of \"BertNormalizer\"");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"AlbertTokenizer\"}");
    SAYS("AlbertTokenizer is a Unigram, but the model of tokenizer.json is WordPiece");
}

Test(tokenizer_dir, settings_that_change_ids)
{
    static const struct {
        const char *config, *says;
    } bad[] = {
        {"{\"truncation_side\":\"left\"}", "\"truncation_side\": \"left\" is not supported"},
        {"{\"padding_side\":\"left\"}", "\"padding_side\": \"left\" is not supported"},
        {"{\"padding_side\":7}", "\"padding_side\" must be"},
        {"{\"split_special_tokens\":true}", "\"split_special_tokens\": \"true\""},
        {"{\"tokenizer_class\":\"X\",\"add_bos_token\":true}", "\"add_bos_token\": \"true\""},
        {"{\"model_input_names\":[\"input_ids\"]}", "\"model_input_names\" without"},
        {"{\"cls_token\":\"[SEP]\"}", "\"cls_token\" is \"[SEP]\", but the post_processor"},
        {"{\"sep_token\":\"[CLS]\"}", "\"sep_token\" is \"[CLS]\", but the post_processor"},
        {"{\"unk_token\":\"[MASK]\"}", "unknown token \"[MASK]\""},
        {"{\"mask_token\":\"<m>\"}", "the token \"<m>\" is not among the added tokens"},
        {"{\"additional_special_tokens\":[\"a\"]}", "the token \"a\" is not among"},
        {"{\"extra_special_tokens\":{\"x\":\"a\"}}", "the token \"a\" is not among"},
    };
    put("config.json", "{\"model_type\":\"bert\"}");
    put_bert(NORM, PIECES, WRAP, "100", "");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put("tokenizer_config.json", bad[i].config);
        SAYS(bad[i].says);
    }
    put("tokenizer_config.json", "{\"model_input_names\":[\"attention_mask\",\"input_ids\"],"
        "\"truncation_side\":\"right\",\"add_bos_token\":true,\"additional_special_tokens\":"
        "[\"[MASK]\"]}");
    IS("a", "2 5 3");
    put("special_tokens_map.json", "{\"cls_token\":\"a\"}");
    SAYS("the token \"a\" is not among");
    put("special_tokens_map.json", "{\"cls_token\":[\"[CLS]\"]}");
    SAYS("special_tokens_map.json: \"cls_token\" must be a text");
    put("tokenizer_config.json", "{\"cls_token\":\"[CLS]\"}");
    put("special_tokens_map.json", "{\"cls_token\":\"[SEP]\"}");
    SAYS("\"cls_token\" is \"[SEP]\", but in tokenizer_config.json \"[CLS]\"");
    put("special_tokens_map.json", "{}");
    put("tokenizer_config.json", "{\"sep_token\":3}");
    SAYS("tokenizer_config.json: \"sep_token\" must be a text");
    put("tokenizer_config.json", "{}");
    put("added_tokens.json", "[4]");
    SAYS("added_tokens.json: must be an object");
}

Test(tokenizer_dir, sides)
{
    put("config.json", "{\"model_type\":\"bert\"}");
    put_bert(NORM, PIECES, WRAP, "100", ",\"truncation\":{\"direction\":\"Left\"}");
    SAYS("truncation: \"direction\": \"Left\" is not supported");
    put("tokenizer_config.json", "{\"truncation_side\":\"right\"}");
    IS("a", "2 5 3");
    put_bert(NORM, PIECES, WRAP, "100", ",\"padding\":{\"direction\":\"Left\"}");
    SAYS("padding: \"direction\": \"Left\" is not supported");
    put_bert(NORM, PIECES, WRAP, "100", ",\"padding\":{\"strategy\":\"Evil\"}");
    SAYS("padding: \"strategy\": \"Evil\" is not supported");
    put_bert(NORM, PIECES, WRAP, "100", ",\"decoder\":{\"type\":\"Sequence\",\"decoders\":["
             "{\"type\":\"Fuse\"},{\"type\":\"Evil\"}]}");
    SAYS("decoder: \"type\": \"Evil\" is not supported");
    put_bert(NORM, PIECES, WRAP, "100", ",\"decoder\":{\"type\":\"Sequence\",\"decoders\":["
             "{\"type\":\"Fuse\"}]},\"padding\":{\"strategy\":{\"Fixed\":3}}");
    IS("a", "2 5 3");
    put_bert(NORM, PIECES, WRAP, "100", ",\"decodes\":1");
    SAYS("unknown member");
    put_bert(NORM, PIECES, WRAP, "100", ",\"evil\":1");
    SAYS("unknown member");
}

Test(tokenizer_dir, static_embeddings_have_tokenizer_json_alone)
{
    sts_err err = {0};
    put("tokenizer_config.json", "{\"truncation_side\":\"left\",\"model_max_length\":9}");
    put_bert(NORM, PIECES, WRAP, "100", ",\"truncation\":{\"direction\":\"Right\","
             "\"max_length\":3}");
    sts_tokenizer *t = sts_tokenizer_load(dir, false, false, 0, &err);
    cr_assert(t, "%s", err.text);
    cr_assert(sts_tokenizer_model_max_length(t) == 3);
    sts_tokenizer_free(t);
}

#define FOLDED                                                                                     \
    "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKD\"},{\"type\":\"StripAccents\"},"     \
    "{\"type\":\"Lowercase\"}]}"
#define META                                                                                       \
    "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},{"                   \
    "\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"always\"}]}"
static void put_unigram(const char *unknown, const char *norm, const char *pieces,
                        const char *wrap, const char *added)
{
    char text[2048];
    snprintf(text, sizeof text,
             "{\"model\":{\"type\":\"Unigram\",\"unk_id\":%s,\"vocab\":[[\"<pad>\",0],"
             "[\"<unk>\",0],[\"[CLS]\",0],[\"[SEP]\",0],[\"[MASK]\",0],[\"\u2581a\",-1],"
             "[\"<s>\",0],"
             "[\"</s>\",0]]},\"normalizer\":%s,\"pre_tokenizer\":%s,\"post_processor\":%s,"
             "\"added_tokens\":[" ADDED("0", "<pad>") "," ADDED("2", "[CLS]") ","
             ADDED("3", "[SEP]") "," ADDED("4", "[MASK]") ",%s]}",
             unknown, norm, pieces, wrap, added);
    put("tokenizer.json", text);
}

/* What a class over sentencepiece would build must be what tokenizer.json has. */
Test(tokenizer_dir, albert)
{
    static const struct { const char *config, *says; } c[] = {
        {"{\"tokenizer_class\":\"AlbertTokenizer\",\"do_lower_case\":false}", "in the lower case"},
        {"{\"tokenizer_class\":\"AlbertTokenizer\",\"keep_accents\":true}", "in the accents"},
        {"{\"tokenizer_class\":\"AlbertTokenizer\",\"add_prefix_space\":false}",
         "in the pre_tokenizer"},
        {"{\"tokenizer_class\":\"AlbertTokenizer\",\"do_lower_case\":7}",
         "\"do_lower_case\" must be"},
        {"{\"tokenizer_class\":\"AlbertTokenizer\",\"keep_accents\":7}",
         "\"keep_accents\" must be"},
        {"{\"tokenizer_class\":\"AlbertTokenizer\",\"add_prefix_space\":7}",
         "\"add_prefix_space\" must be"},
        {"{\"tokenizer_class\":\"XLMRobertaTokenizer\"}", "XLMRobertaTokenizer"},
        {"{\"tokenizer_class\":\"BertweetTokenizer\"}", "\"BertweetTokenizer\" is not supported"},
        {"{\"tokenizer_class\":\"PhobertTokenizer\"}", "\"PhobertTokenizer\" is not supported"},
        {"{\"model_max_length\":1.5}", "\"model_max_length\" must be"},
    };
    put_unigram("1", FOLDED, META, WRAP, ADDED("1", "<unk>"));
    put("tokenizer_config.json", "{\"tokenizer_class\":\"AlbertTokenizer\","
        "\"model_max_length\":null,\"model_input_names\":null}");
    IS("A", "2 5 3");
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        put("tokenizer_config.json", c[i].config);
        SAYS(c[i].says);
    }
}

Test(tokenizer_dir, unigram_of_another_kind)
{
    put("config.json", "{\"model_type\":\"albert\"}");
    put_unigram("1", FOLDED, "{\"type\":\"WhitespaceSplit\"}", WRAP, ADDED("1", "<unk>"));
    SAYS("differ in the pre_tokenizer");
    put_unigram("0", FOLDED, META, WRAP, ADDED("1", "<unk>"));
    SAYS("differ in the unknown token");
    put_unigram("1", FOLDED, META, WRAP, ADDED("6", "<s>"));
    SAYS("differ in the unknown token");
    put_unigram("1", FOLDED, META, WRAP, ADDED("1", "<unk>"));
    IS("A", "2 5 3");
}

#define ROUND "{\"type\":\"BertProcessing\",\"sep\":[\"</s>\",7],\"cls\":[\"<s>\",6]}"
#define BOTH ADDED("1", "<unk>") "," ADDED("6", "<s>") "," ADDED("7", "</s>")
#define XLMR "\"tokenizer_class\":\"XLMRobertaTokenizer\""

Test(tokenizer_dir, xlm_roberta)
{
    put("config.json", "{\"model_type\":\"xlm-roberta\"}");
    put_unigram("1", "{\"type\":\"NFKC\"}", META, ROUND, BOTH);
    SAYS("differ in the normalizer");
    put_unigram("1", "null", "{\"type\":\"Metaspace\",\"replacement\":\"_\"}", ROUND, BOTH);
    SAYS("differ in the pre_tokenizer");
    put_unigram("1", "null", META, ROUND, BOTH);
    IS("a A", "6 5 1 7");
    put("config.json", "{\"model_type\":\"camembert\"}");
    IS("a", "6 5 7");
    put("tokenizer_config.json", "{" XLMR ",\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");
    IS("a", "6 5 7");
    put("tokenizer_config.json", "{" XLMR ",\"bos_token\":\"[CLS]\"}");
    SAYS("\"bos_token\" is \"[CLS]\", but the post_processor of tokenizer.json puts the id 6");
    put("tokenizer_config.json", "{" XLMR ",\"eos_token\":\"[SEP]\"}");
    SAYS("\"eos_token\" is \"[SEP]\", but the post_processor of tokenizer.json puts the id 7");
    put("tokenizer_config.json", "{" XLMR "}");
    put_unigram("1", FOLDED, META, ROUND, BOTH);
    SAYS("differ in the lower case");
    put_unigram("1", "{\"type\":\"StripAccents\"}", META, ROUND, BOTH);
    SAYS("differ in the accents");
    put_unigram("1", "null", META, ROUND, ADDED("1", "<unk>") "," ADDED("7", "</s>"));
    SAYS("\"bos_token\" is \"<s>\", but the post_processor"); /* which is no special token here */
    put_unigram("1", "null", META, ROUND, ADDED("1", "<unk>") "," ADDED("6", "<s>"));
    SAYS("\"eos_token\" is \"</s>\", but the post_processor");
}

/* Each allocation fails once, or from then on; the special tokens take more nodes than there are
 * at first. */
Test(tokenizer_dir, failing_memory)
{
    char mask[101] = {0}, text[256];
    memset(mask, 'm', 100);
    snprintf(text, sizeof text, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n%s\na\n", mask);
    put("vocab.txt", text);
    snprintf(text, sizeof text, "{\"tokenizer_class\":\"BertTokenizer\",\"mask_token\":\"%s\"}",
             mask);
    put("tokenizer_config.json", text);
    for (int all = 0; all < 2; all++) {
        size_t nth = 0;
        for (bool hit = true; hit;) {
            sts_err err = {0};
            sts_mem_fail(++nth, all);
            sts_tokenizer *t = sts_tokenizer_load(dir, false, true, 0, &err);
            hit = sts_mem_count() >= nth;
            sts_mem_fail(0, false);
            cr_assert(t ? !hit : err.code == STS_FAILED, "allocation %zu: %d %s", nth, err.code,
                      err.text);
            sts_tokenizer_free(t);
        }
        cr_assert(nth > 40, "only %zu allocations", nth);
    }
    snprintf(text, sizeof text, "a%s", mask);
    IS(text, "2 5 4 3");
}
