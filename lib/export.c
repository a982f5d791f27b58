/* export.c - `stsfit export`: a model out as one GGUF file, which llama.cpp and what is built on it
 * run: weights, tokenizer and pooling. */
#include "core/base64.h"
#include "core/c_locale.h"
#include "core/mem.h"
#include "core/option.h"
#include "core/place.h"
#include "model/files.h"
#include "model/gguf_out.h"
#include "model/model.h"
#include "token/token_file.h"
#include "token/tokenizer_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Kinds of tokens in GGUF. */
enum { NORMAL = 1, UNKNOWN = 2, CONTROL = 3, OWN = 4, UNUSED = 5 };

typedef struct exporting {
    const sts_export_options *o;
    sts_model *m;
    sts_gguf g;
    sts_gguf_out out;
    sts_token_file file;
    sts_arena arena;
    size_t n;            /* tokens: rows of the table */
    sts_str *token;
    int32_t *kind;
    float *score;
    sts_err *err;
} exporting;

/* ---- what llama.cpp runs ---- */

static int check_modules(exporting *x)
{
    static const char *const runs[] = {"mean", "cls", "lasttoken"};
    char text[160], what[220];
    for (size_t i = 0; i < x->m->n_modules; i++) {
        const sts_module *m = &x->m->module[i];
        if (m->type->pools) {
            m->type->describe(m, text);
            for (size_t k = 0; k < 3; k++)
                if (!strcmp(text, runs[k])) x->out.pooling = runs[k];
            snprintf(what, sizeof what, "the pooling %s", text);
            if (!x->out.pooling) return sts_gguf_refuse(&x->out, what);
        } else if (strcmp(m->type->type, "Normalize") && strcmp(m->type->type, "Dropout")) {
            snprintf(what, sizeof what, "the module %s", m->type->type);
            return sts_gguf_refuse(&x->out, what);
        }
    }
    if (x->m->dim != x->m->width)
        sts_note(STS_WARN, "truncate_dim is not exported: the vectors have %d components",
                 x->m->width);
    if (x->m->prompt[0].text)
        sts_note(STS_WARN, "the model's prompt is not exported: put it before each text yourself");
    return 0;
}

/* ---- weights and settings ---- */

static int put_encoder(exporting *x)
{
    const sts_encoder *e = x->m->net.encoder;
    char what[96];
    snprintf(what, sizeof what, "%.80s encoders", e->model_type);
    return e->gguf ? e->gguf(&x->m->net, &x->out) : sts_gguf_refuse(&x->out, what);
}

static void put_general(exporting *x)
{
    static const uint32_t q8_0 = 7; /* other types have the same number as a file as for numbers */
    sts_gguf *g = &x->g;
    bool quantized = x->out.type == STS_GGUF_Q8_0;
    sts_gguf_text(g, "general.name", (sts_str){x->m->name, strlen(x->m->name)});
    sts_gguf_u32(g, "general.file_type", quantized ? q8_0 : (uint32_t)x->out.type);
    if (quantized) sts_gguf_u32(g, "general.quantization_version", 2);
}

/* ---- tokenizer ---- */

static const sts_json *member(const sts_json *object, const char *key)
{
    return sts_json_get(object, key);
}

static bool is_type(const sts_json *part, const char *type)
{
    const char *found = sts_json_as_string(member(part, "type"));
    return found && !strcmp(found, type);
}

static int unknown_tokenizer(const exporting *x, const char *what)
{
    char text[200];
    snprintf(text, sizeof text, "a %s tokenizer with %s", x->file.type, what);
    return sts_gguf_refuse(&x->out, text);
}

static int keep(exporting *x, int32_t id, const char *s, size_t n)
{
    x->token[id] = (sts_str){sts_arena_text(&x->arena, s, n), n};
    return x->token[id].s ? 0 : sts_fail_memory(x->err, "the vocabulary");
}

/* Rows of the table that no token has. */
static int fill_gaps(exporting *x)
{
    char name[32];
    for (size_t i = 0; i < x->n; i++) {
        if (x->token[i].s) continue;
        snprintf(name, sizeof name, "[PAD%zu]", i);
        if (keep(x, (int32_t)i, name, strlen(name))) return -1;
        x->kind[i] = UNUSED;
        x->score[i] = -10000;
    }
    return 0;
}

static int list_added(exporting *x)
{
    const sts_json *one;
    sts_json_each(one, member(x->file.tree, "added_tokens"))
    {
        const char *content = sts_json_as_string(member(one, "content"));
        double id = sts_json_as_number(member(one, "id"));
        if (!content || !(id >= 0 && id < (double)x->n)) continue;
        if (keep(x, (int32_t)id, content, strlen(content))) return -1;
        x->kind[(int32_t)id] = sts_json_is_true(member(one, "special")) ? CONTROL : OWN;
    }
    return 0;
}

/* The tokens by id. WordPiece has no "##" there: a word's first token begins with a blank. */
static int list_tokens(exporting *x)
{
    bool words = !strcmp(x->file.type, "WordPiece");
    size_t prefix = strlen(x->file.prefix);
    x->n = (size_t)x->m->net.vocab;
    x->token = sts_alloc(x->n, sizeof *x->token);
    x->kind = sts_alloc(x->n, sizeof *x->kind);
    x->score = sts_alloc(x->n, sizeof *x->score);
    if (!x->token || !x->kind || !x->score) return sts_fail_memory(x->err, "the vocabulary");
    for (size_t i = 0; i < x->file.n; i++) {
        const sts_token_entry *e = &x->file.entry[i];
        char text[STS_TOKEN_MAX + 8];
        bool rest = words && e->text.n > prefix && !memcmp(e->text.s, x->file.prefix, prefix);
        int n = snprintf(text, sizeof text, "%s%.*s", words && !rest ? "\xe2\x96\x81" : "",
                         (int)(e->text.n - (rest ? prefix : 0)), e->text.s + (rest ? prefix : 0));
        if (keep(x, e->id, text, (size_t)n)) return -1;
        x->kind[e->id] = NORMAL;
        x->score[e->id] = (float)sts_token_score(e);
    }
    if (list_added(x)) return -1;
    int32_t unknown = x->m->tokenizer->model.unknown;
    if (unknown >= 0 && !words) x->kind[unknown] = UNKNOWN;
    return fill_gaps(x);
}

/* Ids around a text: one before it and one after it. */
static int put_specials(exporting *x)
{
    const sts_post *p = &x->m->tokenizer->post;
    sts_gguf *g = &x->g;
    int32_t unknown = x->m->tokenizer->model.unknown;
    if (p->n != 3 || p->item[1] != STS_POST_TEXT)
        return unknown_tokenizer(x, "other tokens than one before and one after a text");
    const char *const first[] = {"tokenizer.ggml.bos_token_id", "tokenizer.ggml.cls_token_id"};
    const char *const last[] = {"tokenizer.ggml.eos_token_id",
                                "tokenizer.ggml.seperator_token_id"};
    for (int i = 0; i < 2; i++) {
        sts_gguf_u32(g, first[i], (uint32_t)p->item[0]);
        sts_gguf_u32(g, last[i], (uint32_t)p->item[2]);
    }
    if (unknown >= 0) sts_gguf_u32(g, "tokenizer.ggml.unknown_token_id", (uint32_t)unknown);
    return 0;
}

static void put_tokens(exporting *x, const char *model, const char *pre)
{
    sts_gguf *g = &x->g;
    sts_gguf_text(g, "tokenizer.ggml.model", (sts_str){model, strlen(model)});
    sts_gguf_text(g, "tokenizer.ggml.pre", (sts_str){pre, strlen(pre)});
    sts_gguf_texts(g, "tokenizer.ggml.tokens", x->token, x->n);
    sts_gguf_i32s(g, "tokenizer.ggml.token_type", x->kind, x->n);
}

/* BERT's normalizer and pre-tokenizer, as its class in tokenizer_config.json sets them. */
static int put_wordpiece(exporting *x)
{
    const sts_json *n = member(x->file.tree, "normalizer"), *pre;
    pre = member(x->file.tree, "pre_tokenizer");
    if (!is_type(n, "BertNormalizer") || !is_type(pre, "BertPreTokenizer"))
        return unknown_tokenizer(x, "parts other than BERT's");
    if (strcmp(x->file.prefix, "##")) return unknown_tokenizer(x, "a prefix other than ##");
    sts_bert_rules rules;
    if (!sts_bert_rules_of(&x->m->tokenizer->normalizer, &rules) || !rules.cjk || !rules.clean)
        return unknown_tokenizer(x, "clean_text or handle_chinese_chars off");
    bool lower = rules.lower || x->m->tokenizer->lower_first;
    put_tokens(x, "bert", "default");
    sts_gguf_bool(&x->g, "tokenizer.ggml.normalizer.lowercase", lower);
    sts_gguf_bool(&x->g, "tokenizer.ggml.normalizer.strip_accents", rules.strip);
    return 0;
}

static int put_merges(exporting *x)
{
    sts_str *v = sts_alloc(x->file.n_merges, sizeof *v);
    int rc = v ? 0 : sts_fail_memory(x->err, "the merges");
    for (size_t i = 0; i < x->file.n_merges && !rc; i++) {
        const sts_merge_rule *r = &x->file.merge[i];
        size_t n = r->left.n + 1 + r->right.n;
        char *s = sts_arena_take(&x->arena, n + 1);
        if (s) snprintf(s, n + 1, "%.*s %.*s", (int)r->left.n, r->left.s, (int)r->right.n,
                        r->right.s);
        else rc = sts_fail_memory(x->err, "the merges");
        v[i] = (sts_str){s, n};
    }
    if (!rc) sts_gguf_texts(&x->g, "tokenizer.ggml.merges", v, x->file.n_merges);
    sts_free(v);
    return rc;
}

/* The bytes and the pattern of GPT-2, without a blank before the text. llama.cpp normalises
 * nothing: texts that are not in NFC have other tokens there. */
static int put_bpe(exporting *x)
{
    const sts_json *n = member(x->file.tree, "normalizer"), *pre, *prefix;
    pre = member(x->file.tree, "pre_tokenizer");
    prefix = member(pre, "add_prefix_space");
    bool nfc = is_type(n, "NFC");
    bool other = (n && !sts_json_is_null(n) && !nfc) || !is_type(pre, "ByteLevel");
    if (other || sts_json_is_false(member(pre, "use_regex")))
        return unknown_tokenizer(x, "parts other than RoBERTa's");
    if (!sts_json_is_false(prefix)) return unknown_tokenizer(x, "add_prefix_space");
    if (nfc) sts_note(STS_WARN, "llama.cpp does not bring texts into NFC: do that yourself");
    put_tokens(x, "gpt2", strcmp(x->out.arch, "bert") ? x->out.arch : "roberta-bpe");
    sts_gguf_bool(&x->g, "tokenizer.ggml.add_bos_token", true);
    sts_gguf_bool(&x->g, "tokenizer.ggml.add_eos_token", true);
    return put_merges(x);
}

/* The table of replacements of a normalizer, or of the first one of a sequence. */
static const char *charsmap_of(const sts_json *n)
{
    const char *found = sts_json_as_string(member(n, "precompiled_charsmap"));
    const sts_json *one;
    sts_json_each(one, member(n, "normalizers"))
    {
        if (!found) found = charsmap_of(one);
    }
    return found;
}

static bool has_metaspace(const sts_json *pre)
{
    const sts_json *one;
    bool found = is_type(pre, "Metaspace");
    sts_json_each(one, member(pre, "pretokenizers"))
        found = found || has_metaspace(one);
    return found;
}

static int put_unigram(exporting *x)
{
    const char *map = charsmap_of(member(x->file.tree, "normalizer"));
    if (!has_metaspace(member(x->file.tree, "pre_tokenizer")))
        return unknown_tokenizer(x, "parts other than XLM-R's");
    put_tokens(x, "t5", "default");
    sts_gguf_f32s(&x->g, "tokenizer.ggml.scores", x->score, x->n);
    sts_gguf_bool(&x->g, "tokenizer.ggml.add_space_prefix", true);
    sts_gguf_bool(&x->g, "tokenizer.ggml.remove_extra_whitespaces", true);
    sts_gguf_bool(&x->g, "tokenizer.ggml.add_bos_token", true);
    sts_gguf_bool(&x->g, "tokenizer.ggml.add_eos_token", true);
    if (!map || !*map) return 0;
    unsigned char *bytes = sts_alloc(strlen(map) / 4 + 1, 3);
    long n = bytes ? sts_base64(map, strlen(map), bytes) : -1;
    if (n > 0) sts_gguf_bytes(&x->g, "tokenizer.ggml.precompiled_charsmap", bytes, (size_t)n);
    sts_free(bytes);
    return bytes ? 0 : sts_fail_memory(x->err, "the tokenizer");
}

static int put_tokenizer(exporting *x)
{
    const sts_blob *b = sts_files_get(x->m->files, "tokenizer.json");
    const char *kind = sts_tokenizer_kind(x->m->tokenizer);
    if (!b)
        return sts_fail(x->err, STS_MODEL, "%s: has no tokenizer.json, which export reads: write "
                        "one with save_pretrained of transformers", x->m->dir);
    if (sts_token_file_read(&x->file, (sts_str){b->bytes, b->n}, kind, "tokenizer.json", x->err) ||
        list_tokens(x) || put_specials(x))
        return -1;
    if (!strcmp(kind, "WordPiece")) return put_wordpiece(x);
    if (!strcmp(kind, "BPE")) return put_bpe(x);
    return !strcmp(kind, "Unigram") ? put_unigram(x) : unknown_tokenizer(x, "whole words");
}

/* ---- the whole ---- */

static int choose_type(exporting *x)
{
    static const struct {
        const char *name;
        sts_gguf_type type;
    } types[] = {{"f32", STS_GGUF_F32}, {"f16", STS_GGUF_F16}, {"q8_0", STS_GGUF_Q8_0}};
    const char *name = x->o->type ? x->o->type : "f16";
    for (size_t i = 0; i < 3; i++) {
        x->out.type = types[i].type;
        if (!strcmp(name, types[i].name)) return 0;
    }
    return sts_fail(x->err, STS_USAGE, "--type: '%s' must be f32, f16 or q8_0", name);
}

static int export_model(exporting *x)
{
    if (!x->o->model || !x->o->output)
        return sts_fail(x->err, STS_USAGE, "export: where to? -m MODEL -o FILE.gguf");
    if (choose_type(x)) return -1;
    const char *input[] = {x->o->model};
    sts_writer *w = sts_output_open(x->o->output, input, 0, x->err);
    if (!w) return -1;
    x->m = sts_model_load(x->o->model, x->err);
    x->out.dir = x->o->model;
    int rc = !x->m || check_modules(x) || put_encoder(x) || put_tokenizer(x) ? -1 : 0;
    if (!rc) put_general(x);
    if (!rc) sts_progress("saving", 0, 0);
    if (!rc) rc = sts_gguf_write(&x->g, w, x->err);
    if (!rc) return sts_writer_commit(w, x->err);
    sts_writer_abort(w);
    return -1;
}

int sts_export(const sts_export_options *given, char **out, sts_err *err)
{
    sts_export_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    exporting x = {.o = &o, .err = err};
    x.out = (sts_gguf_out){.g = &x.g, .err = err};
    char text[200];
    sts_here before = sts_here_begin();
    int rc = export_model(&x);
    sts_here_end(before);
    sts_print(text, sizeof text, "%zu tensors, %zu tokens, %.1f MB\n", x.g.n, x.n,
              (double)sts_gguf_size(&x.g) / 1e6);
    if (!rc && !(*out = sts_strdup(text))) rc = sts_fail_memory(err, "the summary");
    sts_gguf_free(&x.g);
    sts_token_file_free(&x.file);
    sts_arena_free(&x.arena);
    sts_free(x.token);
    sts_free(x.kind);
    sts_free(x.score);
    sts_model_free(x.m);
    return rc;
}
