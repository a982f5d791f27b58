/* test_encoder.c - what every encoder must keep, walking the registry: gradients against signed
 * finite differences (with dropout too), the same vector whatever else is in the batch, the same
 * numbers at any thread count, frozen tensors left alone. */
#include "encoder_help.h"

#include "core/threads.h"
#include "math_help.h"

static const sts_drop at_step = {.seed = 5, .step = 3};

Test(encoder, all_are_walked)
{
    size_t n;
    const sts_encoder *const *all = sts_encoder_all(&n);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (int q = 0; q < SUBJECTS; q++) found |= sts_encoder_find(subjects[q].type) == all[i];
        cr_assert(found, "encoder_help.h has no configuration for %s", all[i]->model_type);
        cr_assert(all[i]->help && *all[i]->help);
    }
}

static double loss_at(rig *r, const sts_drop *drop, const float *weight)
{
    double sum = 0;
    size_t n = rig_size(r);
    rig_forward(r, drop);
    for (size_t i = 0; i < n; i++) sum += (double)r->out[i] * (double)weight[i];
    return sum;
}

/* d loss along `along` in tensor p: five points, so that the step may be large for float32. */
static double slope_along(rig *r, const sts_param *p, const double *along, const sts_drop *drop,
                          const float *weight)
{
    static const double at[] = {-2, -1, 1, 2}, times[] = {1, -8, 8, -1};
    float *v = r->params.value + p->offset, *kept = malloc(p->count * sizeof *kept);
    double sum = 0, step = 0.01;
    memcpy(kept, v, p->count * sizeof *kept);
    for (int k = 0; k < 4; k++) {
        for (size_t i = 0; i < p->count; i++)
            v[i] = (float)((double)kept[i] + at[k] * step * along[i]);
        sum += times[k] * loss_at(r, drop, weight);
    }
    memcpy(v, kept, p->count * sizeof *kept);
    free(kept);
    return sum / (12 * step);
}

/* A bias of attention's keys adds the same to every score of a query, which softmax takes away. */
static bool learns(const char *name)
{
    return !strstr(name, "key.bias") && !strstr(name, "k_lin.bias") && !strstr(name, "attn.k.bias");
}

/* Along the gradient, which shows its size, plus at random, which shows what it leaves out. */
static void check_tensor(rig *r, const sts_param *p, const sts_drop *drop, const float *weight,
                         const char *type)
{
    const float *g = r->params.grad + p->offset;
    double norm = 0, size = 0, dot = 0, *along = malloc(p->count * sizeof *along);
    float *grad = malloc(p->count * sizeof *grad), *random = random_floats(p->count, 77);
    memcpy(grad, g, p->count * sizeof *grad);
    for (size_t i = 0; i < p->count; i++) norm += pow((double)g[i], 2);
    for (size_t i = 0; i < p->count; i++) size += pow((double)random[i], 2);
    norm = sqrt(norm);
    for (size_t i = 0; i < p->count; i++) {
        along[i] = (norm > 0 ? (double)g[i] / norm : 0) + (double)random[i] / sqrt(size);
        dot += along[i] * (double)grad[i];
    }
    cr_assert(norm > 1e-3 || !learns(p->name), "%s: %s: its gradient is zero (%g)", type, p->name,
              norm);
    double slope = slope_along(r, p, along, drop, weight);
    cr_assert(fabs(slope - dot) < 3e-3 * norm + 0.03,
              "%s: %s: %.8g, finite differences %.8g (norm %g)", type, p->name, dot, slope, norm);
    free(along), free(grad), free(random);
}

/* Ids that learn nothing by design: their rows' gradients stay zero. */
static void without_padding(rig *r)
{
    for (int i = 0; i < r->batch.n_tok; i++)
        if (r->batch.ids[i] < 4) r->batch.ids[i] = 4;
}

static void check_gradients(const subject *s, float dropout)
{
    rig r;
    rig_open(&r, s);
    if (r.net.encoder->set_dropout) r.net.encoder->set_dropout(&r.net, dropout);
    rig_fill(&r);
    without_padding(&r);
    float *weight = random_floats(rig_size(&r), 9);
    rig_forward(&r, &at_step);
    rig_backward(&r, &at_step, weight);
    float *grad = malloc(r.params.count * sizeof *grad);
    memcpy(grad, r.params.grad, r.params.count * sizeof *grad);
    for (size_t i = 0; i < r.params.n; i++)
        if (!r.params.v[i].frozen) check_tensor(&r, &r.params.v[i], &at_step, weight, s->type);
    size_t bytes = r.params.count * sizeof *grad;
    cr_assert(!memcmp(grad, r.params.grad, bytes), "forward wrote gradients");
    free(grad), free(weight);
    rig_free(&r);
}

Test(encoder, gradients)
{
    for (int q = 0; q < SUBJECTS; q++) check_gradients(&subjects[q], 0);
}

Test(encoder, gradients_with_dropout)
{
    for (int q = 0; q < SUBJECTS; q++) check_gradients(&subjects[q], 0.25f);
}

/* The rows of sentence k in the batch, and how many floats. */
static const float *rows_of(const rig *r, int k, size_t *n)
{
    size_t H = (size_t)r->net.hidden;
    if (r->net.encoder->pooled) {
        *n = H;
        return r->out + (size_t)k * H;
    }
    *n = (size_t)(r->batch.start[k + 1] - r->batch.start[k]) * H;
    return r->out + (size_t)r->batch.start[k] * H;
}

static void check_alone(const subject *s, const sts_drop *drop)
{
    rig all, one;
    rig_open(&all, s);
    rig_open(&one, s);
    if (drop && one.net.encoder->set_dropout) {
        one.net.encoder->set_dropout(&one.net, 0.3f);
        all.net.encoder->set_dropout(&all.net, 0.3f);
    }
    rig_fill(&all);
    rig_forward(&all, drop);
    for (int k = 0; k < SENTENCES; k++) {
        size_t n, m;
        sts_batch_clear(&one.batch);
        rig_add(&one, (uint32_t)k, lengths[k]);
        rig_forward(&one, drop);
        const float *x = rows_of(&all, k, &n), *y = rows_of(&one, 0, &m);
        cr_assert(n == m);
        for (size_t i = 0; i < n; i++)
            cr_assert(fabsf(x[i] - y[i]) <= 4e-6f, "%s%s: sentence %d: %g alone, %g in the batch",
                      s->type, drop ? " (dropout)" : "", k, (double)y[i], (double)x[i]);
    }
    rig_free(&all), rig_free(&one);
}

Test(encoder, a_sentence_does_not_see_the_others)
{
    for (int q = 0; q < SUBJECTS; q++) {
        check_alone(&subjects[q], NULL);
        check_alone(&subjects[q], &at_step);
    }
}

Test(encoder, threads)
{
    for (int q = 0; q < SUBJECTS; q++) {
        float *out[3], *grad[3];
        rig r[3];
        size_t n = 0;
        for (int k = 0; k < 3; k++) { /* 3 threads twice, then 1 */
            sts_threads_set(k < 2 ? 3 : 1);
            rig_open(&r[k], &subjects[q]);
            rig_fill(&r[k]);
            n = rig_size(&r[k]);
            float *weight = random_floats(n, 9);
            rig_forward(&r[k], &at_step);
            out[k] = r[k].out, grad[k] = r[k].params.grad;
            rig_backward(&r[k], &at_step, weight);
            free(weight);
        }
        size_t count = r[0].params.count;
        cr_assert(!memcmp(out[0], out[1], n * sizeof(float)), "%s: output", subjects[q].type);
        cr_assert(!memcmp(grad[0], grad[1], count * sizeof(float)), "%s: gradient",
                  subjects[q].type);
        double *o = doubles_of(out[2], n), *g = doubles_of(grad[2], count);
        cr_assert(worst(out[0], o, n, 1) < 1e-5, "%s", subjects[q].type);
        cr_assert(worst(grad[0], g, count, 1) < 1e-5, "%s", subjects[q].type);
        free(o), free(g);
        for (int k = 0; k < 3; k++) rig_free(&r[k]);
    }
}

Test(encoder, dropout_is_what_step_and_seed_say)
{
    for (int q = 0; q < SUBJECTS; q++) {
        rig r;
        rig_open(&r, &subjects[q]);
        if (!r.net.encoder->set_dropout) {
            rig_free(&r);
            continue;
        }
        rig_fill(&r);
        size_t n = rig_size(&r), bytes = n * sizeof(float);
        float *eval = malloc(bytes), *first = malloc(bytes);
        rig_forward(&r, NULL);
        memcpy(eval, r.out, bytes);
        r.net.encoder->set_dropout(&r.net, 0);
        rig_forward(&r, &at_step);
        double *expected = doubles_of(eval, n);
        cr_assert(worst(r.out, expected, n, 1) < 1e-6, "%s: p = 0 is evaluation", subjects[q].type);
        r.net.encoder->set_dropout(&r.net, 0.2f);
        char text[160];
        cr_assert(strstr(r.net.encoder->describe_dropout(&r.net, text), "dropout"));
        cr_assert(strstr(text, " 0.2"), "%s: %s", subjects[q].type, text);
        rig_forward(&r, &at_step);
        memcpy(first, r.out, bytes);
        cr_assert(memcmp(first, eval, bytes), "%s", subjects[q].type);
        rig_forward(&r, &at_step);
        cr_assert(!memcmp(first, r.out, bytes), "%s", subjects[q].type);
        rig_forward(&r, &(sts_drop){at_step.seed, at_step.step + 1});
        cr_assert(memcmp(first, r.out, bytes), "%s: another step", subjects[q].type);
        rig_forward(&r, &(sts_drop){at_step.seed + 1, at_step.step});
        cr_assert(memcmp(first, r.out, bytes), "%s: another seed", subjects[q].type);
        free(eval), free(first), free(expected);
        rig_free(&r);
    }
}

/* Any number of tensors frozen from the front: theirs stay zero, the others' are as before. */
Test(encoder, frozen_tensors)
{
    for (int q = 0; q < SUBJECTS; q++) {
        rig r;
        rig_open(&r, &subjects[q]);
        rig_fill(&r);
        float *weight = random_floats(rig_size(&r), 9);
        rig_forward(&r, &at_step);
        rig_backward(&r, &at_step, weight);
        size_t bytes = r.params.count * sizeof(float);
        float *full = malloc(bytes);
        memcpy(full, r.params.grad, bytes);
        for (size_t cut = 1; cut <= r.params.n; cut++) {
            r.params.v[cut - 1].frozen = true;
            rig_forward(&r, &at_step);
            rig_backward(&r, &at_step, weight);
            for (size_t i = 0; i < r.params.n; i++) {
                const sts_param *p = &r.params.v[i];
                double *g = doubles_of(full + p->offset, p->count);
                if (p->frozen) memset(g, 0, p->count * sizeof *g);
                cr_assert(worst(r.params.grad + p->offset, g, p->count, 1) < 1e-5,
                          "%s: %s with %zu tensors frozen", subjects[q].type, p->name, cut);
                free(g);
            }
        }
        free(full), free(weight);
        rig_free(&r);
    }
}

/* Padding ids inside a text: their row learns nothing, as in the reference. */
Test(encoder, padding_learns_nothing)
{
    static const struct {
        const char *type, *tensor;
        int32_t pad;
    } cases[] = {{"bert", "embeddings.word_embeddings.weight", 0},
                 {"mpnet", "embeddings.position_embeddings.weight", 1},
                 {"modernbert", "embeddings.tok_embeddings.weight", 3}};
    for (size_t q = 0; q < sizeof cases / sizeof *cases; q++) {
        rig r;
        for (int k = 0; k < SUBJECTS; k++)
            if (!strcmp(subjects[k].type, cases[q].type)) {
                rig_open(&r, &subjects[k]);
                break;
            }
        int32_t ids[] = {5, cases[q].pad, 6, cases[q].pad};
        sts_batch_add(&r.batch, ids, 4, 0, &r.err);
        float *weight = random_floats(rig_size(&r), 9);
        rig_forward(&r, &at_step);
        rig_backward(&r, &at_step, weight);
        const sts_param *p = sts_params_find(&r.params, cases[q].tensor);
        double pad = 0, rest = 0;
        for (size_t i = 0; i < p->count; i++) {
            bool here = i / p->shape[1] == (size_t)cases[q].pad;
            *(here ? &pad : &rest) += fabs((double)r.params.grad[p->offset + i]);
        }
        cr_assert(pad == 0 && rest > 0, "%s: %g, %g", cases[q].type, pad, rest);
        free(weight);
        rig_free(&r);
    }
}

Test(encoder, empty_batches)
{
    for (int q = 0; q < SUBJECTS; q++) {
        rig r;
        rig_open(&r, &subjects[q]);
        for (int sentences = 0; sentences < 3; sentences++) {
            float weight[200] = {0};
            rig_forward(&r, &at_step);
            rig_backward(&r, &at_step, weight);
            rig_forward(&r, NULL);
            for (size_t i = 0; i < rig_size(&r); i++)
                cr_assert(r.out[i] == 0, "%s: an empty text is zeros", subjects[q].type);
            sts_batch_add(&r.batch, NULL, 0, (uint32_t)sentences, &r.err);
        }
        rig_free(&r);
    }
}
