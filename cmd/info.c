/* info.c - stsfit info: what is in a model, checkpoint or run. */
#include "common.h"

#include <string.h>

typedef struct info {
    common c;
} info;

static const sts_option ROWS[] = {
    OPT_JSON("print JSON"),
    {.kind = STS_OPT_FLAG, .name = "verbose", .letter = 'v', .offset = offsetof(common, verbose),
     .help = "list every tensor and file too"},
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
    sts_info_form form = i->c.json      ? STS_INFO_JSON
                         : i->c.verbose ? STS_INFO_FULL
                                        : STS_INFO_SUMMARY;
    char *out = sts_info(args->n ? args->v[0] : "stsfit-run", form, &err);
    if (!out) return common_fail(&err);
    common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return 0;
}

const command command_info = {
    .name = "info",
    .args = "[DIR]",
    .help = "describe a model, checkpoint or run",
    .text = "Shows modules, parameters, tokenizer and training of a model directory; with -v\n"
            "also shapes of tensors, files and checksums.",
    .tables = TABLES,
    .size = sizeof(info),
    .run = run,
};
