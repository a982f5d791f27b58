/* score.c - stsfit score: one more column, the similarity, on each line of pairs. */
#include "common.h"

#include <math.h>
#include <string.h>

typedef struct score {
    common c;
    const char *similarity; /* names the column */
} score;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to score"},
    OPT_MODEL,
    OPT_LENGTH,
    OPT_DIMS,
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_READING, OPT_RUNNING, {0}};

/* A JSON object gets a member, other records a field. */
static int on_record(void *ctx, sts_str record, const double *x, char delimiter)
{
    const score *s = ctx;
    char field[64];
    if (!record.s) return fflush(stdout);
    if (x && isnan(*x)) /* a blank line stays one */
        return !common_write(stdout, record.s, record.n) || !common_write(stdout, "\n", 1);
    size_t n = record.n;
    while (!delimiter && n && record.s[n - 1] != '}') n--;
    if (!delimiter) {
        size_t body = n ? n - 1 : 0;
        const char *comma = body && memchr(record.s, ':', body) ? "," : "";
        snprintf(field, sizeof field, "%s\"%s\":%.6f}", comma, s->similarity,
                 x ? *x : 0);
        return !common_write(stdout, record.s, body) ||
               !common_write(stdout, field, strlen(field)) || !common_write(stdout, "\n", 1);
    }
    if (x) snprintf(field, sizeof field, "%c%.6f\n", delimiter, *x);
    else snprintf(field, sizeof field, "%c%s\n", delimiter, s->similarity);
    return !common_write(stdout, record.s, n) || !common_write(stdout, field, strlen(field));
}

static int run(void *values, const opt_args *args)
{
    score *s = values;
    sts_err err = {0};
    common_start(&s->c);
    progress_give_way();
    const char *path = common_input("score", args);
    if (!path) return STS_USAGE;
    s->c.reading.unscored = true;
    sts_model *m = common_model(&s->c, &err);
    if (m) s->similarity = sts_model_similarity(m);
    if (m && strcmp(s->similarity, "cosine") && !s->c.quiet && !sts_comm_rank())
        fprintf(stderr, "stsfit: the column is %s, the model's own similarity\n", s->similarity);
    int rc = m ? sts_score_file(m, path, &s->c.reading, on_record, s, &err) : -1;
    sts_model_free(m);
    return rc ? common_fail(&err) : 0;
}

const command command_score = {
    .name = "score",
    .args = "[PAIRS]",
    .help = "add a column, the similarity, to each line of pairs",
    .text = "Reads pairs (stdin without PAIRS; scores are not needed) and writes each line\n"
            "again with the similarity of its two sentences as one more column: the cosine,\n"
            "or what the model's similarity_fn_name says. Blank lines stay blank.",
    .tables = TABLES,
    .size = sizeof(score),
    .run = run,
};
