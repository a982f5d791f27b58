/* module.c - the list of modules. */
#include "model/module.h"

#include <string.h>

#define MODULE(name) extern const sts_module_type sts_module_##name;
#include "model/module_list.h"
#undef MODULE

#define MODULE(name) &sts_module_##name,
static const sts_module_type *const all[] = {
#include "model/module_list.h"
};
#undef MODULE

const sts_module_type *const *sts_module_all(size_t *n)
{
    *n = sizeof all / sizeof *all;
    return all;
}

const sts_module_type *sts_module_find(const char *type)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i]->type, type)) return all[i];
    return NULL;
}
