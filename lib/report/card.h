/* card.h - README.md of a written model: a model card whose front matter the Hugging Face Hub reads
 * (library, tags, base model, results), and how to use the model. No row of data gets into it but
 * samples that are given. */
#ifndef STS_REPORT_CARD_H
#define STS_REPORT_CARD_H

#include "core/json.h"

typedef struct sts_card {
    const char *name;    /* of the model, for the title */
    const sts_json *report; /* of the run: report.json */
    const char *origin;  /* README.md of the model that it was trained from; NULL: none */
    const sts_str *text; /* [n_samples x columns] texts to show */
    const double *score; /* [n_samples], NULL: none */
    size_t n_samples;
    int columns;
} sts_card;

/* The whole file; freed by sts_free. NULL when memory is out. */
char *sts_card_render(const sts_card *card, sts_err *err);

#endif
