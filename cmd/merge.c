/* merge.c - stsfit merge: models of one shape into one. */
#include "common.h"

#include <string.h>

typedef struct merge {
    common c;
    sts_merge_options o;
} merge;

#define O(field) .offset = offsetof(merge, o.field)

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to merge"},
    {.kind = STS_OPT_TEXT, .name = "output", .aliases = "output-dir", .letter = 'o', .arg = "DIR",
     O(output), .standard = "required", .flags = STS_OPT_OUTPUT,
     .help = "directory to write the model to; it must be new"},
    {.kind = STS_OPT_CHOICE, .name = "method", .arg = "linear|slerp|greedy", O(method),
     .value = "linear",
     .help = "mean; arc between two models; mean of those that do not lower the metric on dev"},
    {.kind = STS_OPT_TEXT, .name = "weights", .arg = "LIST", O(weights), .standard = "equal",
     .help = "a number for each model: 1,2"},
    {.kind = STS_OPT_TEXT, .name = "dev", .arg = "FILE", O(dev), .standard = "none",
     .help = "pairs or triplets to evaluate all models on"},
    {.kind = STS_OPT_TEXT, .name = "metric", .arg = "NAME", O(metric),
     .standard = "spearman_cosine; cosine_accuracy for triplets",
     .help = "metric to compute on the dev set"},
    OPT_JSON("print JSON"),
    OPT_THREADS,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_READING, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    merge *m = values;
    sts_err err = {0};
    common_start(&m->c);
    if (args->n < 2 || !m->o.output) {
        fprintf(stderr, "stsfit: merge: needs two models and a new directory: "
                        "stsfit merge A B -o MERGED\n");
        return STS_USAGE;
    }
    m->o.models = args->v;
    m->o.n_models = (size_t)args->n;
    m->o.reading = m->c.reading;
    m->o.stop = stop_on_signals();
    stop_saves(true);
    char *out = NULL;
    int rc = sts_merge(&m->o, m->c.json ? STS_AS_JSON : STS_AS_TEXT, &out, &err);
    progress_clear();
    if (out && (m->c.json || !m->c.quiet)) common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return rc ? common_fail(&err) : 0;
}

const command command_merge = {
    .name = "merge",
    .args = "A B...",
    .help = "average the weights of models of one shape",
    .text = "Averages models that were trained from the same one, such as runs with other\n"
            "seeds, or a trained model and the one it started from. The result has the\n"
            "files of the first model and opens in sentence-transformers.",
    .tables = TABLES,
    .size = sizeof(merge),
    .run = run,
};
