/* byte_level.c - GPT-2's byte-level text: cut into words, then a visible character for each byte.
 * ByteLevel is a normalizer (the characters alone) and a pre-tokenizer. */
#include "token/parts.h"
#include "token/unicode.h"

typedef struct byte_level {
    bool prefix, regex;
} byte_level;

/* The character that stands for a byte: itself if it is visible, else one from U+0100 on. */
static uint32_t shown(unsigned char b)
{
    if (b <= 32) return 256u + b;
    if (b >= 127 && b <= 160) return 256u + 33 + (b - 127u);
    return b == 173 ? 256u + 67 : b;
}

static int show(sts_text *out, const char *s, size_t n)
{
    if (n > SIZE_MAX / 4 || sts_text_room(out, 2 * n)) return -1;
    for (size_t i = 0; i < n; i++)
        out->n += sts_utf8_put(out->s + out->n, shown((unsigned char)s[i]));
    return 0;
}

/* ---- the normalizer ---- */

static int normalize(const void *self, const sts_text *in, sts_text *out, sts_text *spare,
                     sts_err *err)
{
    (void)self;
    (void)spare;
    if (show(out, in->s, in->first)) return sts_fail_memory(err, "a text");
    out->first = out->n;
    if (show(out, in->s + in->first, in->n - in->first)) return sts_fail_memory(err, "a text");
    return 0;
}

/* ---- the pre-tokenizer ---- */

static int load(void *self, const sts_json_in *in)
{
    byte_level *b = self;
    b->regex = true;
    if (sts_need_bool(in, "add_prefix_space", &b->prefix)) return -1;
    return sts_json_bool(in, "use_regex", &b->regex);
}

/* 's 't 're 've 'm 'll 'd at s: their length, or 0. */
static size_t contraction(const char *s, size_t n)
{
    if (n < 2 || s[0] != '\'') return 0;
    char a = s[1], b = n > 2 ? s[2] : 0;
    if (a == 's' || a == 't' || a == 'm' || a == 'd') return 2;
    return (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
}

typedef enum { SPACE, LETTER, NUMBER, OTHER } kind;

static kind kind_at(const char *s, size_t *k)
{
    uint32_t cp;
    *k = sts_utf8_get(s, &cp);
    return sts_is_letter(cp)   ? LETTER
           : sts_is_space(cp)  ? SPACE
           : sts_is_number(cp) ? NUMBER
                               : OTHER;
}

/* The end of the run of one kind that starts at s[i]; *last is where its last character starts. */
static size_t run_end(const char *s, size_t n, size_t i, kind what, size_t *last)
{
    size_t k;
    while (i < n && kind_at(s + i, &k) == what) {
        *last = i;
        i += k;
    }
    return i;
}

/* The end of the word at s[0], a match of
 *   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * with `blank` as if a blank stood before s. */
static size_t word_end(const char *s, size_t n, bool blank)
{
    size_t k, last = 0, skip = !blank && s[0] == ' ';
    size_t short_form = blank ? 0 : contraction(s, n);
    if (short_form) return short_form;
    kind what = skip < n ? kind_at(s + skip, &k) : SPACE;
    if (what != SPACE) return run_end(s, n, skip, what, &last);
    /* white space: all of it at the end of the text, else without its last character, which
     * belongs to the next word; unless it is the only one */
    size_t end = run_end(s, n, 0, SPACE, &last);
    return end == n || (last == 0 && !blank) ? end : last;
}

static int cut(const byte_level *b, const char *s, sts_piece p, sts_pieces *out)
{
    bool blank = b->prefix && *s != ' ';
    for (size_t i = 0; i < p.n;) { /* a piece is not empty */
        sts_text *own = &out->own;
        size_t end = b->regex ? i + word_end(s + i, p.n - i, blank) : p.n;
        sts_piece now = {.at = own->n};
        if ((blank && show(own, " ", 1)) || show(own, s + i, end - i)) return -1;
        now.n = own->n - now.at;
        now.first = i < p.first ? now.n : 0;
        if (sts_pieces_add(out, now, 0, now.n)) return -1;
        blank = false;
        i = end;
    }
    return 0;
}

static int split(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    for (size_t i = 0; i < in->n; i++)
        if (cut(self, in->s + in->v[i].at, in->v[i], out)) return sts_fail_memory(err, "a text");
    out->s = out->own.s;
    return 0;
}

const sts_part_type sts_normalizer_byte_level = {.name = "ByteLevel", .normalize = normalize};
const sts_part_type sts_pretokenizer_byte_level = {.name = "ByteLevel",
                                                   .size = sizeof(byte_level),
                                                   .load = load,
                                                   .split = split,
                                                   .rewrites = true};
