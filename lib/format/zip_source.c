/* zip_source.c - a libzip source over core/sys.h: a descriptor and a place in the file. */
#include "format/zip_source.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <string.h>

typedef struct source {
    int fd;
    zip_uint64_t at, size;
    zip_error_t error;
} source;

static _Thread_local bool failed; /* libzip may report a failed read as the end of the file */

static zip_int64_t fail(source *s, int code)
{
    failed = true;
    zip_error_set(&s->error, code, errno);
    return -1;
}

static zip_int64_t read_on(source *s, void *out, zip_uint64_t n)
{
    if (sts_sys.seek(s->fd, (off_t)s->at, SEEK_SET) < 0) return fail(s, ZIP_ER_SEEK);
    ssize_t k = sts_read_all(s->fd, out, (size_t)n);
    if (k < 0) return fail(s, ZIP_ER_READ);
    s->at += (zip_uint64_t)k;
    return k;
}

static zip_int64_t seek(source *s, void *data, zip_uint64_t n)
{
    zip_int64_t to = zip_source_seek_compute_offset(s->at, s->size, data, n, &s->error);
    if (to < 0) return -1;
    s->at = (zip_uint64_t)to;
    return 0;
}

static zip_int64_t stat_size(const source *s, zip_stat_t *stat)
{
    zip_stat_init(stat);
    stat->size = s->size;
    stat->valid = ZIP_STAT_SIZE;
    return sizeof *stat;
}

static void release(source *s)
{
    if (s->fd >= 0) sts_sys.close(s->fd);
    zip_error_fini(&s->error);
    sts_free(s);
}

static zip_int64_t answer(void *ctx, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
    source *s = ctx;
    switch (command) {
    case ZIP_SOURCE_OPEN: s->at = 0; return 0;
    case ZIP_SOURCE_READ: return read_on(s, data, n);
    case ZIP_SOURCE_SEEK: return seek(s, data, n);
    case ZIP_SOURCE_TELL: return (zip_int64_t)s->at;
    case ZIP_SOURCE_STAT: return stat_size(s, data);
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&s->error, data, n);
    case ZIP_SOURCE_CLOSE: return 0;
    case ZIP_SOURCE_FREE: return release(s), 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                                              ZIP_SOURCE_SUPPORTS, -1);
    default: return zip_error_set(&s->error, ZIP_ER_OPNOTSUPP, 0), -1;
    }
}

bool sts_zip_failed(const zip_error_t *e)
{
    int code = zip_error_code_zip(e);
    bool found = failed || code == ZIP_ER_MEMORY || code == ZIP_ER_OPEN;
    failed = false;
    return found;
}

static source *open_source(const char *path, zip_error_t *e)
{
    struct stat st;
    source *s = sts_alloc(1, sizeof *s);
    if (!s) return zip_error_set(e, ZIP_ER_MEMORY, 0), NULL;
    zip_error_init(&s->error);
    s->fd = sts_file_open(path, STS_MODEL, NULL);
    if (s->fd >= 0 && !sts_sys.fstat(s->fd, &st)) {
        s->size = (zip_uint64_t)st.st_size;
        return s;
    }
    zip_error_set(e, ZIP_ER_OPEN, errno);
    release(s);
    return NULL;
}

static uint64_t number(const unsigned char *p)
{
    uint64_t n = 0;
    for (int i = 8; i--;) n = n << 8 | p[i];
    return n;
}

/* The entries that the end record of 64-bit numbers at `at` claims; 0 when there is none. */
static uint64_t claimed(source *s, uint64_t at)
{
    unsigned char end[56];
    s->at = at;
    if (at > s->size || read_on(s, end, sizeof end) != sizeof end) return 0;
    return memcmp(end, "PK\6\6", 4) ? 0 : number(end + 32);
}

/* Does an archive claim more entries? Without 64-bit numbers it has 65,535 at most. What shows
 * them stands before the end, which a comment may follow. 1, 0, or -1 with *e. */
static int too_many(source *s, uint64_t limit, zip_error_t *e)
{
    enum { LOCATOR = 20, END = 22, TAIL = LOCATOR + END + 65535 };
    size_t n = s->size < TAIL ? (size_t)s->size : TAIL;
    unsigned char *tail = sts_alloc(n, 1);
    int rc = 0;
    if (!tail) return zip_error_set(e, ZIP_ER_MEMORY, 0), -1;
    s->at = s->size - n;
    if (read_on(s, tail, n) != (zip_int64_t)n) rc = -1;
    if (rc) zip_error_set(e, ZIP_ER_READ, errno);
    for (size_t i = 0; !rc && i + LOCATOR <= n; i++)
        if (!memcmp(tail + i, "PK\6\7", 4)) rc = claimed(s, number(tail + i + 8)) > limit;
    sts_free(tail);
    if (rc > 0) zip_error_set(e, ZIP_ER_INCONS, 0);
    return rc;
}

zip_t *sts_zip_open(const char *path, uint64_t limit, zip_error_t *e)
{
    source *s = open_source(path, e);
    if (!s) return NULL;
    if (too_many(s, limit, e)) return release(s), NULL;
    zip_source_t *from = zip_source_function_create(answer, s, e);
    if (!from) return release(s), NULL;
    errno = 0;
    zip_t *zip = zip_open_from_source(from, ZIP_RDONLY | ZIP_CHECKCONS, e);
    if (!zip && errno == ENOMEM) zip_error_set(e, ZIP_ER_MEMORY, 0); /* "not an archive" to it */
    if (!zip) zip_source_free(from);
    return zip;
}
