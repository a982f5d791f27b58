/* files.h - a model directory as it was found: its small files byte for byte, and its weight files'
 * tensors by their own names, so that it can be written back in its own spelling. */
#ifndef STS_MODEL_FILES_H
#define STS_MODEL_FILES_H

#include "core/json.h"
#include "format/weights.h"
#include "model/params.h"

#include <sys/types.h>

/* A file that is written back as it is. */
typedef struct sts_blob {
    char *name; /* below the directory, e.g. "1_Pooling/config.json" */
    char *bytes;
    size_t n;
    mode_t mode; /* permissions of the file that it is from; none is added */
} sts_blob;

/* A tensor of a weight file: one of our parameters, or one that is carried through. */
typedef struct sts_tensor_ref {
    char *name;  /* in the file */
    int param;   /* our parameter, or -1 */
    bool drop;   /* neither: not written back (position ids) */
    const sts_dtype *dtype; /* in the file */
    int n_dims;
    size_t shape[STS_TENSOR_DIMS];
    void *bytes; /* of a tensor that is carried through */
    size_t n_bytes;
} sts_tensor_ref;

/* The weight file of one folder. */
typedef struct sts_tensor_set {
    char *folder; /* "" is the directory itself */
    size_t first, end; /* its parameters, [first, end) */
    bool folded;         /* model2vec.c: made of several tensors, or of int8 */
    mode_t mode;         /* permissions that all of its files have */
    sts_weights weights; /* open while loading */
    sts_tensor_ref *v;
    size_t n;
} sts_tensor_set;

/* config_sentence_transformers.json of a model that has none. */
#define STS_SENTENCE_CONFIG                                                                        \
    "{\n  \"prompts\": {},\n  \"default_prompt_name\": null,\n"                                    \
    "  \"similarity_fn_name\": \"cosine\"\n}\n"

/* modules.json of a static model in model2vec's layout. */
#define STS_STATIC_FIRST                                                                           \
    "[\n    {\n        \"idx\": 0,\n        \"name\": \"0\",\n"                                    \
    "        \"path\": \".\",\n"                                                                  \
    "        \"type\": \"sentence_transformers.models.StaticEmbedding\"\n    }"
#define STS_STATIC_NORMALIZE                                                                       \
    ",\n    {\n        \"idx\": 1,\n        \"name\": \"1\",\n"                                   \
    "        \"path\": \"1_Normalize\",\n"                                                        \
    "        \"type\": \"sentence_transformers.models.Normalize\"\n    }"
#define STS_STATIC_MODULES STS_STATIC_FIRST STS_STATIC_NORMALIZE "\n]\n"

typedef struct sts_model_files {
    sts_blob *blob;
    size_t n_blobs, cap_blobs;
    sts_tensor_set *set;
    size_t n_sets, cap_sets;
    char *length_file; /* the blob that holds max_seq_length; NULL: there is none */
    char *outside;     /* a file to be copied that leads out of the directory; NULL: none does */
    char *left_out;    /* one for people that does */
    char *foreign;     /* weights that do */
} sts_model_files;

void sts_model_files_free(sts_model_files *f);

/* Replaces or adds a file; the bytes are copied. */
int sts_files_put(sts_model_files *f, const char *name, const char *bytes, size_t n, sts_err *err);
int sts_files_put_json(sts_model_files *f, const char *name, const sts_json *json, sts_err *err);
/* Takes a file out again; fine if there is none. */
void sts_files_remove(sts_model_files *f, const char *name);
/* A file that was taken in or put, or NULL. */
const sts_blob *sts_files_get(const sts_model_files *f, const char *name);
/* Takes in the files of dir/folder that carry.h's table has for that place (STS_AT_...). One that
 * leads out of the directory is not read but remembered (the first one of its kind). */
int sts_files_collect(sts_model_files *f, const char *dir, const char *folder, unsigned at,
                      sts_err *err);

/* What is written is float32, and a table has one row per token: says so in folder/config.json,
 * where it said something else. */
int sts_files_float32(sts_model_files *f, const char *folder, sts_err *err);
/* Writes a new max_seq_length into the file that holds it. */
int sts_files_set_length(sts_model_files *f, size_t n, sts_err *err);

/* Adds the weight file of dir/folder, open; its parameters will be [first, end). */
sts_tensor_set *sts_files_add_set(sts_model_files *f, const char *dir, const char *folder,
                                  sts_err *err);
/* Adds a set for parameters that no file holds yet, under our own names. */
int sts_files_new_set(sts_model_files *f, const sts_params *params, sts_err *err);

/* Adds a weight file of one matrix, which is copied. */
int sts_files_put_matrix(sts_model_files *f, const char *folder, const char *name, size_t rows,
                         size_t cols, const float *v, sts_err *err);

/* Finds each parameter of the set in its file: prefixes of known architectures are stripped, old
 * names of LayerNorm's accepted, shapes compared. `own` precedes the parameters' names in the
 * table but not in the file ("2."). Nothing is read yet. */
int sts_set_match(sts_tensor_set *set, const sts_params *params, const char *own, sts_err *err);
/* Reads the values into params->value, and what is carried through; closes the file. */
int sts_set_read(sts_tensor_set *set, sts_params *params, sts_err *err);

/* The tensor that holds the rows of static embeddings, or NULL. */
const sts_tensor *sts_model2vec_table(const sts_weights *w);
/* The same for a model2vec table with a mapping, factors or int8 (model2vec.c); it becomes one
 * tensor. */
bool sts_model2vec_is(const sts_tensor_set *set);
int sts_model2vec_match(sts_tensor_set *set, const sts_params *params, sts_err *err);
int sts_model2vec_read(sts_tensor_set *set, sts_params *params, sts_err *err);

/* Writes path/model.safetensors: parameters as F32, the rest as it was. */
int sts_set_write(const sts_tensor_set *set, const sts_params *params, const char *dir,
                  sts_err *err);

#endif
