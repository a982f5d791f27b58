/* tokenizer_class.h - what transformers' tokenizer classes make of a directory: parts and special
 * tokens of their own, from tokenizer_config.json. */
#ifndef STS_TOKEN_TOKENIZER_CLASS_H
#define STS_TOKEN_TOKENIZER_CLASS_H

#include "token/tokenizer_config.h"
#include "token/tokenizer_parts.h"

/* What a class has unless tokenizer_config.json says otherwise. */
typedef struct sts_token_class {
    const char *name, *model_type;
    const char *cls, *sep, *unk, *pad, *mask;
    const char *model;                     /* its "type" in tokenizer.json */
    const char *normalizer, *pretokenizer; /* that it builds; "": none; NULL: tokenizer.json's */
    bool mask_lstrip;
} sts_token_class;

/* By "tokenizer_class", else by the model's type; NULL: none of those known. */
const sts_token_class *sts_token_class_find(const sts_token_config *c);

/* Refuses settings that change ids and are not implemented. */
int sts_token_class_options(const sts_token_config *c, sts_err *err);

/* The normalizer and the pre-tokenizer of a class that builds them. */
int sts_token_class_parts(sts_tokenizer *t, const sts_token_class *k, const sts_token_config *c,
                          sts_err *err);

/* Classes over sentencepiece, which are those without parts of their own, split at blanks first,
 * even where tokenizer.json leaves that out. */
int sts_token_class_pieces(sts_tokenizer *t, const char *name, sts_err *err);

/* Refuses a tokenizer.json (t, read from it) that the class `k` (may be NULL) or the special and
 * added tokens beside it in `dir` contradict. */
int sts_token_class_agrees(const sts_tokenizer *t, const sts_token_class *k,
                           const sts_token_config *c, const char *dir, sts_err *err);

/* The content of the special token `key` ("cls_token"). */
const char *sts_token_class_special(const sts_token_config *c, const char *key,
                                    const char *standard);

/* Refuses tokens added to the model's beside those that t knows. */
int sts_token_class_added(const sts_tokenizer *t, const char *dir, const sts_token_config *c,
                          sts_err *err);

#endif
