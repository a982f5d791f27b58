/* fuzz_checkpoint.c - a run directory to resume from: the first byte chooses which file of it is
 * the input; the checksums are made right again, so that it is not only them that stop it. */
#include "core/threads.h"
#include "fuzz.h"
#include "train/manifest.h"
#include "stsfit.h"

static const char *const state_part[] = {"checkpoint-2/trainer.json", "checkpoint-2/optimizer.bin",
                                         "log.jsonl", "checkpoint-2/checksums.json",
                                         "predictions.tsv", "checkpoint-2/config.json",
                                         "checkpoint-2/average.bin"};
#define STATE_PARTS (sizeof state_part / sizeof *state_part)

static const char *const listed[] = {"config.json", "model.safetensors", STS_OPTIMIZER, STS_STATE,
                                     STS_AVERAGE};
#define LISTED (sizeof listed / sizeof *listed)

static int state_train(bool resume, int64_t steps, sts_err *err)
{
    static const char *const data[] = {"tests/fuzz/seeds/few-pairs.tsv"};
    static volatile int stop;
    stop = resume ? 15 : 0;
    sts_train_options o = sts_train_defaults();
    o.data = data;
    o.n_data = 1;
    o.dev = data[0];
    o.output = resume ? fuzz_path("again") : fuzz_path("run");
    o.resume = resume;
    o.batch_size = 2;
    o.max_steps = steps;
    o.save_steps = 2;
    o.save_total_limit = 9;
    o.average = "ema:0.5";
    o.stop = &stop;
    return sts_train(&o, NULL, NULL, NULL, err);
}

/* The input over the beginning of the file, which is long. */
static void overlay(const char *name, const uint8_t *data, size_t n)
{
    FILE *f = fopen(fuzz_path(name), "r+b");
    fuzz_check(f && fwrite(data, 1, n, f) == n && !fclose(f), "the scratch file was written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static bool ready;
    sts_err err = {0};
    if (!ready) {
        sts_threads_set(1);
        fuzz_check(!state_train(false, 4, &err), err.text);
        sts_dir_remove(fuzz_path("run/checkpoint-4"), NULL);
        atexit(fuzz_clean);
        ready = true;
    }
    if (!n) return 0;
    const char *name = state_part[(data[0] & 0x3f) % STATE_PARTS];
    char from[160], path[160];
    snprintf(from, sizeof from, "%s", fuzz_path("run"));
    sts_dir_remove(fuzz_path("again"), NULL);
    fuzz_copy(from, "again");
    snprintf(path, sizeof path, "again/%s", name);
    if (data[0] & 0x40) overlay(path, data + 1, n - 1);
    else fuzz_file(path, data + 1, n - 1);
    if ((data[0] & 0x3f) % STATE_PARTS != 3 && !(data[0] & 0x80))
        fuzz_check(!sts_manifest_write(fuzz_path("again/checkpoint-2"), listed, LISTED, &err),
                   err.text);
    if (state_train(true, 4, &err)) fuzz_check(err.code >= 1 && *err.text, "a refusal has a text");
    char *out = sts_info(fuzz_path("again"), STS_INFO_JSON, &err);
    sts_free_text(out);
    return 0;
}
