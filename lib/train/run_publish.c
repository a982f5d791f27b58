/* run_publish.c - the selected weights at the end of a run, and RUN/model with them. */
#include "train/run.h"

#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "model/decision.h"
#include "train/checkpoint.h"

#include <string.h>

/* The selected weights, for evaluation. */
static int take_weights(sts_run *r, uint64_t step, sts_err *err)
{
    if (sts_run_average_selected(r)) return sts_run_average_take(r, err);
    if (step == r->trainer.adamw.step) return 0;
    sts_model *selected = sts_run_load_weights(r, step, err);
    if (!selected) return -1;
    memcpy(r->model->params.value, selected->params.value,
           selected->params.count * sizeof *selected->params.value);
    sts_model_free(selected);
    return 0;
}

int sts_run_load_selected(sts_run *r, sts_err *err)
{
    if (sts_run_save(r, err)) return -1; /* the last step always has a checkpoint */
    sts_adamw_retire(&r->trainer.adamw);
    if (!sts_comm_rank() && take_weights(r, sts_run_selected_step(r), err)) return -1;
    if (sts_run_share_weights(r, err)) return -1;
    return r->stop ? 0 : sts_run_blend(r, err);
}

/* Whether the selected weights are those of a checkpoint: not the start's, averaged or mixed. */
static bool in_checkpoint(const sts_run *r)
{
    return sts_run_selected_step(r) && !sts_run_average_selected(r) && !r->blend.done;
}

/* The checkpoint that has the selected weights; others get a directory of their own. */
static char *kept_directory(const sts_run *r, sts_err *err)
{
    if (!in_checkpoint(r)) return sts_checkpoint_scratch(r->dir, r->model, err);
    char *dir = sts_checkpoint_path(r->dir, sts_run_selected_step(r));
    if (!dir) sts_fail_memory(err, r->dir);
    return dir;
}

static int list_files(sts_run *r, const char *from, sts_err *err)
{
    sts_json_free(r->files);
    r->files = sts_json_new_object();
    return r->files ? sts_run_add_files(r, from, err) : sts_fail_memory(err, from);
}

char *sts_run_stage(sts_run *r, sts_err *err)
{
    char *from = sts_run_spare_model(r, err) ? NULL : kept_directory(r, err);
    char *to = from ? sts_path_join(r->dir, STS_KEPT) : NULL;
    char *staged = to && !list_files(r, from, err) ? sts_checkpoint_stage(from, to, err) : NULL;
    if (from && !to) sts_fail_memory(err, r->dir);
    bool scratch = from && !in_checkpoint(r);
    int rc = scratch ? sts_checkpoint_unscratch(from, staged ? err : NULL) : 0;
    if (rc && staged) {
        sts_checkpoint_unscratch(staged, NULL);
        sts_free(staged);
        staged = NULL;
    }
    sts_free(from);
    sts_free(to);
    return staged;
}

int sts_run_publish(const sts_run *r, const char *staged, const char *card, mode_t mode,
                    sts_err *err)
{
    char *path = sts_path_join(staged, STS_CARD), *to = sts_path_join(r->dir, STS_KEPT);
    char *decision = sts_path_join(staged, STS_DECISION);
    int rc = path && to && decision ? 0 : sts_fail_memory(err, staged);
    if (!rc) rc = sts_file_write_as(path, card, strlen(card), mode, err);
    if (!rc && sts_decision_any(&r->decision))
        rc = sts_decision_save(&r->decision, r->dev.corpus.n, decision, err);
    if (!rc) rc = sts_checkpoint_publish(staged, to, err);
    sts_free(decision);
    sts_free(path);
    sts_free(to);
    return rc;
}
