/* token_file.h - a tokenizer.json that is to become another one: its vocabulary and merges as
 * lists, everything else as a tree. */
#ifndef STS_TOKEN_TOKEN_FILE_H
#define STS_TOKEN_TOKEN_FILE_H

#include "core/arena.h"
#include "core/json.h"
#include "token/trie.h"

/* A token of the model's vocabulary. */
typedef struct sts_token_entry {
    sts_str text;
    sts_str score; /* of Unigram: the number as it stands in the file; else n = 0 */
    int32_t id;
    bool dropped;  /* it is not written, and has no id any more */
} sts_token_entry;

typedef struct sts_merge_rule {
    sts_str left, right;
    int32_t id; /* the entry that it makes; -1: none */
} sts_merge_rule;

typedef struct sts_token_file {
    sts_json *tree;         /* "vocab" and "merges" read null */
    const char *type;       /* of the model, "WordPiece"...; borrowed */
    const char *prefix;     /* of what continues a word, "##"; "" where there is none */
    bool pairs;             /* rules are lists of two, not "a b" */
    sts_token_entry *entry; /* by id at first */
    size_t n, cap;
    sts_merge_rule *merge;  /* by rank */
    size_t n_merges, cap_merges;
    sts_trie index;         /* texts of entries to their places in `entry` */
    int32_t ids;            /* ids are below, those of added tokens too */
    sts_arena arena;
    const char *name;       /* for messages; borrowed */
} sts_token_file;

/* Reads the text of a tokenizer.json that sts_tokenizer_load has accepted, and whose model is of
 * that type (sts_tokenizer_kind). 0, or -1; either way sts_token_file_free is to follow. */
int sts_token_file_read(sts_token_file *f, sts_str text, const char *type, const char *name,
                        sts_err *err);
void sts_token_file_free(sts_token_file *f);

/* The number of an entry's score; 0 where it has none. */
double sts_token_score(const sts_token_entry *e);

/* The entry of that text, or NULL. */
sts_token_entry *sts_token_file_find(const sts_token_file *f, const char *s, size_t n);

/* Keeps the ids for which keep[id] is set, and numbers them anew from 0 in their order: entries,
 * added tokens, special tokens and merges follow. On return to[id] is the new id, or -1. */
int sts_token_file_keep(sts_token_file *f, const bool *keep, int32_t *to, sts_err *err);

/* One token more, with the next id; `score` (Unigram) is copied as it stands. */
int sts_token_file_add(sts_token_file *f, sts_str text, sts_str score, sts_err *err);

/* The tokenizer.json; freed by sts_free. NULL on error. */
char *sts_token_file_text(sts_token_file *f, sts_err *err);

#endif
