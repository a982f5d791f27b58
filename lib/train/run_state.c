/* run_state.c - what a checkpoint remembers of the run: trainer.json, written and read. */
#include "train/run.h"

#include "core/clock.h"
#include "core/comm.h"
#include "core/mem.h"

sts_json *sts_run_state_json(const sts_run *r)
{
    sts_json *s = sts_json_new_object();
    sts_json_add_number(s, "schema", 1);
    sts_json_add_string(s, "version", STSFIT_VERSION);
    sts_json_add_number(s, "step", (double)r->trainer.adamw.step);
    sts_json_refer(s, "settings", r->settings);
    if (r->has_best) sts_json_add_exact(s, "best", r->best);
    sts_json_add_number(s, "best_step", (double)r->best_step);
    if (r->best_averaged) sts_json_add_bool(s, "best_averaged", true);
    if (r->average.n) sts_json_put(s, "average", sts_average_json(&r->average));
    sts_json_add_number(s, "stale", (double)r->stale);
    sts_json_add_bool(s, "flat", r->flat);
    sts_json_add_number(s, "evaluated", (double)r->evaluated);
    sts_json_add_number(s, "total_seconds", sts_clock() - r->started);
    sts_json_add_number(s, "train_seconds", r->trained);
    sts_json_add_number(s, "gemm_seconds", r->in_gemm);
    sts_json_add_number(s, "pairs", r->pairs);
    sts_json_put(s, "before", sts_run_parts_json(r, false));
    sts_json_put(s, "evals", sts_run_evals_json(&r->evals));
    return s;
}

/* The evaluations before training and since. The guard's is made again. */
static int restore_evaluations(sts_run *r, const sts_json *state, const char *name, sts_err *err)
{
    sts_part *part[] = {&r->dev, &r->test};
    const sts_json *before = sts_json_get(state, "before"), *evals = sts_json_get(state, "evals");
    if (!sts_json_is_object(before) || !sts_json_is_array(evals))
        return sts_fail(err, STS_MODEL, "%s: \"before\" or \"evals\" is missing", name);
    for (int i = 0; i < 2; i++) {
        const sts_json *json = sts_json_get(before, part[i]->name);
        if (json && sts_figures_read(&part[i]->before.figures, json, name, err)) return -1;
    }
    return sts_run_evals_read(&r->evals, evals, name, err);
}

/* Times and pairs up to the checkpoint, to which those from now on are added. */
static int restore_timings(sts_run *r, const sts_json_in *in)
{
    double total = 0;
    if (sts_json_num(in, "total_seconds", 0, 1e12, &total) ||
        sts_json_num(in, "train_seconds", 0, 1e12, &r->trained) ||
        sts_json_num(in, "gemm_seconds", 0, 1e12, &r->in_gemm) ||
        sts_json_num(in, "pairs", 0, 1e15, &r->pairs))
        return -1;
    r->started -= total;
    return 0;
}

static int restore_counters(sts_run *r, const sts_json *state, const char *name, sts_err *err)
{
    sts_json_in in = {state, name, STS_MODEL, err};
    int64_t best_step = 0, stale = 0, evaluated = 0, step = -1, schema = 1;
    if (sts_json_int(&in, "schema", 1, 1, &schema) ||
        sts_json_int(&in, "step", 1, INT64_C(1) << 53, &step) ||
        sts_json_int(&in, "best_step", 0, step, &best_step) ||
        sts_json_int(&in, "stale", 0, step, &stale) ||
        sts_json_int(&in, "evaluated", 0, step, &evaluated) ||
        sts_json_bool(&in, "flat", &r->flat) ||
        sts_json_bool(&in, "best_averaged", &r->best_averaged) ||
        sts_average_restore(&r->average, sts_json_get(state, "average"), (uint64_t)step, name,
                            err) ||
        sts_json_num(&in, "best", -1e300, 1e300, &r->best) || restore_timings(r, &in))
        return -1;
    r->has_best = sts_json_is_number(sts_json_get(state, "best"));
    if (!r->has_best && best_step)
        return sts_fail(err, STS_MODEL, "%s: \"best\" is missing", name);
    r->best_step = (uint64_t)best_step;
    r->stale = (uint64_t)stale;
    r->evaluated = (uint64_t)evaluated;
    return 0;
}

int sts_run_state_restore(sts_run *r, const sts_json *state, const char *name, sts_err *err)
{
    if (restore_counters(r, state, name, err)) return -1;
    return restore_evaluations(r, state, name, err);
}

sts_json *sts_run_state_load(const char *path, sts_err *err)
{
    char *text = sts_comm_rank() ? NULL : sts_json_read(path, STS_MODEL, err);
    sts_json *state = NULL;
    bool read = text || sts_comm_rank();
    if (read && !sts_run_share_text(&text, err) && !(state = sts_json_of_text(text)))
        sts_fail_memory(err, path);
    sts_free(text);
    return state;
}
