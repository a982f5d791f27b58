/* option_file.c - which options a configuration may set: it may come from a stranger. */
#include "core/option.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- whose it is ---- */

static bool is_users_file(const char *path)
{
    struct stat s;
    return !sts_sys.lstat(path, &s) && S_ISREG(s.st_mode) && s.st_uid == geteuid();
}

/* A report.json as `stsfit train` writes it. */
static bool is_report(const char *path)
{
    sts_json *report = is_users_file(path) ? sts_json_load(path, STS_USAGE, NULL) : NULL;
    const char *command = sts_json_as_string(sts_json_get(report, "command"));
    bool is = command && !strcmp(command, "train") && sts_json_get(report, "schema");
    sts_json_free(report);
    return is;
}

bool sts_config_is_own(const char *path)
{
    if (!path) return false;
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, "config.json") || !is_users_file(path)) return false;
    char *dir = slash ? sts_strndup(path, (size_t)(slash - path) + 1) : sts_strdup(".");
    char *report = dir ? sts_path_join(dir, "report.json") : NULL;
    bool own = report && is_report(report);
    sts_free(report);
    sts_free(dir);
    return own;
}

/* ---- what it may say ---- */

static bool leads_out(const char *path)
{
    return *path == '/' || sts_path_climbs(path);
}

/* What sts_loss_parse takes for a shared object, wherever it stands in the text. */
static bool names_code(const char *text)
{
    return strchr(text, '/') || strstr(text, ".so") || strstr(text, ".dylib");
}

static int refuse(const sts_option *o, const char *file, const char *text, const char *why,
                  sts_err *err)
{
    char shown[STS_SHOWN_PATH];
    const char *value = o->kind == STS_OPT_FLAG ? "" : text;
    sts_show_path(shown, file);
    if (o->kind == STS_OPT_FILES)
        return sts_fail(err, STS_USAGE, "%s: %s: '%.200s' %s; give the file on the command line",
                        shown, o->name, text, why);
    return sts_fail(err, STS_USAGE, "%s: %s: '%.200s' %s; give --%s%s%.200s on the command line",
                    shown, o->name, text, why, o->name, *value ? " " : "", value);
}

int sts_option_trust(const sts_option *o, const char *file, bool own, const char *text,
                     sts_err *err)
{
    bool read = o->flags & STS_OPT_INPUT, written = o->flags & STS_OPT_OUTPUT;
    if (o->flags & STS_OPT_ORDER && sts_option_truth(text))
        return refuse(o, file, text, "is not for a configuration to say", err);
    if (o->flags & STS_OPT_CODE && names_code(text))
        return refuse(o, file, text, "is code to run, which a configuration must not name", err);
    if (o->flags & STS_OPT_OWN && !own)
        return refuse(o, file, text, "is not for a configuration from elsewhere to say", err);
    if ((written || (read && !own)) && leads_out(text))
        return refuse(o, file, text, "leads out of the directory where a configuration must stay",
                      err);
    return 0;
}

char *sts_option_path(const sts_option *o, const char *file, bool own, const char *text)
{
    struct stat s;
    bool read = o->flags & STS_OPT_INPUT, written = o->flags & STS_OPT_OUTPUT;
    const char *slash = strrchr(file, '/');
    if ((!read && !written) || own || !slash || *text == '/') return sts_strdup(text);
    char *dir = sts_strndup(file, (size_t)(slash - file) + 1);
    char *path = dir ? sts_path_join(dir, text) : NULL;
    sts_free(dir);
    if (!path || written || !sts_sys.stat(path, &s)) return path;
    sts_free(path);
    return sts_strdup(text);
}
