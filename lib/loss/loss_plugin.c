/* loss_plugin.c - dlopen, and the checks that a foreign descriptor needs before it is trusted. */
#include "loss/loss_plugin.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/place.h"
#include "core/words.h"

#include <dlfcn.h>
#include <math.h>
#include <string.h>

#define SYMBOL "sts_loss_plugin"
#define ALL_NEEDS (2 * STS_LOSS_TUPLES - 1)
#define ALL_TRAITS (2 * STS_LOSS_NEGATIVES - 1)
/* The size of sts_loss in the first version of STS_LOSS_ABI 2. */
#define FIRST_SIZE (offsetof(sts_loss, run) + sizeof(((sts_loss *)0)->run))

static int check_text(const sts_loss_option *o, const char *path, sts_err *err)
{
    if (!o->choices || sts_word_listed(o->choices, o->text, strlen(o->text))) return 0;
    return sts_fail(err, STS_USAGE, "%s: option '%s': its default '%s' is not one of: %s", path,
                    o->name, o->text, o->choices);
}

static int check_option(const sts_loss_option *o, const char *path, sts_err *err)
{
    if (!o->name || !*o->name || strpbrk(o->name, ":=,"))
        return sts_fail(err, STS_USAGE,
                        "%s: an option without a name, or with ':', '=' or ',' in it", path);
    if (!o->help) return sts_fail(err, STS_USAGE, "%s: option '%s' has no help", path, o->name);
    if (o->text) return check_text(o, path, err);
    if (!(o->min <= o->value && o->value <= o->max) || isinf(o->min) || isinf(o->max))
        return sts_fail(err, STS_USAGE, "%s: option '%s': its default %g is not within %g..%g",
                        path, o->name, o->value, o->min, o->max);
    return 0;
}

/* Whether it was built with this version of the header, or an earlier one of the same STS_LOSS_ABI.
 * The first two members are the same in every version. */
static int check_version(const sts_loss *loss, const char *path, sts_err *err)
{
    if (loss->abi != STS_LOSS_ABI)
        return sts_fail(err, STS_USAGE, "%s: was built for version %d of stsfit_loss.h, this "
                        "stsfit needs version %d: build it with this stsfit's header", path,
                        loss->abi, STS_LOSS_ABI);
    if (loss->size < (int)FIRST_SIZE)
        return sts_fail(err, STS_USAGE, "%s: sts_loss.size is %d, less than any stsfit_loss.h "
                        "has: begin it with STS_LOSS_VERSION", path, loss->size);
    if (loss->size > (int)sizeof *loss || loss->batch_size > (int)sizeof(sts_loss_batch))
        return sts_fail(err, STS_USAGE, "%s: was built with the stsfit_loss.h of a later stsfit: "
                        "build it with this stsfit's header", path);
    return 0;
}

static int check(const sts_loss *loss, const char *path, sts_err *err)
{
    if (!loss->name || !*loss->name || strpbrk(loss->name, ":=,+*/ "))
        return sts_fail(err, STS_USAGE, "%s: has no name, or one with ':', '=', ',', '+', '*', '/' "
                        "or a blank in it", path);
    if (!loss->help || !loss->formula || !loss->run)
        return sts_fail(err, STS_USAGE, "%s: lacks help, formula or run", path);
    if (!loss->needs || loss->needs > ALL_NEEDS || loss->traits > ALL_TRAITS)
        return sts_fail(err, STS_USAGE, "%s: sts_loss.needs is %u and .traits %u, not sets of "
                        "STS_LOSS_...", path, loss->needs, loss->traits);
    if (loss->n_options < 0 || loss->n_options > STS_LOSS_MAX_OPTIONS)
        return sts_fail(err, STS_USAGE, "%s: sts_loss.n_options is %d, not within 0..%d", path,
                        loss->n_options, STS_LOSS_MAX_OPTIONS);
    for (int i = 0; i < loss->n_options; i++)
        if (check_option(&loss->options[i], path, err)) return -1;
    return 0;
}

/* Without a slash dlopen would search the system's directories. */
static void *open_here(const char *path, sts_err *err)
{
    char *local = strchr(path, '/') ? sts_strdup(path) : sts_path_join(".", path);
    char *whole = local ? sts_here_path(local) : NULL;
    if (!local) return sts_fail_memory(err, "a path"), NULL;
    void *library = dlopen(whole ? whole : local, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        sts_fail(err, STS_USAGE, "loss from a shared object: %s", why ? why : path);
    }
    sts_free(whole);
    sts_free(local);
    return library;
}

sts_loss *sts_loss_adopt(const sts_loss *loss, const char *path, sts_err *err)
{
    if (check_version(loss, path, err)) return NULL;
    sts_loss *whole = sts_alloc(1, sizeof *whole);
    if (!whole) return sts_fail_memory(err, "the loss"), NULL;
    memcpy(whole, loss, (size_t)loss->size);
    const char **optional[] = {&whole->aliases, &whole->source, &whole->caution};
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (!*optional[i]) *optional[i] = "";
    if (!check(whole, path, err)) return whole;
    sts_free(whole);
    return NULL;
}

sts_loss *sts_loss_load(const char *path, void **library, sts_err *err)
{
    *library = open_here(path, err);
    if (!*library) return NULL;
    const sts_loss *theirs = dlsym(*library, SYMBOL);
    if (!theirs)
        sts_fail(err, STS_USAGE, "%s: has no " SYMBOL ": end it in `STS_LOSS_EXPORT const sts_loss "
                 SYMBOL " = {...};`", path);
    sts_loss *loss = theirs ? sts_loss_adopt(theirs, path, err) : NULL;
    if (loss) return loss;
    sts_loss_unload(*library);
    *library = NULL;
    return NULL;
}

void sts_loss_unload(void *library)
{
    if (library) dlclose(library);
}
