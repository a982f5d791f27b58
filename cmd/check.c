/* check.c - stsfit check: what is in data files, and what is wrong with them. */
#include "common.h"

#include <string.h>

typedef struct check {
    common c;
} check;

static const opt OPTS[] = {
    {OPT_GROUP, .help = "What to look at"},
    {OPT_TEXT, "model", NULL, 'm', "DIR", COMMON(check, model), 0, 0,
     "a model whose length says what would be cut", "none"},
    {OPT_FLAG, "json", NULL, 0, NULL, COMMON(check, json), 0, 0, "JSON", NULL},
    OPT_READING(check),
    OPT_MACHINE(check),
    OPT_END,
};

static void defaults(void *values)
{
    common_defaults(&((check *)values)->c);
    ((check *)values)->c.model = NULL;
}

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
    "check", "DATA...", "what is in data files, and what is wrong with them",
    "Format and columns found, score histogram, lengths, duplicates, conflicting scores, leakage\n"
    "between files, faults with line numbers. Exits with 3 when there are faults.",
    OPTS, sizeof(check), defaults, run};
