/* block.h - texts to embeddings: an array of them, or a stream, a block at a time in bounded
 * memory. */
#ifndef STS_MODEL_BLOCK_H
#define STS_MODEL_BLOCK_H

#include "core/arena.h"
#include "model/tokens.h"

/* Tokenizes and embeds text[n], rows of `columns` texts, into out [n x m->dim]; cut[n] (may be
 * NULL) says which were cut. Progress is that of `what`; NULL: the caller's. 0, or -1 (STS_MODEL:
 * a component is not finite). */
int sts_embed_texts(const sts_model *m, const sts_str *text, size_t n, int columns, float *out,
                    bool *cut, const char *what, sts_err *err);

#define STS_BLOCK 1024 /* records at a time */

typedef struct sts_block {
    const sts_model *m;
    sts_arena arena;
    sts_str record[STS_BLOCK];   /* the lines as they stood */
    sts_str text[2 * STS_BLOCK]; /* what is encoded: one or two a record */
    size_t n;                    /* records */
    float *vector;               /* [2 STS_BLOCK x width] */
    size_t texts, truncated;     /* encoded so far, of all blocks; and those cut */
    sts_recall recall;
    sts_err *err;
} sts_block;

/* For a model that is the same on all ranks; NULL on error. Freed by sts_block_free, which notes
 * how many texts were cut. */
sts_block *sts_block_new(const sts_model *m, sts_err *err);
void sts_block_free(sts_block *b);

/* Copies a text into the block. 0, or -1. */
int sts_block_keep(sts_block *b, sts_str from, sts_str *to);
/* Embeds the first texts of text, rows of `columns`, into vector. 0, or -1. */
int sts_block_encode(sts_block *b, size_t rows, int columns);
void sts_block_clear(sts_block *b);

#endif
