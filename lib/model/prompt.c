/* prompt.c - the texts that go before others: found, counted in tokens, kept with the model. */
#include "model/prompt.h"

#include "core/mem.h"
#include "model/files.h"

#include <string.h>

#define CONFIG "config_sentence_transformers.json"
#define SHOWN 200 /* bytes of a prompt in a message */

const sts_option *sts_prompt_rows(void)
{
    static const sts_option rows[] = {STS_PROMPT_ROWS(0), {0}};
    return rows;
}

const sts_option *sts_pair_prompt_rows(void)
{
    static const sts_option rows[] = {STS_PROMPT_ROWS(0), STS_COLUMN_PROMPT_ROWS(0), {0}};
    return rows;
}

bool sts_prompts_given(const sts_prompts *o)
{
    return o->text || o->name || o->text1 || o->name1 || o->text2 || o->name2;
}

int sts_prompts_check(const sts_prompts *o, sts_err *err)
{
    const struct { const char *a, *b, *a_name, *b_name; } not_both[] = {
        {o->text, o->name, "prompt", "prompt-name"},
        {o->text1, o->name1, "prompt1", "prompt-name1"},
        {o->text2, o->name2, "prompt2", "prompt-name2"},
        {o->text, o->text1, "prompt", "prompt1"},
        {o->text, o->name1, "prompt", "prompt-name1"},
        {o->text, o->text2, "prompt", "prompt2"},
        {o->text, o->name2, "prompt", "prompt-name2"},
        {o->name, o->text1, "prompt-name", "prompt1"},
        {o->name, o->name1, "prompt-name", "prompt-name1"},
        {o->name, o->text2, "prompt-name", "prompt2"},
        {o->name, o->name2, "prompt-name", "prompt-name2"},
    };
    for (size_t i = 0; i < sizeof not_both / sizeof *not_both; i++)
        if (not_both[i].a && not_both[i].b)
            return sts_fail(err, STS_USAGE, "--%s and --%s say what goes before the same texts: "
                            "give one of them", not_both[i].a_name, not_both[i].b_name);
    return 0;
}

/* ---- in use ---- */

/* How many tokens a text begins with because of the prompt: those of the prompt alone, but for a
 * special token at the end, which those of the empty text end with too. */
static int count(const sts_model *m, sts_prompt *p, sts_err *err)
{
    sts_ids ids = {0}, none = {0};
    p->tokens = 0;
    if (!p->text || !m->tokenizer) return 0;
    int rc = sts_tokenizer_encode(m->tokenizer, p->text, strlen(p->text), m->max_seq_length, &ids,
                                  NULL, err);
    if (!rc) rc = sts_tokenizer_encode(m->tokenizer, "", 0, 0, &none, NULL, err);
    p->tokens = (int)ids.n;
    if (ids.n && none.n && ids.v[ids.n - 1] == none.v[none.n - 1]) p->tokens--;
    sts_ids_free(&ids);
    sts_ids_free(&none);
    return rc;
}

int sts_model_count_prompts(sts_model *m, sts_err *err)
{
    for (int k = 0; k < 2; k++)
        if (count(m, &m->prompt[k], err)) return -1;
    return 0;
}

static int set(sts_model *m, int k, const char *text, bool chosen, sts_err *err)
{
    sts_prompt now = {.chosen = chosen};
    if (text && *text && !(now.text = sts_strdup(text))) return sts_fail_memory(err, "a prompt");
    sts_free(m->prompt[k].text);
    m->prompt[k] = now;
    return count(m, &m->prompt[k], err);
}

int sts_model_default_prompt(sts_model *m, const char *text, sts_err *err)
{
    return set(m, 0, text, false, err) || set(m, 1, text, false, err) ? -1 : 0;
}

/* ---- by name ---- */

/* The file as a tree, that of a model without one included; NULL on error. For sts_json_free. */
static sts_json *read_config(const sts_model *m, sts_err *err)
{
    static const char none[] = STS_SENTENCE_CONFIG;
    const sts_blob *b = sts_files_get(m->files, CONFIG);
    return b ? sts_json_parse(b->bytes, b->n, CONFIG, STS_MODEL, err)
             : sts_json_parse(none, sizeof none - 1, CONFIG, STS_MODEL, err);
}

/* `"query", "document"` */
static int no_such(const sts_model *m, const sts_json *prompts, const char *option,
                   const char *name, sts_err *err)
{
    char shown[SHOWN], list[600];
    size_t at = 0;
    const sts_json *e;
    *list = 0;
    sts_json_each(e, prompts)
    {
        sts_quote(shown, sizeof shown, e->key, strlen(e->key));
        at = sts_append(list, sizeof list, at, "%s\"%s\"", at ? ", " : "", shown);
    }
    sts_quote(shown, sizeof shown, name, strlen(name));
    if (!at)
        return sts_fail(err, STS_USAGE, "--%s: %s has no prompt \"%s\" and no others: give the "
                        "text itself with --prompt", option, m->name, shown);
    return sts_fail(err, STS_USAGE, "--%s: %s has no prompt \"%s\", but %s", option, m->name, shown,
                    list);
}

/* The text that the options have for a column, newly allocated; NULL where they have none. */
static int find(const sts_model *m, const sts_prompts *o, int k, char **text, sts_err *err)
{
    const char *given = o->text ? o->text : k ? o->text2 : o->text1;
    const char *name = o->name ? o->name : k ? o->name2 : o->name1;
    const char *option = o->name ? "prompt-name" : k ? "prompt-name2" : "prompt-name1";
    *text = NULL;
    if (!given && !name) return 0;
    sts_json *config = read_config(m, err);
    if (!config) return -1;
    const sts_json *prompts = sts_json_get(config, "prompts");
    const sts_json *found = name ? sts_json_get(prompts, name) : NULL;
    int rc = 0;
    if (!given && !found) rc = no_such(m, prompts, option, name, err);
    else if (!given) given = sts_json_is_string(found) ? found->text : "";
    if (!rc && !(*text = sts_strdup(given))) rc = sts_fail_memory(err, "a prompt");
    sts_json_free(config);
    return rc;
}

int sts_model_use_prompts(sts_model *m, const sts_prompts *o, sts_err *err)
{
    if (sts_prompts_check(o, err)) return -1;
    for (int k = 0; k < 2; k++) {
        char *text;
        int rc = find(m, o, k, &text, err);
        if (!rc && text) rc = set(m, k, text, true, err);
        sts_free(text);
        if (rc) return -1;
    }
    return 0;
}

/* ---- kept with the model ---- */

/* The name of a prompt with this text; NULL: there is none. */
static const char *name_of(const sts_json *prompts, const char *text)
{
    const sts_json *e;
    sts_json_each(e, prompts)
    {
        if (sts_json_is_string(e) && !strcmp(e->text, text)) return e->key;
    }
    return NULL;
}

static void note_replaced(const sts_json *before, const char *name, const char *text)
{
    char was[SHOWN], is[SHOWN];
    if (!sts_json_is_string(before) || !*before->text) return;
    sts_quote(was, sizeof was, before->text, strlen(before->text));
    sts_quote(is, sizeof is, text, strlen(text));
    sts_note(STS_INFO, "the model's prompt \"%s\", which was \"%s\", becomes \"%s\"", name, was,
             is);
}

/* Puts the text among the prompts; returns the name that it has there. */
static const char *put(sts_json *prompts, const char *text, const char *name)
{
    const char *known = name_of(prompts, text);
    if (known) return known;
    note_replaced(sts_json_get(prompts, name), name, text);
    sts_json_remove(prompts, name);
    sts_json_add_string(prompts, name, text);
    return name;
}

static void set_default(sts_json *config, const char *name)
{
    sts_json_remove(config, "default_prompt_name");
    if (name) sts_json_add_string(config, "default_prompt_name", name);
    else sts_json_add_null(config, "default_prompt_name");
}

int sts_model_keep_prompts(sts_model *m, const sts_prompts *o, sts_err *err)
{
    if (!sts_prompts_given(o)) return 0;
    size_t since = sts_json_denied();
    sts_json *config = read_config(m, err);
    if (!config) return -1;
    if (!sts_json_is_object(sts_json_get(config, "prompts"))) {
        sts_json_remove(config, "prompts");
        sts_json_add_object(config, "prompts");
    }
    sts_json *prompts = sts_json_member(config, "prompts");
    if (o->name) set_default(config, o->name);
    if (o->text) set_default(config, *o->text ? put(prompts, o->text, "default") : NULL);
    if (o->text1) put(prompts, o->text1, "query");
    if (o->text2) put(prompts, o->text2, "document");
    int rc = sts_json_denied() == since ? sts_files_put_json(m->files, CONFIG, config, err)
                                        : sts_fail_memory(err, CONFIG);
    sts_json_free(config);
    return rc;
}

/* ---- described ---- */

static void describe(const sts_prompt *p, bool trained, const char *where, sts_strbuf *t)
{
    char shown[SHOWN];
    if (!p->text) return;
    sts_quote(shown, sizeof shown, p->text, strlen(p->text));
    sts_strbuf_printf(t, "%sthe %sprompt \"%s\" goes before %s%s", t->n ? "; " : "",
                      p->chosen ? "" : "model's default ", shown, where,
                      p->chosen || trained ? "" : ", in evaluation only (see --train-prompt)");
}

void sts_model_describe_prompts(const sts_model *m, bool trained, sts_strbuf *t)
{
    const sts_prompt *a = &m->prompt[0], *b = &m->prompt[1];
    bool same = a->text && b->text && !strcmp(a->text, b->text) && a->chosen == b->chosen;
    describe(a, trained, same ? "each text" : "the first text of each row", t);
    if (!same) describe(b, trained, "the other texts of each row", t);
}

int sts_model_set_prompts(sts_model *m, const sts_prompts *o, sts_err *err)
{
    sts_strbuf t = {0};
    if (sts_require(o, "prompts", err)) return -1;
    if (sts_model_use_prompts(m, o, err)) return -1;
    sts_model_describe_prompts(m, true, &t);
    char *text = t.n || t.failed ? sts_strbuf_take(&t) : NULL;
    if (text) sts_note(STS_INFO, "%s", text);
    else if (t.failed) return sts_fail_memory(err, "the prompts");
    sts_free(text);
    return 0;
}
