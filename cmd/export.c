/* export.c - stsfit export: writes a model for llama.cpp. */
#include "common.h"

#include <string.h>

typedef struct export {
    common c;
    sts_export_options o;
} export;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to export"},
    OPT_MODEL,
    {.kind = STS_OPT_TEXT, .name = "output", .letter = 'o', .arg = "FILE.gguf",
     .offset = offsetof(export, o.output), .standard = "required", .flags = STS_OPT_OUTPUT,
     .help = "file to write"},
    {.kind = STS_OPT_CHOICE, .name = "type", .arg = "f32|f16|q8_0",
     .offset = offsetof(export, o.type), .value = "f16",
     .help = "numbers of matrices; vectors are always f32"},
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    export *e = values;
    sts_err err = {0};
    char *text = NULL;
    common_start(&e->c);
    if (args->n) {
        common_tell("stsfit: export reads no data, only -m MODEL; not needed:", args->v[0]);
        return STS_USAGE;
    }
    e->o.model = e->c.model;
    int rc = sts_export(&e->o, &text, &err);
    if (!rc && !e->c.quiet) common_write(stdout, text, strlen(text));
    sts_free_text(text);
    return rc ? common_fail(&err) : 0;
}

const command command_export = {
    .name = "export",
    .args = "-m DIR -o FILE.gguf",
    .help = "write a model for llama.cpp (GGUF)",
    .text = "Writes one GGUF file with weights, tokenizer and pooling, for llama.cpp and\n"
            "what is built on it. BERT, RoBERTa, XLM-R, CamemBERT, DistilBERT, ELECTRA and\n"
            "ModernBERT are exported; what llama.cpp cannot run (Dense modules, several\n"
            "poolings, other tokenizers) is refused by name.",
    .tables = TABLES,
    .size = sizeof(export),
    .run = run,
};
