/* run_advice.c - settings and scores by which less is learned than one would expect: a warning
 * each, which names the effect. */
#include "train/run.h"

static void warn_of_warmup(const sts_run *r)
{
    const sts_schedule *s = &r->plan.schedule;
    if (!s->warmup || s->warmup < s->total) return;
    sts_note(STS_WARN, "warm-up (steps: %llu) is not shorter than the run (%llu): the learning "
                       "rate reaches %g, not %g (--warmup 0: no warm-up)",
             (unsigned long long)s->warmup, (unsigned long long)s->total,
             sts_schedule_lr(s, s->total), s->lr);
}

static void warn_of_accumulation(const sts_run *r, const sts_loss_part *part)
{
    const sts_loss *loss = part->loss;
    if (r->plan.accumulate < 2 || !(loss->traits & STS_LOSS_IN_BATCH)) return;
    sts_note(STS_WARN, "--accumulate %zu does not enlarge the batch in which %s compares rows: it "
                       "has %zu (--batch-size)", r->plan.accumulate, loss->name,
             r->plan.batch_size);
}

static bool all_equal(const sts_corpus *c)
{
    for (size_t i = 1; i < c->n; i++)
        if (c->score[i] != c->score[0]) return false;
    return c->n > 1;
}

/* Whether a loss of the sum takes other rows' texts for negatives. */
static bool pushes(const sts_loss_spec *spec)
{
    for (int k = 0; k < spec->n_parts; k++) {
        const sts_loss *loss = spec->part[k].loss;
        if (loss->needs & STS_LOSS_TRIPLETS && !(loss->traits & STS_LOSS_ORDERS)) return true;
    }
    return false;
}

static void warn_of_equal_scores(const sts_run *r, const sts_loss_part *part)
{
    const sts_corpus *c = &r->train.corpus;
    const sts_loss *loss = part->loss;
    if (!all_equal(c)) return;
    if (loss->traits & STS_LOSS_ORDERS)
        sts_note(STS_WARN, "all %zu scores are equal: %s has no order to learn and its loss is "
                           "0%s", c->n, loss->name,
                 r->loss.n_parts > 1 ? "" : ": nothing is learned");
    else if (pushes(&r->loss)) return;
    else if (c->score[0] >= 1)
        sts_note(STS_WARN, "all %zu scores are the highest of their range: nothing pushes texts "
                           "apart, and all may get the same vector", c->n);
    else if (c->score[0] <= 0)
        sts_note(STS_WARN, "all %zu scores are the lowest of their range: nothing pulls texts "
                           "together, no similarity is learned", c->n);
    else
        sts_note(STS_WARN, "all %zu scores are equal: %s aims at the same similarity for every "
                           "pair, whatever its texts mean", c->n, loss->name);
}

/* Scores that were rounded, perhaps, and a loss for graded ones. */
static void note_two_scores(const sts_run *r, const sts_loss_part *part)
{
    const sts_corpus *c = &r->train.corpus;
    unsigned traits = part->loss->traits;
    double value[2], lo, hi;
    bool graded = traits & (STS_LOSS_WEIGHTS | STS_LOSS_ORDERS) && !(traits & STS_LOSS_LABELS);
    if (!graded || !sts_corpus_two_values(c, value)) return;
    sts_corpus_scale(c, NULL, &lo, &hi);
    sts_note(STS_INFO, "all %zu scores are %g or %g: where they were rounded, the order within "
                       "both is lost; for two classes there are --loss contrastive and "
                       "online-contrastive", c->n, lo + value[0] * (hi - lo),
             lo + value[1] * (hi - lo));
}

static void warn_of_graded_scores(const sts_run *r, const sts_loss_part *part)
{
    const sts_corpus *c = &r->train.corpus;
    size_t graded = 0;
    if (!(part->loss->traits & STS_LOSS_LABELS)) return;
    for (size_t i = 0; i < c->n; i++) graded += c->score[i] > 0 && c->score[i] < 1;
    if (graded)
        sts_note(STS_WARN, "%zu of %zu scores lie between the lowest and the highest: %s is made "
                           "for two classes, and pulls and pushes those pairs at once", graded,
                 c->n, part->loss->name);
}

void sts_run_advise(const sts_run *r)
{
    warn_of_warmup(r);
    for (int k = 0; k < r->loss.n_parts; k++) {
        const sts_loss_part *part = &r->loss.part[k];
        warn_of_accumulation(r, part);
        if (!r->train.corpus.score || !(part->loss->needs & STS_LOSS_SCORED_PAIRS)) continue;
        warn_of_equal_scores(r, part);
        note_two_scores(r, part);
        warn_of_graded_scores(r, part);
    }
}
