/* pairs.h - data of one format: the first byte chooses options, the rest is the file. */
#ifndef STS_FUZZ_PAIRS_H
#define STS_FUZZ_PAIRS_H

#include "fuzz.h"
#include "text/dataset.h"
#include "text/survey.h"

#include <math.h>

FUZZ_UNUSED static void fuzz_count(const sts_dataset *d)
{
    size_t sum = d->n;
    for (int i = 0; i < STS_SKIP_COUNT; i++) sum += d->skipped[i];
    fuzz_check(sum == d->n_read, "rows read = rows used + rows left out");
    for (size_t i = 0; i < d->n; i++) {
        const sts_row *r = &d->row[i];
        for (int k = 0; k < d->n_texts; k++)
            fuzz_check(r->text[k].n && !r->text[k].s[r->text[k].n], "texts are whole");
        fuzz_check(!d->scored || (r->score >= 0 && r->score <= 1), "scores are in 0..1");
    }
}

FUZZ_UNUSED static int fuzz_pairs(const char *format, const uint8_t *data, size_t n)
{
    if (!n) return 0;
    static const char *const columns[] = {NULL, "score=1,sentence1=2,sentence2=3",
                                          "anchor=1,positive=2,negative=3", "score=score"};
    unsigned how = data[0];
    sts_data_options o = {.format = how & 1 ? NULL : format, .skip_bad = how & 2,
                          .has_range = how & 4, .score_min = 0, .score_max = 5,
                          .unscored = how & 8, .columns = columns[how >> 4 & 3]};
    sts_err err = {0};
    sts_dataset *d = sts_dataset_load_memory(data + 1, n - 1, "data", &o, &err);
    if (d) fuzz_count(d);
    else fuzz_refused(&err);
    sts_dataset_free(d);
    return 0;
}

#endif
