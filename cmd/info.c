/* info.c - stsfit info: what is in a model, checkpoint or run. */
#include "common.h"

#include <string.h>

typedef struct info {
    common c;
} info;

static const sts_option ROWS[] = {
    OPT_JSON("print JSON"),
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, {0}};

static int run(void *values, const opt_args *args)
{
    info *i = values;
    sts_err err = {0};
    common_start(&i->c);
    if (args->n > 1) {
        fprintf(stderr, "stsfit: info: one directory at a time\n");
        return STS_USAGE;
    }
    char *out = sts_info(args->n ? args->v[0] : "stsfit-run", i->c.json, &err);
    if (!out) return common_fail(&err);
    common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return 0;
}

const command command_info = {
    .name = "info",
    .args = "[DIR]",
    .help = "describe a model, checkpoint or run",
    .text = "Shows modules, shapes, parameters, tokenizer, files and checksums of a model\n"
            "directory.",
    .tables = TABLES,
    .size = sizeof(info),
    .run = run,
};
