/* cosent.c - CoSENT: pairs of higher score are to have higher cosines. */
#include "loss/loss.h"
#include "loss/rows.h"

static double run(sts_loss_batch *b)
{
    return sts_rows_ordered(b, &sts_unit_cosine, b->option[0]);
}

const sts_loss sts_loss_cosent = {
    STS_LOSS_VERSION,
    .name = "cosent",
    .aliases = "CoSENTLoss",
    .help = "orders the cosines of a batch as their scores are ordered",
    .formula = "log(1 + sum over y_i > y_j of exp(scale * (cos_j - cos_i))), one number per batch",
    .source = "sentence-transformers CoSENTLoss; Huang et al. 2024, doi:10.1109/TASLP.2024.3402087",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS | STS_LOSS_TRIPLETS,
    .traits = STS_LOSS_IN_BATCH | STS_LOSS_ORDERS,
    .n_options = 1,
    .options = {STS_NUMBER("scale", "factor on the cosines: the inverse of a temperature",
                           20, 1e-3, 1e4)},
    .run = run,
};
