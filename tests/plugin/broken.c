/* broken.c - shared objects that must be refused; BROKEN says which. */
#include "stsfit_loss.h"

#define OLD_ABI 1
#define LATER_HEADER 2
#define NO_RUN 3
#define NO_NEEDS 4
#define MANY_OPTIONS 5
#define BAD_DEFAULT 6
#define NO_SYMBOL 7
#define BAD_OPTION_NAME 8
#define LATER_BATCH 9
#define SHORT 10
#define BAD_TRAITS 11
#define BAD_CHOICE 12
#define BAD_NAME 13
#define NO_HELP 14

static double run(sts_loss_batch *b)
{
    return b->n;
}

#if BROKEN == NO_SYMBOL
const sts_loss some_other_name = {
#else
STS_LOSS_EXPORT const sts_loss sts_loss_plugin = {
#endif
    .abi = STS_LOSS_ABI - (BROKEN == OLD_ABI),
    .size = BROKEN == SHORT ? 40 : (int)sizeof(sts_loss) + 8 * (BROKEN == LATER_HEADER),
    .batch_size = (int)sizeof(sts_loss_batch) + 8 * (BROKEN == LATER_BATCH),
    .name = BROKEN == BAD_NAME ? "1*broken" : "broken",
    .help = "refused",
    .formula = "0",
    .needs = BROKEN == NO_NEEDS ? 0 : STS_LOSS_PAIRS,
    .traits = BROKEN == BAD_TRAITS ? 1u << 20 : 0,
    .n_options = BROKEN == MANY_OPTIONS ? 9 : 2,
    .options = {STS_NUMBER(BROKEN == BAD_OPTION_NAME ? "a=b" : "x", BROKEN == NO_HELP ? 0 : "",
                           BROKEN == BAD_DEFAULT ? 2 : 0, 0, 1),
                STS_TEXT("way", "", BROKEN == BAD_CHOICE ? "up" : "left", "left right")},
    .run = BROKEN == NO_RUN ? 0 : run,
};
