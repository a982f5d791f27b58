/* fuzz_vocabulary.c - the files of a tokenizer without tokenizer.json: the first byte chooses which
 * one is the input. One that is accepted tokenizes a few texts. */
#include "fuzz.h"
#include "token/tokenizer.h"

static const char *const vocabulary_part[] = {
    "words/vocab.txt", "words/tokenizer_config.json", "words/special_tokens_map.json",
    "words/added_tokens.json", "rules/vocab.json", "rules/merges.txt",
    "rules/tokenizer_config.json", "rules/added_tokens.json",
};
#define VOCABULARY_PARTS (sizeof vocabulary_part / sizeof *vocabulary_part)

static void vocabulary_file(const char *name, const char *text)
{
    fuzz_file(name, text, strlen(text));
}

static void vocabulary_fixture(void)
{
    sts_dir_remove(fuzz_path("words"), NULL);
    sts_dir_remove(fuzz_path("rules"), NULL);
    fuzz_check(!sts_dir_make(fuzz_path("words"), NULL), "the scratch directory");
    fuzz_check(!sts_dir_make(fuzz_path("rules"), NULL), "the scratch directory");
    vocabulary_file("words/tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizer\"}");
    vocabulary_file("words/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\nhello\n,\n");
    vocabulary_file("rules/tokenizer_config.json", "{\"tokenizer_class\": \"RobertaTokenizer\"}");
    vocabulary_file("rules/vocab.json", "{\"<s>\": 0, \"<pad>\": 1, \"</s>\": 2, \"<unk>\": 3, "
                                        "\"h\": 4, \"e\": 5, \"he\": 6, \"<mask>\": 7}");
    vocabulary_file("rules/merges.txt", "#version: 0.2\nh e\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const texts[] = {"", "Hello, [MASK] he </s> 12", "na\xc3\xafve \xff"};
    static bool ready;
    sts_err err = {0};
    if (!ready) atexit(fuzz_clean);
    ready = true;
    if (!n) return 0;
    vocabulary_fixture();
    const char *name = vocabulary_part[data[0] % VOCABULARY_PARTS];
    fuzz_file(name, data + 1, n - 1);
    sts_tokenizer *t = sts_tokenizer_load(fuzz_path(*name == 'w' ? "words" : "rules"),
                                          data[0] & 8, true, 1000, &err);
    if (!t) fuzz_refused(&err);
    for (size_t i = 0; t && i < sizeof texts / sizeof *texts; i++) {
        sts_ids ids = {0};
        if (sts_tokenizer_encode(t, texts[i], strlen(texts[i]), 16, &ids, NULL, &err))
            fuzz_refused(&err);
        for (size_t k = 0; k < ids.n; k++)
            fuzz_check(ids.v[k] >= 0 && ids.v[k] < 1000, "ids are rows of the encoder's table");
        sts_ids_free(&ids);
    }
    sts_tokenizer_free(t);
    return 0;
}
