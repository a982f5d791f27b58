/* tokenizer_load.c - a tokenizer from a directory: tokenizer.json as its own pipeline, else the
 * older vocabulary files; and what tokenizer_config.json adds. */
#include "text/tokenizer_parts.h"

#include "core/file.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

/* The members of tokenizer.json that matter, as text; n = 0 when absent. */
enum { MODEL, NORMALIZER, PRETOKENIZER, POST, ADDED, VERSION, MEMBERS };
static const char *const member_name[MEMBERS] = {"model",          "normalizer",   "pre_tokenizer",
                                                 "post_processor", "added_tokens", "version"};

static int find_members(sts_str text, const char *path, sts_str member[MEMBERS], sts_err *err)
{
    sts_scan s = sts_scan_start(text.s, text.n, path, STS_MODEL, err);
    s.nul = true;
    sts_str key;
    int more = 0, rc = sts_scan_enter(&s, '{');
    while (!rc && (more = sts_scan_more(&s, '}')) > 0) {
        rc = sts_scan_key(&s, &key);
        size_t i = 0;
        while (!rc && i < MEMBERS && (strlen(member_name[i]) != key.n ||
                                      memcmp(member_name[i], key.s, key.n)))
            i++;
        while (!rc && s.at < s.n && s.text[s.at] <= ' ') s.at++;
        size_t from = s.at;
        if (!rc) rc = sts_scan_value(&s);
        if (!rc && i < MEMBERS) member[i] = (sts_str){text.s + from, s.at - from};
    }
    if (!rc && more == 0) rc = sts_scan_end(&s);
    sts_scan_done(&s);
    return rc || more < 0 ? -1 : 0;
}

/* A member as a tree, with a name for messages: "PATH: member". Absent: no tree, which is fine. */
typedef struct section {
    sts_json_in in;
    cJSON *tree;
    char name[768];
} section;

static int open_section(section *s, const sts_str member[MEMBERS], int which, const char *path,
                        sts_err *err)
{
    snprintf(s->name, sizeof s->name, "%.600s: %s", path, member_name[which]);
    s->tree = NULL;
    if (member[which].n) {
        s->tree = sts_json_parse(member[which].s, member[which].n, s->name, STS_MODEL, err);
        if (!s->tree) return -1;
    }
    s->in = (sts_json_in){s->tree, s->name, STS_MODEL, err};
    return 0;
}

static int load_parts(sts_tokenizer *t, const sts_str member[MEMBERS], int which, const char *path,
                      sts_err *err)
{
    section s;
    int rc = open_section(&s, member, which, path, err);
    if (!rc && s.tree && !cJSON_IsNull(s.tree))
        rc = which == NORMALIZER ? sts_parts_load(&t->normalizer, sts_normalizers, "normalizer",
                                                  "normalizers", &s.in)
                                 : sts_parts_load(&t->pretokenizer, sts_pretokenizers,
                                                  "pre-tokenizer", "pretokenizers", &s.in);
    cJSON_Delete(s.tree);
    return rc;
}

static int load_post(sts_tokenizer *t, const sts_str member[MEMBERS], const char *path, sts_err *err)
{
    section s;
    int rc = open_section(&s, member, POST, path, err);
    if (!rc) rc = sts_post_load(&t->post, &s.in);
    cJSON_Delete(s.tree);
    return rc;
}

static int load_added(sts_tokenizer *t, const sts_str member[MEMBERS], const char *path, sts_err *err)
{
    section s;
    int rc = open_section(&s, member, ADDED, path, err);
    if (!rc) rc = sts_added_init(&t->added, &t->model, err);
    if (!rc) rc = sts_added_load(&t->added, &t->model, &s.in);
    if (!rc) rc = sts_added_finish(&t->added, &t->normalizer, &s.in);
    cJSON_Delete(s.tree);
    return rc;
}

static int load_pipeline(sts_tokenizer *t, sts_str text, const char *path, sts_err *err)
{
    sts_str member[MEMBERS] = {{0}};
    char name[768];
    if (find_members(text, path, member, err)) return -1;
    sts_str version = member[VERSION];
    if (version.n && (version.n != 5 || memcmp(version.s, "\"1.0\"", 5)))
        return sts_fail(err, STS_MODEL, "%s: \"version\": %.*s is not supported (\"1.0\" is)", path,
                        version.n < 100 ? (int)version.n : 100, version.s);
    if (!member[MODEL].n) return sts_fail(err, STS_MODEL, "%s: \"model\" is missing", path);
    snprintf(name, sizeof name, "%.600s: model", path);
    if (sts_subword_load_text(&t->model, member[MODEL], name, err) ||
        load_parts(t, member, NORMALIZER, path, err) ||
        load_parts(t, member, PRETOKENIZER, path, err) || load_post(t, member, path, err))
        return -1;
    return load_added(t, member, path, err);
}

static int load_json(sts_tokenizer *t, const char *path, sts_err *err)
{
    sts_str text = {0};
    char *s = sts_file_read(path, STS_JSON_LIMIT, STS_MODEL, &text.n, err);
    if (!s) return -1;
    text.s = s;
    int rc = load_pipeline(t, text, path, err);
    sts_free(s);
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
