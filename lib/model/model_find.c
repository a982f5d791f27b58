/* model_find.c - the places where models are kept, in the order in which they are tried. The cache
 * of the Hugging Face hub has models--ORG--NAME/refs/main with a commit, and snapshots/COMMIT. */
#include "model/model_find.h"

#include "core/file.h"
#include "core/mem.h"

#include <ctype.h>
#include <stdio.h>
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

enum { ROOM = 4096 }; /* no system takes longer paths */

/* $VARIABLE/inner/name, or $HOME/home/inner/name where the variable is not set; false: neither is,
 * or it is too long. */
static bool below(char out[ROOM], const char *variable, const char *home, const char *inner,
                  const char *name)
{
    const char *base = set(variable);
    if (!base && !set("HOME")) return false;
    int n = base ? snprintf(out, ROOM, "%s/%s%s", base, inner, name)
                 : snprintf(out, ROOM, "%s/%s/%s%s", set("HOME"), home, inner, name);
    return n < ROOM;
}

/* models--ORG--NAME in the cache; the organisation is sentence-transformers where none is given. */
static bool cached(char out[ROOM], const char *name)
{
    char folder[ROOM];
    const char *slash = strchr(name, '/'), *own = "sentence-transformers";
    int n = slash ? (int)(slash - name) : (int)strlen(own);
    if (snprintf(folder, sizeof folder, "models--%.*s--%s", n, slash ? name : own,
                 slash ? slash + 1 : name) >= ROOM)
        return false;
    if (set("HF_HUB_CACHE")) return below(out, "HF_HUB_CACHE", "", "", folder);
    if (set("HF_HOME")) return below(out, "HF_HOME", "", "hub/", folder);
    return below(out, "XDG_CACHE_HOME", ".cache", "huggingface/hub/", folder);
}

/* The snapshot that refs/main of a cached model names. 1, 0 (none), or -1. */
static int snapshot(char out[ROOM], const char *model, sts_err *err)
{
    char ref[ROOM];
    size_t n = 0;
    if (snprintf(ref, sizeof ref, "%s/refs/main", model) >= ROOM) return 0;
    int there = sts_file_find(ref, err);
    if (there <= 0) return there;
    char *commit = sts_file_read(ref, 64, STS_MODEL, &n, err);
    if (!commit) return -1;
    while (n && isspace((unsigned char)commit[n - 1])) commit[--n] = '\0';
    bool good = is_name(commit) && !strchr(commit, '/') &&
                snprintf(out, ROOM, "%s/snapshots/%s", model, commit) < ROOM;
    sts_free(commit);
    return good;
}

/* *dir becomes `path` when that is a directory. 1, 0, or -1. */
static int take(const char *path, char **dir, sts_err *err)
{
    int there = sts_dir_find(path, err);
    if (there <= 0) return there;
    *dir = sts_strdup(path);
    return *dir ? 1 : sts_fail_memory(err, path);
}

int sts_model_find(const char *name, char **dir, sts_err *err)
{
    static const char own[] = "sentence-transformers/";
    char path[ROOM], model[ROOM];
    int found = 0;
    *dir = NULL;
    if (!strncmp(name, own, sizeof own - 1)) name += sizeof own - 1;
    if (!is_name(name)) return 0;
    if (snprintf(path, sizeof path, "models/%s", name) < ROOM) found = take(path, dir, err);
    if (!found && below(path, "XDG_DATA_HOME", ".local/share", "stsfit/models/", name))
        found = take(path, dir, err);
    if (!found && cached(model, name)) {
        found = snapshot(path, model, err);
        if (found > 0) found = take(path, dir, err);
    }
    return found;
}
