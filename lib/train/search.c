/* search.c - which trials were good, and what to try next: random steps around the best options,
 * each option by a factor that is log-normal, smaller as the search advances (as the autotuning of
 * fastText, Joulin et al., "Bag of tricks for efficient text classification"). */
#include "train/search.h"

#include "core/mem.h"

#include <math.h>

#define STREAM 0x74756e65u
#define NARROW 12 /* trials until steps are shorter by a factor of the square root of two */
#define DRAWS 50  /* until options are new */

int sts_search_add(sts_search *s, const sts_search_trial *t, sts_err *err)
{
    if (sts_grow(&s->v, s->n, &s->cap, sizeof *s->v)) return sts_fail_memory(err, "the search");
    s->v[s->n++] = *t;
    return 0;
}

static bool is_first(const sts_search *s, size_t i)
{
    return s->v[i].of == i;
}

size_t sts_search_count(const sts_search *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) n += is_first(s, i);
    return n;
}

/* Of trials that were stopped early none is the best. */
static bool may_win(const sts_search *s, size_t i)
{
    return is_first(s, i) && s->v[i].status == STS_TRIAL_COMPLETED && !isnan(s->v[i].value);
}

size_t sts_search_best_of(const sts_search *s, size_t known)
{
    size_t best = SIZE_MAX, n = 0;
    for (size_t i = 0; i < s->n && n < known; i++) {
        n += is_first(s, i);
        if (may_win(s, i) &&
            (best == SIZE_MAX || sts_metric_better(s->metric, s->v[i].value, s->v[best].value)))
            best = i;
    }
    return best;
}

size_t sts_search_best(const sts_search *s)
{
    return sts_search_best_of(s, SIZE_MAX);
}

size_t sts_search_known(const sts_search *s, size_t n)
{
    size_t jobs = s->jobs ? s->jobs : 1;
    return n ? 1 + (n - 1) / jobs * jobs : 0;
}

static bool was_tried(const sts_search *s, const sts_settings *x)
{
    for (size_t i = 0; i < s->n; i++)
        if (sts_settings_equal(&s->v[i].settings, x)) return true;
    return false;
}

sts_settings sts_search_next(const sts_search *s)
{
    size_t n = sts_search_count(s), best = sts_search_best_of(s, sts_search_known(s, n));
    const sts_settings *from = &s->v[best == SIZE_MAX ? 0 : best].settings;
    double scale = 1 / sqrt(1 + (double)n / NARROW);
    sts_rng r = sts_rng_new(s->seed, STREAM + n);
    sts_settings x = sts_search_step(&s->space, from, scale, &r);
    for (int k = 0; k < DRAWS && was_tried(s, &x); k++)
        x = sts_search_step(&s->space, from, scale, &r);
    return x;
}

/* ---- several seeds ---- */

/* Puts trial i in its place among the n best. */
static size_t insert(const sts_search *s, size_t *out, size_t n, size_t i)
{
    size_t at = n < STS_SEARCH_FINALISTS ? n++ : STS_SEARCH_FINALISTS;
    for (; at && sts_metric_better(s->metric, s->v[i].value, s->v[out[at - 1]].value); at--)
        if (at < STS_SEARCH_FINALISTS) out[at] = out[at - 1];
    if (at < STS_SEARCH_FINALISTS) out[at] = i;
    return n;
}

size_t sts_search_finalists(const sts_search *s, size_t out[STS_SEARCH_FINALISTS + 1])
{
    size_t n = 0;
    bool has_first = false;
    for (size_t i = 0; i < s->n; i++)
        if (may_win(s, i)) n = insert(s, out, n, i);
    for (size_t i = 0; i < n; i++) has_first |= out[i] == 0;
    if (!has_first && s->n && may_win(s, 0)) out[n++] = 0;
    return n;
}

double sts_search_mean(const sts_search *s, size_t trial, size_t seeds, double *deviation)
{
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->v[i].of != trial || s->v[i].seed - s->seed >= seeds) continue;
        sum += s->v[i].value;
        squares += s->v[i].value * s->v[i].value;
        n++;
    }
    double mean = sum / (double)n, spread = squares - mean * sum;
    if (deviation) *deviation = n > 1 ? sqrt(fmax(spread, 0) / (double)(n - 1)) : NAN;
    return n == seeds ? mean : NAN;
}

static size_t count_seeds(const sts_search *s, size_t trial)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) n += s->v[i].of == trial;
    return n;
}

size_t sts_search_seeds(const sts_search *s)
{
    size_t out[STS_SEARCH_FINALISTS + 1], n = sts_search_finalists(s, out), least = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t seeds = count_seeds(s, out[i]);
        if (seeds < least) least = seeds;
    }
    return n ? least : 0;
}

size_t sts_search_winner(const sts_search *s)
{
    size_t out[STS_SEARCH_FINALISTS + 1], n = sts_search_finalists(s, out), best = 0;
    size_t seeds = sts_search_seeds(s);
    double value = n ? sts_search_mean(s, out[0], seeds, NULL) : NAN;
    for (size_t i = 1; i < n; i++) {
        double x = sts_search_mean(s, out[i], seeds, NULL);
        if (!sts_metric_better(s->metric, x, value) && !(isnan(value) && !isnan(x))) continue;
        best = i;
        value = x;
    }
    return n ? out[best] : SIZE_MAX;
}
