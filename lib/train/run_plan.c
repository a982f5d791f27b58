/* run_plan.c - how many steps of what size and rate, by options, model and data. */
#include "train/run.h"

#include "core/comm.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

int sts_run_make_plan(sts_run *r, sts_err *err)
{
    const sts_train_options *o = r->o;
    if (sts_loss_check_dims(&r->loss, r->model->width, err)) return -1;
    double lr = r->model->net.encoder->lr > 0 ? r->model->net.encoder->lr : 5e-5;
    r->plan = (sts_plan){
        .batch_size = (size_t)(o->batch_size_per_rank ? o->batch_size_per_rank * sts_comm_size()
                                                      : o->batch_size),
        .accumulate = (size_t)o->accumulate,
        .mini_batch = (size_t)o->mini_batch,
        .r_drop = o->r_drop,
        .epochs = o->epochs,
        .max_steps = (uint64_t)o->max_steps,
        .lr = isnan(o->lr) ? lr : o->lr,
        .shuffle = !o->no_shuffle,
        .seed = o->seed,
        .adamw = {0.9, 0.999, 1e-8, o->weight_decay, o->max_grad_norm},
    };
    if (sts_schedule_parse(&r->plan.scheduler, o->scheduler, err)) return -1;
    r->plan.warmup = isnan(o->warmup) ? sts_schedule_warmup(r->plan.scheduler) : o->warmup;
    if (sts_run_number(r, err) || sts_run_teach(r, err) ||
        sts_plan_finish(&r->plan, r->train.corpus.n, err))
        return -1;
    sts_metric_needs has = sts_run_offers(r);
    r->metric = o->metric ? sts_metric_choose("--metric", o->metric, err)
                          : sts_metric_default_by(has, sts_similarity_named(r->model->similarity));
    return r->metric ? 0 : -1;
}

int sts_run_settle_options(sts_run *r, sts_err *err)
{
    sts_train_options *e = &r->effect;
    *e = *r->o;
    e->lr = r->plan.lr;
    e->warmup = r->plan.warmup;
    if (!sts_model_own_layers(r->model)) e->layer_decay = NAN;
    if (!strcmp(r->o->model, "bag") && !e->width) e->width = r->model->dim;
    e->metric = r->metric->name;
    if (!sts_loss_is_foreign(&r->loss)) e->loss = r->loss_text; /* else by its file */
    e->dims = r->dims_text;
    e->batches = r->plan.apart ? "no-duplicates" : "shuffled";
    e->max_seq_length = (int64_t)r->model->max_seq_length;
    r->settings = sts_run_settings(r);
    return r->settings ? 0 : sts_fail_memory(err, "the run");
}
