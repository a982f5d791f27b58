/* model_find.c - the places where models are kept, in the order in which they are tried. The cache
 * of the Hugging Face hub has models--ORG--NAME/refs/main with a commit, and snapshots/COMMIT. */
#include "model/model_find.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/strbuf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "NAME" or "ORG/NAME" of the characters that the hub allows, and nothing that is a path. */
static bool is_name(const char *s)
{
    int slashes = 0;
    if (!*s || strstr(s, "..")) return false;
    for (const char *p = s; *p; p++) {
        slashes += *p == '/';
        if (!isalnum((unsigned char)*p) && !strchr("._-/", *p)) return false;
    }
    return slashes <= 1 && *s != '/' && *s != '.' && s[strlen(s) - 1] != '/';
}

static const char *set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value ? value : NULL;
}

/* $VARIABLE/inner, or $HOME/home/inner where that is not set; NULL: neither, or no memory. */
static char *below(const char *variable, const char *home, const char *inner, const char *name)
{
    sts_strbuf b = {0};
    const char *base = set(variable);
    if (!base && !set("HOME")) return NULL;
    if (base) sts_strbuf_printf(&b, "%s/%s%s", base, inner, name);
    else sts_strbuf_printf(&b, "%s/%s/%s%s", set("HOME"), home, inner, name);
    return sts_strbuf_take(&b);
}

/* models--ORG--NAME in the cache; the organisation is sentence-transformers where none is given. */
static char *cached(const char *name)
{
    sts_strbuf b = {0};
    const char *slash = strchr(name, '/');
    int n = slash ? (int)(slash - name) : 0;
    sts_strbuf_printf(&b, "models--%.*s--%s", n ? n : 21, n ? name : "sentence-transformers",
                      slash ? slash + 1 : name);
    char *folder = sts_strbuf_take(&b);
    if (!folder) return NULL;
    char *path;
    if (set("HF_HUB_CACHE")) path = below("HF_HUB_CACHE", "", "", folder);
    else if (set("HF_HOME")) path = below("HF_HOME", "", "hub/", folder);
    else path = below("XDG_CACHE_HOME", ".cache", "huggingface/hub/", folder);
    sts_free(folder);
    return path;
}

/* The snapshot that refs/main of a cached model names; NULL: none, or no memory. */
static char *snapshot(const char *model)
{
    sts_strbuf b = {0};
    sts_err ignored = {0};
    size_t n = 0;
    sts_strbuf_printf(&b, "%s/refs/main", model);
    char *ref = sts_strbuf_take(&b);
    char *commit = ref ? sts_file_read(ref, 64, STS_MODEL, &n, &ignored) : NULL;
    sts_free(ref);
    while (commit && n && isspace((unsigned char)commit[n - 1])) commit[--n] = '\0';
    char *path = NULL;
    if (commit && is_name(commit) && !strchr(commit, '/')) {
        b = (sts_strbuf){0};
        sts_strbuf_printf(&b, "%s/snapshots/%s", model, commit);
        path = sts_strbuf_take(&b);
    }
    sts_free(commit);
    return path;
}

/* Hands *path over when it is a directory, frees it otherwise. */
static int take(char *path, char **dir)
{
    if (path && sts_dir_exists(path)) {
        *dir = path;
        return 1;
    }
    sts_free(path);
    return 0;
}

int sts_model_find(const char *name, char **dir, sts_err *err)
{
    static const char own[] = "sentence-transformers/";
    *dir = NULL;
    if (!strncmp(name, own, sizeof own - 1)) name += sizeof own - 1;
    if (!is_name(name)) return 0;
    char *here = sts_path_join("models", name);
    if (!here) return sts_fail_memory(err, name);
    if (take(here, dir)) return 1;
    if (take(below("XDG_DATA_HOME", ".local/share", "stsfit/models/", name), dir)) return 1;
    char *model = cached(name);
    int found = model ? take(snapshot(model), dir) : 0;
    sts_free(model);
    return found;
}
