/* distill.c - stsfit distill: makes a static model from any encoder. */
#include "common.h"

#include <string.h>

typedef struct distill {
    common c;
    sts_distill_options o;
} distill;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to distill"},
    OPT_MODEL,
    OPT_DIRECTORY(distill, "directory to write; it must not exist, or be empty"),
    {.kind = STS_OPT_INT, .name = "dims", .aliases = "pca-dims", .arg = "N", .min = 1,
     .max = 1 << 20, .offset = offsetof(distill, o.dims), .standard = "256, or the model's width",
     .help = "principal components to keep"},
    {.kind = STS_OPT_TEXT, .name = "vocabulary", .arg = "FILE", .flags = STS_OPT_INPUT,
     .offset = offsetof(distill, o.vocabulary), .standard = "none",
     .help = "words and phrases to add to the tokens, one per line"},
    {.kind = STS_OPT_NUM, .name = "sif", .aliases = "sif-coefficient", .arg = "A", .max = 1,
     .offset = offsetof(distill, o.sif), .value = "1e-4",
     .help = "weight tokens by A / (A + frequency); 0: one weight for all"},
    {.kind = STS_OPT_CHOICE, .name = "pooling", .arg = "mean|first|last",
     .offset = offsetof(distill, o.pooling), .value = "mean",
     .help = "which of the encoder's output vectors make the vector of a token"},
    OPT_JSON("print the summary as JSON"),
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    distill *d = values;
    sts_err err = {0};
    char *text = NULL;
    common_start(&d->c);
    if (args->n) {
        common_tell("stsfit: distill reads no data, only -m MODEL; not needed:", args->v[0]);
        return STS_USAGE;
    }
    d->o.model = d->c.model;
    d->o.batch_size = d->c.batch_size;
    d->o.precision = d->c.precision;
    d->o.stop = stop_on_signals();
    int rc = sts_distill(&d->o, d->c.json ? STS_AS_JSON : STS_AS_TEXT, &text, &err);
    if (!rc && (d->c.json || !d->c.quiet)) common_write(stdout, text, strlen(text));
    sts_free_text(text);
    return rc ? common_fail(&err) : 0;
}

const command command_distill = {
    .name = "distill",
    .args = "-m DIR -o DIR",
    .help = "make a static model from any encoder",
    .text = "Encodes each token of a model's vocabulary alone, reduces the vectors to their\n"
            "principal components and writes them as a static model, which looks vectors up\n"
            "and averages them: hundreds of times faster, less accurate. No data is needed.\n"
            "sentence-transformers and model2vec open it; stsfit train -m DIR improves it.",
    .tables = TABLES,
    .size = sizeof(distill),
    .run = run,
};
