/* json.c - strict reading, getters that name file and key, and saving. */
#include "core/json.h"

#include "core/c_locale.h"
#include "core/decimal.h"
#include "core/file.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

/* Reads text[n] as one value, into *tree unless that is NULL. */
static int read_value(sts_scan *s, sts_json **tree)
{
    if (!tree) return sts_scan_value(s);
    *tree = sts_scan_tree(s);
    return *tree ? 0 : -1;
}

static int read_text(const char *text, size_t n, const char *name, int code, sts_json **tree,
                     sts_err *err)
{
    sts_scan s = sts_scan_start(text, n, name, code, err);
    s.budget = STS_JSON_TREE;
    int rc = 0;
    if (n == 0) rc = sts_fail(err, code, "%s: empty, not JSON", name);
    else if (n > STS_JSON_LIMIT) rc = sts_fail(err, code, "%s: JSON of more than 64 MB", name);
    else if (n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
        rc = sts_scan_fail(&s, 0, "a byte order mark, which JSON must not have; remove it");
    else if (read_value(&s, tree) || sts_scan_end(&s)) rc = -1;
    sts_scan_done(&s);
    return rc;
}

int sts_json_check(const char *text, size_t n, const char *name, int code, sts_err *err)
{
    return read_text(text, n, name, code, NULL, err);
}

sts_json *sts_json_parse(const char *text, size_t n, const char *name, int code, sts_err *err)
{
    sts_json *json = NULL;
    if (!read_text(text, n, name, code, &json, err)) return json;
    sts_json_free(json);
    return NULL;
}

sts_json *sts_json_of_text(const char *text)
{
    return text ? sts_json_parse(text, strlen(text), "text", STS_FAILED, NULL) : NULL;
}

sts_json *sts_json_load(const char *path, int code, sts_err *err)
{
    size_t n;
    char *text = sts_file_read(path, STS_JSON_LIMIT, code, &n, err);
    if (!text) return NULL;
    sts_json *json = sts_json_parse(text, n, path, code, err);
    sts_free(text);
    return json;
}

char *sts_json_read(const char *path, int code, sts_err *err)
{
    size_t n;
    if (sts_require(path, "path", err)) return NULL;
    char *text = sts_file_read(path, STS_JSON_LIMIT, code, &n, err);
    if (!text || !sts_json_check(text, n, path, code, err)) return text;
    sts_free(text);
    return NULL;
}

/* The member, or NULL when it is absent or null. */
static const sts_json *member(const sts_json_in *in, const char *key)
{
    const sts_json *v = sts_json_get(in->object, key);
    return sts_json_is_null(v) ? NULL : v;
}

static int wrong(const sts_json_in *in, const char *key, const char *wanted, const sts_json *found)
{
    char shown[64];
    if (sts_json_is_array(found)) strcpy(shown, "a list");
    else if (sts_json_is_object(found)) strcpy(shown, "an object");
    else if (sts_json_is_string(found)) {
        shown[0] = '"';
        sts_quote(shown + 1, sizeof shown - 2, found->text, strlen(found->text));
        strcat(shown, "\"");
    } else if (sts_json_is_number(found)) sts_print(shown, sizeof shown, "%.17g", found->number);
    else strcpy(shown, sts_json_is_true(found) ? "true" : "false");
    return sts_fail(in->err, in->code, "%s: \"%s\" must be %s, found %s", in->name, key, wanted,
                    shown);
}

int sts_json_int(const sts_json_in *in, const char *key, int64_t min, int64_t max, int64_t *out)
{
    const sts_json *v = member(in, key);
    if (!v) return 0;
    double x = v->number;
    if (!sts_json_is_number(v) || x != floor(x) || fabs(x) > 0x1p53)
        return wrong(in, key, "a whole number", v);
    if ((int64_t)x < min || (int64_t)x > max)
        return sts_fail(in->err, in->code, "%s: \"%s\" must be from %lld to %lld, found %lld",
                        in->name, key, (long long)min, (long long)max, (long long)x);
    *out = (int64_t)x;
    return 0;
}

int sts_json_num(const sts_json_in *in, const char *key, double min, double max, double *out)
{
    const sts_json *v = member(in, key);
    if (!v) return 0;
    if (!sts_json_is_number(v)) return wrong(in, key, "a number", v);
    if (!(v->number >= min && v->number <= max))
        return sts_fail(in->err, in->code, "%s: \"%s\" must be from %g to %g, found %g", in->name,
                        key, min, max, v->number);
    *out = v->number;
    return 0;
}

int sts_json_bool(const sts_json_in *in, const char *key, bool *out)
{
    const sts_json *v = member(in, key);
    if (!v) return 0;
    if (!sts_json_is_bool(v)) return wrong(in, key, "true or false", v);
    *out = sts_json_is_true(v);
    return 0;
}

int sts_json_text(const sts_json_in *in, const char *key, const char **out)
{
    const sts_json *v = member(in, key);
    if (!v) return 0;
    if (!sts_json_is_string(v)) return wrong(in, key, "a string", v);
    *out = v->text;
    return 0;
}

sts_json *sts_json_add_exact(sts_json *object, const char *key, double x)
{
    char text[32];
    if (!isfinite(x)) return sts_json_add_null(object, key);
    return sts_json_add_raw(object, key, sts_decimal_format(x, text));
}

void sts_json_put(sts_json *object, const char *key, sts_json *item)
{
    if (!sts_json_add(object, key, item)) sts_json_free(item);
}

void sts_json_refer(sts_json *object, const char *key, const sts_json *item)
{
    if (!item) return;
    sts_json_put(object, key,
                 sts_json_is_array(item) ? sts_json_borrow_array(item->child)
                                         : sts_json_borrow_object(item->child));
}

void sts_json_append(sts_json *array, sts_json *item)
{
    if (!sts_json_push(array, item)) sts_json_free(item);
}

/* ---- text ---- */

/* The value of two hexadecimal digits, or -1. */
static int hex_byte(const char *s)
{
    static const char digits[] = "0123456789abcdef";
    const char *a = *s ? strchr(digits, s[0]) : NULL;
    const char *b = a && s[1] ? strchr(digits, s[1]) : NULL;
    return b ? (int)((a - digits) << 4 | (b - digits)) : -1;
}

/* The length of the character, or of the escape, at s[n]; 0 where a byte is not UTF-8. */
static size_t piece(const char *s, size_t n)
{
    utf8proc_int32_t cp;
    if (*s == '\\') return n > 1 ? 2 : 1;
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &cp);
    return k > 0 ? (size_t)k : 0;
}

/* JSON text s[n] into out, which has room for five times as much: bytes that are not UTF-8 become
 * \xNN, and a backslash that would read as one, \x5c. Returns the length. */
static size_t escape_bytes(char *out, const char *s, size_t n)
{
    size_t o = 0;
    for (size_t i = 0, k; i < n; i += k ? k : 1) {
        k = piece(s + i, n - i);
        bool literal = k == 2 && !strncmp(s + i, "\\\\x", 3) && hex_byte(s + i + 3) >= 0;
        if (!k || literal) {
            o += (size_t)sprintf(out + o, "\\\\x%02x", literal ? '\\' : (unsigned char)s[i]);
            continue;
        }
        memcpy(out + o, s + i, k);
        o += k;
    }
    return o;
}

void sts_name_decode(char *name)
{
    char *out = name;
    for (const char *p = name; *p;) {
        int byte = p[0] == '\\' && p[1] == 'x' ? hex_byte(p + 2) : -1;
        *out++ = byte > 0 ? (char)byte : *p;
        p += byte > 0 ? 4 : 1;
    }
    *out = 0;
}

void sts_json_decode(sts_json *json)
{
    if (!json) return;
    if (sts_json_is_string(json)) sts_name_decode(json->text);
    for (sts_json *t = json->child; t; t = t->next) sts_json_decode(t);
}

char *sts_json_print(const sts_json *json, bool pretty, size_t since)
{
    char *text = pretty ? sts_json_pretty(json) : sts_json_compact(json);
    size_t n = text ? strlen(text) : 0;
    char *out = text && sts_json_denied() == since ? sts_realloc(NULL, n + 2, 5) : NULL;
    if (out) {
        n = escape_bytes(out, text, n);
        memcpy(out + n, "\n", 2);
    }
    sts_free(text);
    return out;
}

char *sts_json_finish(sts_json *json, bool pretty, size_t since)
{
    char *text = json ? sts_json_print(json, pretty, since) : NULL;
    sts_json_free(json);
    return text;
}

int sts_json_save_whole(const sts_json *json, size_t since, const char *path, sts_err *err)
{
    char *text = sts_json_print(json, true, since);
    if (!text) return sts_fail_memory(err, path);
    int rc = sts_file_write(path, text, strlen(text), err);
    sts_free(text);
    return rc;
}

int sts_json_save(const sts_json *json, const char *path, sts_err *err)
{
    return sts_json_save_whole(json, sts_json_denied(), path, err);
}
