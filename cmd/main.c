/* main.c - finds the command, parses its options, runs it. */
#include "common.h"

#include <stdlib.h>
#include <string.h>

#define COMMAND(name) extern const command command_##name;
#include "command_list.h"
#undef COMMAND

const command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "command_list.h"
#undef COMMAND
    NULL};

const command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (!strcmp(commands[i]->name, name)) return commands[i];
    return NULL;
}

static int usage(FILE *f)
{
    fprintf(f, "usage: stsfit COMMAND [options] [files]\n\n"
               "Fine-tune sentence encoders for semantic textual similarity.\n\n");
    for (size_t i = 0; commands[i]; i++)
        fprintf(f, "  %-12s%s\n", commands[i]->name, commands[i]->help);
    fprintf(f, "\nSee stsfit help COMMAND. A first run: stsfit train pairs.tsv\n");
    return f == stdout ? common_finish(0) : STS_USAGE;
}

static int unknown(const char *word)
{
    enum { N = sizeof commands / sizeof *commands - 1 };
    const char *names[N];
    for (size_t i = 0; i < N; i++) names[i] = commands[i]->name;
    char shown[64];
    const char *near = sts_suggest(word, names, N);
    sts_quote(shown, sizeof shown, word, strlen(word));
    if (near) fprintf(stderr, "stsfit: unknown command '%s': did you mean %s?\n", shown, near);
    else fprintf(stderr, "stsfit: unknown command '%s': see stsfit help\n", shown);
    return STS_USAGE;
}

static int help(const char *name)
{
    const command *c = name ? command_find(name) : NULL;
    if (name && !c) return unknown(name);
    if (!c) return usage(stdout);
    opt_help(c);
    return common_finish(0);
}

static int run(const command *c, int argc, char **argv)
{
    sts_err err = {0};
    opt_args args = {0};
    void *values = calloc(1, c->size);
    int code = STS_FAILED;
    if (!values) {
        fprintf(stderr, "stsfit: out of memory\n");
        return code;
    }
    opt_defaults(c, values);
    if (common_open_env(&err) || sts_comm_start(&err)) code = common_fail(&err);
    else if (opt_parse(c, values, argc, argv, &args, &err)) code = common_fail(&err);
    else if (args.help) code = help(c->name);
    else code = common_finish(c->run(values, &args));
    opt_free(&args);
    free(values);
    common_close_env();
    return sts_comm_end(code);
}

int main(int argc, char **argv)
{
    common_open_standard();
    if (argc < 2) return usage(stderr);
    set_environment();
    common_invoked_as(argv[0]);
    const char *name = argv[1];
    if (!strcmp(name, "--version") || !strcmp(name, "-V") || !strcmp(name, "version")) {
        printf("stsfit %s\n", sts_version());
        return common_finish(0);
    }
    if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h"))
        return help(argc > 2 ? argv[2] : NULL);
    const command *c = command_find(name);
    return c ? run(c, argc - 2, argv + 2) : unknown(name);
}
