/* loss_plugin.h - losses from shared objects. */
#ifndef STS_LOSS_PLUGIN_H
#define STS_LOSS_PLUGIN_H

#include "core/err.h"
#include "stsfit_loss.h"

/* Loads path, finds and checks its sts_loss_plugin; a copy with all members of this version, for
 * sts_free, valid until *library is given to sts_loss_unload. NULL on error (STS_USAGE). */
sts_loss *sts_loss_load(const char *path, void **library, sts_err *err);
void sts_loss_unload(void *library); /* NULL is fine */

#endif
