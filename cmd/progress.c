/* progress.c - a line drawn over and over on a terminal, plain lines now and then elsewhere. */
#include "common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define REDRAW 0.1 /* seconds */
#define PLAIN 10.0
#define BAR 20      /* characters */
#define LEAST_BAR 8 /* ... that parts of the text give way to */
#define FRAME 4     /* brackets and blanks */

static progress_style style;
static sts_env *shown_of; /* whose progress it is */
static bool on_line; /* the cursor stands at the end of a bar */
static double drawn; /* when something was shown last */
static struct {      /* the work that the library reported last */
    char what[32];
    double since;
} work;

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

const char *progress_time(double seconds, char out[32])
{
    long s = (long)(seconds + 0.5);
    if (s >= 3600) snprintf(out, 32, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else snprintf(out, 32, "%ld:%02ld", s / 60, s % 60);
    return out;
}

/* ---- drawing ---- */

bool progress_due(void)
{
    double t = now();
    if (t - drawn < (style == PROGRESS_BAR ? REDRAW : PLAIN)) return false;
    drawn = t;
    return true;
}

void progress_clear(void)
{
    if (on_line) fputs("\r\033[K", stderr);
    on_line = false;
}

/* Characters that fit in a line without wrapping; what is not a terminal has COLUMNS, or 80. */
static int columns(void)
{
    struct winsize w;
    if (!ioctl(2, TIOCGWINSZ, &w) && w.ws_col > 1) return w.ws_col - 1;
    const char *given = getenv("COLUMNS");
    long n = given ? strtol(given, NULL, 10) : 0;
    return n > 1 && n < 1000 ? (int)n - 1 : 79;
}

int progress_fits(const char *text, int room)
{
    int n = (int)strlen(text), fits = 0;
    if (n <= room) return n;
    for (const char *p = text; (p = strstr(p, "  ")); p += 2) {
        int end = (int)(p - text);
        if (fits && end > room) break;
        fits = end;
    }
    return fits ? fits : n;
}

void progress_bar(double part, const char *text)
{
    char bar[BAR + 1];
    int room = columns(), n = progress_fits(text, room - (isnan(part) ? 0 : LEAST_BAR + FRAME));
    int width = isnan(part) ? 0 : room - n - FRAME;
    if (width > BAR) width = BAR;
    int full = width > 0 ? (int)(part * width) : 0;
    memset(bar, '-', BAR);
    memset(bar, '#', (size_t)full);
    progress_clear();
    if (width > 0) fprintf(stderr, "[%.*s]  %.*s", width, bar, n, text);
    else fprintf(stderr, "%.*s", n < room ? n : room, text);
    fflush(stderr);
    on_line = true;
}

void progress_plain(const char *text)
{
    drawn = now();
    fprintf(stderr, "%s\n", text);
}

/* ---- what the library reports ---- */

static void describe(char out[160], const char *what, size_t done, size_t all, double seconds)
{
    char left[32];
    double part = all ? (double)done / (double)all : 0;
    if (!all && !done) snprintf(out, 160, "%s", what);
    else if (!all) snprintf(out, 160, "%s line %zu", what, done);
    else if (part < 0.01 || seconds < 1) snprintf(out, 160, "%s %.0f %%", what, 100 * part);
    else snprintf(out, 160, "%s %.0f %%  %s left", what, 100 * part,
                  progress_time(seconds * (1 - part) / part, left));
}

static int on_progress(void *ctx, const char *what, size_t done, size_t all)
{
    (void)ctx;
    char text[160];
    bool other = strcmp(work.what, what) != 0;
    if (other || !done) work.since = now();
    snprintf(work.what, sizeof work.what, "%s", what);
    if (all && done >= all) progress_clear();
    else if (progress_due()) {
        describe(text, what, done, all, now() - work.since);
        if (style == PROGRESS_PLAIN) progress_plain(text);
        else progress_bar(all ? (double)done / (double)all : NAN, text);
    }
    return 0;
}

/* ---- choosing ---- */

static progress_style choose(const common *c)
{
    const char *wish = c->progress;
    if (c->quiet || !wish || !strcmp(wish, "none")) return PROGRESS_NONE;
    if (!strcmp(wish, "bar")) return PROGRESS_BAR;
    if (!strcmp(wish, "plain")) return PROGRESS_PLAIN;
    return smart_terminal() ? PROGRESS_BAR : PROGRESS_PLAIN;
}

void progress_start(const common *c, sts_env *env)
{
    shown_of = env;
    style = choose(c);
    drawn = style == PROGRESS_BAR ? 0 : now(); /* the first word is drawn at once */
    sts_env_progress(shown_of, style == PROGRESS_NONE ? NULL : on_progress, NULL);
}

progress_style progress_chosen(void)
{
    return style;
}

void progress_give_way(void)
{
    if (isatty(1)) sts_env_progress(shown_of, NULL, NULL);
}
