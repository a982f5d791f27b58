/* config.c - what the readers of configuration files share. */
#include "model/config.h"

#include "core/file.h"
#include "core/words.h"

#include <string.h>

sts_json *sts_config_load(const char *path, sts_err *err)
{
    sts_json *json = sts_json_load(path, STS_MODEL, err);
    if (!json || sts_json_is_object(json)) return json;
    sts_fail(err, STS_MODEL, "%s: must be a JSON object", path);
    sts_json_free(json);
    return NULL;
}

bool sts_config_listed(const char *list, const char *word)
{
    return sts_word_listed(list, word, strlen(word));
}

int sts_config_keys(const sts_json_in *in, const char *known)
{
    const sts_json *e;
    sts_json_each(e, in->object)
    {
        if (!sts_config_listed(known, e->key))
            return sts_fail(in->err, in->code, "%s: \"%.100s\": unknown key; known are: %s",
                            in->name, e->key, known);
    }
    return 0;
}

void sts_config_note_keys(const sts_json_in *in, const char *known)
{
    const sts_json *e;
    sts_json_each(e, in->object)
    {
        if (!sts_config_listed(known, e->key))
            sts_note(STS_WARN, "%s: \"%.100s\": unknown key, passed over", in->name, e->key);
    }
}

bool sts_config_off(const sts_json *object, const char *key)
{
    const sts_json *v = sts_json_get(object, key);
    if (!v || sts_json_is_null(v) || sts_json_is_false(v)) return true;
    if (sts_json_is_string(v)) return !*v->text;
    return (sts_json_is_object(v) || sts_json_is_array(v)) && !v->child;
}

bool sts_config_path_ok(const char *path)
{
    if (*path == '/' || strchr(path, '\\') || strchr(path, ':') || strlen(path) > 255) return false;
    return !sts_path_climbs(path);
}
