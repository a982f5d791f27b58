/* fine_tune.c - trains a model on a file of pairs, with a callback that shows the progress and
 * stops after so many steps or at ctrl-C; what has been learned is saved then, and the same command
 * with `resume` continues.
 *
 *     cc fine_tune.c $(pkg-config --cflags --libs stsfit) -lm -o fine_tune
 *     ./fine_tune MODEL PAIRS RUN STEPS [resume] */
#include <stsfit.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

/* Called after each step, on the thread that called sts_train. */
static sts_answer on_event(void *ctx, const sts_event *e)
{
    const uint64_t *last = ctx;
    switch (e->kind) {
    case STS_EVENT_STEP:
        printf("step %llu of %llu: loss %.4f\n", (unsigned long long)e->step->step,
               (unsigned long long)e->step->steps, e->step->loss);
        if (interrupted || e->step->step == *last) return STS_STOP_SAVED;
        break;
    case STS_EVENT_EVAL: printf("%s %.4f\n", e->eval->metric, e->eval->value); break;
    case STS_EVENT_END: printf("%s\n", e->end->model_dir); break;
    default: break; /* kinds that a later version adds */
    }
    return STS_CONTINUE;
}

/* Options as on the command line: names and texts. */
static int set_options(sts_train_options *o, char **argv, sts_err *err)
{
    const char *const option[][2] = {{"model", argv[1]},     {"output", argv[3]},
                                     {"epochs", "2"},        {"batch-size", "8"},
                                     {"loss", "cosent"},     {"scheduler", "cosine"}};
    for (size_t i = 0; i < sizeof option / sizeof *option; i++)
        if (sts_train_set(o, option[i][0], option[i][1], err)) return -1;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: fine_tune MODEL PAIRS RUN STEPS [resume]\n");
        return 2;
    }
    sts_err err = {0};
    const char *pairs = argv[2];
    uint64_t last = strtoull(argv[4], NULL, 10);
    sts_train_options o = sts_train_defaults();
    o.data = &pairs;
    o.n_data = 1;
    o.resume = argc > 5 && !strcmp(argv[5], "resume");
    signal(SIGINT, on_signal);

    sts_model *tuned = NULL; /* with the selected weights, unless it was stopped */
    int rc = set_options(&o, argv, &err);
    if (!rc) rc = sts_train(&o, on_event, &last, &tuned, &err);
    if (rc && err.code == STS_INTERRUPTED) printf("stopped and saved\n");
    else if (rc) fprintf(stderr, "fine_tune: %s\n", err.text);
    sts_model_free(tuned);
    return rc ? err.code : 0; /* the codes are fit for that */
}
