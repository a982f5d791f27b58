/* own_loss.c - a program with a loss of its own (that of log_cosh.c): checks its gradient, and
 * trains with it on rows in memory.
 *
 *     cc own_loss.c log_cosh.c $(pkg-config --cflags --libs stsfit) -lm -o own_loss
 *     ./own_loss MODEL RUN */
#include <stsfit.h>
#include <stsfit_loss.h>

#include <stdio.h>

extern const sts_loss sts_loss_plugin;

static sts_data *make_rows(sts_err *err)
{
    static const struct {
        sts_str text[2];
        double score;
    } row[] = {
        {{{"A dog runs.", 11}, {"A hound is running.", 19}}, 0.9},
        {{{"A dog runs.", 11}, {"A cat sleeps.", 13}}, 0.2},
        {{{"Shares fell.", 12}, {"The market went down.", 21}}, 0.8},
        {{{"Shares fell.", 12}, {"A man plays the guitar.", 23}}, 0},
    };
    sts_data *data = sts_data_new(2, err);
    for (size_t i = 0; data && i < sizeof row / sizeof *row; i++)
        if (sts_data_add(data, row[i].text, &row[i].score, err)) {
            sts_data_free(data);
            return NULL;
        }
    return data;
}

static sts_answer on_event(void *ctx, const sts_event *e)
{
    (void)ctx;
    if (e->kind == STS_EVENT_STEP)
        printf("step %d: loss %.4f\n", (int)e->step->step, e->step->loss);
    return STS_CONTINUE;
}

static int train(const char *model, const char *output, sts_err *err)
{
    sts_data *rows = make_rows(err);
    sts_train_options o = sts_train_defaults();
    o.model = model;
    o.output = output;
    o.loss = "log-cosh:sharpness=4"; /* as any other */
    o.rows = rows;
    o.dev = "none";
    o.max_steps = 3;
    int rc = rows ? sts_train(&o, on_event, NULL, NULL, err) : -1;
    sts_data_free(rows);
    return rc;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: own_loss MODEL RUN\n");
        return 2;
    }
    sts_err err = {0};
    sts_env *env = sts_env_new(&err);
    int rc = env ? sts_env_loss(env, &sts_loss_plugin, NULL, &err) : -1;
    if (!rc) {
        sts_env_use(env); /* the loss is known to the calls of this thread from here on */
        rc = sts_loss_check("log-cosh", &err);
    }
    if (!rc) rc = train(argv[1], argv[2], &err);
    if (rc) fprintf(stderr, "own_loss: %s\n", err.text);
    sts_env_use(NULL);
    sts_env_free(env);
    return rc ? err.code : 0;
}
