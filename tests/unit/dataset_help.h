/* dataset_help.h - data in memory, and what the reader makes of it, as text. */
#ifndef DATASET_HELP_H
#define DATASET_HELP_H

#include "data/dataset.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SICK "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
#define ROW "g\tf\ty\t1\t1\tA\tB\n"
#define T7 "\t\t\t\t\t\t\t"
#define T63 T7 T7 T7 T7 T7 T7 T7 T7 T7
#define N64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

/* All rows as "line gold score a|b|c", or "!code text". */
static inline char *render(const char *data, size_t n, const sts_data_options *o)
{
    static char out[8000];
    sts_err err = {0};
    sts_dataset *d = sts_dataset_load_memory(data, n, "f", o, &err);
    if (!d) {
        snprintf(out, sizeof out, "!%d %s", err.code, err.text);
        return out;
    }
    size_t at = (size_t)snprintf(out, sizeof out, "%s", d->format), left_out = 0;
    for (size_t i = 0; i < d->n; i++) {
        const sts_row *r = &d->row[i];
        at += (size_t)snprintf(out + at, sizeof out - at, "\n%llu %g %g ",
                               (unsigned long long)r->line, r->gold, r->score);
        for (int k = 0; k < d->n_texts; k++) {
            at += (size_t)snprintf(out + at, sizeof out - at, k ? "|%s" : "%s", r->text[k].s);
            cr_assert_eq(r->text[k].n, strlen(r->text[k].s));
        }
    }
    for (int k = 0; k < STS_SKIP_COUNT; k++) {
        left_out += d->skipped[k];
        if (d->skipped[k])
            at += (size_t)snprintf(out + at, sizeof out - at, "\n%zu %s", d->skipped[k],
                                   sts_skip_name((sts_skip)k));
    }
    cr_assert_eq(d->n_read, d->n + left_out, "rows read = used + left out");
    cr_assert_eq(d->bytes, n);
    sts_dataset_free(d);
    return out;
}

#endif
