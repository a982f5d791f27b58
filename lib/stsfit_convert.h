/* stsfit_convert.h - models made of models: merged, smaller, static, or for other programs; and
 * smaller vectors. Included by stsfit.h. */
#ifndef STSFIT_CONVERT_H
#define STSFIT_CONVERT_H

#include "stsfit.h"

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* ---- merging ------------------------------------------------------------------------------- */

typedef struct sts_merge_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *const *models; /* directories of models of one shape: two or more */
    size_t n_models;
    const char *output;        /* a directory that does not exist, or is empty */
    const char *method;        /* linear, slerp (of two models) or greedy; NULL: linear */
    const char *weights;       /* "1,2,...": one for each model; NULL: equal */
    const char *dev;           /* scored pairs or triplets to evaluate on; greedy needs it */
    const char *metric;        /* of dev; NULL: the default */
    sts_data_options reading;  /* of dev */
    const volatile int *stop;  /* as sts_train_options.stop */
} sts_merge_options;

/* Averages the weights of models and writes the result, a model directory with the first model's
 * files. greedy adds one after the other, the best on dev first, unless the metric falls. *out
 * (freed by sts_free_text) is a table or JSON. -1 with STS_MODEL where the models differ in
 * modules, tensors, tokenizer or settings; nothing is written then. */
int sts_merge(const sts_merge_options *o, sts_form form, char **out, sts_err *err);

/* ---- smaller models and other formats ------------------------------------------------------ */

typedef struct sts_distill_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *model, *output; /* the output is absent or an empty directory */
    const char *vocabulary;     /* a file of words to add, one per line; NULL: none */
    int64_t dims;               /* 0: 256, or the encoder's width where that is less */
    double sif;                 /* NAN: 1e-4; 0: all tokens have one weight */
    const char *pooling;        /* of a token's vectors: "mean", "first", "last"; NULL: mean */
    int64_t batch_size;         /* as sts_model_set */
    const char *precision;
    const volatile int *stop;   /* as sts_train_options.stop */
} sts_distill_options;

/* Writes a static model, made from an encoder: a vector for each token, as model2vec distills it.
 * The directory is complete or absent. *out (freed by sts_free_text) is a summary. */
int sts_distill(const sts_distill_options *o, sts_form form, char **out, sts_err *err);

typedef struct sts_shrink_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *model, *output; /* the output is absent or an empty directory */
    const char *layers;     /* "0,2,4": those to keep, from 0; NULL: all */
    int64_t dims;           /* principal components of the vectors of `data` to keep; 0: all */
    const char *data;       /* a file of texts; NULL: none */
    const char *vocabulary; /* a file of texts: only their tokens are kept; NULL: all */
    const char *dev;        /* a file of pairs to evaluate on before and after; NULL: none */
    sts_data_options reading; /* of dev */
    const volatile int *stop; /* as sts_train_options.stop */
} sts_shrink_options;

/* Writes a smaller model, with what was done in its card. The directory is complete or absent. *out
 * (freed by sts_free_text) has size, sentences per second and the dev figure before and after. */
int sts_shrink(const sts_shrink_options *o, char **out, sts_err *err);

typedef struct sts_export_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *model, *output; /* the output is a GGUF file */
    const char *type;           /* of matrices: "f32", "f16", "q8_0"; NULL: f16 */
} sts_export_options;

/* Writes a model of BERT's family or a ModernBERT for llama.cpp: weights, tokenizer, pooling. What
 * llama.cpp cannot run is refused (STS_MODEL). *out (freed by sts_free_text) is a summary. */
int sts_export(const sts_export_options *o, char **out, sts_err *err);

/* ---- vectors in fewer bytes ------------------------------------------------------------------ */

/* Turns vectors of float32 into bytes, as quantize_embeddings of sentence-transformers does. */
typedef struct sts_quantizer sts_quantizer;

/* `type` is "int8", one byte per number: in which of 256 steps from the lowest to the highest value
 * of that number it is, from -128 (two's complement); or "ubinary", one bit per number: whether it
 * is above 0, the first one in the highest bit. `width` is that of the vectors. NULL on error
 * (STS_USAGE: another type). Freed by sts_quantizer_free (NULL is fine). */
sts_quantizer *sts_quantizer_new(const char *type, size_t width, sts_err *err);
void sts_quantizer_free(sts_quantizer *q);

/* Whether it needs the ranges of numbers, as int8 does. */
bool sts_quantizer_has_ranges(const sts_quantizer *q);
/* Widens them to those of n more vectors [n x width]. No effect on "ubinary". */
void sts_quantizer_fit(sts_quantizer *q, const float *v, size_t n);
/* Whether they are known: 0, or -1 (STS_DATA) after fewer than 2 vectors; a note after fewer than
 * 100. `from` is whose vectors they are. */
int sts_quantizer_check(const sts_quantizer *q, const char *from, sts_err *err);

/* Bytes that a vector becomes. */
size_t sts_quantizer_bytes(const sts_quantizer *q);
/* Quantizes v [n x width] into out [n x sts_quantizer_bytes(q)]. */
void sts_quantizer_apply(const sts_quantizer *q, const float *v, size_t n, void *out);

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
