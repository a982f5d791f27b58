/* loss_plugin.c - dlopen, and the checks that a foreign descriptor needs before it is trusted. */
#include "loss/loss_plugin.h"

#include "core/mem.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SYMBOL "sts_loss_plugin"

static int check_option(const sts_loss_option *o, const char *path, sts_err *err)
{
    if (!o->name || !*o->name || strpbrk(o->name, ":=,"))
        return sts_fail(err, STS_USAGE,
                        "%s: an option without a name, or with ':', '=' or ',' in it", path);
    if (!(o->min <= o->value && o->value <= o->max) || isinf(o->min) || isinf(o->max))
        return sts_fail(err, STS_USAGE, "%s: option '%s': its default %g is not within %g..%g",
                        path, o->name, o->value, o->min, o->max);
    return 0;
}

/* The first two members are the same in every version of the header. */
static int check(const sts_loss *loss, const char *path, sts_err *err)
{
    if (loss->abi != STS_LOSS_ABI || loss->size != (int)sizeof *loss)
        return sts_fail(err, STS_USAGE, "%s: was built for version %d of stsfit_loss.h (size %d), "
                        "this is version %d (size %d): build it again", path, loss->abi, loss->size,
                        STS_LOSS_ABI, (int)sizeof *loss);
    if (!loss->name || !loss->aliases || !loss->help || !loss->formula || !loss->source ||
        !loss->caution || !loss->run)
        return sts_fail(err, STS_USAGE, "%s: " SYMBOL " lacks name, aliases, help, formula, "
                        "source, caution or run", path);
    if (!loss->needs || loss->needs > 7)
        return sts_fail(err, STS_USAGE, "%s: " SYMBOL ".needs is %u, not a set of STS_LOSS_...",
                        path, loss->needs);
    if (loss->n_options < 0 || loss->n_options > STS_LOSS_MAX_OPTIONS)
        return sts_fail(err, STS_USAGE, "%s: " SYMBOL ".n_options is %d, not within 0..%d", path,
                        loss->n_options, STS_LOSS_MAX_OPTIONS);
    for (int i = 0; i < loss->n_options; i++)
        if (check_option(&loss->options[i], path, err)) return -1;
    return 0;
}

/* Without a slash dlopen would search the system's directories. */
static void *open_here(const char *path, sts_err *err)
{
    char *local = NULL;
    if (!strchr(path, '/')) {
        size_t size = strlen(path) + 3;
        local = sts_alloc(size, 1);
        if (!local) return sts_fail_memory(err, "a path"), NULL;
        snprintf(local, size, "./%s", path);
    }
    void *library = dlopen(local ? local : path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        sts_fail(err, STS_USAGE, "loss from a shared object: %s", why ? why : path);
    }
    sts_free(local);
    return library;
}

const sts_loss *sts_loss_load(const char *path, void **library, sts_err *err)
{
    *library = open_here(path, err);
    if (!*library) return NULL;
    const sts_loss *loss = dlsym(*library, SYMBOL);
    if (!loss)
        sts_fail(err, STS_USAGE, "%s: has no " SYMBOL ": end it in `const sts_loss " SYMBOL
                 " = {...};`", path);
    if (loss && !check(loss, path, err)) return loss;
    sts_loss_unload(*library);
    *library = NULL;
    return NULL;
}

void sts_loss_unload(void *library)
{
    if (library) dlclose(library);
}
