/* losses.c - stsfit losses: the losses, their formulas, options and defaults. */
#include "common.h"

#include <string.h>

typedef struct losses {
    common c;
} losses;

static const opt OPTS[] = {
    {OPT_FLAG, "json", NULL, 0, NULL, COMMON(losses, json), 0, 0, "JSON", NULL},
    OPT_END,
};

static void defaults(void *values)
{
    common_defaults(&((losses *)values)->c);
}

static int run(void *values, const opt_args *args)
{
    losses *l = values;
    sts_err err = {0};
    common_start(&l->c);
    if (args->n > 1) {
        fprintf(stderr, "stsfit: losses: one loss at a time\n");
        return STS_USAGE;
    }
    sts_form form = l->c.json ? STS_AS_JSON : STS_AS_TEXT;
    char *out = sts_losses(args->n ? args->v[0] : NULL, form, &err);
    if (!out) return common_fail(&err);
    common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return 0;
}

const command command_losses = {
    "losses", "[NAME]", "the losses, their formulas, options and defaults",
    "Lists the losses, or tells all about one of them.",
    OPTS, sizeof(losses), defaults, run};
