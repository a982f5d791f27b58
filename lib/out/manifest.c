/* manifest.c - checksums of a directory. */
#include "out/manifest.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

static int add_file(cJSON *files, const char *path, const char *name, sts_err *err)
{
    uint32_t crc;
    uint64_t bytes;
    if (sts_file_crc(path, &crc, &bytes, err)) return -1;
    char hex[16];
    snprintf(hex, sizeof hex, "%08x", crc);
    cJSON *entry = cJSON_AddObjectToObject(files, name);
    if (!cJSON_AddNumberToObject(entry, "bytes", (double)bytes) ||
        !cJSON_AddStringToObject(entry, "crc32", hex))
        return sts_fail_memory(err, path);
    return 0;
}

/* Adds every file below dir under "prefix/name". */
static int add_tree(cJSON *files, const char *dir, const char *prefix, sts_err *err)
{
    char **names;
    size_t n;
    if (sts_dir_list(dir, &names, &n, err)) return -1;
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        if (!*prefix && !strcmp(names[i], STS_MANIFEST)) continue;
        char *path = sts_path_join(dir, names[i]);
        char *name = *prefix ? sts_path_join(prefix, names[i]) : sts_strdup(names[i]);
        if (!path || !name) rc = sts_fail_memory(err, dir);
        else if (sts_dir_exists(path)) rc = add_tree(files, path, name, err);
        else rc = add_file(files, path, name, err);
        sts_free(path);
        sts_free(name);
    }
    sts_names_free(names, n);
    return rc;
}

int sts_manifest_write(const char *dir, sts_err *err)
{
    size_t since = sts_json_denied();
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "schema", 1);
    cJSON *files = cJSON_AddObjectToObject(json, "files");
    char *path = sts_path_join(dir, STS_MANIFEST);
    int rc = files && path ? add_tree(files, dir, "", err) : sts_fail_memory(err, dir);
    if (!rc) rc = sts_json_save_whole(json, since, path, err);
    sts_free(path);
    cJSON_Delete(json);
    return rc;
}

static int check_file(const char *dir, const cJSON *entry, sts_err *err)
{
    const char *hex = cJSON_GetStringValue(sts_json_get(entry, "crc32"));
    if (!hex || entry->string[0] == '/' || strstr(entry->string, ".."))
        return sts_fail(err, STS_MODEL, "%s/%s: %s: malformed", dir, STS_MANIFEST, entry->string);
    char *path = sts_path_join(dir, entry->string);
    if (!path) return sts_fail_memory(err, dir);
    uint32_t crc;
    uint64_t bytes;
    char found[16];
    int rc = sts_file_exists(path) ? sts_file_crc(path, &crc, &bytes, err)
                                   : sts_fail(err, STS_MODEL, "%s: is missing", path);
    snprintf(found, sizeof found, "%08x", rc ? 0 : crc);
    if (!rc && strcmp(found, hex))
        rc = sts_fail(err, STS_MODEL, "%s: corrupt: CRC-32 is %s, was %.16s when written", path,
                      found, hex);
    sts_free(path);
    return rc;
}

int sts_manifest_check(const char *dir, sts_err *err)
{
    char *path = sts_path_join(dir, STS_MANIFEST);
    if (!path) return sts_fail_memory(err, dir);
    bool there = sts_file_exists(path);
    cJSON *json = there ? sts_json_load(path, STS_MODEL, err) : NULL;
    const cJSON *files = json ? sts_json_get(json, "files") : NULL;
    int rc = json ? 0 : there ? -1 : sts_fail(err, STS_MODEL, "%s: is missing", path);
    if (json && !cJSON_IsObject(files))
        rc = sts_fail(err, STS_MODEL, "%s: \"files\" is missing", path);
    for (const cJSON *f = files ? files->child : NULL; f && !rc; f = f->next)
        rc = check_file(dir, f, err);
    cJSON_Delete(json);
    sts_free(path);
    return rc;
}
