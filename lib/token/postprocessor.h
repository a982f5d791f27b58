/* postprocessor.h - where special tokens go around a text. */
#ifndef STS_TOKEN_POSTPROCESSOR_H
#define STS_TOKEN_POSTPROCESSOR_H

#include "core/json.h"

#include <stdint.h>

#define STS_POST_TEXT (-1) /* stands for the text's own ids */

typedef struct sts_post {
    int32_t *item; /* ids, and STS_POST_TEXT where the text goes */
    size_t n, cap;
    size_t specials; /* how many ids */
    bool typed;      /* not all tokens are of type 0 */
} sts_post;

/* Reads the "post_processor" in->object (NULL or null: the text alone). On failure p is to be freed
 * all the same. */
int sts_post_load(sts_post *p, const sts_json_in *in);
/* "CLS text SEP". */
int sts_post_wrap(sts_post *p, int32_t cls, int32_t sep, sts_err *err);
void sts_post_free(sts_post *p);

#endif
