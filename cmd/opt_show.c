/* opt_show.c - the help of a command, from its options, in 80 columns. */
#include "opt.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 80
#define INDENT 28 /* where the text of an option begins */

const char *opt_default(const sts_option *o)
{
    if (o->standard) return o->standard;
    if (o->value || o->kind != STS_OPT_INT) return o->value ? o->value : "";
    return "0";
}

void opt_put_wrapped(FILE *f, int indent, const char *label, const char *text)
{
    do {
        size_t n = sts_line_length(text, (size_t)(COLUMNS - indent));
        fprintf(f, "%-*s%.*s\n", indent, label, (int)n, text);
        label = "";
        text += n;
        text += strspn(text, " ");
    } while (*text);
}

static void show_option(const sts_option *o)
{
    char left[96], text[512];
    int n = snprintf(left, sizeof left, "  %s%c%s--%s", o->letter ? "-" : "  ",
                     o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name);
    if (o->arg) snprintf(left + n, sizeof left - (size_t)n, " %s", o->arg);
    const char *standard = o->arg ? opt_default(o) : "";
    snprintf(text, sizeof text, *standard ? "%s [%s]" : "%s", o->help, standard);
    bool fits = strlen(left) + 2 <= INDENT;
    if (!fits) printf("%s\n", left);
    opt_put_wrapped(stdout, INDENT, fits ? left : "", text);
}

void opt_help(const command *c)
{
    printf("usage: stsfit %s%s%s%s\n\n%s\n", c->name, c->tables ? " [options]" : "",
           *c->args ? " " : "", c->args, c->text);
    for (opt_at a = {0}; opt_next(c, &a);) {
        if (a.row->kind == STS_OPT_GROUP) printf("\n%s:\n", a.row->help);
        else if (!(a.row->flags & STS_OPT_HIDDEN)) show_option(a.row);
    }
}
