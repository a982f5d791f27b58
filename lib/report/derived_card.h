/* derived_card.h - README.md of a model that was made from another one without training. */
#ifndef STS_REPORT_DERIVED_CARD_H
#define STS_REPORT_DERIVED_CARD_H

#include "model/model.h"

/* The card: front matter with what the origin's card says of license and language, the name, and
 * `text`, Markdown that says what was done. Freed by sts_free; NULL when memory is out. */
char *sts_derived_card(const sts_model *from, const char *name, const char *text, sts_err *err);

#endif
