/* token_help.h - tokenizers for tests, written as JSON in parts. */
#ifndef TOKEN_HELP_H
#define TOKEN_HELP_H

#include "token/tokenizer_parts.h"

#include <stdio.h>
#include <string.h>

#define WORDS                                                                                      \
    "{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":{\"?\":0,\"a\":1,\"b\":2,\"ab\":3,"     \
    "\"c\":4,"                                                                                     \
    "\"\u00e9\":5,\"_\":6,\"_a\":7,\"_b\":8,\"-\":9,\"--\":10,\"a-\":11,\"-b\":12,\"X\":13}}"

/* Each part is JSON or NULL, which stands for null. */
typedef struct token_json {
    const char *model, *normalizer, *pre, *post, *added;
} token_json;

static inline sts_tokenizer *token_make(const token_json *j, bool lower, bool special, sts_err *err)
{
    char text[8192];
    int n =
        snprintf(text, sizeof text,
                 "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":%s,"
                 "\"normalizer\":%s,\"pre_tokenizer\":%s,\"post_processor\":%s,\"decoder\":null,"
                 "\"model\":%s}",
                 j->added ? j->added : "[]", j->normalizer ? j->normalizer : "null",
                 j->pre ? j->pre : "null", j->post ? j->post : "null", j->model ? j->model : WORDS);
    return sts_tokenizer_parse((sts_str){text, (size_t)n}, "t.json", lower, special, err);
}

/* Ids as text: "1 2 3". */
static inline const char *token_show(char out[1024], const sts_ids *ids)
{
    size_t at = 0;
    out[0] = 0;
    for (size_t i = 0; i < ids->n && at < 1000; i++)
        at += (size_t)snprintf(out + at, 1024 - at, "%s%d", i ? " " : "", (int)ids->v[i]);
    return out;
}

#endif
