/* model_file.c - an output is opened before the work, and is not a file of a model. */
#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "core/sys.h"
#include "model/carry.h"

#include <string.h>

static bool ends(const char *name, const char *with)
{
    size_t n = strlen(name), k = strlen(with);
    return n > k && !strcmp(name + n - k, with);
}

/* Names that files of models and checkpoints have, at the top or in a folder. */
static bool is_name(const char *name)
{
    static const char *const more[] = {STS_MANIFEST, "trainer.json", "stsfit.json"};
    static const char *const weights[] = {".safetensors", ".bin", ".safetensors.index.json",
                                          ".bin.index.json"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (!strcmp(name, more[i])) return true;
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        if (ends(name, weights[i])) return true;
    return sts_carry_known(name);
}

/* Whether the directory, n bytes of path, holds one of `marks`: 1, 0, or -1. */
static int holds(const char *path, size_t n, const char *const *marks, sts_err *err)
{
    char *dir = n ? sts_strndup(path, n) : sts_strdup(".");
    int found = dir ? 0 : sts_fail_memory(err, path);
    for (; *marks && !found; marks++) {
        char *file = sts_path_join(dir, *marks);
        found = file ? sts_file_exists(file) : sts_fail_memory(err, path);
        sts_free(file);
    }
    sts_free(dir);
    return found;
}

/* Is path a file that is there and that a model has, in its directory or one of its folders? 1, 0,
 * or -1. */
static int is_of_model(const char *path, sts_err *err)
{
    static const char *const model[] = {"modules.json", "model.safetensors", "pytorch_model.bin",
                                        "model.safetensors.index.json",
                                        "pytorch_model.bin.index.json", NULL};
    static const char *const parent[] = {"modules.json", NULL};
    struct stat s;
    sts_str name = sts_path_last(path);
    if (sts_sys.lstat(path, &s) || S_ISDIR(s.st_mode) || !is_name(name.s)) return 0;
    size_t n = (size_t)(name.s - path);
    int found = holds(path, n, model, err);
    if (found) return found;
    char *above = n ? sts_strndup(path, n) : sts_strdup("./"), *up = NULL;
    if (above) up = sts_path_join(above, "..");
    found = up ? holds(up, strlen(up), parent, err) : sts_fail_memory(err, path);
    sts_free(above);
    sts_free(up);
    return found;
}

int sts_carry_spare(const char *path, sts_err *err)
{
    int own = is_of_model(path, err);
    if (own <= 0) return own;
    return sts_fail(err, STS_USAGE, "%s: belongs to the model in its directory: give the output "
                                    "another name", path);
}

sts_writer *sts_output_open(const char *path, const char *const *input, size_t n, sts_err *err)
{
    bool refused = sts_output_check(path, input, n, err) || sts_carry_spare(path, err);
    return refused ? NULL : sts_writer_open(path, err);
}
