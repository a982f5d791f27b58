/* derived_card.h - a model that was made from another one without training, and its README.md. */
#ifndef STS_REPORT_DERIVED_CARD_H
#define STS_REPORT_DERIVED_CARD_H

#include "core/strbuf.h"
#include "model/model.h"

/* Writes m, made from the model `from`, to `dir` (model_output.h) with a card: front matter with
 * what the origin's card says of license and language, the name, and `text`, Markdown that says
 * what was done, which is freed. 0, or -1. */
int sts_derived_write(const sts_model *m, const sts_model *from, sts_strbuf *text, const char *dir,
                      sts_err *err);

#endif
