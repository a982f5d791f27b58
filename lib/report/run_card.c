/* run_card.c - README.md of the selected model and of checkpoints, made from that of the model that
 * training started from. */
#include "report/run_report.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/run_dir.h"
#include "model/files.h"
#include "report/card.h"

#define LARGEST ((size_t)4 << 20)

/* The card that the model in training came with; NULL: none, or none that a person wrote. */
static const char *find_origin(const sts_run *r)
{
    const sts_blob *card = sts_files_get(r->model->files, STS_CARD);
    return card && card->n <= LARGEST ? card->bytes : NULL;
}

char *sts_run_card(const sts_run *r, const sts_json *report, size_t samples, sts_err *err)
{
    const sts_corpus *c = &r->train.corpus;
    sts_str last = sts_path_last(r->o->output);
    char *name = last.n ? sts_strndup(last.s, last.n) : sts_strdup(r->o->output);
    if (!name) return sts_fail_memory(err, STS_CARD), NULL;
    sts_card card = {.name = name,
                     .report = report,
                     .origin = find_origin(r),
                     .text = c->text,
                     .score = c->score,
                     .n_samples = samples < c->n ? samples : c->n,
                     .columns = c->columns};
    char *text = sts_card_render(&card, err);
    sts_free(name);
    return text;
}
