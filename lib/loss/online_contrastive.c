/* online_contrastive.c - contrastive loss over the hard pairs of a batch only: positives farther
 * apart than the nearest negative, negatives nearer than the farthest positive. */
#include "loss/loss.h"
#include "loss/rows.h"

#include <math.h>

enum { MARGIN, POS, NEG };
typedef enum { IGNORED, POSITIVE, NEGATIVE } kind;

/* What a side's distances are compared with: the other side's extreme, or, where that side is
 * empty, the own mean. */
typedef struct side {
    int n;
    double sum, extreme;
} side;

static kind kind_of(const sts_loss_batch *b, int i)
{
    if (b->score[i] >= b->option[POS]) return POSITIVE;
    return b->score[i] <= b->option[NEG] ? NEGATIVE : IGNORED;
}

/* All cosine distances into d[n], and what the two sides are like. */
static void survey(sts_loss_batch *b, double *d, side *pos, side *neg)
{
    *pos = (side){.extreme = -INFINITY};
    *neg = (side){.extreme = INFINITY};
    for (int i = 0; i < b->n; i++) {
        kind k = kind_of(b, i);
        if (k == IGNORED) continue;
        sts_row_pair p = sts_row_pair_at(b, i, 1, i);
        d[i] = 1 - sts_cosine.value(&p);
        side *s = k == POSITIVE ? pos : neg;
        s->n++;
        s->sum += d[i];
        s->extreme = k == POSITIVE ? fmax(s->extreme, d[i]) : fmin(s->extreme, d[i]);
    }
}

/* Adds row i, with `part` of the loss and its slope in the distance. */
static double add(sts_loss_batch *b, int i, double part, double slope)
{
    sts_row_pair p = sts_row_pair_at(b, i, 1, i);
    sts_cosine.value(&p);
    sts_cosine.grad(&p, -slope);
    return part;
}

static double run(sts_loss_batch *b)
{
    double *d = b->scratch, loss = 0;
    side pos, neg;
    sts_rows_clear(b);
    survey(b, d, &pos, &neg);
    double near = neg.n ? neg.extreme : pos.sum / pos.n;
    double far = pos.n ? pos.extreme : neg.sum / neg.n;
    for (int i = 0; i < b->n; i++) {
        kind k = kind_of(b, i);
        double gap = fmax(b->option[MARGIN] - d[i], 0);
        if (k == POSITIVE && d[i] > near) loss += add(b, i, d[i] * d[i], 2 * d[i]);
        if (k == NEGATIVE && d[i] < far) loss += add(b, i, gap * gap, -2 * gap);
    }
    if (pos.n + neg.n < b->n)
        b->warning = "online-contrastive leaves out pairs whose score lies between neg and pos";
    else if (b->n == 1)
        b->warning = "online-contrastive compares pairs: a batch of one has no effect";
    return loss;
}

const sts_loss sts_loss_online_contrastive = {
    STS_LOSS_VERSION,
    .name = "online-contrastive",
    .aliases = "OnlineContrastiveLoss",
    .help = "contrastive-cosine over the hard pairs of a batch",
    .formula = "sum over hard positives of d^2 + sum over hard negatives of max(margin - d, 0)^2, "
               "d = 1 - cos(u, v); hard: farther than the nearest negative, nearer than the "
               "farthest positive",
    .source = "sentence-transformers OnlineContrastiveLoss",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS,
    .traits = STS_LOSS_IN_BATCH,
    .n_options = 3,
    .options = {STS_NUMBER("margin", "cosine distance from which a negative adds nothing",
                           0.5, 0, 2),
                STS_NUMBER("pos", "a pair of at least this score is a positive", 1, 0, 1),
                STS_NUMBER("neg", "a pair of at most this score (and below pos) is a negative",
                           0, 0, 1)},
    .run = run,
};
