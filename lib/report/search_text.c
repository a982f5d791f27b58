/* search_text.c - the table at the end of a search. */
#include "report/search_text.h"

#include "core/mem.h"

#include <math.h>
#include <stdlib.h>

#define SHOWN 10 /* trials in the table, besides the first */
#define INDENT 24

typedef struct line {
    double value, deviation;
    size_t trial, seeds;
    bool lower;
} line;

/* Those with more seeds first: what a single seed says is worth less. */
static int by_value(const void *a, const void *b)
{
    const line *p = a, *q = b;
    if (p->seeds != q->seeds) return p->seeds > q->seeds ? -1 : 1;
    if (p->value != q->value) return (p->value > q->value) != p->lower ? -1 : 1;
    return p->trial < q->trial ? -1 : 1;
}

static line line_of(const sts_search *s, size_t trial)
{
    line l = {.trial = trial, .lower = s->metric->lower_is_better};
    for (size_t i = 0; i < s->n; i++) l.seeds += s->v[i].of == trial;
    l.value = sts_search_mean(s, trial, l.seeds, &l.deviation);
    return l;
}

static void put_line(sts_strbuf *t, const sts_search *s, const line *l)
{
    char label[64];
    sts_strbuf options = {0};
    sts_settings_put(&options, &s->space, &s->v[l->trial].settings, &s->v[0].settings);
    char *text = sts_strbuf_take(&options);
    size_t at = sts_append(label, sizeof label, 0, "%5zu %9.4f", l->trial + 1, l->value);
    if (l->seeds > 1) sts_append(label, sizeof label, at, " +-%.4f", l->deviation);
    if (text) sts_put_wrapped(t, INDENT, label, "%s", text);
    else t->failed = true;
    sts_free(text);
}

/* What was chosen, by what, and what that means. */
static void put_choice(sts_strbuf *t, const sts_search *s)
{
    size_t winner = sts_search_winner(s), seeds = sts_search_seeds(s);
    const sts_search_trial *w = &s->v[winner];
    sts_strbuf_printf(t, "\n");
    if (!isnan(w->ci95[0]))
        sts_put_wrapped(t, 9, "folds", "out of fold, trial %zu has %s %.4f, 95 %% interval %.4f "
                        "to %.4f",
                        winner + 1, s->metric->name, w->value, w->ci95[0], w->ci95[1]);
    sts_put_wrapped(t, 9, "chosen", "trial %zu of %zu, by %s%s%s: as the best of several its value "
                    "there is too high; a test set shows what it is worth", winner + 1,
                    sts_search_count(s), s->folds ? "out-of-fold predictions" : "the dev set",
                    seeds > 1 ? ", mean of the seeds" : "", winner ? "" : " (the defaults)");
}

char *sts_search_table(const sts_search *s)
{
    sts_strbuf t = {0};
    line *v = sts_alloc(s->n, sizeof *v);
    size_t n = 0;
    for (size_t i = 0; i < s->n && v; i++)
        if (s->v[i].of == i && s->v[i].status == STS_TRIAL_COMPLETED) v[n++] = line_of(s, i);
    if (!v) return NULL;
    qsort(v, n, sizeof *v, by_value);
    sts_strbuf_printf(&t, "trial %9.9s         options\n", s->metric->title);
    for (size_t i = 0; i < n; i++)
        if (i < SHOWN || !v[i].trial) put_line(&t, s, &v[i]);
    put_choice(&t, s);
    sts_free(v);
    return sts_strbuf_take(&t);
}
