/* eval.c - stsfit eval: a model judged on scored pairs. */
#include "common.h"

#include <string.h>
#include <unistd.h>

typedef struct eval {
    common c;
    sts_eval_options o;
    bool markdown;
} eval;

#define O(field) (offsetof(eval, o) + offsetof(sts_eval_options, field))

static const opt OPTS[] = {
    {OPT_GROUP, .help = "What to judge"},
    OPT_MODEL(eval, NULL),
    {OPT_TEXT, "predictions", NULL, 0, "FILE", O(predictions), 0, 0,
     "write the pairs with gold and predicted scores", "none"},
    {OPT_TEXT, "fail-under", NULL, 0, "METRIC=X", O(fail_under), 0, 0,
     "exit with 6 when a file's metric is worse", "none"},
    {OPT_FLAG, "json", NULL, 0, NULL, COMMON(eval, json), 0, 0, "JSON with every metric", NULL},
    {OPT_FLAG, "markdown", NULL, 0, NULL, offsetof(eval, markdown), 0, 0, "a Markdown table", NULL},
    OPT_READING(eval),
    OPT_BATCH(eval),
    OPT_MACHINE(eval),
    OPT_PRECISION(eval),
    OPT_END,
};

static void defaults(void *values)
{
    common_defaults(&((eval *)values)->c);
}

static int run(void *values, const opt_args *args)
{
    eval *e = values;
    sts_err err = {0};
    static const char *const standard_input = "-";
    common_start(&e->c);
    e->o.data = args->v;
    e->o.n_data = (size_t)args->n;
    if (!args->n && !isatty(0)) {
        e->o.data = &standard_input;
        e->o.n_data = 1;
    }
    e->o.reading = e->c.reading;
    e->o.model = e->c.model;
    e->o.max_seq_length = e->c.max_seq_length;
    e->o.batch_size = e->c.batch_size;
    e->o.precision = e->c.precision;
    char *out = NULL;
    sts_form form = e->c.json ? STS_AS_JSON : e->markdown ? STS_AS_MARKDOWN : STS_AS_TEXT;
    int rc = sts_eval(&e->o, form, &out, &err);
    progress_clear();
    if (out) common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return rc ? common_fail(&err) : 0;
}

const command command_eval = {
    "eval", "[DATA...]", "judges a model on scored pairs",
    "Pearson and Spearman (and the rest, with --json) of a model's similarities against the\n"
    "scores in DATA. Without DATA: stdin when it is not a terminal, else the run's own dev set.",
    OPTS, sizeof(eval), defaults, run};
