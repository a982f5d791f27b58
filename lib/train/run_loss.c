/* run_loss.c - the loss of a run: the one that is asked for or follows from the data, and whether
 * it takes such rows. */
#include "train/run.h"

#include "core/mem.h"
#include "loss/loss_check.h"

static void caution(const sts_run *r)
{
    for (int k = 0; k < r->loss.n_parts; k++) {
        const sts_loss *loss = r->loss.part[k].loss;
        bool held = loss->traits & STS_LOSS_PULLS && !sts_loss_all_have(&r->loss, STS_LOSS_PULLS);
        if (*loss->caution && !held) sts_note(STS_WARN, "%s: %s", loss->name, loss->caution);
    }
}

/* Rows in memory may have weights, which no loss passes over in silence. */
static int check_weights(const sts_run *r, sts_err *err)
{
    char names[256];
    if (!r->train.corpus.weight || sts_loss_all_have(&r->loss, STS_LOSS_WEIGHTS)) return 0;
    sts_loss_names(&r->loss, names, sizeof names);
    return sts_fail(err, STS_USAGE, "loss '%s' does not heed the weights of rows: leave them out, "
                    "or choose one that does, as cosine-similarity and contrastive do", names);
}

int sts_run_choose_loss(sts_run *r, sts_err *err)
{
    sts_corpus *c = &r->train.corpus;
    const char *standard = c->columns == 3 ? "triplet"
                           : c->score      ? "cosine-similarity"
                                           : "multiple-negatives-ranking";
    if (!r->o->loss && sts_loss_parse(&r->loss, standard, err)) return -1;
    if (sts_loss_fits(&r->loss, c->columns, c->score != NULL, err) ||
        sts_run_check_teacher(r, err) || check_weights(r, err))
        return -1;
    bool foreign = sts_loss_is_foreign(&r->loss);
    if (foreign && sts_loss_check_gradient(&r->loss, c->columns, c->score != NULL, err)) return -1;
    if (r->o->dims && sts_loss_set_dims(&r->loss, r->o->dims, err)) return -1;
    r->loss_text = sts_loss_format(&r->loss);
    r->dims_text = r->o->dims ? sts_loss_format_dims(&r->loss) : NULL;
    if (!r->loss_text || (r->o->dims && !r->dims_text)) return sts_fail_memory(err, "the loss");
    caution(r);
    r->below = sts_corpus_drop_below(c, sts_loss_min_score(&r->loss));
    if (c->n) return 0;
    return sts_fail(err, STS_DATA, "%s: no pair has the score that --loss %s asks for",
                    r->o->data[0], r->loss_text);
}
