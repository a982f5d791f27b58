/* tokenizer_class.c - transformers' tokenizer classes. Since version 5 those with parts of their
 * own build them anew from tokenizer_config.json and take the vocabulary alone from tokenizer.json;
 * before, the former corrected the latter. So where the two disagree nobody's ids are right. */
#include "token/tokenizer_class.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

#define BERT "WordPiece", "BertNormalizer", "BertPreTokenizer"
static const sts_token_class classes[] = {
    {"BertTokenizer", "bert", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", BERT, false},
    {"DistilBertTokenizer", "distilbert", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", BERT,
     false},
    {"ElectraTokenizer", "electra", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]", BERT, false},
    {"MPNetTokenizer", "mpnet", "<s>", "</s>", "[UNK]", "<pad>", "<mask>", BERT, true},
    {"HerbertTokenizer", "herbert", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "BPE",
     "BertNormalizer", "BertPreTokenizer", false},
    {"RobertaTokenizer", "roberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "BPE", "",
     "ByteLevel", false},
    {"XLMRobertaTokenizer", "xlm-roberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "Unigram",
     NULL, NULL, false},
    {"CamembertTokenizer", "camembert", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "Unigram", NULL,
     NULL, false},
    {"AlbertTokenizer", "albert", "[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]", "Unigram", NULL,
     NULL, false},
};

/* Names that are one of those classes, too. */
static const struct {
    const char *class, *others;
} aliases[] = {
    {"BertTokenizer", "ConvBert DPRContextEncoder DPRQuestionEncoder LayoutLM Lxmert MobileBert "
                      "SqueezeBert"},
    {"RobertaTokenizer", "Bart LED Longformer Mvp"},
};

/* What else builds something of its own. Names that transformers does not have at all are
 * not here: for those it takes tokenizer.json as it is. */
static const char others[] =
    "Barthez Bartpho BertGeneration BertJapanese Bertweet BigBird BioGpt Blenderbot "
    "BlenderbotSmall ByT5 CLIP CTRL Canine Clvp CodeGen CodeLlama Cohere Cpm CpmAnt "
    "DPRReader Deberta DebertaV2 Dia Esm Esmc FNet FSMT FastSpeech2Conformer Flaubert "
    "Funnel GPT2 GPTNeoX GPTNeoXJapanese GPTSw3 Gemma Lasr LayoutLMv2 LayoutLMv3 LayoutXLM "
    "Llama Luke M2M100 MBart MBart50 MLuke Marian MarkupLM Mgpstr MyT5 Nllb Nougat "
    "OpenAIGPT PLBart Pegasus Perceiver Phobert ProphetNet Qwen2 Qwen3_5 Rag Reformer "
    "RemBert RoCBert RoFormer SeamlessM4T Siglip Siglip2 Speech2Text SpeechT5 Splinter T5 "
    "Tapas Tipsv2 Udop VideoPrism Vits Wav2Vec2CTC Wav2Vec2PhonemeCTC Whisper XGLM XLM "
    "XLNet "
    "BertTokenizerLegacy MistralCommonBackend SentencePieceBackend";

/* Whether `name`, or what comes before "Tokenizer" in it, is a word of the list. */
static bool listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    if (n > 9 && !strcmp(name + n - 9, "Tokenizer")) n -= 9;
    return sts_word_listed(list, name, n);
}

/* The class that a name is another one for, or the name itself. */
static const char *proper_name(const char *name)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (listed(aliases[i].others, name)) return aliases[i].class;
    return name;
}

const sts_token_class *sts_token_class_find(const sts_token_config *c)
{
    const char *name = proper_name(c->class);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const sts_token_class *k = &classes[i];
        if (*name ? !strcmp(k->name, name) : !strcmp(k->model_type, c->type)) return k;
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
    const sts_json *list = sts_json_get(in->object, "model_input_names"), *e;
    int found = 0;
    if (!list || sts_json_is_null(list)) return 0;
    sts_json_each(e, list)
    {
        const char *name = sts_json_is_string(e) ? e->text : "";
        found += !strcmp(name, "input_ids") || !strcmp(name, "attention_mask");
    }
    if (sts_json_is_array(list) && found == 2) return 0;
    return sts_fail(in->err, in->code, "%s: \"model_input_names\" without \"input_ids\" or "
                    "\"attention_mask\" is not supported", in->name);
}

/* DPR's classes fold case whatever "do_lower_case" says. */
static int check_dpr(const sts_token_config *c, const sts_json_in *in)
{
    bool lower = true;
    if (strncmp(c->class, "DPR", 3)) return 0;
    if (sts_json_bool(in, "do_lower_case", &lower)) return -1;
    if (lower) return 0;
    return sts_fail(in->err, in->code, "%s: \"do_lower_case\" is false, which \"%s\" does not "
                    "heed", in->name, c->class);
}

/* The other classes keep the parts of tokenizer.json, or build something that is not known here. */
static int check_class_name(const sts_token_config *c, const sts_json_in *in)
{
    static const char *const keep[] = {"", "PreTrainedTokenizer", "TokenizersBackend"};
    sts_json_in where = *in;
    if (c->class_in_config) where.name = c->config_name;
    if (sts_token_class_find(c)) return check_dpr(c, in);
    if (listed(others, c->class)) return sts_refuse(&where, "tokenizer_class", c->class);
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
        if (!strcmp(c->class, keep[i])) return 0;
    sts_note(STS_WARN, "%s: \"tokenizer_class\": \"%s\" is not known: tokenizer.json is taken as "
             "it is", where.name, c->class);
    return 0;
}

int sts_token_class_options(const sts_token_config *c, sts_err *err)
{
    bool split = false;
    sts_json_in in = sts_token_config_in(c, err);
    if (only(&in, "truncation_side", "right") || only(&in, "padding_side", "right") ||
        check_inputs(&in) || sts_json_bool(&in, "split_special_tokens", &split))
        return -1;
    return split ? sts_refuse(&in, "split_special_tokens", "true") : check_class_name(c, &in);
}

/* ---- parts ---- */

/* One part written as JSON. */
static int load_part(sts_parts *p, const sts_part_type *const *known, const char *text,
                     const char *name, sts_err *err)
{
    sts_json *tree = sts_json_parse(text, strlen(text), name, STS_MODEL, err);
    if (!tree) return -1;
    sts_json_in in = {tree, name, STS_MODEL, err};
    int rc = sts_parts_load(p, known, "part", "parts", &in);
    sts_json_free(tree);
    return rc;
}

/* HerBERT's settings are fixed; the other classes have them in tokenizer_config.json. */
static int load_bert_parts(sts_tokenizer *t, const sts_token_class *k, const sts_token_config *c,
                           sts_err *err)
{
    sts_json_in in = sts_token_config_in(c, err);
    bool fixed = !strcmp(k->model, "BPE"), lower = !fixed, cjk = true;
    if (!fixed && (sts_json_bool(&in, "do_lower_case", &lower) ||
                   sts_json_bool(&in, "tokenize_chinese_chars", &cjk)))
        return -1;
    bool strip = lower;
    if (!fixed && sts_json_bool(&in, "strip_accents", &strip)) return -1;
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
    return *k->normalizer ? load_bert_parts(t, k, c, err) : load_byte_parts(t, c, err);
}

int sts_token_class_pieces(sts_tokenizer *t, const char *name, sts_err *err)
{
    sts_parts *p = &t->pretokenizer;
    if (p->n != 1 || strcmp(p->v[0].type->name, "Metaspace")) return 0;
    if (load_part(p, sts_pretokenizers, "{\"type\":\"WhitespaceSplit\"}", name, err)) return -1;
    sts_part split = p->v[1];
    p->v[1] = p->v[0];
    p->v[0] = split;
    return 0;
}

/* ---- special and added tokens ---- */

const char *sts_token_class_special(const sts_token_config *c, const char *key,
                                    const char *standard)
{
    const sts_json *v = sts_token_config_special(c, key);
    if (!v) return standard;
    return sts_json_is_string(v) ? v->text : sts_json_get(v, "content")->text;
}

static int check_known(const sts_tokenizer *t, const char *content, const char *where, sts_err *err)
{
    if (!*content || sts_trie_find(&t->added.index, content, strlen(content)) >= 0) return 0;
    return sts_fail(err, STS_MODEL, "%s: the token \"%.200s\" is not among the added tokens of a "
                    "tokenizer.json; write one with save_pretrained of transformers", where,
                    content);
}

/* The members of a list or an object: texts, or objects with "content". */
static int check_list(const sts_tokenizer *t, const sts_json *list, const char *where, sts_err *err)
{
    const sts_json *v;
    bool fine =
        !list || sts_json_is_null(list) || sts_json_is_array(list) || sts_json_is_object(list);
    sts_json_each(v, list)
    {
        const sts_json *content = sts_json_is_object(v) ? sts_json_get(v, "content") : v;
        fine &= sts_json_is_string(content);
        if (fine && check_known(t, content->text, where, err)) return -1;
    }
    return fine ? 0
                : sts_fail(err, STS_MODEL,
                           "%s: \"%s\" must be strings, or objects with a "
                           "string as \"content\"",
                           where, list->key);
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
    bool there = sts_path_taken(path);
    sts_json *added = there ? sts_json_load(path, STS_MODEL, err) : NULL;
    int rc = there && !added ? -1 : 0;
    if (added && !sts_json_is_object(added))
        rc = sts_fail(err, STS_MODEL, "%s: must be an object", path);
    for (const sts_json *v = added ? added->child : NULL; v && !rc; v = v->next)
        rc = check_known(t, v->key ? v->key : "", path, err);
    sts_json_free(added);
    sts_free(path);
    return rc;
}

/* Where a start or an end is asked for, the post-processor must put one, whichever it is. */
static int check_added(const sts_tokenizer *t, const sts_token_config *c, sts_err *err)
{
    static const char *const keys[] = {"add_bos_token", "add_eos_token"};
    sts_json_in in = sts_token_config_in(c, err);
    for (size_t i = 0; i < 2; i++) {
        bool on = false;
        if (sts_json_bool(&in, keys[i], &on)) return -1;
        if (on && t->post.item[i ? t->post.n - 1 : 0] == STS_POST_TEXT)
            return sts_refuse(&in, keys[i], "true");
    }
    return 0;
}

/* The id at place i around the text must be that of the special token `key`. */
static int check_place(const sts_tokenizer *t, const sts_token_config *c, size_t i, const char *key,
                       const char *standard, sts_err *err)
{
    const char *content = sts_token_class_special(c, key, standard);
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

/* WhitespaceSplit and Metaspace. */
static bool standard_pieces(const sts_tokenizer *t)
{
    const sts_parts *p = &t->pretokenizer;
    return p->n == 2 && !strcmp(p->v[0].type->name, "WhitespaceSplit") &&
           !strcmp(p->v[1].type->name, "Metaspace") && sts_metaspace_standard(p->v[1].self);
}

/* XLM-R's classes take nothing but the table from the normalizer; what else is there trims
 * blanks. */
static bool standard_text(const sts_tokenizer *t)
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
                       : !albert && !standard_text(t)                        ? "normalizer"
                       : !prefix || !standard_pieces(t)                      ? "pre_tokenizer"
                       : unknown < 0 || t->model.unknown != t->added.v[unknown].id
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

static int check_bpe(const sts_tokenizer *t, const sts_token_class *k, const sts_token_config *c,
                     sts_err *err)
{
    bool herbert = !strcmp(k->name, "HerbertTokenizer");
    if (!sts_bpe_usual(&t->model, herbert ? "</w>" : ""))
        return sts_fail(err, STS_MODEL, "%s: %s has no prefix, %s, no fall-back to bytes and "
                        "merges always, the model of tokenizer.json something else", c->name,
                        k->name,
                        herbert ? "the suffix </w>, the unknown token <unk>" : "no suffix");
    if (!herbert || (t->post.item[0] == 0 && t->post.item[2] == 2)) return 0;
    return sts_fail(err, STS_MODEL, "%s: %s has the ids 0 and 2 around a text, the post_processor "
                    "of tokenizer.json others", c->name, k->name);
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
    if (!strcmp(k->model, "BPE") && check_bpe(t, k, c, err)) return -1;
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
    return k ? check_class(t, k, c, err) : check_added(t, c, err);
}
