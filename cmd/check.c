/* check.c - stsfit check: what is in data files, and what is wrong with them. */
#include "common.h"

#include <string.h>

typedef struct check {
    common c;
} check;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to check"},
    {.kind = STS_OPT_TEXT, .name = "model", .letter = 'm', .arg = "DIR",
     .offset = offsetof(common, model), .standard = "none",
     .help = "model whose maximum length decides which texts would be cut"},
    OPT_LENGTH,
    OPT_THREADS,
    OPT_JSON("print JSON"),
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_READING, OPT_RUNNING, {0}};

static int run(void *values, const opt_args *args)
{
    check *k = values;
    sts_err err = {0};
    static const char *const standard_input = "-";
    common_start(&k->c);
    const char *const *data = args->n ? args->v : &standard_input;
    char *out = NULL;
    int rc = sts_check(data, args->n ? (size_t)args->n : 1, &k->c.reading, k->c.model,
                       k->c.max_seq_length, k->c.json ? STS_AS_JSON : STS_AS_TEXT, &out, &err);
    if (out) common_write(stdout, out, strlen(out));
    sts_free_text(out);
    return rc ? common_fail(&err) : 0;
}

const command command_check = {
    .name = "check",
    .args = "DATA...",
    .help = "check data files for faults before training",
    .text = "Reports the format and columns found, a histogram of scores, lengths,\n"
            "duplicates, conflicting scores, leakage between files, and faults with their\n"
            "line numbers; of pairs without scores, texts with several partners and texts\n"
            "that are nearly the same, with the commands to continue with. Exits with 3\n"
            "when there are faults.",
    .tables = TABLES,
    .size = sizeof(check),
    .run = run,
};
