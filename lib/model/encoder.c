/* encoder.c - the registry of encoders. */
#include "model/encoder.h"

#include "model/config.h"

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

const sts_encoder *sts_encoder_find(const char *model_type)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (sts_config_listed(all[i]->model_type, model_type)) return all[i];
    return NULL;
}
