/* stsfit_loss.h - what a loss is: the one header that a loss of your own needs.
 *
 * To add a loss to stsfit: write lib/loss/NAME.c that ends in a `const sts_loss sts_loss_NAME`,
 * and add the line LOSS(NAME) to lib/loss/loss_list.h. Help, option parsing, `stsfit losses`, the
 * report and the gradient tests follow from the descriptor.
 * To use one without rebuilding stsfit: compile the same file with `cc -shared -fPIC -o mine.so`,
 * name the descriptor sts_loss_plugin, and pass `--loss ./mine.so:option=value`
 * (tests/plugin/log_cosh.c is an example). */
#ifndef STSFIT_LOSS_H
#define STSFIT_LOSS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STS_LOSS_ABI 1
#define STS_LOSS_MAX_OPTIONS 8

/* What the rows of a batch must carry. */
enum {
    STS_LOSS_PAIRS = 1,        /* two texts; scores, when there are any, may be used */
    STS_LOSS_SCORED_PAIRS = 2, /* two texts and a score in 0..1 */
    STS_LOSS_TRIPLETS = 4      /* three texts: anchor, positive, negative */
};

typedef struct sts_loss_option {
    const char *name, *help;
    double value, min, max; /* the default, and what is accepted (inclusive) */
} sts_loss_option;

/* Numbers of scratch that a batch of n rows comes with. */
#define STS_LOSS_SCRATCH(n) ((size_t)(n) * (size_t)(n) + 8 * (size_t)(n))

/* One step's batch: n rows, of `columns` (2 or 3) embeddings of `dim` numbers, row-major. */
typedef struct sts_loss_batch {
    int n, dim, columns;
    const double *emb[3];  /* [n x dim] each: u, v (, w) */
    const double *score;   /* [n], 0..1; NULL when the data has none */
    const double *option;  /* values, in the order of the descriptor's options */
    double *grad[3];       /* [n x dim] each, overwritten with d(loss)/d(emb) */
    double *scratch;       /* [STS_LOSS_SCRATCH(n)] numbers to work in, not zeroed */
    const char *warning;   /* set it (static text) when the batch, or a row of it, teaches nothing
                            * that it should have taught; NULL at the start */
} sts_loss_batch;

typedef struct sts_loss {
    int abi, size;       /* STS_LOSS_ABI, sizeof(sts_loss) */
    const char *name;    /* as on the command line */
    const char *aliases; /* separated by spaces, or "" */
    const char *help;    /* one line */
    const char *formula; /* one line */
    const char *source;  /* where it comes from, or "" */
    const char *caution; /* said before training starts, or "" */
    unsigned needs;      /* of STS_LOSS_...; any one of the set suffices */
    int n_options;
    sts_loss_option options[STS_LOSS_MAX_OPTIONS];
    /* The loss; gradients into batch->grad, every element of columns given. Pure: no state. Rows
     * may come in any order. Where a gradient does not exist (zero vectors), finite: 0. */
    double (*run)(sts_loss_batch *batch);
} sts_loss;

#ifdef __cplusplus
}
#endif
#endif
