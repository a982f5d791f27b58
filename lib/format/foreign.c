/* foreign.c - the weights of other programs, recognised by name. */
#include "format/foreign.h"

#include "core/file.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ORIGINAL "get model.safetensors from where the model was published"
#define CONVERT(from)                                                                              \
    "transformers 4 converts it: AutoModel.from_pretrained(DIR, from_" from                        \
    "=True).save_pretrained(DIR)"
#define MERGE "merge the adapter into its base model first (merge_and_unload of peft)"

static const struct {
    const char *name; /* of a folder or file, or its end when it starts with a point */
    const char *what, *remedy;
} kinds[] = {
    {"onnx", "ONNX", ORIGINAL},
    {"openvino", "OpenVINO", ORIGINAL},
    {".onnx", "ONNX", ORIGINAL},
    {"openvino_model.xml", "OpenVINO", ORIGINAL},
    {".gguf", "GGUF, for llama.cpp", ORIGINAL},
    {"tf_model.h5", "TensorFlow", CONVERT("tf")},
    {".ckpt.index", "TensorFlow", CONVERT("tf")},
    {"saved_model.pb", "TensorFlow", CONVERT("tf")},
    {"flax_model.msgpack", "Flax", CONVERT("flax")},
    {"adapter_model.safetensors", "a PEFT adapter", MERGE},
    {"adapter_model.bin", "a PEFT adapter", MERGE},
    {"rust_model.ot", "rust-bert", ORIGINAL},
    {".mlmodel", "Core ML", ORIGINAL},
    {".mlpackage", "Core ML", ORIGINAL},
    {".tflite", "TensorFlow Lite", ORIGINAL},
};

static bool is_kind(const char *name, const char *kind)
{
    size_t n = strlen(name), k = strlen(kind);
    if (*kind != '.') return !strcmp(name, kind);
    return n > k && !strcasecmp(name + n - k, kind);
}

/* Weights that are right, but lie in a folder of their own. */
static bool has_weights(const char *dir, const char *folder)
{
    static const char *const name[] = {"model.safetensors", "pytorch_model.bin"};
    bool found = false;
    for (size_t i = 0; i < 2 && !found; i++) {
        char *inner = sts_path_join(dir, folder);
        char *path = inner ? sts_path_join(inner, name[i]) : NULL;
        found = path && sts_file_exists(path);
        sts_free(inner);
        sts_free(path);
    }
    return found;
}

static bool describe(const char *dir, const char *name, char out[STS_FOREIGN_TEXT])
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_kind(name, kinds[i].name)) continue;
        snprintf(out, STS_FOREIGN_TEXT, "only %.100s (%s): %s", name, kinds[i].what,
                 kinds[i].remedy);
        return true;
    }
    if (!has_weights(dir, name)) return false;
    snprintf(out, STS_FOREIGN_TEXT, "only those in %.100s/: is the directory complete?", name);
    return true;
}

const char *sts_foreign_weights(const char *dir, char out[STS_FOREIGN_TEXT])
{
    sts_err unused = {0};
    char **names;
    size_t n;
    *out = 0;
    if (!sts_dir_exists(dir) || sts_dir_list(dir, &names, &n, &unused)) return out;
    for (size_t i = 0; i < n && !describe(dir, names[i], out); i++) continue;
    sts_names_free(names, n);
    return out;
}
