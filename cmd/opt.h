/* opt.h - a command's options: rows of sts_option (stsfit.h), its own and the library's. Parsing,
 * help, configuration files, completions and the man page all come from them.
 *
 * To add an option: one row in the command's table (a training option: in lib/train/options.c), and
 * one field in its struct. */
#ifndef STSFIT_OPT_H
#define STSFIT_OPT_H

#include "stsfit.h"

#include <stdio.h>

/* Some of a command's options: a table here, or one of the library's. */
typedef struct opt_table {
    const sts_option *rows;
    const sts_option *(*library)(void); /* where `rows` is NULL */
    size_t base;                        /* where the struct of these rows is in the command's */
} opt_table;

enum { OPT_LIMIT = 128 }; /* options of a command */

/* What parsing found besides the values; zero-initialised before, freed by opt_free after use:
 * values may point into it. */
typedef struct opt_args {
    const char **v;   /* what is not an option, in order */
    int n;
    bool help;        /* --help was given */
    char **words;     /* everything after the command's name, as it was given */
    int n_words;
    uint64_t seen[OPT_LIMIT / 64]; /* the options that the command line gives, by their place */
    const sts_preset *preset; /* that the command line asks for, or NULL */
    char *config;     /* the configuration that was read, or NULL */
    char **paths;     /* what it says, texts and paths */
    size_t n_paths;
} opt_args;

/* What a command accepts. */
typedef struct command {
    const char *name, *args, *help; /* "train", "DATA...", one line */
    const char *text;               /* a paragraph for the long help */
    const opt_table *tables;        /* ends with {0}; NULL: none */
    size_t size;                    /* of its struct, which starts with `common` */
    int (*run)(void *values, const opt_args *args); /* the exit code */
    /* The configuration to read, newly allocated, or NULL: none; may be NULL itself. */
    char *(*config)(void *values, const opt_args *args);
} command;

/* The commands, ending with NULL. */
extern const command *const commands[];
const command *command_find(const char *name);

/* An option of a command; `for (opt_at a = {0}; opt_next(c, &a);)` visits all of them. */
typedef struct opt_at {
    const opt_table *table;
    const sts_option *row;
    size_t place; /* from 1 */
} opt_at;
bool opt_next(const command *c, opt_at *at);

/* Sets every option of the command to its default. */
void opt_defaults(const command *c, void *values);

/* Parses argv[0..argc) (without the command's name) into values; a preset is taken for what
 * the command line leaves open, and after it a configuration. 0, or -1 (STS_USAGE). */
int opt_parse(const command *c, void *values, int argc, char **argv, opt_args *args, sts_err *err);
void opt_free(opt_args *args);

/* Whether the command line gives the option at that place. */
bool opt_was_seen(const opt_args *args, size_t place);

/* The help of one command, on stdout. */
void opt_help(const command *c);

/* `label`, padded to `indent` columns, and a text broken at blanks into lines of 80 columns that
 * start at the indent. A word that is longer, such as a path, stays whole. */
void opt_put_wrapped(FILE *f, int indent, const char *label, const char *text);

/* The default of an option in words; "" when there is none. */
const char *opt_default(const sts_option *o);

#endif
