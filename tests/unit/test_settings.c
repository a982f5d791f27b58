/* test_settings.c - the longest text a model takes, and the prompt before each. */
#include "model_help.h"

TestSuite(settings, .init = setup, .fini = teardown);

Test(settings, lengths)
{
    sts_err err = {0};
    copy_model(BERT);
    sts_model *m = load();
    cr_assert_eq(m->max_seq_length, 40);
    cr_assert(sts_model_set_max_seq_length(m, 43, &err) && strstr(err.text, "42 positions"));
    cr_assert(sts_model_set_max_seq_length(m, 2, &err) && strstr(err.text, "too short"));
    cr_assert(!sts_model_set_max_seq_length(m, 12, &err) && m->max_seq_length == 12);
    cr_assert(!sts_model_save(m, below("out"), NULL, &err) ||
              sts_dir_make(below("out"), &err) == 0);
    cr_assert(!sts_model_save(m, below("out"), NULL, &err), "%s", err.text);
    sts_model_free(m);
    m = sts_model_load(below("out"), &err); /* it is in what was saved */
    cr_assert(m && m->max_seq_length == 12, "%s", err.text);
    sts_model_free(m);
}

/* The tokenizer's own length must hold its special tokens too; it counts where no other is. */
Test(settings, length_of_tokenizer)
{
    sts_err err = {0};
    copy_model(BERT);
    edit("tokenizer_config.json", ": 40", ": 1");
    cr_assert(!sts_model_load(dir, &err) && err.code == STS_MODEL);
    cr_assert(strstr(err.text, "/tokenizer_config.json: texts are cut to 1 tokens, but the "
                     "tokenizer adds 2"), "%s", err.text);
    edit("tokenizer_config.json", ": 1", ": 2");
    sts_model *m = load();
    cr_assert_eq(m->max_seq_length, 2);
    sts_model_free(m);
}

/* RoBERTa cannot use two of its positions, but its files say so in the length. */
Test(settings, length_of_roberta)
{
    sts_err err = {0};
    copy_model("tests/golden/models/roberta");
    sts_model *m = load();
    int positions = m->net.max_positions;
    sts_model_free(m);
    char text[64];
    snprintf(text, sizeof text, "{\"max_seq_length\": %d,", positions + 2);
    edit("sentence_bert_config.json", "{", text);
    m = load();
    cr_assert_eq(m->max_seq_length, (size_t)positions);
    sts_model_free(m);
    snprintf(text, sizeof text, "{\"max_seq_length\": %d,", positions + 3);
    copy_model("tests/golden/models/roberta");
    edit("sentence_bert_config.json", "{", text);
    cr_assert(!sts_model_load(dir, &err) && err.code == STS_MODEL, "%s", err.text);
}

/* The built-in encoder has no positions, which would limit the length. */
Test(settings, length_of_bag)
{
    sts_err err = {0};
    sts_ids ids = {0};
    bool cut = false;
    sts_str texts[] = {{"a man runs", 10}, {"a man sits", 10}};
    sts_model *m = sts_model_new_bag(texts, 2, 0, 1, &err);
    cr_assert(m && !sts_model_save(m, dir, NULL, &err), "%s", err.text);
    sts_model_free(m);
    put("modules.json", "[" TRANSFORMER "]");
    put("sentence_bert_config.json", "{\"max_seq_length\": 600}");
    m = load();
    cr_assert_eq(m->max_seq_length, 600);
    sts_model_free(m);
    put("sentence_bert_config.json", "{\"max_seq_length\": 4}");
    m = load();
    cr_assert(!sts_model_tokenize(m, "a man runs and sits", 19, &ids, &cut, &err), "%s", err.text);
    cr_assert(ids.n == 4 && cut, "%zu features", ids.n);
    sts_ids_free(&ids);
    sts_model_free(m);
}

/* How many of a text's tokens are the prompt's, by what the tokenizer puts around a text. */
Test(settings, prompt_and_special_tokens)
{
#define AROUND(single)                                                                             \
    "{\"type\":\"TemplateProcessing\",\"special_tokens\":{\"S\":{\"ids\":[3]}},"                  \
    "\"single\":[" single "]}"
#define TEXT_ITSELF "{\"Sequence\":{\"id\":\"A\"}}"
#define SPECIAL "{\"SpecialToken\":{\"id\":\"S\"}}"
    static const struct { const char *post, *prompt; int skip; } c[] = {
        {"null", "a man ", 2},
        {"null", " ", 0},
        {AROUND(SPECIAL "," TEXT_ITSELF), "a man ", 3},
        {AROUND(TEXT_ITSELF "," SPECIAL), "a man ", 2},
        {AROUND(SPECIAL "," TEXT_ITSELF "," SPECIAL), "a man ", 3},
    };
    copy_model(BERT);
    put("tokenizer_config.json", "{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
    edit("1_Pooling/config.json", "true", "false"); /* include_prompt */
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char text[1024];
        snprintf(text, sizeof text, "{\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"},\"model\":"
                 "{\"type\":\"WordLevel\",\"unk_token\":\"?\",\"vocab\":{\"?\":0,\"a\":1,"
                 "\"man\":2}},\"post_processor\":%s}", c[i].post);
        put("tokenizer.json", text);
        snprintf(text, sizeof text, "{\"prompts\":{\"q\":\"%s\"},\"default_prompt_name\":\"q\"}",
                 c[i].prompt);
        put("config_sentence_transformers.json", text);
        sts_model *m = load();
        cr_assert_eq(m->prompt[0].tokens, c[i].skip, "case %zu: %d tokens", i, m->prompt[0].tokens);
        sts_model_free(m);
    }
}

/* The prompt is put before each text, and left out of the pooling when asked. */
Test(settings, prompt)
{
    sts_err err = {0};
    sts_ids a = {0}, b = {0}, c = {0};
    copy_model(BERT);
    put("config_sentence_transformers.json",
        "{\"prompts\":{\"q\":\"a man \"},\"default_prompt_name\":\"q\"}");
    sts_model *m = load();
    cr_assert_str_eq(m->prompt[0].text, "a man ");
    cr_assert(!sts_model_tokenize(m, "runs", 4, &a, NULL, &err));
    cr_assert(!m->module[0].no_prompt);
    sts_model_free(m);
    put("config_sentence_transformers.json", "{}");
    edit("1_Pooling/config.json", "true", "false"); /* include_prompt: nothing without a prompt */
    m = load();
    cr_assert(!sts_model_tokenize(m, "a man runs", 10, &b, NULL, &err));
    cr_assert(!sts_model_tokenize(m, "a man ", 6, &c, NULL, &err));
    cr_assert(a.n == b.n && !memcmp(a.v, b.v, a.n * sizeof *a.v) && !m->prompt[0].tokens);
    sts_model_free(m);
    put("config_sentence_transformers.json",
        "{\"prompts\":{\"q\":\"a man \"},\"default_prompt_name\":\"q\"}");
    m = load();
    cr_assert(m->module[0].no_prompt && (size_t)m->prompt[0].tokens == c.n - 1);
    sts_model_free(m);
    sts_ids_free(&a), sts_ids_free(&b), sts_ids_free(&c);
}

/* ---- truncate_dim ---- */

static float *forward(const sts_model *m, const sts_drop *drop, sts_work *w, sts_batch *b)
{
    sts_err err = {0};
    sts_ids ids = {0};
    float *out;
    void *tape;
    cr_assert(!sts_model_tokenize(m, "a man runs", 10, &ids, NULL, &err), "%s", err.text);
    cr_assert(!sts_batch_add(b, ids.v, ids.n, 0, &err) && !sts_batch_add(b, ids.v, 3, 1, &err));
    cr_assert(!sts_work_reserve(w, sts_model_workspace(m, b, drop), &err));
    cr_assert(!sts_model_forward(m, b, drop, w, &out, &tape, &err), "%s", err.text);
    sts_ids_free(&ids);
    return out;
}

/* Vectors are cut after all modules, and not normalised again; losses see them whole. */
Test(settings, cut_vectors)
{
    sts_work w[3] = {{0}};
    sts_batch b[3] = {{0}};
    sts_drop drop = {0};
    copy_model("tests/golden/variants/normalize");
    sts_model *whole = load();
    edit("config_sentence_transformers.json", "{", "{\"truncate_dim\": 5,");
    sts_model *cut = load();
    cr_assert(whole->dim == 16 && cut->dim == 5 && cut->width == 16);
    const float *x = forward(whole, NULL, &w[0], &b[0]), *y = forward(cut, NULL, &w[1], &b[1]);
    for (size_t j = 0; j < 5; j++)
        cr_assert(x[j] == y[j] && x[16 + j] == y[5 + j], "component %zu", j);
    sts_model_set_dropout(cut, 0);
    const float *z = forward(cut, &drop, &w[2], &b[2]);
    for (size_t j = 0; j < 32; j++) cr_assert_float_eq(x[j], z[j], 1e-6);
    for (size_t i = 0; i < 3; i++) {
        sts_work_free(&w[i]);
        sts_batch_free(&b[i]);
    }
    sts_model_free(whole);
    sts_model_free(cut);
}

/* More than there is cuts nothing. */
Test(settings, cut_nothing)
{
    copy_model(BERT);
    edit("config_sentence_transformers.json", "{", "{\"truncate_dim\": 512,");
    sts_model *m = load();
    cr_assert(m->dim == 16 && m->width == 16);
    sts_model_free(m);
}
