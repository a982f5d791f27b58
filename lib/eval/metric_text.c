/* metric_text.c - columns of metrics. */
#include "eval/metric_text.h"

#include <math.h>

void sts_put_hundredths(sts_strbuf *t, double x, bool markdown, bool sign)
{
    if (!isfinite(x)) sts_strbuf_printf(t, markdown ? " - |" : "%10s", "-");
    else if (sign) sts_strbuf_printf(t, markdown ? " %+.2f |" : "%+10.2f", 100 * x);
    else sts_strbuf_printf(t, markdown ? " %.2f |" : "%10.2f", 100 * x);
}

void sts_put_metric_titles(sts_strbuf *t, sts_metric_needs has, bool markdown)
{
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_in_table(&sts_metric_row_of[m], has))
            sts_strbuf_printf(t, markdown ? " %s |" : "%10s", sts_metric_row_of[m].title);
}

void sts_put_metrics_by(sts_strbuf *t, const double value[STS_METRICS], sts_metric_needs has,
                        sts_similarity_kind similarity, bool markdown)
{
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!sts_metric_in_table(row, has)) continue;
        row = sts_metric_by(row, has, similarity);
        sts_put_hundredths(t, value[row - sts_metric_row_of], markdown, false);
    }
}

void sts_put_metrics(sts_strbuf *t, const double value[STS_METRICS], sts_metric_needs has,
                     bool markdown)
{
    sts_put_metrics_by(t, value, has, STS_COSINE_SIMILARITY, markdown);
}
