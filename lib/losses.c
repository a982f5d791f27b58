/* losses.c - `stsfit losses`: all losses, or one, as text, Markdown or JSON. */
#include "loss/loss_help.h"

static char *as_json(const sts_loss *loss)
{
    cJSON *json = loss ? sts_loss_json(loss) : sts_loss_list_json();
    return sts_json_finish(json, true, sts_json_denied());
}

/* Goes through the parser, so that a shared object can be asked about too. */
char *sts_losses(const char *name, sts_form form, sts_err *err)
{
    sts_loss_spec spec = {0};
    if (name && sts_loss_parse(&spec, name, err)) return NULL;
    char *out = form == STS_AS_JSON ? as_json(spec.loss)
                : name              ? sts_loss_text(spec.loss)
                                    : sts_loss_list_text(form);
    if (!out) sts_fail_memory(err, "the list of losses");
    sts_loss_close(&spec);
    return out;
}
