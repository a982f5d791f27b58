/* regex.c - Oniguruma's Ruby dialect into PCRE2's. Both agree on most; classes are spelt out, since
 * \s, \w and \b differ, and whatever else could differ is refused. */
#include "token/pattern.h"
#include "core/limits.h"

#include "token/unicode.h"

#include <stdio.h>
#include <string.h>

#define SPACE "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}" \
              "\\x{202f}\\x{205f}\\x{3000}"
#define NOT_SPACE "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}" \
                  "\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}" \
                  "\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}"
/* letters, marks, digits, connectors, circled letters */
#define WORD "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}" \
             "\\x{24b6}-\\x{24e9}\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}\\x{1f170}-\\x{1f189}"

/* Outside of classes Oniguruma takes the superscripts and fractions of Latin 1 for words too. */
#define WORD_ALONE WORD "\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}"

typedef struct translation {
    const char *all, *s; /* the whole, and where we are */
    sts_text *out;
    const char *fault;
    bool caseless[STS_PATTERN_DEPTH]; /* inside (?i: */
    int depth;
    bool failed; /* memory is out */
    bool atom;   /* a quantifier may follow */
    char letter; /* the literal just before, for pairs like "ss" that fold to one character */
} translation;

static void put(translation *t, const char *s, size_t n)
{
    if (!sts_text_add(t->out, s, n)) return;
    t->failed = true;
    t->fault = "out of memory";
}

static void put_text(translation *t, const char *s)
{
    put(t, s, strlen(s));
}

static void fault(translation *t, const char *what)
{
    if (!t->fault) t->fault = what;
}

/* One character by its number, which means itself in and out of classes. */
static void put_literal(translation *t, uint32_t cp)
{
    static const char *const folds[] = {"ss", "st", "ff", "fi", "fl"};
    char hex[16], low = cp < 0x80 ? (char)(cp | 32) : 0;
    snprintf(hex, sizeof hex, "\\x{%x}", (unsigned)cp);
    put_text(t, hex);
    if (t->caseless[t->depth] && cp >= 0x80) fault(t, "a character beyond ASCII within (?i:");
    for (size_t i = 0; i < 5 && t->caseless[t->depth]; i++)
        if (folds[i][0] == t->letter && folds[i][1] == low)
            fault(t, "two letters that fold to one character within (?i:");
    t->letter = low;
}

/* The n characters at s, none of them NUL, as a number. */
static bool hex_digits(const char *s, size_t n, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        const char *hex = "0123456789abcdef", *d = strchr(hex, s[i] < 'A' ? s[i] : s[i] | 32);
        if (!d) return false;
        *out = *out * 16 + (uint32_t)(d - hex);
    }
    return n > 0 && *out <= 0x10ffff && (*out < 0xd800 || *out > 0xdfff);
}

/* \xHH, \x{H...}, \uHHHH, behind the backslash at t->s; steps over it. */
static bool number_escape(translation *t, uint32_t *cp)
{
    const char *s = t->s + 1;
    size_t n = 0, skip = 0;
    if (*t->s == 'u') n = strnlen(s, 4);
    else if (*s == '{') {
        const char *close = strchr(s, '}');
        n = close && close - s <= 9 ? (size_t)(close - s - 1) : 0;
        s++;
        skip = 2;
    } else {
        n = strnlen(s, 2);
    }
    bool ok = hex_digits(s, n, cp) && (*t->s != 'u' || n == 4) && (skip || *t->s == 'u' || n == 2);
    /* \xHH beyond ASCII is a raw byte in Oniguruma */
    if (ok && *t->s == 'x' && !skip && *cp >= 0x80) ok = false;
    if (ok) t->s += 1 + n + skip;
    return ok;
}

/* \p{Name}: general categories and a few scripts, which both spell alike. */
static void property(translation *t)
{
    static const char *const known[] = {
        "L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd", "Nl", "No", "P",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S",  "Sm", "Sc", "Sk", "So", "Z",  "Zs", "Zl",
        "Zp", "C",  "Cc", "Cf", "Cn", "Co", "Han", "Hiragana", "Katakana", "Hangul", "Latin",
        "Greek", "Cyrillic", "Arabic", "Hebrew", "Thai", "Devanagari"};
    char out[32], p = *t->s;
    const char *close = t->s[1] == '{' ? strchr(t->s, '}') : NULL;
    bool no = close && t->s[2] == '^';
    const char *name = t->s + 2 + no;
    for (size_t i = 0; close && i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i]);
        if ((size_t)(close - name) != n || memcmp(name, known[i], n)) continue;
        bool cased = n == 2 && known[i][0] == 'L' && strchr("ult", known[i][1]);
        if (cased && t->caseless[t->depth]) fault(t, "a cased property within (?i:");
        /* a script is meant by its own letters, not by what else it uses */
        snprintf(out, sizeof out, "\\%c{%s%s}", (p == 'P') != no ? 'P' : 'p', n > 2 ? "sc:" : "",
                 known[i]);
        put_text(t, out);
        t->s = close + 1;
        return;
    }
    fault(t, "an unknown property");
}

/* A class escape at t->s (behind the backslash); false: it is no class. */
static bool class_escape(translation *t, bool inside)
{
    const char *in = NULL;
    switch (*t->s) {
    case 'p':
    case 'P': return property(t), true;
    case 's': in = SPACE; break;
    case 'S': in = NOT_SPACE; break;
    case 'w': in = inside ? WORD : WORD_ALONE; break;
    case 'W': in = inside ? NULL : "^" WORD_ALONE; break;
    case 'd': in = "\\p{Nd}"; break;
    case 'D': in = "\\P{Nd}"; break;
    default: break;
    }
    if (!in) return false;
    if (!inside) put_text(t, "[");
    put_text(t, in);
    if (!inside) put_text(t, "]");
    t->s++;
    return true;
}

/* An escape that means one character; steps over it. */
static void literal_escape(translation *t)
{
    static const char from[] = "ntrfvae", to[] = "\n\t\r\f\v\a\x1b";
    const char *p = *t->s ? strchr(from, *t->s) : NULL;
    uint32_t cp;
    if (*t->s == 'x' || *t->s == 'u') {
        if (number_escape(t, &cp)) put_literal(t, cp);
        else fault(t, "an unknown escape");
    } else if (p) {
        put_literal(t, (unsigned char)to[p - from]);
        t->s++;
    } else if (*t->s == 0 || sts_is_word((unsigned char)*t->s)) {
        fault(t, "an unknown escape");
    } else {
        t->s += sts_utf8_get(t->s, &cp);
        put_literal(t, cp);
    }
}

/* [...], without nested classes and intersections. */
static void bracket(translation *t)
{
    put_text(t, "[");
    if (*++t->s == '^') {
        put_text(t, "^");
        t->s++;
    }
    if (*t->s == ']') fault(t, "']' at the start of a class");
    bool after_class = false; /* a '-' behind a class is not a range */
    while (*t->s && *t->s != ']' && !t->fault) {
        t->letter = 0;
        if (*t->s == '[') fault(t, "a class in a class");
        else if (t->s[0] == '&' && t->s[1] == '&') fault(t, "an intersection of classes");
        else if (*t->s == '-') {
            bool edge = t->s[1] == ']' || t->s[-1] == '[' || (t->s[-1] == '^' && t->s[-2] == '[');
            if (after_class && !edge) fault(t, "'-' behind a class in a class");
            put_text(t, edge ? "\\-" : "-");
            t->s++;
        } else if (*t->s == '\\') {
            t->s++;
            after_class = class_escape(t, true);
            if (!after_class) literal_escape(t);
        } else {
            uint32_t cp;
            t->s += sts_utf8_get(t->s, &cp);
            put_literal(t, cp);
            after_class = false;
        }
    }
    if (*t->s != ']') fault(t, "a class without an end");
    else t->s++;
    put_text(t, "]");
}

/* \b and \B: between a word's character and another, or not. */
static void boundary(translation *t)
{
    static const char behind[] = "(?<=[" WORD_ALONE "])", not_behind[] = "(?<![" WORD_ALONE "])";
    static const char ahead[] = "(?=[" WORD_ALONE "])", not_ahead[] = "(?![" WORD_ALONE "])";
    bool edge = *t->s++ == 'b';
    put_text(t, "(?:");
    put_text(t, behind);
    put_text(t, edge ? not_ahead : ahead);
    put_text(t, "|");
    put_text(t, not_behind);
    put_text(t, edge ? ahead : not_ahead);
    put_text(t, ")");
}

/* An escape outside classes. */
static void escape(translation *t)
{
    t->s++;
    t->atom = true;
    if (class_escape(t, false)) return;
    if (*t->s == 'b' || *t->s == 'B') {
        boundary(t);
    } else if (*t->s == 'A' || *t->s == 'z' || *t->s == 'Z') {
        put(t, t->s - 1, 2);
        t->s++;
        t->atom = false;
    } else {
        literal_escape(t);
    }
}

/* "(" and what it opens. */
static void open_group(translation *t)
{
    static const char *const kind[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "("};
    size_t k = 0;
    while (k < 7 && strncmp(t->s, kind[k], strlen(kind[k]))) k++;
    if (k == 7 && t->s[1] == '?') fault(t, "an unknown kind of group");
    if (t->depth + 1 == STS_PATTERN_DEPTH) {
        fault(t, "groups nested too deep");
        return;
    }
    put_text(t, kind[k]);
    t->s += strlen(kind[k]);
    t->caseless[t->depth + 1] = t->caseless[t->depth] || k == 6;
    t->depth++;
    t->atom = false;
}

/* {n}, {n,}, {,m}, {n,m}: its length, or 0: it stands for itself. */
static size_t interval(const char *s)
{
    size_t i = 1, low = strspn(s + i, "0123456789");
    i += low;
    size_t comma = s[i] == ',';
    i += comma;
    size_t high = comma ? strspn(s + i, "0123456789") : 0;
    i += high;
    return s[i] == '}' && (low || high) ? i + 1 : 0;
}

/* * + ? {n,m}, and what may follow them. */
static void quantifier(translation *t)
{
    size_t n = *t->s == '{' ? interval(t->s) : 1;
    bool braces = *t->s == '{', fixed = braces && !memchr(t->s, ',', n);
    if (!t->atom) fault(t, "a quantifier with nothing to repeat");
    for (size_t i = 1, digits = 0; i < n && !t->fault; i++) {
        digits = t->s[i] >= '0' && t->s[i] <= '9' ? digits + 1 : 0;
        if (digits > 4) fault(t, "a repetition of more than 9999");
    }
    if (braces && t->s[1] == ',') put_text(t, "{0"); /* {,m} */
    put(t, t->s + (braces && t->s[1] == ','), n - (braces && t->s[1] == ','));
    t->s += n;
    if (*t->s == '?' || *t->s == '+') {
        /* the dialects differ in what follows braces */
        if (braces && (*t->s == '+' || fixed)) fault(t, "a quantifier behind {}");
        put(t, t->s++, 1);
    }
    if (*t->s == '*' || *t->s == '+' || *t->s == '?' || (*t->s == '{' && interval(t->s)))
        fault(t, "a quantifier behind a quantifier");
    t->atom = true;
}

static void close_group(translation *t)
{
    if (t->depth == 0) fault(t, "')' without '('");
    else t->depth--;
    put_text(t, ")");
    t->s++;
    t->atom = true;
}

static void next(translation *t)
{
    char c = *t->s, letter = t->letter;
    uint32_t cp;
    t->letter = 0;
    if (c == '\\') escape(t);
    else if (c == '[') bracket(t), t->atom = true;
    else if (c == '(') open_group(t);
    else if (c == ')') close_group(t);
    else if (c == '*' || c == '+' || c == '?' || (c == '{' && interval(t->s))) quantifier(t);
    else if (c == '|' || c == '^' || c == '$' || c == '.') {
        put(t, t->s++, 1);
        t->atom = c == '.';
    } else {
        t->letter = letter;
        t->s += sts_utf8_get(t->s, &cp);
        put_literal(t, cp);
        t->atom = true;
    }
}

const char *sts_regex_translate(const char *s, sts_text *out, size_t *at)
{
    translation t = {.all = s, .s = s, .out = out};
    const char *was = s;
    while (*t.s && !t.fault) {
        was = t.s;
        next(&t);
    }
    if (!t.fault && t.depth) t.fault = "a group without an end";
    if (!t.fault) put(&t, "", 1);
    *at = t.failed ? SIZE_MAX : (size_t)(was - s);
    return t.fault;
}
