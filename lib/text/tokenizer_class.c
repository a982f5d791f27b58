/* tokenizer_class.c - transformers' tokenizer classes. Since version 5 those with parts of their
 * own build them anew from tokenizer_config.json and take the vocabulary alone from tokenizer.json;
 * before, the former corrected the latter. So where the two disagree nobody's ids are right. */
#include "text/tokenizer_class.h"

#include "core/file.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

#define BERT "WordPiece", "BertNormalizer", "BertPreTokenizer"
static const sts_token_class classes[] = {
    {"BertTokenizer", "bert", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", BERT, false},
    {"DistilBertTokenizer", "distilbert", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", BERT,
     false},
    {"ElectraTokenizer", "electra", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", BERT, false},
    {"MPNetTokenizer", "mpnet", "<s>", "</s>", "[UNK]", "<pad>", "<mask>", BERT, true},
    {"RobertaTokenizer", "roberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "BPE", "",
     "ByteLevel", false},
    {"XLMRobertaTokenizer", "xlm-roberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "Unigram",
     NULL, NULL, false},
    {"CamembertTokenizer", "camembert", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "Unigram", NULL,
     NULL, false},
    {"AlbertTokenizer", "albert", "[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]", "Unigram", NULL,
     NULL, false},
};

const sts_token_class *sts_token_class_find(const sts_token_config *c)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const sts_token_class *k = &classes[i];
        if (*c->class ? !strcmp(k->name, c->class) : !strcmp(k->model_type, c->type)) return k;
    }
    return NULL;
}

/* ---- settings ---- */

static int only(const sts_json_in *in, const char *key, const char *value)
{
    const char *found = value;
    if (sts_json_text(in, key, &found)) return -1;
    return strcmp(found, value) ? sts_refuse(in, key, found) : 0;
}

/* Without ids or mask the reference would pool padding too. */
static int check_inputs(const sts_json_in *in)
{
    const cJSON *list = sts_json_get(in->object, "model_input_names"), *e;
    int found = 0;
    if (!list || cJSON_IsNull(list)) return 0;
    cJSON_ArrayForEach(e, list)
    {
        const char *name = cJSON_IsString(e) ? e->valuestring : "";
        found += !strcmp(name, "input_ids") || !strcmp(name, "attention_mask");
    }
    if (cJSON_IsArray(list) && found == 2) return 0;
    return sts_fail(in->err, in->code, "%s: \"model_input_names\" without \"input_ids\" or "
                    "\"attention_mask\" is not supported", in->name);
}

/* The other classes keep the parts of tokenizer.json, or build something that is not known here. */
static int check_class_name(const sts_token_config *c, const sts_json_in *in)
{
    static const char *const keep[] = {"", "PreTrainedTokenizer", "TokenizersBackend"};
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
        if (!strcmp(c->class, keep[i])) return 0;
    return sts_token_class_find(c) ? 0 : sts_refuse(in, "tokenizer_class", c->class);
}

int sts_token_class_options(const sts_token_config *c, sts_err *err)
{
    /* the last two matter only where the class does not put its own tokens around a text */
    static const char *const off[] = {"split_special_tokens", "add_bos_token", "add_eos_token"};
    size_t n = sts_token_class_find(c) ? 1 : 3;
    sts_json_in in = sts_token_config_in(c, err);
    if (only(&in, "truncation_side", "right") || only(&in, "padding_side", "right") ||
        check_inputs(&in))
        return -1;
    for (size_t i = 0; i < n; i++) {
        bool on = false;
        if (sts_json_bool(&in, off[i], &on)) return -1;
        if (on) return sts_refuse(&in, off[i], "true");
    }
    return check_class_name(c, &in);
}

/* ---- parts ---- */

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

int sts_token_class_parts(sts_tokenizer *t, const sts_token_class *k, const sts_token_config *c,
                          sts_err *err)
{
    return *k->normalizer ? load_bert_parts(t, c, err) : load_byte_parts(t, c, err);
}

/* ---- special and added tokens ---- */

const char *sts_token_class_special(const sts_token_config *c, const char *key, const char *usual)
{
    const cJSON *v = sts_token_config_special(c, key);
    if (!v) return usual;
    return cJSON_IsString(v) ? v->valuestring : sts_json_get(v, "content")->valuestring;
}

static int check_known(const sts_tokenizer *t, const char *content, const char *where, sts_err *err)
{
    if (!*content || sts_trie_find(&t->added.index, content, strlen(content)) >= 0) return 0;
    return sts_fail(err, STS_MODEL, "%s: the token \"%.200s\" is not among the added tokens of a "
                    "tokenizer.json; write one with save_pretrained of transformers", where,
                    content);
}

/* The members of a list or an object: texts, or objects with "content". */
static int check_list(const sts_tokenizer *t, const cJSON *list, const char *where, sts_err *err)
{
    const cJSON *v;
    bool fine = !list || cJSON_IsNull(list) || cJSON_IsArray(list) || cJSON_IsObject(list);
    cJSON_ArrayForEach(v, list)
    {
        const cJSON *content = cJSON_IsObject(v) ? sts_json_get(v, "content") : v;
        fine &= cJSON_IsString(content);
        if (fine && check_known(t, content->valuestring, where, err)) return -1;
    }
    return fine ? 0 : sts_fail(err, STS_MODEL, "%s: \"%s\" must be texts, or objects with a text "
                               "as \"content\"", where, list->string);
}

int sts_token_class_added(const sts_tokenizer *t, const char *dir, const sts_token_config *c,
                          sts_err *err)
{
    static const char *const lists[] = {"added_tokens_decoder", "additional_special_tokens",
                                        "extra_special_tokens"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (check_list(t, sts_json_get(c->json, lists[i]), c->name, err) ||
            check_list(t, sts_json_get(c->map, lists[i]), c->name, err))
            return -1;
    char *path = sts_path_join(dir, "added_tokens.json");
    if (!path) return sts_fail_memory(err, "a tokenizer");
    int rc = sts_file_find(path, err);
    cJSON *added = rc > 0 ? sts_json_load(path, STS_MODEL, err) : NULL;
    if (rc > 0) rc = added ? 0 : -1;
    if (added && !cJSON_IsObject(added))
        rc = sts_fail(err, STS_MODEL, "%s: must be an object", path);
    for (const cJSON *v = added ? added->child : NULL; v && !rc; v = v->next)
        rc = check_known(t, v->string ? v->string : "", path, err);
    cJSON_Delete(added);
    sts_free(path);
    return rc;
}

/* The id at place i around the text must be that of the special token `key`. */
static int check_place(const sts_tokenizer *t, const sts_token_config *c, size_t i, const char *key,
                       const char *usual, sts_err *err)
{
    const char *content = sts_token_class_special(c, key, usual);
    int32_t at = sts_trie_find(&t->added.index, content, strlen(content));
    if (at >= 0 && t->added.v[at].id == t->post.item[i]) return 0;
    return sts_fail(err, STS_MODEL, "%s: \"%s\" is \"%.200s\", but the post_processor of "
                    "tokenizer.json puts the id %d there", c->name, key, content,
                    (int)t->post.item[i]);
}

static bool has_part(const sts_parts *p, const char *type)
{
    for (size_t i = 0; i < p->n; i++)
        if (!strcmp(p->v[i].type->name, type)) return true;
    return false;
}

/* WhitespaceSplit and Metaspace; where the normalizer sees to blanks the latter will do. */
static bool usual_pieces(const sts_tokenizer *t)
{
    const sts_parts *p = &t->pretokenizer;
    bool split = p->n == 2 && !strcmp(p->v[0].type->name, "WhitespaceSplit");
    if (!split && (p->n != 1 || !has_part(&t->normalizer, "Replace"))) return false;
    const sts_part *last = &p->v[p->n - 1];
    return !strcmp(last->type->name, "Metaspace") && sts_metaspace_usual(last->self);
}

/* XLM-R's classes take nothing but the table from the normalizer; what else is there trims
 * blanks. */
static bool usual_text(const sts_tokenizer *t)
{
    for (size_t i = t->lower_first; i < t->normalizer.n; i++) {
        const char *type = t->normalizer.v[i].type->name;
        if (strcmp(type, "Precompiled") && strcmp(type, "Replace") && strcmp(type, "Strip"))
            return false;
    }
    return true;
}

/* The classes over sentencepiece: what they would build must be what tokenizer.json has. */
static int check_unigram(const sts_tokenizer *t, const sts_token_class *k,
                         const sts_token_config *c, sts_err *err)
{
    sts_json_in in = sts_token_config_in(c, err);
    bool albert = !strcmp(k->model_type, "albert"), lower = albert, keep = !albert, prefix = true;
    int32_t unknown = sts_trie_find(&t->added.index, k->unk, strlen(k->unk));
    if ((albert && (sts_json_bool(&in, "do_lower_case", &lower) ||
                    sts_json_bool(&in, "keep_accents", &keep))) ||
        sts_json_bool(&in, "add_prefix_space", &prefix))
        return -1;
    const char *what = !t->lower_first && has_part(&t->normalizer, "Lowercase") != lower
                           ? "lower case"
                       : has_part(&t->normalizer, "StripAccents") == keep ? "accents"
                       : !albert && !usual_text(t)                        ? "normalizer"
                       : !prefix || !usual_pieces(t)                      ? "pre_tokenizer"
                       : unknown < 0 ||
                               !sts_unigram_unknown_is(&t->model, t->added.v[unknown].id)
                           ? "unknown token"
                           : NULL;
    if (what)
        return sts_fail(err, STS_MODEL, "%s: %s and tokenizer.json differ in the %s", c->name,
                        k->name, what);
    if (albert) return 0;
    return check_place(t, c, 0, "bos_token", k->cls, err) ||
                   check_place(t, c, 2, "eos_token", k->sep, err)
               ? -1
               : 0;
}

static int check_class(const sts_tokenizer *t, const sts_token_class *k, const sts_token_config *c,
                       sts_err *err)
{
    const sts_post *p = &t->post;
    const char *unknown = sts_token_class_special(c, "unk_token", k->unk);
    if (strcmp(sts_tokenizer_kind(t), k->model))
        return sts_fail(err, STS_MODEL, "%s: %s is a %s, but the model of tokenizer.json is %s",
                        c->name, k->name, k->model, sts_tokenizer_kind(t));
    if (p->n != 3 || p->item[1] != STS_POST_TEXT)
        return sts_fail(err, STS_MODEL, "%s: %s puts one token before and one behind a text, the "
                        "post_processor of tokenizer.json does not", c->name, k->name);
    if (!strcmp(k->model, "Unigram")) return check_unigram(t, k, c, err);
    if (!strcmp(k->model, "WordPiece") && !sts_wordpiece_usual(&t->model, unknown))
        return sts_fail(err, STS_MODEL, "%s: %s has \"##\", words of 100 characters and the "
                        "unknown token \"%.200s\", the model of tokenizer.json something else",
                        c->name, k->name, unknown);
    if (!strcmp(k->model, "BPE") && !sts_bpe_usual(&t->model))
        return sts_fail(err, STS_MODEL, "%s: %s has no prefix, no suffix, no fall-back to bytes "
                        "and merges always, the model of tokenizer.json something else", c->name,
                        k->name);
    return check_place(t, c, 0, "cls_token", k->cls, err) ||
                   check_place(t, c, 2, "sep_token", k->sep, err)
               ? -1
               : 0;
}

int sts_token_class_agrees(const sts_tokenizer *t, const sts_token_class *k,
                           const sts_token_config *c, const char *dir, sts_err *err)
{
    static const char *const keys[] = {"cls_token",  "sep_token", "unk_token", "pad_token",
                                       "mask_token", "bos_token", "eos_token"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (check_known(t, sts_token_class_special(c, keys[i], ""), c->name, err)) return -1;
    if (sts_token_class_added(t, dir, c, err)) return -1;
    if (t->post.typed)
        return sts_fail(err, STS_MODEL, "%s/tokenizer.json: post_processor: \"type_id\" is not 0 "
                        "everywhere, which is not supported", dir);
    return k ? check_class(t, k, c, err) : 0;
}
