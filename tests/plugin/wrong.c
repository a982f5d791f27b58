/* wrong.c - a loss that trains, but not to what it says: its gradient has the wrong sign. */
#include "stsfit_loss.h"

static double run(sts_loss_batch *b)
{
    double loss = 0;
    for (int i = 0; i < b->n * b->dim; i++) {
        double d = b->emb[0][i] - b->emb[1][i];
        loss += d * d / b->n;
        b->grad[0][i] = -2 * d / b->n;
        b->grad[1][i] = 2 * d / b->n;
    }
    return loss;
}

STS_LOSS_EXPORT const sts_loss sts_loss_plugin = {
    STS_LOSS_VERSION, .name = "wrong", .aliases = "", .help = "squared distance",
    .formula = "|u - v|^2", .source = "", .caution = "", .needs = STS_LOSS_PAIRS, .run = run};
