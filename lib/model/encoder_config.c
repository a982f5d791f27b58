/* encoder_config.c - reading an encoder's settings strictly. */
#include "model/encoder_config.h"

#include "model/config.h"

#include <string.h>

/* null where a setting of the architecture should be: the reference refuses it, too. */
static int check_null(const sts_json_in *in, const char *key)
{
    if (!key || !sts_json_is_null(sts_json_get(in->object, key))) return 0;
    return sts_fail(in->err, in->code, "%s: \"%s\" is null", in->name, key);
}

int sts_config_int(const sts_json_in *in, const char *key, int min, int max, int *out)
{
    int64_t x = *out;
    if (check_null(in, key)) return -1;
    if (key && sts_json_int(in, key, min, max, &x)) return -1;
    *out = (int)x;
    return 0;
}

int sts_config_size(const sts_json_in *in, const char *key, int min, int max, int *out)
{
    if (key && in->object && !sts_json_get(in->object, key))
        sts_note(STS_WARN, "%s: \"%s\" is missing (%d assumed)", in->name, key, *out);
    return sts_config_int(in, key, min, max, out);
}

int sts_config_float(const sts_json_in *in, const char *key, double min, double max, float *out)
{
    double x = (double)*out;
    if (check_null(in, key)) return -1;
    if (key && sts_json_num(in, key, min, max, &x)) return -1;
    *out = (float)x;
    return 0;
}

int sts_config_prob(const sts_json_in *in, const char *key, float *out)
{
    return sts_config_float(in, key, 0, 0.9999, out);
}

int sts_config_act(const sts_json_in *in, const char *key, sts_act *out)
{
    const char *name = NULL;
    if (check_null(in, key) || sts_json_text(in, key, &name)) return -1;
    if (!name || sts_act_find(name, out)) return 0;
    return sts_fail(in->err, in->code, "%s: %s \"%s\" is not supported; these are: %s", in->name,
                    key, name, sts_act_names);
}

int sts_config_pad(const sts_json_in *in, int vocab, int *out)
{
    if (sts_json_is_null(sts_json_get(in->object, "pad_token_id"))) {
        *out = -1;
        return 0;
    }
    if (*out >= vocab) *out = vocab - 1; /* a default that is too large */
    return sts_config_int(in, "pad_token_id", 0, vocab - 1, out);
}

int sts_config_heads(const sts_json_in *in, int hidden, int heads)
{
    if (hidden % heads == 0) return 0;
    return sts_fail(in->err, in->code, "%s: a width of %d cannot be shared out among %d heads",
                    in->name, hidden, heads);
}

int sts_config_refuse(const sts_json_in *in)
{
    static const char *const must_be_off[] = {
        "is_decoder",   "add_cross_attention", "is_encoder_decoder",  "rope_scaling",
        "pruned_heads", "relative_attention",  "quantization_config", "use_bfloat16",
    };
    for (size_t i = 0; i < sizeof must_be_off / sizeof *must_be_off; i++) {
        if (sts_config_off(in->object, must_be_off[i])) continue;
        bool on = sts_json_is_true(sts_json_get(in->object, must_be_off[i]));
        return sts_fail(in->err, in->code, "%s: \"%s\" %s, which is not supported", in->name,
                        must_be_off[i], on ? "is true" : "is not empty");
    }
    const char *type = "absolute";
    if (sts_json_text(in, "position_embedding_type", &type)) return -1;
    if (!strcmp(type, "absolute")) return 0;
    return sts_fail(in->err, in->code,
                    "%s: position_embedding_type \"%s\" is not supported, only \"absolute\"",
                    in->name, type);
}
