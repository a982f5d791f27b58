/* bag_text.c - the built-in encoder from texts to vectors, word by word. The features of a word are
 * the same wherever it stands, so that their weighted sum is remembered. A feature with a count of
 * c in the text is weighted by sqrt(c), not c: what is too much is taken off at the end,
 *     h = 1/n (sum_words v_word + sum_{f: c_f > 1} (sqrt(c_f) - c_f) idf_f exp(s_f) v_f). */
#include "core/mem.h"
#include "core/rng.h"
#include "model/bag.h"

#include <math.h>
#include <string.h>

#define MEMORY ((size_t)16 << 20) /* bytes of vectors that are remembered */
#define WORDS 16      /* of a text, roughly */
#define CHARACTERS 24 /* of the longest word that is remembered, */
#define FEATURES 80   /* and what it may have: 73 where n-grams have 2 to 4 characters */
#define SMALLEST 1024 /* table of counts */

typedef struct word {
    uint32_t c[CHARACTERS];
    int32_t id[FEATURES];
    uint16_t n, n_id; /* n 0: empty */
    bool runs_on;
} word;

/* How often the text at work has a feature. */
typedef struct seen {
    int32_t id;
    uint32_t text, count; /* text: number of the one that it was counted for */
} seen;

typedef struct memory {
    word *slot;    /* [slots] the last word met of all whose hash leads here */
    float *vector; /* [slots x hidden] */
    size_t slots;
    seen *table;   /* [size], a power of two, at most half full */
    size_t size;
    uint32_t text; /* number of the text at work; 0: none yet */
    sts_ids ids;   /* of a word that is not remembered */
    sts_ids twice; /* features that the text has more than once */
    float *weight; /* [cap] of a sum */
    size_t cap;
    double *total; /* [hidden] of the words: what is taken off is most of it in long texts */
    float *sum;    /* [hidden] */
    float *scratch; /* [4 hidden] */
} memory;

/* A text at work. */
typedef struct text {
    const sts_net *net;
    memory *m;
    size_t left; /* features that are still taken */
} text;

static int count_word(void *ctx, const uint32_t *c, size_t n, bool runs_on)
{
    (void)c;
    text *t = ctx;
    t->left += sts_word_count(n, runs_on, sts_bag_features(t->net));
    return 0;
}

static int count(const sts_net *net, const char *s, size_t n, size_t max_len, size_t *all,
                 bool *truncated, sts_err *err)
{
    text t = {.net = net};
    if (sts_words(s, n, count_word, &t)) return sts_fail_memory(err, "the features of a text");
    bool cut = max_len && t.left > max_len;
    *all = cut ? max_len : t.left;
    if (truncated) *truncated = cut;
    return 0;
}

static void close_memory(void *p)
{
    memory *m = p;
    if (!m) return;
    sts_free(m->slot);
    sts_free(m->vector);
    sts_free(m->table);
    sts_free(m->weight);
    sts_free(m->total);
    sts_free(m->sum);
    sts_free(m->scratch);
    sts_ids_free(&m->ids);
    sts_ids_free(&m->twice);
    sts_free(m);
}

static void *open_memory(const sts_net *net, size_t texts, sts_err *err)
{
    size_t dim = (size_t)net->hidden, limit = MEMORY / (dim * sizeof(float)) + 1;
    memory *m = sts_alloc(1, sizeof *m);
    if (m) {
        m->slots = texts < limit / WORDS ? WORDS * texts + 1 : limit;
        m->slot = sts_alloc(m->slots, sizeof *m->slot);
        m->vector = sts_alloc(m->slots * dim, sizeof *m->vector);
        m->total = sts_alloc(dim, sizeof *m->total);
        m->sum = sts_alloc(dim, sizeof *m->sum);
        m->scratch = sts_alloc(4 * dim, sizeof *m->scratch);
    }
    if (m && m->slot && m->vector && m->total && m->sum && m->scratch) return m;
    close_memory(m);
    sts_fail_memory(err, "the encoder's words");
    return NULL;
}

/* ---- one text ---- */

/* Room for n features, repeats counted. */
static int reserve(memory *m, size_t n)
{
    size_t size = m->size ? m->size : SMALLEST, distinct = STS_FEATURE_BUCKETS;
    while (size / 2 < n && size / 2 < distinct) size *= 2;
    if (size == m->size) return 0;
    seen *table = sts_alloc(size, sizeof *table);
    if (!table) return -1;
    sts_free(m->table);
    m->table = table;
    m->size = size;
    m->text = 0;
    return 0;
}

/* Another text: nothing is counted yet. */
static void start(memory *m, size_t dim)
{
    memset(m->total, 0, dim * sizeof *m->total);
    m->twice.n = 0;
    if (++m->text) return;
    memset(m->table, 0, m->size * sizeof *m->table);
    m->text = 1;
}

/* Counts a feature once more; the second time it is noted. */
static int add_count(memory *m, int32_t id)
{
    size_t i = (size_t)sts_mix64((uint64_t)id) & (m->size - 1);
    while (m->table[i].text == m->text && m->table[i].id != id) i = (i + 1) & (m->size - 1);
    seen *s = &m->table[i];
    if (s->text != m->text) *s = (seen){id, m->text, 0};
    return ++s->count == 2 ? sts_ids_push(&m->twice, id) : 0;
}

static uint32_t count_of(const memory *m, int32_t id)
{
    size_t i = (size_t)sts_mix64((uint64_t)id) & (m->size - 1);
    while (m->table[i].id != id || m->table[i].text != m->text) i = (i + 1) & (m->size - 1);
    return m->table[i].count;
}

/* to[hidden] = the sum of the features id[n], each once. */
static int sum_ids(const text *t, const int32_t *id, size_t n, float *to)
{
    memory *m = t->m;
    while (m->cap < n)
        if (sts_grow(&m->weight, m->cap, &m->cap, sizeof *m->weight)) return -1;
    for (size_t i = 0; i < n; i++) m->weight[i] = sts_bag_weight(t->net, id[i]);
    sts_bag_sum(t->net, id, m->weight, (int)n, to, m->scratch);
    return 0;
}

static int find_ids(const text *t, const uint32_t *c, size_t n, bool runs_on)
{
    sts_ids *ids = &t->m->ids;
    ids->n = 0;
    if (sts_word_features(c, n, runs_on, sts_bag_features(t->net), ids)) return -1;
    for (size_t i = 0; i < ids->n; i++) ids->v[i] = sts_bag_row(t->net, ids->v[i]);
    return 0;
}

static bool is_word(const word *w, const uint32_t *c, size_t n, bool runs_on)
{
    return w->n == n && w->runs_on == runs_on && !memcmp(w->c, c, n * sizeof *c);
}

/* The slot of a word, filled if it was not; NULL: memory is out. */
static const word *recall(const text *t, const uint32_t *c, size_t n, bool runs_on, float **vector)
{
    uint64_t h = runs_on;
    for (size_t i = 0; i < n; i++) h = sts_mix64(h + c[i]);
    size_t at = h % t->m->slots;
    word *w = &t->m->slot[at];
    *vector = t->m->vector + at * (size_t)t->net->hidden;
    if (is_word(w, c, n, runs_on)) return w;
    w->n = 0;
    if (find_ids(t, c, n, runs_on)) return NULL;
    const sts_ids *ids = &t->m->ids;
    if (sum_ids(t, ids->v, ids->n, *vector)) return NULL;
    memcpy(w->c, c, n * sizeof *c);
    memcpy(w->id, ids->v, ids->n * sizeof *ids->v);
    w->n = (uint16_t)n;
    w->n_id = (uint16_t)ids->n;
    w->runs_on = runs_on;
    return w;
}

static int add(text *t, const int32_t *id, size_t n, const float *vector)
{
    for (int i = 0; i < t->net->hidden; i++) t->m->total[i] += (double)vector[i];
    for (size_t i = 0; i < n; i++)
        if (add_count(t->m, id[i])) return -1;
    t->left -= n;
    return 0;
}

/* Ends the walk where no feature is left. */
static int add_word(void *ctx, const uint32_t *c, size_t n, bool runs_on)
{
    enum { FULL = 1 };
    text *t = ctx;
    size_t all = sts_word_count(n, runs_on, sts_bag_features(t->net));
    if (!t->left) return FULL;
    if (n <= CHARACTERS && all <= FEATURES && all <= t->left) {
        float *vector;
        const word *w = recall(t, c, n, runs_on, &vector);
        return w ? add(t, w->id, w->n_id, vector) : -1;
    }
    if (find_ids(t, c, n, runs_on)) return -1;
    size_t taken = all < t->left ? all : t->left;
    const int32_t *id = t->m->ids.v;
    return sum_ids(t, id, taken, t->m->sum) ? -1 : add(t, id, taken, t->m->sum);
}

/* out = 1/n (total, less what repeated features have too much). */
static void finish(const text *t, size_t n, float *out)
{
    memory *m = t->m;
    for (size_t k = 0; k < m->twice.n; k++) {
        int32_t id = m->twice.v[k];
        double c = count_of(m, id), w = (sqrt(c) - c) * (double)sts_bag_weight(t->net, id);
        const float *v = sts_bag_vector(t->net, id, m->scratch);
        for (int i = 0; i < t->net->hidden; i++) m->total[i] += w * (double)v[i];
    }
    for (int i = 0; i < t->net->hidden; i++) out[i] = (float)(m->total[i] / (double)n);
}

static int embed(const sts_net *net, void *p, const char *s, size_t n, size_t ids, float *out,
                 sts_err *err)
{
    memory *m = p;
    size_t dim = (size_t)net->hidden;
    text t = {net, m, ids};
    memset(out, 0, dim * sizeof *out);
    if (!ids) return 0;
    int rc = reserve(m, ids);
    if (!rc) start(m, dim);
    if (!rc) rc = sts_words(s, n, add_word, &t) < 0 ? -1 : 0;
    if (rc) return sts_fail_memory(err, "the vector of a text");
    finish(&t, ids, out);
    return 0;
}

const sts_text_encoder sts_bag_texts = {
    .count = count, .open = open_memory, .close = close_memory, .embed = embed};
