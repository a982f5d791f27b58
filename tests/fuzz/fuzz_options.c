/* fuzz_options.c - command lines: the first byte chooses the command, words end with a newline;
 * what comes behind a NUL is the --config file. */
#include "../../cmd/opt.h"
#include "core/option.h"
#include "fuzz.h"

#define WORDS_MAX 32

/* Cuts text into words, each a copy of its own; how many. */
static int option_words(const char *text, size_t n, char **words)
{
    int count = 0;
    while (n && count < WORDS_MAX) {
        const char *end = memchr(text, '\n', n);
        size_t k = end ? (size_t)(end - text) : n;
        words[count++] = sts_strndup(text, k);
        text += end ? k + 1 : k;
        n -= end ? k + 1 : k;
    }
    return count;
}

/* What was accepted can be written down, as a run's config.json is, and is JSON. */
static void options_as_json(const command *c, const void *values)
{
    size_t since = sts_json_denied();
    sts_json *json = sts_json_new_object();
    for (const opt_table *t = c->tables; t && (t->rows || t->library); t++)
        sts_options_json(json, t->rows ? t->rows : t->library(), (const char *)values + t->base, 0,
                         0);
    char *text = sts_json_print(json, false, since);
    sts_err err = {0};
    sts_json *again = text ? sts_json_parse(text, strlen(text), "options", STS_USAGE, &err) : NULL;
    fuzz_check(again, *err.text ? err.text : "options can be written as JSON");
    sts_json_free(again);
    sts_free(text);
    sts_json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1) return 0;
    size_t count = 0;
    while (commands[count]) count++;
    const command *c = commands[data[0] % count];
    const char *text = (const char *)data + 1, *nul = memchr(text, 0, n - 1);
    size_t k = nul ? (size_t)(nul - text) : n - 1;
    char *words[WORDS_MAX + 2];
    int n_words = option_words(text, k, words);
    if (nul) {
        const char *path = fuzz_file("options.json", nul + 1, n - 2 - k);
        words[n_words++] = sts_strdup("--config");
        words[n_words++] = sts_strdup(path);
    }
    void *values = calloc(1, c->size + 1);
    opt_args args = {0};
    sts_err err = {0};
    opt_defaults(c, values);
    if (opt_parse(c, values, n_words, words, &args, &err)) {
        fuzz_check(err.code == STS_USAGE || err.code == STS_FAILED, "a refusal has its code");
        fuzz_check(*err.text, "a refusal has a text");
    } else {
        options_as_json(c, values);
    }
    opt_free(&args);
    free(values);
    for (int i = 0; i < n_words; i++) sts_free(words[i]);
    return 0;
}
