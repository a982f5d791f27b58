/* run_card.c - README.md of the kept model, in the place of that of the model it came from. */
#include "report/run_report.h"

#include "core/file.h"
#include "core/run_dir.h"
#include "core/mem.h"
#include "report/card.h"

#include <string.h>

#define LARGEST ((size_t)4 << 20)

/* The card of the model that training started from, as it was copied into `path`; NULL: none
 * that can be read. */
static char *read_origin(const char *path)
{
    size_t n;
    return sts_file_exists(path) ? sts_file_read(path, LARGEST, STS_FAILED, &n, NULL) : NULL;
}

int sts_run_card(const sts_run *r, const cJSON *report, sts_err *err)
{
    const sts_corpus *c = &r->train.corpus;
    const char *slash = strrchr(r->dir, '/');
    char *path = sts_path_join(r->dir, STS_KEPT "/README.md");
    if (!path) return sts_fail_memory(err, r->dir);
    char *origin = read_origin(path);
    size_t wanted = r->o->card_samples > 0 ? (size_t)r->o->card_samples : 0;
    sts_card card = {.name = slash && slash[1] ? slash + 1 : r->dir,
                     .report = report,
                     .origin = origin,
                     .text = c->text,
                     .score = c->score,
                     .n_samples = wanted < c->n ? wanted : c->n,
                     .columns = c->columns};
    char *text = sts_card_render(&card, err);
    mode_t mode = card.n_samples ? sts_corpus_mode(c) : 0777;
    int rc = text ? sts_file_write_as(path, text, strlen(text), mode, err) : -1;
    sts_free(text);
    sts_free(origin);
    sts_free(path);
    return rc;
}
