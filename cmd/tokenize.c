/* tokenize.c - stsfit tokenize: reads texts, writes the token ids of each on one line. */
#include "common.h"

#include <string.h>

typedef struct tokenize {
    common c;
    sts_text_options texts;
} tokenize;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to tokenize"},
    OPT_MODEL,
    OPT_TEXTS(tokenize),
    OPT_LENGTH,
    OPT_THREADS,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_PROMPT, OPT_RUNNING, {0}};

static int on_ids(void *ctx, const int32_t *ids, size_t n)
{
    (void)ctx;
    char number[16];
    if (!ids) return fflush(stdout);
    for (size_t i = 0; i < n; i++) {
        int k = snprintf(number, sizeof number, i ? " %d" : "%d", ids[i]);
        if (!common_write(stdout, number, (size_t)k)) return -1;
    }
    return common_write(stdout, "\n", 1) ? 0 : -1;
}

static int run(void *values, const opt_args *args)
{
    tokenize *t = values;
    sts_err err = {0};
    common_start(&t->c);
    progress_give_way();
    const char *path = common_input("tokenize", args);
    if (!path) return STS_USAGE;
    sts_model *m = common_model(&t->c, &err);
    int rc = m ? sts_tokenize_file(m, path, &t->texts, on_ids, NULL, &err) : -1;
    sts_model_free(m);
    return rc ? common_fail(&err) : 0;
}

const command command_tokenize = {
    .name = "tokenize",
    .args = "[TEXTS]",
    .help = "write the token ids of each text",
    .text = "Writes the token ids of each line of TEXTS (stdin without it), or of the texts\n"
            "in a column of a table, on a line: special tokens and truncation included.",
    .tables = TABLES,
    .size = sizeof(tokenize),
    .run = run,
};
