/* tokenizer_config.h - tokenizer_config.json and special_tokens_map.json of a directory. */
#ifndef STS_TOKEN_TOKENIZER_CONFIG_H
#define STS_TOKEN_TOKENIZER_CONFIG_H

#include "core/json.h"

typedef struct sts_token_config {
    sts_json *json, *map; /* NULL when the file is absent */
    char *name;         /* of tokenizer_config.json, for messages */
    char *config_name;  /* of config.json */
    char class[64];     /* "tokenizer_class" without "Fast"; "" when absent */
    bool class_in_config; /* where it stands; else in tokenizer_config.json */
    char type[64];      /* "model_type" of config.json; "" when absent */
    size_t max_length;  /* "model_max_length"; 0: none */
} sts_token_config;

/* Both files are optional. On failure c is to be freed all the same. */
int sts_token_config_load(sts_token_config *c, const char *dir, sts_err *err);
void sts_token_config_free(sts_token_config *c);

/* The getters over tokenizer_config.json. */
sts_json_in sts_token_config_in(const sts_token_config *c, sts_err *err);

/* The special token `key` ("cls_token") as either file has it: a text, or an object with its
 * "content"; NULL when neither has. special_tokens_map.json goes first, unless
 * tokenizer_config.json lists the added tokens. */
const sts_json *sts_token_config_special(const sts_token_config *c, const char *key);

#endif
