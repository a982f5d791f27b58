/* test_metric_table.c - the registry of metrics: its rows are complete, data/schema describes each
 * of them and no other, and --metric knows their names. */
#include "core/json.h"
#include "eval/evaluate.h"
#include "stsfit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Test(metric_table, rows_are_complete)
{
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        cr_assert(*row->name && *row->label && row->compute, "metric %zu", m);
        cr_assert(sts_metric_find(row->name) == row, "%s occurs twice", row->name);
        cr_assert(sts_metric_better(row, 0.2, 0.1) == (row->decides && !row->lower_is_better), "%s",
                  row->name);
        cr_assert(!sts_metric_better(row, NAN, 0) && !sts_metric_better(row, 0, NAN));
    }
    static const sts_metric_needs data[] = {STS_NEEDS_SCORES, STS_NEEDS_CLASSES, STS_NEEDS_TRIPLETS,
                                            STS_NEEDS_PARTNERS};
    for (size_t i = 0; i < 4; i++) {
        const sts_metric_row *row = sts_metric_default(data[i]);
        cr_assert(row && row->needs & data[i] && sts_metric_in_table(row, data[i]));
    }
}

Test(metric_table, options_know_every_name)
{
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        char other[80];
        snprintf(other, sizeof other, "eval_%s", row->name);
        const char *const said[] = {row->name, other, *row->title ? row->title : row->name};
        for (size_t i = 0; i < 3; i++) {
            sts_train_options o = sts_train_defaults();
            cr_assert(!sts_train_set(&o, "metric", said[i], NULL), "%s", said[i]);
            cr_assert(!strcmp(o.metric, row->name), "%s is %s", said[i], o.metric);
        }
    }
    sts_train_options o = sts_train_defaults();
    cr_assert(sts_train_set(&o, "metric", "", NULL), "an empty name");
    sts_err err = {0};
    cr_assert(!sts_metric_choose("--metric", "cosine_f1_threshold", &err), "it cannot decide");
    cr_assert(err.code == STS_USAGE && !strstr(err.text, "cosine_f1_threshold,"), "%s", err.text);
}

/* ---- data/schema ---- */

static double bound(const sts_json *property, const char *key)
{
    const sts_json *x = sts_json_get(property, key);
    return sts_json_is_number(x) ? x->number : NAN;
}

static bool is_correlation(const sts_json *property)
{
    const char *ref = sts_json_as_string(sts_json_get(property, "$ref"));
    return ref && !strcmp(ref, "#/$defs/correlation");
}

static bool in_range(const sts_json *property, sts_metric_range range)
{
    if (range == STS_RANGE_CORRELATION) return is_correlation(property);
    double lo = bound(property, "minimum"), hi = bound(property, "maximum");
    if (range == STS_RANGE_ANY) return isnan(lo) && isnan(hi);
    return lo == 0 && (range == STS_RANGE_SHARE ? hi == 1 : isnan(hi));
}

/* The properties of an evaluation: each metric of the data that it may be of, and no other. */
static void check_evaluation(const char *file, const sts_json *properties)
{
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        const sts_json *property = sts_json_get(properties, row->name);
        cr_assert(property, "%s: an evaluation lacks \"%s\"", file, row->name);
        cr_assert(in_range(property, row->range), "%s: bounds of \"%s\"", file, row->name);
    }
    for (const sts_json *p = properties->child; p; p = p->next)
        cr_assert(!is_correlation(p) || sts_metric_find(p->key), "%s: \"%s\" is not a metric", file,
                  p->key);
}

/* How many evaluations the schema describes, all of them checked. */
static int check_all(const char *file, const sts_json *node)
{
    int n = 0;
    const sts_json *properties = sts_json_get(node, "properties");
    if (sts_json_get(properties, "pairs") && sts_json_get(properties, "truncated")) {
        check_evaluation(file, properties);
        n++;
    }
    for (const sts_json *child = node->child; child; child = child->next)
        n += check_all(file, child);
    return n;
}

Test(metric_table, schemas_describe_every_metric)
{
    static const struct {
        const char *file;
        int evaluations;
    } schema[] = {{"data/schema/eval.schema.json", 1},
                  {"data/schema/compare.schema.json", 1},
                  {"data/schema/log.schema.json", 1},
                  {"data/schema/report.schema.json", 2}};
    for (size_t i = 0; i < sizeof schema / sizeof *schema; i++) {
        sts_err err = {0};
        sts_json *root = sts_json_load(schema[i].file, STS_DATA, &err);
        cr_assert(root, "%s", err.text);
        cr_assert_eq(check_all(schema[i].file, root), schema[i].evaluations, "%s", schema[i].file);
        sts_json_free(root);
    }
}
