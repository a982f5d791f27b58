/* completion.c - stsfit completion: what bash, zsh and fish need to complete a command line, from
 * the tables of options. */
#include "common.h"

#include <string.h>

typedef struct completion {
    common c;
} completion;

/* The next option that is to be offered. */
static bool next_shown(const command *c, opt_at *at)
{
    while (opt_next(c, at))
        if (at->row->name && !(at->row->flags & STS_OPT_HIDDEN)) return true;
    return false;
}

/* ---- what a value can be ---- */

static bool is_choice(const sts_option *o)
{
    return o->kind == STS_OPT_CHOICE || o->kind == STS_OPT_EITHER;
}

static bool is_directory(const sts_option *o)
{
    return o->arg && !strcmp(o->arg, "DIR");
}

static bool is_file(const sts_option *o)
{
    return o->arg && !strcmp(o->arg, "FILE");
}

/* "a|b|c" as words with blanks between them. */
static void put_choices(const char *arg)
{
    for (; *arg; arg++) putchar(*arg == '|' ? ' ' : *arg);
}

static void put_losses(void)
{
    const char *name;
    for (size_t i = 0; (name = sts_loss_nth(i)); i++) printf("%s%s", i ? " " : "", name);
}

static void put_commands(void)
{
    for (size_t i = 0; commands[i]; i++) printf("%s ", commands[i]->name);
    printf("help");
}

static void put_arguments(const char *name)
{
    if (!strcmp(name, "completion")) printf("bash zsh fish");
    else put_losses();
}

static bool has_words(const char *name)
{
    return !strcmp(name, "completion") || !strcmp(name, "losses");
}

/* ---- bash ---- */

/* The words that --option itself, -letter or one of its aliases stand for. */
static void bash_case(const sts_option *o, const char *arm)
{
    printf("        %s:--%s", arm, o->name);
    if (o->letter) printf("|%s:-%c", arm, o->letter);
    for (const char *a = o->aliases; a && *a; a += strspn(a, " ")) {
        size_t n = strcspn(a, " ");
        printf("|%s:--%.*s", arm, (int)n, a);
        a += n;
    }
    printf(") words=\"");
}

static void bash_values(const command *c)
{
    for (opt_at a = {0}; next_shown(c, &a);) {
        const sts_option *o = a.row;
        if (!o->arg) continue;
        bash_case(o, c->name);
        if (is_choice(o)) put_choices(o->arg);
        else if (!strcmp(o->name, "loss")) put_losses();
        printf("\" ;;\n");
    }
}

static void bash_options(const command *c)
{
    printf("        %s:-*) words=\"", c->name);
    for (opt_at a = {0}; next_shown(c, &a);) printf("--%s ", a.row->name);
    printf("--help\" ;;\n");
}

static void bash(void)
{
    printf("# bash completion for stsfit: source it, or install it as\n"
           "# /usr/share/bash-completion/completions/stsfit\n"
           "_stsfit()\n{\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n"
           "    if [ \"$cur\" = = ]; then cur=\n"
           "    elif [ \"$prev\" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}\n"
           "    fi\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ] || [ \"$prev\" = help ]; then\n        words=\"");
    put_commands();
    printf("\"\n    else\n        case ${COMP_WORDS[1]}:$prev in\n");
    for (size_t i = 0; commands[i]; i++) bash_values(commands[i]);
    printf("        *) case ${COMP_WORDS[1]}:$cur in\n");
    for (size_t i = 0; commands[i]; i++) {
        bash_options(commands[i]);
        if (!has_words(commands[i]->name)) continue;
        printf("        %s:*) words=\"", commands[i]->name);
        put_arguments(commands[i]->name);
        printf("\" ;;\n");
    }
    printf("        esac ;;\n        esac\n    fi\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
           "}\n"
           "complete -o default -F _stsfit stsfit\n");
}

/* ---- zsh ---- */

/* Text inside single quotes, where ':', '[' and ']' mean something to _arguments. */
static void zsh_text(const char *s)
{
    for (; *s; s++) {
        if (*s == '\'') printf("'\\''");
        else if (strchr(":[]\\", *s)) printf("\\%c", *s);
        else putchar(*s);
    }
}

static void zsh_value(const sts_option *o)
{
    if (!o->arg) return;
    printf(":");
    zsh_text(is_choice(o) ? o->name : o->arg);
    printf(":");
    if (is_choice(o)) printf("("), put_choices(o->arg), printf(")");
    else if (!strcmp(o->name, "loss")) printf("("), put_losses(), printf(")");
    else if (is_directory(o)) printf("_files -/");
    else if (is_file(o)) printf("_files");
}

static void zsh_option(const sts_option *o)
{
    printf("            ");
    if (o->letter) printf("'(-%c --%s)'{-%c,--%s}'", o->letter, o->name, o->letter, o->name);
    else printf("'--%s", o->name);
    printf("[");
    zsh_text(o->help);
    printf("]");
    zsh_value(o);
    printf("' \\\n");
}

static void zsh(void)
{
    printf("#compdef stsfit\n"
           "# zsh completion for stsfit: install it as _stsfit in a directory of $fpath\n"
           "_stsfit()\n{\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; commands[i]; i++) {
        printf("        '%s:", commands[i]->name);
        zsh_text(commands[i]->help);
        printf("'\n");
    }
    printf("        'help:describe a command'\n    )\n"
           "    if (( CURRENT == 2 )) || [[ $words[2] == help ]]; then\n"
           "        _describe command commands\n        return\n    fi\n"
           "    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n");
    for (size_t i = 0; commands[i]; i++) {
        const command *c = commands[i];
        printf("    %s)\n        _arguments -s \\\n", c->name);
        for (opt_at a = {0}; next_shown(c, &a);) zsh_option(a.row);
        printf("            '(- *)--help[show the help]' \\\n            '*:file:");
        if (has_words(c->name)) printf("("), put_arguments(c->name), printf(")");
        else printf("_files");
        printf("' ;;\n");
    }
    printf("    esac\n}\n_stsfit \"$@\"\n");
}

/* ---- fish ---- */

static void fish_text(const char *s)
{
    printf("'");
    for (; *s; s++) {
        if (*s == '\'' || *s == '\\') putchar('\\');
        putchar(*s);
    }
    printf("'");
}

static void fish_option(const command *c, const sts_option *o)
{
    printf("complete -c stsfit -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
    if (o->letter) printf(" -s %c", o->letter);
    if (is_choice(o)) printf(" -x -a '"), put_choices(o->arg), printf("'");
    else if (o->arg && !strcmp(o->name, "loss"))
        printf(" -x -a '"), put_losses(), printf("'");
    else if (is_directory(o)) printf(" -x -a '(__fish_complete_directories)'");
    else if (o->arg) printf(is_file(o) ? " -r -F" : " -x");
    printf(" -d ");
    fish_text(o->help);
    printf("\n");
}

static void fish(void)
{
    printf("# fish completion for stsfit: install it as stsfit.fish in a directory of\n"
           "# $fish_complete_path\n");
    for (size_t i = 0; commands[i]; i++) {
        const command *c = commands[i];
        printf("complete -c stsfit -f -n __fish_use_subcommand -a %s -d ", c->name);
        fish_text(c->help);
        printf("\n");
        for (opt_at a = {0}; next_shown(c, &a);) fish_option(c, a.row);
        if (!has_words(c->name)) continue;
        printf("complete -c stsfit -f -n '__fish_seen_subcommand_from %s' -a '", c->name);
        put_arguments(c->name);
        printf("'\n");
    }
    printf("complete -c stsfit -f -n __fish_use_subcommand -a help -d 'describe a command'\n"
           "complete -c stsfit -f -n '__fish_seen_subcommand_from help' -a '");
    put_commands();
    printf("'\n");
}

/* ---- */

static int run(void *values, const opt_args *args)
{
    const char *shell = args->n == 1 ? args->v[0] : "";
    common_start(&((completion *)values)->c);
    if (!strcmp(shell, "bash")) bash();
    else if (!strcmp(shell, "zsh")) zsh();
    else if (!strcmp(shell, "fish")) fish();
    else {
        fprintf(stderr, "stsfit: completion: which shell? bash, zsh or fish\n");
        return STS_USAGE;
    }
    return 0;
}

const command command_completion = {
    .name = "completion",
    .args = "SHELL",
    .help = "print completions for bash, zsh or fish",
    .text = "Prints what the shell needs to complete stsfit's command lines. For bash:\n"
            "  . <(stsfit completion bash)",
    .size = sizeof(completion),
    .run = run,
};
