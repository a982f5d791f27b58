/* eval_rows.c - what a model gives each pair of a file, as tab-separated values. */
#include "report/eval_rows.h"

#include <string.h>

/* Text as one field of a TSV: tabs and line ends become spaces. */
static int write_field(sts_writer *w, sts_str s, sts_err *err)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i] == '\t' || s.s[i] == '\n' || s.s[i] == '\r' ? ' ' : s.s[i];
        if (sts_writer_write(w, &c, 1, err)) return -1;
    }
    return 0;
}

/* A score of 0..1 on the file's scale. */
static double on_scale(const double range[2], double x)
{
    return range[0] + x * (range[1] - range[0]);
}

int sts_eval_rows_write(sts_writer *w, const char *name, const sts_corpus *c,
                        const sts_evaluation *e, const double range[2], sts_err *err)
{
    sts_str file = {name, strlen(name)};
    for (size_t i = 0; i < e->n && e->similarity; i++) {
        double x = e->similarity[i]; /* other similarities than the cosine have no scale */
        double predicted = e->kind == STS_COSINE_SIMILARITY ? on_scale(range, x) : x;
        if (write_field(w, c->text[2 * i], err) || sts_writer_write(w, "\t", 1, err) ||
            write_field(w, c->text[2 * i + 1], err) ||
            sts_writer_printf(w, err, "\t%.6g\t%.6f\t%.6f\t", on_scale(range, c->score[i]),
                              predicted, x) ||
            write_field(w, file, err) || sts_writer_write(w, "\n", 1, err))
            return -1;
    }
    return 0;
}
