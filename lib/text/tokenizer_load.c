/* tokenizer_load.c - a tokenizer from a directory: tokenizer.json as its own pipeline, else the
 * older vocabulary files; and what tokenizer_config.json adds. */
#include "text/tokenizer_parts.h"

#include "core/file.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

/* A member of tokenizer.json with a name for messages: "PATH: key". */
typedef struct section {
    sts_json_in in;
    char name[768];
} section;

static sts_json_in *open_section(section *s, const cJSON *root, const char *path, const char *key,
                                 sts_err *err)
{
    snprintf(s->name, sizeof s->name, "%.600s: %s", path, key);
    s->in = (sts_json_in){sts_json_get(root, key), s->name, STS_MODEL, err};
    return &s->in;
}

static bool present(const sts_json_in *in)
{
    return in->object && !cJSON_IsNull(in->object);
}

static int load_parts(sts_parts *p, const sts_part_type *const *known, const char *key,
                      const char *list, const cJSON *root, const char *path, sts_err *err)
{
    section s;
    sts_json_in *in = open_section(&s, root, path, key, err);
    return present(in) ? sts_parts_load(p, known, key, list, in) : 0;
}

static int load_pipeline(sts_tokenizer *t, const cJSON *root, const char *path, sts_err *err)
{
    section s;
    sts_json_in *in = open_section(&s, root, path, "model", err);
    if (!present(in)) return sts_fail(err, STS_MODEL, "%s: \"model\" is missing", path);
    if (sts_subword_load(&t->model, in) ||
        load_parts(&t->normalizer, sts_normalizers, "normalizer", "normalizers", root, path, err) ||
        load_parts(&t->pretokenizer, sts_pretokenizers, "pre_tokenizer", "pretokenizers", root, path,
                   err))
        return -1;
    in = open_section(&s, root, path, "post_processor", err);
    if (sts_post_load(&t->post, in)) return -1;
    in = open_section(&s, root, path, "added_tokens", err);
    if (sts_added_init(&t->added, &t->model, err) || sts_added_load(&t->added, &t->model, in))
        return -1;
    return sts_added_finish(&t->added, &t->normalizer, in);
}

static int load_json(sts_tokenizer *t, const char *path, sts_err *err)
{
    cJSON *root = sts_json_load(path, STS_MODEL, err);
    if (!root) return -1;
    int rc = cJSON_IsObject(root) ? load_pipeline(t, root, path, err)
                                  : sts_fail(err, STS_MODEL, "%s: must be an object", path);
    cJSON_Delete(root);
    return rc;
}

static int32_t count_ids(const sts_tokenizer *t)
{
    int32_t largest = t->model.largest > t->added.largest ? t->model.largest : t->added.largest;
    for (size_t i = 0; i < t->post.n; i++)
        if (t->post.item[i] > largest) largest = t->post.item[i];
    return largest + 1;
}

static int load_dir(sts_tokenizer *t, const char *dir, sts_err *err)
{
    char *path = sts_path_join(dir, "tokenizer.json");
    if (!path) return sts_fail_memory(err, "a tokenizer");
    int rc = load_json(t, path, err);
    sts_free(path);
    return rc;
}

sts_tokenizer *sts_tokenizer_load(const char *dir, bool lower_first, bool special, sts_err *err)
{
    (void)lower_first;
    sts_tokenizer *t = sts_alloc(1, sizeof *t);
    if (t) t->spare = sts_alloc(1, sizeof *t->spare);
    if (!t || !t->spare) {
        sts_fail_memory(err, "a tokenizer");
    } else if (!load_dir(t, dir, err)) {
        t->special = special;
        t->vocab_size = count_ids(t);
        return t;
    }
    sts_tokenizer_free(t);
    return NULL;
}
