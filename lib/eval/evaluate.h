/* evaluate.h - how well a model's similarities agree with what is known of rows: with scores as
 * sentence-transformers' EmbeddingSimilarityEvaluator, with two classes as its
 * BinaryClassificationEvaluator too; without scores as its TranslationEvaluator; triplets as its
 * TripletEvaluator; with intervals. */
#ifndef STS_EVAL_EVALUATE_H
#define STS_EVAL_EVALUATE_H

#include "data/corpus.h"
#include "eval/figures.h"
#include "model/tokens.h"

typedef struct sts_evaluation {
    size_t n;         /* pairs (or triplets) */
    size_t truncated; /* texts cut */
    sts_metric_needs has; /* what the data offer */
    sts_metric value[STS_METRICS]; /* by row of the registry */
    double ci95[STS_METRICS][2]; /* where sts_metric_has_interval; NAN when there is none */
    int rounds;          /* resamples for these; 0: they were not asked for */
    const char *no_ci95; /* why one is missing although it was asked for (static text), or NULL */
    double *cosine;      /* [n] predictions; NULL for triplets */
    double *similarity;  /* [n] the same by the model's own similarity, of that kind; else NULL */
    double *hit;         /* [n] figures of rows whose mean decides, of triplets and pairs without
                            scores: 0 to 1; else NULL */
    sts_similarity_kind kind;
    bool collapsed;      /* all cosines are equal within noise */
} sts_evaluation;

/* The rows of a corpus whose texts are tokens; borrowed. */
static inline sts_token_rows sts_corpus_rows(const sts_corpus *c, const sts_tokens *t)
{
    return (sts_token_rows){.tokens = t,
                            .score = c->score,
                            .positive = c->positive,
                            .text = c->text,
                            .n = c->n,
                            .columns = c->columns,
                            .weight = c->weight,
                            .id = c->id};
}

/* Evaluates; `interval` asks for the bootstrap (seeded, so that it repeats). 0, or -1.
 * Freed by sts_evaluation_free. */
int sts_evaluate(sts_evaluation *e, const sts_model *m, const sts_token_rows *data, bool interval,
                 sts_err *err);
/* The same of embeddings that are there, in the order of the texts [n * columns x m->dim]. */
int sts_evaluate_vectors(sts_evaluation *e, const sts_model *m, const float *emb,
                         const sts_token_rows *data, bool interval, sts_err *err);
void sts_evaluation_free(sts_evaluation *e);

/* What a default metric's predictions of such rows (cosines, or hits where there are some) are
 * compared with. */
sts_truth sts_metric_truth(const sts_metric_row *m, const sts_token_rows *data);

/* Fails with STS_MODEL when a cosine is not finite: weights that are finite, but huge, overflow. */
int sts_evaluation_check(const sts_evaluation *e, const sts_model *m, sts_err *err);

/* The value of a metric. */
sts_metric sts_evaluation_value(const sts_evaluation *e, const sts_metric_row *m);

/* All that is not of single rows. */
sts_figures sts_evaluation_figures(const sts_evaluation *e);

#endif
