/* ids.c - a list of token ids that grows. */
#include "token/tokenizer.h"

#include "core/mem.h"

void sts_ids_free(sts_ids *ids)
{
    sts_free(ids->v);
    *ids = (sts_ids){0};
}

int sts_ids_push(sts_ids *ids, int32_t id)
{
    if (ids->n == ids->cap && sts_grow(&ids->v, ids->n, &ids->cap, sizeof *ids->v)) return -1;
    ids->v[ids->n++] = id;
    return 0;
}
