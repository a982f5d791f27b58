/* charsmap.c - Precompiled: sentencepiece's replacement table. The blob is the trie's size in bytes
 * (u32, little-endian), the trie as a double array of u32, then the replacements, NUL-terminated;
 * the trie maps to offsets of those. https://github.com/google/sentencepiece, normalizer.cc */
#include "core/base64.h"
#include "core/mem.h"
#include "token/parts.h"
#include "token/unicode.h"

#include <string.h>

typedef struct charsmap {
    uint32_t *unit;
    size_t n_unit;
    char *to; /* replacements */
    size_t n_to;
} charsmap;

/* ---- loading ---- */

static uint32_t u32(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int parse(charsmap *c, const unsigned char *blob, size_t n, const sts_json_in *in)
{
    size_t bytes = n >= 4 ? u32(blob) : 0;
    c->n_unit = bytes / 4;
    if (c->n_unit == 0 || c->n_unit > (n - 4) / 4)
        return sts_fail(in->err, in->code,
                        "%s: \"precompiled_charsmap\": a trie of %zu bytes in %zu", in->name, bytes,
                        n);
    c->n_to = n - 4 - c->n_unit * 4;
    c->unit = sts_alloc(c->n_unit, sizeof *c->unit);
    c->to = sts_alloc(c->n_to, 1);
    if (!c->unit || !c->to) return sts_fail_memory(in->err, in->name);
    for (size_t i = 0; i < c->n_unit; i++) c->unit[i] = u32(blob + 4 + 4 * i);
    memcpy(c->to, blob + 4 + 4 * c->n_unit, c->n_to);
    if (sts_utf8_valid(c->to, c->n_to) == c->n_to) return 0;
    return sts_fail(in->err, in->code,
                    "%s: \"precompiled_charsmap\": the replacements are not UTF-8", in->name);
}

static int load(void *self, const sts_json_in *in)
{
    const char *s = NULL;
    if (sts_need_text(in, "precompiled_charsmap", &s)) return -1;
    size_t n = strlen(s);
    unsigned char *blob = sts_alloc(n / 4 * 3 + 3, 1);
    if (!blob) return sts_fail_memory(in->err, in->name);
    long size = sts_base64(s, n, blob);
    int rc = size >= 0 ? parse(self, blob, (size_t)size, in)
                       : sts_fail(in->err, in->code, "%s: \"precompiled_charsmap\" is not base 64",
                                  in->name);
    sts_free(blob);
    return rc;
}

static void release(void *self)
{
    charsmap *c = self;
    sts_free(c->unit);
    sts_free(c->to);
}

/* ---- running ---- */

/* The replacement of the shortest prefix of s[n] that has one. 1: *to; 0: none; -1: the table
 * points outside itself. A unit is value or offset, label, leaf flag, packed as in darts-clone. */
static int look_up(const charsmap *c, const char *s, size_t n, sts_str *to)
{
    size_t at = 0;
    uint32_t unit = c->unit[0];
    at ^= (size_t)(unit >> 10) << ((unit & 1u << 9) >> 6);
    for (size_t i = 0; i < n && s[i]; i++) {
        unsigned char byte = (unsigned char)s[i];
        at ^= byte;
        if (at >= c->n_unit) return -1;
        unit = c->unit[at];
        if ((unit & (1u << 31 | 0xff)) != byte) return 0;
        at ^= (size_t)(unit >> 10) << ((unit & 1u << 9) >> 6);
        if (!(unit >> 8 & 1)) continue;
        size_t from = at < c->n_unit ? c->unit[at] & ~(1u << 31) : SIZE_MAX;
        if (from > c->n_to || (from < c->n_to && ((unsigned char)c->to[from] & 0xc0) == 0x80))
            return -1;
        const char *end = memchr(c->to + from, 0, c->n_to - from);
        *to = (sts_str){c->to + from, end ? (size_t)(end - c->to) - from : c->n_to - from};
        return 1;
    }
    return 0;
}

/* A cluster of fewer than six bytes as a whole, else its characters one by one. */
static int put_cluster(const charsmap *c, const char *s, size_t n, sts_text *out, sts_err *err)
{
    sts_str to;
    int hit = n < 6 ? look_up(c, s, n, &to) : 0;
    size_t step = hit ? n : 0;
    for (size_t i = 0; i < n && hit >= 0; i += step) {
        if (!step || i) {
            step = sts_utf8_len(s[i]);
            hit = look_up(c, s + i, step, &to);
        }
        if (hit == 0) to = (sts_str){s + i, step};
        if (hit >= 0 && sts_text_add(out, to.s, to.n)) return sts_fail_memory(err, "a text");
    }
    if (hit >= 0) return 0;
    return sts_fail(err, STS_MODEL, "the tokenizer's precompiled_charsmap points outside itself");
}

static int normalize(const void *self, const sts_text *in, sts_text *out, sts_text *spare,
                     sts_err *err)
{
    (void)spare;
    for (size_t i = 0, k; i < in->n; i += k) {
        k = sts_grapheme(in->s + i, in->n - i);
        sts_first_mark(in, i, out);
        if (put_cluster(self, in->s + i, k, out, err)) return -1;
    }
    sts_first_mark(in, in->n, out);
    if (in->first && !out->first) out->first = out->n ? sts_utf8_len(out->s[0]) : 0;
    return 0;
}

const sts_part_type sts_normalizer_precompiled = {.name = "Precompiled",
                                                  .size = sizeof(charsmap),
                                                  .load = load,
                                                  .free = release,
                                                  .normalize = normalize};
