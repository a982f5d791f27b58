/* gate.c - quality gates. */
#include "eval/gate.h"

#include "core/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int sts_gate_parse(sts_gate *g, const char *text, sts_err *err)
{
    char name[64];
    const char *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : 0;
    if (!n || n >= sizeof name || !sts_number_parse(equals + 1, strlen(equals + 1), &g->limit))
        return sts_fail(err, STS_USAGE, "--fail-under: '%s' is not METRIC=X", text);
    snprintf(name, sizeof name, "%.*s", (int)n, text);
    g->metric = sts_metric_choose("--fail-under", name, err);
    return g->metric ? 0 : -1;
}

int sts_gate_check(const sts_gate *g, double x, const char *what, sts_err *err)
{
    const char *name = g->metric->name;
    if (isnan(x)) return sts_fail(err, STS_GATE, "%s: %s cannot be computed", what, name);
    if (!sts_metric_better(g->metric, g->limit, x)) return 0;
    return sts_fail(err, STS_GATE, "%s: %s is %.6f, %s %g", what, name, x,
                    g->metric->lower_is_better ? "above" : "below", g->limit);
}
