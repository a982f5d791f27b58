/* derived_card.c - a model with a short card: where it comes from, what was done, how to use it. */
#include "report/derived_card.h"

#include "core/escape.h"
#include "core/file.h"
#include "core/mem.h"
#include "model/files.h"
#include "model/model_output.h"
#include "report/card_front.h"

#include <string.h>

static const char USE[] =
    "## Usage\n\n```python\nfrom sentence_transformers import SentenceTransformer\n\n"
    "model = SentenceTransformer(\"path/to/this/directory\")\n"
    "vectors = model.encode([\"A dog runs.\", \"A dog is running.\"])\n"
    "print(model.similarity(vectors, vectors))\n```\n";

/* What the front matter asks of a run's report. */
static sts_json *make_report(const sts_model *from)
{
    sts_json *report = sts_json_new_object(), *model = sts_json_add_object(report, "model");
    if (model && sts_json_add_string(model, "from", from->dir)) return report;
    sts_json_free(report);
    return NULL;
}

static char *render(const sts_model *from, const char *name, const char *text, sts_err *err)
{
    const sts_blob *origin = sts_files_get(from->files, "README.md");
    sts_strbuf out = {0};
    sts_json *report = make_report(from);
    sts_card card = {.name = name, .report = report, .origin = origin ? origin->bytes : NULL};
    int rc = report ? sts_card_front(&out, &card, err) : sts_fail_memory(err, "the model card");
    sts_json_free(report);
    sts_strbuf_printf(&out, "\n# ");
    sts_put_markdown(&out, name);
    sts_strbuf_printf(&out, "\n\n%s\n%s", text, USE);
    char *s = sts_strbuf_take(&out);
    if (!rc && s) return s;
    sts_free(s);
    if (!rc) sts_fail_memory(err, "the model card");
    return NULL;
}

int sts_derived_write(const sts_model *m, const sts_model *from, sts_strbuf *text, const char *dir,
                      sts_err *err)
{
    char *done = sts_strbuf_take(text), *name = sts_path_name(dir);
    char *card = done && name ? render(from, name, done, err) : NULL;
    if (!done || !name) sts_fail_memory(err, "the model card");
    int rc = card ? sts_model_output_write(m, card, dir, err) : -1;
    sts_free(card);
    sts_free(name);
    sts_free(done);
    return rc;
}
