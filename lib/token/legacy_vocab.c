/* legacy_vocab.c - vocab.txt, or vocab.json with merges.txt: written out as the "model" member of a
 * tokenizer.json and read like one; the other parts follow tokenizer_config.json. */
#include "token/legacy_vocab.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/escape.h"
#include "token/tokenizer_class.h"

#include <stdio.h>
#include <string.h>

/* The class of a directory with such files. */
static const sts_token_class *find_class(const sts_token_config *c, const char *dir, bool merges,
                                         sts_err *err)
{
    const sts_token_class *k = sts_token_class_find(c);
    bool suffix = k && !strcmp(k->name, "HerbertTokenizer"); /* merges of another kind */
    if (k && !strcmp(k->model, merges ? "BPE" : "WordPiece") && !suffix) return k;
    sts_fail(err, STS_MODEL, "%s: the vocabulary of \"%.100s\" is not supported without a "
             "tokenizer.json; write one with save_pretrained of transformers", dir,
             *c->class ? c->class : c->type);
    return NULL;
}

/* ---- the model ---- */

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
    if (n == 0 && number) return; /* nothing matches it */
    if (number) sts_strbuf_add(b, ",", 1);
    sts_put_json(b, s, n);
    sts_strbuf_printf(b, ":%zu", number);
}

static void add_merge(sts_strbuf *b, const char *s, size_t n, size_t number)
{
    if (n == 0) { /* a blank line is not a rule */
        s = "#version";
        n = 8;
    }
    if (number) sts_strbuf_add(b, ",", 1);
    sts_put_json(b, s, n);
}

/* Refuses a list of more lines than the encoder has rows, before anything is made of it; blank
 * lines at its end do not count. */
static int check_lines(const char *s, size_t n, int32_t rows, const char *path, sts_err *err)
{
    size_t lines = 1;
    while (n && (s[n - 1] == '\n' || s[n - 1] == '\r')) n--;
    for (size_t i = 0; i < n; i++) lines += s[i] == '\n';
    if (!rows || lines <= (size_t)rows) return 0;
    return sts_fail(err, STS_MODEL, "%s: has %zu tokens, but the encoder's table %d rows", path,
                    lines, (int)rows);
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
    if (s && !check_lines(s, n, t->model.rows, path, err)) {
        sts_strbuf b = {0};
        sts_strbuf_printf(&b, "{\"type\":\"WordPiece\",\"continuing_subword_prefix\":\"##\","
                          "\"max_input_chars_per_word\":100,\"unk_token\":");
        sts_put_json(&b, unknown, strlen(unknown));
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

/* Adds a special token with the flags of tokenizer_config.json or the usual ones; gives its id. */
static int add_special(sts_tokenizer *t, const sts_token_config *c, const char *key,
                       const char *usual, bool lstrip, int32_t *id, sts_err *err)
{
    const sts_json *v = sts_token_config_special(c, key);
    sts_json_in in = sts_token_config_in(c, err), flags = in;
    sts_added token = {.id = -1, .lstrip = lstrip};
    char *content = sts_strdup(sts_token_class_special(c, key, usual));
    if (!content) return sts_fail_memory(err, "added tokens");
    token.content = content;
    flags.object = sts_json_is_object(v) ? v : NULL;
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

static int load_specials(sts_tokenizer *t, const sts_token_config *c, const sts_token_class *k,
                         sts_err *err)
{
    int32_t cls = 0, sep = 0, other = 0;
    sts_json_in in = sts_token_config_in(c, err);
    if (sts_added_init(&t->added, &t->model, err) ||
        add_special(t, c, "unk_token", k->unk, false, &other, err) ||
        add_special(t, c, "sep_token", k->sep, false, &sep, err) ||
        add_special(t, c, "pad_token", k->pad, false, &other, err) ||
        add_special(t, c, "cls_token", k->cls, false, &cls, err) ||
        add_special(t, c, "mask_token", k->mask, k->mask_lstrip, &other, err) ||
        sts_added_finish(&t->added, &t->normalizer, &in))
        return -1;
    return sts_post_wrap(&t->post, cls, sep, err);
}

enum { WORDS = 1, VOCAB = 2, RULES = 4, PIECES = 8 };

/* Which of the files of old tokenizers are in dir; -1 when memory is out. */
static int find_files(const char *dir, sts_err *err)
{
    static const struct {
        const char *name;
        int kind;
    } FILES[] = {{"vocab.txt", WORDS},
                 {"vocab.json", VOCAB},
                 {"merges.txt", RULES},
                 {"sentencepiece.bpe.model", PIECES},
                 {"spiece.model", PIECES}};
    int found = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char *path = sts_path_join(dir, FILES[i].name);
        if (!path) return sts_fail_memory(err, dir);
        int there = sts_path_find(path, err);
        if (there > 0) found |= FILES[i].kind;
        sts_free(path);
        if (there < 0) return -1;
    }
    return found;
}

int sts_legacy_load(sts_tokenizer *t, const char *dir, const sts_token_config *c, sts_err *err)
{
    int found = find_files(dir, err);
    if (found < 0) return -1;
    bool words = found & WORDS;
    bool merges = !words && found & VOCAB && found & RULES;
    if (!words && !merges)
        return sts_fail(
            err, STS_MODEL, "%s: no tokenizer.json, vocab.txt, or vocab.json with merges.txt%s",
            dir,
            found & PIECES
                ? " (a sentencepiece model alone is not supported: write a tokenizer.json "
                  "with save_pretrained of transformers)"
                : "");
    const sts_token_class *k = find_class(c, dir, merges, err);
    if (!k) return -1;
    if (words ? load_vocab_txt(t, dir, sts_token_class_special(c, "unk_token", k->unk), err)
              : load_merges(t, dir, err))
        return -1;
    if (sts_token_class_parts(t, k, c, err) || load_specials(t, c, k, err)) return -1;
    return sts_token_class_added(t, dir, c, err);
}
