/* compare.c - stsfit compare: two models on the same pairs. */
#include "common.h"

#include <string.h>
#include <unistd.h>

typedef struct compare {
    common c;
    sts_compare_options o;
    bool markdown;
} compare;

static const opt OPTS[] = {
    {OPT_GROUP, .help = "What to tell"},
    {OPT_FLAG, "pairs", NULL, 0, NULL, offsetof(compare, o.pairs), 0, 0,
     "the pairs that the models differ on the most", NULL},
    {OPT_FLAG, "json", NULL, 0, NULL, COMMON(compare, json), 0, 0, "JSON", NULL},
    {OPT_FLAG, "markdown", NULL, 0, NULL, offsetof(compare, markdown), 0, 0, "a Markdown table",
     NULL},
    OPT_READING(compare),
    OPT_BATCH(compare),
    OPT_MACHINE(compare),
    OPT_PRECISION(compare),
    OPT_END,
};

static void defaults(void *values)
{
    common_defaults(&((compare *)values)->c);
}

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

const command command_compare = {"compare",
                                 "A B [DATA...]",
                                 "two models on the same pairs",
                                 "Judges two models (or runs) on the pairs in DATA and tells "
                                 "whether the difference is more than\n"
                                 "chance: a paired bootstrap of Spearman. Without DATA: stdin when "
                                 "it is not a terminal, else the\n"
                                 "dev set of run A.",
                                 OPTS,
                                 sizeof(compare),
                                 defaults,
                                 run};
