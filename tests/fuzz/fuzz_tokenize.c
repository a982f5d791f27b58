/* fuzz_tokenize.c - any bytes as text, through every kind of tokenizer that the tests know: the
 * first byte chooses one. */
#include "fuzz.h"
#include "token/tokenizer_parts.h"

#define KINDS_MAX 256
#define KINDS_DIR "tests/golden/tokenizers"

static sts_tokenizer *tokenizer_kind[KINDS_MAX];
static size_t n_tokenizer_kinds;

static void load_kinds(void)
{
    char **names;
    size_t n;
    fuzz_check(!sts_dir_list(KINDS_DIR, &names, &n, NULL), "run from the root of the checkout");
    for (size_t i = 0; i < n && n_tokenizer_kinds < KINDS_MAX; i++) {
        const char *dot = strrchr(names[i], '.');
        if (!dot || strcmp(dot, ".json")) continue;
        sts_err err = {0};
        char path[256];
        snprintf(path, sizeof path, KINDS_DIR "/%s", names[i]);
        sts_str text = {0};
        text.s = sts_file_read(path, (size_t)1 << 26, STS_MODEL, &text.n, &err);
        sts_tokenizer *t = text.s ? sts_tokenizer_parse(text, path, false, true, &err) : NULL;
        fuzz_check(t, err.text);
        tokenizer_kind[n_tokenizer_kinds++] = t;
        sts_free((void *)(uintptr_t)text.s);
    }
    sts_names_free(names, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!n_tokenizer_kinds) load_kinds();
    if (n < 2) return 0;
    const sts_tokenizer *t = tokenizer_kind[data[0] % n_tokenizer_kinds];
    sts_ids all = {0}, some = {0};
    sts_err err = {0};
    bool cut = false;
    size_t limit = 2u + data[1] % 32;
    if (sts_tokenizer_encode(t, (const char *)data + 2, n - 2, 0, &all, &cut, &err)) {
        fuzz_refused(&err);
    } else {
        fuzz_check(!cut, "nothing is cut without a limit");
        for (size_t i = 0; i < all.n; i++)
            fuzz_check(all.v[i] >= 0 && all.v[i] < sts_tokenizer_vocab_size(t),
                       "ids are below the vocabulary's size");
        fuzz_check(!sts_tokenizer_encode(t, (const char *)data + 2, n - 2, limit, &some, &cut,
                                         &err),
                   "what is tokenized whole is tokenized in part");
        fuzz_check(some.n <= limit || !cut, "no more ids than asked for");
        fuzz_check(cut == (all.n > limit), "cut when it was too long");
    }
    sts_ids_free(&all);
    sts_ids_free(&some);
    return 0;
}
