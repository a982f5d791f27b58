/* options.c - the training options: all that is known of each is in its row. */
#include "core/option.h"
#include "data/reading.h"
#include "eval/metric_table.h"
#include "model/encoder_config.h"
#include "model/prompt.h"

#include <string.h>

#define AT(field) .offset = offsetof(sts_train_options, field)
#define NAMED(field) .named = offsetof(sts_train_options, field)
#define MANY 9e15 /* the largest whole number that JSON holds, roughly */

/* Metrics as tables and other trainers name them. A title that is "" is never given. */
static const sts_synonym METRIC_NAMES[] = {
#define METRIC(name, title, ...) {title, #name}, {"eval_" #name, #name},
#include "eval/metric_list.h"
#undef METRIC
    {0}};

/* What was found to be best on STSbenchmark's dev set: README.md has the figures. To add one: a row
 * here, and its name in that of --recipe. */
static const sts_preset RECIPES[] = {
    {.name = "bag",
     .values = (const sts_preset_value[]){
         {"width", "1152"}, {"batch-size", "32"}, {"lr", "1e-3"}, {"epochs", "3"},
         {"dropout", "0.1"}, {0}}},
    {.name = "pretrained",
     .values = (const sts_preset_value[]){
         {"lr", "1e-4"}, {"epochs", "1"}, {"layer-decay", "0.8"}, {"r-drop", "1"}, {0}}},
    {0}};

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to train"},
    {.kind = STS_OPT_TEXT, .name = "model", .aliases = "model-name-or-path", .letter = 'm',
     .arg = "DIR", AT(model), .value = "bag", .standard = "bag, the built-in encoder",
     .flags = STS_OPT_INPUT | STS_OPT_NUMBERS,
     .help = "sentence-transformers or Hugging Face directory, run or checkpoint to start from"},
    {.kind = STS_OPT_TEXT, .name = "output", .aliases = "output-dir", .letter = 'o', .arg = "DIR",
     AT(output), .value = "stsfit-run", .flags = STS_OPT_OUTPUT, .help = "run directory"},
    {.kind = STS_OPT_FILES, .name = "data", .aliases = "train-file train-files", .arg = "FILE",
     AT(data), NAMED(data_named), .flags = STS_OPT_INPUT | STS_OPT_HIDDEN,
     .help = "a file of DATA; it needs no option"},
    {.kind = STS_OPT_TEXT, .name = "dev", .aliases = "validation-file eval-file", .arg = "FILE",
     AT(dev), NAMED(dev_named), .standard = "a tenth of DATA's pairs", .flags = STS_OPT_INPUT,
     .help = "pairs to evaluate on while training, or none"},
    {.kind = STS_OPT_TEXT, .name = "test", .aliases = "test-file", .arg = "FILE", AT(test),
     NAMED(test_named), .standard = "none", .flags = STS_OPT_INPUT,
     .help = "pairs to evaluate the selected model on, once, at the end"},
    {.kind = STS_OPT_TEXT, .name = "guard", .arg = "FILE", AT(guard), NAMED(guard_named),
     .standard = "none", .flags = STS_OPT_INPUT,
     .help = "pairs of another kind, to see whether the model still does as well on them"},
    {.kind = STS_OPT_TEXT, .name = "loss", .arg = "NAME[:k=v,...][+W*...]", AT(loss),
     .standard = "cosine-similarity; without scores mnrl; triplet",
     .flags = STS_OPT_NUMBERS | STS_OPT_CODE,
     .help = "loss to minimize, or a weighted sum of losses; stsfit losses lists them"},
    {.kind = STS_OPT_TEXT, .name = "teacher", .arg = "DIR", AT(teacher), .standard = "none",
     .flags = STS_OPT_INPUT | STS_OPT_NUMBERS,
     .help = "model whose vectors the losses gist, embed-distill and score-distill learn from"},
    {.kind = STS_OPT_TEXT, .name = "dims", .arg = "D1[:W1],D2,...", AT(dims),
     .standard = "all at once", .flags = STS_OPT_NUMBERS,
     .help = "take the loss at the first D components too, each weighted (Matryoshka)"},
    {.kind = STS_OPT_INT, .name = "width", .arg = "N", AT(width), .max = STS_MAX_WIDTH,
     .standard = "384", .flags = STS_OPT_NUMBERS,
     .help = "numbers per vector of a new built-in encoder"},
    STS_READING_ROWS(offsetof(sts_train_options, reading)),

    {.kind = STS_OPT_GROUP, .help = "How to train"},
    {.kind = STS_OPT_CHOICE, .name = "recipe", .arg = "bag|pretrained", .presets = RECIPES,
     .offset = STS_OPT_NOWHERE, .standard = "none", .flags = STS_OPT_ORDER,
     .help = "options measured to be good for the built-in encoder or a pretrained one"},
    {.kind = STS_OPT_NUM, .name = "epochs", .aliases = "num-train-epochs", .arg = "N", AT(epochs),
     .min = 1e-9, .max = 1e9, .value = "4", .flags = STS_OPT_NUMBERS,
     .help = "passes over the data"},
    {.kind = STS_OPT_INT, .name = "max-steps", .arg = "N", AT(max_steps), .max = 4e9,
     .standard = "by --epochs", .flags = STS_OPT_NUMBERS,
     .help = "number of steps, instead of --epochs"},
    {.kind = STS_OPT_INT, .name = "batch-size",
     .aliases = "per-device-train-batch-size train-batch-size batch", .arg = "N", AT(batch_size),
     .min = 1, .max = 1 << 20, .value = "16", .flags = STS_OPT_NUMBERS, .help = "rows per batch"},
    {.kind = STS_OPT_INT, .name = "batch-size-per-rank", .arg = "N", AT(batch_size_per_rank),
     .max = 1 << 20, .standard = "by --batch-size", .flags = STS_OPT_NUMBERS,
     .help = "rows per batch on each rank of an MPI job, instead of --batch-size"},
    {.kind = STS_OPT_INT, .name = "accumulate", .aliases = "gradient-accumulation-steps",
     .arg = "N", AT(accumulate), .min = 1, .max = 1 << 20, .value = "1", .flags = STS_OPT_NUMBERS,
     .help = "batches per step"},
    {.kind = STS_OPT_NUM, .name = "lr", .aliases = "learning-rate", .arg = "X", AT(lr), .max = 1e3,
     .standard = "5e-5; bag 5e-4; static 0.005", .flags = STS_OPT_NUMBERS,
     .help = "peak learning rate"},
    {.kind = STS_OPT_NUM, .name = "warmup", .aliases = "warmup-ratio warmup-steps", .arg = "X",
     AT(warmup), .max = MANY, .standard = "0.1; constant 0", .flags = STS_OPT_NUMBERS,
     .help = "warm-up: below 1 a fraction of the steps, else a number of steps"},
    {.kind = STS_OPT_CHOICE, .name = "scheduler", .aliases = "lr-scheduler-type lr-scheduler",
     .arg = "linear|cosine|constant|constant-with-warmup", AT(scheduler), .value = "linear",
     .flags = STS_OPT_NUMBERS,
     .synonyms = (const sts_synonym[]){{"constant-with-warmup", "constant-with-warmup"},
                                       {"cosine-with-warmup", "cosine"},
                                       {0}},
     .help = "how the learning rate changes after warm-up"},
    {.kind = STS_OPT_NUM, .name = "weight-decay", .arg = "X", AT(weight_decay), .max = 1e6,
     .value = "0", .flags = STS_OPT_NUMBERS, .help = "weight decay of AdamW"},
    {.kind = STS_OPT_NUM, .name = "layer-decay", .aliases = "layerwise-lr-decay llrd", .arg = "X",
     AT(layer_decay), .min = 1e-3, .max = 1, .value = "1", .flags = STS_OPT_NUMBERS,
     .help = "each layer learns at X times the rate of the layer above, embeddings slowest"},
    {.kind = STS_OPT_NUM, .name = "max-grad-norm", .arg = "X", AT(max_grad_norm), .max = 1e30,
     .value = "1", .flags = STS_OPT_NUMBERS, .help = "limit on the norm of the gradient; 0: none"},
    {.kind = STS_OPT_NUM, .name = "dropout", .arg = "P", AT(dropout), .max = 0.99,
     .synonyms = (const sts_synonym[]){{"model", ""}, {0}},
     .standard = "model, as its config.json says", .flags = STS_OPT_NUMBERS,
     .help = "probability of every dropout of the model"},
    {.kind = STS_OPT_NUM, .name = "r-drop", .aliases = "rdrop", .arg = "W", AT(r_drop), .max = 1e6,
     .value = "0", .flags = STS_OPT_NUMBERS,
     .help = "embed each row twice and add W times the squared difference of the cosines"},
    {.kind = STS_OPT_INT, .name = "max-seq-length", .arg = "N", AT(max_seq_length), .max = 1 << 20,
     .standard = "the model's", .flags = STS_OPT_NUMBERS,
     .help = "tokens at which texts are cut"},
    {.kind = STS_OPT_CHOICE, .name = "precision", .arg = "fp32|bf16|auto", AT(precision),
     .value = "fp32", .flags = STS_OPT_NUMBERS,
     .switches = (const sts_switch[]){{"bf16", "bf16", "fp32"}, {"fp16", "fp16", "fp32"}, {0}},
     .help = "precision of matrix products; auto: bf16 where measured to be faster"},
    {.kind = STS_OPT_INT, .name = "threads", .arg = "N", AT(threads), .max = 256,
     .standard = "STSFIT_THREADS, OMP_NUM_THREADS, or all processors", .help = "threads to use"},
    {.kind = STS_OPT_INT, .name = "seed", .arg = "N", AT(seed), .max = MANY, .value = "42",
     .flags = STS_OPT_NUMBERS, .help = "seed of the order of rows and of dropout"},
    {.kind = STS_OPT_CHOICE, .name = "batches", .aliases = "batch-sampler",
     .arg = "shuffled|no-duplicates", AT(batches), .flags = STS_OPT_NUMBERS,
     .standard = "no-duplicates where other rows' texts are negatives, else shuffled",
     .help = "how rows are put into batches; no-duplicates: no text twice in one"},
    {.kind = STS_OPT_INT, .name = "mini-batch", .aliases = "mini-batch-size", .arg = "N",
     AT(mini_batch), .max = MANY, .value = "0", .flags = STS_OPT_NUMBERS,
     .help = "embed N rows at a time: memory of N, loss of the whole batch (GradCache); 0: all"},
    {.kind = STS_OPT_FLAG, .name = "no-shuffle", AT(no_shuffle), .flags = STS_OPT_NUMBERS,
     .help = "use the rows in file order"},
    STS_PROMPT_ROWS(offsetof(sts_train_options, prompts)),
    STS_COLUMN_PROMPT_ROWS(offsetof(sts_train_options, prompts)),
    {.kind = STS_OPT_FLAG, .name = "train-prompt", AT(train_prompt), .flags = STS_OPT_NUMBERS,
     .help = "put the model's default prompt before training texts too"},
    {.kind = STS_OPT_FLAG, .name = "freeze-embeddings", AT(freeze_embeddings),
     .flags = STS_OPT_NUMBERS, .help = "leave the embeddings unchanged"},
    {.kind = STS_OPT_INT, .name = "freeze-layers", .arg = "N", AT(freeze_layers), .max = 1000,
     .value = "0", .flags = STS_OPT_NUMBERS, .help = "leave the lowest N layers unchanged"},

    {.kind = STS_OPT_GROUP, .help = "Evaluating and saving"},
    {.kind = STS_OPT_INT, .name = "log-steps", .aliases = "logging-steps", .arg = "N",
     AT(log_steps), .min = 1, .max = MANY, .value = "1", .help = "steps per line of log.jsonl"},
    {.kind = STS_OPT_INT, .name = "eval-steps", .arg = "N", AT(eval_steps), .max = MANY,
     .standard = "each epoch", .flags = STS_OPT_NUMBERS,
     .help = "steps between evaluations, in addition to one per epoch"},
    {.kind = STS_OPT_INT, .name = "save-steps", .arg = "N", AT(save_steps), .max = MANY,
     .standard = "each epoch", .help = "steps between checkpoints, in addition to one per epoch"},
    {.kind = STS_OPT_INT, .name = "save-total-limit", .arg = "N", AT(save_total_limit), .min = 1,
     .max = MANY, .value = "1", .help = "checkpoints to keep, in addition to the best"},
    {.kind = STS_OPT_CHOICE, .name = "keep", .arg = "best|last", AT(keep), .value = "best",
     .switches = (const sts_switch[]){{"load-best-model-at-end", "best", "last"}, {0}},
     .help = "weights that model/ gets: the best on the dev set, or the last"},
    {.kind = STS_OPT_TEXT, .name = "average", .arg = "last:K|best:K|ema:D", AT(average),
     .standard = "none", .flags = STS_OPT_NUMBERS,
     .help = "evaluate averaged weights too: of K evaluations, or of all steps with decay D"},
    {.kind = STS_OPT_TEXT, .name = "blend", .arg = "auto|A", AT(blend), .standard = "none",
     .flags = STS_OPT_NUMBERS,
     .help = "mix A of the selected weights with 1 - A of the initial ones; auto: A by dev"},
    {.kind = STS_OPT_TEXT, .name = "metric", .aliases = "metric-for-best-model", .arg = "NAME",
     AT(metric), .standard = STS_METRIC_OF_SCORES "; " STS_METRIC_OF_CLASSES " of two classes; "
     STS_METRIC_OF_PARTNERS " without scores; " STS_METRIC_OF_TRIPLETS " of triplets",
     .flags = STS_OPT_NUMBERS,
     .synonyms = METRIC_NAMES,
     .help = "metric that selects the best weights"},
    {.kind = STS_OPT_INT, .name = "patience", .aliases = "early-stopping-patience", .arg = "N",
     AT(patience), .max = MANY, .value = "0", .flags = STS_OPT_NUMBERS,
     .help = "stop after N evaluations without improvement; 0: never"},
    {.kind = STS_OPT_TEXT, .name = "fail-under", .arg = "METRIC=X", AT(fail_under),
     .standard = "none", .help = "exit with 6 when the selected model is worse"},
    {.kind = STS_OPT_INT, .name = "card-samples", .arg = "N", AT(card_samples), .max = 1000,
     .value = "0", .flags = STS_OPT_OWN,
     .help = "training rows to show in the model's README.md"},
    {.kind = STS_OPT_FLAG, .name = "resume", .aliases = "resume-from-checkpoint", AT(resume),
     .flags = STS_OPT_ORDER,
     .help = "continue from the last checkpoint; without DATA, with the run's own options"},
    {.kind = STS_OPT_FLAG, .name = "overwrite", .aliases = "overwrite-output-dir", AT(overwrite),
     .flags = STS_OPT_ORDER, .help = "replace an earlier run"},
    {.kind = STS_OPT_FLAG, .name = "dry-run", AT(dry_run), .flags = STS_OPT_ORDER,
     .help = "print what would be done; write nothing"},
    {.kind = STS_OPT_CHOICE, .name = "eval-strategy", .aliases = "evaluation-strategy",
     .arg = "epoch|steps", .offset = STS_OPT_NOWHERE, .flags = STS_OPT_HIDDEN,
     .help = "evaluations come each epoch, and with --eval-steps each N steps"},
    {.kind = STS_OPT_CHOICE, .name = "save-strategy", .arg = "epoch|steps",
     .offset = STS_OPT_NOWHERE, .flags = STS_OPT_HIDDEN,
     .help = "checkpoints come each epoch, and with --save-steps each N steps"},
    {.kind = STS_OPT_CHOICE, .name = "device", .arg = "cpu", .offset = STS_OPT_NOWHERE,
     .flags = STS_OPT_HIDDEN, .help = "stsfit runs on CPUs only"},
    {0},
};

const sts_option *sts_train_rows(void)
{
    return ROWS;
}

void sts_train_fill(sts_train_options *o, size_t size)
{
    sts_train_options all = {0};
    sts_options_default(ROWS, &all);
    all.size = size < sizeof all ? size : sizeof all;
    memset(o, 0, size);
    memcpy(o, &all, all.size);
}

static int set_preset(sts_train_options *o, const sts_preset *p, sts_err *err)
{
    for (const sts_preset_value *v = p->values; v->option; v++)
        if (sts_train_set(o, v->option, v->value, err)) return -1;
    return 0;
}

int sts_train_set(sts_train_options *o, const char *name, const char *text, sts_err *err)
{
    if (sts_require(o, "options", err) || sts_require(name, "name", err)) return -1;
    sts_option_match m = sts_option_find(ROWS, name, strlen(name));
    if (!m.row) return sts_fail(err, STS_USAGE, "unknown option --%.60s", name);
    if (sts_require(text, m.row->name, err)) return -1;
    if (o->size && m.row->offset != STS_OPT_NOWHERE && m.row->offset >= o->size)
        return sts_fail(err, STS_USAGE, "--%s: needs a program built with a later stsfit.h",
                        m.row->name);
    if (sts_option_set(&m, o, text, err)) return -1;
    return m.row->presets ? set_preset(o, sts_option_preset(m.row, text), err) : 0;
}

/* Where the texts of a JSON object are kept: over the object, whose texts take two bytes more. */
typedef struct kept {
    sts_train_options *o;
    char *at;
} kept;

static int set_member(void *ctx, const sts_option_member *member, sts_err *err)
{
    kept *k = ctx;
    sts_option_match m = sts_option_find(ROWS, member->name, strlen(member->name));
    if (m.row && sts_option_takes(&m, member, err)) return -1;
    const char *word = member->n_words ? member->words[0] : NULL;
    if (m.row && m.row->kind == STS_OPT_FILES) word = "";
    if (member->kind == STS_MEMBER_TEXT) {
        size_t n = strlen(member->words[0]) + 1;
        word = memcpy(k->at, member->words[0], n);
        k->at += n;
    }
    return sts_train_set(k->o, member->name, word, err);
}

int sts_train_set_json(sts_train_options *o, char *json, sts_err *err)
{
    kept k = {o, json};
    return sts_option_members(json, "options", set_member, &k, err);
}
