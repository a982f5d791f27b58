/* legacy_vocab.c - vocab.txt, or vocab.json with merges.txt: written out as the "model" member of a
 * tokenizer.json and read like one; the other parts follow tokenizer_config.json. */
#include "text/legacy_vocab.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/strbuf.h"

#include <stdio.h>
#include <string.h>

/* What a family of tokenizers has unless tokenizer_config.json says otherwise. */
typedef struct family {
    const char *class, *model_type;
    const char *cls, *sep, *unk, *pad, *mask;
    bool merges; /* vocab.json and merges.txt, not vocab.txt */
    bool mask_lstrip;
} family;

static const family families[] = {
    {"BertTokenizer", "bert", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", false, false},
    {"DistilBertTokenizer", "distilbert", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", false,
     false},
    {"ElectraTokenizer", "electra", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", false, false},
    {"MPNetTokenizer", "mpnet", "<s>", "</s>", "[UNK]", "<pad>", "<mask>", false, true},
    {"RobertaTokenizer", "roberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>", true, false},
};

/* By the class, else by the model's type, of config.json. */
static const family *find_family(const sts_token_config *c, const char *dir, bool merges,
                                 sts_err *err)
{
    const char *class = c->class, *type = "", *shown = class;
    cJSON *config = NULL;
    char *path = sts_path_join(dir, "config.json");
    const family *found = NULL;
    if (path && !*class && sts_file_exists(path)) {
        config = sts_json_load(path, STS_MODEL, err);
        const cJSON *v = sts_json_get(config, "model_type");
        shown = type = cJSON_IsString(v) ? v->valuestring : "";
    }
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const family *f = &families[i];
        bool is = *class ? !strcmp(f->class, class) : !strcmp(f->model_type, type);
        if (is && f->merges == merges) found = f;
    }
    if (!found && path)
        sts_fail(err, STS_MODEL, "%s: the vocabulary of \"%.100s\" is not supported without a "
                 "tokenizer.json; write one with save_pretrained of transformers", dir, shown);
    else if (!path) sts_fail_memory(err, "a tokenizer");
    cJSON_Delete(config);
    sts_free(path);
    return found;
}

/* The content of a special token. */
static const char *special(const sts_token_config *c, const char *key, const char *usual)
{
    const cJSON *v = sts_token_config_special(c, key);
    if (!v) return usual;
    return cJSON_IsString(v) ? v->valuestring : sts_json_get(v, "content")->valuestring;
}

/* ---- the model ---- */

static void add_quoted(sts_strbuf *b, const char *s, size_t n)
{
    size_t from = 0;
    sts_strbuf_add(b, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch >= 0x20 && ch != '"' && ch != '\\') continue;
        sts_strbuf_add(b, s + from, i - from);
        sts_strbuf_printf(b, "\\u%04x", ch);
        from = i + 1;
    }
    sts_strbuf_add(b, s + from, n - from);
    sts_strbuf_add(b, "\"", 1);
}

/* Calls back with each line, without its end; a last one that is empty does not count. */
static void each_line(const char *s, size_t n,
                      void (*add)(sts_strbuf *, const char *, size_t, size_t), sts_strbuf *b)
{
    size_t number = 0;
    for (size_t i = 0; i < n;) {
        const char *end = memchr(s + i, '\n', n - i);
        size_t len = end ? (size_t)(end - s) - i : n - i;
        add(b, s + i, len && s[i + len - 1] == '\r' ? len - 1 : len, number++);
        i += len + 1;
    }
}

static void add_token(sts_strbuf *b, const char *s, size_t n, size_t number)
{
    if (number) sts_strbuf_add(b, ",", 1);
    add_quoted(b, s, n);
    sts_strbuf_printf(b, ":%zu", number);
}

static void add_merge(sts_strbuf *b, const char *s, size_t n, size_t number)
{
    if (n == 0) s = "#version", n = 8; /* a blank line is no rule */
    if (number) sts_strbuf_add(b, ",", 1);
    add_quoted(b, s, n);
}

static char *read_file(const char *dir, const char *file, char **path, size_t *n, sts_err *err)
{
    *path = sts_path_join(dir, file);
    if (*path) return sts_file_read(*path, STS_JSON_LIMIT, STS_MODEL, n, err);
    sts_fail_memory(err, "a tokenizer");
    return NULL;
}

static int load_model(sts_tokenizer *t, sts_strbuf *b, const char *path, sts_err *err)
{
    size_t n = b->n;
    char *text = sts_strbuf_take(b);
    if (!text) return sts_fail_memory(err, path);
    int rc = sts_subword_load_text(&t->model, (sts_str){text, n}, path, err);
    sts_free(text);
    return rc;
}

static int load_vocab_txt(sts_tokenizer *t, const char *dir, const char *unknown, sts_err *err)
{
    char *path = NULL;
    size_t n;
    char *s = read_file(dir, "vocab.txt", &path, &n, err);
    int rc = -1;
    if (s) {
        sts_strbuf b = {0};
        sts_strbuf_printf(&b, "{\"type\":\"WordPiece\",\"continuing_subword_prefix\":\"##\","
                          "\"max_input_chars_per_word\":100,\"unk_token\":");
        add_quoted(&b, unknown, strlen(unknown));
        sts_strbuf_printf(&b, ",\"vocab\":{");
        each_line(s, n, add_token, &b);
        sts_strbuf_printf(&b, "}}");
        rc = load_model(t, &b, path, err);
    }
    sts_free(s);
    sts_free(path);
    return rc;
}

static int load_merges(sts_tokenizer *t, const char *dir, sts_err *err)
{
    char *vocab_path = NULL, *merges_path = NULL, *merges = NULL;
    size_t n, n_merges;
    int rc = -1;
    char *vocab = read_file(dir, "vocab.json", &vocab_path, &n, err);
    if (vocab && !sts_json_check(vocab, n, vocab_path, STS_MODEL, err))
        merges = read_file(dir, "merges.txt", &merges_path, &n_merges, err);
    if (merges) {
        sts_strbuf b = {0};
        sts_strbuf_printf(&b, "{\"type\":\"BPE\",\"vocab\":");
        sts_strbuf_add(&b, vocab, n);
        sts_strbuf_printf(&b, ",\"merges\":[");
        each_line(merges, n_merges, add_merge, &b);
        sts_strbuf_printf(&b, "]}");
        rc = load_model(t, &b, dir, err);
    }
    sts_free(vocab);
    sts_free(merges);
    sts_free(vocab_path);
    sts_free(merges_path);
    return rc;
}

/* ---- the other parts ---- */

/* One part written as JSON. */
static int load_part(sts_parts *p, const sts_part_type *const *known, const char *text,
                     const char *name, sts_err *err)
{
    cJSON *tree = sts_json_parse(text, strlen(text), name, STS_MODEL, err);
    if (!tree) return -1;
    sts_json_in in = {tree, name, STS_MODEL, err};
    int rc = sts_parts_load(p, known, "part", "parts", &in);
    cJSON_Delete(tree);
    return rc;
}

static int load_bert_parts(sts_tokenizer *t, const sts_token_config *c, sts_err *err)
{
    sts_json_in in = sts_token_config_in(c, err);
    bool lower = true, cjk = true, strip = true;
    if (sts_json_bool(&in, "do_lower_case", &lower) ||
        sts_json_bool(&in, "tokenize_chinese_chars", &cjk))
        return -1;
    strip = lower;
    if (sts_json_bool(&in, "strip_accents", &strip)) return -1;
    char text[256];
    snprintf(text, sizeof text, "{\"type\":\"BertNormalizer\",\"clean_text\":true,"
             "\"handle_chinese_chars\":%s,\"strip_accents\":%s,\"lowercase\":%s}",
             cjk ? "true" : "false", strip ? "true" : "false", lower ? "true" : "false");
    if (load_part(&t->normalizer, sts_normalizers, text, c->name, err)) return -1;
    return load_part(&t->pretokenizer, sts_pretokenizers, "{\"type\":\"BertPreTokenizer\"}",
                     c->name, err);
}

static int load_byte_parts(sts_tokenizer *t, const sts_token_config *c, sts_err *err)
{
    sts_json_in in = sts_token_config_in(c, err);
    bool prefix = false;
    if (sts_json_bool(&in, "add_prefix_space", &prefix)) return -1;
    const char *text = prefix ? "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}"
                              : "{\"type\":\"ByteLevel\",\"add_prefix_space\":false}";
    return load_part(&t->pretokenizer, sts_pretokenizers, text, c->name, err);
}

/* Adds a special token with the flags of tokenizer_config.json or the usual ones; gives its id. */
static int add_special(sts_tokenizer *t, const sts_token_config *c, const char *key,
                       const char *usual, bool lstrip, int32_t *id, sts_err *err)
{
    const cJSON *v = sts_token_config_special(c, key);
    sts_json_in in = sts_token_config_in(c, err), flags = in;
    sts_added token = {.id = -1, .lstrip = lstrip};
    char *content = sts_strdup(special(c, key, usual));
    if (!content) return sts_fail_memory(err, "added tokens");
    token.content = content;
    flags.object = cJSON_IsObject(v) ? v : NULL;
    int rc = flags.object && (sts_json_bool(&flags, "single_word", &token.single_word) ||
                              sts_json_bool(&flags, "lstrip", &token.lstrip) ||
                              sts_json_bool(&flags, "rstrip", &token.rstrip))
                 ? -1
                 : sts_added_add(&t->added, &t->model, &token, &in);
    int32_t i = rc ? -1 : sts_trie_find(&t->added.index, content, strlen(content));
    if (!rc) *id = t->added.v[i].id;
    sts_free(content);
    return rc;
}

static int load_specials(sts_tokenizer *t, const sts_token_config *c, const family *f, sts_err *err)
{
    int32_t cls = 0, sep = 0, other = 0;
    sts_json_in in = sts_token_config_in(c, err);
    if (sts_added_init(&t->added, &t->model, err) ||
        add_special(t, c, "unk_token", f->unk, false, &other, err) ||
        add_special(t, c, "sep_token", f->sep, false, &sep, err) ||
        add_special(t, c, "pad_token", f->pad, false, &other, err) ||
        add_special(t, c, "cls_token", f->cls, false, &cls, err) ||
        add_special(t, c, "mask_token", f->mask, f->mask_lstrip, &other, err) ||
        sts_added_finish(&t->added, &t->normalizer, &in))
        return -1;
    return sts_post_wrap(&t->post, cls, sep, err);
}

/* Tokens added to the model besides the special ones would need their flags. */
static int check_other(const sts_tokenizer *t, const char *content, const char *where, sts_err *err)
{
    if (sts_trie_find(&t->added.index, content, strlen(content)) >= 0) return 0;
    return sts_fail(err, STS_MODEL,
                    "%s: the added token \"%.200s\" is not supported without a "
                    "tokenizer.json; write one with save_pretrained of transformers",
                    where, content);
}

static int check_others(const sts_tokenizer *t, const char *dir, const sts_token_config *c,
                        sts_err *err)
{
    const cJSON *v, *decoder = sts_json_get(c->json, "added_tokens_decoder");
    int rc = 0;
    cJSON_ArrayForEach(v, decoder)
    {
        const cJSON *content = sts_json_get(v, "content");
        if (!rc)
            rc = check_other(t, cJSON_IsString(content) ? content->valuestring : "", c->name, err);
    }
    char *path = sts_path_join(dir, "added_tokens.json");
    if (!path) return sts_fail_memory(err, "a tokenizer");
    if (!rc && sts_file_exists(path)) {
        cJSON *added = sts_json_load(path, STS_MODEL, err);
        rc = added ? 0 : -1;
        cJSON_ArrayForEach (v, added)
            if (!rc) rc = check_other(t, v->string ? v->string : "", path, err);
        cJSON_Delete(added);
    }
    sts_free(path);
    return rc;
}

static bool has_file(const char *dir, const char *file)
{
    char *path = sts_path_join(dir, file);
    bool has = path && sts_file_exists(path);
    sts_free(path);
    return has;
}

int sts_legacy_load(sts_tokenizer *t, const char *dir, const sts_token_config *c, sts_err *err)
{
    bool words = has_file(dir, "vocab.txt");
    bool merges = !words && has_file(dir, "vocab.json") && has_file(dir, "merges.txt");
    if (!words && !merges)
        return sts_fail(
            err, STS_MODEL, "%s: no tokenizer.json, vocab.txt, or vocab.json with merges.txt%s",
            dir,
            has_file(dir, "sentencepiece.bpe.model") || has_file(dir, "spiece.model")
                ? " (a sentencepiece model alone is not supported: write a tokenizer.json "
                  "with save_pretrained of transformers)"
                : "");
    const family *f = find_family(c, dir, merges, err);
    if (!f) return -1;
    if (words ? load_vocab_txt(t, dir, special(c, "unk_token", f->unk), err)
              : load_merges(t, dir, err))
        return -1;
    if (words ? load_bert_parts(t, c, err) : load_byte_parts(t, c, err)) return -1;
    return load_specials(t, c, f, err) || check_others(t, dir, c, err) ? -1 : 0;
}
