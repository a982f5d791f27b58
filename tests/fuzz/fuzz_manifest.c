/* fuzz_manifest.c - checksums.json of a checkpoint from a stranger: checked, and the model that it
 * lists put in place. */
#include "fuzz.h"
#include "train/checkpoint.h"
#include "train/manifest.h"

static void listed_file(const char *name)
{
    fuzz_file(name, "text", 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const needed[] = {"config.json"};
    static bool ready;
    sts_err err = {0};
    if (!ready) {
        fuzz_check(!sts_dir_make(fuzz_path("listed/b"), NULL), "the scratch directory");
        listed_file("listed/config.json");
        listed_file("listed/b/config.json");
        listed_file("listed/notes.txt");
        listed_file("outside");
        fuzz_check(!symlink("../outside", fuzz_path("listed/vocab.txt")), "a link");
        atexit(fuzz_clean);
        ready = true;
    }
    fuzz_file("listed/checksums.json", data, n);
    if (sts_manifest_check(fuzz_path("listed"), needed, 1, &err)) fuzz_refused(&err);
    char from[160], to[160];
    snprintf(from, sizeof from, "%s", fuzz_path("listed"));
    snprintf(to, sizeof to, "%s", fuzz_path("published"));
    char *staged = sts_checkpoint_stage(from, to, &err);
    if (!staged || sts_checkpoint_publish(staged, to, &err)) fuzz_refused(&err);
    sts_free(staged);
    fuzz_check(!sts_file_exists(fuzz_path("published/notes.txt")), "notes are no part of a model");
    fuzz_check(!sts_file_exists(fuzz_path("published/vocab.txt")), "no link out is followed");
    fuzz_check(sts_file_size(fuzz_path("outside")) == 4, "nothing outside is written");
    return 0;
}
