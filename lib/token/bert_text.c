/* bert_text.c - BERT's basic tokenization: BertNormalizer and BertPreTokenizer. */
#include "token/parts.h"
#include "token/unicode.h"

typedef sts_bert_rules bert;

static int load(void *self, const sts_json_in *in)
{
    bert *b = self;
    if (sts_need_bool(in, "clean_text", &b->clean) ||
        sts_need_bool(in, "handle_chinese_chars", &b->cjk) ||
        sts_need_bool(in, "lowercase", &b->lower))
        return -1;
    b->strip = b->lower; /* null: as lowercase */
    return sts_json_bool(in, "strip_accents", &b->strip);
}

/* ASCII: the accents and CJK have no say. */
static void ascii(const bert *b, const char *s, size_t n, sts_text *out)
{
    char *o = out->s + out->n;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (b->clean && (c < ' ' || c == 0x7f)) {
            if (c != '\t' && c != '\n' && c != '\r') continue;
            c = ' ';
        }
        *o++ = b->lower && c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    out->n = (size_t)(o - out->s);
}

/* Controls out, white space to blanks, blanks around CJK. */
static int clean(const bert *b, const sts_text *in, sts_text *out)
{
    size_t k = 0;
    for (size_t i = 0; i < in->n; i += k) {
        uint32_t cp;
        k = sts_utf8_get(in->s + i, &cp);
        sts_first_mark(in, i, out);
        if (sts_text_room(out, 6)) return -1;
        if (b->clean && sts_is_control(cp)) continue;
        bool alone = b->cjk && sts_is_cjk(cp);
        if (alone) out->s[out->n++] = ' ';
        out->n += sts_utf8_put(out->s + out->n, b->clean && sts_is_space(cp) ? ' ' : cp);
        if (alone) out->s[out->n++] = ' ';
    }
    sts_first_mark(in, in->n, out);
    return 0;
}

/* NFD without accents; the lower case of each character. */
static int fold(const bert *b, const sts_text *from, sts_text *spare, sts_text *out)
{
    if (b->strip) {
        spare->n = 0;
        if (sts_normal_form(STS_NFD, from->s, from->first, out) ||
            sts_normal_form(STS_NFD, from->s, from->n, spare))
            return -1;
        sts_first_form(from, out, spare);
        out->n = 0;
        from = spare;
    }
    for (size_t i = 0, k; i < from->n; i += k) {
        uint32_t cp, low[2];
        k = sts_utf8_get(from->s + i, &cp);
        sts_first_mark(from, i, out);
        if (sts_text_room(out, 8)) return -1;
        if (b->strip && sts_is_accent(cp)) continue;
        int n = b->lower ? sts_lower(cp, low) : (low[0] = cp, 1);
        for (int j = 0; j < n; j++) out->n += sts_utf8_put(out->s + out->n, low[j]);
    }
    sts_first_mark(from, from->n, out);
    return 0;
}

static int normalize(const void *self, const sts_text *in, sts_text *out, sts_text *spare,
                     sts_err *err)
{
    const bert *b = self;
    int rc = 0;
    if (sts_utf8_ascii(in->s, in->n) == in->n) {
        rc = sts_text_room(out, in->n);
        if (!rc) ascii(b, in->s, in->first, out);
        out->first = out->n;
        if (!rc) ascii(b, in->s + in->first, in->n - in->first, out);
    } else {
        spare[0].n = spare[0].first = 0;
        rc = clean(b, in, &spare[0]) || fold(b, &spare[0], &spare[1], out);
    }
    return rc ? sts_fail_memory(err, "a text") : 0;
}

/* White space out, punctuation by itself. */
static int cut(const char *s, sts_piece p, sts_pieces *out)
{
    size_t from = 0, k;
    for (size_t i = 0; i < p.n; i += k) {
        uint32_t cp;
        k = sts_utf8_get(s + i, &cp);
        bool space = sts_is_space(cp);
        if (!space && !sts_is_punct(cp)) continue;
        if (sts_pieces_add(out, p, from, i - from)) return -1;
        if (!space && sts_pieces_add(out, p, i, k)) return -1;
        from = i + k;
    }
    return sts_pieces_add(out, p, from, p.n - from);
}

static int split(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err)
{
    (void)self;
    for (size_t i = 0; i < in->n; i++)
        if (cut(in->s + in->v[i].at, in->v[i], out)) return sts_fail_memory(err, "a text");
    return 0;
}

const sts_part_type sts_normalizer_bert = {
    .name = "BertNormalizer", .untagged = "clean_text handle_chinese_chars lowercase",
    .size = sizeof(bert), .load = load, .normalize = normalize};
const sts_part_type sts_pretokenizer_bert = {.name = "BertPreTokenizer", .split = split};

bool sts_bert_rules_of(const sts_parts *p, sts_bert_rules *rules)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->v[i].type != &sts_normalizer_bert) continue;
        *rules = *(const bert *)p->v[i].self;
        return true;
    }
    return false;
}
