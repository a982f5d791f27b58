/* losses.c - `stsfit losses`: all losses, or one, as text, Markdown or JSON. */
#include "loss/loss_help.h"

static char *as_json(const sts_loss *loss)
{
    sts_json *json = loss ? sts_loss_json(loss) : sts_loss_list_json();
    return sts_json_finish(json, true, sts_json_denied());
}

/* All of them when loss is NULL. */
static char *describe(const sts_loss *loss, sts_form form)
{
    if (form == STS_AS_JSON) return as_json(loss);
    return loss ? sts_loss_text(loss) : sts_loss_list_text(form);
}

/* Goes through the parser, so that a shared object can be asked about too. */
char *sts_losses(const char *name, sts_form form, sts_err *err)
{
    sts_loss_spec spec = {0};
    if (name && sts_loss_parse(&spec, name, err)) return NULL;
    char *out = NULL;
    if (spec.n_parts > 1)
        sts_fail(err, STS_USAGE, "'%.200s' is a sum: ask for one loss at a time", name);
    else if (!(out = describe(spec.part[0].loss, form))) sts_fail_memory(err, "the list of losses");
    sts_loss_close(&spec);
    return out;
}
