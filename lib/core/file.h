/* file.h - reading (plain, .gz by magic bytes, stdin), writing that is complete or absent, and
 * the few directory operations. Every system call goes through core/sys.h and is checked. */
#ifndef STS_CORE_FILE_H
#define STS_CORE_FILE_H

#include "core/err.h"
#include "core/quote.h"
#include "core/limits.h"
#include "core/place.h"

#include <stdint.h>
#include <sys/types.h>

/* ---- reading ---- */
typedef struct sts_reader sts_reader;

/* Inflation allowed: this many bytes out for one in, past the first STS_INFLATE_FREE bytes. */

/* Opens path ("-" is stdin), or, where a file has `named` it, a regular file only (else STS_DATA).
 * gzip is recognised by its magic bytes. NULL on error (STS_FAILED). */
sts_reader *sts_reader_open(const char *path, bool named, sts_err *err);

/* The same over n borrowed bytes that outlive the reader; `name` is for messages. */
sts_reader *sts_reader_open_memory(const void *buf, size_t n, const char *name, sts_err *err);

/* Up to n bytes into buf. The count, 0 at the end, -1 on error. A truncated or corrupt gzip
 * member, trailing garbage, or an inflation above the limit is STS_DATA. */
long sts_reader_read(sts_reader *r, void *buf, size_t n, sts_err *err);

/* What is wrong with the gzip data, for a caller that words its own message; NULL: nothing. */
const char *sts_reader_fault(const sts_reader *r);

/* Called before a read has to wait for a pipe or a terminal from which nothing came for a moment:
 * what was made of the input so far can go out. -1 ends the reading with *err. */
typedef int sts_idle_fn(void *ctx, sts_err *err);
void sts_reader_on_idle(sts_reader *r, sts_idle_fn *fn, void *ctx);
/* Whether a read would have to wait so. */
bool sts_reader_is_idle(const sts_reader *r);

void sts_reader_close(sts_reader *r);

/* CRC-32 of the decompressed bytes and their count so far; for the report. */
uint32_t sts_reader_crc(const sts_reader *r);
uint64_t sts_reader_bytes(const sts_reader *r);
/* How far the file itself has been read, and its size; 0 where it has none (a pipe). */
uint64_t sts_reader_place(const sts_reader *r, uint64_t *size);

/* Opens a regular file to be read from its start; a pipe or a device under a file's name is not
 * opened, and nothing is waited for. -1 on error: STS_FAILED, or `unfit` if it is not regular. */
int sts_file_open(const char *path, int unfit, sts_err *err);

/* The whole of a regular file (or "-") of at most `limit` bytes as it is on disk, never inflated,
 * NUL-terminated past *n, freed by sts_free. NULL on error: code STS_FAILED if it cannot be read,
 * `unfit` if it is no regular file or over the limit. */
char *sts_file_read(const char *path, size_t limit, int unfit, size_t *n, sts_err *err);

/* The same from a descriptor, which it closes; `name` is for messages. */
char *sts_file_read_open(int fd, const char *name, size_t limit, int unfit, size_t *n,
                         sts_err *err);

/* The CRC-32 of n more bytes, after those that gave `crc` (0: none). */
uint32_t sts_crc(uint32_t crc, const void *p, size_t n);

/* CRC-32 and size of a file as it is (.gz not decompressed). */
int sts_file_crc(const char *path, uint32_t *crc, uint64_t *bytes, sts_err *err);

/* ---- writing: sts_writer_open and so on are in stsfit.h, the only way to create a file ---- */

#define STS_TMP ".tmp-"
#define STS_TMP_ROOM 48 /* bytes that it and numbers add to a name */

/* Creates NAME.tmp-PID, or NAME.tmp-PID-N where that is taken, with its name in tmp[size]: what is
 * there already, a link perhaps, is neither written through nor removed. The descriptor, or -1 with
 * errno. */
int sts_file_new(const sts_place *p, char *tmp, size_t size);

/* As sts_writer_commit, but the descriptor stays open, at the end of the file, and is returned. */
int sts_writer_commit_open(sts_writer *w, sts_err *err);
/* How much of a file there is. */
typedef struct sts_extent {
    uint64_t head;  /* bytes at its start that sts_writer_replace_start will replace */
    uint64_t bytes; /* all of them */
    uint32_t crc;   /* CRC-32 of those behind the head, */
    uint64_t lines; /* and how many newlines they have; counted, not asked for */
} sts_extent;

/* For a file that outlives its process: opens PATH.part for writing behind what is there of it;
 * what is behind that is dropped. It stays where sts_writer_commit does not give it its name. NULL
 * on error: STS_FAILED, or STS_DATA where the file has not these bytes, or another process writes
 * it. */
#define STS_PART ".part"
sts_writer *sts_writer_continue(const char *path, const sts_extent *there, sts_err *err);
/* Hands everything written to the system; how much that is. 0, or -1. */
int sts_writer_flush(sts_writer *w, sts_extent *there, sts_err *err);
/* Everything handed over to the disk. 0, or -1. */
int sts_writer_sync(sts_writer *w, sts_err *err);
int sts_writer_printf(sts_writer *w, sts_err *err, const char *fmt, ...) STS_PRINTF(3, 4);
/* Takes permissions away before anything is written: none stays that `mode` (that of what the
 * contents come from) does not have. Streams keep theirs. 0, or -1. */
int sts_writer_narrow(sts_writer *w, mode_t mode, sts_err *err);
/* The whole of a small file at once. */
int sts_file_write(const char *path, const void *buf, size_t n, sts_err *err);
/* The same, narrowed to `mode`. */
int sts_file_write_as(const char *path, const void *buf, size_t n, mode_t mode, sts_err *err);

/* ---- directories and names ---- */
bool sts_file_exists(const char *path);
/* The same where something follows from it: 1, 0, or -1 (STS_FAILED) where it is unknown. */
int sts_file_find(const char *path, sts_err *err);
bool sts_dir_exists(const char *path);
/* Whether anything has that name, be it a directory or a link that leads nowhere: 1, 0, or -1
 * (STS_FAILED) where it is unknown. `taken` is true then too: reading it as a file says why it is
 * none. */
int sts_path_find(const char *path, sts_err *err);
bool sts_path_taken(const char *path);
int sts_dir_find(const char *path, sts_err *err); /* as sts_file_find, of a directory */
int64_t sts_file_size(const char *path); /* -1 if there is none, with errno or 0: no regular file */
int sts_dir_make(const char *path, sts_err *err);   /* with parents; fine if it exists */
int sts_file_remove(const char *path); /* a file or a link itself; -1 with errno */
/* With contents; fine if absent. A file or a link goes itself, not what the link leads to. */
int sts_dir_remove(const char *path, sts_err *err);
int sts_dir_sync(const char *path, sts_err *err);
int sts_dir_sync_open(int dir, const char *path, sts_err *err); /* of the descriptor */
int sts_rename(const char *from, const char *to, sts_err *err);
/* Two names for each other's, at once: 1; 0 where the system or the file system cannot; -1. */
int sts_exchange(const char *a, const char *b, sts_err *err);
/* Copies a regular file (symlinks followed) byte for byte, atomically, with no permission that it
 * does not have. */
int sts_file_copy(const char *from, const char *to, sts_err *err);
/* The same from a descriptor, which it closes; `from` is for messages. */
int sts_file_copy_open(int in, const char *from, const char *to, sts_err *err);
/* Names in a directory, sorted, without . and ..; *names freed by sts_names_free. */
int sts_dir_list(const char *path, char ***names, size_t *n, sts_err *err);
void sts_names_free(char **names, size_t n);
/* "dir/name" newly allocated (sts_free); NULL when memory is out. */
char *sts_path_join(const char *dir, const char *name);
/* Path and suffix, newly allocated (sts_free); NULL on error. */
char *sts_path_with(const char *path, const char *suffix, sts_err *err);
/* `base`, or "base-N" where something has that name, newly allocated; NULL on error. */
char *sts_path_free(const char *base, sts_err *err);
/* Makes the directory `path`, a free name or NULL, and returns it; on error frees it and returns
 * NULL. */
char *sts_dir_make_at(char *path, sts_err *err);
/* Whether ".." is a part of it. */
bool sts_path_climbs(const char *path);
/* "run" of "a/run/": the last part, without slashes; empty for "/". Borrowed from path. */
sts_str sts_path_last(const char *path);
/* The same, newly allocated (sts_free); NULL when memory is out. */
char *sts_path_name(const char *path);

#endif
