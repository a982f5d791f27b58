/* run.h - a training run in progress: lib/train.c takes it along the path from file to report. Its
 * parts are here in the order of that path; report/run_report.h has what it writes about itself. */
#ifndef STS_TRAIN_RUN_H
#define STS_TRAIN_RUN_H

#include "data/corpus.h"
#include "core/option.h"
#include "core/place.h"
#include "data/repeats.h"
#include "eval/evaluate.h"
#include "eval/gate.h"
#include "model/decision.h"
#include "train/average.h"
#include "train/run_evals.h"
#include "train/trial.h"
#include "train/trainer.h"

typedef struct sts_part_eval { /* a part evaluated */
    sts_figures figures;
    double *x;   /* [n] cosines, or hits where an evaluation has some; NULL: none */
    double *own; /* [n] by the model's own similarity where that is not the cosine; else NULL */
} sts_part_eval;

typedef struct sts_part { /* a corpus as tokens, ready to be evaluated */
    const char *name; /* train, dev, test or guard */
    sts_corpus corpus;
    sts_tokens tokens;
    size_t in_train;             /* rows whose pair is trained on */
    sts_part_eval before, after; /* of the untrained and of the selected model */
} sts_part;

typedef struct sts_dims_value { /* the deciding metric by vectors' first numbers; NAN: none */
    int dims;
    double dev, test;
} sts_dims_value;

#define STS_BLEND_SHARES 10 /* that --blend auto tries, but for 0 */

typedef struct sts_blend { /* what --blend did */
    bool done;
    double share; /* of the tuned weights */
    size_t n;     /* points of the curve */
    struct sts_blend_point {
        double share, value, guard; /* the deciding metric on dev, the default one on the guard */
    } curve[STS_BLEND_SHARES + 1];
} sts_blend;

typedef struct sts_verdict { /* the selected weights against those of the start */
    const char *result; /* NULL: there is no verdict */
    char *text;         /* for people */
    const sts_part *part;
    const sts_metric_row *metric;
    sts_paired d;
} sts_verdict;

typedef struct sts_run sts_run;

struct sts_run {
    const sts_train_options *o; /* as they were given, checked */
    const sts_trial *trial;     /* of a search; NULL: a run of its own */
    sts_train_options effect;   /* as they take effect */
    sts_json *settings;         /* what the numbers depend on: see sts_run_settings */
    char *command_line;         /* that the run was begun with; NULL: by `o` */
    sts_event_fn *receiver;     /* of events, with ctx; NULL: none */
    void *ctx;
    sts_part train, dev, test;
    sts_part guard; /* evaluated at the start and at the end, with no effect on training */
    sts_model *model;
    sts_loss_spec loss;
    sts_repeats repeats;      /* pairs that occur again */
    char *loss_text;          /* with its options */
    uint32_t *texts;          /* numbers of the training texts; NULL: not needed */
    float *taught;            /* a teacher's vectors by these numbers; NULL: there is none */
    uint32_t teacher_crc;     /* of its weights */
    char *dims_text;          /* the dimensions of its sum; NULL: none */
    size_t below;             /* rows left out because the loss takes high scores only */
    sts_plan plan;
    sts_trainer trainer;
    sts_average average;          /* --average */
    const sts_metric_row *metric; /* the one that decides */
    sts_gate gate;            /* --fail-under, when given */
    char *dir;                /* the run directory */
    sts_hold *hold;           /* of it, where it is written; NULL: it is not */
    sts_json *earlier;        /* the report of the run that was there before; NULL: none */
    sts_json *files;          /* what stsfit wrote into RUN/model, by name; NULL: nothing */
    bool made_dir;            /* for this run, which has not begun */
    int lock;                 /* a locked descriptor; -1: none */
    int log;                  /* log.jsonl; -1: none */
    double started;           /* the clock at the start, less the seconds before a resume */
    double evaluating;        /* seconds that the first evaluation of dev took */
    double evaluating_once;   /* ... of what is evaluated at the start and at the end alone */
    bool missing_shown;       /* why the deciding metric is missing: shown once */
    double mark_pairs, mark_clock; /* for the rate */
    /* what a checkpoint's trainer.json carries */
    double trained, in_gemm;  /* seconds in steps; of these, in matrix products */
    double pairs;             /* trained on */
    bool has_best;
    double best;
    bool flat;                /* the dev set's cosines were all equal before training */
    uint64_t best_step;       /* 0: the start */
    bool best_averaged;       /* the mean at that step, not its own weights */
    uint64_t stale;           /* evaluations without a gain */
    uint64_t evaluated, saved; /* steps of the last evaluation and checkpoint */
    sts_run_evals evals;       /* so far */
    bool has_after;            /* the parts have the evaluation of the selected model */
    sts_dims_value by_dims[STS_LOSS_DIMS]; /* of it, by --dims */
    int n_by_dims;
    sts_blend blend;
    sts_verdict verdict, guarded; /* on dev; on the guard */
    sts_decision decision;        /* RUN/model/stsfit.json */
    const char *status;       /* of the run, for the report */
    bool has_selected;        /* the model has the selected weights */
    int stop;                 /* the signal that stops it, on whichever rank; 0: none */
    /* Writes RUN/report.json as things stand, with `failure` (NULL: none); the caller's. */
    int (*report)(const sts_run *r, const sts_err *failure, sts_err *err);
    /* The card of a checkpoint made now; freed by sts_free. NULL on error. The caller's. */
    char *(*card)(const sts_run *r, sts_err *err);
};

/* ---- run_rows.c ---- */
/* The rows of a part as evaluations and the trainer take them; borrowed. */
sts_token_rows sts_part_rows(const sts_part *p);
/* What came of an evaluation, whose predictions (none for triplets) it takes. */
void sts_part_eval_take(sts_part_eval *to, sts_evaluation *e);
void sts_part_free(sts_part *part);
/* The figures of dev, test and guard as JSON. */
sts_json *sts_run_parts_json(const sts_run *r, bool after);
/* What the rows that are evaluated offer: those of dev, or where there are none of test, or else of
 * the training data. */
sts_metric_needs sts_run_offers(const sts_run *r);
/* Reads the training data, dev and test; holds a dev set out where none is given. */
int sts_run_load(sts_run *r, sts_err *err);
/* Gives a trial the cosines of the rows that it held out, by the selected model. */
void sts_run_hand_out(const sts_run *r);
/* Numbers the training texts into r->texts and r->plan, where batches or the loss need that. */
int sts_run_number(sts_run *r, sts_err *err);
/* Once all texts are tokens: a note on what is remarkable about the rows, if anything is. */
int sts_run_remark(const sts_run *r, sts_err *err);

/* ---- run_loss.c ---- */
/* Once the rows are there: the loss, and what it leaves out of them. */
int sts_run_choose_loss(sts_run *r, sts_err *err);

/* ---- run_model.c ---- */
/* The model (of checkpoint `from`, or NULL: where training starts), and the tokens of all parts. */
int sts_run_load_model(sts_run *r, const char *from, sts_err *err);

/* ---- run_plan.c ---- */
/* Once the model is there: the plan, and the metric that decides. */
int sts_run_make_plan(sts_run *r, sts_err *err);
/* Then the options as they take effect, where "the default" depends on the model and the data. */
int sts_run_settle_options(sts_run *r, sts_err *err);

/* ---- run_close.c ---- */
/* Frees all of it but the model that was handed on; removes nothing. */
void sts_run_close(sts_run *r);

/* ---- run_dims.c ---- */
/* The deciding metric of the selected model by --dims, into r->by_dims. */
int sts_run_evaluate_dims(sts_run *r, sts_err *err);

/* ---- run_teacher.c ---- */
/* Whether there is a teacher if the loss needs one, and only then (STS_USAGE). */
int sts_run_check_teacher(const sts_run *r, sts_err *err);
/* Once texts have numbers: what the teacher has for each, into r->taught and r->plan. */
int sts_run_teach(sts_run *r, sts_err *err);

/* ---- run_advice.c ---- */
/* Once the plan is made: warns where options or scores leave less to learn than they seem to. */
void sts_run_advise(const sts_run *r);

/* ---- run_guard.c ---- */
/* The guard's rows, read by themselves. */
int sts_run_guard_load(sts_run *r, const sts_data_options *reading, sts_err *err);
/* Once a run is restored: evaluates the weights of the start on the guard, which may be another
 * one than when it began. */
int sts_run_guard_again(sts_run *r, sts_err *err);

/* ---- run_steps.c ---- */
/* Sends an event of which kind and data are set; its answer may ask to stop, or end the run. */
int sts_run_send(sts_run *r, sts_event e, sts_err *err);
/* Evaluates the model as it is on a part. */
int sts_run_evaluate(sts_run *r, const sts_part *part, bool interval, sts_evaluation *e,
                     sts_err *err);
/* The same of vectors that are there, in the order of the part's texts. */
int sts_run_evaluate_vectors(sts_run *r, const sts_part *part, const float *emb, bool interval,
                             sts_evaluation *e, sts_err *err);
/* What the evaluation of the dev set before training means for those that follow. */
void sts_run_start_dev(sts_run *r, const sts_evaluation *e);
/* After each step: log, evaluation, checkpoint, early stop. 1: the run should stop. */
int sts_run_after_step(sts_run *r, const sts_step *s, sts_err *err);
/* The same for a step that an earlier run has logged, whose evaluation may have been cut short. */
int sts_run_settle(sts_run *r, const sts_step *s, sts_err *err);
/* Looks whether any rank is asked to stop, into r->stop. What comes after finishes the run. */
int sts_run_poll(sts_run *r, sts_err *err);
/* rc of an evaluation: one that was cut short by a request to stop is not a failure, but sets
 * r->stop. */
int sts_run_cut_short(sts_run *r, int rc, sts_err *err);

/* ---- run_claim.c ---- */
/* Makes and locks the run directory, without a change to what an earlier run left there. *from is
 * the checkpoint to resume from, newly allocated, or NULL. */
int sts_run_open(sts_run *r, char **from, sts_err *err);
/* Once nothing can be refused any more: report.json, by which the directory is known as a run's;
 * with --overwrite the checkpoints of an earlier run go; log.jsonl, config.json. */
int sts_run_begin(sts_run *r, sts_err *err);
/* After a refusal: a directory that was made for the run goes again. */
void sts_run_abandon(sts_run *r);
/* Refuses (STS_USAGE) a RUN/model that holds what stsfit did not write there: files other than
 * r->files, or `files`. */
int sts_run_spare_model(const sts_run *r, sts_err *err);
int sts_run_spare_model_in(const char *dir, const sts_json *files, sts_err *err);
/* Refuses (STS_USAGE) a directory that is not stsfit's and holds names that a run replaces. */
int sts_run_spare_foreign(const char *dir, sts_err *err);
/* Locks a run directory, which must exist: *held is the descriptor to close. 0, or -1. */
int sts_run_lock(const char *dir, int *held, sts_err *err);
/* Adds the files that a model has from a checkpoint's, and its card, to r->files. */
int sts_run_add_files(sts_run *r, const char *checkpoint, sts_err *err);

/* ---- run_log.c ---- */
/* Starts log.jsonl with what it has up to the step that the run continues from. */
int sts_run_open_log(sts_run *r, uint64_t step, sts_err *err);

/* ---- run_state.c ---- */
/* What trainer.json has of the run as it is; newly allocated, whole where no memory was denied. */
sts_json *sts_run_state_json(const sts_run *r);
/* Rank 0's trainer.json of a checkpoint, on all ranks. NULL on error. */
sts_json *sts_run_state_load(const char *path, sts_err *err);
/* Its counters, times and evaluations into r; `name` stands in messages (STS_MODEL). */
int sts_run_state_restore(sts_run *r, const sts_json *state, const char *name, sts_err *err);

/* ---- run_resume.c ---- */
/* A checkpoint of the step just done, and rotation. */
int sts_run_save(sts_run *r, sts_err *err);
/* The optimizer and the run's counters from a checkpoint, once the trainer is ready; refuses
 * changed data or settings. */
int sts_run_restore(sts_run *r, const char *from, sts_err *err);
/* A checkpoint's model, or that at the start (step 0), which must be of the kind in training. */
sts_model *sts_run_load_weights(const sts_run *r, uint64_t step, sts_err *err);
/* Whether all ranks of an MPI job have the same settings; each refuses others than rank 0's. */
int sts_run_agree(sts_run *r, sts_err *err);
/* Rank 0's text, newly allocated on the others; NULL stays NULL. */
int sts_run_share_text(char **text, sts_err *err);
/* Rank 0's weights into r->model of the others. */
int sts_run_share_weights(sts_run *r, sts_err *err);

/* ---- run_publish.c ---- */
/* Puts the selected weights into r->model, on all ranks. */
int sts_run_load_selected(sts_run *r, sts_err *err);
/* Writes them into a directory beside RUN/model, whose name is newly allocated, and lists its files
 * in r->files; NULL on error. */
char *sts_run_stage(sts_run *r, sts_err *err);
/* Writes `card`, with no permission that `mode` lacks, into that directory, which then takes the
 * place of RUN/model. */
int sts_run_publish(const sts_run *r, const char *staged, const char *card, mode_t mode,
                    sts_err *err);

/* ---- run_average.c ---- */
/* Once the trainer is made: what --average asks for. */
int sts_run_average_begin(sts_run *r, sts_err *err);
/* The mean as it would be with the weights of now, a point of it perhaps, in *next, a copy of
 * r->average. Returns 1 where there is one, at *mean, borrowed; 0; or -1. */
int sts_run_average_next(sts_run *r, sts_average_point p, sts_average *next, float **mean,
                         sts_err *err);
/* What a checkpoint made now keeps of it, borrowed; NULL: nothing. */
const float *sts_run_average_now(const sts_run *r);
/* The selected mean into r->model. Rank 0 only. */
int sts_run_average_take(sts_run *r, sts_err *err);
/* Whether the selected weights are a mean. */
bool sts_run_average_selected(const sts_run *r);

/* ---- run_blend.c ---- */
/* The weights of the start, from rank 0; freed by sts_free. NULL on error. */
float *sts_run_start_weights(const sts_run *r, sts_err *err);
/* Whether --blend can be done; its share, NAN for auto. */
int sts_run_blend_check(const sts_run *r, double *share, sts_err *err);
/* Once r->model has the selected weights: mixes them with those of the start as --blend asks, into
 * r->blend. One that is asked to stop leaves them as they are, and sets r->stop. */
int sts_run_blend(sts_run *r, sts_err *err);

/* ---- run_settings.c ---- */
/* The options of the run as they take effect; newly allocated, whole where no memory was denied. */
sts_json *sts_run_config(const sts_run *r);
/* All that the numbers of the run depend on: it continues only where all of it is equal. Newly
 * allocated, or NULL. */
sts_json *sts_run_settings(const sts_run *r);
/* Refuses settings that differ from those then, which were read from JSON: those of the checkpoint
 * `from`, or of rank 0 (NULL). */
int sts_run_same_settings(sts_json *then, const sts_json *now, const char *from, sts_err *err);

/* ---- run_verdict.c ---- */
/* Whether model/ gets the best weights on dev, not the last ones. */
bool sts_run_keeps_best(const sts_run *r);
/* The step whose weights model/ gets: the best evaluated one (0: the start), or the last. */
uint64_t sts_run_selected_step(const sts_run *r);
/* Evaluates dev, test and guard: at the start, or `after`, the selected weights. */
int sts_run_evaluate_parts(sts_run *r, bool after, sts_err *err);
/* Whether the selected weights are better on dev than those of the start, into r->verdict, and on
 * the guard, into r->guarded: none without such rows, or where the predictions of the start are
 * missing. */
int sts_run_verdict(sts_run *r, sts_err *err);

/* ---- run_decision.c ---- */
/* The thresholds and the calibration that follow from the last evaluation of dev, into r->decision:
 * none where it has neither two classes nor scores. */
int sts_run_decide(sts_run *r, sts_err *err);

/* Which weights model/ holds, for people; newly allocated, or NULL. */
char *sts_run_selected_text(const sts_run *r);

#endif
