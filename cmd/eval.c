/* eval.c - stsfit eval: a model evaluated on scored pairs. */
#include "common.h"

#include <string.h>
#include <unistd.h>

typedef struct eval {
    common c;
    sts_eval_options o;
    bool markdown;
} eval;

#define O(field) .offset = offsetof(eval, o.field)

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to evaluate"},
    OPT_MODEL,
    {.kind = STS_OPT_TEXT, .name = "predictions", .arg = "FILE", O(predictions),
     .standard = "none",
     .help = "file for the pairs: scores and predictions on the data's scale, similarities"},
    {.kind = STS_OPT_TEXT, .name = "fail-under", .arg = "METRIC=X", O(fail_under),
     .standard = "none", .help = "exit with 6 when the metric of a file is worse"},
    {.kind = STS_OPT_TEXT, .name = "threshold", .arg = "X|f1|accuracy", O(threshold),
     .standard = "none",
     .help = "figures of two classes at this cosine, or at what training chose on dev"},
    OPT_VECTORS(eval, o.vectors),
    OPT_CALIBRATION(eval, o.calibration),
    OPT_JSON("print JSON with every metric"),
    {.kind = STS_OPT_FLAG, .name = "markdown", .offset = offsetof(eval, markdown),
     .help = "print a Markdown table"},
    OPT_LENGTH,
    OPT_DIMS,
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_PROMPTS, OPT_READING, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    eval *e = values;
    sts_err err = {0};
    static const char *const standard_input = "-";
    common_start(&e->c);
    if (common_check_calibration(e->o.vectors, e->o.calibration)) return STS_USAGE;
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
    e->o.dims = e->c.dims;
    e->o.precision = e->c.precision;
    e->o.prompts = e->c.prompts;
    char *out = NULL;
    sts_form form = e->c.json ? STS_AS_JSON : e->markdown ? STS_AS_MARKDOWN : STS_AS_TEXT;
    int rc = sts_eval(&e->o, form, &out, &err);
    progress_clear();
    if (out) common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return rc ? common_fail(&err) : 0;
}

const command command_eval = {
    .name = "eval",
    .args = "[DATA...]",
    .help = "evaluate a model on scored pairs",
    .text = "Correlates a model's similarities with the scores in DATA: Pearson, Spearman\n"
            "and, with --json, every other metric. Without DATA: stdin when it is not a\n"
            "terminal, else the run's own dev set.",
    .tables = TABLES,
    .size = sizeof(eval),
    .run = run,
};
