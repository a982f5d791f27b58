/* stsfit_option.h - options as rows of tables, for programs that parse, complete or document them
 * as the command line does. Included by stsfit.h. Rows may get members with any version: this part
 * is for programs that are built with the library they run with. */
#ifndef STSFIT_OPTION_H
#define STSFIT_OPTION_H

#include "stsfit.h"

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* What an option's field in its struct is, and how its text reads. */
typedef enum {
    STS_OPT_GROUP,  /* a heading in the help: only `help` is used */
    STS_OPT_FLAG,   /* bool: "true" or "false" */
    STS_OPT_INT,    /* int64_t or uint64_t */
    STS_OPT_NUM,    /* double; NAN: not given */
    STS_OPT_TEXT,   /* const char *; NULL: not given */
    STS_OPT_CHOICE, /* const char *: one of the words of `arg`, "a|b|c" */
    STS_OPT_EITHER, /* bool: false is the first word of `arg`, true the second */
    STS_OPT_FILES   /* const char *const *, and after it size_t: how many */
} sts_option_kind;

enum { /* sts_option.flags */
    STS_OPT_NUMBERS = 1, /* changes what a run computes: --resume refuses another value */
    STS_OPT_INPUT = 2,   /* a path that is read; see sts_option_trust */
    STS_OPT_OUTPUT = 4,  /* a path that is written */
    STS_OPT_CODE = 8,    /* may name code to run */
    STS_OPT_ORDER = 16,  /* an order, not a setting: no configuration holds it */
    STS_OPT_OWN = 32,    /* only one's own configuration may set it */
    STS_OPT_HIDDEN = 64, /* not in the help: for those who know it from other programs */
    STS_OPT_EMPTY = 128  /* "" is a value of a text */
};

/* A word of another program, and the value that it stands for here. */
typedef struct sts_synonym {
    const char *theirs, *ours;
} sts_synonym;

/* A switch of another program, and the values that it stands for here. */
typedef struct sts_switch {
    const char *name, *yes, *no;
} sts_switch;

/* Values of other options that a word stands for. */
typedef struct sts_preset_value {
    const char *option, *value;
} sts_preset_value;
typedef struct sts_preset {
    const char *name;
    const sts_preset_value *values; /* ending with {0} */
} sts_preset;

/* One option. A table of them ends with a row whose help is NULL; everything that is known of an
 * option, wherever it is parsed, checked, stored or documented, is in its row. */
typedef struct sts_option {
    sts_option_kind kind;
    const char *name;     /* as on the command line, without the dashes */
    const char *aliases;  /* other names, separated by spaces, or NULL */
    char letter;          /* 0: none */
    const char *arg;      /* what stands for the value in help */
    const sts_synonym *synonyms; /* of values, ending with {0}; or NULL */
    const sts_switch *switches;  /* other names that take no value, ending with {0}; or NULL */
    const sts_preset *presets;   /* what its words stand for, ending with {0}; or NULL */
    size_t offset;        /* of the field in the struct; STS_OPT_NOWHERE: only checked */
    size_t named;         /* of a bool there: a file gave the value, not the user; 0: none */
    double min, max;      /* of numbers, inclusive */
    const char *value;    /* the default, as text; NULL: 0, false, NAN or NULL */
    const char *standard; /* the default in words, where the value does not say it; or NULL */
    const char *help;
    unsigned flags;
} sts_option;

#define STS_OPT_NOWHERE ((size_t)-1)

/* The options of sts_train_options. */
const sts_option *sts_train_rows(void);
/* The options of sts_data_options. */
const sts_option *sts_data_rows(void);
/* The options of sts_prompts: of all texts, and by column too. */
const sts_option *sts_prompt_rows(void);
const sts_option *sts_pair_prompt_rows(void);

/* An option as it was named. */
typedef struct sts_option_match {
    const sts_option *row;     /* NULL: there is none of this name */
    bool alias;
    const sts_switch *implied; /* the switch that it was named by, or NULL */
} sts_option_match;

/* The option called name[n]; '_' counts as '-'. */
sts_option_match sts_option_find(const sts_option *rows, const char *name, size_t n);

/* The name of the option, of n_tables, that comes nearest to `word` by its name or another name of
 * its own; NULL when none is near. */
const char *sts_option_suggest(const sts_option *const *tables, size_t n_tables, const char *word);

/* Whether the option is a switch: flags and what sts_switch names take "true" or "false". */
bool sts_option_is_switch(const sts_option_match *m);

/* Reads text into the option's field of *values, which keeps the pointer of a text. -1 (STS_USAGE)
 * leaves the field as it was. */
int sts_option_set(const sts_option_match *m, void *values, const char *text, sts_err *err);

/* What a value of an option that has presets stands for; NULL: there is none of this name. */
const sts_preset *sts_option_preset(const sts_option *o, const char *name);

/* Reads a flag's word: 1 for "true", 0 for "false" (in any case), -1 for anything else. */
int sts_option_truth(const char *text);

/* Sets every field to its default; what the rows do not name stays. */
void sts_options_default(const sts_option *rows, void *values);

/* Gives each field that is zero, NAN or NULL its default, where that is not a value of the option,
 * and checks all of them. 0, or -1 (STS_USAGE). */
int sts_options_check(const sts_option *rows, void *values, sts_err *err);

/* Whether the configuration `file` may set an option to `text`: where it is not one's own
 * (sts_config_is_own), paths are relative and without "..", and an output is so always; no file
 * names code to run, or gives an order. 0, or -1 (STS_USAGE). */
int sts_option_trust(const sts_option *o, const char *file, bool own, const char *text,
                     sts_err *err);

/* A member of a JSON object of options: its value as the command line would have it. */
typedef enum {
    STS_MEMBER_SWITCH, /* one word, "true" or "false" */
    STS_MEMBER_NUMBER, /* one word */
    STS_MEMBER_TEXT,   /* one word */
    STS_MEMBER_LIST,   /* any number of words, which were texts */
    STS_MEMBER_OTHER   /* none: what no option takes */
} sts_member_kind;
typedef struct sts_option_member {
    const char *name;
    sts_member_kind kind;
    const char *const *words;
    size_t n_words;
} sts_option_member;

/* Receives a member, which is valid during the call. 0, or -1 with *err to stop. */
typedef int sts_member_fn(void *ctx, const sts_option_member *m, sts_err *err);

/* Calls fn for the members of the JSON object in `json`, in their order, without those that are
 * null. `name` stands for the text in messages. 0, or -1 (STS_USAGE, or fn's). */
int sts_option_members(const char *json, const char *name, sts_member_fn *fn, void *ctx,
                       sts_err *err);

/* Whether the option takes a value of that kind: 0, or -1 (STS_USAGE). */
int sts_option_takes(const sts_option_match *m, const sts_option_member *member, sts_err *err);

/* The path that `text` is in the configuration `file`, newly allocated and freed by sts_free_text;
 * text itself for options that are not paths; NULL when memory is out. Paths of one's own file are
 * as they were given to its run; others are relative to the file's directory, but a path to be read
 * that leads to nothing there (the name of a model, say) is as it is. */
char *sts_option_path(const sts_option *o, const char *file, bool own, const char *text);

/* Whether a file was written by a run of this user: it is the user's, beside a report.json that is
 * the user's and stsfit's. */
bool sts_config_is_own(const char *path);

/* The name of the i-th loss of the library, from 0; NULL after the last. */
const char *sts_loss_nth(size_t i);

/* A file name as text of a configuration or report, where bytes that are not UTF-8 stand as \xNN:
 * these bytes again, in place. */
void sts_name_decode(char *name);

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
