/* fuzz_info.c - a run from a stranger, described and evaluated on its own dev set: the first byte
 * chooses whether report.json, model/config.json or config.json is the input. */
#include "core/threads.h"
#include "fuzz.h"
#include "stsfit.h"

static const char *const info_part[] = {"report.json", "model/config.json", "config.json"};

/* Names of files in the input that are the machine's own: what they hold is nobody's promise. */
static bool of_machine(const uint8_t *data, size_t n)
{
    return memmem(data, n, "/dev", 4) || memmem(data, n, "/proc", 5) || memmem(data, n, "/sys", 4);
}

static void info_fixture(void)
{
    static const char *const data[] = {"tests/fuzz/seeds/few-pairs.tsv"};
    sts_train_options o = sts_train_defaults();
    sts_err err = {0};
    o.data = data;
    o.n_data = 1;
    o.dev = data[0];
    o.output = fuzz_path("described");
    o.max_steps = 1;
    sts_threads_set(1);
    fuzz_check(!sts_train(&o, NULL, NULL, NULL, &err), err.text);
    atexit(fuzz_clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static bool ready;
    sts_err err = {0};
    if (!ready) info_fixture();
    ready = true;
    if (!n || of_machine(data, n)) return 0;
    char path[160], from[160], to[160];
    snprintf(from, sizeof from, "%s", fuzz_path("described"));
    snprintf(to, sizeof to, "%s", fuzz_path("shown"));
    sts_dir_remove(to, NULL);
    fuzz_copy(from, "shown");
    snprintf(path, sizeof path, "shown/%s", info_part[data[0] % 3]);
    fuzz_file(path, data + 1, n - 1);
    for (int form = STS_INFO_SUMMARY; form <= STS_INFO_JSON; form++) {
        char *text = sts_info(to, (sts_info_form)form, &err);
        if (!text) fuzz_refused(&err);
        for (const char *p = text; p && *p; p++)
            fuzz_check((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t', "info is printable");
        sts_free_text(text);
    }
    sts_eval_options e = {.model = to};
    char *out = NULL;
    if (sts_eval(&e, STS_AS_TEXT, &out, &err)) fuzz_refused(&err);
    sts_free_text(out);
    return 0;
}
