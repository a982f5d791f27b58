/* bag.c - the built-in encoder: a sentence is the weighted mean of the vectors of its features
 * (token/features.h). For features f with counts c_f in a sentence of n features,
 *     h = 1/n sum_f sqrt(c_f) idf_f exp(s_f) v_f.
 * Features that two or more of the training texts have are rows with v and s to learn; of others v
 * is drawn from their hash whenever needed, and s is 0. Vectors start as random signs (Achlioptas,
 * "Database-friendly random projections", 2003), so that before training cosines are about those
 * of the sparse vectors of idf weights. The learning rate of vectors falls as they get longer,
 * since Adam's steps do not get shorter where there are more numbers: the best rates that were
 * measured on STSbenchmark fall as 1 / width. */
#include "core/c_locale.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/sort.h"
#include "core/threads.h"
#include "model/bag.h"
#include "model/bag_static.h"
#include "model/encoder_config.h"
#include "model/model.h"
#include "model/net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 384 /* numbers per vector, where nothing else is said */

/* Which buckets have a row, and how many with a row come before each 64 buckets. */
typedef struct bucket_set {
    uint64_t has[STS_FEATURE_BUCKETS / 64];
    int32_t before[STS_FEATURE_BUCKETS / 64];
} bucket_set;

typedef struct bag {
    int dim, rows;
    sts_feature_options features;
    uint64_t seed;
    double documents; /* texts that the document frequencies were counted over */
    float dropout;    /* of whole features */
    int buckets, idf, scale, vectors; /* parameters */
    bucket_set row_of;
} bag;

/* ---- settings and tensors ---- */

static int configure(sts_net *net, const sts_json_in *in)
{
    bag *g = sts_alloc(1, sizeof *g);
    if (!g) return sts_fail_memory(in->err, "the encoder");
    net->config = g;
    int64_t seed = 0;
    g->dim = WIDTH;
    g->features = (sts_feature_options){2, 4};
    if (sts_config_int(in, "dimension", 1, STS_MAX_WIDTH, &g->dim) ||
        sts_config_int(in, "features", 0, STS_FEATURE_BUCKETS, &g->rows) ||
        sts_config_int(in, "ngram_shortest", 1, 16, &g->features.shortest) ||
        sts_config_int(in, "ngram_longest", g->features.shortest, 16, &g->features.longest) ||
        sts_config_prob(in, "dropout", &g->dropout) ||
        sts_json_num(in, "documents", 0, 1e15, &g->documents) ||
        sts_json_int(in, "seed", 0, INT64_MAX >> 11, &seed))
        return -1;
    g->seed = (uint64_t)seed;
    net->hidden = g->dim;
    net->vocab = g->rows + STS_FEATURE_BUCKETS;
    return 0;
}

static void set_dropout(sts_net *net, float p)
{
    ((bag *)net->config)->dropout = p;
}

static const char *describe_dropout(const sts_net *net, char out[160])
{
    sts_print(out, 160, "dropout %g", (double)((const bag *)net->config)->dropout);
    return out;
}

static int layout(sts_net *net, sts_err *err)
{
    bag *g = net->config;
    size_t rows = (size_t)g->rows;
    if (sts_net_add(net, err, STS_NO_DECAY, "", "buckets", rows, 0, &g->buckets) ||
        sts_net_add(net, err, STS_NO_DECAY, "", "idf", rows, 0, &g->idf) ||
        sts_net_add(net, err, STS_NO_DECAY | STS_SPARSE, "", "log_weights", rows, 0, &g->scale) ||
        sts_net_add(net, err, STS_SPARSE, "", "vectors", rows, (size_t)g->dim, &g->vectors))
        return -1;
    net->params->v[g->buckets].frozen = net->params->v[g->idf].frozen = true;
    net->params->v[g->scale].lr_scale = 20;
    net->params->v[g->vectors].lr_scale = (float)WIDTH / (float)g->dim;
    return 0;
}

/* ---- texts to rows ---- */

/* Fills row_of from the buckets of the rows. */
static int index_rows(sts_net *net, sts_err *err)
{
    bag *g = net->config;
    const float *buckets = sts_net_value(net, g->buckets); /* whole numbers below 2^24: exact */
    bucket_set *set = &g->row_of;
    memset(set, 0, sizeof *set);
    for (int i = 0; i < g->rows; i++) {
        float b = buckets[i];
        bool good = b >= 0 && b < (float)STS_FEATURE_BUCKETS && floorf(b) == b;
        if (!good || (i && !(buckets[i - 1] < b)))
            return sts_fail(err, STS_MODEL, "buckets[%d] is %g: must be whole numbers in ascending "
                            "order, below %d", i, (double)b, STS_FEATURE_BUCKETS);
        set->has[(uint32_t)b / 64] |= (uint64_t)1 << ((uint32_t)b % 64);
    }
    for (int w = 1; w < STS_FEATURE_BUCKETS / 64; w++)
        set->before[w] = set->before[w - 1] + __builtin_popcountll(set->has[w - 1]);
    return 0;
}

const sts_feature_options *sts_bag_features(const sts_net *net)
{
    return &((const bag *)net->config)->features;
}

int32_t sts_bag_row(const sts_net *net, int32_t bucket)
{
    const bag *g = net->config;
    uint64_t has = g->row_of.has[bucket / 64], below = ((uint64_t)1 << bucket % 64) - 1;
    if (!(has >> bucket % 64 & 1)) return g->rows + bucket;
    return g->row_of.before[bucket / 64] + __builtin_popcountll(has & below);
}

/* Buckets become rows in ascending order, so that repeats stand together. */
static void rows_of(const sts_net *net, sts_ids *f)
{
    for (size_t i = 0; i < f->n; i++) f->v[i] = sts_bag_row(net, f->v[i]);
    sts_sort_i32(f->v, f->n);
}

static int ids(const sts_net *net, const char *text, size_t n, size_t max_len, sts_ids *out,
               bool *truncated, sts_err *err)
{
    const bag *g = net->config;
    if (sts_features(text, n, &g->features, max_len, out, truncated, err)) return -1;
    rows_of(net, out);
    return 0;
}

int sts_bag_rest_ids(const sts_net *net, const char *rest, size_t n, sts_ids *out, sts_err *err)
{
    const bag *g = net->config;
    if (sts_features_of_rest(rest, n, &g->features, out, err)) return -1;
    rows_of(net, out);
    return 0;
}

/* ---- vectors that are not stored ---- */

/* Random signs of length 1 for a bucket: the initial vector of a row, the vector of all others. */
static void draw(const bag *g, int32_t bucket, float *v)
{
    float x = 1 / sqrtf((float)g->dim);
    for (int i = 0; i < g->dim; i += 64) {
        uint64_t bits = sts_mix64(sts_mix64(g->seed + (uint64_t)i) + (uint64_t)bucket);
        int n = g->dim - i < 64 ? g->dim - i : 64;
        for (int j = 0; j < n; j++) v[i + j] = bits >> j & 1 ? x : -x;
    }
}

/* idf as scikit-learn smooths it. */
static float idf_of(double documents, double with)
{
    return (float)(log((documents + 1) / (with + 1)) + 1);
}

/* ---- forward and backward ---- */

typedef struct tape {
    float *weight; /* [n_tok] what each feature's vector is multiplied by; 0 for repeats */
    float *slope;  /* [n_tok] d(h) along v, for the gradient of s */
} tape;

/* How many times id stands from position i on. */
static int repeats(const sts_batch *b, int i, int end)
{
    int k = 1;
    while (i + k < end && b->ids[i + k] == b->ids[i]) k++;
    return k;
}

/* Whether a feature is dropped, the same wherever in the batch its sentence stands. */
static bool dropped(const bag *g, const sts_drop *drop, uint32_t key, int32_t id)
{
    uint32_t word[4];
    if (!drop || g->dropout <= 0) return false;
    sts_philox(drop->seed, drop->step << 32 | key, (uint64_t)id, word);
    return (double)word[0] * 0x1p-32 < (double)g->dropout;
}

float sts_bag_weight(const sts_net *net, int32_t id)
{
    const bag *g = net->config;
    if (id >= g->rows) return idf_of(g->documents, 0);
    return sts_net_value(net, g->idf)[id] * expf(sts_net_value(net, g->scale)[id]);
}

static void weigh(const sts_net *net, const sts_batch *b, const sts_drop *drop, int s,
                  float *weight)
{
    const bag *g = net->config;
    int lo = b->start[s], hi = b->start[s + 1];
    float kept = drop ? 1 / (1 - g->dropout) : 1;
    for (int i = lo, k; i < hi; i += k) {
        int32_t id = b->ids[i];
        k = repeats(b, i, hi);
        memset(weight + i, 0, (size_t)k * sizeof *weight);
        if (dropped(g, drop, b->key[s], id)) continue;
        weight[i] = kept * sts_bag_weight(net, id) * sqrtf((float)k) / (float)(hi - lo);
    }
}

const float *sts_bag_vector(const sts_net *net, int32_t id, float *scratch)
{
    const bag *g = net->config;
    if (id < g->rows) return sts_net_value(net, g->vectors) + (size_t)id * (size_t)g->dim;
    draw(g, id - g->rows, scratch);
    return scratch;
}

/* h += w0 v0 + w1 v1 + w2 v2 + w3 v3, from left to right. */
static void add_four(size_t dim, float *restrict h, const float w[4], const float *const v[4])
{
    const float *v0 = v[0], *v1 = v[1], *v2 = v[2], *v3 = v[3];
    for (size_t d = 0; d < dim; d++) {
        float sum = h[d] + w[0] * v0[d];
        sum += w[1] * v1[d];
        sum += w[2] * v2[d];
        h[d] = sum + w[3] * v3[d];
    }
}

/* Four at a time, so that h is read and written once for them. */
void sts_bag_sum(const sts_net *net, const int32_t *id, const float *weight, int n, float *h,
                 float *scratch)
{
    size_t dim = (size_t)((const bag *)net->config)->dim;
    const float *v[4];
    float w[4];
    int k = 0;
    memset(h, 0, dim * sizeof *h);
    for (int i = 0; i < n; i++) {
        if (weight[i] == 0) continue;
        v[k] = sts_bag_vector(net, id[i], scratch + (size_t)k * dim);
        w[k++] = weight[i];
        if (k == 4) add_four(dim, h, w, v), k = 0;
    }
    for (int j = 0; j < k; j++)
        for (size_t d = 0; d < dim; d++) h[d] += w[j] * v[j][d];
}

static void forward(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                    float **out, void **to)
{
    const bag *g = net->config;
    size_t dim = (size_t)g->dim, n_seq = (size_t)b->n_seq;
    tape *t = sts_work_take(w, 1, sizeof *t);
    float *weight = sts_net_floats(w, (size_t)b->n_tok);
    float *slope = sts_net_floats(w, (size_t)b->n_tok);
    float *scratch = sts_net_floats(w, n_seq * 4 * dim);
    *out = sts_net_floats(w, n_seq * dim);
    if (w->dry) return;
    *t = (tape){weight, slope};
    *to = t;
    float *h = *out;
#pragma omp parallel for schedule(dynamic, 4) num_threads(sts_threads())
    for (int s = 0; s < b->n_seq; s++) {
        size_t at = (size_t)s * dim;
        int lo = b->start[s];
        weigh(net, b, drop, s, weight);
        sts_bag_sum(net, b->ids + lo, weight + lo, b->start[s + 1] - lo, h + at,
                    scratch + 4 * at);
    }
}

/* d(loss)/d(s) = weight v dh, sentence by sentence. */
static void slopes(const sts_net *net, const sts_batch *b, const tape *t, const float *dh)
{
    const bag *g = net->config;
    const float *vectors = sts_net_value(net, g->vectors);
    size_t dim = (size_t)g->dim;
#pragma omp parallel for schedule(static) num_threads(sts_threads())
    for (int s = 0; s < b->n_seq; s++) {
        for (int i = b->start[s]; i < b->start[s + 1]; i++) {
            if (t->weight[i] == 0 || b->ids[i] >= g->rows) continue;
            const float *v = vectors + (size_t)b->ids[i] * dim, *d = dh + (size_t)s * dim;
            float dot = 0;
#pragma omp simd reduction(+ : dot)
            for (size_t j = 0; j < dim; j++) dot += v[j] * d[j];
            t->slope[i] = t->weight[i] * dot;
        }
    }
}

/* Gradients of the vectors' columns [lo, hi): threads never meet, and the order never changes. */
static void add_columns(const sts_net *net, const sts_batch *b, const tape *t, const float *dh,
                        size_t lo, size_t hi)
{
    const bag *g = net->config;
    float *grad = sts_net_grad(net, g->vectors);
    size_t dim = (size_t)g->dim;
    for (int s = 0; s < b->n_seq; s++) {
        for (int i = b->start[s]; i < b->start[s + 1]; i++) {
            float w = t->weight[i];
            if (w == 0 || b->ids[i] >= g->rows) continue;
            float *to = grad + (size_t)b->ids[i] * dim;
            const float *d = dh + (size_t)s * dim;
            for (size_t j = lo; j < hi; j++) to[j] += w * d[j];
        }
    }
}

static void backward(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                     void *from, float *dh)
{
    (void)drop;
    const bag *g = net->config;
    const tape *t = from;
    if (w->dry) return;
    slopes(net, b, t, dh);
    float *ds = sts_net_grad(net, g->scale);
    for (int i = 0; ds && i < b->n_tok; i++)
        if (t->weight[i] != 0 && b->ids[i] < g->rows) ds[b->ids[i]] += t->slope[i];
    if (!sts_net_grad(net, g->vectors)) return;
    size_t parts = (size_t)sts_threads();
#pragma omp parallel for schedule(static, 1) num_threads(sts_threads())
    for (size_t k = 0; k < parts; k++) {
        size_t lo, hi;
        sts_cut((size_t)g->dim, parts, k, 16, &lo, &hi);
        add_columns(net, b, t, dh, lo, hi);
    }
}

const sts_encoder sts_encoder_bag = {
    .model_type = "bag",
    .help = "hashed words and character n-grams, trained from scratch",
    .pooled = true,
    .configure = configure,
    .set_dropout = set_dropout,
    .describe_dropout = describe_dropout,
    .layout = layout,
    .forward = forward,
    .backward = backward,
    .free_config = sts_free,
    .lr = 5e-4,
    .ready = index_rows,
    .ids = ids,
    .texts = &sts_bag_texts,
};

/* ---- a new one ---- */

#define REPORT_EVERY 16384 /* texts between two reports of progress */

/* Document frequencies of all buckets over the texts. NULL when memory is out. */
static uint32_t *count(const sts_str *text, size_t n, const sts_feature_options *o, sts_err *err)
{
    uint32_t *df = sts_alloc((size_t)STS_FEATURE_BUCKETS, sizeof *df);
    uint32_t *seen = sts_alloc((size_t)STS_FEATURE_BUCKETS, sizeof *seen); /* text + 1 */
    sts_ids f = {0};
    int rc = df && seen ? 0 : sts_fail_memory(err, "the encoder's features");
    for (size_t i = 0; i < n && !rc; i++) {
        if (i && i % REPORT_EVERY == 0) rc = sts_advance("counting", i, n, err);
        if (!rc) rc = sts_features(text[i].s, text[i].n, o, 0, &f, NULL, err);
        for (size_t j = 0; j < f.n && !rc; j++) {
            df[f.v[j]] += seen[f.v[j]] != (uint32_t)(i + 1);
            seen[f.v[j]] = (uint32_t)(i + 1);
        }
    }
    sts_ids_free(&f);
    sts_free(seen);
    if (!rc) return df;
    sts_free(df);
    return NULL;
}

static void fill(sts_model *m, const uint32_t *df)
{
    const bag *g = m->net.config;
    float *value = m->params.value;
    const sts_param *p = m->params.v;
    size_t row = 0, dim = (size_t)g->dim;
    for (int32_t bucket = 0; bucket < STS_FEATURE_BUCKETS; bucket++) {
        if (df[bucket] < 2) continue;
        value[p[g->buckets].offset + row] = (float)bucket;
        value[p[g->idf].offset + row] = idf_of(g->documents, df[bucket]);
        draw(g, bucket, value + p[g->vectors].offset + row * dim);
        row++;
    }
}

sts_model *sts_model_new_bag(const sts_str *text, size_t n, size_t width, uint64_t seed,
                             sts_err *err)
{
    sts_feature_options o = {2, 4};
    uint32_t *df = count(text, n, &o, err);
    if (!df) return NULL;
    size_t rows = 0;
    for (int32_t b = 0; b < STS_FEATURE_BUCKETS; b++) rows += df[b] >= 2;
    size_t since = sts_json_denied();
    sts_json *config = sts_json_new_object();
    sts_json_add_string(config, "model_type", "bag");
    sts_json_add_number(config, "dimension", width ? (double)width : WIDTH);
    sts_json_add_number(config, "features", (double)rows);
    sts_json_add_number(config, "ngram_shortest", o.shortest);
    sts_json_add_number(config, "ngram_longest", o.longest);
    sts_json_add_number(config, "documents", (double)n);
    sts_json_add_number(config, "dropout", 0.2);
    sts_json_add_number(config, "seed", (double)(seed & 0xffffffff));
    sts_model *m = NULL;
    if (sts_json_denied() != since) sts_fail_memory(err, "the encoder");
    else m = sts_model_new(&sts_encoder_bag, config, err);
    sts_json_free(config);
    if (m) fill(m, df);
    sts_free(df);
    if (!m || !index_rows(&m->net, err)) return m;
    sts_model_free(m);
    return NULL;
}
