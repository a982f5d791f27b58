/* json_scan.c - the strict reader. Recursion is bounded by STS_JSON_DEPTH, time is linear in the
 * text, memory is the set of keys and one decoded string. */
#include "core/json_scan.h"

#include "core/clock.h"
#include "core/mem.h"
#include "core/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define NODE ((size_t)80) /* bytes of a node of a tree with the allocator's own */

sts_scan sts_scan_start(const char *text, size_t n, const char *name, int code, sts_err *err)
{
    sts_scan s = {.text = text, .n = n, .name = name, .code = code, .err = err};
    s.budget = SIZE_MAX;
    /* a seed that a file cannot foresee, so that its keys cannot be made to collide */
    s.seed = sts_mix64((uint64_t)(uintptr_t)text ^ (uint64_t)(sts_clock() * 1e9));
    return s;
}

void sts_scan_done(sts_scan *s)
{
    sts_free(s->keys);
    sts_free(s->buf);
    s->keys = NULL;
    s->buf = NULL;
    s->n_keys = s->cap_keys = s->cap_buf = 0;
}

int sts_scan_fail(const sts_scan *s, size_t at, const char *what)
{
    return sts_fail(s->err, s->code, "%s: byte %zu: %s", s->name, at, what);
}

static void skip_space(sts_scan *s)
{
    const char *p = s->text + s->at, *end = s->text + s->n;
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
    s->at = (size_t)(p - s->text);
}

/* The current byte, or -1 at the end. */
static int peek(const sts_scan *s)
{
    return s->at < s->n ? (unsigned char)s->text[s->at] : -1;
}

int sts_scan_peek(sts_scan *s)
{
    skip_space(s);
    return peek(s);
}

static int unexpected(const sts_scan *s, const char *wanted)
{
    char what[128], found[48] = "the end";
    size_t left = s->n - s->at;
    if (left) sts_quote(found, sizeof found, s->text + s->at, left < 8 ? left : 8);
    snprintf(what, sizeof what, "expected %s, found %s", wanted, found);
    return sts_scan_fail(s, s->at, what);
}

static int expect(sts_scan *s, char c)
{
    char wanted[] = {'\'', c, '\'', 0};
    skip_space(s);
    if (peek(s) != (unsigned char)c) return unexpected(s, wanted);
    s->at++;
    return 0;
}

/* Counts what a value and its text would take as a tree. */
static int spend(sts_scan *s, size_t bytes)
{
    s->cost += bytes;
    if (s->cost <= s->budget) return 0;
    return sts_scan_fail(s, s->at, "too many values: the text is too large to hold in memory");
}

int sts_scan_enter(sts_scan *s, char open)
{
    if (expect(s, open)) return -1;
    if (s->depth == STS_JSON_DEPTH) return sts_scan_fail(s, s->at - 1, "nested deeper than 64");
    s->object[++s->depth] = ++s->objects;
    s->first = true;
    return 0;
}

int sts_scan_more(sts_scan *s, char close)
{
    skip_space(s);
    bool first = s->first;
    s->first = false;
    if (peek(s) == (unsigned char)close) {
        s->at++;
        s->depth--;
        return 0;
    }
    if (first) return 1;
    if (peek(s) != ',') return unexpected(s, close == '}' ? "',' or '}'" : "',' or ']'");
    s->at++;
    skip_space(s);
    return 1;
}

/* ---- strings ---- */

/* Four hex digits at `at`, or -1. */
static long hex4(const sts_scan *s, size_t at)
{
    long v = 0;
    if (s->n - at < 4) return -1;
    for (size_t i = at; i < at + 4; i++) {
        int c = (unsigned char)s->text[i];
        const char *hex = "0123456789abcdef", *d = c ? strchr(hex, c < 'A' ? c : c | 32) : NULL;
        if (!d) return -1;
        v = v * 16 + (d - hex);
    }
    return v;
}

/* The escape at `at` (a backslash): its code point, and how many bytes it takes. -1 on a fault. */
static long escape(const sts_scan *s, size_t at, size_t *len)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    *len = 2;
    if (s->n - at < 2) return sts_scan_fail(s, at, "string without an end");
    const char *p = s->text[at + 1] ? strchr(from, s->text[at + 1]) : NULL;
    if (p) return to[p - from];
    if (s->text[at + 1] != 'u') return sts_scan_fail(s, at, "unknown escape in a string");
    long cp = hex4(s, at + 2);
    *len = 6;
    if (cp < 0) return sts_scan_fail(s, at, "\\u without four hexadecimal digits");
    if (cp == 0 && !s->nul) return sts_scan_fail(s, at, "\\u0000 in a string");
    if (cp < 0xd800 || cp > 0xdfff) return cp;
    bool pair = cp < 0xdc00 && s->n - at >= 12 && !memcmp(s->text + at + 6, "\\u", 2);
    long low = pair ? hex4(s, at + 8) : -1;
    if (low < 0xdc00 || low > 0xdfff) return sts_scan_fail(s, at, "half of a surrogate pair");
    *len = 12;
    return 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
}

/* Checks the current string and steps over it; its inside is text[*from .. *to). */
static int scan_string(sts_scan *s, size_t *from, size_t *to, bool *escaped)
{
    if (expect(s, '"')) return -1;
    *from = s->at;
    *escaped = false;
    for (;;) {
        const unsigned char *p = (const unsigned char *)s->text + s->at, *end = p + (s->n - s->at);
        const unsigned char *q = p;
        while (q < end && *q >= 0x20 && *q < 0x80 && *q != '"' && *q != '\\') q++;
        s->at += (size_t)(q - p);
        int c = peek(s);
        size_t step = 1;
        if (c == '"') break;
        if (c < 0) return sts_scan_fail(s, *from - 1, "string without an end");
        if (c < 0x20) return sts_scan_fail(s, s->at, "control character in a string");
        if (c == '\\') {
            if (escape(s, s->at, &step) < 0) return -1;
            *escaped = true;
        } else if (c >= 0x80) {
            utf8proc_int32_t cp;
            size_t left = s->n - s->at < 4 ? s->n - s->at : 4;
            utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s->text + s->at,
                                                  (utf8proc_ssize_t)left, &cp);
            if (k <= 0) return sts_scan_fail(s, s->at, "not UTF-8");
            step = (size_t)k;
        }
        s->at += step;
    }
    *to = s->at++;
    return spend(s, *to - *from < 16 ? 32 : *to - *from + 24);
}

/* text[from .. to) with its escapes decoded into s->buf. An escape never grows. */
static int decode(sts_scan *s, size_t from, size_t to, sts_str *out)
{
    if (to - from + 1 > s->cap_buf) {
        char *p = sts_realloc(s->buf, to - from + 1, 1);
        if (!p) return sts_fail_memory(s->err, s->name);
        s->buf = p;
        s->cap_buf = to - from + 1;
    }
    size_t n = 0;
    for (size_t i = from, step; i < to; i += step) {
        step = 1;
        if (s->text[i] != '\\') s->buf[n++] = s->text[i];
        else
            n += (size_t)utf8proc_encode_char((utf8proc_int32_t)escape(s, i, &step),
                                              (utf8proc_uint8_t *)s->buf + n);
    }
    *out = (sts_str){s->buf, n};
    return 0;
}

int sts_scan_text(sts_scan *s, sts_str *text)
{
    size_t from, to;
    bool escaped;
    if (scan_string(s, &from, &to, &escaped)) return -1;
    *text = (sts_str){s->text + from, to - from};
    return escaped ? decode(s, from, to, text) : 0;
}

/* ---- the set of keys ---- */

/* Two hashes make 128 bits: equal ones are taken for equal keys. */
static void hash_key(uint64_t seed, uint64_t object, sts_str key, uint64_t out[2])
{
    uint64_t a = sts_mix64(seed ^ object), b = sts_mix64(a ^ key.n);
    for (size_t i = 0; i < key.n; i += 8) {
        uint64_t w = 0;
        memcpy(&w, key.s + i, key.n - i < 8 ? key.n - i : 8);
        a = sts_mix64(a ^ w);
        b = sts_mix64(b + w);
    }
    out[0] = a | 1; /* never 0, which marks an empty place */
    out[1] = b;
}

/* Where the hash is or belongs. */
static uint64_t *key_place(uint64_t (*keys)[2], size_t cap, const uint64_t h[2])
{
    size_t i = (size_t)h[1] & (cap - 1);
    while (keys[i][0] && (keys[i][0] != h[0] || keys[i][1] != h[1])) i = (i + 1) & (cap - 1);
    return keys[i];
}

static int grow_keys(sts_scan *s)
{
    size_t cap = s->cap_keys ? 4 * s->cap_keys : 64;
    uint64_t(*keys)[2] = sts_alloc(cap, sizeof *keys);
    if (!keys) return sts_fail_memory(s->err, s->name);
    for (size_t i = 0; i < s->cap_keys; i++)
        if (s->keys[i][0]) memcpy(key_place(keys, cap, s->keys[i]), s->keys[i], sizeof *keys);
    sts_free(s->keys);
    s->keys = keys;
    s->cap_keys = cap;
    return 0;
}

int sts_scan_key(sts_scan *s, sts_str *key)
{
    skip_space(s);
    size_t at = s->at;
    if (peek(s) != '"') return unexpected(s, "a key in quotes");
    if (sts_scan_text(s, key)) return -1;
    if (s->n_keys >= s->cap_keys / 4 * 3 && grow_keys(s)) return -1;
    uint64_t h[2];
    hash_key(s->seed, s->object[s->depth], *key, h);
    uint64_t *place = key_place(s->keys, s->cap_keys, h);
    if (place[0]) {
        char what[96], name[64];
        sts_quote(name, sizeof name, key->s, key->n);
        snprintf(what, sizeof what, "key \"%s\" twice", name);
        return sts_scan_fail(s, at, what);
    }
    memcpy(place, h, sizeof h);
    s->n_keys++;
    return expect(s, ':');
}

/* ---- numbers and the rest ---- */

static size_t digits(const sts_scan *s, size_t at)
{
    size_t i = at;
    while (i < s->n && s->text[i] >= '0' && s->text[i] <= '9') i++;
    return i - at;
}

/* Is the number of `whole` digits (with sign), a fraction and an exponent finite? Read as
 * digits x 10^e, so that no locale's decimal point matters. */
static bool finite_number(const char *p, size_t whole, size_t fraction, long exponent)
{
    char buf[2 * STS_JSON_DIGITS + 24];
    if (exponent + (long)whole < 308) return true;
    memcpy(buf, p, whole);
    if (fraction) memcpy(buf + whole, p + whole + 1, fraction);
    snprintf(buf + whole + fraction, 24, "e%ld", exponent - (long)fraction);
    return isfinite(strtod(buf, NULL));
}

static int scan_number(sts_scan *s)
{
    size_t from = s->at, at = from + (s->text[from] == '-');
    size_t whole = digits(s, at), fraction = 0, power;
    long exponent = 0;
    if (!whole) return sts_scan_fail(s, from, "a minus without digits");
    if (whole > 1 && s->text[at] == '0') return sts_scan_fail(s, from, "a number with a leading 0");
    at += whole;
    whole = at - from;
    if (at < s->n && s->text[at] == '.') {
        fraction = digits(s, at + 1);
        if (!fraction) return sts_scan_fail(s, from, "a number without digits after its point");
        at += 1 + fraction;
    }
    if (at < s->n && (s->text[at] | 32) == 'e') {
        size_t sign = at + 1 < s->n && (s->text[at + 1] == '-' || s->text[at + 1] == '+');
        power = digits(s, at + 1 + sign);
        if (!power) return sts_scan_fail(s, from, "a number without digits in its exponent");
        at += 1 + sign;
        for (size_t i = 0; i < power; i++)
            if (exponent < 100000) exponent = exponent * 10 + (s->text[at + i] - '0');
        if (s->text[at - 1] == '-') exponent = -exponent;
        at += power;
    }
    if (at - from > STS_JSON_DIGITS)
        return sts_scan_fail(s, from, "a number of more than 63 characters");
    if (!finite_number(s->text + from, whole, fraction, exponent))
        return sts_scan_fail(s, from, "a number out of range");
    s->at = at;
    return 0;
}

int sts_scan_size(sts_scan *s, size_t *out)
{
    skip_space(s);
    size_t k = digits(s, s->at), v = 0;
    if (!k) return unexpected(s, "a whole number");
    if (k > 16) return sts_scan_fail(s, s->at, "a number too large");
    if (k > 1 && s->text[s->at] == '0') return sts_scan_fail(s, s->at, "a number with a leading 0");
    for (size_t i = 0; i < k; i++) v = v * 10 + (size_t)(s->text[s->at + i] - '0');
    if (v > (size_t)1 << 53) return sts_scan_fail(s, s->at, "a number too large");
    s->at += k;
    *out = v;
    return 0;
}

static int scan_word(sts_scan *s, const char *word)
{
    size_t n = strlen(word);
    if (s->n - s->at < n || memcmp(s->text + s->at, word, n)) return unexpected(s, "a value");
    s->at += n;
    return 0;
}

static int scan_members(sts_scan *s, char open, char close)
{
    if (sts_scan_enter(s, open)) return -1;
    for (int more; (more = sts_scan_more(s, close));) {
        sts_str key;
        if (more < 0 || (open == '{' && sts_scan_key(s, &key)) || sts_scan_value(s)) return -1;
    }
    return 0;
}

int sts_scan_node(sts_scan *s)
{
    return spend(s, NODE);
}

int sts_scan_value(sts_scan *s)
{
    skip_space(s);
    if (sts_scan_node(s)) return -1;
    size_t from, to;
    bool escaped;
    int c = peek(s);
    switch (c) {
    case '{': return scan_members(s, '{', '}');
    case '[': return scan_members(s, '[', ']');
    case '"': return scan_string(s, &from, &to, &escaped);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: return c == '-' || (c >= '0' && c <= '9') ? scan_number(s) : unexpected(s, "a value");
    }
}

int sts_scan_end(sts_scan *s)
{
    skip_space(s);
    return s->at == s->n ? 0 : unexpected(s, "the end");
}

int sts_scan_members(sts_str object, const char *name, const char *const *key, size_t n,
                     sts_str *value, sts_err *err)
{
    sts_scan s = sts_scan_start(object.s, object.n, name, STS_MODEL, err);
    s.nul = true;
    sts_str found;
    int more = 0, rc = sts_scan_enter(&s, '{');
    for (size_t i = 0; i < n; i++) value[i] = (sts_str){0};
    while (!rc && (more = sts_scan_more(&s, '}')) > 0) {
        rc = sts_scan_key(&s, &found);
        size_t i = 0;
        while (!rc && i < n && (strlen(key[i]) != found.n || memcmp(key[i], found.s, found.n))) i++;
        skip_space(&s);
        size_t from = s.at;
        if (!rc) rc = sts_scan_value(&s);
        if (!rc && i < n) value[i] = (sts_str){object.s + from, s.at - from};
    }
    sts_scan_done(&s);
    return rc || more < 0 ? -1 : 0;
}
