/* run_model.c - the model to train: loaded or new, with the options that change it, and the texts
 * of all parts as its tokens. */
#include "train/run.h"

#include "core/comm.h"
#include "core/env.h"
#include "core/file.h"
#include "core/mem.h"
#include "model/bag_static.h"
#include "model/prompt.h"

#include <math.h>
#include <string.h>

static int tokenize(sts_run *r, sts_part *p, sts_err *err)
{
    sts_progress("tokenizing", 0, 0);
    size_t n = p->corpus.n * (size_t)p->corpus.columns;
    sts_token_options how = {.columns = p->corpus.columns};
    how.trained = p == &r->train && !r->o->train_prompt; /* as sentence-transformers trains */
    return sts_tokens_make(&p->tokens, r->model, p->corpus.text, n, how, err);
}

static int adjust_layers(sts_run *r, sts_err *err)
{
    const sts_train_options *o = r->o;
    if (o->layer_decay < 1 && sts_model_decay_layers(r->model, o->layer_decay, err)) return -1;
    if (o->freeze_layers > r->model->net.layers)
        return sts_fail(err, STS_USAGE, "--freeze-layers %lld: the model has %d layers",
                        (long long)o->freeze_layers, r->model->net.layers);
    if (o->freeze_embeddings || o->freeze_layers)
        return sts_model_freeze(r->model, o->freeze_embeddings, (int)o->freeze_layers, err);
    return 0;
}

/* The precision to train in: for "auto" what checkpoint `from` (NULL: none) was trained in, as a
 * new measurement may come out otherwise. NULL on error. */
static const char *choose_precision(const sts_run *r, const char *from, sts_err *err)
{
    const char *asked = r->o->precision ? r->o->precision : "fp32";
    if (!from || strcmp(asked, "auto")) return asked;
    char *path = sts_path_join(from, "trainer.json");
    sts_json *state = path ? sts_run_state_load(path, err) : NULL;
    if (!path) sts_fail_memory(err, from);
    const sts_json *then = sts_json_get(sts_json_get(state, "settings"), "precision");
    bool rounded = sts_json_is_string(then) && !strcmp(then->text, "bf16");
    asked = rounded ? "bf16" : "fp32";
    if (!state) asked = NULL;
    sts_json_free(state);
    sts_free(path);
    return asked;
}

int sts_run_load_model(sts_run *r, const char *from, sts_err *err)
{
    const sts_train_options *o = r->o;
    bool resumed = from;
    const char *precision = choose_precision(r, from, err);
    if (!precision) return -1;
    sts_progress("loading", 0, 0);
    if (sts_comm_rank()) from = NULL; /* the weights come from rank 0, in sts_run_restore */
    const sts_corpus *c = &r->train.corpus;
    size_t n = c->n * (size_t)c->columns;
    bool bag = !strcmp(o->model, "bag");
    r->model = bag && !from ? sts_model_new_bag(c->text, n, (size_t)o->width, o->seed, err)
                            : sts_model_load(from ? from : o->model, err);
    if (!r->model || sts_model_copyable(r->model, err)) return -1;
    if (!bag && o->width && o->width != r->model->width)
        return sts_fail(err, STS_USAGE, "--width: vectors of %s have %d numbers, not %lld: give "
                        "--width %d, or -m bag", o->model, r->model->width, (long long)o->width,
                        r->model->width);
    if (sts_bag_static_make(r->model, c->text, n, err)) return -1;
    if (sts_model_set(r->model, o->max_seq_length, 0, 0, precision, err)) return -1;
    if (!resumed && sts_model_same(r->model, err)) return -1;
    if (!isnan(o->dropout)) sts_model_set_dropout(r->model, (float)o->dropout);
    if (sts_model_use_prompts(r->model, &o->prompts, err) ||
        sts_model_keep_prompts(r->model, &o->prompts, err))
        return -1;
    if (tokenize(r, &r->train, err) || tokenize(r, &r->dev, err) || tokenize(r, &r->test, err) ||
        tokenize(r, &r->guard, err))
        return -1;
    return adjust_layers(r, err);
}
