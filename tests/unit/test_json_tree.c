/* test_json_tree.c - trees of JSON values: what is put in comes out; denied memory is counted. */
#include "core/json.h"
#include "core/mem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void prints(const char *text, const char *pretty, const char *bare)
{
    sts_json *t = sts_json_of_text(text);
    cr_assert(t, "%s", text);
    char *a = sts_json_pretty(t), *b = sts_json_compact(t);
    cr_assert_str_eq(a, pretty);
    cr_assert_str_eq(b, bare);
    sts_free(a);
    sts_free(b);
    sts_json_free(t);
}

Test(json_tree, prints_what_it_reads)
{
    prints("{}", "{\n}", "{}");
    prints("[ ]", "[]", "[]");
    prints("{\"a\": [1, -2.5, {\"b\": null}], \"c\": {\"d\": true, \"e\": {}}}",
           "{\n\t\"a\":\t[1, -2.5, {\n\t\t\t\"b\":\tnull\n\t\t}],\n\t\"c\":\t{\n\t\t\"d\":\ttrue,\n"
           "\t\t\"e\":\t{\n\t\t}\n\t}\n}",
           "{\"a\":[1,-2.5,{\"b\":null}],\"c\":{\"d\":true,\"e\":{}}}");
    prints("\"a\\u0001\\\"\\\\\\n\\u00e9/\"", "\"a\\u0001\\\"\\\\\\n\u00e9/\"",
           "\"a\\u0001\\\"\\\\\\n\u00e9/\"");
    prints("[1e300, 0.1, 1e-7, 12345678901234567890]",
           "[1e+300, 0.1, 1e-07, 1.2345678901234567e+19]",
           "[1e+300,0.1,1e-07,1.2345678901234567e+19]");
}

Test(json_tree, numbers_without_a_value_are_null)
{
    double x[] = {NAN, INFINITY, 2};
    sts_json *t = sts_json_new_numbers(x, 3);
    char *text = sts_json_compact(t);
    cr_assert_str_eq(text, "[null,null,2]");
    sts_free(text);
    sts_json_free(t);
}

static void is(const sts_json *t, const char *want)
{
    char *text = sts_json_compact(t);
    cr_assert_str_eq(text, want);
    sts_free(text);
}

Test(json_tree, members_are_taken_out_and_replaced)
{
    static const char *const key[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) {
        sts_json *t = sts_json_of_text("{\"a\":1,\"b\":2,\"c\":3}");
        cr_assert(sts_json_replace(t, key[i], sts_json_new_string("x")));
        sts_json *out = sts_json_take(t, key[i]);
        cr_assert_str_eq(sts_json_as_string(out), "x");
        sts_json_free(out);
        cr_assert_eq(sts_json_size(t), 2);
        sts_json_add_bool(t, "d", true); /* the end is still known */
        is(t, i == 0   ? "{\"b\":2,\"c\":3,\"d\":true}"
              : i == 1 ? "{\"a\":1,\"c\":3,\"d\":true}"
                       : "{\"a\":1,\"b\":2,\"d\":true}");
        cr_assert(!sts_json_replace(t, "none", sts_json_new_null()));
        sts_json_free(t);
    }
}

Test(json_tree, compares_values_and_not_their_order)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {{"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true},
                 {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
                 {"{\"a\":1}", "{\"A\":1}", false},
                 {"[1,2]", "[2,1]", false},
                 {"\"x\"", "\"y\"", false},
                 {"true", "false", false},
                 {"null", "null", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sts_json *a = sts_json_of_text(cases[i].a), *b = sts_json_of_text(cases[i].b);
        cr_assert_eq(sts_json_equal(a, b), cases[i].same, "%s", cases[i].a);
        sts_json_free(a);
        sts_json_free(b);
    }
}

/* Every allocation denied once: no leak, no crash, and the count says so. */
Test(json_tree, survives_denied_memory)
{
    static const char text[] = "{\"a\":[1,{\"b\":\"c\"},null],\"d\":\"e\\n\"}";
    size_t live = sts_mem_live();
    for (size_t nth = 1;; nth++) {
        size_t since = sts_json_denied();
        sts_err err = {0};
        sts_mem_fail(nth, false);
        sts_json *t = sts_json_parse(text, sizeof text - 1, "t", STS_DATA, &err);
        sts_json *copy = sts_json_copy(t);
        sts_json_add_string(copy, "f", "g");
        char *out = sts_json_print(copy, true, since);
        size_t made = sts_mem_count();
        sts_mem_fail(0, false);
        if (!t) cr_assert(err.code == STS_FAILED && strstr(err.text, "memory"), "%s", err.text);
        if (nth <= made) cr_assert(!out, "allocation %zu", nth);
        sts_free(out);
        sts_json_free(copy);
        sts_json_free(t);
        cr_assert_eq(sts_mem_live(), live, "allocation %zu", nth);
        if (nth > made) break;
    }
}
