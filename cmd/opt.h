/* opt.h - options as a table: parsing, help, configuration files, completions and the man page all
 * come from it.
 *
 * To add an option: one line in a command's table, one field in its struct. */
#ifndef STSFIT_OPT_H
#define STSFIT_OPT_H

#include "stsfit.h"

typedef enum {
    OPT_GROUP, /* a heading in the help: only `help` is used */
    OPT_FLAG,  /* bool */
    OPT_INT,   /* int64_t */
    OPT_NUM,   /* double */
    OPT_TEXT   /* const char * */
} opt_kind;

typedef struct opt {
    opt_kind kind;
    const char *name;    /* without the dashes */
    const char *aliases; /* other long names, separated by spaces, or NULL */
    char letter;         /* 0: none */
    const char *arg;     /* what stands for the value in help; "a|b|c": only these are accepted */
    size_t offset;       /* of the field in the command's struct */
    double min, max;     /* of numbers, inclusive */
    const char *help;
    const char *standard; /* the default in words, where the value does not say it; or NULL */
} opt;

#define OPT_END {0}

/* What parsing found besides the values; zero-initialised before, freed by opt_free after use:
 * values may point into it. */
typedef struct opt_args {
    const char **v; /* what is not an option, in order */
    int n;
    bool help;      /* --help was given */
    char **words;   /* everything after the command's name, as it was given */
    int n_words;
    struct cJSON *config;
} opt_args;

/* What a command accepts. */
typedef struct command {
    const char *name, *args, *help; /* "train", "DATA...", one line */
    const char *text;               /* a paragraph for the long help */
    const opt *opts;                /* ends with OPT_END; NULL: none */
    size_t size;                    /* of its struct, which starts with `common` */
    void (*defaults)(void *values);
    int (*run)(void *values, const opt_args *args); /* the exit code */
} command;

/* The commands, ending with NULL. */
extern const command *const commands[];
const command *command_find(const char *name);

/* Parses argv[0..argc) (without the command's name) into values. The configuration file named by
 * --config is read for what the command line leaves open. 0, or -1 (STS_USAGE). */
int opt_parse(const command *c, void *values, int argc, char **argv, opt_args *args, sts_err *err);
void opt_free(opt_args *args);

/* Every option's value as a JSON object, args as "data"; freed by cJSON_free. NULL: no memory. */
char *opt_json(const command *c, const void *values, const opt_args *args);

/* The help of one command, on stdout. */
void opt_help(const command *c);

/* The default of an option in words, into out. Returns out ("" when there is none). */
const char *opt_default(const opt *o, const void *values, char *out, size_t size);

#endif
