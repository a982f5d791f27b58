/* triplet.c - an anchor is to be nearer to its positive than to its negative, by a margin. */
#include "loss/rows.h"

#include <math.h>

enum { MARGIN, POS };

/* Adds one triplet: anchor i, its own positive, and row j of `column` as the negative. */
static double add(sts_loss_batch *b, int i, int column, int j, int count)
{
    sts_row_pair near = sts_row_pair_at(b, i, 1, i), far = sts_row_pair_at(b, i, column, j);
    double loss = sts_distance.value(&near) - sts_distance.value(&far) + b->option[MARGIN];
    if (loss <= 0) return 0;
    sts_distance.grad(&near, 1.0 / count);
    sts_distance.grad(&far, -1.0 / count);
    return loss / count;
}

/* The other row whose second text is nearest to anchor i. */
static int hardest(sts_loss_batch *b, int i)
{
    int best = -1;
    double least = INFINITY;
    for (int j = 0; j < b->n; j++) {
        sts_row_pair p = sts_row_pair_at(b, i, 1, j);
        if (j == i || !(sts_distance.value(&p) < least)) continue;
        least = p.value;
        best = j;
    }
    return best;
}

/* From scored pairs: every pair of a high score is an anchor and its positive. Low-scored pairs
 * serve as other rows. */
static double mined(sts_loss_batch *b)
{
    int count = sts_rows_taken(b, b->option[POS]);
    double loss = 0;
    for (int i = 0; i < b->n; i++) {
        int j = sts_row_taken(b, i, b->option[POS]) ? hardest(b, i) : -1;
        if (j >= 0) loss += add(b, i, 1, j, count);
    }
    if (b->n == 1) b->warning = "triplets are mined among pairs: a batch of one has no effect";
    return loss;
}

static double run(sts_loss_batch *b)
{
    sts_rows_clear(b);
    if (b->columns < 3) return mined(b);
    double loss = 0;
    for (int i = 0; i < b->n; i++) loss += add(b, i, 2, i, b->n);
    return loss;
}

const sts_loss sts_loss_triplet = {
    STS_LOSS_VERSION,
    .name = "triplet",
    .aliases = "TripletLoss",
    .help = "moves an anchor nearer to its positive than to its negative",
    .formula = "mean max(|a - p| - |a - n| + margin, 0); mined from scored pairs: (a, p) those of "
               "at least pos, n the nearest second text of the batch's other pairs",
    .source = "sentence-transformers TripletLoss (there margin 5)",
    .caution = "",
    .needs = STS_LOSS_TRIPLETS | STS_LOSS_SCORED_PAIRS,
    .n_options = 2,
    .options = {STS_NUMBER("margin", "how much nearer the positive is to be", 1, 0, 1e6),
                STS_NUMBER("pos", "mining: pairs of at least this score are positives",
                           0.8, 0, 1)},
    .run = run,
};
