/* encoder.c - the registry of encoders. */
#include "model/encoder.h"

#include <string.h>

#define ENCODER(name) extern const sts_encoder sts_encoder_##name;
#include "encoder_list.h"
#undef ENCODER

static const sts_encoder *const all[] = {
#define ENCODER(name) &sts_encoder_##name,
#include "encoder_list.h"
#undef ENCODER
};

const sts_encoder *const *sts_encoder_all(size_t *n)
{
    *n = sizeof all / sizeof *all;
    return all;
}

/* Is word one of those in the space-separated list? */
static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; n && (at = strstr(at, word)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n])) return true;
    return false;
}

const sts_encoder *sts_encoder_find(const char *model_type)
{
    if (strchr(model_type, ' ')) return NULL;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (listed(all[i]->model_type, model_type)) return all[i];
    return NULL;
}
