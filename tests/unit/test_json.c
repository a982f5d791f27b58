/* test_json.c - what strict JSON is, what it is not, and what the getters say. */
#include "core/json.h"
#include "core/json_scan.h"
#include "core/mem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *good[] = {
    "0", "-0", "  1 ", "1e5", "-1.5E+3", "1e-999", "1.7976931348623157e308", "true", "null",
    "\"\"", "\"a\\u00e4\\ud83d\\ude00\"", "\"\xc3\xa4\"", "[]", "{}", "[1,[2,{\"a\":[]}]]",
    "{\"a\":1,\"b\":{\"a\":2}}", "[{\"a\":1},{\"a\":1}]", "{\"\":0}", "\"\\/\\b\\f\\n\\r\\t\\\"\"",
    "123456789012345678901234567890", "\t\r\n[ ]\n",
};

static const struct {
    const char *text, *says;
} bad[] = {
    {"", "empty"}, {" ", "found the end"}, {"\xef\xbb\xbf{}", "byte order mark"},
    {"{", "found the end"}, {"[1", "',' or ']'"}, {"[1 2]", "',' or ']'"}, {"[1,]", "a value"},
    {"{\"a\":1,}", "a key"}, {"{\"a\" 1}", "':'"}, {"{a:1}", "a key"}, {"{\"a\":}", "a value"},
    {"[1}", "',' or ']'"}, {"1 1", "the end"}, {"{}x", "byte 2"}, {"007", "leading 0"},
    {"-", "digits"}, {"+1", "a value"}, {".5", "a value"}, {"1.", "point"}, {"1e", "exponent"},
    {"1e+", "exponent"}, {"1e999", "out of range"}, {"-1e309", "out of range"},
    {"1e99999999999999999999", "out of range"}, {"0x10", "the end"}, {"NaN", "a value"},
    {"Infinity", "a value"}, {"nul", "a value"}, {"truth", "a value"}, {"'a'", "a value"},
    {"\"a", "without an end"}, {"\"\\", "without an end"}, {"\"\\x\"", "unknown escape"},
    {"\"\\u12\"", "hexadecimal"}, {"\"\\u00zz\"", "hexadecimal"}, {"\"\\u0000\"", "\\u0000 in"},
    {"\"\\ud800\"", "surrogate"}, {"\"\\udc00\"", "surrogate"}, {"\"\\ud800\\u0041\"", "surrogate"},
    {"\"\\ud800\\ue000\"", "surrogate"},
    {"\"\n\"", "control"}, {"\"\x80\"", "UTF-8"}, {"\"\xc0\xaf\"", "UTF-8"},
    {"\"\xed\xa0\x80\"", "UTF-8"}, {"\"\xf5\x80\x80\x80\"", "UTF-8"}, {"\"\xc3\"", "UTF-8"},
    {"{\"a\":1,\"a\":2}", "\"a\" twice"}, {"{\"a\":1,\"\\u0061\":2}", "\"a\" twice"},
    {"[{\"x\":{\"k\":1,\"l\":2,\"k\":3}}]", "\"k\" twice"}, {"// c\n1", "a value"},
    {"1111111111111111111111111111111111111111111111111111111111111111", "63 characters"},
};

Test(json, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sts_err err = {0};
        sts_json *j = sts_json_parse(good[i], strlen(good[i]), "f", STS_MODEL, &err);
        cr_assert(j, "%s refused: %s", good[i], err.text);
        sts_json_free(j);
    }
}

Test(json, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sts_err err = {0};
        size_t n = strlen(bad[i].text);
        char *exact = sts_alloc(n, 1); /* so that a read past the end is seen */
        memcpy(exact, bad[i].text, n);
        sts_json *j = sts_json_parse(exact, n, "f", STS_MODEL, &err);
        cr_assert(!j, "%s accepted", bad[i].text);
        cr_assert(err.code == STS_MODEL && strstr(err.text, bad[i].says), "%s: %s", bad[i].text,
                  err.text);
        sts_free(exact);
    }
}

Test(json, nul_byte)
{
    sts_err err = {0};
    cr_assert(sts_json_check("1\0", 2, "f", STS_MODEL, &err));
    cr_assert(sts_json_check("\"a\0b\"", 5, "f", STS_MODEL, &err));
    cr_assert(sts_json_check("\"\\\0\"", 4, "f", STS_MODEL, &err));
    cr_assert(sts_json_check("\"\\u00\0\0\"", 8, "f", STS_MODEL, &err));
}

/* `open` n times, "1", `close` n times. */
static int nested(int n, const char *open, const char *close)
{
    static char text[8192];
    text[0] = 0;
    for (int i = 0; i < n; i++) strcat(text, open);
    strcat(text, "1");
    for (int i = 0; i < n; i++) strcat(text, close);
    sts_err err = {0};
    return sts_json_check(text, strlen(text), "f", STS_MODEL, &err);
}

Test(json, depth)
{
    cr_assert(!nested(64, "[", "]") && nested(65, "[", "]"));
    cr_assert(!nested(64, "{\"a\":", "}") && nested(65, "{\"a\":", "}"));
    cr_assert(nested(1000, "[", ""));
}

/* Many values: refused before a tree is made, and many distinct keys in linear time. */
Test(json, too_many_values)
{
    size_t n = (size_t)20 << 20;
    char *text = sts_alloc(n + 1, 1);
    sts_err err = {0};
    for (size_t i = 0; i < n; i++) text[i] = i % 2 ? ',' : '1';
    text[0] = '[', text[n - 1] = ']', text[1] = '1';
    cr_assert(sts_json_check(text, n, "f", STS_MODEL, &err));
    cr_assert(strstr(err.text, "too many values"), "%s", err.text);
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i + 3 < n; i += 3) memcpy(text + 1 + i, k ? "\"\"," : "[],", 3);
        cr_assert_null(sts_json_parse(text, n, "f", STS_MODEL, &err));
        cr_assert(strstr(err.text, "too many values"), "%s", err.text);
    }
    size_t at = (size_t)snprintf(text, n, "{");
    for (int i = 0; i < 1000000; i++)
        at += (size_t)snprintf(text + at, 32, "%s\"%x\":1", i ? "," : "", i);
    at += (size_t)snprintf(text + at, 32, "}");
    cr_assert(!sts_json_check(text, at, "f", STS_MODEL, &err), "%s", err.text);
    sts_free(text);
}

static const char *object =
    "{\"i\":3,\"r\":1.5,\"b\":true,\"t\":\"x\",\"z\":null,\"big\":1e20,\"l\":[1],\"f\":false}";

Test(json, getters)
{
    sts_err err = {0};
    sts_json *j = sts_json_parse(object, strlen(object), "file", STS_MODEL, &err);
    sts_json_in in = {j, "file", STS_MODEL, &err};
    int64_t i = 7;
    double r = 7;
    bool b = false;
    const char *t = "old";
    cr_assert(!sts_json_int(&in, "i", 0, 3, &i) && i == 3);
    cr_assert(!sts_json_int(&in, "absent", 0, 3, &i) && i == 3);
    cr_assert(!sts_json_int(&in, "z", 0, 3, &i) && i == 3);
    cr_assert(!sts_json_num(&in, "r", 0, 2, &r) && r == 1.5);
    cr_assert(!sts_json_bool(&in, "b", &b) && b);
    cr_assert(!sts_json_text(&in, "t", &t) && !strcmp(t, "x"));
    cr_assert(sts_json_int(&in, "i", 4, 9, &i) && strstr(err.text, "file: \"i\""), "%s", err.text);
    cr_assert(sts_json_int(&in, "r", 0, 9, &i) && strstr(err.text, "whole"), "%s", err.text);
    cr_assert(sts_json_int(&in, "big", 0, INT64_MAX, &i), "1e20 is not an int64");
    cr_assert(sts_json_num(&in, "l", 0, 2, &r) && strstr(err.text, "a list"), "%s", err.text);
    cr_assert(sts_json_bool(&in, "t", &b) && strstr(err.text, "\"x\""), "%s", err.text);
    cr_assert(sts_json_text(&in, "b", &t) && err.code == STS_MODEL);
    cr_assert(sts_json_text(&in, "f", &t) && strstr(err.text, "found false"), "%s", err.text);
    sts_json_free(j);
}

/* What is written is JSON and UTF-8, whatever it is made of. */
Test(json, written)
{
    sts_json *j = sts_json_new_object();
    sts_json_add_exact(j, "x", NAN);
    sts_json_add_string(j, "s", "a\xff\xc3");
    char *text = sts_json_print(j, false, sts_json_denied());
    cr_assert_str_eq(text, "{\"x\":null,\"s\":\"a\\\\xff\\\\xc3\"}\n");
    sts_free(text);
    sts_json_free(j);
}

/* Every allocation fails once; nothing leaks (the sanitizer looks), the error says memory. */
Test(json, failing_allocations)
{
    const char *text = "{\"a\\u0041\":[1,2,\"three\"],\"b\":{\"c\":null}}";
    for (size_t nth = 1;; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, nth % 2);
        sts_json *j = sts_json_parse(text, strlen(text), "f", STS_MODEL, &err);
        sts_mem_fail(0, false);
        if (j) {
            sts_json_free(j);
            cr_assert(nth > 8, "only %zu allocations", nth);
            break;
        }
        cr_assert_eq(err.code, STS_FAILED, "allocation %zu: %s", nth, err.text);
    }
}

Test(json, size)
{
    const char *text = "[9007199254740992,9007199254740993";
    sts_err err = {0};
    sts_scan s = sts_scan_start(text, strlen(text), "f", STS_MODEL, &err);
    size_t v;
    cr_assert(!sts_scan_enter(&s, '[') && sts_scan_more(&s, ']') == 1 && !sts_scan_size(&s, &v));
    cr_assert(v == (size_t)1 << 53 && sts_scan_more(&s, ']') == 1 && sts_scan_size(&s, &v));
    sts_scan_done(&s);
}

/* Any bytes of a name come back: what is not UTF-8, and what looks like its escape. */
Test(json, names)
{
    static const char *const name[] = {
        "plain", "caf\xc3\xa9", "caf\xe9.tsv", "a\\xe9", "\\x5cxe9", "\\",
        "\\x", "\\xe", "\\xG9\xff",
        "\xff\\xff\xfe\\", "\\\\xc3", "a\\\\xe9\xe9", "quote\"\n\t\xed\xa0\x80"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        sts_err err = {0};
        sts_json *out = sts_json_new_object();
        sts_json_add_string(out, "s", name[i]);
        char *text = sts_json_print(out, false, sts_json_denied());
        sts_json *in = sts_json_parse(text, strlen(text), "text", STS_DATA, &err);
        cr_assert(in, "%s: %s", text, err.text);
        char *back = sts_json_as_string(sts_json_get(in, "s"));
        sts_name_decode(back);
        cr_assert_str_eq(back, name[i], "%s", text);
        sts_free(text);
        sts_json_free(out);
        sts_json_free(in);
    }
}
