/* table.h - a text file as lines, or as records of fields: tabs, commas or semicolons, RFC 4180
 * quotes where asked for, LF or CRLF, a UTF-8 byte order mark passed over. Fields are borrowed
 * from one buffer, so that a file is read in constant memory. A bad record is reported and
 * passed over: reading continues with the next line. */
#ifndef STS_DATA_TABLE_H
#define STS_DATA_TABLE_H

#include "core/file.h"
#include "core/limits.h"
#include "data/skip.h"

#define STS_WHY_MAX 256

typedef struct sts_table sts_table;

typedef struct sts_record {
    sts_str raw;          /* the record without its line end */
    uint64_t line, last;  /* where it starts and ends, from 1 */
    size_t n;             /* fields; those past STS_COLUMNS_MAX are only counted */
    const sts_str *field; /* unquoted; all valid until the next call */
    bool blank;           /* nothing but white space */
    sts_skip fault;       /* STS_SKIP_NONE, or BAD_COLUMNS (quotes), BAD_TEXT, TOO_LONG */
    char why[STS_WHY_MAX];
} sts_record;

/* Without spaces at its ends. */
sts_str sts_trim(sts_str s);

/* Opens path ("-" is stdin; `named` as in sts_reader_open) and refuses what is not text in UTF-8:
 * UTF-16, archives. */
sts_table *sts_table_open(const char *path, bool named, sts_err *err);
/* Over n borrowed bytes. */
sts_table *sts_table_open_memory(const void *buf, size_t n, const char *name, sts_err *err);
void sts_table_close(sts_table *t);

/* The other end of a pipe may wait for answers: sts_table_peek contents itself with the lines that
 * have come once it pauses. */
void sts_table_talk(sts_table *t);
/* As sts_reader_on_idle. */
void sts_table_on_idle(sts_table *t, sts_idle_fn *fn, void *ctx);

/* How records are split: the delimiter, 0 for lines as they are, and whether quotes count. */
void sts_table_split(sts_table *t, char delimiter, bool quoted);

/* The first bytes of what was not read yet: about 64 KB, and at least one whole line that is not
 * blank; *whole says that the file ends there. Valid until the next call. */
int sts_table_peek(sts_table *t, sts_str *head, bool *whole, sts_err *err);

/* 1: a record, perhaps with a fault; 0: the end; -1: the file cannot be read any further. */
int sts_table_next(sts_table *t, sts_record *record, sts_err *err);

/* The next line as text: 1, 0 at the end, -1. Bad UTF-8 or NUL is STS_DATA with file and line. */
int sts_lines_next(sts_table *t, sts_str *line, sts_err *err);

/* A note on the blank lines met so far, if there are any: how many, where the first is, and what
 * becomes of them ("left out"). */
void sts_table_note_blank(const sts_table *t, const char *what);

/* The path as it is shown in messages; CRC-32 and number of the bytes read so far. */
const char *sts_table_name(const sts_table *t);
uint32_t sts_table_crc(const sts_table *t);
uint64_t sts_table_bytes(const sts_table *t);

/* Reports how much of the file is used up (of a pipe: how many lines) as progress of `what`. -1
 * with STS_INTERRUPTED when the work is to stop. */
int sts_table_advance(const sts_table *t, const char *what, sts_err *err);

#endif
