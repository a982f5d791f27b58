/* fuzz_model.c - the JSON files of a model's directory: the first byte chooses which one is
 * replaced by the input. A model that still loads encodes a text into finite numbers or refuses,
 * has calibrated scores that are finite, and is exported. */
#include "core/threads.h"
#include "fuzz.h"
#include "stsfit.h"
#include "stsfit_convert.h"

#include <math.h>

static const char *const model_part[] = {
    "config.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json",
    "config_sentence_transformers.json", "tokenizer_config.json", "special_tokens_map.json",
    "2_Dense/config.json", "stsfit.json",
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

static void calibrate_model(const sts_model *m)
{
    sts_err err = {0};
    sts_calibration *c = sts_calibration_load(m, &err);
    if (!c) fuzz_refused(&err);
    for (double x = -1; c && x <= 1; x += 0.25)
        fuzz_check(isfinite(sts_calibration_apply(c, x)), "calibrated scores are finite");
    sts_calibration_free(c);
}

static void export_model(void)
{
    sts_err err = {0};
    char from[160], *text = NULL;
    snprintf(from, sizeof from, "%s", fuzz_path("model"));
    sts_export_options o = {.model = from, .output = fuzz_path("exported.gguf")};
    if (sts_export(&o, &text, &err)) fuzz_refused(&err);
    sts_free_text(text);
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
        calibrate_model(m);
        export_model();
    }
    sts_model_free(m);
    restore_part(name);
    return 0;
}
