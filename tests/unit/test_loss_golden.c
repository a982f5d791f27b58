/* test_loss_golden.c - values and gradients against sentence-transformers' own classes
 * (tests/golden/losses.json). */
#include "core/json.h"
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

/* A matrix of the file into x, row-major; its rows, or 0 when there is none. */
static int matrix(const sts_json *rows, double *x, int *dim)
{
    const sts_json *row, *cell;
    int n = 0;
    size_t at = 0;
    sts_json_each(row, rows)
    {
        *dim = sts_json_size(row);
        n++;
        sts_json_each(cell, row) x[at++] = cell->number;
    }
    return n;
}

static void same(const char *name, const char *what, const double *got, const double *want, int n)
{
    double scale = 1e-6; /* below, the reference's own rounding shows */
    for (int i = 0; i < n; i++) scale = fmax(scale, fabs(want[i]));
    for (int i = 0; i < n; i++)
        cr_assert(fabs(got[i] - want[i]) <= 1e-9 * scale, "%s: %s[%d] is %.17g, not %.17g", name,
                  what, i, got[i], want[i]);
}

/* What the reference takes for granted, said in our options. */
static int choose(sts_loss_spec *spec, const char *name)
{
    char text[128];
    bool mnrl = !strncmp(name, "multiple", 8);
    snprintf(text, sizeof text, "%s%s", name,
             !mnrl ? "" : strchr(name, ':') ? ",min_score=0" : ":min_score=0");
    sts_err err = {0};
    int rc = sts_loss_parse(spec, text, &err);
    cr_assert(rc == 0, "%s: %s", text, err.text);
    return rc;
}

static void compare(const sts_json *golden, const sts_json *c)
{
    static const char *const column[] = {"u", "v", "w"}, *const slope[] = {"du", "dv", "dw"};
    double emb[3][64], grad[3][64], want[64], score[8], scratch[STS_LOSS_SCRATCH(8, 3)];
    const double *emb_of[] = {emb[0], emb[1], emb[2]};
    double *grad_of[] = {grad[0], grad[1], grad[2]};
    char key[64];
    sts_loss_spec spec;
    sts_loss_batch b = {.columns = (int)sts_json_member(c, "columns")->number,
                        .emb = emb_of,
                        .grad = grad_of,
                        .scratch = scratch};
    snprintf(key, sizeof key, "inputs %s", sts_json_member(c, "input")->text);
    const sts_json *inputs = sts_json_member(golden, key);
    for (int k = 0; k < b.columns; k++)
        b.n = matrix(sts_json_member(inputs, column[k]), emb[k], &b.dim);
    const sts_json *labels = sts_json_member(c, "labels");
    for (int i = 0; i < b.n; i++) score[i] = sts_json_item(labels, i)->number;
    choose(&spec, sts_json_member(c, "loss")->text);
    if (spec.part[0].loss->needs & STS_LOSS_SCORED_PAIRS && b.columns == 2) b.score = score;
    double value = sts_loss_run(&spec, &b).value;
    same(c->key, "value", &value, &sts_json_member(c, "value")->number, 1);
    for (int k = 0; k < b.columns; k++) {
        cr_assert(matrix(sts_json_member(c, slope[k]), want, &b.dim) == b.n, "%s", c->key);
        same(c->key, slope[k], grad[k], want, b.n * b.dim);
    }
    sts_loss_close(&spec);
}

Test(loss_golden, agrees_with_sentence_transformers)
{
    sts_err err = {0};
    sts_json *golden = sts_json_load("tests/golden/losses.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    const sts_json *c;
    int cases = 0;
    sts_json_each(c, golden)
    {
        if (!strncmp(c->key, "inputs", 6)) continue;
        compare(golden, c);
        cases++;
    }
    cr_assert(cases >= 80, "%d cases", cases);
    sts_json_free(golden);
}
