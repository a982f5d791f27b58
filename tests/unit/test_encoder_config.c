/* test_encoder_config.c - config.json of each encoder: sizes, old and new spellings, and everything
 * that must be refused by key and value. */
#include "encoder_help.h"

#include "model/modernbert.h"
#include "model/postnorm.h"

Test(encoder_config, sizes_and_limits)
{
    static const struct {
        int subject, hidden, positions, vocab;
    } cases[] = {
        {0, 24, 80, 90}, {2, 24, 76, 90}, {4, 24, 78, 90}, {5, 24, 80, 90}, {8, 24, 80, 90}};
    for (size_t q = 0; q < sizeof cases / sizeof *cases; q++) {
        rig r;
        const subject *s = &subjects[cases[q].subject];
        cr_assert(!rig_configure(&r, s->type, s->config), "%s", r.err.text);
        cr_assert(r.net.hidden == cases[q].hidden && r.net.max_positions == cases[q].positions &&
                      r.net.vocab == cases[q].vocab, "%s: %d %d %d", s->type, r.net.hidden,
                  r.net.max_positions, r.net.vocab);
        rig_free(&r);
    }
}

Test(encoder_config, found_by_each_name)
{
    cr_assert(sts_encoder_find("xlm-roberta") == sts_encoder_find("roberta"));
    cr_assert(sts_encoder_find("camembert") && sts_encoder_find("mpnet"));
    static const char *const none[] = {"",  "gpt2", "rob", "berta", "roberta camembert",
                                       " ", "Bert"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_assert(!sts_encoder_find(none[i]), "'%s'", none[i]);
}

/* Transformers' defaults stand in for what an old config.json leaves out. */
Test(encoder_config, defaults)
{
    rig r;
    cr_assert(!rig_configure(&r, "bert", "{}"));
    const sts_postnorm *c = r.net.config;
    cr_assert(c->hidden == 768 && c->layers == 12 && c->heads == 12 && c->inner == 3072);
    cr_assert(c->vocab == 30522 && c->positions == 512 && c->types == 2 && c->pad == 0);
    cr_assert(c->eps == 1e-12f && c->p_hidden == 0.1f && c->p_probs == 0.1f && c->act == STS_GELU);
    rig_free(&r);
    cr_assert(!rig_configure(&r, "albert", "{\"pad_token_id\":null}"));
    c = r.net.config;
    cr_assert(c->act == STS_GELU_TANH && c->p_hidden == 0 && c->embed == 128 && c->pad == -1);
    rig_free(&r);
    static const char *const modern[] = {"{}", "{\"layer_types\":null,\"rope_parameters\":null}",
                                         "{\"rope_parameters\":{\"full_attention\":null}}"};
    for (size_t q = 0; q < sizeof modern / sizeof *modern; q++) {
        cr_assert(!rig_configure(&r, "modernbert", modern[q]), "%s", r.err.text);
        const sts_modernbert *m = r.net.config;
        cr_assert(m->window == 64 && m->theta[0] == 160000 && m->theta[1] == 10000 &&
                  m->layers == 22);
        cr_assert(!m->layer[0].local && m->layer[1].local && m->layer[2].local &&
                  !m->layer[3].local);
        rig_free(&r);
    }
}

Test(encoder_config, modernbert_spellings)
{
    static const char *const same[] = {
        "{\"num_hidden_layers\":3,\"global_attn_every_n_layers\":2,\"local_attention\":16,"
        "\"global_rope_theta\":5000.0,\"local_rope_theta\":300.0}",
        "{\"num_hidden_layers\":3,\"layer_types\":[\"full_attention\",\"sliding_attention\","
        "\"full_attention\"],\"local_attention\":16,\"sliding_window\":8,\"rope_parameters\":"
        "{\"full_attention\":{\"rope_type\":\"default\",\"rope_theta\":5000.0},"
        "\"sliding_attention\":{\"rope_type\":\"default\",\"rope_theta\":300.0}}}"};
    for (int q = 0; q < 2; q++) {
        rig r;
        cr_assert(!rig_configure(&r, "modernbert", same[q]), "%s", r.err.text);
        const sts_modernbert *m = r.net.config;
        cr_assert(m->theta[0] == 5000 && m->theta[1] == 300 && m->window == 8, "%d", q);
        cr_assert(!m->layer[0].local && m->layer[1].local && !m->layer[2].local, "%d", q);
        rig_free(&r);
    }
}

/* ALBERT: consecutive layers share a group, a layer runs through all blocks of its group. */
Test(encoder_config, albert_shares_weights)
{
    static const int set[] = {0, 1, 0, 1, 2, 3, 2, 3};
    rig r;
    rig_open(&r, &subjects[7]);
    const sts_postnorm *c = r.net.config;
    cr_assert(sts_postnorm_blocks(c) == 8);
    for (int i = 0; i < 8; i++)
        cr_assert(sts_postnorm_weights(c, i) == &c->block[set[i]], "block %d", i);
    const char *name = r.params.v[c->block[3].linear[STS_UP].weight].name;
    const char *want = "encoder.albert_layer_groups.1.albert_layers.1.ffn.weight";
    cr_assert(!strcmp(name, want), "%s", name);
    rig_free(&r);
}

/* type, config, and what the message must name. */
static const char *const refused[][3] = {
    {"bert", "{\"hidden_act\":\"mish\"}", "mish"},
    {"bert", "{\"hidden_act\":3}", "hidden_act"},
    {"bert", "{\"position_embedding_type\":\"relative_key\"}", "relative_key"},
    {"bert", "{\"is_decoder\":true}", "is_decoder"},
    {"bert", "{\"add_cross_attention\":true}", "add_cross_attention"},
    {"roberta", "{\"rope_scaling\":{\"type\":\"linear\"}}", "rope_scaling"},
    {"bert", "{\"pruned_heads\":{\"0\":[1]}}", "pruned_heads"},
    {"bert", "{\"quantization_config\":{\"bits\":8}}", "quantization_config"},
    {"bert", "{\"hidden_size\":0}", "hidden_size"},
    {"bert", "{\"hidden_size\":-768}", "hidden_size"},
    {"bert", "{\"hidden_size\":1e9}", "hidden_size"},
    {"bert", "{\"hidden_size\":768.5}", "hidden_size"},
    {"bert", "{\"hidden_size\":\"768\"}", "hidden_size"},
    {"bert", "{\"hidden_size\":100,\"num_attention_heads\":7}", "7 heads"},
    {"bert", "{\"num_attention_heads\":0}", "num_attention_heads"},
    {"bert", "{\"num_hidden_layers\":0}", "num_hidden_layers"},
    {"bert", "{\"num_hidden_layers\":100000}", "num_hidden_layers"},
    {"bert", "{\"vocab_size\":0}", "vocab_size"},
    {"bert", "{\"vocab_size\":99999999999}", "vocab_size"},
    {"bert", "{\"intermediate_size\":-1}", "intermediate_size"},
    {"bert", "{\"type_vocab_size\":0}", "type_vocab_size"},
    {"bert", "{\"layer_norm_eps\":-1e-12}", "layer_norm_eps"},
    {"bert", "{\"layer_norm_eps\":\"1e-12\"}", "layer_norm_eps"},
    {"bert", "{\"hidden_dropout_prob\":1.5}", "hidden_dropout_prob"},
    {"bert", "{\"attention_probs_dropout_prob\":-0.1}", "attention_probs_dropout_prob"},
    {"bert", "{\"pad_token_id\":30522}", "pad_token_id"},
    {"bert", "{\"pad_token_id\":-1}", "pad_token_id"},
    {"roberta", "{\"max_position_embeddings\":2}", "max_position_embeddings"},
    {"roberta", "{\"pad_token_id\":null}", "pad_token_id"},
    {"mpnet", "{\"relative_attention_num_buckets\":16}", "relative_attention_num_buckets"},
    {"distilbert", "{\"dim\":10,\"n_heads\":3}", "3 heads"},
    {"distilbert", "{\"activation\":\"tanh\"}", "tanh"},
    {"albert", "{\"num_hidden_layers\":2,\"num_hidden_groups\":3}", "num_hidden_groups"},
    {"albert", "{\"inner_group_num\":500}", "inner_group_num"},
    {"electra", "{\"embedding_size\":0}", "embedding_size"},
    {"modernbert", "{\"layer_types\":[\"full_attention\"]}", "layer_types"},
    {"modernbert", "{\"num_hidden_layers\":1,\"layer_types\":[\"chunked_attention\"]}",
     "chunked_attention"},
    {"modernbert", "{\"num_hidden_layers\":1,\"layer_types\":[7]}", "layer_types"},
    {"modernbert", "{\"layer_types\":{\"a\":\"full_attention\"}}", "layer_types"},
    {"modernbert", "{\"rope_parameters\":{\"rope_theta\":10000.0}}", "rope_theta"},
    {"modernbert", "{\"rope_parameters\":{\"full_attention\":{\"rope_type\":\"yarn\"}}}", "yarn"},
    {"modernbert", "{\"rope_parameters\":{\"full_attention\":{\"factor\":2}}}", "factor"},
    {"modernbert", "{\"rope_parameters\":[1]}", "rope_parameters"},
    {"modernbert", "{\"global_rope_theta\":0}", "global_rope_theta"},
    {"modernbert", "{\"local_rope_theta\":null}", "local_rope_theta"},
    {"modernbert", "{\"local_attention\":1}", "local_attention"},
    {"modernbert", "{\"local_attention\":128,\"sliding_window\":32}", "sliding_window"},
    {"modernbert", "{\"hidden_size\":21,\"num_attention_heads\":3}", "odd"},
    {"modernbert", "{\"head_dim\":32}", "head_dim"},
    {"modernbert", "{\"hidden_size\":100,\"num_attention_heads\":7}", "7 heads"},
    {"modernbert", "{\"mlp_dropout\":2}", "mlp_dropout"},
    {"modernbert", "{\"mlp_bias\":7}", "mlp_bias"},
    {"modernbert", "{\"num_hidden_layers\":0}", "num_hidden_layers"},
    {"modernbert", "{\"local_rope_theta\":0}", "local_rope_theta"},
    {"modernbert",
     "{\"num_hidden_layers\":1,\"layer_types\":[\"full_attention\",\"full_attention\"]}",
     "2 entries for 1"},
    {"modernbert", "{\"hidden_activation\":\"relu2\"}", "relu2"},
    {"modernbert", "{\"norm_bias\":1}", "norm_bias"},
    {"modernbert", "{\"vocab_size\":0}", "vocab_size"},
    {"modernbert", "{\"max_position_embeddings\":0}", "max_position_embeddings"},
    {"modernbert", "{\"hidden_size\":0}", "hidden_size"},
    {"modernbert", "{\"num_attention_heads\":0}", "num_attention_heads"},
    {"modernbert", "{\"intermediate_size\":0}", "intermediate_size"},
    {"modernbert", "{\"pad_token_id\":-1}", "pad_token_id"},
    {"modernbert", "{\"norm_eps\":-1}", "norm_eps"},
    {"modernbert", "{\"embedding_dropout\":2}", "embedding_dropout"},
    {"modernbert", "{\"attention_dropout\":2}", "attention_dropout"},
    {"modernbert", "{\"attention_bias\":7}", "attention_bias"},
    {"modernbert", "{\"global_attn_every_n_layers\":0}", "global_attn_every_n_layers"},
    {"modernbert", "{\"is_decoder\":true}", "is_decoder"},
    {"modernbert", "{\"rope_parameters\":{\"full_attention\":{\"rope_type\":7}}}", "rope_type"},
    {"modernbert", "{\"rope_parameters\":{\"full_attention\":{\"rope_theta\":0}}}", "rope_theta"},
    {"modernbert", "{\"rope_parameters\":{\"full_attention\":7}}", "full_attention"},
    {"bag", "{\"dimension\":0}", "dimension"},
    {"bag", "{\"features\":-1}", "features"},
    {"bag", "{\"ngram_shortest\":0}", "ngram_shortest"},
    {"bag", "{\"ngram_shortest\":4,\"ngram_longest\":3}", "ngram_longest"},
    {"bag", "{\"dropout\":2}", "dropout"},
    {"bag", "{\"documents\":-1}", "documents"},
    {"static", "{\"hidden_size\":5}", "vocab_size"},
    {"static", "{\"vocab_size\":-1}", "vocab_size"},
    {"static", "{\"vocab_size\":5}", "hidden_size"},
};

Test(encoder_config, refusals_name_what_they_refuse)
{
    for (size_t q = 0; q < sizeof refused / sizeof *refused; q++) {
        rig r;
        int bad = rig_configure(&r, refused[q][0], refused[q][1]);
        cr_assert(bad && r.err.code == STS_MODEL, "%s %s", refused[q][0], refused[q][1]);
        cr_assert(strstr(r.err.text, refused[q][2]) && strstr(r.err.text, "config.json"),
                  "%s %s: %s", refused[q][0], refused[q][1], r.err.text);
        rig_free(&r);
    }
}

/* No decay on biases and norms, by the reference's own rule on module types and names. */
Test(encoder_config, decay)
{
    for (int q = 0; q < SUBJECTS; q++) {
        if (!strcmp(subjects[q].type, "bag")) continue; /* has rules of its own */
        rig r;
        rig_open(&r, &subjects[q]);
        for (size_t i = 0; i < r.params.n; i++) {
            const sts_param *p = &r.params.v[i];
            bool norm = p->n_dims == 1; /* weights of norms, and all biases */
            bool bias = strstr(p->name, "bias") != NULL;
            cr_assert(p->decay == !(norm || bias), "%s: %s", subjects[q].type, p->name);
        }
        rig_free(&r);
    }
}

Test(encoder_config, every_allocation_may_fail)
{
    for (int q = 0; q < SUBJECTS; q++) {
        sts_json *json = sts_json_of_text(subjects[q].config);
        for (size_t nth = 1;; nth++) {
            rig r;
            sts_mem_fail(nth, false);
            int bad = rig_settings(&r, subjects[q].type, json);
            if (!bad) bad = r.net.encoder->layout(&r.net, &r.err);
            size_t made = sts_mem_count();
            sts_mem_fail(0, false);
            cr_assert(bad ? r.err.code == STS_FAILED : made < nth, "%s: %zu: %s", subjects[q].type,
                      nth, r.err.text);
            rig_free(&r);
            if (!bad) break;
        }
        sts_json_free(json);
    }
}
