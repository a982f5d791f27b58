/* overlap.c - rows that say the same thing: duplicates, conflicts, and what files share. Sentences
 * are numbered by a hash set, pairs by a set over two such numbers, so that time is linear in the
 * rows; the hash is seeded, so that no file can make it collide. */
#include "core/clock.h"
#include "core/mem.h"
#include "core/rng.h"
#include "data/survey.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define APART 0.2 /* normalised scores of one pair that differ by more contradict each other */
#define NOTHING UINT32_MAX

/* Where an item was met: the first row of each file, the latest file first. */
typedef struct place {
    uint32_t file, row, next; /* next: index into places */
} place;

/* Items numbered from 0 in the order they came. */
typedef struct set {
    uint64_t *hash; /* of each item */
    uint32_t *met;  /* its latest place */
    sts_str *text;  /* its text, in a set of texts */
    size_t n, cap_hash, cap_met, cap_text;
    uint32_t *slot; /* number + 1, or 0; a power of two of them, at most half in use */
    size_t n_slots;
    place *places;
    size_t n_places, cap_places;
    bool texts;
} set;

static void set_free(set *s)
{
    sts_free(s->hash);
    sts_free(s->met);
    sts_free(s->text);
    sts_free(s->slot);
    sts_free(s->places);
}

/* Eight bytes at a time, each mixed in by a bijection. */
static uint64_t hash_text(sts_str s, uint64_t seed)
{
    uint64_t h = seed ^ s.n, w;
    size_t i = 0;
    for (; s.n - i >= sizeof w; i += sizeof w) {
        memcpy(&w, s.s + i, sizeof w);
        h = sts_mix64(h ^ w);
    }
    w = 0;
    memcpy(&w, s.s + i, s.n - i);
    return sts_mix64(h ^ w);
}

static int set_rehash(set *s)
{
    size_t n = s->n_slots ? s->n_slots * 2 : 1024;
    uint32_t *slot = sts_alloc(n, sizeof *slot);
    if (!slot) return -1;
    for (size_t i = 0; i < s->n; i++) {
        size_t at = s->hash[i] & (n - 1);
        while (slot[at]) at = (at + 1) & (n - 1);
        slot[at] = (uint32_t)i + 1;
    }
    sts_free(s->slot);
    s->slot = slot;
    s->n_slots = n;
    return 0;
}

static bool set_same(const set *s, uint32_t id, uint64_t hash, sts_str text)
{
    assert(s->hash && (s->text || !s->texts));
    if (s->hash[id] != hash) return false;
    return !s->texts || (s->text[id].n == text.n && !memcmp(s->text[id].s, text.s, text.n));
}

/* The number of an item, new or not; NOTHING when memory is out. Pairs need no text: their hash is
 * a one-to-one image of their two numbers. */
static uint32_t set_number(set *s, uint64_t hash, sts_str text)
{
    if (s->n * 2 >= s->n_slots && set_rehash(s)) return NOTHING;
    size_t at = hash & (s->n_slots - 1);
    for (; s->slot[at]; at = (at + 1) & (s->n_slots - 1))
        if (set_same(s, s->slot[at] - 1, hash, text)) return s->slot[at] - 1;
    if (s->n == NOTHING - 1 || sts_grow(&s->hash, s->n, &s->cap_hash, sizeof *s->hash) ||
        sts_grow(&s->met, s->n, &s->cap_met, sizeof *s->met) ||
        (s->texts && sts_grow(&s->text, s->n, &s->cap_text, sizeof *s->text)))
        return NOTHING;
    s->hash[s->n] = hash;
    s->met[s->n] = NOTHING;
    if (s->texts) s->text[s->n] = text;
    s->slot[at] = (uint32_t)++s->n;
    return (uint32_t)s->n - 1;
}

/* Item `id` is in this row. The place where it was met before, through *before (NULL: nowhere);
 * 1 when it is new in this file, 0 when not, -1 without memory. */
static int set_meet(set *s, uint32_t id, uint32_t file, uint32_t row, const place **before)
{
    if (s->n_places == NOTHING ||
        sts_grow(&s->places, s->n_places, &s->cap_places, sizeof *s->places))
        return -1;
    assert(s->met && s->places);
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
    set sentences, pairs;
    uint64_t seed;
    sts_leak *leak; /* [n_files x n_files] */
} work;

static const sts_row *row_at(const work *w, const place *p)
{
    return &w->survey->file[p->file].data->row[p->row];
}

static void add_finding(sts_findings *f, const sts_row *row, const place *p, const sts_row *other)
{
    if (f->n < STS_SURVEY_SHOWN)
        f->first[f->n] = (sts_finding){row->line, other->line, p->file, row->gold, other->gold};
    f->n++;
}

/* A pair that is new in this file: what it shares with each file before. */
static void leak_pair(work *w, size_t file, const sts_row *row, const place *p)
{
    for (;; p = &w->pairs.places[p->next]) {
        sts_leak *k = &w->leak[file * w->survey->n_files + p->file];
        if (!k->pairs++) k->line = row->line, k->other_line = row_at(w, p)->line;
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
    *id = set_number(&w->sentences, hash_text(text, w->seed), text);
    int fresh = *id == NOTHING ? -1 : set_meet(&w->sentences, *id, file, row, &before);
    if (fresh > 0 && before) leak_sentence(w, file, before);
    return fresh < 0 ? -1 : 0;
}

/* Both orders of a pair have one key: the smaller number first. */
static int meet_pair(work *w, uint32_t a, uint32_t b, uint32_t file, uint32_t i)
{
    sts_survey_file *f = &w->survey->file[file];
    const sts_row *row = &f->data->row[i];
    uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    const place *before;
    uint32_t id = set_number(&w->pairs, sts_mix64(key ^ w->seed), (sts_str){NULL, 0});
    int fresh = id == NOTHING ? -1 : set_meet(&w->pairs, id, file, i, &before);
    if (fresh < 0 || !before) return fresh < 0 ? -1 : 0;
    if (fresh) leak_pair(w, file, row, before);
    else add_finding(&f->duplicates, row, before, row_at(w, before));
    bool scored = f->data->scored && w->survey->file[before->file].data->scored;
    if (scored && fabs(row->score - row_at(w, before)->score) > APART)
        add_finding(&f->conflicts, row, before, row_at(w, before));
    return 0;
}

static int meet_file(work *w, uint32_t file)
{
    const sts_dataset *d = w->survey->file[file].data;
    for (uint32_t i = 0; d && i < d->n; i++) {
        uint32_t id[3] = {0};
        for (int k = 0; k < d->n_texts; k++)
            if (meet_sentence(w, d->row[i].text[k], file, i, &id[k])) return -1;
        if (meet_pair(w, id[0], id[1], file, i)) return -1;
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

int sts_survey_overlap(sts_survey *s, sts_err *err)
{
    work w = {.survey = s, .sentences.texts = true};
    w.seed = sts_mix64((uint64_t)(uintptr_t)s ^ (uint64_t)(sts_clock() * 1e9));
    w.leak = sts_alloc(s->n_files * s->n_files, sizeof *w.leak);
    int rc = w.leak ? 0 : -1;
    for (size_t i = 0; i < s->n_files && !rc; i++) rc = meet_file(&w, (uint32_t)i);
    if (!rc) rc = keep_leaks(&w);
    set_free(&w.sentences);
    set_free(&w.pairs);
    sts_free(w.leak);
    return rc ? sts_fail_memory(err, "comparing rows") : 0;
}
