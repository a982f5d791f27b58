/* progress.c - a bar on a terminal, plain lines elsewhere. */
#include "common.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define REDRAW 0.1 /* seconds */
#define PLAIN 10.0

static bool on_line; /* the cursor stands at the end of a bar */
static double drawn;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool smart_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(2) && term && strcmp(term, "dumb");
}

bool progress_colour(void)
{
    const char *none = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
    if (none && *none) return false;
    if (force && *force && strcmp(force, "0")) return true;
    return smart_terminal();
}

progress_style progress_choose(const common *c)
{
    if (c->quiet || !strcmp(c->progress, "none")) return PROGRESS_NONE;
    if (!strcmp(c->progress, "bar")) return PROGRESS_BAR;
    if (!strcmp(c->progress, "plain")) return PROGRESS_PLAIN;
    return smart_terminal() ? PROGRESS_BAR : PROGRESS_PLAIN;
}

bool progress_due(void)
{
    double t = now();
    if (t - drawn < REDRAW) return false;
    drawn = t;
    return true;
}

void progress_clear(void)
{
    if (on_line) fputs("\r\033[K", stderr);
    on_line = false;
}

void progress_line(const char *line)
{
    progress_clear();
    fputs(line, stderr);
    on_line = true;
    fflush(stderr);
}

void progress_show(progress_style style, const char *what, size_t done, size_t all)
{
    char line[160];
    double t = now();
    bool last = all && done >= all;
    if (style == PROGRESS_NONE || (!last && t - drawn < (style == PROGRESS_BAR ? REDRAW : PLAIN)))
        return;
    if (last && style == PROGRESS_BAR) {
        progress_clear();
        return;
    }
    if (style == PROGRESS_PLAIN && (last || !all || drawn == 0)) {
        if (drawn == 0) drawn = t;
        return;
    }
    drawn = t;
    if (all) snprintf(line, sizeof line, "%s %3.0f %%", what, 100.0 * (double)done / (double)all);
    else snprintf(line, sizeof line, "%s", what);
    if (style == PROGRESS_BAR) progress_line(line);
    else fprintf(stderr, "stsfit: %s\n", line);
}
