/* table.c - one buffer over a reader, lines found by memchr, records split into fields. */
#include "data/table.h"

#include "core/comm.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "data/magic.h"

#include <stdio.h>
#include <string.h>

#define BUFFER ((size_t)1 << 20)
#define HEAD ((size_t)1 << 16)

/* A field as offsets from the start of its record, since the buffer may move. */
typedef struct span {
    size_t from, n;
    bool doubled; /* holds "" for " */
} span;

struct sts_table {
    sts_reader *reader;
    char name[STS_SHOWN_PATH];
    char *buf; /* what was read and not yet used: buf[at .. end) */
    size_t cap, at, end;
    bool eof, talks;
    uint64_t line; /* lines used up */
    uint64_t n_blank, first_blank;
    char delimiter;
    bool quoted;
    char *plain; /* fields with their quotes taken off */
    size_t cap_plain;
    sts_str field[STS_COLUMNS_MAX];
    span span[STS_COLUMNS_MAX];
};

sts_str sts_trim(sts_str s)
{
    while (s.n && *s.s == ' ') {
        s.s++;
        s.n--;
    }
    while (s.n && s.s[s.n - 1] == ' ') s.n--;
    return s;
}

/* ---- the buffer ---- */

/* A reader's error; what is wrong with the data itself is reported with the line it was met in. */
static int reading_failed(const sts_table *t, const sts_err *inner, sts_err *err)
{
    const char *why = sts_reader_fault(t->reader);
    if (!why) return sts_fail(err, inner->code, "%s", inner->text);
    return sts_fail(err, STS_DATA, "%s:%llu: %s", t->name, (unsigned long long)t->line + 1, why);
}

/* Reads on behind buf[end), making room first. 1: there is more; 0: the end; -1. */
static int more(sts_table *t, sts_err *err)
{
    if (t->eof) return 0;
    if (t->at) {
        memmove(t->buf, t->buf + t->at, t->end - t->at);
        t->end -= t->at;
        t->at = 0;
    }
    if (t->end == t->cap) {
        char *p = sts_realloc(t->buf, t->cap * 2, 1);
        if (!p) return sts_fail_memory(err, t->name);
        t->buf = p;
        t->cap *= 2;
    }
    sts_err inner = {0};
    long k = sts_reader_read(t->reader, t->buf + t->end, t->cap - t->end, &inner);
    if (k < 0) return reading_failed(t, &inner, err);
    t->eof = k == 0;
    t->end += (size_t)k;
    return k > 0;
}

enum { NONE, FOUND, TOO_LONG }; /* or -1 */

/* The end of the line that starts `from` bytes into the record: *end is where its '\n' stands, or
 * where the file ends. `from` past the end of the file gives NONE. */
static int find_line(sts_table *t, size_t from, size_t *end, sts_err *err)
{
    for (size_t seen = from;;) {
        size_t have = t->end - t->at;
        const char *base = t->buf + t->at;
        const char *nl = have > seen ? memchr(base + seen, '\n', have - seen) : NULL;
        if (nl) have = (size_t)(nl - base);
        if (have > STS_LINE_MAX + 1) return TOO_LONG; /* 1: there may be a CR */
        *end = have;
        if (nl) return FOUND;
        if (have > seen) seen = have;
        int k = more(t, err);
        if (k < 0) return -1;
        if (k == 0) return have > from ? FOUND : NONE;
    }
}

/* Uses up the record of n bytes, the '\n' behind it, and its lines. */
static void consume(sts_table *t, size_t n, uint64_t lines)
{
    t->at += n;
    if (t->at < t->end) t->at++;
    t->line += lines;
}

/* Passes over the rest of a line that is too long to hold. */
static int discard(sts_table *t, sts_err *err)
{
    size_t gone = 0;
    for (;;) {
        const char *nl = memchr(t->buf + t->at, '\n', t->end - t->at);
        if (nl) {
            t->at = (size_t)(nl - t->buf) + 1;
            t->line++;
            return 0;
        }
        gone += t->end - t->at;
        t->at = t->end;
        if (gone > STS_LINE_GIVE_UP)
            return sts_fail(err, STS_DATA, "%s:%llu: a line of more than 256 MB: this is not text",
                            t->name, (unsigned long long)t->line + 1);
        int k = more(t, err);
        if (k < 0) return -1;
        if (k == 0) break;
    }
    t->line++;
    return 0;
}

/* ---- opening ---- */

/* Passes over a byte order mark; refuses what cannot be UTF-8 text by its first bytes. */
static int look_at_start(sts_table *t, sts_err *err)
{
    int k = more(t, err);
    /* a pipe may give less than a mark at first; ASCII needs no waiting for more */
    while (k > 0 && t->end < 4 && (unsigned char)t->buf[0] >= 0x80) k = more(t, err);
    if (k < 0) return -1;
    const char *what = sts_magic((sts_str){t->buf, t->end});
    if (what) return sts_fail(err, STS_DATA, "%s:1: this is %s", t->name, what);
    if (t->end >= 3 && !memcmp(t->buf, "\xef\xbb\xbf", 3)) t->at = 3;
    return 0;
}

static sts_table *table_new(const char *name, sts_reader *reader, size_t cap, sts_err *err)
{
    if (!reader) return NULL;
    sts_table *t = sts_alloc(1, sizeof *t);
    if (!t) {
        sts_reader_close(reader);
        return sts_fail_memory(err, name), NULL;
    }
    t->reader = reader;
    sts_show_path(t->name, name);
    t->cap = cap;
    t->buf = sts_realloc(NULL, t->cap, 1);
    if (!t->buf) sts_fail_memory(err, t->name);
    else if (!look_at_start(t, err)) return t;
    sts_table_close(t);
    return NULL;
}

sts_table *sts_table_open(const char *path, bool named, sts_err *err)
{
    return table_new(path, sts_reader_open(path, named, err), BUFFER, err);
}

sts_table *sts_table_open_memory(const void *buf, size_t n, const char *name, sts_err *err)
{
    size_t cap = n < BUFFER ? n + 64 : BUFFER;
    return table_new(name, sts_reader_open_memory(buf, n, name, err), cap, err);
}

void sts_table_talk(sts_table *t)
{
    t->talks = true;
}

void sts_table_on_idle(sts_table *t, sts_idle_fn *fn, void *ctx)
{
    sts_reader_on_idle(t->reader, fn, ctx);
}

void sts_table_close(sts_table *t)
{
    if (!t) return;
    sts_reader_close(t->reader);
    sts_free(t->buf);
    sts_free(t->plain);
    sts_free(t);
}

void sts_table_split(sts_table *t, char delimiter, bool quoted)
{
    t->delimiter = delimiter;
    t->quoted = quoted;
}

/* Is there enough for sts_table_peek()? The first *blanks bytes are known to be blank. */
static bool enough(const sts_table *t, size_t *blanks)
{
    const char *s = t->buf + t->at;
    size_t n = t->end - t->at;
    while (*blanks < n && memchr(" \r\n", s[*blanks], 3)) ++*blanks;
    bool line = memchr(s + *blanks, '\n', n - *blanks);
    if (line && t->talks && sts_reader_is_idle(t->reader)) return true;
    return n >= HEAD && (line || n > STS_LINE_MAX);
}

int sts_table_peek(sts_table *t, sts_str *head, bool *whole, sts_err *err)
{
    int k = 1;
    size_t blanks = 0;
    while (k > 0 && !enough(t, &blanks)) k = more(t, err);
    if (k < 0) return -1;
    *head = (sts_str){t->buf + t->at, t->end - t->at};
    *whole = t->eof;
    return 0;
}

/* ---- records ---- */

/* Marks the record; 1, since a record there is. */
static int fault(sts_record *r, sts_skip what, const char *why)
{
    r->fault = what;
    snprintf(r->why, sizeof r->why, "%s", why);
    return 1;
}

/* The length of a line without the CR of a CRLF. */
static size_t without_cr(const char *s, size_t n)
{
    return n && s[n - 1] == '\r' ? n - 1 : n;
}

/* Fields between delimiters, with no copy made. A delimiter of 0 gives the line as one field. */
static void split_plain(sts_table *t, sts_record *r)
{
    const char *p = r->raw.s, *end = p + r->raw.n;
    r->field = t->field;
    for (r->n = 0;;) {
        const char *stop = t->delimiter ? memchr(p, t->delimiter, (size_t)(end - p)) : NULL;
        if (r->n < STS_COLUMNS_MAX)
            t->field[r->n] = (sts_str){p, (size_t)((stop ? stop : end) - p)};
        r->n++;
        if (!stop) return;
        p = stop + 1;
    }
}

/* The quoted field that opens at p extends to its closing quote, over line ends if need be;
 * *end is the end of the line it closes in, *next what follows the closing quote.
 * 1: read; 0: a fault, described in r; -1. */
static int quoted_field(sts_table *t, size_t p, size_t *end, span *f, size_t *next, sts_record *r,
                        sts_err *err)
{
    *f = (span){.from = p + 1};
    for (size_t q = p + 1;;) {
        const char *base = t->buf + t->at;
        const char *c = memchr(base + q, '"', *end - q);
        if (!c) {
            q = *end;
            int rc = find_line(t, q + 1, end, err);
            if (rc < 0) return -1;
            if (rc == TOO_LONG)
                return fault(r, STS_SKIP_BAD_COLUMNS, "a quote is still open after 16 MB"), 0;
            if (rc == NONE)
                return fault(r, STS_SKIP_BAD_COLUMNS, "a quote opens and never closes"), 0;
            r->last++;
            continue;
        }
        q = (size_t)(c - base) + 1;
        if (q >= *end || base[q] != '"') {
            f->n = q - 1 - f->from;
            *next = q;
            return 1;
        }
        f->doubled = true;
        q++;
    }
}

/* Splits a record with quotes into t->span, reading further lines while a quote is open.
 * 1: done, *end is the record's end; 0: a fault; -1. */
static int split_quoted(sts_table *t, size_t *end, sts_record *r, sts_err *err)
{
    size_t p = 0;
    for (r->n = 0;;) {
        span f = {.from = p}, *kept = r->n < STS_COLUMNS_MAX ? &t->span[r->n] : &f;
        const char *base = t->buf + t->at;
        size_t stop = without_cr(base, *end);
        if (p < stop && base[p] == '"') {
            int rc = quoted_field(t, p, end, &f, &p, r, err);
            if (rc <= 0) return rc;
            base = t->buf + t->at;
            stop = without_cr(base, *end);
            if (p < stop && base[p] != t->delimiter)
                return fault(r, STS_SKIP_BAD_COLUMNS, "text follows a closing quote"), 0;
        } else {
            const char *c = memchr(base + p, t->delimiter, stop - p);
            f.n = c ? (size_t)(c - base) - p : stop - p;
            p += f.n;
        }
        *kept = f;
        r->n++;
        if (p >= stop) return 1;
        p++;
    }
}

/* Turns spans into fields, "" into ". */
static int unquote(sts_table *t, sts_record *r, sts_err *err)
{
    if (r->raw.n > t->cap_plain) {
        char *p = sts_realloc(t->plain, r->raw.n * 2, 1);
        if (!p) return sts_fail_memory(err, t->name);
        t->plain = p;
        t->cap_plain = r->raw.n * 2;
    }
    char *out = t->plain;
    for (size_t i = 0; i < r->n && i < STS_COLUMNS_MAX; i++) {
        const char *s = r->raw.s + t->span[i].from, *stop = s + t->span[i].n;
        t->field[i] = (sts_str){s, t->span[i].n};
        if (!t->span[i].doubled) continue;
        t->field[i].s = out;
        while (s < stop) {
            if (*s == '"') s++;
            *out++ = *s++;
        }
        t->field[i].n = (size_t)(out - t->field[i].s);
    }
    r->field = t->field;
    return 1;
}

/* A record with quotes whose first line ends at `first`. After a fault, reading continues with the
 * line after that one: a stray quote costs one row, not all up to the next quote. */
static int next_quoted(sts_table *t, size_t first, sts_record *r, sts_err *err)
{
    size_t end = first;
    int rc = split_quoted(t, &end, r, err);
    if (rc < 0) return -1;
    const char *base = t->buf + t->at;
    if (rc == 0) end = first;
    r->raw = (sts_str){base, without_cr(base, end)};
    consume(t, end, rc ? r->last - r->line + 1 : 1);
    return rc ? unquote(t, r, err) : 1;
}

/* More fields than can be read? */
static int check_columns(sts_record *r)
{
    if (r->n <= STS_COLUMNS_MAX) return 1;
    r->fault = STS_SKIP_BAD_COLUMNS;
    snprintf(r->why, sizeof r->why, "%zu columns, more than %d", r->n, STS_COLUMNS_MAX);
    return 1;
}

/* The whole record is checked, also the columns that nobody asked for: it may be printed. */
static int check_record(sts_table *t, sts_record *r)
{
    size_t bad = sts_utf8_check(r->raw.s, r->raw.n);
    r->blank = sts_utf8_blank(r->raw.s, r->raw.n);
    if (r->blank && !t->n_blank++) t->first_blank = r->line;
    if (bad == r->raw.n) return check_columns(r);
    r->fault = STS_SKIP_BAD_TEXT;
    unsigned byte = (unsigned char)r->raw.s[bad];
    if (!byte) snprintf(r->why, sizeof r->why, "byte %zu is NUL: this is not text", bad + 1);
    else
        snprintf(r->why, sizeof r->why, "byte %zu (0x%02x) is not UTF-8; %s", bad + 1, byte,
                 sts_may_be_cp1252(r->raw)
                     ? "convert text of Windows with: iconv -f WINDOWS-1252 -t UTF-8"
                     : "convert the text with: iconv -f ITS-ENCODING -t UTF-8");
    return 1;
}

int sts_table_next(sts_table *t, sts_record *r, sts_err *err)
{
    size_t end;
    int rc = find_line(t, 0, &end, err);
    if (rc <= 0) return rc;
    r->line = r->last = t->line + 1;
    r->fault = STS_SKIP_NONE;
    r->raw = (sts_str){"", 0};
    r->n = 0;
    r->blank = false;
    if (rc == TOO_LONG || without_cr(t->buf + t->at, end) > STS_LINE_MAX) {
        fault(r, STS_SKIP_TOO_LONG, "the line is longer than 16 MB");
        return discard(t, err) ? -1 : 1;
    }
    const char *base = t->buf + t->at;
    if (t->quoted && memchr(base, '"', end)) {
        rc = next_quoted(t, end, r, err);
        return rc < 0 || r->fault != STS_SKIP_NONE ? rc : check_record(t, r);
    }
    r->raw = (sts_str){base, without_cr(base, end)};
    consume(t, end, 1);
    split_plain(t, r);
    return check_record(t, r);
}

int sts_lines_next(sts_table *t, sts_str *line, sts_err *err)
{
    sts_record r;
    sts_table_split(t, 0, false);
    int rc = sts_table_next(t, &r, err);
    if (rc > 0 && r.fault != STS_SKIP_NONE)
        return sts_fail(err, STS_DATA, "%s:%llu: %s", t->name, (unsigned long long)r.line, r.why);
    if (rc > 0) *line = r.raw;
    return rc;
}

void sts_table_note_blank(const sts_table *t, const char *what)
{
    unsigned long long n = t->n_blank, first = t->first_blank;
    if (!n || sts_comm_rank()) return;
    if (n == 1) sts_note(STS_INFO, "%s:%llu: a blank line is %s", t->name, first, what);
    else
        sts_note(STS_INFO, "%s:%llu: the first of %llu blank lines, which are %s", t->name, first,
                 n, what);
}

const char *sts_table_name(const sts_table *t)
{
    return t->name;
}

uint32_t sts_table_crc(const sts_table *t)
{
    return sts_reader_crc(t->reader);
}

uint64_t sts_table_bytes(const sts_table *t)
{
    return sts_reader_bytes(t->reader);
}

int sts_table_advance(const sts_table *t, const char *what, sts_err *err)
{
    uint64_t size, at = sts_reader_place(t->reader, &size), came = sts_reader_bytes(t->reader);
    double used = came ? 1 - (double)(t->end - t->at) / (double)came : 0;
    size_t done = size ? (size_t)(used * (double)at) : (size_t)t->line;
    return sts_advance(what, done, (size_t)size, err);
}
