/* path.c - names of files, taken apart and put together: nothing of a disk. */
#include "core/file.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

char *sts_path_join(const char *dir, const char *name)
{
    size_t a = strlen(dir), b = strlen(name);
    char *p = sts_alloc(a + b + 2, 1);
    if (!p) return NULL;
    memcpy(p, dir, a);
    if (a && dir[a - 1] != '/') p[a++] = '/';
    memcpy(p + a, name, b);
    return p;
}

sts_str sts_path_last(const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') n--;
    size_t from = n;
    while (from && path[from - 1] != '/') from--;
    return (sts_str){path + from, n - from};
}

char *sts_path_name(const char *path)
{
    sts_str last = sts_path_last(path);
    return sts_strndup(last.s, last.n);
}

bool sts_path_climbs(const char *path)
{
    for (const char *p = path; *p; p += strspn(p, "/")) {
        size_t n = strcspn(p, "/");
        if (n == 2 && !strncmp(p, "..", 2)) return true;
        p += n;
    }
    return false;
}

char *sts_path_with(const char *path, const char *suffix, sts_err *err)
{
    size_t room = strlen(path) + strlen(suffix) + 1;
    char *longer = sts_alloc(room, 1);
    if (longer) snprintf(longer, room, "%s%s", path, suffix);
    else sts_fail_memory(err, path);
    return longer;
}
