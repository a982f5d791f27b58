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
    {"mnrl", "multiple-negatives-ranking:scale=20,min_score=0.8,symmetric=0,gte=0,"
             "hardness_mode=none,hardness_strength=0,mask=1"},
    {"MNRL:min-score=0,scale=50", "multiple-negatives-ranking:scale=50,min_score=0,symmetric=0,"
                                  "gte=0,hardness_mode=none,hardness_strength=0,mask=1"},
    {"smooth_k2:k=3", "smooth-k2:threshold=0.25,k=3"},
};

Test(loss_parse, names_aliases_options)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sts_loss_spec spec;
        sts_err err = {0};
        cr_assert(sts_loss_parse(&spec, good[i].text, &err) == 0, "%s: %s", good[i].text, err.text);
        char *out = sts_loss_format(&spec);
        cr_assert_str_eq(out, good[i].back, "%s -> %s", good[i].text, out);
        sts_free(out);
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
        cr_assert(!spec.n_parts && !spec.part[0].path, "'%s': left something", bad[i].text);
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
            spec.part[0].option[k] = o->min + (o->max - o->min) * (1.0 / 3);
        }
        spec.part[0].weight = 1.0 / 3;
        char *text = sts_loss_format(&spec);
        cr_assert(sts_loss_parse(&back, text, NULL) == 0, "%s", text);
        cr_assert(back.part[0].loss == all[i], "%s", text);
        cr_assert(back.part[0].weight == 1.0 / 3, "%s", text);
        for (int k = 0; k < all[i]->n_options; k++)
            cr_assert(back.part[0].option[k] == spec.part[0].option[k], "%s: option %d", text, k);
        sts_free(text);
        sts_loss_close(&back);
    }
}

Test(loss_parse, sums)
{
    static const struct {
        const char *text, *back;
    } sum[] = {
        {"cosent+angle", "cosent:scale=20+angle:scale=20"},
        {"cosent+0.02*angle+0.5*mnrl:scale=20",
         "cosent:scale=20+0.02*angle:scale=20+"
         "0.5*multiple-negatives-ranking:scale=20,min_score=0.8,symmetric=0,gte=0,"
         "hardness_mode=none,hardness_strength=0,mask=1"},
        {"2*cosent:scale=1e+3+1e+2*angle:scale=1E+1",
         "2*cosent:scale=1000+100*angle:scale=10"},
        {"1*cosent", "cosent:scale=20"},
        {"cosine+cosine", "cosine-similarity+cosine-similarity"},
    };
    static const struct {
        const char *text, *says;
    } none[] = {
        {"cosent+", "there is no loss ''"},
        {"+cosent", "there is no loss ''"},
        {"cosent++angle", "there is no loss ''"},
        {"cosent+angel", "did you mean 'angle'"},
        {"0*cosent", "the weight '0' must be a number above 0"},
        {"-1*cosent", "the weight '-1'"},
        {"x*cosent", "the weight 'x'"},
        {"*cosent", "the weight ''"},
        {"inf*cosent", "the weight 'inf'"},
        {"nan*cosent", "the weight 'nan'"},
        {"cosent*2", "the weight 'cosent'"},
        {"cosent+angle:scale=0", "must be a number from"},
        {"cosent:scale=5*angle", "must be a number from"},
        {"cosent+a+a+a+a+a+a+a+a", "there is no loss 'a'"},
        {"angle+angle+angle+angle+angle+angle+angle+angle+angle", "8 losses at most"},
    };
    for (size_t i = 0; i < sizeof sum / sizeof *sum; i++) {
        sts_loss_spec spec;
        sts_err err = {0};
        cr_assert(sts_loss_parse(&spec, sum[i].text, &err) == 0, "%s: %s", sum[i].text, err.text);
        char *text = sts_loss_format(&spec);
        cr_assert_str_eq(text, sum[i].back);
        sts_free(text);
        sts_loss_close(&spec);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        sts_loss_spec spec;
        sts_err err = {0};
        cr_assert(sts_loss_parse(&spec, none[i].text, &err) == -1, "'%s' was taken", none[i].text);
        cr_assert(err.code == STS_USAGE && strstr(err.text, none[i].says), "'%s': %s", none[i].text,
                  err.text);
        cr_assert(!spec.n_parts, "'%s': left something", none[i].text);
    }
}

/* The name in a term of a sum, and where the term ends. Paths hold most
 * characters; a path in a sum ends in .so or .dylib. */
Test(loss_parse, terms_of_a_sum)
{
    static const struct {
        const char *text, *name;
        size_t first;
    } term[] = {
        {"cosent", "cosent", 6},
        {"0.5*cosent:scale=2+angle", "cosent", 18},
        {"./a+b/x.so:k=1e+2+angle", "./a+b/x.so", 17},
        {"1e+2*./c++/x.so+angle", "./c++/x.so", 15},
        {"./a:b/x.so:k=v/w+angle", "./a:b/x.so", 16},
        {"./my+loss", "./my+loss", 9},
        {"./2*3.so", "./2*3.so", 8},
    };
    for (size_t i = 0; i < sizeof term / sizeof *term; i++) {
        size_t n, first = sts_loss_first(term[i].text);
        const char *name = sts_loss_name(term[i].text, &n);
        cr_assert(first == term[i].first, "%s: %zu", term[i].text, first);
        cr_assert(n == strlen(term[i].name) && !strncmp(name, term[i].name, n), "%s: %.*s",
                  term[i].text, (int)n, name);
    }
}

Test(loss_parse, dimensions)
{
    static const struct {
        const char *text, *back;
    } take[] = {{"384:1,128:0.5,64", "384:1,128:0.5,64:1"}, {"8,1e3:2,32", "1000:2,32:1,8:1"}};
    static const struct {
        const char *text, *says;
    } refuse[] = {
        {"", "a whole number"},         {"0", "a whole number"},      {"-8", "a whole number"},
        {"8.5", "a whole number"},      {"8,", "a whole number"},     {"x", "a whole number"},
        {"8:0", "a number above 0"},    {"8:-1", "a number above 0"}, {"8:", "a number above 0"},
        {"8:1:1", "a number above 0"},  {"8,16,8", "8 occurs twice"}, {"1e99", "a whole number"},
        {"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "16 dimensions at most"},
    };
    sts_loss_spec spec = spec_of(sts_loss_find("cosent"));
    for (size_t i = 0; i < sizeof take / sizeof *take; i++) {
        cr_assert(!sts_loss_set_dims(&spec, take[i].text, NULL), "%s", take[i].text);
        char *back = sts_loss_format_dims(&spec);
        cr_assert_str_eq(back, take[i].back);
        sts_free(back);
    }
    for (size_t i = 0; i < sizeof refuse / sizeof *refuse; i++) {
        sts_err err = {0};
        cr_assert(sts_loss_set_dims(&spec, refuse[i].text, &err) == -1, "%s", refuse[i].text);
        cr_assert(err.code == STS_USAGE && strstr(err.text, refuse[i].says), "%s", err.text);
    }
    cr_assert(!sts_loss_set_dims(&spec, "8,4", NULL) && !sts_loss_check_dims(&spec, 8, NULL));
    cr_assert(sts_loss_check_dims(&spec, 7, NULL) == -1, "more than there are");
}

Test(loss_parse, what_a_sum_needs)
{
    sts_loss_spec spec;
    sts_err err = {0};
    cr_assert(sts_loss_parse(&spec, "cosent+mnrl:min_score=0.6", NULL) == 0);
    cr_assert(sts_loss_fits(&spec, 2, true, &err) == 0);
    cr_assert(sts_loss_fits(&spec, 3, false, &err) == 0);
    cr_assert(sts_loss_fits(&spec, 2, false, &err) == -1);
    cr_assert(strstr(err.text, "'cosent' needs scored pairs"), "%s", err.text);
    cr_assert(!sts_loss_takes(&spec, STS_LOSS_PAIRS), "cosent needs scores");
    cr_assert(sts_loss_min_score(&spec) == -INFINITY, "cosent takes every pair");
    sts_loss_close(&spec);
    cr_assert(sts_loss_parse(&spec, "neg-cosine:min_score=0.7+mnrl:min_score=0.6", NULL) == 0);
    cr_assert_eq(sts_loss_min_score(&spec), 0.6);
    cr_assert(sts_loss_has(&spec, STS_LOSS_PULLS) && !sts_loss_all_have(&spec, STS_LOSS_PULLS));
    sts_loss_close(&spec);
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

/* Lines are wrapped: white space counts as one blank. */
static void unwrap(char *text)
{
    char *to = text;
    for (char *from = text; *from; from++)
        if (!strchr(" \n", *from)) *to++ = *from;
        else if (to > text && to[-1] != ' ') *to++ = ' ';
    *to = 0;
}

Test(loss_parse, help_of_each)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t i = 0; i < n; i++) {
        char *text = sts_losses(all[i]->name, STS_AS_TEXT, NULL);
        char *json = sts_losses(all[i]->name, STS_AS_JSON, NULL);
        cr_assert(text && json, "%s", all[i]->name);
        unwrap(text);
        cr_assert(strstr(text, all[i]->formula) && strstr(text, all[i]->help), "%s", text);
        for (int k = 0; k < all[i]->n_options; k++)
            cr_assert(strstr(text, all[i]->options[k].name), "%s", text);
        sts_json *parsed = sts_json_parse(json, strlen(json), "losses", STS_DATA, NULL);
        cr_assert(parsed, "%s", json);
        cr_assert_str_eq(sts_json_member(parsed, "name")->text, all[i]->name);
        cr_assert(sts_json_size(sts_json_member(parsed, "options")) == all[i]->n_options);
        sts_json_free(parsed);
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
