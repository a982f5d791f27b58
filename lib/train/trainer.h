/* trainer.h - the loop: batch, forward, loss, backward, clip, update. It calls back after each
 * step; it prints and writes nothing.
 *
 * With several ranks (core/comm.h) each runs the model on its part of the batch. The loss sees the
 * embeddings of all, on every rank, and each takes back the gradients of its own rows; these are
 * added up over the ranks, so that every rank takes the same step, the one that a single one would
 * take. */
#ifndef STS_TRAIN_TRAINER_H
#define STS_TRAIN_TRAINER_H

#include "loss/r_drop.h"
#include "model/tokens.h"
#include "train/batches.h"
#include "train/projection.h"
#include "train/reduce.h"

typedef struct sts_plan {
    size_t batch_size;     /* rows a micro-batch, of all ranks together */
    size_t accumulate;     /* micro-batches a step */
    double epochs;
    uint64_t max_steps;    /* 0: by epochs */
    double warmup;         /* below 1 a fraction, else steps */
    sts_schedule_kind scheduler;
    double lr;
    size_t mini_batch;     /* rows of a rank that are embedded at a time; 0: all of a micro-batch */
    bool shuffle;
    uint64_t seed;
    bool apart;            /* no text twice in a batch: text is needed */
    const uint32_t *text;  /* [n x columns] equal numbers for equal texts, below n_texts; or NULL */
    uint32_t n_texts;
    int columns;
    const float *teacher;  /* [n_texts x teacher_dim] its embeddings, by number; NULL: none */
    int teacher_dim;
    double r_drop;         /* weight of the difference of two passes (loss/r_drop.h); 0: one pass */
    sts_adamw_options adamw;
    /* worked out by sts_plan_finish */
    uint64_t batches_per_epoch, steps_per_epoch, steps;
    sts_schedule schedule;
} sts_plan;

/* Works out the steps for n rows. 0, or -1: STS_USAGE when a setting makes no sense, memory. */
int sts_plan_finish(sts_plan *p, size_t n, sts_err *err);

/* Epochs done after a step, by micro-batches as transformers counts: the last step of an epoch may
 * have fewer of them. */
double sts_plan_epoch(const sts_plan *p, uint64_t step);

typedef struct sts_step {
    uint64_t step;         /* from 1 */
    double epoch, loss, grad_norm, lr;
    size_t rows, tokens;
    double part[STS_LOSS_PARTS]; /* of the loss, of each part before its weight */
    const char *warning;   /* of the loss, static; or NULL */
    const char *warner;    /* the loss of a sum that warns, or NULL */
} sts_step;

typedef struct sts_trainer {
    sts_model *model;      /* borrowed */
    const sts_loss_spec *loss;
    sts_token_rows data;
    int columns;           /* of a batch: those of the data, or all of them twice */
    sts_plan plan;
    sts_adamw adamw;
    sts_batches batches;
    uint32_t *packed, *key; /* [rows * columns] of a batch: numbers of its texts, their keys */
    sts_batch batch;
    sts_work work;
    double *emb, *grad, *score, *scratch; /* of a batch, for the loss */
    const double **emb_of; /* [columns] where each column's part of emb is */
    double **grad_of;
    double *weight;        /* of a batch's rows */
    uint64_t *id;
    uint32_t *text;        /* of a batch's texts, [columns x n]; NULL when they are not known */
    const uint32_t **text_of; /* [columns] */
    double *taught;        /* a teacher's, [columns x n x teacher_dim]; NULL: there is none */
    const double **taught_of; /* [columns] */
    sts_projection projection;
    /* before the loss is run, grad holds floats: the embeddings of this rank when they are made in
     * parts, then those of all ranks where there are several */
    float *own, *gathered;
    sts_reduce reduce;
} sts_trainer;

/* Prepares everything that a step needs. 0, or -1. Freed by sts_trainer_free. */
int sts_trainer_init(sts_trainer *t, sts_model *model, const sts_loss_spec *loss,
                     const sts_token_rows *data, const sts_plan *plan, sts_err *err);
void sts_trainer_free(sts_trainer *t);

/* Takes step t->adamw.step + 1. -1 with STS_DIVERGED when loss or gradients are not finite (the
 * weights are then still those of the step before). */
int sts_trainer_step(sts_trainer *t, sts_step *done, sts_err *err);

#endif
