/* test_model.c - model directories: what is refused and how, what is kept in saving, runs and
 * checkpoints, and memory that fails. */
#include "model/model_info.h"
#include "format/weights.h"
#include "model_help.h"

#include <criterion/criterion.h>
#include <unistd.h>

TestSuite(model, .init = setup, .fini = teardown);

/* ---- what is refused ---- */

typedef struct change {
    const char *file, *from, *to; /* from NULL: `to` is the whole file; to NULL: it is removed */
    const char *says;
} change;

#define MODULE(name, path, type)                                                                   \
    ",{\"idx\":1,\"name\":\"" name "\",\"path\":\"" path "\",\"type\":\"" type "\"}"

static const change changes[] = {
    {"config.json", NULL, NULL, "config.json: is missing"},
    {"config.json", NULL, "[]", "must be a JSON object"},
    {"config.json", NULL, "{}", "\"model_type\" is missing"},
    {"config.json", "\"bert\"", "\"gpt2\"", "\"gpt2\""},
    {"config.json", "\"bert\"", "7", "must be a string"},
    {"config.json", "\"bert\"", "\"static\"", "not supported"},
    {"config.json", "{", "{\"auto_map\": {\"AutoModel\": \"m.M\"},", "auto_map"},
    {"config.json", "{", "{\"model_type\": \"bert\",", "twice"},
    {"config.json", "\"is_decoder\": false", "\"is_decoder\": true", "is_decoder"},
    {"config.json", "\"vocab_size\": 85", "\"vocab_size\": 84", "word_embeddings"},
    {"config.json", "\"vocab_size\": 85", "\"vocab_size\": 60000000", "word_embeddings"},
    {"config.json", "\"vocab_size\": 85", "\"vocab_size\": 1e30", "vocab_size"},
    {"config.json", "\"num_hidden_layers\": 1", "\"num_hidden_layers\": 2", "missing, and so are"},
    {"config.json", "\"num_hidden_layers\": 1", "\"num_hidden_layers\": 1000",
     "missing, and so are"},
    {"config.json", "\"num_hidden_layers\": 1", "\"num_hidden_layers\": 1000000000",
     "num_hidden_layers"},
    {"config.json", "\"num_hidden_layers\": 1", "\"num_hidden_layers\": -1", "num_hidden_layers"},
    {"config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"mish\"", "mish"},
    {"model.safetensors", NULL, NULL, "no weights"},
    {"model.safetensors", NULL, "", "model.safetensors"},
    {"modules.json", NULL, "{}", "list of modules"},
    {"modules.json", NULL, "[]", "list of modules"},
    {"modules.json", NULL, "[1]", "list of objects"},
    {"modules.json", NULL, "[{\"idx\":0}]", "is missing"},
    {"modules.json", NULL, "[" TRANSFORMER "]", "no Pooling"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "../x", ST "models.Pooling") "]", "outside"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "/etc", ST "models.Pooling") "]", "outside"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "a/../../b", ST "models.Pooling") "]",
     "outside"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("0", "1_Pooling", ST "models.Pooling") "]",
     "two modules"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "1_Pooling", "evil.Pooling") "]",
     "custom code"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "1_Pooling", ST "models.LSTM") "]", "LSTM"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "", ST "models.Transformer") "]",
     "Transformer"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "2_Pooling", ST "models.Pooling") "]",
     "is missing"},
    {"modules.json", NULL,
     "[" TRANSFORMER MODULE("1", "1_Pooling", ST "models.Pooling")
         MODULE("2", "1_Pooling", ST "models.Pooling") "]",
     "no token embeddings"},
    {"modules.json", NULL,
     "[{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"" ST "models.CLIPModel\"}]", "CLIPModel"},
    {"modules.json", "{", "{\"kwargs\":[\"task\"],", "kwargs"},
    {"modules.json", NULL, "[{\"path\":7,\"type\":\"a\"}]", "\"path\" must be"},
    {"modules.json", NULL, "[{\"name\":7,\"path\":\"\",\"type\":\"a\"}]", "\"name\" must be"},
    {"modules.json", NULL, "[{\"path\":\"\",\"type\":\"a\"}]", "\"name\" is missing"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "..x", ST "models.Pooling") "]",
     "is missing"},
    {"modules.json", NULL, "[" TRANSFORMER MODULE("1", "1_Pooling", ST "models.BERT XLNet") "]",
     "BERT XLNet"},
    {"1_Pooling/config.json", NULL, "{}", "embedding_dimension"},
    {"1_Pooling/config.json", NULL, "{\"a\":{\"b\":1,\"b\":2}}", "twice"},
    {"sentence_bert_config.json", "{", "{\"max_seq_length\": 0,", "max_seq_length"},
    {"sentence_bert_config.json", "{", "{\"max_seq_length\": 43,", "only 42 positions"},
    {"sentence_bert_config.json", "{", "{\"max_seq_length\": \"x\",", "max_seq_length"},
    {"sentence_bert_config.json", "{", "{\"max_length\": 3,", "unknown key"},
    {"sentence_bert_config.json", "{", "{\"max_seq_length do_lower_case\": 3,", "unknown key"},
    {"sentence_bert_config.json", NULL, "{\"modality_config\":{\"text\":{},\"image\":{}}}",
     "\"text\" alone"},
    {"sentence_bert_config.json", NULL, "{\"modality_config\":{\"image\":{},\"text\":{}}}",
     "\"text\" alone"},
    {"sentence_bert_config.json", NULL, "{\"modality_config\":{\"text\":{\"method\":7}}}",
     "\"method\" must be"},
    {"sentence_bert_config.json", NULL,
     "{\"modality_config\":{\"text\":{\"method_output_name\":7}}}",
     "\"method_output_name\" must be"},
    {"sentence_bert_config.json", "{", "{\"model_args\": {\"quantization_config\": {}},",
     "quantization"},
    {"sentence_bert_config.json", "feature-extraction", "fill-mask", "fill-mask"},
    {"sentence_bert_config.json", "\"forward\"", "\"get_text_features\"", "get_text_features"},
    {"sentence_bert_config.json", "\"text\"", "\"image\"", "\"text\" alone"},
    {"config_sentence_transformers.json", NULL, "{\"default_prompt_name\":\"q\"}",
     "no prompt \"q\""},
    {"config_sentence_transformers.json", NULL, "{\"prompts\":[]}", "prompts"},
    {"config_sentence_transformers.json", NULL, "{\"prompts\":{\"a\":1}}", "prompts"},
    {"config_sentence_transformers.json", NULL, "{\"similarity_fn_name\":\"jaccard\"}", "jaccard"},
    {"config_sentence_transformers.json", NULL, "{\"model_type\":\"SparseEncoder\"}",
     "SparseEncoder"},
    {"config_sentence_transformers.json", NULL, "{\"truncate_dim\":0}", "truncate_dim"},
    {"tokenizer.json", NULL, "{}", "tokenizer.json"},
    {"tokenizer.json", NULL, "", "tokenizer.json"},
};

Test(model, refused)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const change *c = &changes[i];
        sts_err err = {0};
        copy_model(BERT);
        if (!c->to) cr_assert(!unlink(below(c->file)));
        else if (c->from) edit(c->file, c->from, c->to);
        else put(c->file, c->to);
        sts_model *m = sts_model_load(dir, &err);
        cr_assert(!m, "change %zu of %s to %s: accepted", i, c->file, c->to);
        cr_assert(err.code == STS_MODEL && strstr(err.text, c->says), "change %zu of %s (%s): %s",
                  i, c->file, c->says, err.text);
        cr_assert(strstr(err.text, dir), "change %zu: no file is named: %s", i, err.text);
    }
}

Test(model, no_directory)
{
    sts_err err = {0};
    cr_assert(!sts_model_load(below("nowhere"), &err) && err.code == STS_MODEL);
    cr_assert(strstr(err.text, "no such directory"), "%s", err.text);
    put("file", "x");
    cr_assert(!sts_model_load(below("file"), &err) && strstr(err.text, "is a file"), "%s",
              err.text);
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "not a model directory"), "%s",
              err.text);
    put("log.jsonl", "");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "has not finished"), "%s", err.text);
    put("model.safetensors.index.json", "{}");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "config.json: is missing"), "%s",
              err.text);
    cr_assert(!unlink(below("model.safetensors.index.json")));
    put("pytorch_model.bin", "");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "config.json: is missing"), "%s",
              err.text);
}

/* ---- what is accepted ---- */

Test(model, harmless_settings)
{
    static const change good[] = {
        {"config.json", "{", "{\"auto_map\": {}, \"my_key\": [1, {\"x\": null}],", NULL},
        {"sentence_bert_config.json", "{",
         "{\"max_seq_length\": null, \"do_lower_case\": false,"
         "\"model_args\": {\"torch_dtype\": \"float32\"}, \"tokenizer_args\": {},",
         NULL},
        {"modules.json", "{", "{\"kwargs\":[],", NULL},
        {"modules.json", "{", "{\"idx name\":0, \"mine\":1,", NULL},
        {"modules.json", NULL, NULL, NULL},
        {"sentence_bert_config.json", NULL, NULL, NULL},
        {"sentence_bert_config.json", NULL, "{}", NULL},
        {"sentence_bert_config.json", NULL, "{\"modality_config\":null}", NULL},
        {"modules.json", "\"path\": \"\"", "\"path\": \".\"", NULL},
        {"modules.json", NULL,
         "[" TRANSFORMER MODULE("1", "1_Pooling", ST "models.Pooling")
             MODULE("2", "2_Normalize", ST "models.Normalize") "]",
         NULL},
        {"config_sentence_transformers.json", NULL, NULL, NULL},
        {"config_sentence_transformers.json", NULL, "{\"prompts\":null,\"truncate_dim\":null}",
         NULL},
        {"config_sentence_transformers.json", NULL,
         "{\"prompts\":{\"q\":null},\"default_prompt_name\":\"q\"}", NULL},
        {"config_sentence_transformers.json", NULL,
         "{\"prompts\":{\"q\":\"\"},\"default_prompt_name\":\"q\"}", NULL},
        {"config_sentence_transformers.json", NULL, "{\"prompts\":{\"query\":\"q: \"},\"x\":1}",
         NULL},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        copy_model(BERT);
        if (!good[i].to) cr_assert(!unlink(below(good[i].file)));
        else if (good[i].from) edit(good[i].file, good[i].from, good[i].to);
        else put(good[i].file, good[i].to);
        sts_err err = {0};
        sts_model *m = sts_model_load(dir, &err);
        cr_assert(m, "change %zu: %s", i, err.text);
        sts_model_free(m);
    }
}

/* A run's model/ and a model beside a folder of that name. */
Test(model, run_directory)
{
    char inner[64];
    sts_err err = {0};
    copy_model(BERT);
    snprintf(inner, sizeof inner, "%s", dir);
    snprintf(dir, sizeof dir, "%.20s-r", inner);
    cr_assert(!sts_dir_make(dir, &err) && !rename(inner, below("model")));
    put("config.json", "{\"model\": \"x\"}");
    put("report.json", "{}");
    sts_model *m = load();
    cr_assert_eq(m->dim, 16);
    sts_model_free(m);
    cr_assert(!sts_dir_remove(below("model"), &err));
    cr_assert(!sts_model_load(dir, &err) && err.code == STS_MODEL, "%s", err.text);
}

/* ---- saving ---- */

static bool same_file(const char *a, const char *b)
{
    uint32_t x, y;
    uint64_t n, k;
    return !sts_file_crc(a, &x, &n, NULL) && !sts_file_crc(b, &y, &k, NULL) && x == y && n == k;
}

/* The input's own files are kept, other formats' weights and states are not; the card replaces
 * README.md; saved again, every byte is the same. */
Test(model, kept_files)
{
    static const char *const dropped[] = {"pytorch_model.bin", "trainer.json", "optimizer.bin",
                                          ".gitattributes", "tf_model.h5", "x.onnx",
                                          "notes.txt", "train_pairs.csv", "1_Pooling/notes.md",
                                          "1_Pooling/README.md", "events.out.tfevents.1"};
    static const char *const kept[] = {"tokenizer.json", "modules.json", "config.json", "LICENSE",
                                       "1_Pooling/config.json", "sentence_bert_config.json"};
    sts_err err = {0};
    copy_model(BERT);
    put("README.md", "old");
    put("LICENSE", "mine\n");
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) put(dropped[i], "x");
    sts_model *m = load();
    cr_assert(!sts_dir_make(below("out"), &err) && !sts_dir_make(below("again"), &err));
    cr_assert(!sts_model_save(m, below("out"), "new card\n", &err), "%s", err.text);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        char out[64];
        snprintf(out, sizeof out, "out/%s", kept[i]);
        cr_assert(same_file(below(kept[i]), below(out)), "%s differs", kept[i]);
    }
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        char out[64];
        snprintf(out, sizeof out, "out/%s", dropped[i]);
        cr_assert(!sts_file_exists(below(out)), "%s was written", dropped[i]);
    }
    char *card = get(below("out/README.md"));
    cr_assert_str_eq(card, "new card\n");
    sts_free(card);
    sts_model *n = sts_model_load(below("out"), &err);
    cr_assert(n && !sts_model_save(n, below("again"), NULL, &err), "%s", err.text);
    cr_assert(same_file(below("out/model.safetensors"), below("again/model.safetensors")));
    cr_assert(same_file(below("out/README.md"), below("again/README.md")));
    sts_model_free(m);
    sts_model_free(n);
}

/* Half-precision weights are written as float32, and config.json says so. */
Test(model, float32)
{
    sts_err err = {0};
    copy_model("tests/golden/variants/bf16");
    sts_model *m = load();
    cr_assert(!sts_dir_make(below("out"), &err) && !sts_model_save(m, below("out"), NULL, &err));
    sts_model_free(m);
    char *before = get(below("config.json")), *after = get(below("out/config.json"));
    cr_assert(strstr(before, "bfloat16") && !strstr(after, "bfloat16") && strstr(after, "float32"));
    sts_free(before), sts_free(after);
}

/* Tensors that are not used are written back as they were, but for position ids. */
Test(model, carried_tensors)
{
    sts_err err = {0};
    sts_weights a = {0}, b = {0};
    const char *from = "tests/golden/variants/bert-prefix-gamma";
    copy_model(from);
    sts_model *m = load();
    cr_assert(!sts_dir_make(below("out"), &err) && !sts_model_save(m, below("out"), NULL, &err));
    sts_model_free(m);
    cr_assert(!sts_weights_open(&a, from, &err) && !sts_weights_open(&b, below("out"), &err));
    size_t compared = 0;
    for (size_t i = 0; i < a.n; i++) {
        const sts_tensor *t = &a.v[i], *s = sts_weights_find(&b, t->name);
        if (strstr(t->name, "position_ids")) {
            cr_assert(!s, "%s was written", t->name);
            continue;
        }
        cr_assert(s && s->dtype == t->dtype && s->bytes == t->bytes, "%s", t->name);
        char *x = sts_alloc(t->bytes, 1), *y = sts_alloc(t->bytes, 1);
        cr_assert(!sts_weights_read_raw(&a, t, x, &err) && !sts_weights_read_raw(&b, s, y, &err));
        cr_assert(!memcmp(x, y, t->bytes), "%s differs", t->name);
        sts_free(x), sts_free(y);
        compared++;
    }
    cr_assert_eq(compared, b.n);
    sts_weights_done(&a), sts_weights_done(&b);
}

Test(model, info)
{
    sts_err err = {0};
    copy_model("tests/golden/variants/dense-tanh");
    sts_json *info = sts_model_info(dir, &err);
    cr_assert(info, "%s", err.text);
    cr_assert_eq(sts_json_get(info, "dimension")->number, 12);
    cr_assert_eq(sts_json_size(sts_json_get(info, "modules")), 3);
    cr_assert(sts_json_size(sts_json_get(info, "files")) >= 10);
    char *text = sts_model_info_text(info, true);
    cr_assert(strstr(text, "16 to 12, Tanh") && strstr(text, "2_Dense/linear.weight"), "%s", text);
    sts_free(text);
    sts_json_free(info);
}

/* ---- memory ---- */

/* Loading, one forward pass and saving, with the nth allocation failing. */
static int whole(size_t nth, bool all, sts_err *err)
{
    sts_ids ids = {0};
    sts_batch b = {0};
    sts_work w = {0};
    float *out;
    sts_mem_fail(nth, all);
    sts_model *m = sts_model_load(BERT, err);
    int rc = m ? sts_model_tokenize(m, "a man runs", 10, &ids, NULL, err) : -1;
    if (!rc) rc = sts_batch_add(&b, ids.v, ids.n, 0, err);
    if (!rc) rc = sts_work_reserve(&w, sts_model_workspace(m, &b, false), err);
    if (!rc) rc = sts_model_forward(m, &b, NULL, &w, &out, NULL, err);
    if (!rc) rc = sts_model_save(m, dir, "card", err);
    sts_mem_fail(0, false);
    sts_ids_free(&ids);
    sts_batch_free(&b);
    sts_work_free(&w);
    sts_model_free(m);
    return rc;
}

Test(model, failing_allocations)
{
    sts_err err = {0};
    cr_assert(!whole(0, false, &err), "%s", err.text);
    sts_mem_fail(0, false);
    sts_model *m = sts_model_load(BERT, &err);
    size_t n = sts_mem_count();
    sts_model_free(m);
    cr_assert(n > 500, "only %zu allocations", n);
    size_t failed = 0;
    for (size_t nth = 1; nth < n + 400; nth += 1 + nth / 64) {
        err = (sts_err){0};
        int rc = whole(nth, nth % 2, &err);
        cr_assert(!rc || err.code == STS_FAILED, "allocation %zu: %d %s", nth, err.code, err.text);
        failed += rc != 0;
    }
    cr_assert(failed > 100, "only %zu failures", failed);
}
