/* parts.h - what the stages of a tokenizer are made of: normalizers turn a text into another one,
 * pre-tokenizers cut it into pieces (and may rewrite it). A new one is a file with a descriptor at
 * its end and a line in normalizer_list.h or pretokenizer_list.h. */
#ifndef STS_TOKEN_PARTS_H
#define STS_TOKEN_PARTS_H

#include "core/json.h"
#include "token/textbuf.h"

/* A stretch of the text; `first` of its leading bytes come from the input's first character. */
typedef struct sts_piece {
    size_t at, n, first;
} sts_piece;

typedef struct sts_pieces {
    const char *s; /* what the pieces are of */
    sts_text own;  /* memory for it; s may point elsewhere */
    sts_piece *v;
    size_t n, cap;
} sts_pieces;

/* Adds the n bytes from `from` on of a piece, unless n is 0. 0, or -1 when memory is out. */
int sts_pieces_add(sts_pieces *p, sts_piece of, size_t from, size_t n);

typedef struct sts_part_type {
    const char *name; /* its "type" in tokenizer.json */
    const char *untagged; /* members that stand for a "type" left out; NULL: it is required */
    size_t size;      /* of self, which is zeroed before load; 0: none */
    /* Reads in->object; in->name names file and place. NULL: nothing to read. */
    int (*load)(void *self, const sts_json_in *in);
    void (*free)(void *self); /* what self owns; NULL: nothing */
    /* A normalizer: appends to the empty `out` and sets out->first. spare[2] are free to use. */
    int (*normalize)(const void *self, const sts_text *in, sts_text *out, sts_text *spare,
                     sts_err *err);
    /* A pre-tokenizer: adds to the empty `out`. Unless it rewrites, out->s is set already;
     * if it does, it fills out->own and sets out->s in the end. */
    int (*split)(const void *self, const sts_pieces *in, sts_pieces *out, sts_err *err);
    bool rewrites;
} sts_part_type;

typedef struct sts_part {
    const sts_part_type *type;
    void *self;
} sts_part;

/* A chain of them; zero-initialised is empty. */
typedef struct sts_parts {
    sts_part *v;
    size_t n, cap;
} sts_parts;

/* Appends the part in->object describes, or those of a Sequence, which lists them under `list`.
 * `known` ends with NULL; `what` is "normalizer" or "pre_tokenizer", for messages. */
int sts_parts_load(sts_parts *p, const sts_part_type *const *known, const char *what,
                   const char *list, const sts_json_in *in);
/* Appends a part that reads nothing. */
int sts_parts_add(sts_parts *p, const sts_part_type *type, sts_err *err);
void sts_parts_free(sts_parts *p);

/* What a BertNormalizer does; false: none is among the parts. */
typedef struct sts_bert_rules {
    bool clean, cjk, strip, lower;
} sts_bert_rules;
bool sts_bert_rules_of(const sts_parts *p, sts_bert_rules *rules);

extern const sts_part_type sts_normalizer_lowercase; /* for do_lower_case */

extern const sts_part_type *const sts_normalizers[], *const sts_pretokenizers[];

/* Runs the chain over text[n], n > 0; *out is one of w[0], w[1]. */
int sts_normalize(const sts_parts *p, const char *s, size_t n, bool first, sts_text w[4],
                  const sts_text **out, sts_err *err);
/* Runs the chain over `in`; *out is one of w[0], w[1]. */
int sts_pretokenize(const sts_parts *p, const sts_text *in, sts_piece piece, sts_pieces w[2],
                    const sts_pieces **out, sts_err *err);

/* Marks how far out reaches for the input's first character; call before each character at
 * position `at` of in, and at its end. */
static inline void sts_first_mark(const sts_text *in, size_t at, sts_text *out)
{
    if (at <= in->first) out->first = out->n;
}

/* The same for normal forms, where characters join and trade places: `alone` is what the first
 * character by itself becomes. At least the first character of out counts, unless it is cut off. */
void sts_first_form(const sts_text *in, const sts_text *alone, sts_text *out);

/* Getters that fail when the key is absent. */
int sts_need_bool(const sts_json_in *in, const char *key, bool *out);
int sts_need_text(const sts_json_in *in, const char *key, const char **out);
const sts_json *sts_need(const sts_json_in *in, const char *key);
/* Whether the object has each of these keys (separated by blanks), and none is null. */
bool sts_has_keys(const sts_json *object, const char *keys);
/* "NAME: "key" has the value ... that is not supported". -1. */
int sts_refuse(const sts_json_in *in, const char *key, const char *value);

#endif
