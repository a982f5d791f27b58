/* reader.c - reading files: plain or gzip by magic bytes, stdin, memory; and whole small files.
 * zlib's inflate is driven by hand, since gzread passes over truncation and trailing bytes. */
#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define BUFFER ((size_t)1 << 16)
#define IDLE_MS 10

struct sts_reader {
    int fd; /* -1: memory */
    char name[STS_SHOWN_PATH];
    unsigned char *own;      /* the buffer of a file */
    const unsigned char *in; /* what was read and not yet handed out: n_in bytes */
    size_t n_in;
    uint64_t raw, size;      /* bytes read from the file, and its size; 0: not known */
    uint64_t bytes;          /* bytes handed out, and their CRC */
    uint32_t crc;
    bool gzip, between;      /* between two members of a gzip file */
    z_stream z;
    const char *fault;
    sts_idle_fn *idle;
    void *idle_ctx;
};

/* ---- input, as it is on disk ---- */

/* Is there nothing to read, not even after a moment? Files and ends of files always have something;
 * a program that writes in one go does not pause so long. */
bool sts_reader_is_idle(const sts_reader *r)
{
    struct pollfd p = {.fd = r->fd, .events = POLLIN};
    return r->fd >= 0 && poll(&p, 1, IDLE_MS) == 0;
}

static long sys_read(sts_reader *r, void *buf, size_t n, sts_err *err)
{
    ssize_t k;
    if (r->idle && sts_reader_is_idle(r) && r->idle(r->idle_ctx, err)) return -1;
    do {
        if (sts_stop_asked()) return sts_advance("reading", 0, 0, err);
        k = sts_sys.read(r->fd, buf, n);
    } while (k < 0 && errno == EINTR);
    if (k < 0) return sts_fail_errno(err, r->name, "cannot read");
    r->raw += (uint64_t)k;
    return (long)k;
}

/* Adds to the buffer, which must be empty or at its start. What came in; 0 at the end. */
static long fill(sts_reader *r, sts_err *err)
{
    if (r->fd < 0) return 0;
    if (!r->n_in) r->in = r->own;
    long k = sys_read(r, r->own + r->n_in, BUFFER - r->n_in, err);
    if (k > 0) r->n_in += (size_t)k;
    return k;
}

/* ---- opening ---- */

static void *zlib_alloc(void *ctx, uInt n, uInt size)
{
    (void)ctx;
    return sts_alloc(n, size);
}

static void zlib_free(void *ctx, void *p)
{
    (void)ctx;
    sts_free(p);
}

/* Reads the first two bytes (a pipe may give them one by one). */
static int sniff(sts_reader *r, sts_err *err)
{
    while (r->n_in < 2) {
        long k = fill(r, err);
        if (k < 0) return -1;
        if (k == 0) break;
    }
    r->gzip = r->n_in >= 2 && r->in[0] == 0x1f && r->in[1] == 0x8b;
    if (!r->gzip) return 0;
    r->z.zalloc = zlib_alloc;
    r->z.zfree = zlib_free;
    if (inflateInit2(&r->z, 15 + 16) == Z_OK) return 0; /* 16: with gzip's header and CRC */
    r->gzip = false;
    return sts_fail_memory(err, r->name);
}

static sts_reader *reader_new(const char *name, sts_err *err)
{
    sts_reader *r = sts_alloc(1, sizeof *r);
    if (!r) return sts_fail_memory(err, name), NULL;
    r->fd = -1;
    sts_show_path(r->name, name);
    return r;
}

static int open_path(const char *path, const char *shown, sts_err *err)
{
    if (!strcmp(path, "-")) return 0;
    int fd = sts_open(path, O_RDONLY, 0);
    if (fd < 0 && errno == EINTR) return sts_advance("reading", 0, 0, err);
    return fd < 0 ? sts_fail_errno(err, shown, "cannot open") : fd;
}

/* After a failed stat: a link to what is not there, or to itself. */
static bool is_lost(const char *path)
{
    struct stat s;
    int why = errno;
    bool lost = (why == ENOENT || why == ELOOP) && !sts_sys.lstat(path, &s) && S_ISLNK(s.st_mode);
    errno = why;
    return lost;
}

/* Asked before it is opened, since opening a pipe or a device has effects, and again after. */
int sts_file_open(const char *path, int unfit, sts_err *err)
{
    struct stat st;
    char name[STS_SHOWN_PATH];
    sts_show_path(name, path);
    int64_t size = sts_file_size(path);
    if (size < 0 && !errno) return sts_fail(err, unfit, "%s: is not a regular file", name);
    if (size < 0 && is_lost(path))
        return sts_fail(err, unfit, "%s: is a link that leads nowhere", name);
    int fd = size < 0 ? -1 : sts_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0) return sts_fail_errno(err, name, "cannot open");
    if (sts_sys.fstat(fd, &st)) sts_fail_errno(err, name, "cannot open");
    else if (S_ISREG(st.st_mode)) return fd;
    else sts_fail(err, unfit, "%s: is not a regular file", name);
    sts_sys.close(fd);
    return -1;
}

/* Of several ranks only the first has a stdin: the others get all of it from there. */
static int share_stdin(sts_reader *r, sts_err *err)
{
    size_t n = 0;
    int rc = 0;
    if (!sts_comm_rank()) {
        r->own = (unsigned char *)sts_file_read("-", SIZE_MAX / 2, STS_FAILED, &n, err);
        rc = r->own ? 0 : -1;
    }
    if (!rc) rc = sts_comm_broadcast(&n, sizeof n, err);
    if (!rc && !r->own && !(r->own = sts_alloc(n, 1))) rc = sts_fail_memory(err, r->name);
    if (!rc) rc = sts_comm_broadcast(r->own, n, err);
    r->in = r->own;
    r->n_in = n;
    r->raw = n;
    return rc ? rc : sniff(r, err);
}

sts_reader *sts_reader_open(const char *path, bool named, sts_err *err)
{
    sts_reader *r = reader_new(path, err);
    bool in = !strcmp(path, "-");
    if (!r) return NULL;
    if (sts_comm_size() > 1 && in) {
        if (!share_stdin(r, err)) return r;
        sts_reader_close(r);
        return NULL;
    }
    int64_t size = in ? 0 : sts_file_size(path);
    r->size = size > 0 ? (uint64_t)size : 0;
    r->own = sts_realloc(NULL, BUFFER, 1);
    if (!r->own) sts_fail_memory(err, r->name);
    else if (in || !named) r->fd = open_path(path, r->name, err);
    else r->fd = sts_file_open(path, STS_DATA, err);
    if (r->fd >= 0 && !sniff(r, err)) return r;
    sts_reader_close(r);
    return NULL;
}

sts_reader *sts_reader_open_memory(const void *buf, size_t n, const char *name, sts_err *err)
{
    sts_reader *r = reader_new(name, err);
    if (!r) return NULL;
    r->in = buf;
    r->n_in = n;
    r->raw = n;
    if (!sniff(r, err)) return r;
    sts_reader_close(r);
    return NULL;
}

void sts_reader_on_idle(sts_reader *r, sts_idle_fn *fn, void *ctx)
{
    r->idle = fn;
    r->idle_ctx = ctx;
}

void sts_reader_close(sts_reader *r)
{
    if (!r) return;
    if (r->gzip) inflateEnd(&r->z);
    if (r->fd > 0) sts_sys.close(r->fd);
    sts_free(r->own);
    sts_free(r);
}

/* ---- reading ---- */

static int faulty(sts_reader *r, const char *what, sts_err *err)
{
    r->fault = what;
    return sts_fail(err, STS_DATA, "%s: %s", r->name, what);
}

/* Past what sniff() had read ahead, straight into the caller's buffer. */
static long read_plain(sts_reader *r, void *buf, size_t n, sts_err *err)
{
    if (!r->n_in) return r->fd < 0 ? 0 : sys_read(r, buf, n, err);
    if (n > r->n_in) n = r->n_in;
    memcpy(buf, r->in, n);
    r->in += n;
    r->n_in -= n;
    return (long)n;
}

/* Makes sure that there is input, and that what follows a member is another member.
 * 1: continue; 0: the end; -1: error. */
static int next_input(sts_reader *r, sts_err *err)
{
    if (!r->n_in) {
        long k = fill(r, err);
        if (k < 0) return -1;
        if (k == 0) return r->between ? 0 : faulty(r, "the gzip data is cut short", err);
    }
    if (!r->between) return 1;
    if (r->in[0] != 0x1f) return faulty(r, "there are other bytes after the gzip data", err);
    r->between = false;
    return inflateReset(&r->z) == Z_OK ? 1 : faulty(r, "the gzip data is corrupt", err);
}

/* One call of inflate. That it made no headway (Z_BUF_ERROR) only means more input is needed. */
static int inflate_some(sts_reader *r, sts_err *err)
{
    uInt give = r->n_in > BUFFER ? (uInt)BUFFER : (uInt)r->n_in;
    r->z.next_in = (z_const Bytef *)r->in;
    r->z.avail_in = give;
    int rc = inflate(&r->z, Z_NO_FLUSH);
    r->in += give - r->z.avail_in;
    r->n_in -= give - r->z.avail_in;
    r->between = rc == Z_STREAM_END;
    if (rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR) return 0;
    if (rc == Z_MEM_ERROR) return sts_fail_memory(err, r->name);
    return faulty(r, r->z.msg && strstr(r->z.msg, "check") && !strstr(r->z.msg, "header")
                         ? "the gzip data is corrupt: its CRC or length is wrong"
                         : "the gzip data is corrupt", err);
}

/* Inflates until there is something to give: an empty member gives nothing. */
static long read_gzip(sts_reader *r, void *buf, size_t n, sts_err *err)
{
    if (n > (size_t)1 << 30) n = (size_t)1 << 30; /* zlib counts in 32 bits */
    r->z.next_out = buf;
    r->z.avail_out = (uInt)n;
    while (r->z.avail_out == n) {
        int more = next_input(r, err);
        if (more <= 0) return more;
        if (inflate_some(r, err)) return -1;
    }
    n -= r->z.avail_out;
    uint64_t out = r->bytes + n;
    if (out > STS_INFLATE_FREE && out / STS_INFLATE_RATIO > r->raw - r->n_in)
        return faulty(r, "the gzip data inflates more than 200 times: refused as a gzip bomb", err);
    return (long)n;
}

long sts_reader_read(sts_reader *r, void *buf, size_t n, sts_err *err)
{
    if (!n) return 0;
    if (r->fault) return faulty(r, r->fault, err);
    long k = r->gzip ? read_gzip(r, buf, n, err) : read_plain(r, buf, n, err);
    if (k <= 0) return k;
    r->bytes += (uint64_t)k;
    r->crc = (uint32_t)crc32_z(r->crc, buf, (z_size_t)k);
    return k;
}

const char *sts_reader_fault(const sts_reader *r)
{
    return r->fault;
}

uint32_t sts_reader_crc(const sts_reader *r)
{
    return r->crc;
}

uint64_t sts_reader_bytes(const sts_reader *r)
{
    return r->bytes;
}

uint64_t sts_reader_place(const sts_reader *r, uint64_t *size)
{
    *size = r->size;
    return r->raw;
}

/* ---- whole files ---- */

/* Reads to the end into a buffer that grows, never past limit + 1 bytes. */
static char *read_whole(int fd, const char *name, size_t guess, size_t limit, size_t *n,
                        sts_err *err)
{
    size_t cap = guess < limit ? guess + 1 : limit + 1;
    char *buf = NULL;
    for (*n = 0;;) {
        char *p = sts_realloc(buf, cap + 1, 1);
        if (!p) {
            sts_fail_memory(err, name);
            break;
        }
        buf = p;
        ssize_t k = sts_read_all(fd, buf + *n, cap - *n);
        if (k < 0) {
            sts_fail_errno(err, name, "cannot read");
            break;
        }
        *n += (size_t)k;
        buf[*n] = 0;
        if (*n < cap || *n > limit) return buf;
        cap = cap > limit / 2 ? limit + 1 : cap * 2;
    }
    sts_free(buf);
    return NULL;
}

char *sts_file_read_open(int fd, const char *name, size_t limit, int unfit, size_t *n,
                         sts_err *err)
{
    struct stat s;
    int64_t size = fd && !sts_sys.fstat(fd, &s) && S_ISREG(s.st_mode) ? (int64_t)s.st_size : 0;
    size_t count = 0;
    /* files of /proc say 0 bytes: the size is only a first guess */
    size_t guess = size < 4096 ? 4096 : (uint64_t)size < limit ? (size_t)size : limit;
    char *buf = read_whole(fd, name, guess, limit, &count, err);
    if (fd > 0) sts_sys.close(fd);
    if (buf && count > limit) {
        sts_fail(err, unfit, "%s: is larger than %zu bytes, the limit", name, limit);
        sts_free(buf);
        return NULL;
    }
    if (buf && n) *n = count;
    return buf;
}

char *sts_file_read(const char *path, size_t limit, int unfit, size_t *n, sts_err *err)
{
    char name[STS_SHOWN_PATH];
    sts_show_path(name, path);
    int fd = strcmp(path, "-") ? sts_file_open(path, unfit, err) : 0;
    return fd < 0 ? NULL : sts_file_read_open(fd, name, limit, unfit, n, err);
}
