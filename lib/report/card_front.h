/* card_front.h - the YAML at the top of a model card. */
#ifndef STS_REPORT_CARD_FRONT_H
#define STS_REPORT_CARD_FRONT_H

#include "core/strbuf.h"
#include "eval/evaluate.h"
#include "report/card.h"

/* Writes it, with what the origin's has to say (license, language, tags, datasets). -1: no
 * memory. */
int sts_card_front(sts_strbuf *out, const sts_card *card, sts_err *err);

/* What the rows offer that its results are of: those of dev, or without any of test. */
sts_metric_needs sts_card_offers(const sts_json *report);

/* Whether the model is of our own kind, which sentence-transformers opens as an approximation. */
bool sts_card_is_bag(const sts_json *report);

/* The name on the Hub of the model that training started from, where it is known. */
bool sts_card_base_model(const sts_card *card, char id[200]);

#endif
