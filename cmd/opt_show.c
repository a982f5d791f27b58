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

/* Text broken at blanks; `at` is the column where the cursor stands. */
static void put_wrapped(const char *text, size_t at)
{
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, " ");
        if (at > INDENT && at + 1 + n > COLUMNS) {
            printf("\n%*s", INDENT, "");
            at = INDENT;
        } else if (at > INDENT) {
            at += (size_t)printf(" ");
        }
        at += (size_t)printf("%.*s", (int)n, p);
        p += n + strspn(p + n, " ");
    }
    printf("\n");
}

static void show_option(const sts_option *o)
{
    char left[96], text[512];
    int n = snprintf(left, sizeof left, "  %s%c%s--%s", o->letter ? "-" : "  ",
                     o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name);
    if (o->arg) snprintf(left + n, sizeof left - (size_t)n, " %s", o->arg);
    const char *standard = o->arg ? opt_default(o) : "";
    snprintf(text, sizeof text, *standard ? "%s [%s]" : "%s", o->help, standard);
    if (strlen(left) + 2 > INDENT) printf("%s\n%*s", left, INDENT, "");
    else printf("%-*s", INDENT, left);
    put_wrapped(text, INDENT);
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
