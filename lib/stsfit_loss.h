/* stsfit_loss.h - what a loss is: the one header that a loss of your own needs.
 *
 * To add a loss to stsfit: write lib/loss/NAME.c that ends in a `const sts_loss sts_loss_NAME`,
 * and add the line LOSS(NAME) to lib/loss/loss_list.h. Help, option parsing, `stsfit losses`, the
 * report and the gradient tests follow from the descriptor.
 * To use one without rebuilding stsfit: compile the same file, in C or C++20, with
 * `cc -shared -fPIC -o mine.so`, name the descriptor sts_loss_plugin, put STS_LOSS_EXPORT before
 * it, and pass `--loss ./mine.so:option=value` (lib/examples has some).
 *
 * A shared object keeps working with later versions of stsfit as long as STS_LOSS_ABI is the same:
 * new members come at the end of sts_loss and sts_loss_batch, and those that a shared object was
 * built without count as 0. One built for another STS_LOSS_ABI is refused. */
#ifndef STSFIT_LOSS_H
#define STSFIT_LOSS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define STS_LOSS_EXPORT extern "C" __attribute__((visibility("default")))
extern "C" {
#else
#define STS_LOSS_EXPORT __attribute__((visibility("default")))
#endif

#define STS_LOSS_ABI 2
#define STS_LOSS_MAX_OPTIONS 8

/* The rows that a loss takes: any one kind of its set. */
enum {
    STS_LOSS_PAIRS = 1,        /* two texts; scores, when there are any, may be used */
    STS_LOSS_SCORED_PAIRS = 2, /* two texts and a score in 0..1 */
    STS_LOSS_TRIPLETS = 4,     /* three texts: anchor, positive, negative */
    STS_LOSS_TUPLES = 8        /* four texts or more: anchor, positive, negatives */
};

/* What else is true of a loss. */
enum {
    STS_LOSS_IN_BATCH = 1, /* compares the rows of a batch with each other */
    STS_LOSS_ORDERS = 2,   /* ... by their scores: equal ones teach nothing */
    STS_LOSS_LABELS = 4,   /* made for scores of 0 and 1 */
    STS_LOSS_WEIGHTS = 8,  /* heeds the weights of rows; others get none */
    STS_LOSS_TEACHER = 16, /* needs the embeddings of a teacher */
    STS_LOSS_PULLS = 32,   /* only pulls texts together: its caution is void in a sum with others */
    STS_LOSS_NEGATIVES = 64, /* takes the texts of other rows for negatives */
    STS_LOSS_PROJECTS = 128  /* trains batch->projection where the teacher has another width */
};

/* An option is a number, or a text where `text` is set: STS_NUMBER and STS_TEXT make one. */
typedef struct sts_loss_option {
    const char *name, *help;
    double value, min, max; /* of a number: its default, and what is accepted (inclusive) */
    const char *text;       /* of a text: its default; NULL: this is a number */
    const char *choices;    /* ... and what is accepted, separated by spaces; NULL: any */
} sts_loss_option;

#define STS_NUMBER(name, help, value, min, max) {name, help, value, min, max, NULL, NULL}
#define STS_TEXT(name, help, text, choices) {name, help, 0, 0, 0, text, choices}

/* One step's batch: n rows of `columns` texts, whose embeddings have `dim` numbers; matrices are
 * row-major. What the data lacks is NULL. */
typedef struct sts_loss_batch {
    size_t size;                 /* sizeof(sts_loss_batch) of the caller */
    int n, dim, columns;
    const double *const *emb;    /* [columns], each [n x dim]: u, v (, w ..) */
    double *const *grad;         /* [columns], each [n x dim], overwritten with d(loss)/d(emb) */
    const double *score;         /* [n], 0..1 */
    const double *weight;        /* [n], positive: a row of weight 2 counts as two rows */
    const uint64_t *id;          /* [n], which row of the data each is */
    const uint32_t *const *text; /* [columns], each [n]: equal numbers for equal texts */
    const double *const *teacher; /* [columns], each [n x teacher_dim]: a teacher's embeddings */
    int teacher_dim;
    const double *option;        /* the numbers, in the order of the descriptor's options */
    const char *const *option_text; /* the texts, in the same order */
    void *context;               /* as it was registered with the loss; NULL for shared objects */
    double *scratch;             /* numbers to work in, not zeroed: see sts_loss.scratch */
    const char *warning;         /* set it (static text) when the batch, or a row of it, teaches
                                  * nothing that it should have taught; NULL at the start */
    const double *projection;    /* [teacher_dim x dim], then [teacher_dim]: a linear layer to the
                                  * width of the teacher's embeddings, which is trained too */
    double *projection_grad;     /* of the same size; its gradients are added */
} sts_loss_batch;

/* Numbers of scratch that a batch comes with unless the loss asks for others. */
#define STS_LOSS_SCRATCH(n, columns) \
    ((size_t)(n) * (size_t)(n) + 8 * (size_t)(n) * (size_t)(columns))

typedef struct sts_loss {
    int abi, size, batch_size; /* STS_LOSS_VERSION fills them in */
    const char *name;    /* as on the command line */
    const char *aliases; /* separated by spaces; "" or NULL: none */
    const char *help;    /* one line */
    const char *formula; /* one line */
    const char *source;  /* where it comes from; "" or NULL: not said */
    const char *caution; /* shown before training starts; "" or NULL: none */
    unsigned needs;      /* kinds of rows: STS_LOSS_PAIRS and the like */
    unsigned traits;     /* STS_LOSS_IN_BATCH and the like, or 0 */
    int n_options;
    sts_loss_option options[STS_LOSS_MAX_OPTIONS];
    /* The numbers of scratch for batches of this shape (n, dim, columns, teacher_dim, option,
     * option_text and context are set); NULL: STS_LOSS_SCRATCH. */
    size_t (*scratch)(const sts_loss_batch *shape);
    /* The loss; gradients into batch->grad, every element of every column. Pure: no state. Rows
     * may come in any order. Where a gradient does not exist (zero vectors), finite: 0. */
    double (*run)(sts_loss_batch *batch);
} sts_loss;

#define STS_LOSS_VERSION \
    .abi = STS_LOSS_ABI, .size = sizeof(sts_loss), .batch_size = sizeof(sts_loss_batch)

#ifdef __cplusplus
}
#endif
#endif
