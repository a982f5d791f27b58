/* test_loss_parse.c - "NAME:k=v" read and written, help, and what the data must have. */
#include "core/json.h"
#include "core/mem.h"
#include "loss/loss_help.h"
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static const struct {
    const char *text, *back;
} good[] = {
    {"cosine-similarity", "cosine-similarity"},
    {"CosineSimilarityLoss", "cosine-similarity"},
    {"COSENTLOSS", "cosent:scale=20"},
    {"cosent:scale=12.5", "cosent:scale=12.5"},
    {"cosent:scale=1e1", "cosent:scale=10"},
    {"AnglELoss:SCALE=0.1", "angle:scale=0.1"},
    {"ContrastiveLoss", "contrastive-cosine:margin=0.5"},
    {"contrastive", "contrastive:margin=2"},
    {"OnlineContrastiveLoss:neg=.25", "online-contrastive:margin=0.5,pos=1,neg=0.25"},
    {"TripletLoss:margin=5", "triplet:margin=5,pos=0.8"},
    {"mnrl", "multiple-negatives-ranking:scale=20,min_score=0.8"},
    {"MNRL:min-score=0,scale=50", "multiple-negatives-ranking:scale=50,min_score=0"},
    {"smooth_k2:k=3", "smooth-k2:threshold=0.25,k=3"},
};

Test(loss_parse, names_aliases_options)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sts_loss_spec spec;
        sts_err err = {0};
        char out[256];
        cr_assert(sts_loss_parse(&spec, good[i].text, &err) == 0, "%s: %s", good[i].text, err.text);
        cr_assert_str_eq(sts_loss_format(&spec, out, sizeof out), good[i].back, "%s -> %s",
                         good[i].text, out);
        sts_loss_close(&spec);
    }
}

static const struct {
    const char *text, *says, *too;
} bad[] = {
    {"", "no loss ''", "stsfit losses"},
    {"cosnet", "'cosnet'", "did you mean 'cosent'"},
    {"CosineSimilartyLoss", "did you mean 'cosine-similarity'", ""},
    {"MultipleNegativeRankingLoss", "did you mean 'multiple-negatives-ranking'", ""},
    {"zzz", "'zzz' (", "lists them"},
    {"cosent:", "expected option=value", "''"},
    {"cosent:scale", "expected option=value", "'scale'"},
    {"cosent:scale=", "'scale='", "from 0.001 to 10000"},
    {"cosent:scale=abc", "'scale=abc'", "number"},
    {"cosent:scale=1x", "'scale=1x'", "number"},
    {"cosent:scale= 1", "'scale= 1'", "number"},
    {"cosent:scale=0x10", "'scale=0x10'", "number"},
    {"cosent:scale=nan", "'scale=nan'", "number"},
    {"cosent:scale=inf", "'scale=inf'", "number"},
    {"cosent:scale=1e999", "'scale=1e999'", "number"},
    {"cosent:scale=0", "'scale=0'", "from 0.001 to 10000"},
    {"cosent:scale=20000", "'scale=20000'", "from 0.001 to 10000"},
    {"cosent:scal=1", "no option 'scal'", "did you mean 'scale'"},
    {"cosent:margin=1", "no option 'margin'", "its options: scale"},
    {"cosent:scale=1,scale=2", "'scale' is given twice", ""},
    {"cosent:scale=1,", "expected option=value", ""},
    {"mnrl:=1", "no option ''", "scale, min_score"},
    {"cosine-similarity:x=1", "no option 'x'", "its options: none"},
    {"./no-such-file.so", "no-such-file.so", ""},
    {"no-such-file.so:k=1", "./no-such-file.so", ""},
};

Test(loss_parse, faults_are_named)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sts_loss_spec spec;
        sts_err err = {0};
        cr_assert(sts_loss_parse(&spec, bad[i].text, &err) == -1, "'%s' was taken", bad[i].text);
        cr_assert(err.code == STS_USAGE, "'%s': code %d", bad[i].text, err.code);
        cr_assert(strstr(err.text, bad[i].says) && strstr(err.text, bad[i].too), "'%s': %s",
                  bad[i].text, err.text);
        cr_assert(!spec.loss && !spec.library && !spec.path, "'%s': left something", bad[i].text);
    }
}

Test(loss_parse, long_names_are_cut)
{
    char name[5000];
    sts_loss_spec spec;
    sts_err err = {0};
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = 0;
    cr_assert(sts_loss_parse(&spec, name, &err) == -1 && strlen(err.text) < 400, "%s", err.text);
    memcpy(name, "cosent:scale=", 13);
    cr_assert(sts_loss_parse(&spec, name, &err) == -1 && strlen(err.text) < 400, "%s", err.text);
}

/* Every loss, with every option at an awkward number, comes back to the last bit. */
Test(loss_parse, format_round_trips)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t i = 0; i < n; i++) {
        sts_loss_spec spec = spec_of(all[i]), back;
        for (int k = 0; k < all[i]->n_options; k++) {
            const sts_loss_option *o = &all[i]->options[k];
            spec.option[k] = o->min + (o->max - o->min) * (1.0 / 3);
        }
        char text[256];
        sts_loss_format(&spec, text, sizeof text);
        cr_assert(sts_loss_parse(&back, text, NULL) == 0, "%s", text);
        cr_assert(back.loss == all[i], "%s", text);
        for (int k = 0; k < all[i]->n_options; k++)
            cr_assert(back.option[k] == spec.option[k], "%s: option %d", text, k);
        sts_loss_close(&back);
    }
}

Test(loss_parse, format_is_cut_to_size)
{
    sts_loss_spec spec = spec_of(sts_loss_find("mnrl"));
    char whole[128], out[128];
    sts_loss_format(&spec, whole, sizeof whole);
    for (size_t size = 1; size < 60; size++) {
        memset(out, 'x', sizeof out);
        sts_loss_format(&spec, out, size);
        cr_assert(strlen(out) < size && !strncmp(out, whole, strlen(out)), "size %zu", size);
    }
}

/* No name or alias means two losses. */
Test(loss_parse, names_are_unique)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t i = 0; i < n; i++) {
        char words[512], *save = NULL;
        snprintf(words, sizeof words, "%s %s", all[i]->name, all[i]->aliases);
        for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
            cr_assert(sts_loss_find(w) == all[i], "%s is not found under %s", all[i]->name, w);
    }
    cr_assert(!sts_loss_find("no-such-loss"));
}

Test(loss_parse, what_the_data_must_have)
{
    static const struct {
        const char *loss;
        int columns;
        bool scored, fits;
    } table[] = {
        {"cosine-similarity", 2, true, true},  {"cosine-similarity", 2, false, false},
        {"cosine-similarity", 3, false, false}, {"neg-cosine", 2, true, true},
        {"neg-cosine", 2, false, true},         {"neg-cosine", 3, false, false},
        {"triplet", 2, true, true},             {"triplet", 2, false, false},
        {"triplet", 3, false, true},            {"mnrl", 2, false, true},
        {"mnrl", 3, false, true},               {"cosent", 3, false, true},
        {"mnrl", 5, false, true},               {"triplet", 4, false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        sts_loss_spec spec = spec_of(sts_loss_find(table[i].loss));
        sts_err err = {0};
        int rc = sts_loss_fits(&spec, table[i].columns, table[i].scored, &err);
        cr_assert((rc == 0) == table[i].fits, "case %zu, %s: %s", i, table[i].loss, err.text);
        if (rc) cr_assert(err.code == STS_USAGE && strstr(err.text, table[i].loss), "%s", err.text);
    }
}

Test(loss_parse, min_score_of_a_choice)
{
    sts_loss_spec spec;
    cr_assert(sts_loss_parse(&spec, "mnrl:min_score=0.6", NULL) == 0);
    cr_assert_eq(sts_loss_min_score(&spec), 0.6);
    cr_assert(sts_loss_parse(&spec, "cosent", NULL) == 0);
    cr_assert(sts_loss_min_score(&spec) == -INFINITY);
}

/* ---- help ---- */

Test(loss_parse, help_of_each)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t i = 0; i < n; i++) {
        char *text = sts_losses(all[i]->name, STS_AS_TEXT, NULL);
        char *json = sts_losses(all[i]->name, STS_AS_JSON, NULL);
        cr_assert(text && json, "%s", all[i]->name);
        cr_assert(strstr(text, all[i]->formula) && strstr(text, all[i]->help), "%s", text);
        for (int k = 0; k < all[i]->n_options; k++)
            cr_assert(strstr(text, all[i]->options[k].name), "%s", text);
        cJSON *parsed = sts_json_parse(json, strlen(json), "losses", STS_DATA, NULL);
        cr_assert(parsed, "%s", json);
        cr_assert_str_eq(cJSON_GetObjectItem(parsed, "name")->valuestring, all[i]->name);
        cr_assert(cJSON_GetArraySize(cJSON_GetObjectItem(parsed, "options")) == all[i]->n_options);
        cJSON_Delete(parsed);
        sts_free(text);
        sts_free(json);
    }
}

Test(loss_parse, help_of_all)
{
    static const sts_form form[] = {STS_AS_TEXT, STS_AS_MARKDOWN, STS_AS_JSON};
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t f = 0; f < 3; f++) {
        char *text = sts_losses(NULL, form[f], NULL);
        for (size_t i = 0; i < n; i++) cr_assert(strstr(text, all[i]->name), "%s", all[i]->name);
        sts_free(text);
    }
    sts_err err = {0};
    cr_assert(!sts_losses("cosnet", STS_AS_TEXT, &err));
    cr_assert(err.code == STS_USAGE && strstr(err.text, "cosent"), "%s", err.text);
}

/* Every allocation of ours fails once. */
Test(loss_parse, help_without_memory)
{
    for (size_t nth = 1;; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, false);
        char *text = sts_losses(NULL, STS_AS_TEXT, &err);
        size_t made = sts_mem_count();
        sts_mem_fail(0, false);
        sts_free(text);
        if (made < nth) break;
        cr_assert(!text && err.code == STS_FAILED, "allocation %zu", nth);
    }
    sts_loss_spec spec;
    sts_err err = {0};
    sts_mem_fail(1, false);
    cr_assert(sts_loss_parse(&spec, "./x.so", &err) == -1, "taken");
    cr_assert(err.code == STS_FAILED, "%s", err.text);
    sts_mem_fail(0, false);
}
