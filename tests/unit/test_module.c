/* test_module.c - every module: its backward against finite differences in directions, what its
 * settings refuse, and pooling by hand. */
#include "core/mem.h"
#include "core/rng.h"
#include "model/module.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 6

/* Three sentences of 4, 1 and 3 tokens. */
static sts_batch batch(void)
{
    sts_batch b = {0};
    int32_t ids[4] = {0};
    sts_err err = {0};
    cr_assert(!sts_batch_add(&b, ids, 4, 10, &err) && !sts_batch_add(&b, ids, 1, 11, &err) &&
              !sts_batch_add(&b, ids, 3, 12, &err));
    return b;
}

static int configure(sts_module *m, sts_params *p, const char *type, bool tokens,
                     const char *config, sts_err *err)
{
    *m = (sts_module){.type = sts_module_find(type), .idx = 2, .in = WIDTH, .tokens = tokens,
                      .param = {-1, -1, -1, -1}};
    cr_assert(m->type, "%s", type);
    sts_json *json = config ? sts_json_parse(config, strlen(config), "f", STS_MODEL, err) : NULL;
    cr_assert(!config || json, "%s", err->text);
    sts_json_in in = {json, "2_X/config.json", STS_MODEL, err};
    int rc = m->type->configure(m, p, &in);
    sts_json_free(json);
    return rc;
}

static void fill(float *x, size_t n, uint64_t seed)
{
    sts_rng r = sts_rng_new(seed, 0);
    for (size_t i = 0; i < n; i++) x[i] = (float)sts_rng_normal(&r);
}

typedef struct rig {
    sts_module m;
    sts_params p;
    sts_batch b;
    sts_work w;
    sts_drop drop;
    float *x, *direction, *dy;
    size_t n_in, n_out;
} rig;

/* sum(dy * forward(x)): the function whose gradient is taken. */
static double value(rig *r, float **dx)
{
    float *y;
    void *tape;
    double s = 0;
    r->w.used = 0;
    r->m.type->forward(&r->m, &r->p, &r->b, &r->drop, &r->w, r->x, &y, &tape);
    for (size_t i = 0; i < r->n_out; i++) s += (double)r->dy[i] * y[i];
    if (!dx) return s;
    memcpy(y, r->dy, r->n_out * sizeof *y);
    r->m.type->backward(&r->m, &r->p, &r->b, &r->drop, &r->w, tape, y, dx);
    return s;
}

/* The slope along a direction in x or in the parameters, by differences and by backward. */
static void check_slope(rig *r, float *x, size_t n, const float *gradient, const char *what)
{
    double h = 1e-3, along = 0;
    fill(r->direction, n, 77);
    for (size_t i = 0; i < n; i++) along += (double)gradient[i] * r->direction[i];
    for (size_t i = 0; i < n; i++) x[i] += (float)h * r->direction[i];
    double up = value(r, NULL);
    for (size_t i = 0; i < n; i++) x[i] -= 2 * (float)h * r->direction[i];
    double down = value(r, NULL), slope = (up - down) / (2 * h);
    for (size_t i = 0; i < n; i++) x[i] += (float)h * r->direction[i];
    cr_assert(fabs(slope - along) < 3e-3 * fmax(1, fabs(along)), "%s: slope %g, backward says %g",
              what, slope, along);
}

static void check_gradients(const char *type, bool tokens, const char *config)
{
    rig r = {.drop = {1, 2}, .b = batch()};
    sts_err err = {0};
    char what[300];
    float *y, *dx;
    void *tape;
    snprintf(what, sizeof what, "%s %s %s", type, tokens ? "tokens" : "sentences", config);
    cr_assert(!configure(&r.m, &r.p, type, tokens, config, &err), "%s: %s", what, err.text);
    cr_assert(!sts_params_alloc(&r.p, &err) && !sts_params_alloc_grad(&r.p, &err));
    r.n_in = sts_module_rows(&r.m, &r.b) * WIDTH;
    r.n_out = (r.m.type->pools ? 3 : sts_module_rows(&r.m, &r.b)) * (size_t)r.m.out;
    size_t largest = r.n_in + r.n_out + r.p.count;
    r.x = sts_alloc(largest, sizeof(float)), r.dy = sts_alloc(largest, sizeof(float));
    r.direction = sts_alloc(largest, sizeof(float));
    fill(r.x, r.n_in, 1), fill(r.dy, r.n_out, 2), fill(r.p.value, r.p.count, 3);
    sts_work dry = {.dry = true};
    r.m.type->forward(&r.m, &r.p, &r.b, &r.drop, &dry, r.x, &y, &tape);
    r.m.type->backward(&r.m, &r.p, &r.b, &r.drop, &dry, NULL, y, &dx);
    cr_assert(!sts_work_reserve(&r.w, dry.used, &err));
    value(&r, &dx);
    cr_assert(r.w.used == dry.used, "%s: the dry pass counted %zu, not %zu", what, dry.used,
              r.w.used);
    float *kept = sts_alloc(r.n_in, sizeof *kept);
    memcpy(kept, dx, r.n_in * sizeof *kept);
    check_slope(&r, r.x, r.n_in, kept, what);
    if (r.p.count) check_slope(&r, r.p.value, r.p.count, r.p.grad, what);
    sts_free(kept), sts_free(r.x), sts_free(r.dy), sts_free(r.direction);
    sts_free(r.m.config);
    sts_params_free(&r.p), sts_batch_free(&r.b), sts_work_free(&r.w);
}

#define DENSE(f, more)                                                                             \
    "{\"in_features\":6,\"out_features\":" f                                                       \
    ",\"activation_function\":\"torch.nn.modules.activation." more "}"

Test(module, gradients)
{
    static const struct { const char *type, *config; int tokens;
    } v[] = {
        {"Normalize", "{}", 0},
        {"Normalize", "{\"module_input_name\":\"token_embeddings\"}", 1},
        {"LayerNorm", "{\"dimension\":6}", 0},
        {"Dropout", "{\"dropout\":0.4}", 0},
        {"Dense", DENSE("4", "Tanh\""), 0},
        {"Dense", DENSE("4", "Tanh\",\"module_input_name\":\"token_embeddings\""), 1},
        {"Dense", DENSE("6", "GELU\",\"use_residual\":true"), 0},
        {"Dense", DENSE("9", "SiLU\",\"use_residual\":true,\"bias\":false"), 0},
        {"Dense", DENSE("3", "Sigmoid\""), 0},
        {"Dense", DENSE("3", "ELU\""), 0},
        {"Dense",
         "{\"in_features\":6,\"out_features\":2,\"activation_function\":\"torch.nn.modules.linear."
         "Identity\"}",
         0},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode\":\"mean\"}", 1},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode\":[\"max\",\"lasttoken\",\"cls\"]}",
         1},
        {"Pooling",
         "{\"embedding_dimension\":6,\"pooling_mode\":[\"weightedmean\",\"mean_sqrt_len_tokens\"]}",
         1},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        for (int tokens = 0; tokens < 2; tokens++)
            if (v[i].tokens == tokens) check_gradients(v[i].type, tokens, v[i].config);
}

/* Pooling of x[t][j] = 10 t + j (with a minus in column 1), by hand. */
static void pooled(const char *config, int skip, const float want[3][WIDTH])
{
    sts_module m;
    sts_params p = {0};
    sts_err err = {0};
    sts_batch b = batch();
    sts_work w = {0};
    float x[8][WIDTH], *y;
    void *tape;
    for (int t = 0; t < 8; t++)
        for (int j = 0; j < WIDTH; j++) x[t][j] = (float)((10 * t + j) * (j == 1 ? -1 : 1));
    cr_assert(!configure(&m, &p, "Pooling", true, config, &err), "%s", err.text);
    m.no_prompt = skip > 0;
    for (int s = 0; s < 3; s++) b.skip[s] = skip;
    cr_assert(!sts_work_reserve(&w, 4096, &err));
    m.type->forward(&m, &p, &b, NULL, &w, &x[0][0], &y, &tape);
    for (int s = 0; s < 3; s++)
        for (int j = 0; j < 2; j++)
            cr_assert_float_eq(y[s * m.out + j], want[s][j], 1e-5, "%s skip %d: sentence %d: %g",
                               config, skip, s, (double)y[s * m.out + j]);
    sts_free(m.config), sts_batch_free(&b), sts_work_free(&w), sts_params_free(&p);
}

#define OLD(key) "{\"word_embedding_dimension\":6,\"" key "\":true}"
#define NEW(mode) "{\"embedding_dimension\":6,\"pooling_mode\":\"" mode "\"}"

Test(module, pooling)
{
    pooled("{\"embedding_dimension\":6}", 0,
           (const float[3][WIDTH]){{15, -16}, {40, -41}, {60, -61}});
    pooled(NEW("mean"), 1, (const float[3][WIDTH]){{20, -21}, {0, 0}, {65, -66}});
    pooled(OLD("pooling_mode_cls_token"), 0,
           (const float[3][WIDTH]){{0, -1}, {40, -41}, {50, -51}});
    pooled(NEW("cls"), 2, (const float[3][WIDTH]){{20, -21}, {0, 0}, {70, -71}});
    pooled(OLD("pooling_mode_lasttoken"), 0,
           (const float[3][WIDTH]){{30, -31}, {40, -41}, {70, -71}});
    pooled(OLD("pooling_mode_max_tokens"), 0,
           (const float[3][WIDTH]){{30, -1}, {40, -41}, {70, -51}});
    pooled(OLD("pooling_mode_mean_sqrt_len_tokens"), 0,
           (const float[3][WIDTH]){{30, -32}, {40, -41}, {103.92305f, -105.65510f}});
    pooled(NEW("weightedmean"), 0,
           (const float[3][WIDTH]){{20, -21}, {40, -41}, {63.33333f, -64.33333f}});
}

Test(module, refused)
{
    static const struct { const char *type, *config, *says;
    } v[] = {
        {"Pooling", NULL, "missing"},
        {"Pooling", "{}", "embedding_dimension"},
        {"Pooling", "{\"embedding_dimension\":7}", "must be 6"},
        {"Pooling", "{\"embedding_dimension\":\"6\"}", "whole number"},
        {"Pooling", NEW("median"), "median"},
        {"Pooling", NEW(""), "pooling_mode"},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode\":[]}", "pooling_mode"},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode\":null}", "pooling_mode"},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode\":[\"cls\",\"cls\"]}", "twice"},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode\":[1]}", "no string"},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode_cls_token\":1}", "true or false"},
        {"Pooling", "{\"embedding_dimension\":6,\"pooling_mode_new\":true}", "unknown key"},
        {"Dense", NULL, "missing"},
        {"Dense", "{}", "in_features"},
        {"Dense", "{\"in_features\":6}", "out_features"},
        {"Dense", "{\"in_features\":5,\"out_features\":2}", "must be 6"},
        {"Dense", "{\"in_features\":6,\"out_features\":0}", "from 1"},
        {"Dense", "{\"in_features\":6,\"out_features\":1e300}", "whole number"},
        {"Dense", DENSE("2", "Hardswish\""), "Hardswish"},
        {"Dense", "{\"in_features\":6,\"out_features\":2,\"activation_function\":\"my.code.Tanh\"}",
         "my.code.Tanh"},
        {"Dense", "{\"in_features\":6,\"out_features\":2,\"activation_function\":null}",
         "must be a string"},
        {"Dense", DENSE("2", "Tanh\",\"module_output_name\":\"other\""), "other"},
        {"Dense", DENSE("2", "Tanh\",\"module_input_name\":\"token_embeddings\""),
         "token_embeddings"},
        {"LayerNorm", NULL, "missing"},
        {"LayerNorm", "{\"dimension\":5}", "must be 6"},
        {"Dropout", "{\"dropout\":1}", "from 0 to 0.99"},
        {"Dropout", "{\"dropout\":-0.1}", "from 0 to 0.99"},
        {"Normalize", "{\"module_input_name\":\"token_embeddings\"}", "token_embeddings"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        sts_module m;
        sts_params p = {0};
        sts_err err = {0};
        int rc = configure(&m, &p, v[i].type, !strcmp(v[i].type, "Pooling"), v[i].config, &err);
        cr_assert(rc && err.code == STS_MODEL && strstr(err.text, v[i].says), "%s %s: %s",
                  v[i].type, v[i].config, rc ? err.text : "accepted");
        sts_free(m.config), sts_params_free(&p);
    }
}

/* Each is in the registry once, by the name that modules.json has for it. */
Test(module, registry)
{
    size_t n;
    const sts_module_type *const *all = sts_module_all(&n);
    cr_assert(n >= 5);
    for (size_t i = 0; i < n; i++) cr_assert(sts_module_find(all[i]->type) == all[i]);
    cr_assert(!sts_module_find("WeightedLayerPooling") && !sts_module_find(""));
}
