/* encoder_config.h - what encoders share in reading config.json: sizes within reason,
 * probabilities, activations, and refusing what is not implemented. */
#ifndef STS_MODEL_ENCODER_CONFIG_H
#define STS_MODEL_ENCODER_CONFIG_H

#include "core/json.h"
#include "math/activation.h"

/* Limits on sizes, so that their products stay far from overflow. */
enum {
    STS_MAX_WIDTH = 1 << 17,
    STS_MAX_VOCAB = 1 << 26,
    STS_MAX_POSITIONS = 1 << 20,
    STS_MAX_LAYERS = 1024
};

/* Each reads a key (NULL: nothing to read) into *out, which keeps its value when the key is absent
 * or null. 0, or -1 with in->err naming file, key and value. */
int sts_config_int(const sts_json_in *in, const char *key, int min, int max, int *out);
/* The same for a size that every config.json of the architecture has: assuming the default is
 * noted, since shapes that do not fit are likely to follow. */
int sts_config_size(const sts_json_in *in, const char *key, int min, int max, int *out);
int sts_config_float(const sts_json_in *in, const char *key, double min, double max, float *out);
int sts_config_prob(const sts_json_in *in, const char *key, float *out); /* 0 <= p < 1 */
int sts_config_act(const sts_json_in *in, const char *key, sts_act *out);
/* A padding id below `vocab`; explicit null gives -1. */
int sts_config_pad(const sts_json_in *in, int vocab, int *out);

/* Refuses the keys that would change the arithmetic of any encoder here. */
int sts_config_refuse(const sts_json_in *in);

/* hidden % heads == 0, or a message. */
int sts_config_heads(const sts_json_in *in, int hidden, int heads);

#endif
