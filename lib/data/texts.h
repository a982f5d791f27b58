/* texts.h - single texts, one by one (encode, tokenize) or all at once (distill, shrink): the lines
 * of a file, or some columns of a table or of JSON lines. */
#ifndef STS_DATA_TEXTS_H
#define STS_DATA_TEXTS_H

#include "core/arena.h"
#include "core/err.h"
#include "data/table.h"

typedef struct sts_texts sts_texts;

/* Opens path ("-" is stdin). A file called .csv, .tsv or .jsonl, or with a header of known names,
 * is a table unless the options say otherwise; which columns are read is a note. NULL on error:
 * STS_DATA where it is not clear which columns are texts. Freed by sts_texts_close. */
sts_texts *sts_texts_open(const char *path, const sts_text_options *o, sts_err *err);
void sts_texts_close(sts_texts *t);

/* The next text, valid until the next call: 1; 0: the end; -1. A line is a text, also an empty one;
 * a row gives its columns one after the other, and blank lines between rows are left out. */
int sts_texts_next(sts_texts *t, sts_str *text, sts_err *err);

/* All texts of a file into *text[*n], newly allocated (sts_free), their bytes taken from the arena.
 * 0, or -1; *text is the caller's either way. */
int sts_texts_read(const char *path, const sts_text_options *o, sts_arena *arena, sts_str **text,
                   size_t *n, sts_err *err);

/* After the last text: sts_table_note_blank, with what was `done` to texts ("encoded"). */
void sts_texts_note_blank(const sts_texts *t, const char *done);

/* The file under it, for progress. */
sts_table *sts_texts_table(sts_texts *t);

#endif
