/* replace_split.c - the parts with patterns: the normalizer Replace and the pre-tokenizer Split. */
#include "core/mem.h"
#include "token/pattern.h"
#include "token/split.h"

#include <string.h>

/* ---- Replace ---- */

typedef struct replace {
    sts_pattern *pattern;
    char *content;
} replace;

static int load_replace(void *self, const sts_json_in *in)
{
    replace *r = self;
    const char *content = NULL;
    if (sts_need_text(in, "content", &content)) return -1;
    r->pattern = sts_pattern_load(in);
    if (!r->pattern) return -1;
    if (sts_pattern_empty(r->pattern))
        return sts_fail(in->err, in->code,
                        "%s: \"pattern\" may match nothing, and so insert text: that "
                        "is not supported",
                        in->name);
    r->content = sts_strdup(content);
    return r->content ? 0 : sts_fail_memory(in->err, in->name);
}

static void free_replace(void *self)
{
    replace *r = self;
    sts_pattern_free(r->pattern);
    sts_free(r->content);
}

/* Copies what is between matches. */
static int copy(const sts_text *in, size_t from, size_t to, sts_text *out)
{
    size_t before = out->n;
    if (sts_text_add(out, in->s + from, to - from)) return -1;
    if (in->first > from) out->first = before + (in->first < to ? in->first : to) - from;
    return 0;
}

/* Puts the content in the place of a match; it belongs to the last character of that. */
static int put(const replace *r, const sts_text *in, size_t from, size_t to, sts_text *out)
{
    if (sts_text_add(out, r->content, strlen(r->content))) return -1;
    size_t last = to - 1;
    while (last > from && ((unsigned char)in->s[last] & 0xc0) == 0x80) last--;
    if (last < in->first) out->first = out->n;
    return 0;
}

static int replace_all(const replace *r, const sts_text *in, sts_text *out, sts_find *f,
                       sts_err *err)
{
    size_t at = 0, from, to;
    int rc;
    while ((rc = sts_find_next(f, &from, &to, err)) > 0) {
        if (copy(in, at, from, out) || put(r, in, from, to, out))
            return sts_fail_memory(err, "a text");
        at = to;
    }
    if (rc < 0) return -1;
    return copy(in, at, in->n, out) ? sts_fail_memory(err, "a text") : 0;
}

static int normalize(const void *self, const sts_text *in, sts_text *out, sts_text *spare,
                     sts_err *err)
{
    const replace *r = self;
    (void)spare;
    sts_find f;
    int rc = sts_find_start(&f, r->pattern, in->s, in->n, err);
    if (!rc) rc = replace_all(r, in, out, &f, err);
    sts_find_done(&f);
    return rc;
}

/* ---- Split ---- */

typedef struct cutter {
    sts_pattern *pattern;
    sts_behavior behavior;
    bool invert;
} cutter;

static int load_split(void *self, const sts_json_in *in)
{
    cutter *c = self;
    if (sts_behavior_load(in, &c->behavior) || sts_need_bool(in, "invert", &c->invert)) return -1;
    c->pattern = sts_pattern_load(in);
    return c->pattern ? 0 : -1;
}

static void free_split(void *self)
{
    sts_pattern_free(((cutter *)self)->pattern);
}

static int cut(const cutter *c, sts_split *to, sts_find *f, sts_err *err)
{
    size_t at = 0, from, end;
    int rc;
    while ((rc = sts_find_next(f, &from, &end, err)) > 0) {
        if ((at < from && sts_split_add(to, at, from, c->invert)) ||
            sts_split_add(to, from, end, !c->invert))
            return sts_fail_memory(err, "a text");
        at = end;
    }
    if (rc < 0) return -1;
    if (at < to->piece.n && sts_split_add(to, at, to->piece.n, c->invert))
        return sts_fail_memory(err, "a text");
    return sts_split_end(to) ? sts_fail_memory(err, "a text") : 0;
}

static int split(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    const cutter *c = self;
    for (size_t i = 0; i < in->n; i++) {
        sts_find f;
        sts_split to = {.out = out, .piece = in->v[i], .behavior = c->behavior};
        int rc = sts_find_start(&f, c->pattern, in->s + in->v[i].at, in->v[i].n, err);
        if (!rc) rc = cut(c, &to, &f, err);
        sts_find_done(&f);
        if (rc) return -1;
    }
    return 0;
}

const sts_part_type sts_normalizer_replace = {.name = "Replace",
                                              .untagged = "pattern content",
                                              .size = sizeof(replace),
                                              .load = load_replace,
                                              .free = free_replace,
                                              .normalize = normalize};
const sts_part_type sts_pretokenizer_split = {.name = "Split",
                                              .size = sizeof(cutter),
                                              .load = load_split,
                                              .free = free_split,
                                              .split = split};
