/* broken.c - shared objects that must be refused; BROKEN says which. */
#include "stsfit_loss.h"

#define OLD_ABI 1
#define OTHER_SIZE 2
#define NO_RUN 3
#define NO_NEEDS 4
#define MANY_OPTIONS 5
#define BAD_DEFAULT 6
#define NO_SYMBOL 7
#define BAD_OPTION_NAME 8

static double run(sts_loss_batch *b)
{
    return b->n;
}

#if BROKEN == NO_SYMBOL
const sts_loss some_other_name = {
#else
const sts_loss sts_loss_plugin = {
#endif
    .abi = STS_LOSS_ABI + (BROKEN == OLD_ABI),
    .size = (int)sizeof(sts_loss) + 8 * (BROKEN == OTHER_SIZE),
    .name = "broken",
    .aliases = "",
    .help = "refused",
    .formula = "0",
    .source = "",
    .caution = "",
    .needs = BROKEN == NO_NEEDS ? 0 : STS_LOSS_PAIRS,
    .n_options = BROKEN == MANY_OPTIONS ? 9 : 1,
    .options = {{BROKEN == BAD_OPTION_NAME ? "a=b" : "x", "", BROKEN == BAD_DEFAULT ? 2 : 0, 0, 1}},
    .run = BROKEN == NO_RUN ? 0 : run,
};
