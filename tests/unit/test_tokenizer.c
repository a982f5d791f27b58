/* test_tokenizer.c - single stages, truncation, odd input, threads, failing memory. */
#include "core/clock.h"
#include "core/mem.h"
#include "token/pattern.h"
#include "token/unicode.h"
#include "token/unicode_tables.h"
#include "token_help.h"

#include <criterion/criterion.h>

#define META(scheme)                                                                               \
    "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"" scheme "\"}"
#define SPLIT(b, invert)                                                                           \
    "{\"type\":\"Split\",\"pattern\":{\"String\":\"-\"},\"behavior\":\"" b "\","                   \
    "\"invert\":" invert "}"
#define REGEX(r, b)                                                                                \
    "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" r "\"},\"behavior\":\"" b "\","                \
    "\"invert\":false}"
#define APOSTROPHES                                                                                \
    "{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":{\"?\":0,\"'re\":1,\"'ve\":2,"          \
    "\"'ll\":3,\"'\":4,\"rx\":5,\"vx\":6,\"lx\":7}}"
#define DELIMITER(d) "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"" d "\"}"
#define ADDED(c, flags) "[{\"id\":14,\"content\":\"" c "\",\"special\":false," flags "}]"
#define TWO_ADDED(lstrip) /* X, which takes the white space behind it, and a blank */              \
    "[{\"id\":14,\"content\":\"X\",\"special\":false," FLAGS("false", "false", "true", "false")    \
    "},{\"id\":14,\"content\":\" \",\"special\":false,"                                            \
    FLAGS("false", lstrip, "false", "false") "}]"
#define FLAGS(w, l, r, n)                                                                          \
    "\"single_word\":" w ",\"lstrip\":" l ",\"rstrip\":" r ",\"normalized\":" n
#define BERT_POST "{\"type\":\"BertProcessing\",\"sep\":[\"s\",21],\"cls\":[\"c\",20]}"

static const struct {
    const char *name;
    token_json json;
    const char *text, *ids;
} cases[] = {
    {"one piece", {0}, "ab", "3"},
    {"unknown", {0}, "a b", "0"},
    {"empty", {.post = BERT_POST}, "", "20 21"},
    {"added tokens null", {.added = "null"}, "ab", "3"},
    {"an empty added token", {.added = ADDED("", FLAGS("false", "false", "false", "false"))}, "ab",
     "3"},
    {"merges that are no more",
     {.model = "{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"c\":2,\"bc\":3,\"abc\":4,"
               "\"ab\":5},\"merges\":[\"b c\",\"a bc\",\"a b\"]}"},
     "abc",
     "4"},
    {"a prefix that begins no word",
     {.model = "{\"type\":\"BPE\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"#\","
               "\"vocab\":{\"?\":0,\"a\":1},\"merges\":[]}"},
     "aa",
     "1 0"},
    {"no unknown token",
     {.model = "{\"type\":\"BPE\",\"vocab\":{\"a\":1},\"merges\":[]}"},
     "xax",
     "1"},
    {"no word continues",
     {.model = "{\"type\":\"WordPiece\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"##\","
               "\"max_input_chars_per_word\":9,\"vocab\":{\"?\":0,\"a\":1}}"},
     "aa",
     "0"},
    {"ids that descend",
     {.model = "{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":{\"?\":1,\"a\":0}}"},
     "a",
     "0"},
    {"members in another order",
     {.model = "{\"merges\":[\"a b\"],\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"type\":\"BPE\","
               "\"other\":0}"},
     "ab",
     "2"},
    {"no type, and merges as pairs: BPE",
     {.model = "{\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":[[\"a\",\"b\"]]}"},
     "ab",
     "2"},
    {"no type, a prefix and a length: WordPiece",
     {.model = "{\"unk_token\":\"?\",\"continuing_subword_prefix\":\"#\","
               "\"max_input_chars_per_word\":9,\"vocab\":{\"?\":0,\"a\":1,\"#b\":2}}"},
     "ab",
     "1 2"},
    {"no type, a prefix alone: WordLevel",
     {.model = "{\"unk_token\":\"?\",\"continuing_subword_prefix\":\"#\","
               "\"vocab\":{\"?\":0,\"a\":1,\"#b\":2}}"},
     "ab",
     "0"},
    {"no type, merges that are not a list: WordLevel",
     {.model = "{\"unk_token\":\"?\",\"vocab\":{\"?\":0,\"a\":1},\"merges\":null}"},
     "a",
     "1"},
    {"no type, a list: Unigram",
     {.model = "{\"vocab\":[[\"a\",-1],[\"ab\",-1]]}"},
     "aba",
     "1 0"},
    {"no prefix and never one",
     {.pre = "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"never\","
             "\"add_prefix_space\":false}"},
     "a b",
     "1 8"},
    {"white space", {.pre = "{\"type\":\"WhitespaceSplit\"}"}, " a\tb\n ab ", "1 2 3"},
    {"metaspace always", {.pre = META("always")}, "a b", "7 8"},
    {"metaspace first",
     {.pre = META("first"), .added = ADDED("X", FLAGS("false", "false", "false", "false"))},
     "aXa",
     "7 13 1"},
    {"metaspace first behind what was stripped",
     {.pre = META("first"),
      .normalizer = "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}"},
     " a",
     "1"},
    {"metaspace never", {.pre = META("never")}, "a b", "1 8"},
    {"removed", {.pre = SPLIT("Removed", "false")}, "a--b", "1 2"},
    {"isolated", {.pre = SPLIT("Isolated", "false")}, "a--b", "1 9 9 2"},
    {"merged with previous", {.pre = SPLIT("MergedWithPrevious", "false")}, "a--b", "11 9 2"},
    {"merged with next", {.pre = SPLIT("MergedWithNext", "false")}, "a--b", "1 9 12"},
    {"contiguous", {.pre = SPLIT("Contiguous", "false")}, "a--b", "1 10 2"},
    {"inverted", {.pre = SPLIT("Removed", "true")}, "a--b", "9 9"},
    {"inverted, merged with previous", {.pre = SPLIT("MergedWithPrevious", "true")}, "a--b",
     "1 9 12"},
    {"inverted, merged with next", {.pre = SPLIT("MergedWithNext", "true")}, "a--b", "11 9 2"},
    {"sequences",
     {.pre = "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},"
             "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Punctuation\"}]}]}"},
     "a-b c",
     "1 9 2 4"},
    {"normalizers in order",
     {.normalizer =
          "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Lowercase\"},{\"type\":\"NFC\"},"
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"x\"},\"content\":\"\"}]}"},
     "XE\u0301X",
     "5"},
    {"added, alone",
     {.added = ADDED("X", FLAGS("true", "false", "false", "false")),
      .pre = "{\"type\":\"WhitespaceSplit\"}"},
     "X aX X-",
     "13 0 13 9"},
    {"added, strips",
     {.added = ADDED("X", FLAGS("false", "true", "true", "false")), .pre = META("never")},
     "a X b",
     "1 13 2"},
    {"added, of white space that the one before took",
     {.added = TWO_ADDED("true")},
     "X aX a",
     "13 1 13 1"},
    {"added, white space taken again", {.added = TWO_ADDED("false")}, "X  a", "13 14 14 1"},
    {"added, raw only",
     {.added = ADDED("X", FLAGS("false", "false", "false", "false")),
      .normalizer = "{\"type\":\"Lowercase\"}"},
     "AX",
     "1 13"},
    {"added, normalized",
     {.added = ADDED("X", FLAGS("false", "false", "false", "true")),
      .normalizer = "{\"type\":\"Lowercase\"}"},
     "Axa",
     "1 13 1"},
    {"template",
     {.post = "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"S\","
              "\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":[],"
              "\"special_tokens\":{\"S\":{\"id\":\"S\",\"ids\":[8,9],\"tokens\":[\"x\",\"y\"]}}}"},
     "a",
     "8 9 1"},
    {"regex \\b", {.pre = REGEX("\\\\b-\\\\b", "Isolated")}, "a-b", "1 9 2"},
    {"regex \\B", {.pre = REGEX("-\\\\B", "Removed")}, "a--b", "1 12"},
    {"regex \\w", {.pre = REGEX("\\\\w+", "Removed")}, "ab-", "9"},
    {"regex \\W", {.pre = REGEX("\\\\W", "Removed")}, "a-b", "1 2"},
    {"regex of nothing", {.pre = REGEX("x*", "Isolated")}, "axb\u00e9", "1 0 2 5"},
    {"regex over newer characters", {.pre = REGEX("\\\\p{L}", "Isolated")}, "\U0001e030-", "0 9"},
    {"newer Han", {.pre = REGEX("\\\\p{Han}", "Removed")},
     "\U0002b739\U0002ebf0\U00031350\U000323af-", "9"},
    {"newer Hiragana", {.pre = REGEX("\\\\p{Hiragana}", "Removed")}, "\U0001b132-", "9"},
    {"newer Katakana", {.pre = REGEX("\\\\p{Katakana}", "Removed")}, "\U0001b155-", "9"},
    {"newer capitals", {.pre = REGEX("\\\\p{Lu}", "Removed")}, "\u1c89-", "9"},
    {"newer marks", {.pre = REGEX("\\\\p{Mn}", "Removed")}, "-\u0897", "9"},
    {"contractions",
     {.pre = "{\"type\":\"ByteLevel\",\"add_prefix_space\":false}", .model = APOSTROPHES},
     "'re've'll'rx'vx'lx'", "1 2 3 4 5 4 6 4 7 4"},
    {"literal of two bytes",
     {.pre = "{\"type\":\"Split\",\"behavior\":\"Removed\",\"invert\":false,"
             "\"pattern\":{\"String\":\"--\"}}"},
     "a-b--c-",
     "0 0"},
    {"lengths", {.pre = "{\"type\":\"FixedLength\",\"length\":2}"}, "ab\u00e9", "3 5"},
    {"a delimiter", {.pre = DELIMITER("-")}, "-a--b-", "1 2"},
    {"a long delimiter", {.pre = DELIMITER("\u00e9")}, "a\u00e9b", "1 2"},
    {"bytes shown",
     {.normalizer = "{\"type\":\"ByteLevel\"}", .pre = DELIMITER("\u0120")}, /* a blank */
     "a b\xc3\xa9", "1 0"},
    {"bad bytes become U+FFFD",
     {.pre = "{\"type\":\"Split\",\"pattern\":{\"String\":\"\ufffd\"},"
             "\"behavior\":\"Removed\",\"invert\":false}"},
     "a\xff\xfe"
     "b\xc3",
     "1 2"},
};

/* All cases have vocabularies in which X is 13 or, as an added token, the next id. */
Test(tokenizer, stages)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sts_err err = {0};
        token_json j = cases[i].json;
        char added[512] = "[]", *id, shown[1024];
        if (j.added) { /* X is in the vocabulary */
            snprintf(added, sizeof added, "%s", j.added);
            if ((id = strstr(added, "14"))) memcpy(id, "13", 2);
            j.added = added;
        }
        sts_tokenizer *t = token_make(&j, false, true, &err);
        cr_assert(t, "%s: %s", cases[i].name, err.text);
        sts_ids ids = {0};
        const char *text = cases[i].text;
        cr_assert(!sts_tokenizer_encode(t, text, strlen(text), 0, &ids, NULL, &err), "%s: %s",
                  cases[i].name, err.text);
        cr_assert(!strcmp(token_show(shown, &ids), cases[i].ids), "%s: %s, not %s", cases[i].name,
                  shown, cases[i].ids);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}

Test(tokenizer, truncates_within_special_tokens)
{
    static const struct {
        size_t max;
        bool special;
        const char *ids;
        bool cut;
    } c[] = {{0, true, "20 1 2 1 21", false}, {5, true, "20 1 2 1 21", false},
             {4, true, "20 1 2 21", true},    {3, true, "20 1 21", true},
             {2, true, "20 21", true},        {1, true, "20", true},
             {0, false, "1 2 1", false},      {3, false, "1 2 1", false},
             {2, false, "1 2", true}};
    token_json j = {.pre = "{\"type\":\"WhitespaceSplit\"}", .post = BERT_POST};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sts_err err = {0};
        char shown[1024];
        bool cut = !c[i].cut;
        sts_ids ids = {0};
        sts_tokenizer *t = token_make(&j, false, c[i].special, &err);
        cr_assert(t && !sts_tokenizer_encode(t, "a b a", 5, c[i].max, &ids, &cut, &err), "%s",
                  err.text);
        cr_assert(!strcmp(token_show(shown, &ids), c[i].ids) && cut == c[i].cut,
                  "max %zu: %s, cut %d", c[i].max, shown, (int)cut);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}

Test(tokenizer, tells_about_itself)
{
    sts_err err = {0};
    token_json j = {.post = BERT_POST};
    sts_tokenizer *t = token_make(&j, true, true, &err);
    cr_assert(t, "%s", err.text);
    cr_assert(sts_tokenizer_vocab_size(t) == 22, "%d", (int)sts_tokenizer_vocab_size(t));
    cr_assert(!strcmp(sts_tokenizer_kind(t), "WordLevel"), "kind");
    cr_assert(sts_tokenizer_model_max_length(t) == 0, "no limit");
    sts_ids ids = {0};
    cr_assert(!sts_tokenizer_encode(t, "AB", 2, 0, &ids, NULL, &err) && ids.v[1] == 3,
              "lower first");
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
    sts_tokenizer_free(NULL);
}

#define BPE_MODEL                                                                                  \
    "{\"type\":\"BPE\",\"unk_token\":\"?\",\"fuse_unk\":true,\"vocab\":{\"?\":0,\"a\":1,\"b\":2,"  \
    "\"ab\":3,\"aba\":4},\"merges\":[\"a b\",[\"ab\",\"a\"]]}"
#define UNIGRAM_MODEL                                                                              \
    "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"?\",0],[\"a\",-1],[\"b\",-1],[\"ab\",-2],"   \
    "[\"ba\",-1.5]]}"
#define WORDPIECE_MODEL                                                                            \
    "{\"type\":\"WordPiece\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"##\","            \
    "\"max_input_chars_per_word\":6,"                                                              \
    "\"vocab\":{\"?\":0,\"a\":1,\"##b\":2,\"ab\":3,\"##ba\":4}}"

/* Tokens within a word begin with ##; or look like those at its start. */
#define BPE_PREFIXED                                                                               \
    "{\"type\":\"BPE\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"##\",\"vocab\":{"       \
    "\"?\":0,\"a\":1,\"##b\":2,\"ab\":3,\"##\":4,\"##c\":5,\"##bc\":6},\"merges\":["               \
    "\"a ##b\",\"##b ##c\"]}"
#define WORDPIECE_ALIKE                                                                            \
    "{\"type\":\"WordPiece\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"\","              \
    "\"max_input_chars_per_word\":9,\"vocab\":{\"?\":0,\"a\":1,\"b\":2,\"ba\":3}}"
#define BPE_OF(more)                                                                               \
    "{\"type\":\"BPE\",\"unk_token\":\"?\",\"vocab\":{\"?\":0,\"a\":1,\"b\":2,\"ab\":3},"          \
    "\"merges\":[\"a b\"]," more "}"

Test(tokenizer, models)
{
    static const char *const c[][3] = {
        {BPE_MODEL, "ababa", "3 4"},      /* the leftmost of equals, then on */
        {BPE_MODEL, "axyb", "1 0 2"},     /* fused unknowns */
        {UNIGRAM_MODEL, "ab", "3"},       /* of equals the first found stays */
        {UNIGRAM_MODEL, "aba", "1 4"}, {UNIGRAM_MODEL, "xxa", "0 1"},
        {WORDPIECE_MODEL, "abba", "3 4"}, {WORDPIECE_MODEL, "abx", "0"},
        {WORDPIECE_MODEL, "ababbbb", "0"} /* too long */,
        {WORDPIECE_MODEL, "b", "0"},
        {"{\"type\":\"BPE\",\"unk_token\":\"?\",\"continuing_subword_prefix\":\"##\","
         "\"vocab\":{\"?\":0,\"a\":1},\"merges\":[]}", "aa", "1 0"}, /* no token has it */
        {BPE_PREFIXED, "abc", "3 5"}, {BPE_PREFIXED, "bb", "0 2"},
        {BPE_PREFIXED, "abbcx", "3 6 0"},
        {WORDPIECE_ALIKE, "aba", "1 3"}, {WORDPIECE_ALIKE, "abx", "0"},
        {BPE_OF("\"continuing_subword_prefix\":\"\",\"end_of_word_suffix\":\"\""), "ab", "3"},
        {BPE_OF("\"byte_fallback\":true,\"end_of_word_suffix\":\"\""), "xa", "0 1"},
        {BPE_OF("\"byte_fallback\":true,\"continuing_subword_prefix\":\"\""), "ax", "1 0"},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        sts_err err = {0};
        char shown[1024];
        sts_ids ids = {0};
        sts_tokenizer *t = token_make(&(token_json){.model = c[i][0]}, false, true, &err);
        cr_assert(t && !sts_tokenizer_encode(t, c[i][1], strlen(c[i][1]), 0, &ids, NULL, &err),
                  "%s", err.text);
        cr_assert(!strcmp(token_show(shown, &ids), c[i][2]), "%s %s: %s", sts_tokenizer_kind(t),
                  c[i][1], shown);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}

/* A megabyte without a blank takes no quadratic time. */
Test(tokenizer, long_words_in_linear_time)
{
    static const char *const models[] = {BPE_MODEL, UNIGRAM_MODEL, WORDPIECE_MODEL, WORDS};
    size_t n = 1 << 17;
    char *text = sts_alloc(n, 1);
    for (size_t i = 0; i < n; i++) text[i] = i % 3 ? 'a' : 'b';
    for (size_t i = 0; i < 4; i++) {
        sts_err err = {0};
        sts_ids ids = {0};
        bool cut = false;
        sts_tokenizer *t =
            token_make(&(token_json){.model = models[i], .post = BERT_POST}, false, true, &err);
        double start = sts_clock();
        cr_assert(t && !sts_tokenizer_encode(t, text, n, 128, &ids, &cut, &err), "%s", err.text);
        cr_assert(sts_clock() - start < 10, "%s: %.1f s", sts_tokenizer_kind(t),
                  sts_clock() - start);
        cr_assert(cut == (i < 2) && ids.n <= 128, "%s: %zu ids", sts_tokenizer_kind(t), ids.n);
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
    sts_free(text);
}

/* Several threads on one tokenizer get what one gets. */
Test(tokenizer, threads)
{
    sts_err err = {0};
    token_json j = {.pre = META("always"), .post = BERT_POST, .normalizer = "{\"type\":\"NFKC\"}"};
    sts_tokenizer *t = token_make(&j, false, true, &err);
    int wrong = 0;
    cr_assert(t, "%s", err.text);
#pragma omp parallel for num_threads(4) reduction(+ : wrong)
    for (int i = 0; i < 2000; i++) {
        sts_ids ids = {0};
        char shown[1024];
        int rc = sts_tokenizer_encode(t, "a b\u00e9", 5, 0, &ids, NULL, NULL);
        wrong += rc || strcmp(token_show(shown, &ids), "20 7 0 21");
        sts_ids_free(&ids);
    }
    cr_assert(wrong == 0, "%d wrong", wrong);
    sts_tokenizer_free(t);
}

/* Each allocation fails once, or from then on: the code is STS_FAILED, nothing leaks. */
static bool survives(const token_json *j, size_t nth, bool all)
{
    sts_err err = {0};
    sts_ids ids = {0};
    sts_mem_fail(nth, all);
    sts_tokenizer *t = token_make(j, true, true, &err);
    static const char text[] = "A bX e\u0301\u0323 12 xyz\u1c89"; /* the last is newer */
    int rc = t ? sts_tokenizer_encode(t, text, sizeof text - 1, 0, &ids, NULL, &err) : -1;
    size_t made = sts_mem_count();
    sts_mem_fail(0, false);
    cr_assert(!rc || err.code == STS_FAILED, "allocation %zu: %d %s", nth, err.code, err.text);
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
    return made < nth; /* it was never reached */
}

Test(tokenizer, failing_memory)
{
    static const token_json c[] = {
        {.normalizer =
             "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
             "\"lowercase\":true}",
         .pre = "{\"type\":\"BertPreTokenizer\"}",
         .model = WORDPIECE_MODEL,
         .post = BERT_POST},
        {.normalizer =
             "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"content\":\"_\"}",
         .pre = META("first"),
         .model = UNIGRAM_MODEL},
        {.pre = "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}",
         .model = BPE_MODEL,
         .added = "[{\"id\":5,\"content\":\"X\",\"special\":true," FLAGS("true", "true", "true",
                                                                         "true") "}]"},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++)
        for (int all = 0; all < 2; all++) {
            size_t nth = 1;
            while (nth < 2000 && !survives(&c[i], nth, all)) nth++;
            cr_assert(nth > 20 && nth < 2000, "case %zu: %zu allocations", i, nth);
        }
}

/* A pattern \p{..} for a category, as a part would have it. */
static sts_pattern *category_pattern(int category)
{
    static const char name[][3] = {"Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd",
                                   "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
                                   "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"};
    char text[64];
    sts_err err = {0};
    snprintf(text, sizeof text, "{\"pattern\":{\"Regex\":\"\\\\p{%s}\"}}", name[category]);
    sts_json *object = sts_json_of_text(text);
    sts_json_in in = {object, "t.json", STS_MODEL, &err};
    sts_pattern *p = sts_pattern_load(&in);
    cr_assert(p, "%s", err.text);
    sts_json_free(object);
    return p;
}

/* All characters that are newer than PCRE2's tables may be are of their category, whole. */
Test(tokenizer, newer_characters)
{
    for (size_t i = 0; i < sts_range_newer_n; i++) {
        const sts_category_range *r = &sts_range_newer[i];
        sts_pattern *p = category_pattern((int)r->category);
        for (uint32_t cp = r->first; cp <= r->last; cp++) {
            char s[4];
            size_t n = sts_utf8_put(s, cp), from, to;
            sts_find f;
            sts_err err = {0};
            cr_assert(!sts_find_start(&f, p, s, n, &err), "%s", err.text);
            cr_assert(sts_find_next(&f, &from, &to, &err) == 1 && from == 0 && to == n, "U+%04X",
                      (unsigned)cp);
            sts_find_done(&f);
        }
        sts_pattern_free(p);
    }
}

/* A match that takes many steps at its place is found all the same. */
Test(tokenizer, long_match)
{
    sts_err err = {0};
    sts_ids ids = {0};
    size_t n = 1 << 17;
    char *text = sts_alloc(n + 1, 1);
    memset(text, 'a', n);
    text[n] = '-';
    token_json j = {.pre = REGEX("(?:(?:a|b)|c)+", "Removed")};
    sts_tokenizer *t = token_make(&j, false, true, &err);
    cr_assert(t && !sts_tokenizer_encode(t, text, n + 1, 0, &ids, NULL, &err), "%s", err.text);
    cr_assert(ids.n == 1 && ids.v[0] == 9, "%zu ids", ids.n);
    sts_ids_free(&ids);
    sts_tokenizer_free(t);
    sts_free(text);
}
