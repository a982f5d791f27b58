/* loss_plugin.h - losses from shared objects. */
#ifndef STS_LOSS_PLUGIN_H
#define STS_LOSS_PLUGIN_H

#include "core/err.h"
#include "stsfit_loss.h"

/* Loads path, finds and checks its sts_loss_plugin; *library is for sts_loss_unload. NULL on error
 * (STS_USAGE). */
const sts_loss *sts_loss_load(const char *path, void **library, sts_err *err);
void sts_loss_unload(void *library); /* NULL is fine */

#endif
