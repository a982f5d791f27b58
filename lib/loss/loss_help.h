/* loss_help.h - what there is to say about losses, as text, Markdown or JSON, all from their
 * descriptors. */
#ifndef STS_LOSS_HELP_H
#define STS_LOSS_HELP_H

#include "core/json.h"
#include "loss/loss.h"

/* {"name", "aliases", "help", "formula", "needs", "options", "source", "caution"}; NULL when
 * memory is out. */
sts_json *sts_loss_json(const sts_loss *loss);
/* Of all losses, an array. */
sts_json *sts_loss_list_json(void);

/* All of one loss, and one line each of all; freed by sts_free. NULL when memory is out. */
char *sts_loss_text(const sts_loss *loss);
char *sts_loss_list_text(sts_form form);

#endif
