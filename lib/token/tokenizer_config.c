/* tokenizer_config.c - what stands beside the tokenizer: its length limit, its class, the names of
 * its special tokens. */
#include "token/tokenizer_config.h"

#include "core/file.h"
#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NO_LIMIT 1e9 /* lengths from here on mean "no limit"; transformers writes 1e30 */

static int load_file(sts_json **json, char **name, const char *dir, const char *file, sts_err *err)
{
    *name = sts_path_join(dir, file);
    if (!*name) return sts_fail_memory(err, "a tokenizer");
    if (!sts_path_taken(*name)) return 0;
    *json = sts_json_load(*name, STS_MODEL, err);
    if (!*json) return -1;
    if (sts_json_is_object(*json)) return 0;
    return sts_fail(err, STS_MODEL, "%s: must be an object", *name);
}

static int read_length(sts_token_config *c, sts_err *err)
{
    const sts_json *v = sts_json_get(c->json, "model_max_length");
    if (!v || sts_json_is_null(v)) return 0;
    if (!sts_json_is_number(v) || v->number < 1 ||
        (v->number < NO_LIMIT && v->number != floor(v->number)))
        return sts_fail(err, STS_MODEL, "%s: \"model_max_length\" must be a whole number from 1 on",
                        c->name);
    if (v->number < NO_LIMIT) c->max_length = (size_t)v->number;
    return 0;
}

/* "BertTokenizerFast" and "BertTokenizer" are one. */
static int read_class(sts_token_config *c, const sts_json_in *in)
{
    const char *s = "";
    if (sts_json_text(in, "tokenizer_class", &s)) return -1;
    size_t n = strlen(s);
    if (n > 4 && !strcmp(s + n - 4, "Fast")) n -= 4;
    if (n >= sizeof c->class) n = sizeof c->class - 1;
    memcpy(c->class, s, n);
    return 0;
}

/* "model_type" of config.json, and its "tokenizer_class" where tokenizer_config.json has none.
 * ModernBERT's tokenizer is tokenizer.json whatever the class, which on the hub is often wrong. */
static int read_type(sts_token_config *c, const char *dir, sts_err *err)
{
    sts_json *config = NULL;
    int rc = load_file(&config, &c->config_name, dir, "config.json", err);
    sts_json_in in = {config, c->config_name, STS_MODEL, err};
    const sts_json *v = sts_json_get(config, "model_type");
    if (sts_json_is_string(v)) snprintf(c->type, sizeof c->type, "%s", v->text);
    c->class_in_config = !*c->class;
    if (!rc && c->class_in_config) rc = read_class(c, &in);
    if (!strcmp(c->type, "modernbert")) *c->class = 0;
    sts_json_free(config);
    return rc;
}

/* The text of a special token, which stands alone or as "content"; NULL: none. */
static const char *special_text(const sts_json *file, const char *key)
{
    const sts_json *v = sts_json_get(file, key);
    const sts_json *content = sts_json_is_object(v) ? sts_json_get(v, "content") : v;
    return sts_json_is_string(content) && *content->text ? content->text : NULL;
}

/* Special tokens are texts, and the same ones in both files. */
static int check_specials(const sts_token_config *c, const char *map_name, sts_err *err)
{
    static const char *const keys[] = {"cls_token",  "sep_token", "unk_token", "pad_token",
                                       "mask_token", "bos_token", "eos_token"};
    const sts_json *const file[] = {c->json, c->map};
    for (size_t i = 0; i < 2 * sizeof keys / sizeof *keys; i++) {
        const sts_json *v = sts_json_get(file[i % 2], keys[i / 2]);
        const sts_json *text = sts_json_is_object(v) ? sts_json_get(v, "content") : v;
        if (v && !sts_json_is_null(v) && !sts_json_is_string(text))
            return sts_fail(err, STS_MODEL, "%s: \"%s\" must be a string, or an object with one as "
                            "\"content\"", i % 2 ? map_name : c->name, keys[i / 2]);
        const char *a = special_text(c->json, keys[i / 2]), *b = special_text(c->map, keys[i / 2]);
        if (a && b && strcmp(a, b))
            return sts_fail(err, STS_MODEL, "%s: \"%s\" is \"%.200s\", but in "
                            "tokenizer_config.json \"%.200s\"", map_name, keys[i / 2], b, a);
    }
    return 0;
}

int sts_token_config_load(sts_token_config *c, const char *dir, sts_err *err)
{
    char *map_name = NULL;
    *c = (sts_token_config){0};
    int rc = load_file(&c->json, &c->name, dir, "tokenizer_config.json", err);
    if (!rc) rc = load_file(&c->map, &map_name, dir, "special_tokens_map.json", err);
    if (!rc) rc = check_specials(c, map_name, err);
    if (!rc) rc = read_length(c, err);
    sts_json_in in = sts_token_config_in(c, err);
    if (!rc) rc = read_class(c, &in);
    if (!rc) rc = read_type(c, dir, err);
    sts_free(map_name);
    return rc;
}

void sts_token_config_free(sts_token_config *c)
{
    sts_json_free(c->json);
    sts_json_free(c->map);
    sts_free(c->name);
    sts_free(c->config_name);
    *c = (sts_token_config){0};
}

sts_json_in sts_token_config_in(const sts_token_config *c, sts_err *err)
{
    return (sts_json_in){c->json, c->name, STS_MODEL, err};
}

const sts_json *sts_token_config_special(const sts_token_config *c, const char *key)
{
    bool decoder = sts_json_get(c->json, "added_tokens_decoder"); /* files since 2023 */
    const sts_json *first = decoder ? c->json : c->map, *second = decoder ? c->map : c->json;
    if (special_text(first, key)) return sts_json_get(first, key);
    return special_text(second, key) ? sts_json_get(second, key) : NULL;
}
