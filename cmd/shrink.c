/* shrink.c - stsfit shrink: makes a model smaller. */
#include "common.h"

#include <string.h>

typedef struct shrink {
    common c;
    sts_shrink_options o;
} shrink;

#define O(field) .offset = offsetof(shrink, o.field)

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to make smaller"},
    OPT_MODEL,
    OPT_DIRECTORY(shrink, "directory to write; it must not exist, or be empty"),
    {.kind = STS_OPT_TEXT, .name = "layers", .arg = "LIST", O(layers), .standard = "all",
     .help = "layers to keep, from 0, with commas"},
    {.kind = STS_OPT_INT, .name = "dims", .arg = "N", .min = 1, .max = 1 << 20, O(dims),
     .standard = "all", .help = "dimensions to keep: principal components of --data"},
    {.kind = STS_OPT_TEXT, .name = "data", .arg = "TEXTS", O(data), .flags = STS_OPT_INPUT,
     .standard = "none", .help = "texts that the principal components are taken from"},
    {.kind = STS_OPT_TEXT, .name = "vocabulary", .arg = "TEXTS", O(vocabulary),
     .flags = STS_OPT_INPUT, .standard = "all",
     .help = "keep only the tokens that these texts use"},
    {.kind = STS_OPT_TEXT, .name = "dev", .arg = "FILE", O(dev), .flags = STS_OPT_INPUT,
     .standard = "none", .help = "pairs to evaluate on before and after"},
    OPT_THREADS,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_READING, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    shrink *s = values;
    sts_err err = {0};
    char *text = NULL;
    common_start(&s->c);
    if (args->n) {
        common_tell("stsfit: shrink reads --data and --vocabulary; not needed:", args->v[0]);
        return STS_USAGE;
    }
    s->o.model = s->c.model;
    s->o.reading = s->c.reading;
    s->o.stop = stop_on_signals();
    int rc = sts_shrink(&s->o, &text, &err);
    if (!rc && !s->c.quiet) common_write(stdout, text, strlen(text));
    sts_free_text(text);
    return rc ? common_fail(&err) : 0;
}

const command command_shrink = {
    .name = "shrink",
    .args = "-m DIR -o DIR",
    .help = "leave out layers, dimensions or tokens of a model",
    .text = "Writes a smaller model: with some of its layers, with fewer dimensions (a Dense\n"
            "module of principal components), or with only the tokens that given texts use.\n"
            "Prints size, speed and, with --dev, accuracy before and after. A model with\n"
            "fewer layers has to be trained again.",
    .tables = TABLES,
    .size = sizeof(shrink),
    .run = run,
};
