/* normalize.c - rows to length 1: y = x / max(|x|, 1e-12). */
#include "model/config.h"
#include "model/module.h"

#include <math.h>

#define FLOOR 1e-12

static int configure(sts_module *m, sts_params *params, const sts_json_in *in)
{
    (void)params;
    m->out = m->in;
    /* before 6.0 it had no file, and git keeps no empty folder */
    if (in->object) sts_config_note_keys(in, "module_input_name module_output_name");
    return sts_module_check_names(m, in);
}

static double dot(const float *a, const float *b, size_t n)
{
    double s = 0;
    for (size_t j = 0; j < n; j++) s += (double)a[j] * b[j];
    return s;
}

/* The tape is x itself. */
static void forward(const sts_module *m, const sts_params *params, const sts_batch *b,
                    const sts_drop *drop, sts_work *w, const float *x, float **out, void **tape)
{
    (void)params, (void)drop;
    size_t n = sts_module_rows(m, b), D = (size_t)m->in;
    float *y = *out = sts_work_take(w, n * D, sizeof *y);
    *tape = (void *)(uintptr_t)x;
    if (w->dry) return;
    for (size_t i = 0; i < n; i++, x += D, y += D) {
        double length = fmax(sqrt(dot(x, x, D)), FLOOR);
        for (size_t j = 0; j < D; j++) y[j] = (float)(x[j] / length);
    }
}

/* dx = (dy - y (y . dy)) / |x|; below the floor the length is a constant: dx = dy / floor. */
static void backward(const sts_module *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, void *tape, float *dout, float **dx)
{
    (void)params, (void)drop;
    size_t n = sts_module_rows(m, b), D = (size_t)m->in;
    const float *x = tape;
    *dx = dout;
    if (w->dry) return;
    for (size_t i = 0; i < n; i++, x += D, dout += D) {
        double length = sqrt(dot(x, x, D)), along = 0;
        if (length > FLOOR) along = dot(x, dout, D) / (length * length);
        else length = FLOOR;
        for (size_t j = 0; j < D; j++) dout[j] = (float)((dout[j] - x[j] * along) / length);
    }
}

const sts_module_type sts_module_normalize = {
    .type = "Normalize",
    .configure = configure,
    .forward = forward,
    .backward = backward,
};
