/* compare.c - stsfit compare: two models on the same pairs. */
#include "common.h"

#include <string.h>
#include <unistd.h>

typedef struct compare {
    common c;
    sts_compare_options o;
    bool markdown;
} compare;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to compare"},
    {.kind = STS_OPT_FLAG, .name = "pairs", .offset = offsetof(compare, o.pairs),
     .help = "print the pairs on which the models differ most"},
    OPT_JSON("print JSON"),
    {.kind = STS_OPT_FLAG, .name = "markdown", .offset = offsetof(compare, markdown),
     .help = "print a Markdown table"},
    OPT_LENGTH,
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_READING, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    compare *k = values;
    sts_err err = {0};
    static const char *const standard_input = "-";
    common_start(&k->c);
    if (args->n < 2) {
        fprintf(stderr, "stsfit: compare: which two models? stsfit compare A B pairs.tsv\n");
        return STS_USAGE;
    }
    k->o.a = args->v[0];
    k->o.b = args->v[1];
    k->o.data = args->v + 2;
    k->o.n_data = (size_t)args->n - 2;
    if (!k->o.n_data && !isatty(0)) {
        k->o.data = &standard_input;
        k->o.n_data = 1;
    }
    k->o.reading = k->c.reading;
    k->o.max_seq_length = k->c.max_seq_length;
    k->o.batch_size = k->c.batch_size;
    k->o.precision = k->c.precision;
    char *out = NULL;
    sts_form form = k->c.json ? STS_AS_JSON : k->markdown ? STS_AS_MARKDOWN : STS_AS_TEXT;
    int rc = sts_compare(&k->o, form, &out, &err);
    progress_clear();
    if (out) common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return rc ? common_fail(&err) : 0;
}

const command command_compare = {
    .name = "compare",
    .args = "A B [DATA...]",
    .help = "compare two models on the same pairs",
    .text = "Evaluates two models (or runs) on the pairs in DATA and reports whether the\n"
            "difference is more than chance: a paired bootstrap of Spearman. Without DATA:\n"
            "stdin when it is not a terminal, else the dev set of run A.",
    .tables = TABLES,
    .size = sizeof(compare),
    .run = run,
};
