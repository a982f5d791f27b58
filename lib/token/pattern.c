/* pattern.c - finding strings and regular expressions. PCRE2's tables may be older than the
 * reference's: newer characters are shown to it as older ones of the same category and length. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "token/pattern.h"

#include "core/limits.h"
#include "core/mem.h"
#include "token/parts.h"
#include "token/unicode.h"
#include "token/unicode_tables.h"

#include <pcre2.h>
#include <string.h>

struct sts_pattern {
    char *literal; /* NULL: a regular expression */
    size_t n;
    pcre2_code *code;
    bool empty;
};

static void *take(size_t n, void *unused)
{
    (void)unused;
    return sts_realloc(NULL, n, 1);
}

static void give(void *p, void *unused)
{
    (void)unused;
    sts_free(p);
}

/* ---- loading ---- */

static int compile(sts_pattern *p, const sts_text *regex, const sts_json_in *in)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    uint32_t least = 0;
    pcre2_general_context *memory = pcre2_general_context_create(take, give, NULL);
    pcre2_compile_context *how = memory ? pcre2_compile_context_create(memory) : NULL;
    if (how) {
        pcre2_set_newline(how, PCRE2_NEWLINE_LF);
        p->code =
            pcre2_compile((PCRE2_SPTR)regex->s, PCRE2_ZERO_TERMINATED,
                          PCRE2_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &code, &at, how);
    }
    pcre2_compile_context_free(how);
    pcre2_general_context_free(memory);
    if (!how || (!p->code && code == PCRE2_ERROR_HEAP_FAILED))
        return sts_fail_memory(in->err, in->name);
    if (!p->code) {
        char why[128] = "";
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
        return sts_fail(in->err, in->code, "%s: \"pattern\": \"Regex\" is not supported: %s",
                        in->name, why);
    }
    pcre2_pattern_info(p->code, PCRE2_INFO_MINLENGTH, &least);
    p->empty = least == 0;
    return 0;
}

static int load_regex(sts_pattern *p, const char *s, const sts_json_in *in)
{
    sts_text t = {0};
    size_t at = 0;
    const char *fault = sts_regex_translate(s, &t, &at);
    int rc = 0;
    if (fault && at == SIZE_MAX) rc = sts_fail_memory(in->err, in->name);
    else if (fault)
        rc = sts_fail(in->err, in->code,
                      "%s: \"pattern\": \"Regex\": \"%.300s\" is not supported: %s "
                      "at byte %zu",
                      in->name, s, fault, at);
    else rc = compile(p, &t, in);
    sts_text_free(&t);
    return rc;
}

static int load(sts_pattern *p, const sts_json_in *in)
{
    const sts_json *pattern = sts_need(in, "pattern");
    const sts_json *string = sts_json_get(pattern, "String"),
                   *regex = sts_json_get(pattern, "Regex");
    if (!pattern) return -1;
    if (sts_json_is_string(regex) && !string) return load_regex(p, regex->text, in);
    if (!sts_json_is_string(string) || regex || !*string->text)
        return sts_fail(in->err, in->code,
                        "%s: \"pattern\" must be {\"String\": text} or {\"Regex\": "
                        "text}, and not empty",
                        in->name);
    p->n = strlen(string->text);
    p->literal = sts_strdup(string->text);
    return p->literal ? 0 : sts_fail_memory(in->err, in->name);
}

sts_pattern *sts_pattern_load(const sts_json_in *in)
{
    sts_pattern *p = sts_alloc(1, sizeof *p);
    if (!p) sts_fail_memory(in->err, in->name);
    else if (!load(p, in)) return p;
    sts_pattern_free(p);
    return NULL;
}

void sts_pattern_free(sts_pattern *p)
{
    if (!p) return;
    pcre2_code_free(p->code);
    sts_free(p->literal);
    sts_free(p);
}

bool sts_pattern_empty(const sts_pattern *p)
{
    return p->empty;
}

/* ---- finding ---- */

/* An older character of the same category and as many bytes, for those categories that have newer
 * ones; these have three bytes at least. */
static uint32_t stand_in(int category, uint32_t cp)
{
    static const struct {
        uint32_t three, four;
    } old[] = {[UTF8PROC_CATEGORY_LU] = {0x1e00, 0x10400},
               [UTF8PROC_CATEGORY_LL] = {0x1e01, 0x10428},
               [UTF8PROC_CATEGORY_LM] = {0x1d2c, 0x16b40},
               [UTF8PROC_CATEGORY_LO] = {0x1000, 0x10280},
               [UTF8PROC_CATEGORY_MN] = {0x1dc0, 0x10a01},
               [UTF8PROC_CATEGORY_MC] = {0x903, 0x11000},
               [UTF8PROC_CATEGORY_ND] = {0x966, 0x104a0},
               [UTF8PROC_CATEGORY_NO] = {0x2070, 0x10107},
               [UTF8PROC_CATEGORY_PD] = {0x2010, 0x10ead},
               [UTF8PROC_CATEGORY_PO] = {0x2016, 0x10100},
               [UTF8PROC_CATEGORY_SM] = {0x2044, 0x1d6c1},
               [UTF8PROC_CATEGORY_SO] = {0x2100, 0x10137},
               [UTF8PROC_CATEGORY_CF] = {0x200b, 0x110bd}};
    if (cp == 0x1b132) return 0x1b150; /* small kana, for the scripts' sake */
    if (cp == 0x1b155) return 0x1b164;
    if (cp >= 0x20000) return 0x20000; /* Han */
    return cp < 0x10000 ? old[category].three : old[category].four;
}

/* Makes f->subject a copy of the text without newer characters, if it has any. */
static int prepare(sts_find *f)
{
    size_t k;
    for (size_t i = sts_utf8_ascii(f->s, f->n); i < f->n; i += k) {
        uint32_t cp;
        k = sts_utf8_get(f->s + i, &cp);
        int newer = cp < 0x80 ? UTF8PROC_CATEGORY_CN : sts_newer_category(cp);
        if (newer == UTF8PROC_CATEGORY_CN) continue;
        if (!f->subject.n && sts_text_add(&f->subject, f->s, f->n)) return -1;
        sts_utf8_put(f->subject.s + i, stand_in(newer, cp));
    }
    return 0;
}

int sts_find_start(sts_find *f, const sts_pattern *p, const char *s, size_t n, sts_err *err)
{
    *f = (sts_find){.p = p, .s = s, .n = n};
    if (p->literal) return 0;
    pcre2_general_context *memory = pcre2_general_context_create(take, give, NULL);
    if (memory) {
        f->data = pcre2_match_data_create(1, memory);
        f->how = pcre2_match_context_create(memory);
    }
    pcre2_general_context_free(memory);
    if (!f->data || !f->how || prepare(f)) return sts_fail_memory(err, "a text");
    f->steps = STS_MATCH_STEPS + (uint64_t)STS_MATCH_STEPS_BYTE * n;
    f->share = (uint32_t)(f->steps / (n + 4));
    return 0;
}

void sts_find_done(sts_find *f)
{
    pcre2_match_data_free(f->data);
    pcre2_match_context_free(f->how);
    sts_text_free(&f->subject);
}

static int next_literal(sts_find *f, size_t *from, size_t *to)
{
    const sts_pattern *p = f->p;
    while (f->n - f->at >= p->n) {
        const char *hit = memchr(f->s + f->at, p->literal[0], f->n - f->at - p->n + 1);
        if (!hit) break;
        *from = (size_t)(hit - f->s);
        *to = *from + p->n;
        f->at = *from + 1;
        if (memcmp(hit, p->literal, p->n)) continue;
        f->at = *to;
        return 1;
    }
    f->at = f->n;
    return 0;
}

/* What pcre2_match returns, from `at` on, or there alone; PCRE2 counts steps at each place anew. */
static int match(const sts_find *f, size_t at, bool there, uint32_t limit)
{
    PCRE2_SPTR s = (PCRE2_SPTR)(f->subject.n ? f->subject.s : f->s);
    uint32_t how = PCRE2_NO_UTF_CHECK | (there ? PCRE2_ANCHORED : 0);
    pcre2_set_match_limit(f->how, limit);
    return pcre2_match(f->p->code, s, f->n, at, how, f->data, f->how);
}

/* The same place by place, some of which may take more steps than their share. */
static int match_slowly(sts_find *f)
{
    int rc = PCRE2_ERROR_NOMATCH;
    for (size_t at = f->at; at <= f->n && rc == PCRE2_ERROR_NOMATCH;) {
        rc = match(f, at, true, f->share);
        if (rc == PCRE2_ERROR_MATCHLIMIT && f->steps >= STS_MATCH_PLACE) {
            f->steps -= STS_MATCH_PLACE;
            rc = match(f, at, true, STS_MATCH_PLACE);
        }
        at += at < f->n ? sts_utf8_len(f->s[at]) : 1;
    }
    return rc;
}

/* 1: a match at or behind f->at; 0: none. */
static int search(sts_find *f, size_t *from, size_t *to, sts_err *err)
{
    int rc = match(f, f->at, false, f->share);
    if (rc == PCRE2_ERROR_MATCHLIMIT) rc = match_slowly(f);
    if (rc == PCRE2_ERROR_NOMATCH) return 0;
    if (rc == PCRE2_ERROR_NOMEMORY) return sts_fail_memory(err, "a text");
    if (rc < 0)
        return sts_fail(err, STS_MODEL,
                        "a pattern of the tokenizer takes too long on a text of %zu bytes", f->n);
    *from = pcre2_get_ovector_pointer(f->data)[0];
    *to = pcre2_get_ovector_pointer(f->data)[1];
    return 1;
}

/* An empty match right behind the last one does not count. */
int sts_find_next(sts_find *f, size_t *from, size_t *to, sts_err *err)
{
    if (f->p->literal) return next_literal(f, from, to);
    while (f->at <= f->n) {
        int rc = search(f, from, to, err);
        if (rc <= 0) return rc;
        if (*from < *to || !f->matched || f->end != *to) {
            f->matched = true;
            f->at = f->end = *to;
            return 1;
        }
        f->at += f->at < f->n ? sts_utf8_len(f->s[f->at]) : 1;
    }
    return 0;
}
