/* score.c - stsfit score: one more column, the similarity, on each line of pairs. */
#include "common.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct score {
    common c;
    const char *similarity; /* names the column */
    const char *threshold;
    bool calibrate;
    double least;                 /* the threshold; NAN: none */
    sts_calibration *calibration; /* NULL: none */
} score;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to score"},
    OPT_MODEL,
    {.kind = STS_OPT_FLAG, .name = "calibrate", .offset = offsetof(score, calibrate),
     .help = "add the cosine on the scale of the scores, as fitted to the model's dev set"},
    {.kind = STS_OPT_TEXT, .name = "threshold", .arg = "X|f1|accuracy",
     .offset = offsetof(score, threshold), .standard = "none",
     .help = "add 1 for a cosine of at least X, or of what training chose on dev; else 0"},
    OPT_LENGTH,
    OPT_DIMS,
    OPT_THREADS,
    OPT_BATCH,
    OPT_PRECISION,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, OPT_PROMPTS, OPT_READING, OPT_RUNNING, {0}};

/* A further field of a record; as a title, or a member of an object, by its name. */
static int add_field(char *out, size_t size, char delimiter, const char *name, const char *value)
{
    if (!delimiter) return snprintf(out, size, ",\"%s\":%s", name, value);
    return snprintf(out, size, "%c%s", delimiter, *value ? value : name);
}

/* All of them, for a similarity or (NULL) a header line. */
static void add_fields(const score *s, char *out, size_t size, char delimiter, const double *x)
{
    char value[DBL_MAX_10_EXP + 16] = ""; /* a score may be of any size */
    size_t n = 0;
    if (x) snprintf(value, sizeof value, "%.6f", *x);
    n += (size_t)add_field(out + n, size - n, delimiter, s->similarity, value);
    if (s->calibration && x)
        snprintf(value, sizeof value, "%.4f", sts_calibration_apply(s->calibration, *x));
    if (s->calibration) n += (size_t)add_field(out + n, size - n, delimiter, "calibrated", value);
    if (isnan(s->least)) return;
    if (x) snprintf(value, sizeof value, "%d", *x >= s->least);
    add_field(out + n, size - n, delimiter, "positive", value);
}

/* A JSON object gets members, other records fields. */
static int on_record(void *ctx, sts_str record, const double *x, char delimiter)
{
    char fields[DBL_MAX_10_EXP + 160];
    if (!record.s) return fflush(stdout);
    if (x && isnan(*x)) /* a blank line stays one */
        return !common_write(stdout, record.s, record.n) || !common_write(stdout, "\n", 1);
    size_t n = record.n;
    while (!delimiter && n && record.s[n - 1] != '}') n--;
    size_t body = !delimiter && n ? n - 1 : n;
    bool empty = !delimiter && !(body && memchr(record.s, ':', body));
    add_fields(ctx, fields, sizeof fields, delimiter, x);
    const char *from = fields + empty; /* without the comma */
    return !common_write(stdout, record.s, body) || !common_write(stdout, from, strlen(from)) ||
           !common_write(stdout, delimiter ? "\n" : "}\n", delimiter ? 1 : 2);
}

/* What the model has of the options. */
static int decide(score *s, const sts_model *m, sts_err *err)
{
    s->least = NAN;
    if (s->calibrate && !(s->calibration = sts_calibration_load(m, err))) return -1;
    return s->threshold ? sts_model_threshold(m, s->threshold, &s->least, err) : 0;
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
    int rc = m ? decide(s, m, &err) : -1;
    if (!rc) rc = sts_score_file(m, path, &s->c.reading, on_record, s, &err);
    sts_calibration_free(s->calibration);
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
