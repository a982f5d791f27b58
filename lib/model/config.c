/* config.c - what the readers of configuration files share. */
#include "model/config.h"

#include "core/words.h"

#include <string.h>

cJSON *sts_config_load(const char *path, sts_err *err)
{
    cJSON *json = sts_json_load(path, STS_MODEL, err);
    if (!json || cJSON_IsObject(json)) return json;
    sts_fail(err, STS_MODEL, "%s: must be a JSON object", path);
    cJSON_Delete(json);
    return NULL;
}

bool sts_config_listed(const char *list, const char *word)
{
    return sts_word_listed(list, word, strlen(word));
}

int sts_config_keys(const sts_json_in *in, const char *known)
{
    const cJSON *e;
    cJSON_ArrayForEach(e, in->object)
    {
        if (!sts_config_listed(known, e->string))
            return sts_fail(in->err, in->code, "%s: \"%.100s\": unknown key; known are: %s",
                            in->name, e->string, known);
    }
    return 0;
}

void sts_config_note_keys(const sts_json_in *in, const char *known)
{
    const cJSON *e;
    cJSON_ArrayForEach(e, in->object)
    {
        if (!sts_config_listed(known, e->string))
            sts_note(STS_WARN, "%s: \"%.100s\": unknown key, passed over", in->name, e->string);
    }
}

bool sts_config_off(const cJSON *object, const char *key)
{
    const cJSON *v = sts_json_get(object, key);
    if (!v || cJSON_IsNull(v) || cJSON_IsFalse(v)) return true;
    if (cJSON_IsString(v)) return !*v->valuestring;
    return (cJSON_IsObject(v) || cJSON_IsArray(v)) && !v->child;
}

bool sts_config_path_ok(const char *path)
{
    if (*path == '/' || strchr(path, '\\') || strchr(path, ':') || strlen(path) > 255) return false;
    for (const char *p = path; p; p = strchr(p, '/'), p = p ? p + 1 : NULL)
        if (!strncmp(p, "..", 2) && (!p[2] || p[2] == '/')) return false;
    return true;
}
