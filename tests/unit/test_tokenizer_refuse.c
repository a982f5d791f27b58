/* test_tokenizer_refuse.c - what a tokenizer.json must not hold: each is refused with a message
 * that names the place, and regular expressions that could mean something else are too. */
#include "core/mem.h"
#include "token/pattern.h"
#include "token_help.h"

#include <criterion/criterion.h>

#define LEVEL(vocab) "{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":" vocab "}"
#define BPE(more) "{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2}," more "}"
#define SPLIT(p) "{\"type\":\"Split\",\"behavior\":\"Removed\",\"invert\":false,\"pattern\":" p "}"
#define TOKEN(id, c)                                                                               \
    "{\"id\":" id ",\"content\":\"" c "\",\"single_word\":false,\"lstrip\":false,"                 \
    "\"rstrip\":false,\"normalized\":true,\"special\":false}"
#define NO_FLAGS "{\"id\":14,\"content\":\"new\""
#define L20 "nnnnnnnnnnnnnnnnnnnn"
#define L200 L20 L20 L20 L20 L20 L20 L20 L20 L20 L20
#define ONES_4 "1,1,1,1"
#define ONES_16 ONES_4 "," ONES_4 "," ONES_4 "," ONES_4
#define ONES_64 ONES_16 "," ONES_16 "," ONES_16 "," ONES_16
#define ONES_256 ONES_64 "," ONES_64 "," ONES_64 "," ONES_64
#define ONES_1024 ONES_256 "," ONES_256 "," ONES_256 "," ONES_256
#define TEXT "{\"Sequence\":{\"id\":\"A\"}}"
#define TEMPLATE(single)                                                                           \
    "{\"type\":\"TemplateProcessing\",\"special_tokens\":{\"S\":{\"ids\":[1]},"                    \
    "\"T\":{\"ids\":[-1]}},\"single\":[" single "]}"

static const struct {
    token_json json;
    const char *says;
} bad[] = {
    {{.model = "null"}, "t.json: model: must be an object"},
    {{.model = "[]"}, "model: must be an object"},
    {{.model = "{}"}, "\"type\" is missing"},
    {{.model = "{\"type\":7}"}, "\"type\" must be a string"},
    {{.model = "{\"type\":\"Bpe\"}"}, "\"type\": \"Bpe\" is not supported"},
    {{.model = "{\"type\":\"WordLevel\",\"unk_token\":\"?\"}"}, "\"vocab\" is missing"},
    {{.model = LEVEL("[]")}, "\"vocab\" must be an object"},
    {{.model = LEVEL("{\"a\":0}")}, "\"unk_token\": \"?\" is not in"},
    {{.model = LEVEL("{\"?\":0,\"a\":0}")}, "the id 0 of \"a\" is taken"},
    {{.model = LEVEL("{\"?\":-1}")}, "\"?\" must have a whole number"},
    {{.model = LEVEL("{\"?\":1.5}")}, "whole number"},
    {{.model = LEVEL("{\"" L200 "x\":-1}")}, ": \"" L200 "\" must have a whole number"},
    {{.model = LEVEL("{\"?\":2147483648}")}, "from 0 to 16777215"},
    {{.model = LEVEL("{\"?\":\"0\"}")}, "whole number"},
    {{.model = LEVEL("{\"?\":0,\"?\":1}")}, "twice"},
    {{.model = "{\"type\":\"WordPiece\",\"vocab\":{\"?\":0},\"unk_token\":\"?\"}"},
     "\"continuing_subword_prefix\" is missing"},
    {{.model = "{\"type\":\"WordPiece\",\"vocab\":{\"?\":0},\"unk_token\":\"?\","
               "\"continuing_subword_prefix\":\"#\",\"max_input_chars_per_word\":-1}"},
     "\"max_input_chars_per_word\" must be"},
    {{.model = BPE("\"merges\":{}")}, "\"merges\" must be a list"},
    {{.model = BPE("\"x\":0")}, "\"merges\" must be a list"},
    {{.model = BPE("\"merges\":[\"a\"]")}, "rule 1 must be two tokens"},
    {{.model = BPE("\"merges\":[\"a b\",\"a b c\"]")}, "rule 2 must be two tokens"},
    {{.model = BPE("\"merges\":[[\"a\"]]")}, "rule 1 must be a list of two"},
    {{.model = BPE("\"merges\":[[\"a\",\"b\",\"c\"]]")}, "must be a list of two"},
    {{.model = BPE("\"merges\":[\"x b\"]")}, "the left part \"x\" is not in"},
    {{.model = BPE("\"merges\":[\"a x\"]")}, "the right part \"x\" is not in"},
    {{.model = BPE("\"merges\":[\"b a\"]")}, "what it makes of \"b\""},
    {{.model = BPE("\"merges\":[],\"dropout\":0.1")}, "\"dropout\": 0.1 is not supported"},
    {{.model = BPE("\"merges\":[],\"byte_fallback\":true,\"end_of_word_suffix\":\"x\"")},
     "\"byte_fallback\": true is not supported together"},
    {{.model = BPE("\"merges\":[],\"byte_fallback\":true,\"continuing_subword_prefix\":\"x\"")},
     "\"byte_fallback\": true is not supported together"},
    {{.model = "{\"type\":\"WordLevel\",\"vocab\":{\"?\":0}}"}, "\"unk_token\" is missing"},
    {{.model = "{\"type\":\"BPE\",\"merges\":[[\"\",\"a\"]],\"vocab\":{\"a\":0}}"},
     "the left part \"\" is not in"},
    {{.model = "{\"type\":\"BPE\",\"continuing_subword_prefix\":\"##\",\"merges\":[\"a b\"],"
               "\"vocab\":{\"a\":0,\"b\":1}}"},
     "the right part \"b\" is not in"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":{}}"}, "\"vocab\" must be a list"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\"]]}"}, "entry 0 must be a list"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0],[\"b\",\"0\"]]}"},
     "entry 1 must be a list"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0,1]]}"}, "must be a list"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]],\"unk_id\":1}"},
     "\"unk_id\": 1 is not in"},
    {{.model = "{\"type\":\"BPE\",\"merges\":[]}"}, "\"vocab\""},
    {{.normalizer = "7"}, "normalizer: must be an object"},
    {{.normalizer = "{}"}, "normalizer: \"type\" is missing"},
    {{.pre = "{\"normalizers\":[]}"}, "pre_tokenizer: \"type\" is missing"},
    {{.normalizer = "{\"type\":7}"}, "normalizer: \"type\" must be a string"},
    {{.post = "{\"type\":7}"}, "post_processor: \"type\" must be a string"},
    {{.normalizer = "{\"type\":\"Uppercase\"}"},
     "normalizer: \"type\": \"Uppercase\" is not supported"},
    {{.normalizer = "{\"type\":\"Sequence\"}"}, "\"normalizers\" is missing"},
    {{.normalizer = "{\"type\":\"Sequence\",\"normalizers\":{}}"},
     "\"normalizers\" must be a list"},
    {{.normalizer =
          "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"X\"}]}"},
     "normalizer.normalizers[1]: \"type\": \"X\""},
    {{.normalizer = "{\"type\":\"BertNormalizer\"}"}, "\"clean_text\" is missing"},
    {{.normalizer = "{\"type\":\"Strip\",\"strip_left\":1}"},
     "\"strip_left\" must be true or false"},
    {{.normalizer = "{\"type\":\"Prepend\"}"}, "\"prepend\" is missing"},
    {{.normalizer = "{\"type\":\"Replace\",\"content\":\"\"}"}, "\"pattern\" is missing"},
    {{.normalizer = "{\"type\":\"Replace\",\"content\":\"\",\"pattern\":\"x\"}"},
     "\"pattern\" must be"},
    {{.normalizer = "{\"type\":\"Replace\",\"content\":\"\",\"pattern\":{\"String\":\"\"}}"},
     "not empty"},
    {{.normalizer = "{\"type\":\"Replace\",\"content\":\"\",\"pattern\":{\"Regex\":\"a*\"}}"},
     "may match nothing"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"!\"}"}, "not base 64"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"\"}"},
     "a trie of 0 bytes"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"/////w==\"}"},
     "a trie of"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAAAAAD/\"}"},
     "not UTF-8"},
    {{.pre = "{\"type\":\"ByteLevel\"}"}, "\"add_prefix_space\" is missing"},
    {{.pre = "{\"type\":\"Digits\"}"}, "\"individual_digits\" is missing"},
    {{.pre = "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"ab\"}"}, "must be one character"},
    {{.pre = "{\"type\":\"FixedLength\",\"length\":0}"}, "\"length\" must be"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"\"}"}, "must be one character"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"last\"}"},
     "\"prepend_scheme\": \"last\" is not supported"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"add_prefix_space\":false}"},
     "contradicts"},
    {{.pre = "{\"type\":\"Punctuation\",\"behavior\":\"Gone\"}"}, "\"behavior\": \"Gone\" is not"},
    {{.pre = SPLIT("{\"Regex\":\"(\"}")}, "a group without an end"},
    {{.pre = SPLIT("{\"Regex\":\"\\\\p{Lx}\"}")}, "an unknown property at byte 0"},
    {{.pre = SPLIT("{\"Regex\":\"x\",\"String\":\"x\"}")}, "\"pattern\" must be"},
    {{.post = "{\"type\":\"Other\"}"}, "post_processor: \"type\": \"Other\" is not supported"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":[\"c\",1]}"}, "\"sep\" is missing"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":[1,\"c\"],\"sep\":[\"s\",1]}"},
     "a token and its id"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":[\"c\",1e9],\"sep\":[\"s\",1]}"},
     "whole numbers"},
    {{.model = BPE("\"merges\":[7]")}, "expected '\"', found 7"},
    {{.model = BPE("\"merges\":[],\"unk_token\":7")}, "\"unk_token\" must be a string"},
    {{.model = BPE("\"merges\":[],\"continuing_subword_prefix\":7")}, "prefix\" must be a string"},
    {{.model = BPE("\"merges\":[],\"end_of_word_suffix\":7")}, "suffix\" must be a string"},
    {{.model = BPE("\"merges\":[],\"fuse_unk\":7")}, "\"fuse_unk\" must be true or false"},
    {{.model = BPE("\"merges\":[],\"byte_fallback\":7")}, "\"byte_fallback\" must be true or"},
    {{.model = BPE("\"merges\":[],\"ignore_merges\":7")}, "\"ignore_merges\" must be true or"},
    {{.model = BPE("\"merges\":[],\"dropout\":2")}, "\"dropout\" must be"},
    {{.model = BPE("\"merges\":[\"" L200 "x b\"]")}, "the left part \"" L200 "\" is not in"},
    {{.model = "{\"type\":\"Unigram\"}"}, "\"vocab\" must be a list"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",null]]}"}, "entry 0 must be a list"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[7]}"}, "found 7"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[7,0]]}"}, "expected '\"', found 7"},
    {{.model = BPE("\"merges\":[[7,\"b\"]]")}, "expected '\"', found 7"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]],\"unk_id\":\"a\"}"},
     "\"unk_id\" must be"},
    {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]],\"byte_fallback\":7}"},
     "\"byte_fallback\" must be"},
    {{.pre = "{\"type\":\"Metaspace\"}"}, "\"replacement\" is missing"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"ab\"}"}, "must be one character"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":7}"},
     "\"prepend_scheme\" must be a string"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"add_prefix_space\":7}"},
     "\"add_prefix_space\" must be"},
    {{.pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"split\":7}"}, "\"split\" must be"},
    {{.pre = "{\"type\":\"CharDelimiterSplit\"}"}, "\"delimiter\" is missing"},
    {{.pre = "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"\"}"}, "must be one character"},
    {{.pre = "{\"type\":\"Punctuation\",\"behavior\":7}"}, "\"behavior\" must be"},
    {{.pre = "{\"type\":\"Split\"}"}, "\"behavior\" is missing"},
    {{.pre = "{\"type\":\"Split\",\"behavior\":\"Removed\"}"}, "\"invert\" is missing"},
    {{.pre = SPLIT("{\"Regex\":\"(?<=a+)b\"}")}, "\"Regex\" is not supported"},
    {{.normalizer = "{\"type\":\"Replace\"}"}, "\"content\" is missing"},
    {{.normalizer = "{\"type\":\"Precompiled\"}"}, "\"precompiled_charsmap\" is missing"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AA-A\"}"}, "base 64"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AA{A\"}"}, "base 64"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AA:A\"}"}, "base 64"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AA[A\"}"}, "base 64"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"//==\"}"}, "base 64"},
    {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"++++\"}"}, "a trie of"},
    {{.normalizer = "{\"type\":\"BertNormalizer\",\"clean_text\":true}"},
     "\"handle_chinese_chars\" is missing"},
    {{.post = "{}"}, "\"type\" is missing"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":[\"c\",\"x\"],\"sep\":[\"s\",1]}"},
     "whole numbers"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":[\"c\",1.5],\"sep\":[\"s\",1]}"},
     "whole numbers"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":7,\"sep\":[\"s\",1]}"}, "a token and its id"},
    {{.post = "{\"type\":\"BertProcessing\",\"cls\":[\"c\"],\"sep\":[\"s\",1]}"},
     "a token and its id"},
    {{.post = "{\"type\":\"TemplateProcessing\",\"single\":{}}"}, "\"single\" must be a list"},
    {{.post = "{\"type\":\"Sequence\",\"processors\":{}}"}, "\"processors\" must be a list"},
    {{.post = TEMPLATE("")}, "\"single\" has no Sequence"},
    {{.post = TEMPLATE("{\"Sequence\":{\"id\":\"A\",\"type_id\":-1}}")}, "\"type_id\" must be"},
    {{.post = TEMPLATE("{\"SpecialToken\":{}}")}, "a SpecialToken without an id"},
    {{.post = TEMPLATE("{\"Sequence\":{\"id\":7}}")}, "the Sequence \"A\" only"},
    {{.post = "{\"type\":\"TemplateProcessing\",\"special_tokens\":{\"S\":{\"ids\":["
              ONES_1024 ",1]}},\"single\":[{\"SpecialToken\":{\"id\":\"S\"}}]}"},
     "post_processor: adds more than 1024 tokens"},
    {{.post = "{\"type\":\"TemplateProcessing\",\"special_tokens\":{\"S\":{\"ids\":["
              ONES_1024 "]}},\"single\":[{\"SpecialToken\":{\"id\":\"S\"}},"
              "{\"Sequence\":{\"id\":\"A\"}}]}"},
     "post_processor: adds more than 1024 tokens"},
    {{.added = "[" TOKEN("\"x\"", "a") "]"}, "\"id\" must be"},
    {{.added = "[" NO_FLAGS "}]"}, "\"single_word\" is missing"},
    {{.added = "[" NO_FLAGS ",\"single_word\":false}]"}, "\"lstrip\" is missing"},
    {{.added = "[" NO_FLAGS ",\"single_word\":false,\"lstrip\":false}]"}, "\"rstrip\" is missing"},
    {{.added = "[" NO_FLAGS ",\"single_word\":false,\"lstrip\":false,\"rstrip\":false}]"},
     "\"normalized\" is missing"},
    {{.added = "[" NO_FLAGS ",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
               "\"normalized\":false}]"},
     "\"special\" is missing"},
    {{.post = TEMPLATE("{\"Sequence\":{\"id\":\"B\"}}")}, "the Sequence \"A\" only"},
    {{.post = TEMPLATE("{\"SpecialToken\":{\"id\":\"U\"}}")}, "no ids for \"U\""},
    {{.post = TEMPLATE("{\"SpecialToken\":{\"id\":\"T\"}}")}, "\"T\" must have whole numbers"},
    {{.post = "{\"type\":\"Sequence\",\"processors\":[" TEMPLATE(TEXT) ","
              TEMPLATE(TEXT) "]}"},
     "processors[1]: \"type\": \"TemplateProcessing\" after another"},
    {{.added = "{}"}, "added_tokens: must be a list"},
    {{.added = "[7]"}, "added_tokens[0]: must be a list of objects"},
    {{.added = "[{\"content\":\"x\"}]"}, "\"id\" is missing"},
    {{.added = "[" TOKEN("5", "a") "]"},
     "\"a\" has the id 5, but the model's vocabulary makes it 1"},
    {{.added = "[" TOKEN("20", "new") "]"}, "makes it 14"},
    {{.added = "[" TOKEN("14", "N") "," TOKEN("15", "n") "]",
      .normalizer = "{\"type\":\"Lowercase\"}"},
     "normalize to the same text"},
    {{.added = "[" TOKEN("14", "\u0301") "]", .normalizer = "{\"type\":\"StripAccents\"}"},
     "normalizes to nothing"},
};

Test(tokenizer_refuse, names_the_place)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sts_err err = {0};
        sts_tokenizer *t = token_make(&bad[i].json, false, true, &err);
        cr_assert(!t, "accepted: what should say %s", bad[i].says);
        cr_assert(err.code == STS_MODEL && strstr(err.text, bad[i].says) &&
                      !strncmp(err.text, "t.json", 6),
                  "%d: %s, not %s", err.code, err.text, bad[i].says);
    }
}

#define FOUR(x) x "," x "," x "," x
#define TEN_TIMES "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aaaaaaaaaa\"}"
#define BYTES "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":false}"
#define LOWER "{\"type\":\"Lowercase\"}"

/* Parts that multiply a text end at the limit; chains of them are no longer than that of parts. */
Test(tokenizer_refuse, growth)
{
    static const struct { token_json json; const char *says; } v[] = {
        {{.normalizer = "{\"type\":\"Sequence\",\"normalizers\":[" FOUR(TEN_TIMES) ","
                        FOUR(TEN_TIMES) "]}"},
         "\"Replace\" makes a text of 3 bytes longer than"},
        {{.pre = "{\"type\":\"Sequence\",\"pretokenizers\":[" FOUR(FOUR(BYTES)) "]}"},
         "\"ByteLevel\" makes a text of 3 bytes longer than"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        sts_err err = {0};
        sts_ids ids = {0};
        sts_tokenizer *t = token_make(&v[i].json, false, true, &err);
        cr_assert(t, "%s", err.text);
        cr_assert(sts_tokenizer_encode(t, "a\u00e9", 3, 0, &ids, NULL, &err) == -1);
        cr_assert(err.code == STS_MODEL && strstr(err.text, v[i].says), "%s", err.text);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
    sts_err err = {0};
    token_json many = {.normalizer = "{\"type\":\"Sequence\",\"normalizers\":["
                                     FOUR(FOUR(FOUR(LOWER))) "," LOWER "]}"};
    cr_assert(!token_make(&many, false, true, &err) && strstr(err.text, "more than 64 parts"), "%s",
              err.text);
}

Test(tokenizer_refuse, texts_that_are_no_tokenizer)
{
    static const char *const texts[] = {"",
                                        "7",
                                        "[]",
                                        "{",
                                        "{}",
                                        "{\"model\":null}",
                                        "{\"version\":\"2.0\"}",
                                        "{\"version\":\"" L200 "\"}",
                                        "{} x",
                                        "{,",
                                        "{\"model\": ",
                                        "{\"evil no\":1}",
                                        "{\"version\":\"1.0\" \"model\":1}",
                                        "{\"model\":{\"type\":\"BPE\",\"vocab\":"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sts_err err = {0};
        sts_str text = {texts[i], strlen(texts[i])};
        cr_assert(!sts_tokenizer_parse(text, "t.json", false, true, &err), "accepted %s", texts[i]);
        cr_assert(err.code == STS_MODEL && !strncmp(err.text, "t.json", 6), "%s: %s", texts[i],
                  err.text);
    }
}

/* What shows only when a text needs it names the tokenizer too. */
Test(tokenizer_refuse, texts_it_cannot_take)
{
    static const struct {
        token_json json;
        const char *says;
    } c[] = {
        {{.model = BPE("\"merges\":[],\"unk_token\":\"?\"")}, "unknown token \"?\" is not in"},
        {{.model = "{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]}"}, "no unknown token"},
        {{.pre = SPLIT("{\"Regex\":\"(?:x+x+)+[yz]\"}")}, "takes too long"},
        {{.normalizer = "{\"type\":\"Replace\",\"content\":\"\",\"pattern\":{\"Regex\":"
                        "\"(?:x+x+)+[yz]\"}}"},
         "takes too long"},
        {{.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAAAAAA=\"}"},
         "points outside"},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sts_err err = {0};
        sts_ids ids = {0};
        const char *text = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
        sts_tokenizer *t = token_make(&c[i].json, false, true, &err);
        cr_assert(t, "%s", err.text);
        cr_assert(sts_tokenizer_encode(t, text, strlen(text), 0, &ids, NULL, &err),
                  "case %zu passes", i);
        cr_assert(err.code == STS_MODEL && strstr(err.text, c[i].says) &&
                      !strncmp(err.text, "t.json: ", 8),
                  "%d %s", err.code, err.text);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}

/* Each place of a text costs little, all of them much: their sum counts. */
Test(tokenizer_refuse, patterns_slow_at_every_place)
{
    static const struct {
        const char *regex;
        size_t n;
    } c[] = {{"(?:[ax]{0,60}){4}[yz]", 200},
             {"[ax]{0,30}[ax]{0,30}[ax]{0,30}[yz]", 100000},
             {"x*x*x*x*[yz]", 300},
             {"[^ ]+(?=[yz])", 200000}};
    char *text = sts_alloc_raw(200000, 1);
    memset(text, 'x', 200000);
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char pre[200];
        sts_err err = {0};
        sts_ids ids = {0};
        snprintf(pre, sizeof pre, SPLIT("{\"Regex\":\"%s\"}"), c[i].regex);
        token_json json = {.pre = pre};
        sts_tokenizer *t = token_make(&json, false, true, &err);
        cr_assert(t, "%s", err.text);
        cr_assert(sts_tokenizer_encode(t, text, c[i].n, 0, &ids, NULL, &err), "%s", c[i].regex);
        cr_assert(err.code == STS_MODEL && strstr(err.text, "takes too long"), "%s", err.text);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
    sts_free(text);
}

/* The translation of regular expressions; NULL: refused. */
static const char *const regexes[][2] = {
    {"a|^b$.", "\\x{61}|^\\x{62}$."},
    {"(?:a)(?=b)(?!c)(?<=d)(?<!e)(?>f)(?i:g)",
     "(?:\\x{61})(?=\\x{62})(?!\\x{63})(?<=\\x{64})(?<!\\x{65})(?>\\x{66})(?i:\\x{67})"},
    {"a*b+?c?+", "\\x{61}*\\x{62}+?\\x{63}?+"},
    {"a{2}b{1,}c{,3}", "\\x{61}{2}\\x{62}{1,}\\x{63}{0,3}"},
    {"a{x", "\\x{61}\\x{7b}\\x{78}"},
    {"\\d\\D", "[\\p{Nd}][\\P{Nd}]"},
    {"\\p{^Lu}\\P{^Lu}", "\\P{Lu}\\p{Lu}"},
    {"\\p{Han}", "\\p{sc:Han}"},
    {"[^a-c\\n\\-]", "[^\\x{61}-\\x{63}\\x{a}\\x{2d}]"},
    {"[-a]", "[\\-\\x{61}]"},
    {"\\x41\\u0042\\x{1F600}", "\\x{41}\\x{42}\\x{1f600}"},
    {"\\.\\ ", "\\x{2e}\\x{20}"},
    {"\\A\\z\\Z", "\\A\\z\\Z"},
    {"\\ue000", "\\x{e000}"},
    {"(?i:\\p{Lo}\\p{Nd}(?:a))", "(?i:\\p{Lo}\\p{Nd}(?:\\x{61}))"},
    {"[a&b]", "[\\x{61}\\x{26}\\x{62}]"},
    {"[a-]", "[\\x{61}\\-]"},
    {"[^-a]", "[^\\-\\x{61}]"},
    {"[a^-z]", "[\\x{61}\\x{5e}-\\x{7a}]"},
    {"[\\d-]", "[\\p{Nd}\\-]"},
    {"a{2,3}?", "\\x{61}{2,3}?"},
    {"a{,}", "\\x{61}\\x{7b}\\x{2c}\\x{7d}"},
    {"a{123456}", NULL}, /* Oniguruma's limit is 100000 */
    {"a{1,99999}", NULL},
    {"a{1,2", "\\x{61}\\x{7b}\\x{31}\\x{2c}\\x{32}"},
    {"a{1,123456}", NULL},
    {"a*{x", "\\x{61}*\\x{7b}\\x{78}"},
    {"a*+", "\\x{61}*+"},
    {"a+*", NULL},
    {"a*{2}", NULL},
    {"a*?+", NULL},
    {"a*??", NULL},
    {"\\x4", NULL},
    {"\\xzz", NULL},
    {"\\x{}", NULL},
    {"\\x{41", NULL},
    {"\\x{000000041}", NULL},
    {"\\ud800", NULL},
    {"\\u004", NULL},
    {"\\uzzzz", NULL},
    {"\\x4!", NULL},
    {"\\p{Lu", NULL},
    {"(?i:\\p{Ll})", NULL},
    {"[\\W]", NULL},
    {"(", NULL},
    {")", NULL},
    {"*", NULL},
    {"a**", NULL},
    {"a{2}?", NULL},
    {"a{1,2}+", NULL},
    {"(?i)a", NULL},
    {"(?m:a)", NULL},
    {"(?<n>a)", NULL},
    {"(?#c)", NULL},
    {"\\1", NULL},
    {"\\h", NULL},
    {"\\R", NULL},
    {"\\K", NULL},
    {"\\G", NULL},
    {"\\xff", NULL},
    {"\\x{110000}", NULL},
    {"\\", NULL},
    {"[", NULL},
    {"[]", NULL},
    {"[a", NULL},
    {"[[:alpha:]]", NULL},
    {"[a&&b]", NULL},
    {"[\\W]", NULL},
    {"[\\w-z]", NULL},
    {"\\p{Foo}", NULL},
    {"\\pL", NULL},
    {"(?i:ss)", NULL},
    {"(?i:\u00e9)", NULL},
    {"(?i:\\p{Lu})", NULL},
};

Test(tokenizer_refuse, regex)
{
    for (size_t i = 0; i < sizeof regexes / sizeof *regexes; i++) {
        sts_text out = {0};
        size_t at;
        const char *fault = sts_regex_translate(regexes[i][0], &out, &at);
        cr_assert(!fault == !!regexes[i][1], "%s: %s", regexes[i][0], fault ? fault : out.s);
        cr_assert(fault || !strcmp(out.s, regexes[i][1]), "%s: %s", regexes[i][0], out.s);
        sts_text_free(&out);
    }
}

/* Groups may be nested, but not without end. */
Test(tokenizer_refuse, deep_regex)
{
    char deep[3 * 2 * STS_PATTERN_DEPTH + 2] = "";
    for (int i = 0; i < STS_PATTERN_DEPTH; i++) strcat(deep, "(?:");
    for (int i = 0; i < STS_PATTERN_DEPTH; i++) strcat(deep, ")");
    sts_text out = {0};
    size_t at;
    const char *fault = sts_regex_translate(deep, &out, &at);
    cr_assert(fault && strstr(fault, "too deep"), "%s", fault);
    deep[3 * STS_PATTERN_DEPTH - 3] = 0;
    for (int i = 1; i < STS_PATTERN_DEPTH; i++) strcat(deep, ")");
    out.n = 0;
    fault = sts_regex_translate(deep, &out, &at);
    cr_assert(!fault && !strcmp(out.s, deep), "%s", fault);
    sts_text_free(&out);
}
