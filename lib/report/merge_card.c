/* merge_card.c - what was merged, how, and what came of it. Paths are nobody's business: models go
 * by the last part of theirs. */
#include "report/merge_card.h"

#include "core/escape.h"
#include "core/file.h"
#include "core/mem.h"
#include "report/page_html.h"
#include "report/yaml.h"

static int put_front(sts_strbuf *out, const char *origin, sts_err *err)
{
    static const char *const kept[] = {"license", "license_name", "license_link", "language"};
    sts_front_matter old;
    if (sts_front_matter_read(&old, origin ? origin : "", err)) return -1;
    sts_strbuf_printf(out, "---\n");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const sts_yaml_key *k = sts_front_matter_get(&old, kept[i]);
        if (k) sts_yaml_key_put(out, k);
    }
    sts_strbuf_printf(out, "library_name: sentence-transformers\n"
                           "pipeline_tag: sentence-similarity\n"
                           "tags:\n- sentence-transformers\n- sentence-similarity\n"
                           "- feature-extraction\n- merge\n- stsfit\n---\n\n");
    sts_front_matter_free(&old);
    return 0;
}

static void put_model(sts_strbuf *out, const sts_json *m)
{
    sts_base base;
    sts_shown x;
    const char *dir = sts_page_str(m, "model");
    sts_strbuf_printf(out, "| ");
    sts_put_markdown(out, sts_page_base(dir ? dir : "-", base));
    sts_strbuf_printf(out, " | %s |", sts_show_number(sts_page_num(m, "share"), x));
    if (sts_page_get(m, "value"))
        sts_strbuf_printf(out, " %s |", sts_show_number(sts_page_num(m, "value"), x));
    sts_strbuf_printf(out, "\n");
}

char *sts_merge_card(const char *dir, const sts_json *report, const char *origin, sts_err *err)
{
    sts_strbuf out = {0};
    sts_shown x;
    const char *method = sts_page_str(report, "method"), *metric = sts_page_str(report, "metric");
    if (put_front(&out, origin, err)) {
        sts_free(sts_strbuf_take(&out));
        return NULL;
    }
    char *name = sts_path_name(dir);
    out.failed |= !name;
    sts_strbuf_printf(&out, "# ");
    sts_put_markdown(&out, name ? name : "");
    sts_free(name);
    sts_strbuf_printf(&out, "\n\nMade by `stsfit merge`, which averages the weights of models "
                            "(method: %s), from:\n\n| model | share |", method ? method : "-");
    if (metric) sts_strbuf_printf(&out, " %s on dev |", metric);
    sts_strbuf_printf(&out, metric ? "\n|---|---:|---:|\n" : "\n|---|---:|\n");
    const sts_json *models = sts_page_get(report, "models");
    for (const sts_json *m = models ? models->child : NULL; m; m = m->next) put_model(&out, m);
    if (metric)
        sts_strbuf_printf(&out, "\nThis model on dev: %s %s.\n", metric,
                          sts_show_number(sts_page_num(report, "value"), x));
    char *text = sts_strbuf_take(&out);
    if (!text) sts_fail_memory(err, "README.md");
    return text;
}
