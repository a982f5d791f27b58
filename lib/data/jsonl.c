/* jsonl.c - members of JSON lines, over the strict scanner, and which of them are the columns. */
#include "data/jsonl.h"

#include "core/arena.h"
#include "core/json_scan.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "data/advice.h"

#include <stdio.h>
#include <string.h>

#define KEYS (2 * STS_TEXTS_MAX) /* that are searched for known names */
#define LINES 32

/* ---- reading a line ---- */

/* The current value into j->value[c]; texts go to the end of the buffer, *used bytes so far. */
static int read_member(sts_jsonl *j, sts_scan *s, int c, size_t *used)
{
    while (s->at < s->n && memchr(" \t\r\n", s->text[s->at], 4)) s->at++;
    char first = s->at < s->n ? s->text[s->at] : 0;
    size_t from = s->at;
    if (first == '"') {
        sts_str text;
        if (sts_scan_text(s, &text)) return -1;
        /* it fits: decoded texts together are shorter than the line */
        memcpy(j->buf + *used, text.s, text.n);
        j->value[c] = (sts_str){j->buf + *used, text.n};
        *used += text.n;
        j->kind[c] = STS_JSON_TEXT;
        return 0;
    }
    if (sts_scan_value(s)) return -1;
    j->value[c] = (sts_str){s->text + from, s->at - from};
    bool number = first == '-' || (first >= '0' && first <= '9');
    j->kind[c] = first == 'n' ? STS_JSON_NULL : number ? STS_JSON_NUMBER : STS_JSON_OTHER;
    return 0;
}

/* All members of the object, checked; those that the layout names are kept. */
static int read_members(sts_jsonl *j, const sts_layout *l, sts_scan *s)
{
    size_t used = 0;
    int columns = STS_COL_TEXT + l->n_texts;
    int more = sts_scan_enter(s, '{');
    if (more) return -1;
    while ((more = sts_scan_more(s, '}')) > 0) {
        sts_str key;
        if (sts_scan_key(s, &key)) return -1;
        int c = 0;
        while (c < columns && (l->column[c] < 0 || strlen(l->name[c]) != key.n ||
                               memcmp(l->name[c], key.s, key.n) != 0))
            c++;
        if (c < columns ? read_member(j, s, c, &used) : sts_scan_value(s)) return -1;
    }
    return more ? -1 : sts_scan_end(s);
}

int sts_jsonl_read(sts_jsonl *j, const sts_layout *l, sts_str line, char why[STS_WHY_MAX],
                   sts_err *err)
{
    if (line.n > j->cap) {
        char *p = sts_realloc(j->buf, line.n * 2, 1);
        if (!p) return sts_fail_memory(err, "a line of JSON");
        j->buf = p;
        j->cap = line.n * 2;
    }
    for (int c = 0; c < STS_COL_TEXT + l->n_texts; c++) {
        j->kind[c] = STS_JSON_ABSENT;
        j->value[c] = (sts_str){"", 0};
    }
    sts_err inner = {0};
    sts_scan s = sts_scan_start(line.s, line.n, "JSON", STS_DATA, &inner);
    int rc = read_members(j, l, &s);
    sts_scan_done(&s);
    if (rc == 0) return 1;
    if (inner.code != STS_DATA) return sts_fail(err, inner.code, "%s", inner.text);
    snprintf(why, STS_WHY_MAX, "%.*s", STS_WHY_MAX - 1, inner.text);
    return 0;
}

void sts_jsonl_free(sts_jsonl *j)
{
    sts_free(j->buf);
    *j = (sts_jsonl){0};
}

/* ---- finding the members that count ---- */

typedef struct keys {
    sts_str name[KEYS];
    char first[KEYS]; /* byte of each one's first value */
    size_t n;
    sts_arena arena;
} keys;

static int add_key(keys *k, sts_str key, char first, sts_err *err)
{
    if (k->n == KEYS || key.n >= STS_COLUMN_NAME_MAX) return 0;
    for (size_t i = 0; i < k->n; i++)
        if (k->name[i].n == key.n && !memcmp(k->name[i].s, key.s, key.n)) return 0;
    char *copy = sts_arena_text(&k->arena, key.s, key.n);
    if (!copy) return sts_fail_memory(err, "keys");
    k->first[k->n] = first;
    k->name[k->n++] = (sts_str){copy, key.n};
    return 0;
}

/* Of the value that comes next. */
static char first_byte(const sts_scan *s)
{
    size_t at = s->at;
    while (at < s->n && memchr(" \t\r\n", s->text[at], 4)) at++;
    return at < s->n ? s->text[at] : 0;
}

/* The keys of one line; 1: it is an object, 0: it is not, -1. */
static int collect(keys *k, sts_str line, sts_err *err, sts_err *inner)
{
    sts_scan s = sts_scan_start(line.s, line.n, "JSON", STS_DATA, inner);
    int more = sts_scan_enter(&s, '{') ? -1 : 1, rc = 0;
    while (more > 0 && !rc && (more = sts_scan_more(&s, '}')) > 0) {
        sts_str key;
        if (sts_scan_key(&s, &key)) more = -1;
        else if (add_key(k, key, first_byte(&s), err)) rc = -1;
        else if (sts_scan_value(&s)) more = -1;
    }
    sts_scan_done(&s);
    if (rc || (more < 0 && inner->code != STS_DATA)) return -1;
    return more == 0;
}

/* The keys of the first lines; *first is the line of the first object, 0 when there is none, and
 * then `fault` says why not. */
static int collect_all(keys *k, const sts_search *s, uint64_t *first, sts_err *fault, sts_err *err)
{
    const char *p = s->head.s, *end = p + s->head.n;
    uint64_t line = 1;
    *first = 0;
    for (int objects = 0; p < end && objects < LINES; line++) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        if (!nl && !s->whole && *first) break; /* the last line is cut off */
        sts_str text = {p, (size_t)((nl ? nl : end) - p)};
        sts_err inner = {0};
        int rc = text.n ? collect(k, text, err, &inner) : 0;
        if (rc < 0) return inner.code ? sts_fail(err, inner.code, "%s", inner.text) : -1;
        if (rc && !*first) *first = line;
        if (!rc && text.n && !fault->code)
            sts_fail(fault, STS_DATA, "%s:%llu: %s", s->file, (unsigned long long)line, inner.text);
        objects += text.n > 0;
        p = nl ? nl + 1 : end;
    }
    return 0;
}

/* ".name", as jq has it. */
static size_t add_path(char *out, size_t size, size_t at, sts_str name)
{
    char shown[60];
    sts_quote(shown, sizeof shown, name.s, name.n);
    bool plain = name.n && (*shown > '9' || *shown < '0');
    for (const char *p = shown; *p; p++)
        plain = plain && (*p == '_' || (*p >= '0' && *p <= '9') ||
                          ((*p | 32) >= 'a' && (*p | 32) <= 'z'));
    return sts_append(out, size, at, plain ? ".%s" : ".\"%s\"", shown);
}

/* Texts in lists: one object per item is what can be read, which a command makes of them. */
static int explain_lists(const sts_search *s, const keys *k, uint64_t line, size_t list,
                         sts_err *err)
{
    char name[60], command[300] = "{anchor: ";
    size_t at = strlen(command), text = 0;
    while (text < k->n && k->first[text] != '"') text++;
    if (text < k->n) {
        at = add_path(command, sizeof command, at, k->name[text]);
        at = sts_append(command, sizeof command, at, ", positive: ");
        at = add_path(command, sizeof command, at, k->name[list]);
        sts_append(command, sizeof command, at, "[]}");
    } else {
        at = sts_append(command, sizeof command, 0, ". + {sentence1: ");
        at = add_path(command, sizeof command, at, k->name[list]);
        at = sts_append(command, sizeof command, at, "[0], sentence2: ");
        at = add_path(command, sizeof command, at, k->name[list]);
        sts_append(command, sizeof command, at, "[1]}");
    }
    return sts_fail(err, STS_DATA, "%s:%llu: \"%s\" is a list, not a string: make pairs with: "
                    "jq -c '%s'", s->file, (unsigned long long)line,
                    sts_quote(name, sizeof name, k->name[list].s, k->name[list].n), command);
}

/* Texts within an object: its members, brought up, are keys that --columns can name. */
static int explain_object(const sts_search *s, const keys *k, uint64_t line, size_t object,
                          sts_err *err)
{
    char name[60], path[80];
    add_path(path, sizeof path, 0, k->name[object]);
    return sts_fail(err, STS_DATA, "%s:%llu: \"%s\" is an object, not a string: bring up its "
                    "members with: jq -c '. + %s'", s->file, (unsigned long long)line,
                    sts_quote(name, sizeof name, k->name[object].s, k->name[object].n), path);
}

/* The first list or object among the keys, a list of positives if there is such; k->n: none. */
static size_t find_nested(const keys *k)
{
    size_t found = k->n;
    for (size_t i = 0; i < k->n; i++) {
        if (k->first[i] != '[' && k->first[i] != '{') continue;
        if (k->name[i].n >= 3 && !strncmp(k->name[i].s, "pos", 3)) return i;
        if (found == k->n) found = i;
    }
    return found;
}

/* Lists or objects where texts should be: -1, explained; 0: there are none. */
static int check_nested(const sts_layout *l, const sts_search *s, const keys *k, uint64_t line,
                       sts_err *err)
{
    size_t list = l->n_texts ? k->n : find_nested(k);
    for (int c = 0; c < l->n_texts; c++) {
        size_t at = (size_t)l->column[STS_COL_TEXT + c];
        if (k->first[at] == '[' || k->first[at] == '{') list = at;
    }
    if (list == k->n) return 0;
    const char *nl = memchr(s->head.s, '\n', s->head.n);
    bool one = s->whole && (!nl || nl + 1 == s->head.s + s->head.n);
    const char *shape = one ? sts_advise_json(s->head) : NULL;
    if (shape)
        return sts_fail(err, STS_DATA, "%s:%llu: %s", s->file, (unsigned long long)line, shape);
    return k->first[list] == '{' ? explain_object(s, k, line, list, err)
                                 : explain_lists(s, k, line, list, err);
}

/* A bit for each key whose first value is a number. */
static uint64_t numbers(const keys *k)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < k->n && i < 64; i++)
        if (k->first[i] == '-' || (k->first[i] >= '0' && k->first[i] <= '9'))
            bits |= UINT64_C(1) << i;
    return bits;
}

/* Which keys are the score and the texts: by --columns, else by known names. */
static int choose(sts_layout *l, const sts_search *s, const keys *k, uint64_t line, sts_err *err)
{
    for (int c = 0; c < STS_COLS; c++)
        if (s->columns.number[c])
            return sts_fail(err, STS_USAGE, "--columns: JSON lines have names, not column %d",
                            s->columns.number[c]);
    if (s->columns.given) {
        if (sts_names_choose(l, s, k->name, k->n, line, err) < 0) return -1;
    } else {
        l->n_texts = sts_names_match(k->name, k->n, l->column);
        if (sts_names_fit(s, l->n_texts, line, err) < 0) return -1;
        if (check_nested(l, s, k, line, err)) return -1;
        if (!l->n_texts)
            return sts_names_missing(s, line, "two sentences", k->name, k->n, numbers(k), err);
    }
    if (l->n_texts == 2 && l->column[STS_COL_SCORE] < 0 && !sts_may_lack_score(s, k->n))
        return sts_score_missing(s, line, k->name, k->n, numbers(k), err);
    sts_names_keep(l, k->name);
    return 1;
}

/* A first line like "{laughs} hello<tab>..." is no JSON: perhaps all is a table. If it is not, the
 * fault of the JSON is reported. */
static int try_table(sts_layout *l, const sts_search *s, const sts_err *fault, sts_err *err)
{
    sts_err inner = {0};
    if (!s->given && sts_detect_table(l, s, &inner) > 0) return 1;
    if (inner.code && inner.code != STS_DATA) return sts_fail(err, inner.code, "%s", inner.text);
    return sts_fail(err, STS_DATA, "%s", fault->text);
}

int sts_detect_jsonl(sts_layout *l, const sts_search *s, sts_err *err)
{
    keys k = {.n = 0};
    uint64_t line;
    sts_err fault = {0};
    sts_layout_start(l, sts_format_named("jsonl"), 0, false);
    int rc = collect_all(&k, s, &line, &fault, err);
    const char *shape = !rc && fault.code ? sts_advise_json(s->head) : NULL;
    if (shape) rc = sts_fail(err, STS_DATA, "%s:1: %s", s->file, shape);
    if (!rc) rc = line ? choose(l, s, &k, line, err) : try_table(l, s, &fault, err);
    sts_arena_free(&k.arena);
    return rc;
}
