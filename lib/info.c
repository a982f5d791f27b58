/* info.c - `stsfit check` and `stsfit info`: what is in data files and in models. */
#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "model/model_info.h"
#include "model/tokens.h"
#include "data/survey.h"

#include <string.h>

char *sts_json_read(const char *path, int code, sts_err *err)
{
    size_t n;
    char *text = sts_file_read(path, STS_JSON_LIMIT, code, &n, err);
    if (!text || !sts_json_check(text, n, path, code, err)) return text;
    sts_free(text);
    return NULL;
}

/* How many texts of each file the model would cut. */
static int ask_model(sts_survey *s, const char *dir, int64_t max_seq_length, sts_err *err)
{
    sts_model *m = sts_model_load(dir, err);
    int rc = m ? 0 : -1;
    if (m && max_seq_length) rc = sts_model_set_max_seq_length(m, (size_t)max_seq_length, err);
    if (m) s->max_seq_length = (int64_t)m->max_seq_length;
    for (size_t f = 0; f < s->n_files && !rc; f++) {
        sts_survey_file *file = &s->file[f];
        file->truncated = 0;
        for (size_t i = 0; file->data && i < file->data->n && !rc; i++) {
            sts_tokens t;
            rc = sts_tokens_make(&t, m, file->data->row[i].text, (size_t)file->data->n_texts, err);
            if (rc) break;
            file->truncated += (int64_t)t.truncated;
            sts_tokens_free(&t);
        }
    }
    sts_model_free(m);
    return rc;
}

/* The text of json, which is freed; NULL when memory is, or since then was, out. */
static char *print(cJSON *json, size_t since)
{
    char *text = json ? sts_json_print(json, true, since) : NULL;
    cJSON_Delete(json);
    return text;
}

static char *as_json(const sts_survey *s)
{
    size_t since = sts_json_denied();
    cJSON *json = sts_survey_json(s);
    if (!json) return NULL;
    cJSON_AddNumberToObject(json, "schema", 1);
    cJSON_AddStringToObject(json, "command", "check");
    return print(json, since);
}

/* ---- what a run says of the training behind its model ---- */

/* The report of a run, of its model or of one of its checkpoints; NULL for other directories, and
 * for a report that cannot be read. */
static cJSON *find_report(const char *dir)
{
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/') n--;
    size_t from = n;
    while (from && dir[from - 1] != '/') from--;
    const char *name = dir + from;
    bool inside =
        (n - from == 5 && !strncmp(name, "model", 5)) || !strncmp(name, "checkpoint-", 11);
    char *path = sts_path_join(dir, inside ? "../report.json" : "report.json");
    cJSON *report = path && sts_file_exists(path) ? sts_json_load(path, STS_DATA, NULL) : NULL;
    sts_free(path);
    const char *command = cJSON_GetStringValue(sts_json_get(report, "command"));
    if (command && !strcmp(command, "train")) return report;
    cJSON_Delete(report);
    return NULL;
}

static void add_training(cJSON *info, const char *dir)
{
    static const char *const keys[] = {"command_line", "loss",    "status", "steps_done",
                                       "best",         "written", "version"};
    cJSON *report = find_report(dir);
    if (!report) return;
    cJSON *t = cJSON_AddObjectToObject(info, "training");
    const cJSON *model = sts_json_get(report, "model"), *data = sts_json_get(report, "data");
    const cJSON *train = sts_json_get(data, "train");
    sts_json_put(t, "from", cJSON_Duplicate(sts_json_get(model, "from"), 1));
    sts_json_put(t, "rows", cJSON_Duplicate(sts_json_get(train, "rows"), 1));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const cJSON *x = sts_json_get(report, keys[i]);
        if (x) sts_json_put(t, keys[i], cJSON_Duplicate(x, 1));
    }
    cJSON_Delete(report);
}

static cJSON *describe(const char *dir, sts_err *err)
{
    cJSON *info = sts_model_info(dir, err);
    size_t since = sts_json_denied();
    if (info) add_training(info, dir);
    if (sts_json_denied() == since) return info;
    cJSON_Delete(info);
    sts_fail_memory(err, dir);
    return NULL;
}

char *sts_info(const char *dir, bool json, sts_err *err)
{
    cJSON *info = describe(dir, err);
    if (!info) return NULL;
    if (json) {
        char *text = print(info, sts_json_denied());
        if (!text) sts_fail_memory(err, dir);
        return text;
    }
    char *text = sts_model_info_text(info);
    cJSON_Delete(info);
    if (!text) sts_fail_memory(err, dir);
    return text;
}

int sts_check(const char *const *data, size_t n_data, const sts_data_options *reading,
              const char *model, int64_t max_seq_length, sts_form form, char **out, sts_err *err)
{
    *out = NULL;
    sts_survey *s = sts_survey_run(data, n_data, reading, err);
    int rc = s ? 0 : -1;
    if (!rc && model) rc = ask_model(s, model, max_seq_length, err);
    if (!rc) {
        *out = form == STS_AS_JSON ? as_json(s) : sts_survey_text(s);
        rc = *out ? sts_survey_verdict(s, err) : sts_fail_memory(err, "the survey");
    }
    sts_survey_free(s);
    return rc;
}
