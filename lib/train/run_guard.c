/* run_guard.c - --guard: rows of another kind, which show whether the model can still do what it
 * could do before. */
#include "train/run.h"

#include "core/mem.h"
#include "data/memory.h"
#include "data/reading.h"

#include <string.h>

/* Options of all files do not apply to a guard, so that a remedy may not name them. */
static int explain(const char *path, const sts_err *why, sts_err *err)
{
    bool option = strstr(why->text, "--columns") || strstr(why->text, "--score-range") ||
                  strstr(why->text, "--labels");
    if (!option) return sts_fail(err, why->code, "%s", why->text);
    return sts_fail(err, why->code, "%.500s (--guard is read by itself: --score-range "
                    "%.200s=MIN:MAX gives its range, a header with the names score, sentence1 and "
                    "sentence2 its columns)", why->text, path);
}

int sts_run_guard_load(sts_run *r, const sts_data_options *reading, sts_err *err)
{
    const sts_train_options *o = r->o;
    sts_err why = {0};
    if (!o->guard) return 0;
    if (o->guard_rows) return sts_corpus_copy(&r->guard.corpus, o->guard_rows, err);
    sts_data_options own = sts_reading_of_guard(reading, o->guard);
    own.named |= o->guard_named;
    if (!sts_corpus_load(&r->guard.corpus, &o->guard, 1, &own, &why)) return 0;
    return explain(o->guard, &why, err);
}

/* ---- a run that is resumed ---- */

/* With `weights` in place of the model's own. */
static int evaluate(sts_run *r, float *weights, sts_evaluation *e, sts_err *err)
{
    sts_params *p = &r->model->params;
    float *own = p->value;
    p->value = weights;
    sts_params_round(p);
    int rc = sts_run_evaluate(r, &r->guard, true, e, err);
    p->value = own;
    sts_params_round(p);
    return rc;
}

int sts_run_guard_again(sts_run *r, sts_err *err)
{
    sts_evaluation e;
    r->guard.before.figures = (sts_figures){0};
    if (!r->guard.corpus.n) return 0;
    float *start = sts_run_start_weights(r, err);
    int rc = start ? evaluate(r, start, &e, err) : -1;
    sts_free(start);
    if (rc) return -1;
    sts_part_eval_take(&r->guard.before, &e);
    sts_evaluation_free(&e);
    return 0;
}
