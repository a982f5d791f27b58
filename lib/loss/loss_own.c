/* loss_own.c - losses that the program itself has, registered in an environment. */
#include "core/env.h"
#include "core/mem.h"
#include "core/suggest.h"
#include "loss/loss_plugin.h"

#include <string.h>

int sts_env_loss(sts_env *env, const sts_loss *loss, void *context, sts_err *err)
{
    if (sts_require(env, "env", err) || sts_require(loss, "loss", err)) return -1;
    sts_env_item *item = sts_alloc(1, sizeof *item);
    if (!item) return sts_fail_memory(err, "the loss");
    item->loss = sts_loss_adopt(loss, "the loss", err);
    if (!item->loss) {
        sts_free(item);
        return -1;
    }
    item->context = context;
    item->next = env->own_losses;
    env->own_losses = item;
    return 0;
}

const sts_env_item *sts_loss_own(const char *name, size_t n)
{
    const sts_env_item *item = sts_env_now()->own_losses;
    for (; item; item = item->next)
        if (sts_same_word(item->loss->name, strlen(item->loss->name), name, n)) break;
    return item;
}
