/* test_tokenizer_class.c - transformers' tokenizer classes beside a tokenizer.json. */
#include "token_dir_help.h"

TestSuite(tokenizer_class, .init = enter, .fini = leave);

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

Test(tokenizer_class, class_builds_its_parts)
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
    IS("A [MASK]", "2 5 4 3"); /* nor one that nobody knows */
    cr_assert(strstr(noted, "is not known: tokenizer.json is taken as it is"), "%s", noted);
    put("tokenizer_config.json", "{\"do_lower_case\":false,\"tokenizer_class\":\"Squeeze"
        "BertTokenizerFast\"}");
    IS("A [MASK]", "2 6 4 3"); /* another name */
    put("tokenizer_config.json", "{\"tokenizer_class\":\"DPRContextEncoderTokenizer\"}");
    IS("A [MASK]", "2 5 4 3");
    put("tokenizer_config.json", "{\"do_lower_case\":false,\"tokenizer_class\":"
        "\"DPRContextEncoderTokenizer\"}");
    SAYS("\"do_lower_case\" is false");
    put("tokenizer_config.json", "{\"do_lower_case\":7,\"tokenizer_class\":"
        "\"DPRContextEncoderTokenizer\"}");
    SAYS("\"do_lower_case\" must be");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"GPT2TokenizerFast\"}");
    SAYS("tokenizer_config.json: \"tokenizer_class\": \"GPT2Tokenizer\" is not supported");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"MistralCommonBackend\"}");
    SAYS("\"tokenizer_class\": \"MistralCommonBackend\" is not supported");
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

/* config.json has the class where tokenizer_config.json has none; for ModernBERT neither counts. */
Test(tokenizer_class, class_of_config)
{
    put("config.json", "{\"model_type\":\"roberta\",\"tokenizer_class\":\"BertTokenizerFast\"}");
    put_bert(NORM, PIECES, WRAP, "100", "");
    put("tokenizer_config.json", "{\"do_lower_case\":false}");
    IS("A", "2 6 3");
    put("config.json", "{\"model_type\":\"bert\",\"tokenizer_class\":\"BertJapaneseTokenizer\"}");
    SAYS("/config.json: \"tokenizer_class\": \"BertJapaneseTokenizer\" is not supported");
    put("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");
    IS("A", "2 5 3");
    put("config.json", "{\"model_type\":\"bert\",\"tokenizer_class\":7}");
    IS("A", "2 5 3");
    put("tokenizer_config.json", "{}");
    SAYS("/config.json: \"tokenizer_class\" must be");
    put("config.json", "{\"model_type\":\"modernbert\"}");
    put("tokenizer_config.json",
        "{\"do_lower_case\":false,\"tokenizer_class\":\"LlamaTokenizer\"}");
    IS("A", "2 5 3");
}

/* The post_processor has the say, and must not be contradicted. */
Test(tokenizer_class, start_and_end)
{
    put("config.json", "{\"model_type\":\"modernbert\"}");
    put_bert(NORM, PIECES, WRAP, "100", "");
    put("tokenizer_config.json", "{\"add_bos_token\":true,\"add_eos_token\":true}");
    IS("A", "2 5 3");
    put("tokenizer_config.json", "{\"add_bos_token\":false}");
    IS("A", "2 5 3");
    put("tokenizer_config.json", "{\"add_eos_token\":7}");
    SAYS("\"add_eos_token\" must be");
    put_bert(NORM, PIECES, "null", "100", "");
    put("tokenizer_config.json", "{\"add_bos_token\":true}");
    SAYS("\"add_bos_token\": \"true\" is not supported");
    put("tokenizer_config.json", "{\"add_eos_token\":true}");
    SAYS("\"add_eos_token\": \"true\" is not supported");
}

#define ENDS "\"end_of_word_suffix\":\"</w>\""
#define HERBERT "\"unk_token\":\"<unk>\"," ENDS

/* HerBERT's BPE: BERT's words, "</w>" behind each, and no settings. */
static void put_herbert(const char *options, const char *wrap)
{
    char text[1024];
    snprintf(text, sizeof text,
             "{\"model\":{\"type\":\"BPE\",%s,"
             "\"vocab\":{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"<unk>\":3,\"<mask>\":4,\"A\":5,"
             "\"A</w>\":6,\"a</w>\":7,\"AA</w>\":8},\"merges\":[\"A A</w>\"]},\"normalizer\":" NORM
             ",\"pre_tokenizer\":" PIECES ",\"post_processor\":%s,\"added_tokens\":["
             ADDED("0", "<s>") "," ADDED("2", "</s>") "," ADDED("3", "<unk>") "]}", options, wrap);
    put("tokenizer.json", text);
}

#define AROUND(cls, sep)                                                                           \
    "{\"type\":\"BertProcessing\",\"sep\":[\"</s>\"," sep "],\"cls\":[\"<s>\"," cls "]}"

Test(tokenizer_class, herbert)
{
    put("config.json", "{\"model_type\":\"bert\"}");
    put("tokenizer_config.json",
        "{\"do_lower_case\":true,\"tokenizer_class\":\"HerbertTokenizerFast\"}");
    put_herbert(HERBERT, AROUND("0", "2"));
    IS("A AA a x", "0 6 8 7 3 2");
    put_herbert(HERBERT, AROUND("2", "2"));
    SAYS("has the ids 0 and 2 around a text");
    put_herbert(HERBERT, AROUND("0", "3"));
    SAYS("has the ids 0 and 2 around a text");
    static const char *const other[] = {
        "\"unk_token\":\"<unk>\",\"end_of_word_suffix\":null",
        "\"unk_token\":\"<pad>\"," ENDS, ENDS,
        HERBERT ",\"fuse_unk\":true", HERBERT ",\"ignore_merges\":true",
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        put_herbert(other[i], AROUND("0", "2"));
        SAYS("the suffix </w>, the unknown token <unk>");
    }
    put_herbert(HERBERT ",\"continuing_subword_prefix\":\"\"", AROUND("0", "2"));
    IS("AA", "0 8 2");
}

/* RoBERTa's BPE: bytes as characters, and no settings at all. */
Test(tokenizer_class, roberta)
{
    static const struct { const char *options; bool good; } c[] = {
        {"\"continuing_subword_prefix\":\"\",\"end_of_word_suffix\":\"\"", true},
        {"\"continuing_subword_prefix\":null,\"end_of_word_suffix\":null", true},
        {"\"end_of_word_suffix\":\"x\"", false}, {"\"byte_fallback\":true", false},
        {"\"ignore_merges\":true", false}, {"\"continuing_subword_prefix\":\"a\"", false},
    };
    put("config.json", "{\"model_type\":\"roberta\"}");
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "{\"model\":{\"type\":\"BPE\",%s,\"vocab\":{\"<s>\":0,\"<pad>\":1,\"</s>\":2,"
                 "\"<unk>\":3,\"<mask>\":4,\"a\":5,\"aa\":6},\"merges\":[\"a a\"]},\"normalizer\""
                 ":null,\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
                 "\"trim_offsets\":true},\"post_processor\":" AROUND("0", "2") ",\"added_tokens\":["
                 ADDED("0", "<s>") "," ADDED("2", "</s>") "]}", c[i].options);
        put("tokenizer.json", text);
        if (c[i].good) IS("aaa", "0 6 5 2");
        else SAYS("has no prefix, no suffix, no fall-back to bytes and merges always");
    }
}

Test(tokenizer_class, settings_that_change_ids)
{
    static const struct {
        const char *config, *says;
    } bad[] = {
        {"{\"truncation_side\":\"left\"}", "\"truncation_side\": \"left\" is not supported"},
        {"{\"padding_side\":\"left\"}", "\"padding_side\": \"left\" is not supported"},
        {"{\"padding_side\":7}", "\"padding_side\" must be"},
        {"{\"split_special_tokens\":true}", "\"split_special_tokens\": \"true\""},
        {"{\"split_special_tokens\":7}", "\"split_special_tokens\" must be"},
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
    SAYS("special_tokens_map.json: \"cls_token\" must be a string");
    put("tokenizer_config.json", "{\"cls_token\":\"[CLS]\"}");
    put("special_tokens_map.json", "{\"cls_token\":\"[SEP]\"}");
    SAYS("\"cls_token\" is \"[SEP]\", but in tokenizer_config.json \"[CLS]\"");
    put("special_tokens_map.json", "{}");
    put("tokenizer_config.json", "{\"sep_token\":3}");
    SAYS("tokenizer_config.json: \"sep_token\" must be a string");
    put("tokenizer_config.json", "{}");
    put("added_tokens.json", "[4]");
    SAYS("added_tokens.json: must be an object");
}

Test(tokenizer_class, sides)
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
    put_bert(NORM, PIECES, WRAP, "100", ",\"padding\":{\"strategy\":\"OnlyFirst\"}");
    IS("a", "2 5 3");
    put_bert(NORM, PIECES, WRAP, "100", ",\"truncation\":{\"strategy\":\"OnlySecond\"}");
    IS("a", "2 5 3");
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

Test(tokenizer_class, static_embeddings_have_tokenizer_json_alone)
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
Test(tokenizer_class, albert)
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

Test(tokenizer_class, unigram_of_another_kind)
{
    put("config.json", "{\"model_type\":\"albert\"}");
    put_unigram("1", FOLDED, "{\"type\":\"WhitespaceSplit\"}", WRAP, ADDED("1", "<unk>"));
    SAYS("differ in the pre_tokenizer");
    static const char *const meta[] = {
        "\"replacement\":\"_\"", "\"replacement\":\"\u2582\"",
        "\"replacement\":\"\u2581\",\"prepend_scheme\":\"first\"",
        "\"replacement\":\"\u2581\",\"split\":false",
    };
    for (size_t i = 0; i < sizeof meta / sizeof *meta; i++) {
        char pieces[256];
        snprintf(pieces, sizeof pieces, "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":"
                 "\"WhitespaceSplit\"},{\"type\":\"Metaspace\",%s}]}", meta[i]);
        put_unigram("1", FOLDED, pieces, WRAP, ADDED("1", "<unk>"));
        SAYS("differ in the pre_tokenizer");
    }
    put_unigram("0", FOLDED, META, WRAP, ADDED("1", "<unk>"));
    SAYS("differ in the unknown token");
    put_unigram("1", FOLDED, META, WRAP, ADDED("6", "<s>"));
    SAYS("differ in the unknown token");
    put_unigram("1", FOLDED, META, WRAP, ADDED("1", "<unk>"));
    IS("A", "2 5 3");
    /* the class splits at blanks, even where tokenizer.json does not */
    put_unigram("1", FOLDED, "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\","
                "\"prepend_scheme\":\"always\"}", WRAP, ADDED("1", "<unk>"));
    IS(" A  a ", "2 5 5 3");
    fail_memory(40);
    put("tokenizer_config.json", "{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
    IS(" A  a ", "2 5 1 5 1 3");
}

/* Not WhitespaceSplit and then Metaspace. */
Test(tokenizer_class, unigram_of_other_pieces)
{
#define SPLIT "{\"type\":\"WhitespaceSplit\"}"
#define BLOCKS                                                                                     \
    "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"always\"}"
    static const char *const bad[] = {BLOCKS "," SPLIT, SPLIT "," SPLIT,
                                      SPLIT "," SPLIT "," BLOCKS};
    put("config.json", "{\"model_type\":\"albert\"}");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char pieces[512];
        snprintf(pieces, sizeof pieces, "{\"type\":\"Sequence\",\"pretokenizers\":[%s]}", bad[i]);
        put_unigram("1", FOLDED, pieces, WRAP, ADDED("1", "<unk>"));
        SAYS("differ in the pre_tokenizer");
    }
}

#define ROUND "{\"type\":\"BertProcessing\",\"sep\":[\"</s>\",7],\"cls\":[\"<s>\",6]}"
#define BOTH ADDED("1", "<unk>") "," ADDED("6", "<s>") "," ADDED("7", "</s>")
#define XLMR "\"tokenizer_class\":\"XLMRobertaTokenizer\""

Test(tokenizer_class, xlm_roberta)
{
    put("config.json", "{\"model_type\":\"xlm-roberta\"}");
    put_unigram("1", "{\"type\":\"NFKC\"}", META, ROUND, BOTH);
    SAYS("differ in the normalizer");
    put_unigram("1", "null", "{\"type\":\"Metaspace\",\"replacement\":\"_\"}", ROUND, BOTH);
    SAYS("differ in the pre_tokenizer");
    put_unigram("1", "null", META, ROUND, BOTH);
    IS("a A", "6 5 1 7");
    put_unigram("1", "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Strip\","
                "\"strip_left\":true,\"strip_right\":true},{\"type\":\"Replace\",\"pattern\":{"
                "\"Regex\":\" {2,}\"},\"content\":\" \"}]}", META, ROUND, BOTH);
    IS(" a  a ", "6 5 5 7");
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

/* Folding that sentence-transformers asks for does not count as the normalizer's. */
Test(tokenizer_class, lower_first)
{
    put("config.json", "{\"model_type\":\"xlm-roberta\"}");
    put_unigram("1", "null", META, ROUND, BOTH);
    IS("A", "6 1 7");
    char shown[1024];
    sts_err err = {0};
    sts_ids ids = {0};
    sts_tokenizer *t = sts_tokenizer_load(dir, true, true, 0, &err);
    cr_assert(t && !sts_tokenizer_encode(t, "A", 1, 0, &ids, NULL, &err), "%s", err.text);
    cr_assert_str_eq(token_show(shown, &ids), "6 5 7");
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
}
