/* corpus.c - joining data files, and reporting what was read. */
#include "data/corpus.h"

#include "core/comm.h"
#include "core/decimal.h"
#include "core/mem.h"
#include "core/sys.h"
#include "data/scale.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All ranks read the files: each must find the same on its host. */
static int same_everywhere(const sts_dataset *d, sts_err *err)
{
    return sts_comm_same(d->path, (uint64_t[]){d->crc, d->bytes, d->n}, 3 * sizeof(uint64_t), err);
}

static int load_files(sts_corpus *c, const char *const *paths, size_t n, const sts_data_options *o,
                      sts_err *err)
{
    c->file = sts_alloc(n, sizeof *c->file);
    if (!c->file) return sts_fail_memory(err, "the data");
    for (size_t i = 0; i < n; i++) {
        sts_dataset *d = sts_dataset_load(paths[i], o, err);
        if (!d) return -1;
        c->file[c->n_files++] = d;
        if (same_everywhere(d, err)) return -1;
        const sts_dataset *first = c->file[0];
        if (d->n_texts != first->n_texts || d->scored != first->scored)
            return sts_fail(err, STS_DATA, "%s: its rows are not of the same kind as those of %s",
                            d->path, first->path);
    }
    return 0;
}

static int allocate(sts_corpus *c, bool scored, bool classes, sts_err *err)
{
    c->text = sts_alloc(c->n, (size_t)c->columns * sizeof *c->text);
    c->score = scored ? sts_alloc(c->n, sizeof *c->score) : NULL;
    c->positive = classes ? sts_alloc(c->n, sizeof *c->positive) : NULL;
    bool whole = c->text && (c->score || !scored) && (c->positive || !classes);
    return whole ? 0 : sts_fail_memory(err, "the data");
}

int sts_corpus_make_numbers(sts_corpus *c, bool weights, bool ids, sts_err *err)
{
    c->weight = weights ? sts_alloc(c->n, sizeof *c->weight) : NULL;
    c->id = ids ? sts_alloc(c->n, sizeof *c->id) : NULL;
    bool whole = (c->weight || !weights) && (c->id || !ids);
    return whole ? 0 : sts_fail_memory(err, "the data");
}

static void fill(sts_corpus *c)
{
    size_t at = 0, columns = (size_t)c->columns;
    for (size_t f = 0; f < c->n_files; f++) {
        for (size_t i = 0; i < c->file[f]->n; i++, at++) {
            const sts_row *row = &c->file[f]->row[i];
            memcpy(c->text + at * columns, row->text, columns * sizeof *c->text);
            if (c->score) c->score[at] = row->score;
        }
    }
}

/* ---- texts that are all equal ---- */

bool sts_corpus_all_equal(const sts_corpus *c)
{
    size_t texts = c->n * (size_t)c->columns, i = 1;
    while (i < texts && c->text[i].n == c->text[0].n &&
           !memcmp(c->text[i].s, c->text[0].s, c->text[0].n))
        i++;
    return texts && i == texts;
}

void sts_corpus_note_equal(const sts_corpus *c, const char *name)
{
    if (!sts_corpus_all_equal(c)) return;
    sts_note(STS_WARN, "%s: all %zu texts are equal: every model gives each pair the same, so that "
                       "figures of it mean nothing", name, c->n * (size_t)c->columns);
}

/* ---- two classes ---- */

bool sts_corpus_two_values(const sts_corpus *c, double value[2])
{
    size_t n = 0;
    for (size_t i = 0; c->score && i < c->n; i++) {
        if ((n > 0 && c->score[i] == value[0]) || (n > 1 && c->score[i] == value[1])) continue;
        if (n == 2) return false;
        value[n++] = c->score[i];
    }
    if (n < 2 || c->n == 2) return false;
    if (value[0] < value[1]) return true;
    double higher = value[0];
    value[0] = value[1];
    value[1] = higher;
    return true;
}

/* Rows whose score in the file is at least `least`. */
static void mark_positive(sts_corpus *c, double least)
{
    size_t at = 0;
    for (size_t f = 0; f < c->n_files; f++)
        for (size_t i = 0; i < c->file[f]->n; i++)
            c->positive[at++] = c->file[f]->row[i].gold >= least;
}

/* By --positive, or where the scores have two values. */
static int classify(sts_corpus *c, const sts_data_options *o, sts_err *err)
{
    const char *given = o ? o->positive : NULL;
    double least, value[2];
    if (given && !sts_number_parse(given, strlen(given), &least))
        return sts_fail(err, STS_USAGE, "--positive: '%.60s' is not a number", given);
    if (!c->score || (!given && !sts_corpus_two_values(c, value))) return 0;
    if (!(c->positive = sts_alloc(c->n, sizeof *c->positive)))
        return sts_fail_memory(err, "the data");
    if (given) mark_positive(c, least);
    for (size_t i = 0; i < c->n && !given; i++) c->positive[i] = c->score[i] == value[1];
    return 0;
}

void sts_corpus_scale(const sts_corpus *c, const sts_corpus *rest, double *lo, double *hi)
{
    if (!c->n_files && rest) c = rest;
    *lo = c->n_files ? c->file[0]->score_min : 0;
    *hi = c->n_files ? c->file[0]->score_max : 1;
    for (size_t i = 1; i < c->n_files; i++) {
        if (c->file[i]->score_min == *lo && c->file[i]->score_max == *hi) continue;
        *lo = 0;
        *hi = 1;
    }
}

static void note_one_class(const sts_corpus *c, const char *least, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) n += c->positive[i];
    if (n && n < c->n) return;
    sts_note(STS_WARN, "%s: --positive %s leaves one class: %s of the %zu scores is that high",
             name, least, n ? "each" : "none", c->n);
}

void sts_corpus_note_classes(const sts_corpus *c, const sts_data_options *o, const char *name)
{
    double value[2], lo, hi;
    if (o->positive && c->positive) note_one_class(c, o->positive, name);
    if (o->positive || !sts_corpus_two_values(c, value)) return;
    sts_corpus_scale(c, NULL, &lo, &hi);
    sts_note(STS_INFO, "%s: its scores are %.6g or %.6g: evaluated as two classes, %.6g being "
                       "positive", name, lo + value[0] * (hi - lo), lo + value[1] * (hi - lo),
             lo + value[1] * (hi - lo));
}

/* ---- joining and cutting ---- */

int sts_corpora_have_range(const sts_corpus *const *c, size_t n, const sts_data_options *o,
                           sts_err *err)
{
    char lo[32], hi[32], own_lo[32], own_hi[32];
    sts_scale s;
    const sts_dataset *own = NULL;
    if (sts_scale_parse(&s, o, NULL, err)) return -1;
    for (size_t i = 0; i < n && s.ranged; i++) {
        for (size_t k = 0; k < c[i]->n_files; k++) {
            const sts_dataset *d = c[i]->file[k];
            if (!d->scored) continue;
            if (d->score_min == s.min && d->score_max == s.max) return 0;
            if (!own) own = d;
        }
    }
    if (!own) return 0;
    sts_decimal_format(s.min, lo);
    sts_decimal_format(s.max, hi);
    sts_decimal_format(own->score_min, own_lo);
    sts_decimal_format(own->score_max, own_hi);
    return sts_fail(err, STS_USAGE, "--score-range %s:%s: the scores of %s run from %s to %s, as "
                    "in all files of %s: leave it out, or say %s=%s:%s", lo, hi, own->path, own_lo,
                    own_hi, own->format, own->path, lo, hi);
}

int sts_corpus_load(sts_corpus *c, const char *const *paths, size_t n, const sts_data_options *o,
                    sts_err *err)
{
    *c = (sts_corpus){0};
    int rc = load_files(c, paths, n, o, err);
    if (!rc) rc = sts_corpus_join(c, o, err);
    for (size_t f = 0; f < c->n_files; f++) sts_dataset_forget_rows(c->file[f]);
    if (rc) sts_corpus_free(c);
    return rc;
}

int sts_corpus_join(sts_corpus *c, const sts_data_options *o, sts_err *err)
{
    c->n = 0;
    for (size_t f = 0; f < c->n_files; f++) c->n += c->file[f]->n;
    c->columns = c->n_files ? c->file[0]->n_texts : 0;
    if (allocate(c, c->file[0]->scored && c->columns == 2, false, err)) return -1;
    fill(c);
    return classify(c, o, err);
}

static void copy_row(sts_corpus *to, size_t i, const sts_corpus *from, size_t j)
{
    size_t columns = (size_t)from->columns;
    memmove(to->text + i * columns, from->text + j * columns, columns * sizeof *to->text);
    if (from->score) to->score[i] = from->score[j];
    if (from->positive) to->positive[i] = from->positive[j];
    if (from->weight) to->weight[i] = from->weight[j];
    if (from->id) to->id[i] = from->id[j];
}

int sts_corpus_move(sts_corpus *c, sts_corpus *held, const bool *out, sts_err *err)
{
    *held = (sts_corpus){.columns = c->columns};
    for (size_t i = 0; i < c->n; i++) held->n += out[i];
    if (allocate(held, c->score, c->positive, err) ||
        sts_corpus_make_numbers(held, c->weight, c->id, err)) {
        sts_corpus_free(held);
        return -1;
    }
    size_t kept = 0, moved = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (out[i]) copy_row(held, moved++, c, i);
        else copy_row(c, kept++, c, i);
    }
    c->n = kept;
    return 0;
}

size_t sts_corpus_drop_below(sts_corpus *c, double least)
{
    size_t kept = 0, n = c->n;
    for (size_t i = 0; i < n; i++)
        if (!c->score || c->score[i] >= least) copy_row(c, kept++, c, i);
    c->n = kept;
    return n - kept;
}

int sts_corpus_is_bag(const char *model, sts_err *err)
{
    struct stat s;
    if (strcmp(model, "bag")) return 0;
    if (!sts_sys.stat(model, &s)) return !S_ISDIR(s.st_mode);
    return errno == ENOENT ? 1 : sts_fail_errno(err, model, "cannot stat");
}

void sts_corpus_free(sts_corpus *c)
{
    for (size_t i = 0; i < c->n_files; i++) sts_dataset_free(c->file[i]);
    sts_free(c->file);
    sts_free(c->text);
    sts_free(c->score);
    sts_free(c->positive);
    sts_free(c->weight);
    sts_free(c->id);
    *c = (sts_corpus){0};
}

int sts_corpus_spare(const sts_corpus *c, const char *output, sts_err *err)
{
    for (size_t i = 0; i < c->n_files && output; i++) {
        const char *path = c->file[i]->path;
        if (sts_output_check(output, &path, 1, err)) return -1;
    }
    return 0;
}

mode_t sts_corpus_mode(const sts_corpus *c)
{
    mode_t mode = 0777;
    struct stat s;
    for (size_t i = 0; i < c->n_files; i++) {
        const char *path = c->file[i]->path;
        int rc = strcmp(path, "-") ? sts_sys.stat(path, &s) : sts_sys.fstat(0, &s);
        if (rc) mode &= 0700; /* gone meanwhile: its owner's alone */
        else if (S_ISREG(s.st_mode)) mode &= s.st_mode;
    }
    return mode;
}

static void add_file(sts_json *list, const sts_dataset *d)
{
    sts_json *f = sts_json_new_object(), *mapping, *skipped;
    char crc[16];
    snprintf(crc, sizeof crc, "%08x", d->crc);
    sts_json_add_string(f, "file", d->path);
    sts_json_add_string(f, "format", d->format);
    sts_json_add_string(f, "detected", d->detected);
    sts_json_add_number(f, "bytes", (double)d->bytes);
    sts_json_add_string(f, "crc32", crc);
    sts_json_add_number(f, "rows_read", (double)d->n_read);
    sts_json_add_number(f, "rows_used", (double)d->n);
    skipped = sts_json_add_object(f, "skipped");
    for (int i = 0; i < STS_SKIP_COUNT; i++)
        if (d->skipped[i])
            sts_json_add_number(skipped, sts_skip_name((sts_skip)i), (double)d->skipped[i]);
    if (d->scored) {
        mapping = sts_json_add_object(f, "score_mapping");
        sts_json_add_number(mapping, "min", d->score_min);
        sts_json_add_number(mapping, "max", d->score_max);
    }
    sts_json_append(list, f);
}

sts_json *sts_corpus_json(const sts_corpus *c)
{
    sts_json *list = sts_json_new_array();
    for (size_t i = 0; i < c->n_files && list; i++) add_file(list, c->file[i]);
    return list;
}
