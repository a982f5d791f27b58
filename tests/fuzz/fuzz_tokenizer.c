/* fuzz_tokenizer.c - tokenizer.json; one that is accepted tokenizes a few texts. */
#include "fuzz.h"
#include "token/tokenizer_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const texts[] = {"", "Hello, World! 12345",
                                        "na\xc3\xafve \xe4\xb8\xad\xe6\x96\x87 "
                                        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
                                        "a\xff\xfe b", "[CLS] x </s>"};
    sts_err err = {0};
    sts_str text = {(const char *)data, n};
    sts_tokenizer *t = sts_tokenizer_parse(text, "tokenizer.json", n & 1, n & 2, &err);
    if (!t) fuzz_refused(&err);
    for (size_t i = 0; t && i < sizeof texts / sizeof *texts; i++) {
        sts_ids ids = {0};
        bool cut;
        if (sts_tokenizer_encode(t, texts[i], strlen(texts[i]), 16, &ids, &cut, &err)) {
            fuzz_refused(&err);
        } else {
            fuzz_check(ids.n <= 16, "no more ids than asked for");
            for (size_t k = 0; k < ids.n; k++)
                fuzz_check(ids.v[k] >= 0 && ids.v[k] < sts_tokenizer_vocab_size(t),
                           "ids are below the vocabulary's size");
        }
        sts_ids_free(&ids);
    }
    sts_tokenizer_free(t);
    return 0;
}
