/* loss_plugin.h - losses from shared objects. */
#ifndef STS_LOSS_PLUGIN_H
#define STS_LOSS_PLUGIN_H

#include "core/env.h"
#include "core/err.h"
#include "stsfit_loss.h"

/* A checked copy of a descriptor, its missing members 0, for sts_free; `name` is for messages. NULL
 * on error (STS_USAGE). */
sts_loss *sts_loss_adopt(const sts_loss *loss, const char *name, sts_err *err);

/* Loads path, finds and checks its sts_loss_plugin; a copy with all members of this version, for
 * sts_free, valid until *library is given to sts_loss_unload. NULL on error (STS_USAGE). */
sts_loss *sts_loss_load(const char *path, void **library, sts_err *err);
void sts_loss_unload(void *library); /* NULL is fine */

/* The loss called name[n] that the environment in use has; NULL: none. */
const sts_env_item *sts_loss_own(const char *name, size_t n);

#endif
