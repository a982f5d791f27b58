/* card_front.c - front matter: the origin's keys that are still true, then ours. */
#include "report/card_front.h"

#include "core/mem.h"
#include "loss/loss.h"
#include "report/page_html.h"
#include "report/yaml.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool sts_card_is_bag(const sts_json *report)
{
    const char *architecture = sts_page_str(report, "model.architecture");
    return architecture && !strncmp(architecture, "bag", 3);
}

/* ---- keys of the origin ---- */

/* About another training, or set anew below. `widget` of generated cards shows training rows. */
static bool replaced(const char *name)
{
    static const char *const key[] = {"library_name",        "pipeline_tag", "base_model",
                                      "base_model_relation", "metrics",      "model-index",
                                      "model_index",         "tags",         "widget",
                                      "co2_eq_emissions",    "new_version"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
        if (!strcmp(name, key[i])) return true;
    return false;
}

/* ---- tags ---- */

static bool listed(const sts_yaml_key *k, const char *tag)
{
    for (size_t i = 0; k && i < k->n; i++)
        if (!strcmp(k->v[i].s, tag)) return true;
    return false;
}

/* The tag of the first loss of a text. */
static void put_loss(sts_strbuf *out, const char *text)
{
    char name[200], tag[220];
    sts_base base;
    size_t n;
    const char *at = sts_loss_name(text, &n);
    snprintf(name, sizeof name, "%.*s", n < sizeof name ? (int)n : 199, at);
    snprintf(tag, sizeof tag, "loss:%s", sts_page_base(name, base));
    sts_strbuf_printf(out, "- ");
    sts_yaml_text(out, tag);
    sts_strbuf_printf(out, "\n");
}

static void put_tags(sts_strbuf *out, const sts_yaml_key *old, const sts_json *report)
{
    static const char *const ours[] = {"sentence-transformers", "sentence-similarity",
                                       "feature-extraction", "stsfit"};
    const char *loss = sts_page_str(report, "loss");
    sts_strbuf_printf(out, "tags:\n");
    for (size_t i = 0; old && i < old->n; i++) { /* of the origin, but for those of its training */
        const char *tag = old->v[i].s;
        if (!strncmp(tag, "loss:", 5) || !strncmp(tag, "dataset_size:", 13)) continue;
        sts_strbuf_printf(out, "- ");
        sts_yaml_scalar_put(out, &old->v[i]);
        sts_strbuf_printf(out, "\n");
    }
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!listed(old, ours[i])) sts_strbuf_printf(out, "- %s\n", ours[i]);
    while (loss) {
        size_t whole = sts_loss_first(loss);
        put_loss(out, loss);
        loss = loss[whole] ? loss + whole + 1 : NULL;
    }
}

/* ---- base model ---- */

static bool id_char(char c)
{
    return isalnum((unsigned char)c) || strchr("._-", c);
}

/* A directory of the Hub's cache, ".../models--ORG--NAME/snapshots/HASH": "ORG/NAME". */
static bool id_of_snapshot(const char *dir, char id[200])
{
    const char *p = strstr(dir, "models--"), *end = p ? strstr(p, "/snapshots/") : NULL;
    if (!end) return false;
    size_t o = 0;
    for (p += 8; p < end && o < 198; p++) {
        bool dashes = p[0] == '-' && p[1] == '-' && p + 1 < end;
        id[o++] = dashes ? '/' : *p;
        p += dashes;
    }
    id[o] = 0;
    return o && p == end && strspn(id, "/") == 0;
}

/* The origin's card names it: "ORG/NAME" in quotes or back-ticks, NAME as the directory's. */
static bool id_in_card(const char *card, const char *name, char id[200])
{
    size_t n = strlen(name);
    for (const char *p = card; n && n < 96 && (p = strchr(p, '/')); p++) {
        const char *from = p, *end = p + 1 + n;
        while (from > card && p - from < 96 && id_char(from[-1])) from--;
        bool quoted = from > card && from < p && strchr("'\"`", from[-1]);
        if (!quoted || strncmp(p + 1, name, n) || *end != from[-1]) continue;
        memcpy(id, from, (size_t)(end - from));
        id[end - from] = 0;
        return true;
    }
    return false;
}

bool sts_card_base_model(const sts_card *c, char id[200])
{
    const char *from = sts_page_str(c->report, "model.from");
    sts_base name;
    if (!from || !strcmp(from, "bag")) return false;
    if (id_of_snapshot(from, id)) return true;
    return c->origin && id_in_card(c->origin, sts_page_base(from, name), id);
}

static void put_base_model(sts_strbuf *out, const sts_card *c, const sts_yaml_key *old)
{
    char id[200];
    if (sts_card_base_model(c, id)) {
        sts_strbuf_printf(out, "base_model: ");
        sts_yaml_text(out, id);
        sts_strbuf_printf(out, "\n");
    } else if (old && !sts_card_is_bag(c->report)) {
        sts_yaml_key_put(out, old); /* not known by name: then what it came from itself */
    }
}

/* ---- results ---- */

/* "pearson_cosine" as "Pearson Cosine". */
static void put_title(sts_strbuf *out, const char *name)
{
    for (const char *p = name; *p; p++) {
        char c = *p == '_' ? ' ' : *p;
        if (p == name || p[-1] == '_') c = (char)toupper((unsigned char)c);
        sts_strbuf_add(out, &c, 1);
    }
}

static void put_metric(sts_strbuf *out, const sts_json *e, const char *type)
{
    char number[32];
    double x = sts_page_num(e, type);
    if (!isfinite(x)) return;
    sts_fixed(fabs(x), 6, number);
    sts_strbuf_printf(out, "    - type: %s\n      value: %s%s\n      name: ", type,
                      x < 0 ? "-" : "", number);
    put_title(out, type);
    sts_strbuf_printf(out, "\n");
}

/* The names of metrics that tables show, and that e has a value for. */
static size_t listed_metrics(const sts_json *e, const char *name[STS_METRICS])
{
    size_t n = 0;
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (*row->title && isfinite(sts_page_num(e, row->name))) name[n++] = row->name;
    }
    return n;
}

sts_metric_needs sts_card_offers(const sts_json *report)
{
    const sts_json *dev = sts_page_get(report, "evaluations.after.dev");
    return sts_figures_has(dev ? dev : sts_page_get(report, "evaluations.after.test"));
}

/* What the Hub calls an evaluation of such data. */
static const char *name_task(sts_metric_needs has, bool title)
{
    if (has & STS_NEEDS_TRIPLETS) return title ? "Triplet" : "triplet";
    if (has & STS_NEEDS_PARTNERS) return title ? "Translation" : "translation";
    if (has & STS_NEEDS_CLASSES) return title ? "Binary Classification" : "binary-classification";
    return title ? "Semantic Similarity" : "semantic-similarity";
}

static void put_set(sts_strbuf *out, const sts_json *report, const char *part)
{
    const sts_json *e = sts_page_get(sts_page_get(report, "evaluations.after"), part);
    const sts_json *files = sts_page_get(sts_page_get(sts_page_get(report, "data"), part), "files");
    const char *file = sts_page_str(files ? files->child : NULL, "file");
    char name[256];
    sts_base base;
    sts_metric_needs has = sts_figures_has(e);
    const char *metric[STS_METRICS];
    size_t n = listed_metrics(e, metric);
    if (!n) return;
    snprintf(name, sizeof name, "%s (%s)",
             file ? sts_page_base(file, base) : "held out of the training data", part);
    sts_strbuf_printf(
        out,
        "  - task:\n      type: %s\n      name: %s\n    dataset:\n      type: unknown\n"
        "      name: ",
        name_task(has, false), name_task(has, true));
    sts_yaml_text(out, name);
    sts_strbuf_printf(out, "\n    metrics:\n");
    for (size_t m = 0; m < n; m++) put_metric(out, e, metric[m]);
}

static void put_model_index(sts_strbuf *out, const sts_card *c)
{
    const sts_json *dev = sts_page_get(c->report, "evaluations.after.dev");
    const sts_json *test = sts_page_get(c->report, "evaluations.after.test");
    sts_metric_needs has = sts_card_offers(c->report);
    const char *metric[STS_METRICS];
    if (!listed_metrics(dev, metric) && !listed_metrics(test, metric)) return;
    sts_strbuf_printf(out, "metrics:\n");
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_in_table(&sts_metric_row_of[m], has))
            sts_strbuf_printf(out, "- %s\n", sts_metric_row_of[m].name);
    sts_strbuf_printf(out, "model-index:\n- name: ");
    sts_yaml_text(out, c->name);
    sts_strbuf_printf(out, "\n  results:\n");
    put_set(out, c->report, "dev");
    put_set(out, c->report, "test");
}

int sts_card_front(sts_strbuf *out, const sts_card *card, sts_err *err)
{
    sts_front_matter old;
    if (sts_front_matter_read(&old, card->origin ? card->origin : "", err)) return -1;
    sts_strbuf_printf(out, "---\n");
    for (size_t i = 0; i < old.n; i++)
        if (!replaced(old.key[i].name)) sts_yaml_key_put(out, &old.key[i]);
    sts_strbuf_printf(out, "library_name: sentence-transformers\n"
                           "pipeline_tag: sentence-similarity\n");
    put_base_model(out, card, sts_front_matter_get(&old, "base_model"));
    put_tags(out, sts_front_matter_get(&old, "tags"), card->report);
    put_model_index(out, card);
    sts_strbuf_printf(out, "---\n\n");
    sts_front_matter_free(&old);
    return 0;
}
