/* normal_form.c - NFD, NFC, NFKD, NFKC as of Unicode 9, the version the reference froze.
 * Decompositions and compositions come from utf8proc, less what was added after version 9. Runs of
 * marks are put in order class by class, so that 40,000 of them take no quadratic time. */
#include "token/unicode.h"

#include "core/mem.h"
#include "token/unicode_tables.h"

#include <string.h>

typedef struct mark {
    uint32_t cp;
    uint8_t class; /* canonical combining class */
} mark;

/* What is under way: marks that wait for the next starter, and, when composing, the starter that
 * may still grow with what is kept behind it. */
typedef struct former {
    sts_normal form;
    sts_text *out;
    mark *wait, *kept;
    size_t n_wait, cap_wait, n_kept, cap_kept;
    uint32_t starter;
    bool has_starter;
} former;

/* Characters whose decomposition came after Unicode 9. */
static const sts_range too_new[] = {
    {0x32ff, 0x32ff},   {0xa7f1, 0xa7f4},   {0xab69, 0xab69},   {0x105c9, 0x105e4},
    {0x10781, 0x107ba}, {0x11383, 0x113c8}, {0x11938, 0x11938}, {0x16121, 0x16128},
    {0x16d68, 0x16d6a}, {0x1ccd6, 0x1ccf9}, {0x1e030, 0x1e06d}, {0x1f16c, 0x1f16c},
    {0x1fbf0, 0x1fbf9}};

static bool is_too_new(uint32_t cp)
{
    for (size_t i = 0; i < sizeof too_new / sizeof *too_new; i++)
        if (cp >= too_new[i].first && cp <= too_new[i].last) return true;
    return false;
}

/* utf8proc's class, or 0 for what was not a mark in Unicode 9. */
static uint8_t class_of(uint32_t cp)
{
    if (cp < 0x300) return 0;
    unsigned c = (unsigned)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
    return c && sts_is_mark(cp) ? (uint8_t)c : 0;
}

static int emit(former *f, uint32_t cp)
{
    if (sts_text_room(f->out, 4)) return -1;
    f->out->n += sts_utf8_put(f->out->s + f->out->n, cp);
    return 0;
}

/* The composition of a and b, or 0. */
static uint32_t compose(uint32_t a, uint32_t b)
{
    if (b < 0x300) return 0;
    if (a >= 0x1100 && a < 0x1113 && b >= 0x1161 && b < 0x1176) /* L + V */
        return 0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28;
    if (a >= 0xac00 && a < 0xd7a4) /* LV + T */
        return (a - 0xac00) % 28 == 0 && b > 0x11a7 && b < 0x11c3 ? a + (b - 0x11a7) : 0;
    utf8proc_int32_t pair[2] = {(utf8proc_int32_t)a, (utf8proc_int32_t)b};
    utf8proc_ssize_t n = utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    return n == 1 && !is_too_new((uint32_t)pair[0]) ? (uint32_t)pair[0] : 0;
}

static int flush_starter(former *f)
{
    if (f->has_starter && emit(f, f->starter)) return -1;
    for (size_t i = 0; i < f->n_kept; i++)
        if (emit(f, f->kept[i].cp)) return -1;
    f->has_starter = false;
    f->n_kept = 0;
    return 0;
}

/* The next character in order: composed with the starter, kept behind it, or a new starter. */
static int put_ordered(former *f, mark m)
{
    if (!(f->form & STS_NFC)) return emit(f, m.cp);
    if (!f->has_starter && m.class) return emit(f, m.cp);
    /* blocked from the starter by what stands between (D115): the same or a higher class */
    bool blocked = f->n_kept && f->kept[f->n_kept - 1].class >= m.class;
    uint32_t both = f->has_starter && !blocked ? compose(f->starter, m.cp) : 0;
    if (both) {
        f->starter = both;
    } else if (m.class == 0) {
        if (flush_starter(f)) return -1;
        f->starter = m.cp;
        f->has_starter = true;
    } else {
        if (sts_grow(&f->kept, f->n_kept, &f->cap_kept, sizeof *f->kept)) return -1;
        f->kept[f->n_kept++] = m;
    }
    return 0;
}

/* The waiting marks by ascending class, in the order they came within one. */
static int flush_marks(former *f)
{
    for (unsigned class = 0; f->n_wait;) {
        unsigned next = 256;
        for (size_t i = 0; i < f->n_wait; i++)
            if (f->wait[i].class > class && f->wait[i].class < next) next = f->wait[i].class;
        if (next == 256) break;
        for (size_t i = 0; i < f->n_wait; i++)
            if (f->wait[i].class == next && put_ordered(f, f->wait[i])) return -1;
        class = next;
    }
    f->n_wait = 0;
    return 0;
}

static int put(former *f, uint32_t cp)
{
    mark m = {cp, class_of(cp)};
    if (m.class == 0) return flush_marks(f) || put_ordered(f, m) ? -1 : 0;
    if (sts_grow(&f->wait, f->n_wait, &f->cap_wait, sizeof *f->wait)) return -1;
    f->wait[f->n_wait++] = m;
    return 0;
}

static int put_decomposed(former *f, uint32_t cp)
{
    utf8proc_int32_t part[32];
    int boundary = 0;
    int options = UTF8PROC_DECOMPOSE | (f->form & STS_NFKD ? UTF8PROC_COMPAT : 0);
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, part, 32,
                                                 (utf8proc_option_t)options, &boundary);
    if (n < 1 || n > 32 || is_too_new(cp)) return put(f, cp);
    for (utf8proc_ssize_t i = 0; i < n; i++)
        if (put(f, (uint32_t)part[i])) return -1;
    return 0;
}

/* ASCII is its own form and composes with nothing before it; its last one may be a starter. */
static int put_ascii(former *f, const char *s, size_t n)
{
    if (flush_marks(f) || flush_starter(f)) return -1;
    size_t whole = f->form & STS_NFC ? n - 1 : n;
    if (sts_text_add(f->out, s, whole)) return -1;
    if (whole < n) {
        f->starter = (unsigned char)s[n - 1];
        f->has_starter = true;
    }
    return 0;
}

int sts_normal_form(sts_normal form, const char *s, size_t n, sts_text *out)
{
    former f = {.form = form, .out = out};
    int rc = 0;
    for (size_t i = 0; i < n && !rc;) {
        size_t ascii = sts_utf8_ascii(s + i, n - i);
        if (ascii) rc = put_ascii(&f, s + i, ascii);
        i += ascii;
        if (rc || i == n) break;
        uint32_t cp;
        i += sts_utf8_get(s + i, &cp);
        rc = put_decomposed(&f, cp);
    }
    if (!rc) rc = flush_marks(&f) || flush_starter(&f) ? -1 : 0;
    sts_free(f.wait);
    sts_free(f.kept);
    return rc;
}
