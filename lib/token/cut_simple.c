/* cut_simple.c - pre-tokenizers that split by single characters: Whitespace, WhitespaceSplit,
 * Punctuation, Digits, CharDelimiterSplit, FixedLength. */
#include "token/split.h"
#include "token/unicode.h"

#include <string.h>

static int whitespace_split(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    (void)self;
    return sts_split_at(in, out, STS_REMOVED, sts_is_space, err);
}

/* \w+|[^\w\s]+ */
static int words(const char *s, sts_piece p, sts_pieces *out)
{
    size_t from = 0, k;
    int last = 0; /* 0: white space, 1: word, 2: other */
    for (size_t i = 0; i < p.n; i += k) {
        uint32_t cp;
        k = sts_utf8_get(s + i, &cp);
        int kind = sts_is_word(cp) ? 1 : sts_is_space(cp) ? 0 : 2;
        if (kind == last) continue;
        if (last && sts_pieces_add(out, p, from, i - from)) return -1;
        last = kind;
        from = i;
    }
    return last ? sts_pieces_add(out, p, from, p.n - from) : 0;
}

static int whitespace(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    (void)self;
    for (size_t i = 0; i < in->n; i++)
        if (words(in->s + in->v[i].at, in->v[i], out)) return sts_fail_memory(err, "a text");
    return 0;
}

static int load_punctuation(void *self, const sts_json_in *in)
{
    sts_behavior *b = self;
    *b = STS_ISOLATED;
    return sts_json_get(in->object, "behavior") ? sts_behavior_load(in, b) : 0;
}

static int punctuation(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    return sts_split_at(in, out, *(const sts_behavior *)self, sts_is_punct, err);
}

static int load_digits(void *self, const sts_json_in *in)
{
    bool each = false;
    if (sts_need_bool(in, "individual_digits", &each)) return -1;
    *(sts_behavior *)self = each ? STS_ISOLATED : STS_CONTIGUOUS;
    return 0;
}

static int digits(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    return sts_split_at(in, out, *(const sts_behavior *)self, sts_is_numeric, err);
}

/* A text of exactly one character; *n its bytes. */
static int load_character(const sts_json_in *in, const char *key, char out[4], size_t *n)
{
    const char *s = NULL;
    if (sts_need_text(in, key, &s)) return -1;
    *n = *s ? sts_utf8_len(*s) : 0;
    if (*n == 0 || s[*n])
        return sts_fail(in->err, in->code, "%s: \"%s\" must be one character", in->name, key);
    memcpy(out, s, *n);
    return 0;
}

typedef struct delimiter {
    char s[4];
    size_t n;
} delimiter;

static int load_delimiter(void *self, const sts_json_in *in)
{
    delimiter *d = self;
    return load_character(in, "delimiter", d->s, &d->n);
}

static int char_delimiter(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    const delimiter *d = self;
    for (size_t p = 0; p < in->n; p++) {
        const char *s = in->s + in->v[p].at;
        size_t n = in->v[p].n, from = 0;
        for (size_t i = 0; i + d->n <= n; i++) {
            if (memcmp(s + i, d->s, d->n)) continue;
            if (sts_pieces_add(out, in->v[p], from, i - from))
                return sts_fail_memory(err, "a text");
            from = i + d->n;
        }
        if (sts_pieces_add(out, in->v[p], from, n - from)) return sts_fail_memory(err, "a text");
    }
    return 0;
}

static int load_length(void *self, const sts_json_in *in)
{
    int64_t *length = self;
    *length = 5;
    return sts_json_int(in, "length", 1, INT32_MAX, length);
}

static int fixed_length(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    const int64_t length = *(const int64_t *)self;
    for (size_t p = 0; p < in->n; p++) {
        const char *s = in->s + in->v[p].at;
        size_t n = in->v[p].n, from = 0;
        int64_t count = 0;
        for (size_t i = 0; i < n;) {
            i += sts_utf8_len(s[i]);
            if (++count < length && i < n) continue;
            if (sts_pieces_add(out, in->v[p], from, i - from))
                return sts_fail_memory(err, "a text");
            from = i;
            count = 0;
        }
    }
    return 0;
}

const sts_part_type sts_pretokenizer_whitespace = {.name = "Whitespace", .split = whitespace};
const sts_part_type sts_pretokenizer_whitespace_split = {.name = "WhitespaceSplit",
                                                         .split = whitespace_split};
const sts_part_type sts_pretokenizer_punctuation = {.name = "Punctuation",
                                                    .size = sizeof(sts_behavior),
                                                    .load = load_punctuation,
                                                    .split = punctuation};
const sts_part_type sts_pretokenizer_digits = {
    .name = "Digits", .size = sizeof(sts_behavior), .load = load_digits, .split = digits};
const sts_part_type sts_pretokenizer_delimiter = {.name = "CharDelimiterSplit",
                                                  .size = sizeof(delimiter),
                                                  .load = load_delimiter,
                                                  .split = char_delimiter};
const sts_part_type sts_pretokenizer_fixed_length = {
    .name = "FixedLength", .size = sizeof(int64_t), .load = load_length, .split = fixed_length};
