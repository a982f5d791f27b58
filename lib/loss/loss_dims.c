/* loss_dims.c - the dimensions at which a loss is taken (Matryoshka), as a user gives them. */
#include "loss/loss.h"

#include "core/decimal.h"
#include "core/mem.h"
#include "core/strbuf.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* "D" or "D:W" of n bytes, after those that are there. */
static int read_dim(sts_loss_spec *spec, const char *text, size_t n, sts_err *err)
{
    const char *colon = memchr(text, ':', n);
    size_t digits = colon ? (size_t)(colon - text) : n;
    double dim = 0, weight = 1;
    int shown = n < 80 ? (int)n : 80;
    if (!sts_number_parse(text, digits, &dim) || dim < 1 || dim > INT_MAX || dim != floor(dim))
        return sts_fail(err, STS_USAGE, "--dims: '%.*s': the dimension must be a whole number from "
                        "1", shown, text);
    if (colon && (!sts_number_parse(colon + 1, n - digits - 1, &weight) || !(weight > 0)))
        return sts_fail(err, STS_USAGE, "--dims: '%.*s': the weight must be a number above 0",
                        shown, text);
    if (spec->n_dims == STS_LOSS_DIMS)
        return sts_fail(err, STS_USAGE, "--dims: %d dimensions at most", STS_LOSS_DIMS);
    int at = spec->n_dims;
    for (int k = 0; k < spec->n_dims; k++)
        if (spec->dim[k] == (int)dim)
            return sts_fail(err, STS_USAGE, "--dims: %d occurs twice", (int)dim);
    for (; at && spec->dim[at - 1] < (int)dim; at--) {
        spec->dim[at] = spec->dim[at - 1];
        spec->dim_weight[at] = spec->dim_weight[at - 1];
    }
    spec->dim[at] = (int)dim;
    spec->dim_weight[at] = weight;
    spec->n_dims++;
    return 0;
}

int sts_loss_set_dims(sts_loss_spec *spec, const char *text, sts_err *err)
{
    spec->n_dims = 0;
    while (text) {
        size_t n = strcspn(text, ",");
        if (read_dim(spec, text, n, err)) return -1;
        text = text[n] ? text + n + 1 : NULL;
    }
    return 0;
}

int sts_loss_check_dims(const sts_loss_spec *spec, int width, sts_err *err)
{
    if (!spec->n_dims) return 0;
    if (spec->dim[0] > width)
        return sts_fail(err, STS_USAGE, "--dims: %d is more than the model's %d dimensions",
                        spec->dim[0], width);
    if (spec->dim[0] < width)
        sts_note(STS_WARN, "--dims does not name the model's %d dimensions: the whole vectors are "
                 "not trained, and may get worse", width);
    return 0;
}

char *sts_loss_format_dims(const sts_loss_spec *spec)
{
    sts_strbuf out = {0};
    for (int k = 0; k < spec->n_dims; k++) {
        char weight[32];
        sts_strbuf_printf(&out, "%s%d:%s", k ? "," : "", spec->dim[k],
                          sts_decimal_format(spec->dim_weight[k], weight));
    }
    return sts_strbuf_take(&out);
}
