/* metaspace.c - Metaspace: blanks become a visible character, words start with it. */
#include "token/split.h"
#include "token/tokenizer_parts.h"
#include "token/unicode.h"

#include <string.h>

typedef struct metaspace {
    char s[4]; /* the replacement */
    size_t n;
    enum { ALWAYS, FIRST, NEVER } prepend;
    bool split;
} metaspace;

static int load_scheme(metaspace *m, const sts_json_in *in)
{
    const char *scheme = "always";
    bool prefix = true;
    if (sts_json_text(in, "prepend_scheme", &scheme) ||
        sts_json_bool(in, "add_prefix_space", &prefix))
        return -1;
    if (!strcmp(scheme, "always")) m->prepend = ALWAYS;
    else if (!strcmp(scheme, "first")) m->prepend = FIRST;
    else if (!strcmp(scheme, "never")) m->prepend = NEVER;
    else return sts_refuse(in, "prepend_scheme", scheme);
    if (prefix || m->prepend == NEVER) return 0;
    return sts_fail(in->err, in->code, "%s: \"add_prefix_space\": false contradicts "
                    "\"prepend_scheme\": \"%s\"", in->name, scheme);
}

static int load(void *self, const sts_json_in *in)
{
    metaspace *m = self;
    const char *s = NULL;
    m->split = true;
    if (sts_need_text(in, "replacement", &s) || load_scheme(m, in) ||
        sts_json_bool(in, "split", &m->split))
        return -1;
    m->n = *s ? sts_utf8_len(*s) : 0;
    if (m->n == 0 || s[m->n])
        return sts_fail(in->err, in->code, "%s: \"replacement\" must be one character", in->name);
    memcpy(m->s, s, m->n);
    return 0;
}

bool sts_metaspace_standard(const void *self)
{
    const metaspace *m = self;
    return !memcmp(m->s, "\xe2\x96\x81", 3) && m->prepend == ALWAYS && m->split;
}

/* Writes a piece with its blanks replaced and what goes in front; gives its new place. */
static int rewrite(const metaspace *m, const char *s, sts_piece p, sts_text *own, sts_piece *now)
{
    bool starts = *s == ' ' || (p.n >= m->n && !memcmp(s, m->s, m->n));
    bool prepend = !starts && (m->prepend == ALWAYS || (m->prepend == FIRST && p.first));
    if (p.n > SIZE_MAX / 8 || sts_text_room(own, m->n * (p.n + 1))) return -1;
    now->at = own->n;
    now->first = 0;
    if (prepend && sts_text_add(own, m->s, m->n)) return -1;
    for (size_t i = 0; i < p.n; i++) {
        if (s[i] == ' ') {
            memcpy(own->s + own->n, m->s, m->n);
            own->n += m->n;
        } else {
            own->s[own->n++] = s[i];
        }
        if (i < p.first) now->first = own->n - now->at;
    }
    now->n = own->n - now->at;
    return 0;
}

/* Each replacement starts a piece. */
static int cut(const metaspace *m, const char *s, sts_piece p, sts_pieces *out)
{
    size_t from = 0;
    for (size_t i = 0; m->split && i + m->n <= p.n; i++) {
        if (memcmp(s + i, m->s, m->n)) continue;
        if (sts_pieces_add(out, p, from, i - from)) return -1;
        from = i;
        i += m->n - 1;
    }
    return sts_pieces_add(out, p, from, p.n - from);
}

static int split(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    const metaspace *m = self;
    for (size_t i = 0; i < in->n; i++) {
        sts_piece now;
        if (rewrite(m, in->s + in->v[i].at, in->v[i], &out->own, &now) ||
            cut(m, out->own.s + now.at, now, out))
            return sts_fail_memory(err, "a text");
    }
    out->s = out->own.s;
    return 0;
}

const sts_part_type sts_pretokenizer_metaspace = {.name = "Metaspace",
                                                  .size = sizeof(metaspace),
                                                  .load = load,
                                                  .split = split,
                                                  .rewrites = true};
