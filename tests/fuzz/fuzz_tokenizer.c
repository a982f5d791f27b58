/* fuzz_tokenizer.c - tokenizer.json; one that is accepted tokenizes a few texts, and is written
 * again with half of its tokens, as shrink does. */
#include "fuzz.h"
#include "token/token_file.h"
#include "token/tokenizer_parts.h"

#define IDS_MAX (1 << 16) /* more cost time and find nothing more */

static void write_half(sts_str text, const sts_tokenizer *t)
{
    sts_token_file f = {0};
    sts_err err = {0};
    bool *keep = sts_alloc(IDS_MAX, sizeof *keep);
    int32_t *to = sts_alloc(IDS_MAX, sizeof *to);
    char *half = NULL;
    fuzz_check(keep && to, "memory");
    for (size_t i = 0; i < IDS_MAX; i += 2) keep[i] = true;
    int rc = sts_token_file_read(&f, text, sts_tokenizer_kind(t), "tokenizer.json", &err);
    if (!rc && f.ids <= IDS_MAX) {
        rc = sts_token_file_keep(&f, keep, to, &err);
        if (!rc && !(half = sts_token_file_text(&f, &err))) rc = -1;
    }
    if (rc) fuzz_refused(&err);
    if (half)
        fuzz_check(!sts_json_check(half, strlen(half), "half", STS_MODEL, &err), err.text);
    sts_free(half);
    sts_token_file_free(&f);
    sts_free(keep);
    sts_free(to);
}

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
    if (t) write_half(text, t);
    sts_tokenizer_free(t);
    return 0;
}
