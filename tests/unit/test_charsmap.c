/* test_charsmap.c - Precompiled with tables made by hand: one letter, x, is replaced. What is to
 * come out of the good ones is what the tokenizers library makes of them; it falls over the
 * others. */
#include "token_help.h"

#include <criterion/criterion.h>

/* Base 64 of in[n], n a multiple of 3. */
static void encode(const unsigned char *in, size_t n, char *out)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned bits = (unsigned)in[i] << 16 | (unsigned)in[i + 1] << 8 | in[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) *out++ = digit[bits >> shift & 63];
    }
    *out = 0;
}

/* A table of 256 units: the root leads with x to unit 1, a leaf, whose value is in unit 1 ^ offset
 * (2 when offset is 3). Then the replacements. */
static const char *table(unsigned offset, unsigned value, const char *to, size_t n_to)
{
    static char json[2048];
    unsigned char blob[1200] = {0, 4}; /* 1024 bytes of units */
    const unsigned unit[] = {('x' ^ 1u) << 10, 'x' | 1u << 8 | offset << 10, value | 1u << 31};
    for (size_t i = 0; i < 12; i++) blob[4 + i] = (unsigned char)(unit[i / 4] >> 8 * (i % 4));
    memcpy(blob + 1028, to, n_to);
    int n = snprintf(json, sizeof json, "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"");
    encode(blob, 1028 + n_to, json + n);
    strcat(json, "\"}");
    return json;
}

static const struct {
    const char *name;
    unsigned offset, value;
    const char *to;
    size_t n_to;
    const char *ids; /* of "xc"; NULL: refused */
} cases[] = {
    {"to its NUL", 3, 0, "ab\0a", 4, "1 2 4"},
    {"from the second one on", 3, 3, "ab\0a", 4, "1 4"},
    {"the last one has no NUL", 3, 2, "\0abb", 4, "2 2 4"},
    {"nothing is left to put there", 3, 4, "ab\0a", 4, "4"},
    {"an empty one", 3, 0, "", 1, "4"},
    {"behind the replacements", 3, 5, "ab\0a", 4, NULL},
    {"far behind the replacements", 3, 0x7fffffff, "ab\0a", 4, NULL},
    {"in the middle of a character", 3, 1, "\u00e9\0", 4, NULL},
    {"a leaf whose value is outside of the trie", 1000, 0, "ab\0a", 4, NULL},
};

Test(charsmap, replacements)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sts_err err = {0};
        sts_ids ids = {0};
        char shown[1024];
        token_json j = {.normalizer = table(cases[i].offset, cases[i].value, cases[i].to,
                                            cases[i].n_to),
                        .model = "{\"type\":\"BPE\",\"unk_token\":\"?\",\"merges\":[],\"vocab\":"
                                 "{\"?\":0,\"a\":1,\"b\":2,\"c\":4}}"};
        sts_tokenizer *t = token_make(&j, false, true, &err);
        cr_assert(t, "%s: %s", cases[i].name, err.text);
        int rc = sts_tokenizer_encode(t, "xc", 2, 0, &ids, NULL, &err);
        if (cases[i].ids)
            cr_assert(!rc && !strcmp(token_show(shown, &ids), cases[i].ids), "%s: %s, not %s",
                      cases[i].name, rc ? err.text : shown, cases[i].ids);
        else
            cr_assert(rc && err.code == STS_MODEL && strstr(err.text, "points outside itself"),
                      "%s: %s", cases[i].name, rc ? err.text : "accepted");
        sts_ids_free(&ids);
        sts_tokenizer_free(t);
    }
}
