/* parts.c - reading chains of parts, and running them. */
#include "token/parts.h"

#include "core/limits.h"
#include "core/mem.h"
#include "core/words.h"
#include "token/unicode.h"

#include <stdio.h>
#include <string.h>

const sts_json *sts_need(const sts_json_in *in, const char *key)
{
    const sts_json *v = sts_json_get(in->object, key);
    if (v && !sts_json_is_null(v)) return v;
    sts_fail(in->err, in->code, "%s: \"%s\" is missing", in->name, key);
    return NULL;
}

int sts_need_bool(const sts_json_in *in, const char *key, bool *out)
{
    return sts_need(in, key) ? sts_json_bool(in, key, out) : -1;
}

int sts_need_text(const sts_json_in *in, const char *key, const char **out)
{
    return sts_need(in, key) ? sts_json_text(in, key, out) : -1;
}

bool sts_has_keys(const sts_json *object, const char *keys)
{
    for (size_t n; (n = sts_next_word(&keys)); keys += n) {
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)n, keys);
        const sts_json *v = sts_json_get(object, key);
        if (!v || sts_json_is_null(v)) return false;
    }
    return true;
}

int sts_refuse(const sts_json_in *in, const char *key, const char *value)
{
    return sts_fail(in->err, in->code, "%s: \"%s\": \"%.200s\" is not supported", in->name, key,
                    value);
}

/* Appends a part whose self is zeroed; NULL when memory is out. */
static sts_part *append(sts_parts *p, const sts_part_type *type, sts_err *err)
{
    if (p->n == STS_PARTS_MAX) {
        sts_fail(err, STS_MODEL, "%s: more than %d parts in a row", type->name, STS_PARTS_MAX);
        return NULL;
    }
    void *self = type->size ? sts_alloc(1, type->size) : NULL;
    if ((type->size && !self) || sts_grow(&p->v, p->n, &p->cap, sizeof *p->v)) {
        sts_free(self);
        sts_fail_memory(err, "a tokenizer");
        return NULL;
    }
    p->v[p->n] = (sts_part){type, self};
    return &p->v[p->n++];
}

int sts_parts_add(sts_parts *p, const sts_part_type *type, sts_err *err)
{
    return append(p, type, err) ? 0 : -1;
}

static int load_part(sts_parts *p, const sts_part_type *type, const sts_json_in *in)
{
    sts_part *part = append(p, type, in->err);
    if (!part) return -1;
    return type->load ? type->load(part->self, in) : 0;
}

static int load_sequence(sts_parts *p, const sts_part_type *const *known, const char *what,
                         const char *list, const sts_json_in *in)
{
    const sts_json *all = sts_need(in, list), *one;
    if (!all) return -1;
    if (!sts_json_is_array(all))
        return sts_fail(in->err, in->code, "%s: \"%s\" must be a list", in->name, list);
    int i = 0;
    sts_json_each(one, all)
    {
        char name[768];
        snprintf(name, sizeof name, "%.700s.%s[%d]", in->name, list, i++);
        sts_json_in sub = {one, name, in->code, in->err};
        if (sts_parts_load(p, known, what, list, &sub)) return -1;
    }
    return 0;
}

/* The type of a part that names none: the reference recognises some normalizers by their members,
 * and no pre-tokenizer. NULL: it is something else. */
static const char *guess_type(const sts_part_type *const *known, const char *list,
                              const sts_json *object)
{
    for (; *known; known++)
        if ((*known)->untagged && sts_has_keys(object, (*known)->untagged)) return (*known)->name;
    return !strcmp(list, "normalizers") && sts_has_keys(object, list) ? "Sequence" : NULL;
}

int sts_parts_load(sts_parts *p, const sts_part_type *const *known, const char *what,
                   const char *list, const sts_json_in *in)
{
    const char *type = NULL;
    if (!sts_json_is_object(in->object))
        return sts_fail(in->err, in->code, "%s: must be an object, a %s", in->name, what);
    if (sts_json_text(in, "type", &type)) return -1;
    if (!type) type = guess_type(known, list, in->object);
    if (!type) return sts_need_text(in, "type", &type); /* fails */
    if (!strcmp(type, "Sequence")) return load_sequence(p, known, what, list, in);
    for (; *known; known++)
        if (!strcmp((*known)->name, type)) return load_part(p, *known, in);
    return sts_refuse(in, "type", type);
}

void sts_parts_free(sts_parts *p)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->v[i].type->free) p->v[i].type->free(p->v[i].self);
        sts_free(p->v[i].self);
    }
    sts_free(p->v);
    *p = (sts_parts){0};
}

int sts_pieces_add(sts_pieces *p, sts_piece of, size_t from, size_t n)
{
    if (n == 0) return 0;
    if (p->n == p->cap && sts_grow(&p->v, p->n, &p->cap, sizeof *p->v)) return -1;
    size_t first = of.first > from ? of.first - from : 0;
    p->v[p->n++] = (sts_piece){of.at + from, n, first < n ? first : n};
    return 0;
}

void sts_first_form(const sts_text *in, const sts_text *alone, sts_text *out)
{
    size_t same = 0, n = alone->n < out->n ? alone->n : out->n;
    while (same < n && alone->s[same] == out->s[same]) same++;
    while (same > 0 && same < out->n && ((unsigned char)out->s[same] & 0xc0) == 0x80) same--;
    if (same == 0 && out->n) same = sts_utf8_len(out->s[0]);
    out->first = in->first ? same : 0;
}

/* How long a text of n bytes may become. */
static size_t limit_bytes(size_t n)
{
    return n < (SIZE_MAX - STS_GROWTH_FREE) / STS_GROWTH_RATIO
               ? n * STS_GROWTH_RATIO + STS_GROWTH_FREE
               : SIZE_MAX;
}

/* After a part has failed: was it because the text has grown too long? */
static int explain(const sts_part *p, const sts_text *to, size_t n, sts_err *err)
{
    if (!to->over) return -1;
    return sts_fail(err, STS_MODEL, "tokenizer.json: \"%s\" makes a text of %zu bytes longer than "
                    "%zu", p->type->name, n, to->limit);
}

int sts_normalize(const sts_parts *p, const char *s, size_t n, bool first, sts_text w[4],
                  const sts_text **out, sts_err *err)
{
    sts_text *from = &w[0], *to = &w[1];
    from->n = from->limit = 0;
    if (sts_text_add(from, s, n)) return sts_fail_memory(err, "a text");
    from->first = first ? sts_utf8_len(*s) : 0;
    from->limit = to->limit = limit_bytes(n);
    for (size_t i = 0; i < p->n && from->n; i++) {
        to->n = to->first = 0;
        if (p->v[i].type->normalize(p->v[i].self, from, to, &w[2], err))
            return explain(&p->v[i], to, n, err);
        sts_text *swap = from;
        from = to;
        to = swap;
    }
    *out = from;
    return 0;
}

int sts_pretokenize(const sts_parts *p, const sts_text *in, sts_piece piece, sts_pieces w[2],
                    const sts_pieces **out, sts_err *err)
{
    sts_pieces *from = &w[0], *to = &w[1];
    from->n = 0;
    from->s = in->s;
    if (sts_pieces_add(from, piece, 0, piece.n)) return sts_fail_memory(err, "a text");
    for (size_t i = 0; i < p->n; i++) {
        const sts_part_type *type = p->v[i].type;
        to->n = to->own.n = 0;
        if (!type->rewrites) { /* the text moves on with its pieces */
            sts_text own = to->own;
            to->own = from->own;
            from->own = own;
            to->s = from->s;
        }
        to->own.limit = limit_bytes(piece.n);
        if (type->split(p->v[i].self, from, to, err))
            return explain(&p->v[i], &to->own, piece.n, err);
        sts_pieces *swap = from;
        from = to;
        to = swap;
    }
    *out = from;
    return 0;
}
