/* limits.h - how much is taken from a file of a stranger before it is refused: every limit that a
 * file can meet, here and in the manual. */
#ifndef STS_CORE_LIMITS_H
#define STS_CORE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* data */
#define STS_LINE_MAX ((size_t)16 << 20)      /* bytes of a record, its line end not counted */
#define STS_LINE_GIVE_UP ((size_t)256 << 20) /* a line longer than this ends the reading */
#define STS_COLUMNS_MAX 1024                 /* fields of a record that can be read */
#define STS_TEXTS_MAX 128                    /* texts of a row: all but two are negatives */
#define STS_FAULTS_MOST 100000 /* bad rows: reading stops here, the rest will not be better */

/* numbers in text */
#define STS_NUMBER_MAX 1100 /* bytes; the smallest double written out in full has 1,077 */

/* gzip: inflated bytes may be so many times the compressed ones, past so many that are free */
#define STS_INFLATE_RATIO 200
#define STS_INFLATE_FREE ((uint64_t)16 << 20)

/* JSON */
#define STS_JSON_LIMIT ((size_t)64 << 20)  /* bytes of any JSON file but a safetensors header */
#define STS_JSON_TREE ((size_t)256 << 20)  /* bytes that a text would take as a tree */
#define STS_JSON_DEPTH 64
#define STS_JSON_DIGITS 63 /* characters: more than any double needs */

/* run directories */
#define STS_RUN_LINE_MAX ((size_t)1 << 16) /* bytes of a line of log.jsonl or predictions.tsv */
#define STS_MANIFEST_NAME ((size_t)1000)   /* bytes of a name in checksums.json */

/* model directories */
#define STS_MAX_MODULES 32
#define STS_BAG_WORDS 24576 /* rows of the built-in encoder's StaticEmbedding that are words, ... */
#define STS_BAG_PIECES 8192 /* ... and pieces of words */
#define STS_BAG_ROWS (1 + STS_BAG_WORDS + STS_BAG_PIECES)
#define STS_KEPT_FILE ((size_t)64 << 20) /* bytes of a file that is copied along */

/* rows in memory */
#define STS_WEIGHT_LIMIT 1e6 /* so many rows may one count for */

/* weights */
#define STS_SAFETENSORS_HEADER ((size_t)100000000) /* bytes, the reference's own limit */
#define STS_MAX_TENSORS 100000
#define STS_MAX_SHARDS 512 /* all open at once: systems allow 1,024 */
#define STS_TENSOR_DIMS 8
#define STS_TENSOR_NAME ((size_t)512) /* bytes */

/* PyTorch archives */
#define STS_ZIP_ENTRIES (STS_MAX_TENSORS + 100)
#define STS_VIEWS_FREE ((uint64_t)64 << 20) /* bytes of tensors, besides twice the file's */
#define STS_PICKLE_MAX ((uint64_t)64 << 20)
#define STS_PICKLE_STACK ((size_t)1 << 16) /* Python writes dictionaries in lots of 1,000 */
#define STS_PICKLE_MEMO ((size_t)1 << 21)
#define STS_PICKLE_ARENA ((size_t)192 << 20) /* bytes of all that it builds */

/* tokenizers */
#define STS_MAX_ID ((int64_t)(1 << 24) - 1) /* the largest id taken from a file */
#define STS_TOKEN_MAX ((size_t)4096) /* bytes of a token of the vocabulary */
#define STS_ADDED_MAX ((size_t)1024) /* bytes of an added token: so many steps a byte of text */
#define STS_PARTS_MAX 64 /* normalizers, or pre-tokenizers; real tokenizers have up to ten */
/* normalized, a text may be so many times its bytes, past so many that are free */
#define STS_GROWTH_RATIO 200
#define STS_GROWTH_FREE ((size_t)64 << 10)
#define STS_POST_ITEMS 1024          /* tokens around a text; real ones have one to three */
#define STS_MATCH_STEPS 4000000 /* of a pattern on a text, and so many more per byte; ... */
#define STS_MATCH_STEPS_BYTE 100
#define STS_MATCH_PLACE 1000000 /* ... of these at one place of it, each of up to 160 bytes */
#define STS_PATTERN_DEPTH 32

#endif
