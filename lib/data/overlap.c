/* overlap.c - rows that say the same thing: duplicates, conflicts, and what files share. Time is
 * linear in the rows. */
#include "core/mem.h"
#include "data/distinct.h"
#include "data/repeats.h"
#include "data/survey.h"

#include <math.h>

#define NOTHING UINT32_MAX

/* Where an item was met: the first row of each file, the latest file first. */
typedef struct place {
    uint32_t file, row, next; /* next: index into places */
} place;

/* Of items with numbers: where each was met. */
typedef struct meetings {
    uint32_t *met; /* the latest place of each item */
    size_t n, cap; /* items */
    place *places;
    size_t n_places, cap_places;
} meetings;

/* Item `id`, the newest or an older one, is in this row. The place where it was met before, through
 * *before (NULL: nowhere); 1 when it is new in this file, 0 when not, -1 without memory. */
static int meet(meetings *s, uint32_t id, uint32_t file, uint32_t row, const place **before)
{
    if (id == STS_NO_NUMBER || s->n_places == NOTHING) return -1;
    if (id == s->n) {
        if (sts_grow(&s->met, s->n, &s->cap, sizeof *s->met)) return -1;
        s->met[s->n++] = NOTHING;
    }
    if (sts_grow(&s->places, s->n_places, &s->cap_places, sizeof *s->places)) return -1;
    uint32_t last = s->met[id];
    *before = last == NOTHING ? NULL : &s->places[last];
    if (*before && (*before)->file == file) return 0;
    s->places[s->n_places] = (place){file, row, last};
    s->met[id] = (uint32_t)s->n_places++;
    return 1;
}

/* ---- findings ---- */

typedef struct work {
    sts_survey *survey;
    sts_distinct distinct;
    meetings sentences, pairs;
    sts_leak *leak; /* [n_files x n_files] */
} work;

static const sts_row *row_at(const work *w, const place *p)
{
    return &w->survey->file[p->file].data->row[p->row];
}

static void add_finding(sts_findings *f, const sts_row *row, const place *p, const sts_row *other)
{
    sts_finding_add(f, &(sts_finding){.line = row->line,
                                      .other_line = other->line,
                                      .other_file = p->file,
                                      .score = row->gold,
                                      .other_score = other->gold,
                                      .row = row});
}

/* A pair that is new in this file: what it shares with each file before. */
static void leak_pair(work *w, size_t file, const sts_row *row, const place *p)
{
    for (;; p = &w->pairs.places[p->next]) {
        sts_leak *k = &w->leak[file * w->survey->n_files + p->file];
        if (!k->pairs++) {
            k->line = row->line;
            k->other_line = row_at(w, p)->line;
        }
        if (p->next == NOTHING) return;
    }
}

static void leak_sentence(work *w, size_t file, const place *p)
{
    for (;; p = &w->sentences.places[p->next]) {
        w->leak[file * w->survey->n_files + p->file].sentences++;
        if (p->next == NOTHING) return;
    }
}

/* Numbers a sentence, and notes it for the files that had it before. */
static int meet_sentence(work *w, sts_str text, uint32_t file, uint32_t row, uint32_t *id)
{
    const place *before;
    *id = sts_distinct_text(&w->distinct, text);
    int fresh = meet(&w->sentences, *id, file, row, &before);
    if (fresh > 0 && before) leak_sentence(w, file, before);
    return fresh < 0 ? -1 : 0;
}

static int meet_pair(work *w, uint32_t a, uint32_t b, uint32_t file, uint32_t i)
{
    sts_survey_file *f = &w->survey->file[file];
    const sts_row *row = &f->data->row[i];
    const place *before;
    int fresh = meet(&w->pairs, sts_distinct_pair(&w->distinct, a, b), file, i, &before);
    if (fresh < 0 || !before) return fresh < 0 ? -1 : 0;
    if (fresh) leak_pair(w, file, row, before);
    else add_finding(&f->duplicates, row, before, row_at(w, before));
    bool scored = f->data->scored && w->survey->file[before->file].data->scored;
    if (scored && fabs(row->score - row_at(w, before)->score) > STS_APART)
        add_finding(&f->conflicts, row, before, row_at(w, before));
    return 0;
}

static int meet_file(work *w, uint32_t file)
{
    const sts_dataset *d = w->survey->file[file].data;
    for (uint32_t i = 0; d && i < d->n; i++) {
        uint32_t first, second, id;
        const sts_str *text = d->row[i].text;
        if (meet_sentence(w, text[0], file, i, &first) ||
            meet_sentence(w, text[1], file, i, &second))
            return -1;
        for (int k = 2; k < d->n_texts; k++)
            if (meet_sentence(w, text[k], file, i, &id)) return -1;
        if (meet_pair(w, first, second, file, i)) return -1;
    }
    return 0;
}

/* Keeps what is not empty of the table of all pairs of files. */
static int keep_leaks(work *w)
{
    sts_survey *s = w->survey;
    size_t n = s->n_files, cap = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            sts_leak k = w->leak[i * n + j];
            if (!k.pairs && !k.sentences) continue;
            if (sts_grow(&s->leak, s->n_leaks, &cap, sizeof *s->leak)) return -1;
            k.file = i;
            k.other = j;
            s->leak[s->n_leaks++] = k;
        }
    }
    return 0;
}

static void meetings_free(meetings *s)
{
    sts_free(s->met);
    sts_free(s->places);
}

int sts_survey_overlap(sts_survey *s, sts_err *err)
{
    work w = {.survey = s, .distinct = sts_distinct_new()};
    w.leak = sts_alloc(s->n_files * s->n_files, sizeof *w.leak);
    int rc = w.leak ? 0 : -1;
    for (size_t i = 0; i < s->n_files && !rc; i++) rc = meet_file(&w, (uint32_t)i);
    if (!rc) rc = keep_leaks(&w);
    sts_distinct_free(&w.distinct);
    meetings_free(&w.sentences);
    meetings_free(&w.pairs);
    sts_free(w.leak);
    return rc ? sts_fail_memory(err, "comparing rows") : 0;
}
