/* info.c - `stsfit info`: what is known about a model and its training. */
#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "model/model_info.h"
#include "train/trial_dir.h"

#include <string.h>

/* ---- what a run says of the training behind its model ---- */

/* The report of a run, of its model or of one of its checkpoints; NULL for other directories, and
 * for a report that cannot be read. */
static sts_json *find_report(const char *dir)
{
    sts_str name = sts_path_last(dir);
    bool inside =
        (name.n == 5 && !memcmp(name.s, "model", 5)) || !strncmp(name.s, "checkpoint-", 11);
    char *path = sts_path_join(dir, inside ? "../report.json" : "report.json");
    sts_json *report = path && sts_file_exists(path) ? sts_json_load(path, STS_DATA, NULL) : NULL;
    sts_free(path);
    const char *command = sts_json_as_string(sts_json_get(report, "command"));
    if (command && !strcmp(command, "train")) return report;
    sts_json_free(report);
    return NULL;
}

static void add_training(sts_json *info, const char *dir)
{
    static const char *const keys[] = {"command_line", "loss",    "status", "steps_done",
                                       "best",         "written", "version"};
    sts_json *report = find_report(dir);
    if (!report) return;
    sts_json *t = sts_json_add_object(info, "training");
    const sts_json *model = sts_json_get(report, "model"), *data = sts_json_get(report, "data");
    const sts_json *train = sts_json_get(data, "train");
    sts_json_put(t, "from", sts_json_copy(sts_json_get(model, "from")));
    sts_json_put(t, "rows", sts_json_copy(sts_json_get(train, "rows")));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const sts_json *x = sts_json_get(report, keys[i]);
        if (x) sts_json_put(t, keys[i], sts_json_copy(x));
    }
    sts_json_free(report);
}

/* The search that a run is the best of; what cannot be read is left out. */
static void add_search(sts_json *info, const char *dir)
{
    static const char *const keys[] = {"status", "best", "metric"};
    sts_json *search;
    if (sts_search_dir_read(dir, &search, NULL) <= 0) return;
    sts_json *s = sts_json_add_object(info, "search");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const sts_json *x = sts_json_get(search, keys[i]);
        if (x) sts_json_put(s, keys[i], sts_json_copy(x));
    }
    sts_json_add_number(s, "trials", sts_json_size(sts_json_get(search, "trials")));
    sts_json_free(search);
}

static sts_json *describe(const char *dir, sts_err *err)
{
    sts_json *info = sts_model_info(dir, err);
    size_t since = sts_json_denied();
    if (info) add_training(info, dir);
    if (info) add_search(info, dir);
    if (sts_json_denied() == since) return info;
    sts_json_free(info);
    sts_fail_memory(err, dir);
    return NULL;
}

char *sts_info(const char *dir, sts_info_form form, sts_err *err)
{
    if (sts_require(dir, "model", err)) return NULL;
    sts_here before = sts_here_begin();
    sts_json *info = describe(dir, err);
    sts_here_end(before);
    if (!info) return NULL;
    if (form == STS_INFO_JSON) {
        char *text = sts_json_finish(info, true, sts_json_denied());
        if (!text) sts_fail_memory(err, dir);
        return text;
    }
    char *text = sts_model_info_text(info, form == STS_INFO_FULL);
    sts_json_free(info);
    if (!text) sts_fail_memory(err, dir);
    return text;
}
