/* yaml.c - front matter, line by line. Deliberately narrow: a key at the margin, then one scalar, a
 * flow list on the same line, or dashes below it; anything else is left out. */
#include "report/yaml.h"

#include "core/mem.h"

#include <ctype.h>
#include <string.h>

#define LONGEST ((size_t)64 << 10) /* of a line */

static bool letter(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* ---- scalars ---- */

/* Words that some reader takes for something else than text. */
static bool reserved(const char *s)
{
    static const char *const word[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    if (!isalpha((unsigned char)*s)) return true;
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
        size_t k = 0;
        while (s[k] && tolower((unsigned char)s[k]) == word[i][k]) k++;
        if (!s[k] && !word[i][k]) return true;
    }
    return false;
}

/* Words without quotes that cannot be taken for syntax, whatever stands around them. */
static bool bare(const char *s, size_t n)
{
    if (!n || !isalnum((unsigned char)s[0]) || s[n - 1] == ' ') return false;
    for (size_t i = 0; i < n; i++)
        if (!letter(s[i]) && !strchr("./+ ", s[i])) return false;
    return true;
}

/* The text between quotes; false when it is not exactly one quoted scalar. */
static bool unquote(const char *s, size_t n, char *out)
{
    char quote = s[0];
    size_t o = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        if (quote == '"' && s[i] == '\\') {
            if (s[i + 1] != '"' && s[i + 1] != '\\') return false; /* \n, \x41: not needed */
            i++;
            if (i + 1 >= n) return false;
        } else if (s[i] == quote) {
            if (quote == '"' || s[++i] != '\'' || i + 1 >= n) return false;
        }
        out[o++] = s[i];
    }
    out[o] = 0;
    return n >= 2 && s[n - 1] == quote;
}

static int add_scalar(sts_yaml_key *k, const char *s, size_t n, bool *understood, sts_err *err)
{
    bool quoted = n && (*s == '"' || *s == '\'');
    sts_yaml_scalar v = {sts_strndup(s, n), bare(s, n)};
    if (!v.s) return sts_fail_memory(err, "README.md");
    if (quoted ? !unquote(s, n, v.s) : !v.plain && (!n || strchr("!&*{}[]|>%@`?-,#~.=<", *s))) {
        *understood = false; /* an anchor, a tag, a nested list, a block */
        sts_free(v.s);
        return 0;
    }
    if (!quoted && (strstr(v.s, ": ") || v.s[n - 1] == ':')) *understood = false;
    if (sts_grow(&k->v, k->n, &k->cap, sizeof *k->v)) {
        sts_free(v.s);
        return sts_fail_memory(err, "README.md");
    }
    k->v[k->n++] = v;
    return 0;
}

/* Takes blanks, and a comment, off both ends. */
static void trim(const char **s, size_t *n)
{
    while (*n && (**s == ' ')) ++*s, --*n;
    bool quoted = *n && (**s == '"' || **s == '\'');
    for (size_t i = 1; i < *n && !quoted; i++)
        if ((*s)[i] == '#' && (*s)[i - 1] == ' ') *n = i;
    if (*n && **s == '#') *n = 0;
    while (*n && ((*s)[*n - 1] == ' ' || (*s)[*n - 1] == '\r')) --*n;
}

/* "[a, 'b', c]" */
static int add_flow(sts_yaml_key *k, const char *s, size_t n, bool *understood, sts_err *err)
{
    if (s[n - 1] != ']') return *understood = false, 0;
    k->list = true;
    for (size_t from = 1; from + 1 < n && *understood;) {
        const char *comma = memchr(s + from, ',', n - 1 - from);
        size_t end = comma ? (size_t)(comma - s) : n - 1, m = end - from;
        const char *item = s + from;
        trim(&item, &m);
        if (m && add_scalar(k, item, m, understood, err)) return -1;
        from = end + 1;
    }
    return 0;
}

/* ---- lines ---- */

static void free_key(sts_yaml_key *k)
{
    for (size_t i = 0; i < k->n; i++) sts_free(k->v[i].s);
    sts_free(k->v);
    sts_free(k->name);
    *k = (sts_yaml_key){0};
}

void sts_front_matter_free(sts_front_matter *f)
{
    for (size_t i = 0; i < f->n; i++) free_key(&f->key[i]);
    sts_free(f->key);
    *f = (sts_front_matter){0};
}

const sts_yaml_key *sts_front_matter_get(const sts_front_matter *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (!strcmp(f->key[i].name, name)) return &f->key[i];
    return NULL;
}

/* Puts a finished key into f, or counts it as left out. */
static int finish_key(sts_front_matter *f, sts_yaml_key *k, bool understood, sts_err *err)
{
    bool keep = k->name && !reserved(k->name) && understood && k->n;
    keep = keep && !sts_front_matter_get(f, k->name);
    if (k->name && !keep) f->left_out++;
    if (keep && !sts_grow(&f->key, f->n, &f->cap, sizeof *f->key)) {
        f->key[f->n++] = *k;
        *k = (sts_yaml_key){0};
        return 0;
    }
    free_key(k);
    return keep ? sts_fail_memory(err, "README.md") : 0;
}

/* "name: value" at the margin. */
static int start_key(sts_yaml_key *k, const char *line, size_t n, bool *understood, sts_err *err)
{
    size_t colon = 0;
    while (colon < n && letter(line[colon])) colon++;
    *understood = colon && colon < n && line[colon] == ':';
    k->name = sts_strndup(line, *understood ? colon : 0);
    if (!k->name) return sts_fail_memory(err, "README.md");
    const char *value = line + colon + 1;
    size_t m = *understood ? n - colon - 1 : 0;
    if (m && *value != ' ' && *value != '\r') *understood = false;
    trim(&value, &m);
    if (!m || !*understood) return 0;
    return *value == '[' ? add_flow(k, value, m, understood, err)
                         : add_scalar(k, value, m, understood, err);
}

/* A line below a key: an item of its list, or something that is not understood. */
static int continue_key(sts_yaml_key *k, const char *line, size_t n, bool *understood, sts_err *err)
{
    trim(&line, &n);
    if (!n) return 0;
    if (*line != '-' || (n > 1 && line[1] != ' ') || (k->n && !k->list))
        return *understood = false, 0;
    k->list = true;
    line++, n--;
    trim(&line, &n);
    return add_scalar(k, line, n, understood, err);
}

static bool is_fence(const char *line, size_t n)
{
    return (n == 3 || (n == 4 && line[3] == '\r')) && !strncmp(line, "---", 3);
}

int sts_front_matter_read(sts_front_matter *f, const char *markdown, sts_err *err)
{
    *f = (sts_front_matter){0};
    if (!strncmp(markdown, "\xef\xbb\xbf", 3)) markdown += 3;
    const char *line = markdown, *end = strchr(line, '\n');
    if (!end || !is_fence(line, (size_t)(end - line))) return 0;
    sts_yaml_key k = {0};
    bool understood = true, closed = false;
    int rc = 0;
    while (!rc && !closed && (line = end + 1, end = strchr(line, '\n'))) {
        size_t n = (size_t)(end - line);
        closed = is_fence(line, n);
        bool tab = memchr(line, '\t', n) || n > LONGEST;
        if (closed || (n && !strchr(" -#\r", *line))) {
            rc = finish_key(f, &k, understood, err);
            if (!rc && !closed) rc = start_key(&k, line, n, &understood, err);
        } else if (k.name) {
            rc = continue_key(&k, line, n, &understood, err);
        }
        if (tab) understood = false;
    }
    free_key(&k);
    if (rc || !closed) sts_front_matter_free(f); /* without an end it was none */
    return rc;
}

/* ---- writing ---- */

void sts_yaml_text(sts_strbuf *out, const char *s)
{
    size_t n = strlen(s), size;
    if (bare(s, n) && !reserved(s)) {
        sts_strbuf_add(out, s, n);
        return;
    }
    char *plain = sts_mul(n, 4, &size) ? sts_alloc(size + 1, 1) : NULL;
    if (!plain) {
        out->failed = true;
        return;
    }
    sts_quote(plain, size + 1, s, n);
    sts_strbuf_add(out, "\"", 1);
    for (const char *p = plain; *p; p++) {
        bool never = !strncmp(p, "\xef\xbf\xbe", 3) || !strncmp(p, "\xef\xbf\xbf", 3);
        if (*p == '"' || *p == '\\') sts_strbuf_add(out, "\\", 1);
        sts_strbuf_add(out, never ? "?" : p, 1);
        p += never ? 2 : 0;
    }
    sts_strbuf_add(out, "\"", 1);
    sts_free(plain);
}

void sts_yaml_scalar_put(sts_strbuf *out, const sts_yaml_scalar *v)
{
    if (v->plain) sts_strbuf_add(out, v->s, strlen(v->s));
    else sts_yaml_text(out, v->s);
}

void sts_yaml_key_put(sts_strbuf *out, const sts_yaml_key *k)
{
    sts_strbuf_printf(out, "%s:", k->name);
    for (size_t i = 0; i < k->n; i++) {
        sts_strbuf_printf(out, k->list ? "\n- " : " ");
        sts_yaml_scalar_put(out, &k->v[i]);
    }
    sts_strbuf_printf(out, "\n");
}
