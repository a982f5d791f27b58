/* repeats.c - one pass over the training rows, one over those of dev and test. */
#include "data/repeats.h"

#include "core/mem.h"
#include "data/distinct.h"

#include <math.h>

#define REPORT_EVERY 65536 /* rows between two reports of progress */

typedef struct count {
    sts_distinct distinct;
    size_t met, all; /* rows compared so far, and all there are */
    sts_err *err;
    double *first;  /* score of each pair's first row */
    uint32_t *uses; /* distinct pairs that have each text */
    size_t cap_first, cap_uses, n_uses;
} count;

static int no_memory(const count *k)
{
    return sts_fail_memory(k->err, "comparing rows");
}

/* The numbers of a row's texts and of their pair. 0, or -1 (memory, or stopped). */
static int number_row(count *k, const sts_str *text, uint32_t id[3])
{
    if (++k->met % REPORT_EVERY == 0 && sts_advance("comparing", k->met, k->all, k->err)) return -1;
    for (int i = 0; i < 2; i++) {
        id[i] = sts_distinct_text(&k->distinct, text[i]);
        if (id[i] == STS_NO_NUMBER) return no_memory(k);
    }
    id[2] = sts_distinct_pair(&k->distinct, id[0], id[1]);
    return id[2] == STS_NO_NUMBER ? no_memory(k) : 0;
}

static int use_texts(count *k, const uint32_t id[3])
{
    while (k->n_uses < k->distinct.texts.n) {
        if (sts_grow(&k->uses, k->n_uses, &k->cap_uses, sizeof *k->uses)) return no_memory(k);
        k->uses[k->n_uses++] = 0;
    }
    k->uses[id[0]]++;
    k->uses[id[1]] += id[0] != id[1];
    return 0;
}

static int count_train(count *k, const sts_corpus *c, sts_repeats *out)
{
    uint32_t id[3];
    for (size_t i = 0; i < c->n; i++) {
        size_t known = k->distinct.pairs.n;
        double score = c->score ? c->score[i] : 0;
        if (number_row(k, c->text + i * (size_t)c->columns, id)) return -1;
        if (id[2] < known) {
            out->again++;
            out->conflicts += fabs(score - k->first[id[2]]) > STS_APART;
            continue;
        }
        if (sts_grow(&k->first, known, &k->cap_first, sizeof *k->first)) return no_memory(k);
        if (use_texts(k, id)) return -1;
        k->first[known] = score;
    }
    return 0;
}

/* Pairs that share a text with another one; asks for the numbers of all rows once more. */
static int count_sharing(count *k, const sts_corpus *c, sts_repeats *out)
{
    uint32_t id[3], next = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (number_row(k, c->text + i * (size_t)c->columns, id)) return -1;
        if (id[2] < next) continue;
        next++;
        out->sharing += k->uses[id[0]] > 1 || k->uses[id[1]] > 1;
    }
    return 0;
}

static int count_shared(count *k, const sts_corpus *c, size_t n_train, size_t *out)
{
    uint32_t id[3] = {0};
    for (size_t i = 0; i < c->n; i++) {
        if (number_row(k, c->text + i * (size_t)c->columns, id)) return -1;
        *out += id[2] < n_train;
    }
    return 0;
}

int sts_repeats_count(sts_repeats *out, const sts_corpus *train, const sts_corpus *const *other,
                      size_t *in_train, size_t n, sts_err *err)
{
    *out = (sts_repeats){0};
    count k = {.distinct = sts_distinct_new(), .all = 2 * train->n, .err = err};
    for (size_t i = 0; i < n; i++) k.all += other[i]->n;
    int rc = count_train(&k, train, out) || count_sharing(&k, train, out) ? -1 : 0;
    size_t trained = k.distinct.pairs.n;
    for (size_t i = 0; i < n && !rc; i++) {
        in_train[i] = 0;
        rc = count_shared(&k, other[i], trained, &in_train[i]);
    }
    sts_distinct_free(&k.distinct);
    sts_free(k.first);
    sts_free(k.uses);
    return rc;
}
