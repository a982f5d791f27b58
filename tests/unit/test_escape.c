/* test_escape.c - names made harmless for terminals, Markdown and shells. */
#include "core/escape.h"
#include "core/mem.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(sts_strbuf *out, const char *wanted)
{
    char *text = sts_strbuf_take(out);
    cr_expect_str_eq(text, wanted);
    sts_free(text);
}

Test(escape, terminal)
{
    sts_strbuf out = {0};
    sts_put_shown(&out, "a\033[31m\n\xff|é", 0);
    expect(&out, "a\\x1b[31m\\x0a\\xff|é");
    sts_put_shown(&out, "ab", 4);
    sts_put_shown(&out, "abcdef", 4);
    expect(&out, "ab  abcdef");
}

Test(escape, markdown)
{
    sts_strbuf out = {0};
    sts_put_markdown(&out, "a|b\n<script>[x](y) `c` \\");
    expect(&out, "a\\|b\\\\x0a\\<script\\>\\[x\\]\\(y\\) \\`c\\` \\\\");
}

Test(escape, shell)
{
    static const char *const words[][2] = {
        {"run-1/model", "run-1/model"},
        {"", "''"},
        {"run é & co", "'run é & co'"},
        {"it's", "'it'\\''s'"},
        {"$(rm x)`y`", "'$(rm x)`y`'"},
        {"~", "'~'"},
        {"a\\b", "'a\\b'"},
        {"a\nb\033'\\\xff", "$'a\\012b\\033\\'\\\\\\377'"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char *word = sts_shell_word(words[i][0]);
        cr_expect_str_eq(word, words[i][1]);
        sts_free(word);
    }
}
