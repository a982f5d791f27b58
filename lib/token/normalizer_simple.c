/* normalizer_simple.c - normalizers of single characters: the normal forms, Lowercase,
 * StripAccents, Nmt, Strip, Prepend. */
#include "token/parts.h"
#include "token/unicode.h"

#include "core/mem.h"

#include <string.h>

/* ---- normal forms ---- */

static int form(sts_normal f, const sts_text *in, sts_text *out, sts_text *spare, sts_err *err)
{
    spare->n = 0; /* what the first character alone becomes */
    if (sts_normal_form(f, in->s, in->first, spare) || sts_normal_form(f, in->s, in->n, out))
        return sts_fail_memory(err, "a text");
    sts_first_form(in, spare, out);
    return 0;
}

#define FORM(name)                                                                                 \
    static int name(const void *self, const sts_text *in, sts_text *out, sts_text *spare,          \
                    sts_err *err)                                                                  \
    {                                                                                              \
        (void)self;                                                                                \
        return form(STS_##name, in, out, spare, err);                                              \
    }
FORM(NFC)
FORM(NFD)
FORM(NFKC)
FORM(NFKD)

/* ---- each character by itself ---- */

/* Writes what `map` makes of each character: none to two others. */
static int map_text(const sts_text *in, sts_text *out, int (*map)(uint32_t, uint32_t[2]),
                    sts_err *err)
{
    for (size_t i = 0, k; i < in->n; i += k) {
        uint32_t cp, to[2];
        k = sts_utf8_get(in->s + i, &cp);
        sts_first_mark(in, i, out);
        if (sts_text_room(out, 8)) return sts_fail_memory(err, "a text");
        int n = map(cp, to);
        for (int j = 0; j < n; j++) out->n += sts_utf8_put(out->s + out->n, to[j]);
    }
    sts_first_mark(in, in->n, out);
    return 0;
}

static int without_marks(uint32_t cp, uint32_t out[2])
{
    out[0] = cp;
    return !sts_is_mark(cp);
}

/* sentencepiece's nmt rules: ASCII controls out, other kinds of blanks to blanks. */
static int nmt_character(uint32_t cp, uint32_t out[2])
{
    if ((cp >= 1 && cp <= 8) || cp == 0xb || (cp >= 0xe && cp <= 0x1f) || cp == 0x7f ||
        cp == 0x8f || cp == 0x9f)
        return 0;
    bool blank = cp == 9 || cp == 0xa || cp == 0xc || cp == 0xd || cp == 0x1680 ||
                 (cp >= 0x200b && cp <= 0x200f) || cp == 0x2028 || cp == 0x2029 || cp == 0x2581 ||
                 cp == 0xfeff || cp == 0xfffd;
    out[0] = blank ? ' ' : cp;
    return 1;
}

#define MAP(name, map)                                                                             \
    static int name(const void *self, const sts_text *in, sts_text *out, sts_text *spare,          \
                    sts_err *err)                                                                  \
    {                                                                                              \
        (void)self;                                                                                \
        (void)spare;                                                                               \
        return map_text(in, out, map, err);                                                        \
    }
MAP(lowercase, sts_lower)
MAP(strip_accents, without_marks)
MAP(nmt, nmt_character)

/* ---- the ends ---- */

typedef struct ends {
    bool left, right;
} ends;

static int load_strip(void *self, const sts_json_in *in)
{
    ends *e = self;
    if (sts_need_bool(in, "strip_left", &e->left)) return -1;
    return sts_need_bool(in, "strip_right", &e->right);
}

static int strip(const void *self, const sts_text *in, sts_text *out, sts_text *spare, sts_err *err)
{
    const ends *e = self;
    (void)spare;
    uint32_t cp;
    size_t from = 0, to = in->n, k;
    while (e->left && from < to && (k = sts_utf8_get(in->s + from, &cp), sts_is_space(cp)))
        from += k;
    while (e->right && to > from) {
        size_t before = to - 1;
        while (before > from && ((unsigned char)in->s[before] & 0xc0) == 0x80) before--;
        sts_utf8_get(in->s + before, &cp);
        if (!sts_is_space(cp)) break;
        to = before;
    }
    out->first = in->first > from ? in->first - from : 0;
    return sts_text_add(out, in->s + from, to - from) ? sts_fail_memory(err, "a text") : 0;
}

typedef struct prefix {
    char *s;
} prefix;

static int load_prepend(void *self, const sts_json_in *in)
{
    const char *s = NULL;
    if (sts_need_text(in, "prepend", &s)) return -1;
    ((prefix *)self)->s = sts_strdup(s);
    return ((prefix *)self)->s ? 0 : sts_fail_memory(in->err, in->name);
}

static void free_prepend(void *self)
{
    sts_free(((prefix *)self)->s);
}

static int prepend(const void *self, const sts_text *in, sts_text *out, sts_text *spare,
                   sts_err *err)
{
    const char *s = ((const prefix *)self)->s;
    (void)spare;
    if (sts_text_add(out, s, strlen(s)) || sts_text_add(out, in->s, in->n))
        return sts_fail_memory(err, "a text");
    out->first = in->first ? in->first + strlen(s) : 0;
    return 0;
}

const sts_part_type sts_normalizer_nfc = {.name = "NFC", .normalize = NFC};
const sts_part_type sts_normalizer_nfd = {.name = "NFD", .normalize = NFD};
const sts_part_type sts_normalizer_nfkc = {.name = "NFKC", .normalize = NFKC};
const sts_part_type sts_normalizer_nfkd = {.name = "NFKD", .normalize = NFKD};
const sts_part_type sts_normalizer_lowercase = {.name = "Lowercase", .normalize = lowercase};
const sts_part_type sts_normalizer_strip_accents = {.name = "StripAccents",
                                                    .normalize = strip_accents};
const sts_part_type sts_normalizer_nmt = {.name = "Nmt", .normalize = nmt};
const sts_part_type sts_normalizer_strip = {
    .name = "Strip", .untagged = "strip_left strip_right",
    .size = sizeof(ends), .load = load_strip, .normalize = strip};
const sts_part_type sts_normalizer_prepend = {.name = "Prepend",
                                              .untagged = "prepend",
                                              .size = sizeof(prefix),
                                              .load = load_prepend,
                                              .free = free_prepend,
                                              .normalize = prepend};
