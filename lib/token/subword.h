/* subword.h - the models that turn a piece of text into ids: WordPiece, BPE, Unigram, WordLevel.
 * A new one is a file with a descriptor at its end and a line in subword_list.h. */
#ifndef STS_TOKEN_SUBWORD_H
#define STS_TOKEN_SUBWORD_H

#include "core/json.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "token/tokenizer.h"
#include "token/trie.h"

typedef struct sts_subword sts_subword;

/* A "model" object: its small members as a tree, the two large ones as text. */
typedef struct sts_model_text {
    sts_json_in in; /* "vocab" and "merges" read null here */
    sts_str vocab, merges; /* checked JSON; n = 0 when absent */
} sts_model_text;

/* Memory for one encoding, kept between calls; each model uses it as it likes. */
typedef struct sts_lattice {
    void *a, *b;
    size_t cap_a, cap_b; /* bytes */
} sts_lattice;

typedef struct sts_subword_type {
    const char *name; /* its "type" in tokenizer.json */
    size_t size;      /* of self, which is zeroed before load; may be 0 */
    /* Reads the model: fills m->vocab and m->self. */
    int (*load)(sts_subword *m, const sts_model_text *src);
    void (*free)(void *self); /* what self owns; NULL: nothing */
    /* Appends the ids of s[n], n > 0, to out. */
    int (*run)(const sts_subword *m, const char *s, size_t n, sts_lattice *w, sts_ids *out,
               sts_err *err);
} sts_subword_type;

struct sts_subword {
    const sts_subword_type *type;
    void *self;
    sts_trie vocab;  /* every string and its id */
    int32_t largest; /* the largest id; -1: no vocabulary */
    int32_t unknown; /* the id of what is not in the vocabulary; -1: none */
    int32_t rows;    /* set it before: ids from here on are refused; 0: none are */
};

/* The texts of a model's two large members, "vocab" and "merges"; n = 0 where one is absent. */
int sts_model_large(sts_str object, const char *name, sts_str large[2], sts_err *err);
/* A text that holds them as a tree, with null in their places. NULL on error. */
sts_json *sts_model_small(sts_str text, const sts_str large[2], const char *name, sts_err *err);

/* Reads the model from an object as text; `name` is the file and place for messages. On failure m
 * is to be freed all the same. */
int sts_subword_load_text(sts_subword *m, sts_str object, const char *name, sts_err *err);
void sts_subword_free(sts_subword *m);

/* The "vocab" object {string: id} into m->vocab: ids checked, none twice. */
int sts_vocab_load(sts_subword *m, const sts_model_text *src);
/* One string more. */
int sts_vocab_add(sts_subword *m, const sts_json_in *in, const char *s, size_t n, int32_t id);
/* The ids of "<0x00>" to "<0xFF>", or -1. */
void sts_vocab_bytes(const sts_trie *vocab, int32_t id[256]);

/* Fails: the text needs the unknown token, which the vocabulary lacks (`token`), or which there is
 * none of (NULL). */
int sts_no_unknown(const char *token, sts_err *err);

/* Makes *p at least n * size > 0 bytes large; contents are lost. 0, or -1: memory is out. */
int sts_lattice_room(void **p, size_t *cap, size_t n, size_t size);

/* Whether a WordPiece is as BERT's classes make it, with that unknown token. */
bool sts_wordpiece_usual(const sts_subword *m, const char *unknown);
/* Whether a BPE is as RoBERTa's class makes it (suffix "") or HerBERT's ("</w>"), but for the
 * merges. */
bool sts_bpe_usual(const sts_subword *m, const char *suffix);

#endif
