/* run_evals.c - the list of evaluations: kept short, written, read. */
#include "train/run_evals.h"

#include "core/mem.h"

/* An endless run takes no more memory and disk for its report; log.jsonl has them all. */
static void thin(sts_run_evals *list, uint64_t best_step)
{
    size_t n = 0;
    if (list->n < STS_RUN_EVALS) return;
    for (size_t i = 0; i < list->n; i++)
        if (i % 2 == 0 || list->v[i].step == best_step) list->v[n++] = list->v[i];
    list->n = n;
}

sts_run_eval *sts_run_evals_add(sts_run_evals *list, uint64_t best_step)
{
    thin(list, best_step);
    if (sts_grow(&list->v, list->n, &list->cap, sizeof *list->v)) return NULL;
    list->v[list->n] = (sts_run_eval){0};
    return &list->v[list->n++];
}

void sts_run_evals_free(sts_run_evals *list)
{
    sts_free(list->v);
    *list = (sts_run_evals){0};
}

/* ---- as JSON ---- */

void sts_run_eval_figures(const sts_run_eval *e, sts_json *object)
{
    sts_figures_json(&e->figures, object);
    if (e->averaged.n) sts_figures_json(&e->averaged, sts_json_add_object(object, "averaged"));
}

sts_json *sts_run_evals_json(const sts_run_evals *list)
{
    sts_json *array = sts_json_new_array();
    for (size_t i = 0; i < list->n; i++) {
        const sts_run_eval *e = &list->v[i];
        sts_json *json = sts_json_new_object();
        sts_json_add_number(json, "step", (double)e->step);
        sts_json_add_number(json, "epoch", e->epoch);
        sts_run_eval_figures(e, json);
        sts_json_add_bool(json, "best", e->best);
        sts_json_append(array, json);
    }
    return array;
}

static int read_eval(sts_run_eval *e, const sts_json *json, const char *name, sts_err *err)
{
    const sts_json_in in = {json, name, STS_MODEL, err};
    const sts_json *averaged = sts_json_get(json, "averaged");
    int64_t step = 0;
    if (sts_json_int(&in, "step", 1, INT64_C(1) << 53, &step) ||
        sts_json_num(&in, "epoch", 0, 1e15, &e->epoch) || sts_json_bool(&in, "best", &e->best) ||
        sts_figures_read(&e->figures, json, name, err))
        return -1;
    e->step = (uint64_t)step;
    return averaged ? sts_figures_read(&e->averaged, averaged, name, err) : 0;
}

int sts_run_evals_read(sts_run_evals *list, const sts_json *array, const char *name, sts_err *err)
{
    const sts_json *json;
    if (sts_json_size(array) > STS_RUN_EVALS)
        return sts_fail(err, STS_MODEL, "%s: \"evals\" has %d members, must have %d at most", name,
                        sts_json_size(array), STS_RUN_EVALS);
    sts_json_each(json, array)
    {
        sts_run_eval *e = sts_run_evals_add(list, 0);
        if (!e) return sts_fail_memory(err, name);
        if (read_eval(e, json, name, err)) return -1;
    }
    return 0;
}
