/* merge_card.h - README.md of a merged model. */
#ifndef STS_REPORT_MERGE_CARD_H
#define STS_REPORT_MERGE_CARD_H

#include "core/json.h"

/* Of the model that is written to `dir`, by what `stsfit merge --json` says. `origin` is the first
 * model's card, whose license and language are taken over (NULL: none). Freed by sts_free; NULL
 * when memory is out. */
char *sts_merge_card(const char *dir, const sts_json *report, const char *origin, sts_err *err);

#endif
