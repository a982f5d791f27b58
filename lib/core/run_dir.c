/* run_dir.c - whose a directory is, and the names that a run gives. */
#include "core/run_dir.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- whose ---- */

static bool is_text(const sts_json *object, const char *key, const char *text)
{
    const char *found = sts_json_as_string(sts_json_get(object, key));
    return found && !strcmp(found, text);
}

/* Reports of version 0.1 have no "tool". */
static bool is_ours(const sts_json *report)
{
    const sts_json *schema = sts_json_get(report, "schema");
    const char *line = sts_json_as_string(sts_json_get(report, "command_line"));
    bool old = !sts_json_get(report, "tool") && line && !strncmp(line, "stsfit train", 12);
    return sts_json_is_number(schema) && schema->number == 1 &&
           is_text(report, "command", "train") && (old || is_text(report, "tool", "stsfit"));
}

int sts_run_dir_read(const char *dir, sts_json **report, sts_err *err)
{
    sts_err why = {0};
    *report = NULL;
    char *path = sts_path_join(dir, STS_REPORT);
    int found = path ? sts_file_find(path, err) : sts_fail_memory(err, dir);
    if (found > 0) *report = sts_json_load(path, STS_DATA, &why);
    sts_free(path);
    if (found <= 0) return found;
    if (!*report && why.code != STS_DATA) return sts_fail(err, why.code, "%s", why.text);
    if (is_ours(*report)) return 1;
    sts_json_free(*report);
    *report = NULL;
    return 0;
}

/* ---- names ---- */

bool sts_run_dir_has_file(const char *name)
{
    static const char *const files[] = {STS_REPORT, STS_PAGE,    STS_LOG,
                                        STS_CONFIG, STS_PREDICTIONS, STS_LOCK};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!strcmp(name, files[i])) return true;
    return false;
}

/* Past the digits at s; NULL: there are none. */
static const char *digits(const char *s)
{
    const char *from = s;
    while (isdigit((unsigned char)*s)) s++;
    return s > from ? s : NULL;
}

size_t sts_temporary_base(const char *name)
{
    const char *mark = strstr(name, STS_TMP), *end = mark ? digits(mark + strlen(STS_TMP)) : NULL;
    if (end && *end == '-') end = digits(end + 1);
    return end && !*end ? (size_t)(mark - name) : 0;
}

bool sts_run_dir_is_temporary_file(const char *name)
{
    char file[32];
    size_t n = sts_temporary_base(name);
    if (!n || n >= sizeof file) return false;
    snprintf(file, sizeof file, "%.*s", (int)n, name);
    return sts_run_dir_has_file(file) || !strcmp(file, STS_TRIAL) || !strcmp(file, STS_SEARCH);
}

/* Past "-N" at s, if that is there; NULL stays NULL. */
static const char *number(const char *s)
{
    const char *end = s && *s == '-' ? digits(s + 1) : NULL;
    return end ? end : s;
}

bool sts_run_dir_is_temporary(const char *name)
{
    const char *end = NULL;
    size_t n = strlen(STS_UNFINISHED), old = strlen(STS_REPLACED);
    if (!strncmp(name, STS_UNFINISHED, n)) end = digits(name + n);
    n = strlen(STS_PUBLISHING);
    if (!strncmp(name, STS_PUBLISHING, n)) end = name + n;
    end = number(end);
    if (end && !strncmp(end, STS_REPLACED, old)) end = number(end + old);
    return end && !*end;
}

#define STEP_LIMIT (UINT64_C(1) << 53)

uint64_t sts_checkpoint_step(const char *name)
{
    char again[48];
    size_t k = strlen(STS_CHECKPOINT);
    if (strncmp(name, STS_CHECKPOINT, k)) return 0;
    uint64_t step = strtoull(name + k, NULL, 10);
    snprintf(again, sizeof again, STS_CHECKPOINT "%llu", (unsigned long long)step);
    return step <= STEP_LIMIT && !strcmp(name, again) ? step : 0; /* no zeros in front */
}

/* Its checksums are written last. */
static bool is_complete(const char *dir, const char *name)
{
    char *path = sts_path_join(dir, name), *sums = path ? sts_path_join(path, STS_MANIFEST) : NULL;
    bool complete = sums && sts_file_exists(sums);
    sts_free(path);
    sts_free(sums);
    return complete;
}

uint64_t sts_run_dir_newest(const char *dir)
{
    char **names;
    size_t n;
    uint64_t newest = 0;
    if (sts_dir_list(dir, &names, &n, NULL)) return 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t step = sts_checkpoint_step(names[i]);
        if (step > newest && is_complete(dir, names[i])) newest = step;
    }
    sts_names_free(names, n);
    return newest;
}

sts_json *sts_run_dir_head(const char *command, const char *status)
{
    char now[32];
    sts_json *head = sts_json_new_object();
    sts_json_add_number(head, "schema", 1);
    sts_json_add_string(head, "tool", "stsfit");
    sts_json_add_string(head, "command", command);
    sts_json_add_string(head, "version", STSFIT_VERSION);
    sts_clock_iso(now);
    sts_json_add_string(head, "written", now);
    sts_json_add_string(head, "status", status);
    return head;
}
