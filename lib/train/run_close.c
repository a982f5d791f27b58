/* run_close.c - the end of a run in memory. */
#include "train/run.h"

#include "core/mem.h"
#include "core/sys.h"

void sts_run_close(sts_run *r)
{
    sts_part *part[] = {&r->train, &r->dev, &r->test, &r->guard};
    sts_trainer_free(&r->trainer);
    sts_loss_close(&r->loss);
    sts_free(r->loss_text);
    sts_free(r->dims_text);
    sts_free(r->texts);
    sts_free(r->taught);
    for (int i = 3; i >= 0; i--) sts_part_free(part[i]);
    sts_free(r->average.mean);
    sts_model_free(r->model);
    if (r->log >= 0) sts_close(r->log);
    if (r->lock >= 0) sts_close(r->lock);
    sts_hold_close(r->hold);
    sts_json_free(r->settings);
    sts_free(r->command_line);
    sts_json_free(r->earlier);
    sts_json_free(r->files);
    sts_run_evals_free(&r->evals);
    sts_free(r->verdict.text);
    sts_free(r->guarded.text);
    sts_calibration_free(r->decision.calibration);
    sts_free(r->dir);
}
