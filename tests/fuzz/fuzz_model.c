/* fuzz_model.c - the JSON files of a model's directory: the first byte chooses which one is
 * replaced by the input. A model that still loads encodes a text into finite numbers or refuses. */
#include "core/threads.h"
#include "fuzz.h"
#include "stsfit.h"

#include <math.h>

static const char *const model_part[] = {
    "config.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json",
    "config_sentence_transformers.json", "tokenizer_config.json", "special_tokens_map.json",
    "2_Dense/config.json",
};
#define MODEL_PARTS (sizeof model_part / sizeof *model_part)

/* Puts the part back as it was. */
static void restore_part(const char *name)
{
    char from[256], to[256];
    snprintf(from, sizeof from, "tests/golden/variants/dense-tanh/%s", name);
    snprintf(to, sizeof to, "model/%s", name);
    if (sts_file_exists(from)) fuzz_check(!sts_file_copy(from, fuzz_path(to), NULL), "copying");
    else unlink(fuzz_path(to));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static bool ready;
    if (!ready) {
        fuzz_copy("tests/golden/variants/dense-tanh", "model");
        atexit(fuzz_clean);
        sts_threads_set(1);
        ready = true;
    }
    if (!n) return 0;
    const char *name = model_part[data[0] % MODEL_PARTS];
    char path[256];
    snprintf(path, sizeof path, "model/%s", name);
    fuzz_file(path, data + 1, n - 1);
    sts_err err = {0};
    sts_model *m = sts_model_load(fuzz_path("model"), &err);
    if (!m) {
        fuzz_refused(&err);
        fuzz_check(err.code == STS_MODEL, "a bad model is refused with code 4");
    } else {
        sts_str text = {"A man is playing a guitar.", 26};
        float *x = sts_alloc((size_t)sts_model_width(m), sizeof *x);
        if (sts_encode(m, &text, 1, x, NULL, &err)) fuzz_refused(&err);
        sts_free(x);
    }
    sts_model_free(m);
    restore_part(name);
    return 0;
}
