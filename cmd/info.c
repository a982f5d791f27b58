/* info.c - stsfit info: what is in a model, checkpoint or run. */
#include "common.h"

#include <string.h>

typedef struct info {
    common c;
} info;

static const opt OPTS[] = {
    {OPT_FLAG, "json", NULL, 0, NULL, COMMON(info, json), 0, 0, "JSON", NULL},
    OPT_END,
};

static void defaults(void *values)
{
    common_defaults(&((info *)values)->c);
}

static int run(void *values, const opt_args *args)
{
    info *i = values;
    sts_err err = {0};
    common_start(&i->c);
    if (args->n > 1) {
        fprintf(stderr, "stsfit: info: one directory at a time\n");
        return STS_USAGE;
    }
    char *out = sts_info(args->n ? args->v[0] : i->c.model, i->c.json, &err);
    if (!out) return common_fail(&err);
    common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return 0;
}

const command command_info = {
    "info", "[DIR]", "what is in a model, checkpoint or run",
    "Modules, shapes, parameters, tokenizer, files and checksums of a model directory.",
    OPTS, sizeof(info), defaults, run};
