/* module_config.c - what the configure functions of modules share. */
#include "model/module.h"

#include <stdio.h>
#include <string.h>

int sts_module_param(sts_module *m, sts_params *params, sts_err *err, int k, unsigned flags,
                     const char *name, int n_dims, const size_t *shape)
{
    char full[128];
    snprintf(full, sizeof full, "%d.%s", m->idx, name);
    m->param[k] = sts_params_add(params, err, flags, full, n_dims, shape);
    return m->param[k] < 0 ? -1 : 0;
}

int sts_module_check_names(const sts_module *m, const sts_json_in *in)
{
    static const char *const key[] = {"module_input_name", "module_output_name"};
    const char *passes = m->tokens ? "token_embeddings" : "sentence_embedding";
    for (int i = 0; i < 2; i++) {
        const char *name = i ? passes : "sentence_embedding"; /* ST's default for the input */
        if (sts_json_text(in, key[i], &name)) return -1;
        if (strcmp(name, passes))
            return sts_fail(in->err, in->code, "%s: \"%s\": \"%s\" is not supported here, where "
                            "only \"%s\" passes", in->name, key[i], name, passes);
    }
    return 0;
}
