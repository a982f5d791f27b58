/* gate.c - quality gates. */
#include "eval/gate.h"

#include "eval/evaluate.h"
#include "core/decimal.h"

#include <stdio.h>
#include <string.h>

int sts_gate_parse(sts_gate *g, const char *text, sts_err *err)
{
    const char *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : 0;
    sts_evaluation none = {0};
    if (!n || n >= sizeof g->metric || !sts_number_parse(equals + 1, strlen(equals + 1), &g->least))
        return sts_fail(err, STS_USAGE, "--fail-under: '%s' is not METRIC=X", text);
    snprintf(g->metric, sizeof g->metric, "%.*s", (int)n, text);
    if (sts_evaluation_metric(&none, g->metric, NULL)) return 0;
    return sts_fail(err, STS_USAGE, "--fail-under: no metric is called '%s': " STS_METRICS,
                    g->metric);
}

int sts_gate_check(const sts_gate *g, const cJSON *metrics, const char *what, sts_err *err)
{
    const cJSON *x = sts_json_get(metrics, g->metric);
    if (!cJSON_IsNumber(x))
        return sts_fail(err, STS_GATE, "%s: %s cannot be computed", what, g->metric);
    bool less = !strcmp(g->metric, "mse");
    if (less ? x->valuedouble <= g->least : x->valuedouble >= g->least) return 0;
    return sts_fail(err, STS_GATE, "%s: %s is %.6f, %s %g", what, g->metric, x->valuedouble,
                    less ? "above" : "below", g->least);
}
