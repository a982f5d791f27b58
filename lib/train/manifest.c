/* manifest.c - checksums of a directory. */
#include "train/manifest.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/sys.h"
#include "model/carry.h"

#include <stdio.h>
#include <string.h>

static int add_file(sts_json *files, const char *path, const char *name, sts_err *err)
{
    uint32_t crc;
    uint64_t bytes;
    if (sts_file_crc(path, &crc, &bytes, err)) return -1;
    char hex[16];
    snprintf(hex, sizeof hex, "%08x", crc);
    sts_json *entry = sts_json_add_object(files, name);
    if (!sts_json_add_number(entry, "bytes", (double)bytes) ||
        !sts_json_add_string(entry, "crc32", hex))
        return sts_fail_memory(err, path);
    return 0;
}

static int add_files(sts_json *files, const char *dir, const char *const *names, size_t n,
                     sts_err *err)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        char *path = sts_path_join(dir, names[i]);
        rc = path ? add_file(files, path, names[i], err) : sts_fail_memory(err, dir);
        sts_free(path);
    }
    return rc;
}

int sts_manifest_write(const char *dir, const char *const *names, size_t n, sts_err *err)
{
    size_t since = sts_json_denied();
    sts_json *json = sts_json_new_object();
    sts_json_add_number(json, "schema", 1);
    sts_json *files = sts_json_add_object(json, "files");
    char *path = sts_path_join(dir, STS_MANIFEST);
    int rc = files && path ? add_files(files, dir, names, n, err) : sts_fail_memory(err, dir);
    if (!rc) rc = sts_json_save_whole(json, since, path, err);
    sts_free(path);
    sts_json_free(json);
    return rc;
}

/* Names as sts_manifest_write makes them: below the directory, each file by one name only. */
static bool is_plain(const char *name)
{
    if (strlen(name) > STS_MANIFEST_NAME) return false;
    for (const char *p = name;; p++) {
        size_t n = strcspn(p, "/");
        if (!n || (n == 1 && *p == '.') || (n == 2 && p[0] == '.' && p[1] == '.')) return false;
        if (!*(p += n)) return true;
    }
}

static bool is_well_formed(const sts_json *entry)
{
    return is_plain(entry->key) && sts_json_is_number(sts_json_get(entry, "bytes")) &&
           sts_json_is_string(sts_json_get(entry, "crc32"));
}

static int check_form(const sts_json *json, const char *path, sts_err *err)
{
    sts_json_in in = {json, path, STS_MODEL, err};
    const sts_json *files = sts_json_get(json, "files");
    int64_t schema = 1;
    if (sts_json_int(&in, "schema", 1, 1, &schema)) return -1;
    if (!sts_json_is_object(files))
        return sts_fail(err, STS_MODEL, "%s: \"files\" is missing", path);
    for (const sts_json *f = files->child; f; f = f->next)
        if (!is_well_formed(f))
            return sts_fail(err, STS_MODEL, "%s: %.200s: malformed", path, f->key);
    return 0;
}

sts_json *sts_manifest_load(const char *dir, sts_err *err)
{
    char *path = sts_path_join(dir, STS_MANIFEST);
    if (!path) return sts_fail_memory(err, dir), NULL;
    sts_json *json = NULL;
    if (sts_file_exists(path)) json = sts_json_load(path, STS_MODEL, err);
    else sts_fail(err, STS_MODEL, "%s: is missing", path);
    if (json && check_form(json, path, err)) {
        sts_json_free(json);
        json = NULL;
    }
    sts_free(path);
    return json;
}

static int compare(const char *path, const sts_json *entry, sts_err *err)
{
    uint32_t crc;
    uint64_t bytes;
    char found[16];
    const char *want = sts_json_get(entry, "crc32")->text;
    double size = sts_json_get(entry, "bytes")->number;
    if (!sts_file_exists(path)) return sts_fail(err, STS_MODEL, "%s: is missing", path);
    int64_t is = sts_file_size(path); /* -1: cannot be read either */
    if (is >= 0 && (double)is != size)
        return sts_fail(err, STS_MODEL, "%s: corrupt: has %lld bytes, had %.0f when written", path,
                        (long long)is, size);
    if (sts_file_crc(path, &crc, &bytes, err)) return -1;
    snprintf(found, sizeof found, "%08x", crc);
    if (!strcmp(found, want)) return 0;
    return sts_fail(err, STS_MODEL, "%s: corrupt: CRC-32 is %s, was %.16s when written", path,
                    found, want);
}

/* A name that a checkpoint or a model may have. */
static bool is_expected(const char *name)
{
    static const char *const own[] = {STS_OPTIMIZER, STS_STATE, STS_AVERAGE,
                                      STS_PROJECTION, STS_PROJECTION_OPTIMIZER};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!strcmp(name, own[i])) return true;
    return sts_carry_known(name);
}

static int check_file(const char *dir, const sts_json *entry, sts_err *err)
{
    if (!is_expected(entry->key)) return 0; /* a checkpoint has no use for it: it is not read */
    char *path = sts_path_join(dir, entry->key);
    int rc = path ? compare(path, entry, err) : sts_fail_memory(err, dir);
    sts_free(path);
    return rc;
}

/* Is there a file of that name, in a directory or not? */
static bool lists(const sts_json *files, const char *name)
{
    for (const sts_json *f = files->child; f; f = f->next) {
        const char *slash = strrchr(f->key, '/');
        if (!strcmp(slash ? slash + 1 : f->key, name)) return true;
    }
    return false;
}

int sts_manifest_check_files(const char *dir, const sts_json *files, sts_err *err)
{
    const sts_json *f;
    sts_json_each(f, files)
    {
        if (is_well_formed(f) && check_file(dir, f, err)) return -1;
    }
    return 0;
}

int sts_manifest_check(const char *dir, const char *const *needed, size_t n, sts_err *err)
{
    sts_json *json = sts_manifest_load(dir, err);
    const sts_json *files = json ? sts_json_get(json, "files") : NULL;
    int rc = json ? 0 : -1;
    for (size_t i = 0; i < n && !rc; i++)
        if (!lists(files, needed[i]))
            rc = sts_fail(err, STS_MODEL, "%s/%s: does not list %s", dir, STS_MANIFEST, needed[i]);
    if (!rc) rc = sts_manifest_check_files(dir, files, err);
    sts_json_free(json);
    return rc;
}

/* Whether stsfit wrote the file, which may be half written, under its temporary name. */
static bool is_own(const sts_json *files, const char *name)
{
    char file[300];
    size_t base = sts_temporary_base(name), n = base ? base : strlen(name);
    if (n >= sizeof file) return false;
    snprintf(file, sizeof file, "%.*s", (int)n, name);
    if (!strcmp(file, STS_MANIFEST)) return true;
    return files ? sts_json_get(files, file) != NULL : is_expected(file);
}

static int find_stray(const char *dir, const char *prefix, const sts_json *files, char **stray,
                      sts_err *err)
{
    char **names;
    size_t n;
    if (sts_dir_list(dir, &names, &n, err)) return -1;
    int rc = 0;
    for (size_t i = 0; i < n && !rc && !*stray; i++) {
        struct stat s;
        char *path = sts_path_join(dir, names[i]);
        char *name = *prefix ? sts_path_join(prefix, names[i]) : sts_strdup(names[i]);
        bool own = name && is_own(files, name);
        if (!path || !name) rc = sts_fail_memory(err, dir);
        else if (sts_sys.lstat(path, &s)) rc = sts_fail_errno(err, path, "cannot stat");
        else if (S_ISDIR(s.st_mode)) rc = find_stray(path, name, files, stray, err);
        else if (!own && !(*stray = sts_strdup(path))) rc = sts_fail_memory(err, dir);
        sts_free(path);
        sts_free(name);
    }
    sts_names_free(names, n);
    return rc;
}

int sts_manifest_stray(const char *dir, const sts_json *files, char **stray, sts_err *err)
{
    *stray = NULL;
    return find_stray(dir, "", files, stray, err);
}
