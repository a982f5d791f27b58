/* fuzz_texts.c - single texts, as encode and tokenize read them: the first byte chooses how. */
#include "data/texts.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"texts", "texts.tsv", "texts.csv", "texts.jsonl"};
    static const char *const columns[] = {NULL, "1", "sentence1,sentence2", "2,text,3"};
    static const char *const inputs[] = {NULL, "lines", "tsv", "jsonl"};
    static bool ready;
    sts_err err = {0};
    sts_str text;
    if (!ready) atexit(fuzz_clean);
    ready = true;
    if (!n) return 0;
    sts_text_options o = {.columns = columns[data[0] >> 2 & 3], .input = inputs[data[0] >> 4 & 3],
                          .skip = data[0] >> 6};
    const char *path = fuzz_file(names[data[0] & 3], data + 1, n - 1);
    sts_texts *t = sts_texts_open(path, &o, &err);
    int rc = t ? 1 : -1;
    while (rc > 0 && (rc = sts_texts_next(t, &text, &err)) > 0)
        fuzz_check(!memchr(text.s, 0, text.n), "a text has no NUL");
    if (rc < 0) fuzz_refused(&err);
    sts_texts_close(t);
    unlink(path);
    return 0;
}
