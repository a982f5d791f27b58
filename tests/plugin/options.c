/* options.c - a loss whose value follows from its options alone, of which two are texts. */
#include "stsfit_loss.h"

#include <string.h>

static size_t scratch(const sts_loss_batch *shape)
{
    return (size_t)shape->n * (size_t)shape->columns;
}

static double run(sts_loss_batch *b)
{
    double loss = b->option[0];
    for (int c = 0; c < b->columns; c++)
        for (int i = 0; i < b->n * b->dim; i++) b->grad[c][i] = 0;
    for (int i = 0; i < b->n * b->columns; i++) b->scratch[i] = 1;
    if (!strcmp(b->option_text[1], "high")) loss += 100;
    return loss + 1000 * (double)strlen(b->option_text[2]);
}

STS_LOSS_EXPORT const sts_loss sts_loss_plugin = {
    STS_LOSS_VERSION,
    .name = "options",
    .aliases = "",
    .help = "returns what its options say",
    .formula = "x, plus 100 if level is high, plus 1000 times the length of note",
    .source = "",
    .caution = "",
    .needs = STS_LOSS_PAIRS,
    .n_options = 3,
    .options = {STS_NUMBER("x", "a number", 3, 0, 10),
                STS_TEXT("level", "a word", "low", "low high"),
                STS_TEXT("note", "any text", "", NULL)},
    .scratch = scratch,
    .run = run,
};
