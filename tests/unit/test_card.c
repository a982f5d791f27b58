/* test_card.c - front matter read and written, and the model card around it. */
#include "core/mem.h"
#include "report/card.h"
#include "report/yaml.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* ---- YAML ---- */

static const struct {
    const char *text, *yaml;
} scalars[] = {
    {"apache-2.0", "apache-2.0"},
    {"loss:cosent", "\"loss:cosent\""},
    {"true", "\"true\""},
    {"No", "\"No\""},
    {"5", "\"5\""},
    {"", "\"\""},
    {"a\nb", "\"a\\\\x0ab\""},
    {"say \"x\" \\ y", "\"say \\\"x\\\" \\\\ y\""},
    {"- item", "\"- item\""},
    {"a: b", "\"a: b\""},
    {"日本", "\"日本\""},
    {"org/model.v1", "org/model.v1"},
    {"\xef\xbf\xbe", "\"?\""},
};

Test(yaml, scalars)
{
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        sts_strbuf b = {0};
        sts_yaml_text(&b, scalars[i].text);
        char *out = sts_strbuf_take(&b);
        cr_assert_str_eq(out, scalars[i].yaml, "%s: %s", scalars[i].text, out);
        sts_free(out);
    }
}

/* Keys and values as "key=a|b;", in order. */
static char *flat(const char *markdown, size_t *left_out)
{
    sts_front_matter f;
    sts_err err = {0};
    sts_strbuf b = {0};
    cr_assert(!sts_front_matter_read(&f, markdown, &err), "%s", err.text);
    for (size_t i = 0; i < f.n; i++) {
        sts_strbuf_printf(&b, "%s=", f.key[i].name);
        for (size_t k = 0; k < f.key[i].n; k++)
            sts_strbuf_printf(&b, "%s%s", k ? "|" : "", f.key[i].v[k].s);
        sts_strbuf_printf(&b, ";");
    }
    *left_out = f.left_out;
    sts_front_matter_free(&f);
    return sts_strbuf_take(&b);
}

static const struct {
    const char *name, *markdown, *keys;
    size_t left_out;
} fronts[] = {
    {"none", "# Title\n", "", 0},
    {"empty", "---\n---\n", "", 0},
    {"scalars", "---\nlicense: mit\nlanguage: 'en'\nx: \"a \\\"b\\\"\"\n---\n",
     "license=mit;language=en;x=a \"b\";", 0},
    {"lists",
     "---\ntags:\n- a\n-  'b'\nlanguage:\n  - en\n  - de # two\ndatasets: [x, \"y\"]\n---\n",
     "tags=a|b;language=en|de;datasets=x|y;", 0},
    {"comments and blank lines", "---\n# one\n\nlicense: mit # two\n\n---\n", "license=mit;", 0},
    {"CRLF and BOM", "\xef\xbb\xbf---\r\nlicense: mit\r\ntags:\r\n- a\r\n---\r\n",
     "license=mit;tags=a;", 0},
    {"nested", "---\nwidget:\n- source: a\n  b: c\nlicense: mit\n---\n", "license=mit;", 1},
    {"blocks", "---\nd: >-\n  text\nlicense: mit\ne: |\n  x\n---\n", "license=mit;", 2},
    {"anchors", "---\na: &x 1\nb: *x\nc: !!str 5\nlicense: mit\n---\n", "license=mit;", 3},
    {"unclosed", "---\na: [x\nb: \"y\nc: 'z\nlicense: mit\n---\n", "license=mit;", 3},
    {"never ends", "---\nlicense: mit\n", "", 0},
    {"twice", "---\nlicense: mit\nlicense: gpl\n---\n", "license=mit;", 1},
    {"odd keys", "---\nno: x\n5: y\n\"q\": z\nlicense: mit\n---\n", "license=mit;", 3},
    {"maps", "---\na: {b: c}\nd: e: f\nlicense: mit\n---\n", "license=mit;", 2},
    {"tabs", "---\na:\tb\nlicense: mit\n---\n", "license=mit;", 1},
    {"no value", "---\na:\nlicense: mit\n---\n", "license=mit;", 1},
};

Test(yaml, front_matter)
{
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
        size_t left_out;
        char *keys = flat(fronts[i].markdown, &left_out);
        cr_assert_str_eq(keys, fronts[i].keys, "%s: %s", fronts[i].name, keys);
        cr_assert(left_out == fronts[i].left_out, "%s: %zu left out", fronts[i].name, left_out);
        sts_free(keys);
    }
}

/* ---- cards ---- */

static const char REPORT[] =
    "{\"command\":\"train\",\"status\":\"completed\",\"loss\":\"cosent:scale=20\",\"model\":{"
    "\"from\":"
    "\"/models/someone/all-MiniLM-L6-v2/"
    "\",\"architecture\":\"bert\",\"dimension\":384},\"data\":{\"train\":{\"rows\":"
    "5749,\"files\":[{\"file\":\"/data/someone/"
    "pa|rs.tsv\",\"rows_used\":5749,\"crc32\":\"deadbeef\"}]},\"dev\":{"
    "\"rows\":10,\"files\":[{\"file\":\"dev.tsv\",\"rows_used\":10,\"crc32\":\"00000001\"}]}},"
    "\"evaluations\":{"
    "\"before\":{\"dev\":{\"pairs\":10,\"pearson_cosine\":0.5,\"spearman_cosine\":0.4}},\"after\":{"
    "\"dev\":{"
    "\"pairs\":10,\"pearson_cosine\":null,\"spearman_cosine\":-0.25,\"spearman_cosine_ci95\":[-0.3,"
    "-0.2]}}}}";

static char *render(const char *report, const char *origin, const sts_str *text, size_t n)
{
    static const double score[] = {0.5, 1};
    sts_err err = {0};
    sts_json *json = sts_json_of_text(report);
    cr_assert(json);
    sts_card card = {.name = "my: model",
                     .report = json,
                     .origin = origin,
                     .text = text,
                     .score = score,
                     .n_samples = n,
                     .columns = 2};
    char *out = sts_card_render(&card, &err);
    cr_assert(out, "%s", err.text);
    sts_json_free(json);
    return out;
}

Test(card, tells_results_and_keeps_what_is_still_true)
{
    char *c = render(REPORT,
                     "---\nlicense: apache-2.0\nlanguage: no\ntags:\n- legal\n- "
                     "loss:Old\nwidget:\n- text: secret\n"
                     "model-index:\n- name: old\n---\nmodel = X('org/all-MiniLM-L6-v2')\n",
                     NULL, 0);
    static const char *const has[] = {
        "---\nlicense: apache-2.0\nlanguage: no\n",
        "base_model: org/all-MiniLM-L6-v2\n",
        "library_name: sentence-transformers\n",
        "pipeline_tag: sentence-similarity\n",
        "- legal\n",
        "- \"loss:cosent\"\n",
        "- name: \"my: model\"\n",
        "- type: spearman_cosine\n      value: -0.250000\n",
        "# my: model\n",
        "| dev, before training | 10 | 50.00 | 40.00 | |\n",
        "SentenceTransformer(",
        "pa\\|rs.tsv",
    };
    static const char *const lacks[] = {"secret",
                                        "loss:Old",
                                        "name: old",
                                        "someone",
                                        "type: pearson_cosine",
                                        "null",
                                        "nan",
                                        "Rows of the training data"};
    for (size_t i = 0; i < sizeof has / sizeof *has; i++)
        cr_assert(strstr(c, has[i]), "lacks %s:\n%s", has[i], c);
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
        cr_assert(!strstr(c, lacks[i]), "has %s:\n%s", lacks[i], c);
    sts_free(c);
}

Test(card, base_models)
{
    static const struct {
        const char *from, *origin, *base;
    } of[] = {
        {"/cache/models--org--some-model/snapshots/abc", NULL, "base_model: org/some-model\n"},
        {"/cache/models--bert-base-uncased/snapshots/abc/", NULL,
         "base_model: bert-base-uncased\n"},
        {"here/mine", "---\nbase_model: org/first\n---\n", "base_model: org/first\n"},
        {"here/mine", "x('org/other')", NULL},
        {"bag", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        char report[300];
        snprintf(report, sizeof report, "{\"model\":{\"from\":\"%s\"}}", of[i].from);
        char *c = render(report, of[i].origin, NULL, 0);
        cr_assert(of[i].base ? strstr(c, of[i].base) != NULL : !strstr(c, "base_model"), "%s:\n%s",
                  of[i].from, c);
        sts_free(c);
    }
}

Test(card, samples_only_when_asked_for)
{
    sts_str text[] = {{"a | b", 5}, {"<b>x\ny", 6}, {"`c`", 3}, {"d", 1}};
    char *c = render(REPORT, NULL, text, 2);
    cr_assert(strstr(c, "| a \\| b | \\<b\\>x\\\\x0ay | 0.5 |\n| \\`c\\` | d | 1 |\n"), "%s", c);
    sts_free(c);
}

Test(card, bags_are_approximated_in_sentence_transformers)
{
    char *c = render("{\"model\":{\"from\":\"bag\",\"architecture\":\"bag\"}}", NULL, NULL, 0);
    cr_assert(strstr(c, "SentenceTransformer(") && strstr(c, "is approximated"), "%s", c);
    sts_free(c);
    c = render("{\"model\":{\"from\":\"m\",\"architecture\":\"bert\"}}", NULL, NULL, 0);
    cr_assert(!strstr(c, "is approximated"), "%s", c);
    sts_free(c);
}

Test(card, memory_may_fail_anywhere)
{
    bool failed = true;
    sts_json *json = sts_json_of_text(REPORT);
    sts_card card = {.name = "m",
                     .report = json,
                     .columns = 2,
                     .origin = "---\ntags: [a, b]\nlicense: mit\nx: >\n  y\n---\n"};
    for (size_t nth = 1; failed && nth < 3000; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, nth % 2);
        char *c = sts_card_render(&card, &err);
        failed = sts_mem_count() >= nth;
        sts_mem_fail(0, false);
        cr_assert(failed ? !c || strstr(c, "## Data") : c != NULL, "allocation %zu", nth);
        cr_assert(c || err.code == STS_FAILED, "allocation %zu", nth);
        sts_free(c);
    }
    cr_assert(!failed);
    sts_json_free(json);
}
