/* test_adjust.c - the learning rates of a model's layers. */
#include "model/model.h"
#include "train/adamw.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define MODELS "tests/golden/models/"

typedef struct rate {
    const char *model, *tensor;
    double factor;
} rate;

static const rate rates[] = {
    {"bert", "embeddings.position_embeddings.weight", 0.25},
    {"bert", "embeddings.LayerNorm.weight", 0.25},
    {"bert", "encoder.layer.0.attention.self.query.weight", 0.5},
    {"bert", "encoder.layer.1.output.dense.bias", 1},
    {"mpnet", "encoder.relative_attention_bias.weight", 1}, /* of every layer */
    {"mpnet", "encoder.layer.0.intermediate.dense.weight", 0.5},
    {"modernbert", "layers.0.mlp.Wo.weight", 0.125},
    {"modernbert", "final_norm.weight", 1},
};

/* How far the first update moves the first number of a tensor, in units of the learning rate. */
static double move(sts_model *m, const char *tensor)
{
    const sts_adamw_options o = {0.9, 0.999, 1e-8, 0, 0};
    const sts_schedule schedule = {STS_CONSTANT, 1e-2, 0, 10};
    sts_adamw a;
    cr_assert(!sts_adamw_init(&a, &m->params, &o, &schedule, NULL));
    const sts_param *p = sts_params_find(&m->params, tensor);
    cr_assert(p, "%s", tensor);
    double before = (double)m->params.value[p->offset];
    m->params.grad[p->offset] = 1;
    cr_assert(!sts_adamw_touch(&a, NULL, 0, NULL));
    sts_adamw_update(&a, 1, 1);
    sts_adamw_free(&a);
    return (before - (double)m->params.value[p->offset]) / 1e-2;
}

Test(adjust, each_layer_learns_more_slowly_than_the_one_above)
{
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const rate *r = &rates[i];
        char dir[64];
        snprintf(dir, sizeof dir, MODELS "%s", r->model);
        sts_model *m = sts_model_load(dir, NULL);
        cr_assert(m && !sts_model_decay_layers(m, 0.5, NULL));
        double moved = move(m, r->tensor);
        cr_assert_float_eq(moved, r->factor, 1e-4, "%s %s: %g", r->model, r->tensor, moved);
        sts_model_free(m);
    }
}

Test(adjust, what_follows_the_layers_learns_at_full_rate)
{
    sts_model *m = sts_model_load("tests/golden/variants/dense-tanh", NULL);
    cr_assert(m && !sts_model_decay_layers(m, 0.5, NULL));
    bool found = false;
    for (size_t i = 0; i < m->params.n; i++) {
        if (strncmp(m->params.v[i].name, "2.", 2) != 0) continue;
        found = true;
        cr_assert(m->params.v[i].lr_scale >= 1, "%s", m->params.v[i].name);
    }
    cr_assert(found);
    sts_model_free(m);
}

Test(adjust, layers_that_share_weights_or_are_absent_are_refused)
{
    static const char *const names[] = {"albert", "static"};
    for (int i = 0; i < 2; i++) {
        char dir[64];
        sts_err err = {0};
        snprintf(dir, sizeof dir, MODELS "%s", names[i]);
        sts_model *m = sts_model_load(dir, NULL);
        cr_assert(m && sts_model_decay_layers(m, 0.5, &err));
        cr_assert(err.code == STS_USAGE && strstr(err.text, "--layer-decay"), "%s", err.text);
        sts_model_free(m);
    }
}
