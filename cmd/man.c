/* man.c - stsfit man: the manual page, from the tables of options. cmd/stsfit.1 is its output; a
 * test proves that they are the same. */
#include "common.h"

#include <stdlib.h>
#include <string.h>

#define DATE "2026-11-29" /* of this text: change it with the text */

typedef struct man {
    common c;
} man;

/* Text as roff takes it: backslashes and dashes escaped, no line that starts with a dot. */
static void put(const char *s)
{
    for (; s && *s; s++) {
        if (*s == '\\') printf("\\e");
        else if (*s == '-') printf("\\-");
        else putchar(*s);
    }
}

static const char HEAD[] =
    ".SH NAME\n"
    "stsfit \\- fine-tunes sentence encoders for semantic textual similarity\n"
    ".SH SYNOPSIS\n"
    ".B stsfit\n"
    ".I COMMAND\n"
    "[options] [files]\n"
    ".SH DESCRIPTION\n"
    "Trains on pairs of sentences with a similarity score, evaluates the model, and uses it in a\n"
    "pipe. Models are directories as sentence\\-transformers writes and reads them; without one\n"
    "there is a built\\-in encoder that is trained from scratch.\n"
    ".PP\n"
    "Options may appear anywhere after the command: \\fB\\-\\-option value\\fR or\n"
    "\\fB\\-\\-option=value\\fR; \\fB\\-\\-\\fR ends them. A file called \\fB\\-\\fR is standard\n"
    "input; files compressed by gzip are read as they are. Results go to standard output,\n"
    "everything else to standard error.\n";

static const char TAIL[] =
    ".SH FILES\n"
    ".TP\n.I RUN/report.json\nwhat happened: settings, data, machine, timings, evaluations "
    "(500 of those during training at most)\n"
    ".TP\n.I RUN/log.jsonl\none line per logged step and per evaluation\n"
    ".TP\n.I RUN/config.json\n\\fBstsfit train \\-\\-config RUN/config.json\\fR runs it again,\n"
    "and \\fBstsfit train \\-\\-resume \\-o RUN\\fR continues it\n"
    ".TP\n.I RUN/model/\nthe selected model: a sentence\\-transformers directory\n"
    ".TP\n.I RUN/checkpoint\\-N/\nthe same after step N, and what \\fB\\-\\-resume\\fR needs\n"
    ".SH CONFIGURATIONS\n"
    "\\fB\\-\\-config\\fR reads a JSON object: the long names of options and their values, and\n"
    "\\fIdata\\fR, a list of files. The command line takes precedence. Paths are relative to the\n"
    "directory of the configuration or, where a file or model to be read is not found there, to\n"
    "the working directory, and do not lead out of it; a config.json that is the user's own, in\n"
    "a run of the user's own, has the paths that the run was given. No configuration loads code\n"
    "(\\fB\\-\\-loss\\fR with a file), overwrites or resumes, and only the user's own puts\n"
    "samples of the data on a model card.\n"
    "In JSON, bytes of file names that are not UTF\\-8 are written as \\exNN, and a backslash\n"
    "before such digits as \\ex5c.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B STSFIT_THREADS, OMP_NUM_THREADS\nthreads, where \\fB\\-\\-threads\\fR is not given\n"
    ".TP\n.B NO_COLOR, CLICOLOR_FORCE, TERM\nwhether messages are coloured, and progress is drawn\n"
    ".TP\n.B COLUMNS\nthe width of the progress bar, where stderr is not a terminal [80]\n"
    ".TP\n.B STSFIT_BLAS\nthe library that multiplies matrices, by its path or name: one with\n"
    "cblas_sgemm. Otherwise OpenBLAS, or another that is installed\n"
    ".TP\n.B OPENBLAS_CORETYPE\nthe kernels that OpenBLAS runs. Otherwise chosen by the "
    "processor's\nfeatures\n"
    ".TP\n.B STSFIT_HUB, HF_ENDPOINT\nthe mirror that \\fBstsfit fetch\\fR downloads from, "
    "instead of\nthe Hugging Face hub\n"
    ".TP\n.B STSFIT_MPI_TIMEOUT\nseconds after which a job gives up on a machine that does not "
    "answer\n[600]\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\ndone\n"
    ".TP\n.B 1\nfailed: input or output, memory\n"
    ".TP\n.B 2\nwrong usage\n"
    ".TP\n.B 3\nbad data: the message names file and line\n"
    ".TP\n.B 4\na bad model, or one that is not supported\n"
    ".TP\n.B 5\ntraining diverged, or the encoder collapsed\n"
    ".TP\n.B 6\na quality gate (\\fB\\-\\-fail\\-under\\fR) was missed\n"
    ".TP\n.B 128 + N\ninterrupted by signal N (130: Ctrl\\-C, 143: SIGTERM, 129: SIGHUP);\n"
    "training saves the state of its last step before it ends\n"
    ".SH LIMITS\n"
    "Files that claim more are refused: data of 16 MB per line; gzip that inflates more than 200 "
    "times past 16 MB;\n"
    "JSON of 64 MB and 64 levels; a safetensors header of 100 MB, 100,000 tensors of 8 dimensions, "
    "512 shards;\n"
    "a data.pkl of 64 MB; tensors of twice their archive and 64 MB; tokens of 4,096 bytes, added "
    "ones of 1,024;\n"
    "64 normalizers that make a text 200 times as long, past 64 KB; patterns of a tokenizer that "
    "take more than\n4,000,000 steps and 100 per byte of a text, or 1,000,000 at one place; "
    "32 modules.\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "stsfit train pairs.tsv\n"
    "stsfit train pairs.tsv \\-m all\\-MiniLM\\-L6\\-v2 \\-o run\n"
    "stsfit eval \\-m run dev.tsv\n"
    "stsfit score \\-m run < pairs.tsv | sort\n"
    ".fi\n";

static void put_aliases(const char *names)
{
    printf("(also");
    for (; *names; names += strspn(names, " ")) {
        char name[64];
        size_t n = strcspn(names, " ");
        snprintf(name, sizeof name, " --%.*s", (int)n, names);
        put(name);
        names += n;
    }
    printf(")\n");
}

static void put_option(const sts_option *o)
{
    printf(".TP\n");
    if (o->letter) printf("\\fB\\-%c\\fR, ", o->letter);
    printf("\\fB\\-\\-");
    put(o->name);
    printf("\\fR");
    if (o->arg) {
        printf(" \\fI");
        put(o->arg);
        printf("\\fR");
    }
    printf("\n");
    put(o->help);
    const char *standard = o->arg ? opt_default(o) : "";
    if (*standard) {
        printf(" [default: ");
        put(standard);
        printf("]");
    }
    printf("\n");
    if (o->aliases) put_aliases(o->aliases);
}

static void put_command(const command *c)
{
    printf(".SS stsfit %s%s%s%s\n", c->name, c->tables ? " [options]" : "",
           *c->args ? " " : "", c->args);
    put(c->text);
    printf("\n");
    for (opt_at a = {0}; opt_next(c, &a);) {
        if (a.row->kind == STS_OPT_GROUP) printf(".PP\n\\fI%s:\\fR\n", a.row->help);
        else put_option(a.row);
    }
}

static int run(void *values, const opt_args *args)
{
    common_start(&((man *)values)->c);
    if (args->n) {
        fprintf(stderr, "stsfit: man: takes no argument\n");
        return STS_USAGE;
    }
    printf(".\\\" Written by `stsfit man`: change the tables in cmd/, not this file.\n"
           ".TH STSFIT 1 \"" DATE "\" \"stsfit " STSFIT_VERSION "\" \"User Commands\"\n"
           "%s.SH COMMANDS\n", HEAD);
    for (size_t i = 0; commands[i]; i++) put_command(commands[i]);
    printf("%s", TAIL);
    return 0;
}

const command command_man = {
    .name = "man",
    .args = "",
    .help = "print this manual for man(1)",
    .text = "Prints the manual page: stsfit man | man -l -",
    .size = sizeof(man),
    .run = run,
};
