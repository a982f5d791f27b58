/* losses.c - stsfit losses: the losses, their formulas, options and defaults. */
#include "common.h"

#include <string.h>

typedef struct losses {
    common c;
} losses;

static const sts_option ROWS[] = {
    OPT_JSON("print JSON"),
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, {0}};

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
    .name = "losses",
    .args = "[NAME]",
    .help = "list the losses, their formulas and options",
    .text = "Lists the losses, or describes one of them.",
    .tables = TABLES,
    .size = sizeof(losses),
    .run = run,
};
