/* json.c - strict reading, getters that name file and key, and saving. */
#include "core/json.h"

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
static int read_value(sts_scan *s, cJSON **tree)
{
    if (!tree) return sts_scan_value(s);
    *tree = sts_scan_tree(s);
    return *tree ? 0 : -1;
}

static int read_text(const char *text, size_t n, const char *name, int code, cJSON **tree,
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

cJSON *sts_json_parse(const char *text, size_t n, const char *name, int code, sts_err *err)
{
    cJSON *json = NULL;
    if (!read_text(text, n, name, code, &json, err)) return json;
    cJSON_Delete(json);
    return NULL;
}

cJSON *sts_json_load(const char *path, int code, sts_err *err)
{
    size_t n;
    char *text = sts_file_read(path, STS_JSON_LIMIT, code, &n, err);
    if (!text) return NULL;
    cJSON *json = sts_json_parse(text, n, path, code, err);
    sts_free(text);
    return json;
}

char *sts_json_read(const char *path, int code, sts_err *err)
{
    size_t n;
    char *text = sts_file_read(path, STS_JSON_LIMIT, code, &n, err);
    if (!text || !sts_json_check(text, n, path, code, err)) return text;
    sts_free(text);
    return NULL;
}

const cJSON *sts_json_get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* The member, or NULL when it is absent or null. */
static const cJSON *member(const sts_json_in *in, const char *key)
{
    const cJSON *v = sts_json_get(in->object, key);
    return cJSON_IsNull(v) ? NULL : v;
}

static int wrong(const sts_json_in *in, const char *key, const char *wanted, const cJSON *found)
{
    char shown[64];
    if (cJSON_IsArray(found)) strcpy(shown, "a list");
    else if (cJSON_IsObject(found)) strcpy(shown, "an object");
    else if (cJSON_IsString(found)) {
        shown[0] = '"';
        sts_quote(shown + 1, sizeof shown - 2, found->valuestring, strlen(found->valuestring));
        strcat(shown, "\"");
    } else if (cJSON_IsNumber(found)) snprintf(shown, sizeof shown, "%.17g", found->valuedouble);
    else strcpy(shown, cJSON_IsTrue(found) ? "true" : "false");
    return sts_fail(in->err, in->code, "%s: \"%s\" must be %s, found %s", in->name, key, wanted,
                    shown);
}

int sts_json_int(const sts_json_in *in, const char *key, int64_t min, int64_t max, int64_t *out)
{
    const cJSON *v = member(in, key);
    if (!v) return 0;
    double x = v->valuedouble;
    if (!cJSON_IsNumber(v) || x != floor(x) || fabs(x) > 0x1p53)
        return wrong(in, key, "a whole number", v);
    if ((int64_t)x < min || (int64_t)x > max)
        return sts_fail(in->err, in->code, "%s: \"%s\" must be from %lld to %lld, found %lld",
                        in->name, key, (long long)min, (long long)max, (long long)x);
    *out = (int64_t)x;
    return 0;
}

int sts_json_num(const sts_json_in *in, const char *key, double min, double max, double *out)
{
    const cJSON *v = member(in, key);
    if (!v) return 0;
    if (!cJSON_IsNumber(v)) return wrong(in, key, "a number", v);
    if (!(v->valuedouble >= min && v->valuedouble <= max))
        return sts_fail(in->err, in->code, "%s: \"%s\" must be from %g to %g, found %g", in->name,
                        key, min, max, v->valuedouble);
    *out = v->valuedouble;
    return 0;
}

int sts_json_bool(const sts_json_in *in, const char *key, bool *out)
{
    const cJSON *v = member(in, key);
    if (!v) return 0;
    if (!cJSON_IsBool(v)) return wrong(in, key, "true or false", v);
    *out = cJSON_IsTrue(v);
    return 0;
}

int sts_json_text(const sts_json_in *in, const char *key, const char **out)
{
    const cJSON *v = member(in, key);
    if (!v) return 0;
    if (!cJSON_IsString(v)) return wrong(in, key, "a string", v);
    *out = v->valuestring;
    return 0;
}

cJSON *sts_json_add_num(cJSON *object, const char *key, double x)
{
    return isfinite(x) ? cJSON_AddNumberToObject(object, key, x)
                       : cJSON_AddNullToObject(object, key);
}

cJSON *sts_json_add_exact(cJSON *object, const char *key, double x)
{
    char text[32];
    if (!isfinite(x)) return cJSON_AddNullToObject(object, key);
    return cJSON_AddRawToObject(object, key, sts_decimal_format(x, text));
}

void sts_json_put(cJSON *object, const char *key, cJSON *item)
{
    if (!cJSON_AddItemToObject(object, key, item)) cJSON_Delete(item);
}

void sts_json_refer(cJSON *object, const char *key, const cJSON *item)
{
    if (!item) return;
    sts_json_put(object, key, cJSON_IsArray(item) ? cJSON_CreateArrayReference(item->child)
                                                  : cJSON_CreateObjectReference(item->child));
}

void sts_json_append(cJSON *array, cJSON *item)
{
    if (!cJSON_AddItemToArray(array, item)) cJSON_Delete(item);
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

char *sts_json_print(const cJSON *json, bool pretty, size_t since)
{
    char *text = pretty ? cJSON_Print(json) : cJSON_PrintUnformatted(json);
    size_t n = text ? strlen(text) : 0;
    char *out = text && sts_json_denied() == since ? sts_realloc(NULL, n + 2, 5) : NULL;
    if (out) {
        n = escape_bytes(out, text, n);
        memcpy(out + n, "\n", 2);
    }
    sts_free(text);
    return out;
}

char *sts_json_finish(cJSON *json, bool pretty, size_t since)
{
    char *text = json ? sts_json_print(json, pretty, since) : NULL;
    cJSON_Delete(json);
    return text;
}

int sts_json_save_whole(const cJSON *json, size_t since, const char *path, sts_err *err)
{
    char *text = sts_json_print(json, true, since);
    if (!text) return sts_fail_memory(err, path);
    int rc = sts_file_write(path, text, strlen(text), err);
    sts_free(text);
    return rc;
}

int sts_json_save(const cJSON *json, const char *path, sts_err *err)
{
    return sts_json_save_whole(json, sts_json_denied(), path, err);
}
