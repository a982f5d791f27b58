/* adjust.c - settings of a loaded model: what is frozen, how fast layers learn, and dropout. */
#include "model/model.h"

#include "core/strbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The layer that a tensor belongs to, from "...layer.N...." or "layers.N....": -1 when none. */
static long layer_of(const char *name)
{
    const char *p = strstr(name, "layer.");
    if (!p) p = strstr(name, "layers.");
    if (!p) return -1;
    p = strchr(p, '.') + 1;
    return *p >= '0' && *p <= '9' ? strtol(p, NULL, 10) : -1;
}

int sts_model_own_layers(const sts_model *m)
{
    long n = 0;
    for (size_t i = 0; i < m->params.n; i++) {
        long layer = layer_of(m->params.v[i].name);
        if (layer >= n) n = layer + 1;
    }
    return n == m->net.layers ? (int)n : 0;
}

static bool is_embedding(const sts_param *p)
{
    return layer_of(p->name) < 0 && strstr(p->name, "embeddings");
}

int sts_model_freeze(sts_model *m, bool embeddings, int layers, sts_err *err)
{
    size_t frozen = 0, n = m->params.n;
    for (size_t i = 0; i < n; i++) {
        sts_param *p = &m->params.v[i];
        long layer = layer_of(p->name);
        if (embeddings && is_embedding(p)) p->frozen = true;
        if (layer >= 0 && layer < layers) p->frozen = true;
        frozen += p->frozen;
    }
    if (layers && !sts_model_own_layers(m))
        return sts_fail(err, STS_USAGE, "the layers share their weights: none can be frozen alone");
    if (!frozen)
        return sts_fail(err, STS_USAGE, "the model has no such layers or embeddings to freeze");
    return frozen < n ? 0 : sts_fail(err, STS_USAGE, "nothing would be left to train");
}

int sts_model_decay_layers(sts_model *m, double decay, sts_err *err)
{
    int layers = sts_model_own_layers(m);
    if (!layers)
        return sts_fail(err, STS_USAGE, "the model has no layers with weights of their own: give "
                        "--layer-decay 1");
    for (size_t i = 0; i < m->params.n; i++) {
        sts_param *p = &m->params.v[i];
        long layer = layer_of(p->name);
        if (layer < 0 && !is_embedding(p)) continue;
        p->lr_scale *= (float)pow(decay, (double)(layers - 1 - layer));
    }
    return 0;
}

void sts_model_set_dropout(sts_model *m, float p)
{
    if (m->net.encoder->set_dropout) m->net.encoder->set_dropout(&m->net, p);
    for (size_t i = 0; i < m->n_modules; i++)
        if (m->module[i].type->set_dropout) m->module[i].type->set_dropout(&m->module[i], p);
}

const char *sts_model_describe_dropout(const sts_model *m, char out[512])
{
    char text[160];
    const sts_encoder *e = m->net.encoder;
    size_t at = 0;
    if (e->describe_dropout)
        at = sts_append(out, 512, at, "%s", e->describe_dropout(&m->net, text));
    for (size_t i = 0; i < m->n_modules; i++) {
        const sts_module *module = &m->module[i];
        if (!module->type->set_dropout) continue;
        at = sts_append(out, 512, at, "%s%s %s", at ? ", " : "", module->path,
                        module->type->describe(module, text));
    }
    if (!at) sts_append(out, 512, at, "none");
    return out;
}
