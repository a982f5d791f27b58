/* err.c - error texts: one printable line, cut at 1 KB; notes and progress to the caller. */
#include "core/err.h"

#include "core/c_locale.h"
#include "core/env.h"
#include "core/quote.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The name of the option at s, "--lr" or "-o VALUE", and in *dashes the length of what stands for
 * it or before it; NULL: no option is there. */
static const char *option_at(const char *s, size_t *dashes)
{
    *dashes = 2;
    if (s[0] != '-') return NULL;
    if (s[1] == '-') return islower((unsigned char)s[2]) ? s + 2 : NULL;
    bool ends = s[1] && !isalnum((unsigned char)s[2]);
    if (ends && s[1] == 'm') return "model";
    return ends && s[1] == 'o' ? "output" : NULL;
}

/* s with the options' names as sts_train_set takes them, up to a command for the shell, which is
 * said to be done "with: ...". */
static void put_plain_names(char *out, size_t size, const char *s)
{
    const char *end = strstr(s, " with: ");
    size_t n = 0, dashes;
    for (const char *p = s; *p && n + 8 < size;) {
        bool begins = (p == s || strchr(" '(", p[-1])) && (!end || p < end);
        const char *name = begins ? option_at(p, &dashes) : NULL;
        if (name && name != p + dashes) n += (size_t)snprintf(out + n, size - n, "%s", name);
        if (name) p += dashes;
        else out[n++] = *p++;
    }
    out[n] = 0;
}

/* The text of fmt as one printable line in out[size]. */
static void put_line(char *out, size_t size, const char *fmt, va_list ap)
{
    char text[4096], plain[4096];
    const char *shown = text;
    int n = sts_print_list(text, sizeof text, fmt, ap);
    if (n < 0) *text = 0;
    if (!sts_env_now()->command_line) {
        put_plain_names(plain, sizeof plain, text);
        shown = plain;
    }
    sts_quote(out, size, shown, strlen(shown));
}

int sts_fail(sts_err *err, int code, const char *fmt, ...)
{
    if (!err) return -1;
    va_list ap;
    va_start(ap, fmt);
    put_line(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    err->code = code;
    return -1;
}

int sts_fail_memory(sts_err *err, const char *what)
{
    return sts_fail(err, STS_FAILED, "out of memory for %s", what);
}

const char *sts_remedy(const char *text)
{
    return sts_env_now()->command_line ? text : "";
}

int sts_require(bool given, const char *name, sts_err *err)
{
    return given ? 0 : sts_fail(err, STS_USAGE, "%s: needs a value", name);
}

int sts_require_out(char **out, sts_err *err)
{
    if (out) *out = NULL;
    return sts_require(out, "out", err);
}

int sts_require_files(const char *const *file, size_t n, sts_err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!file || !file[i]) return sts_fail(err, STS_USAGE, "file %zu has no name", i + 1);
    return 0;
}

int sts_fail_errno(sts_err *err, const char *path, const char *what)
{
    char shown[STS_SHOWN_PATH];
    const char *why = strerror(errno);
    return sts_fail(err, STS_FAILED, "%s: %s: %s", sts_show_path(shown, path), what, why);
}

int sts_fail_as(sts_err *err, const sts_err *other)
{
    if (err) *err = *other;
    return -1;
}

int sts_fail_quiet(sts_err *err)
{
    if (!err) return -1;
    err->code = STS_FAILED;
    err->text[0] = 0;
    return -1;
}

int sts_fail_prefix(sts_err *err, const char *prefix)
{
    if (!err) return -1;
    char text[sizeof err->text];
    memcpy(text, err->text, sizeof text);
    return sts_fail(err, err->code, "%s: %s", prefix, text);
}

void sts_note(sts_level level, const char *fmt, ...)
{
    const sts_env *env = sts_env_now();
    if (!env->note) return;
    char line[1000];
    va_list ap;
    va_start(ap, fmt);
    put_line(line, sizeof line, fmt, ap);
    va_end(ap);
    sts_here mine = sts_here_leave();
    env->note(env->note_ctx, level, line);
    sts_here_use(mine);
}

int sts_progress(const char *what, size_t done, size_t all)
{
    const sts_env *env = sts_env_now();
    sts_here mine = sts_here_leave();
    int stop = env->progress ? env->progress(env->progress_ctx, what, done, all) : 0;
    sts_here_use(mine);
    return stop || sts_stop_asked();
}

int sts_advance(const char *what, size_t done, size_t all, sts_err *err)
{
    if (!sts_progress(what, done, all)) return 0;
    return sts_fail(err, STS_INTERRUPTED, "interrupted while %s", what);
}
