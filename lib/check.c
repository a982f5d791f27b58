/* check.c - `stsfit check`: what is in data files, and what a model would cut. */
#include "core/json.h"
#include "core/place.h"
#include "data/survey.h"
#include "model/tokens.h"

/* How many texts of each file the model would cut. */
static int ask_model(sts_survey *s, const char *dir, int64_t max_seq_length, sts_err *err)
{
    sts_model *m = sts_model_load(dir, err);
    int rc = m ? 0 : -1;
    if (m) rc = sts_model_set(m, max_seq_length, 0, 0, NULL, err);
    if (m) s->max_seq_length = (int64_t)m->max_seq_length;
    for (size_t f = 0; f < s->n_files && !rc; f++) {
        sts_survey_file *file = &s->file[f];
        file->truncated = 0;
        for (size_t i = 0; file->data && i < file->data->n && !rc; i++) {
            sts_tokens t;
            int columns = file->data->n_texts;
            rc = sts_tokens_make(&t, m, file->data->row[i].text, (size_t)columns,
                                 (sts_token_options){.columns = columns}, err);
            if (rc) break;
            file->truncated += (int64_t)t.truncated;
            sts_tokens_free(&t);
        }
    }
    sts_model_free(m);
    return rc;
}

static char *as_json(const sts_survey *s)
{
    size_t since = sts_json_denied();
    sts_json *json = sts_survey_json(s);
    if (!json) return NULL;
    sts_json_add_number(json, "schema", 1);
    sts_json_add_string(json, "command", "check");
    return sts_json_finish(json, true, since);
}

int sts_check(const char *const *data, size_t n_data, const sts_data_options *reading,
              const char *model, int64_t max_seq_length, sts_form form, char **out, sts_err *err)
{
    if (sts_require_out(out, err)) return -1;
    sts_here before = sts_here_begin();
    sts_survey *s = sts_survey_run(data, n_data, reading, err);
    int rc = s ? 0 : -1;
    if (!rc && model) rc = ask_model(s, model, max_seq_length, err);
    sts_here_end(before);
    if (!rc) {
        *out = form == STS_AS_JSON ? as_json(s) : sts_survey_text(s);
        rc = *out ? sts_survey_verdict(s, err) : sts_fail_memory(err, "the survey");
    }
    sts_survey_free(s);
    return rc;
}
