/* distinct.h - numbers for texts and for pairs of texts, from 0 in the order in which they come.
 * Texts that differ in case or white space only are one, and a pair is one in either order. Linear
 * in the bytes; hashes are seeded, so that no file can make them collide. */
#ifndef STS_DATA_DISTINCT_H
#define STS_DATA_DISTINCT_H

#include "stsfit.h"

#define STS_NO_NUMBER UINT32_MAX

typedef struct sts_numbers { /* a hash set whose members are numbered */
    uint64_t *hash;          /* of each member */
    sts_str *text;           /* its text, in a set of texts; borrowed */
    uint32_t *slot;          /* number + 1, or 0; a power of two of them, at most half in use */
    size_t n, cap_hash, cap_text, n_slots;
} sts_numbers;

typedef struct sts_distinct {
    sts_numbers texts, pairs;
    uint64_t seed;
    char *folded; /* the current text, in lower case */
    size_t cap;
} sts_distinct;

sts_distinct sts_distinct_new(void);
void sts_distinct_free(sts_distinct *d);

/* The number of a text (UTF-8, kept alive by the caller), or of a pair of such numbers;
 * STS_NO_NUMBER when memory is out. */
uint32_t sts_distinct_text(sts_distinct *d, sts_str text);
uint32_t sts_distinct_pair(sts_distinct *d, uint32_t a, uint32_t b);

/* In a set of its own: the number of some bytes, which only the same bytes share. */
uint32_t sts_distinct_bytes(sts_distinct *d, sts_str bytes);

#endif
