/* run_teacher.c - --teacher: the vectors that another model has for every text of the training
 * data, made once before training and kept in memory. */
#include "train/run.h"

#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"

#include <math.h>

int sts_run_check_teacher(const sts_run *r, sts_err *err)
{
    bool needed = sts_loss_has(&r->loss, STS_LOSS_TEACHER);
    char names[256];
    if (needed == (r->o->teacher != NULL)) return 0;
    sts_loss_names(&r->loss, names, sizeof names);
    if (needed)
        return sts_fail(err, STS_USAGE, "loss '%s' learns from a teacher: name its directory with "
                        "--teacher", names);
    return sts_fail(err, STS_USAGE, "--teacher: loss '%s' does not learn from one; gist, "
                    "embed-distill and score-distill do", names);
}

/* The texts by their numbers. */
static sts_str *list_texts(const sts_run *r, sts_err *err)
{
    const sts_corpus *c = &r->train.corpus;
    sts_str *text = sts_alloc(r->plan.n_texts, sizeof *text);
    if (!text) return sts_fail_memory(err, "the teacher's texts"), NULL;
    for (size_t i = 0; i < c->n * (size_t)c->columns; i++) text[r->texts[i]] = c->text[i];
    return text;
}

static int embed(sts_run *r, const sts_model *m, const sts_str *text, sts_err *err)
{
    sts_tokens t;
    size_t n = r->plan.n_texts, dim = (size_t)m->dim;
    sts_token_options how = {0};
    if (sts_tokens_make(&t, m, text, n, how, err)) return -1;
    r->taught = sts_embeddings(m, &t, "encoding", err);
    sts_tokens_free(&t);
    if (!r->taught) return -1;
    for (size_t i = 0; i < n * dim; i++)
        if (!isfinite(r->taught[i]))
            return sts_fail(err, STS_MODEL, "%s: a vector of the teacher is NaN or infinite: its "
                            "weights are damaged", r->o->teacher);
    return 0;
}

int sts_run_teach(sts_run *r, sts_err *err)
{
    if (!r->o->teacher) return 0;
    sts_progress("loading", 0, 0);
    sts_model *m = sts_model_load(r->o->teacher, err);
    if (!m) return -1;
    const sts_params *p = &m->params;
    sts_str *text = sts_model_same(m, err) ? NULL : list_texts(r, err);
    int rc = text ? embed(r, m, text, err) : -1;
    r->teacher_crc = sts_crc(0, p->value, p->count * sizeof *p->value);
    r->plan.teacher = r->taught;
    r->plan.teacher_dim = m->dim;
    if (!rc && r->loss.n_dims && sts_loss_has(&r->loss, STS_LOSS_PROJECTS) &&
        m->dim != r->model->width)
        rc = sts_fail(err, STS_USAGE, "--dims: embed-distill needs a teacher of the model's own "
                      "width, %d, for that; %s has %d", r->model->width, r->o->teacher, m->dim);
    sts_free(text);
    sts_model_free(m);
    return rc;
}
