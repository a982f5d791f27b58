/* err.c - error texts: one printable line, cut at 1 KB; notes and progress to the caller. */
#include "core/err.h"

#include "core/env.h"
#include "core/file.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#define SIGNAL_LIMIT 64 /* the largest number of a signal */

/* Characters that turn the direction of what follows, or end the line. */
static bool turns_text(utf8proc_int32_t cp)
{
    return cp == 0x61c || cp == 0x200e || cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

/* Length of the printable UTF-8 character at s[n], or 0: then its first byte is to be escaped. */
static size_t printable(const char *s, size_t n)
{
    utf8proc_int32_t cp;
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &cp);
    if (k <= 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) return 0;
    return turns_text(cp) ? 0 : (size_t)k;
}

const char *sts_quote(char *out, size_t size, const char *s, size_t n)
{
    size_t o = 0, safe = 0; /* safe: where "..." would still fit */
    for (size_t i = 0; i < n;) {
        char piece[5];
        size_t k = printable(s + i, n - i), len = k ? k : 4;
        if (k) memcpy(piece, s + i, k);
        else snprintf(piece, sizeof piece, "\\x%02x", (unsigned char)s[i]);
        if (o + len >= size) {
            snprintf(out + safe, size - safe, "...");
            return out;
        }
        memcpy(out + o, piece, len);
        o += len;
        i += k ? k : 1;
        if (o + 4 <= size) safe = o;
    }
    out[o] = 0;
    return out;
}

int sts_fail(sts_err *err, int code, const char *fmt, ...)
{
    if (!err) return -1;
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err->code = code;
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    sts_quote(err->text, sizeof err->text, text, len);
    return -1;
}

int sts_fail_memory(sts_err *err, const char *what)
{
    return sts_fail(err, STS_FAILED, "out of memory for %s", what);
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
    char text[2048], line[1000];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    env->note(env->note_ctx, level, sts_quote(line, sizeof line, text, len));
}

int sts_progress(const char *what, size_t done, size_t all)
{
    const sts_env *env = sts_env_now();
    int stop = env->progress ? env->progress(env->progress_ctx, what, done, all) : 0;
    return stop || sts_stop_asked();
}

int sts_advance(const char *what, size_t done, size_t all, sts_err *err)
{
    if (!sts_progress(what, done, all)) return 0;
    return sts_fail(err, STS_INTERRUPTED, "interrupted while %s", what);
}

int sts_stop_asked(void)
{
    const volatile int *flag = sts_env_now()->stop;
    int number = flag ? *flag : 0;
    if (!number) return 0;
    return number > 0 && number <= SIGNAL_LIMIT ? number : SIGINT;
}
