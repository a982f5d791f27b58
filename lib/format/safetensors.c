/* safetensors.c - headers read in one strict pass, and files written. */
#include "format/safetensors.h"

#include "core/file.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/sys.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)1 << 30) /* some systems read at most 2 GB at once */

/* ---- reading ---- */

static int read_dtype(sts_scan *s, sts_tensor *t)
{
    sts_str name;
    size_t at = s->at;
    if (sts_scan_text(s, &name)) return -1;
    t->dtype = sts_dtype_find(name.s, name.n);
    return t->dtype ? 0 : sts_scan_fail(s, at, "unknown dtype");
}

static int read_shape(sts_scan *s, sts_tensor *t)
{
    if (sts_scan_enter(s, '[')) return -1;
    for (int more; (more = sts_scan_more(s, ']'));) {
        if (more < 0) return -1;
        if (t->n_dims == STS_TENSOR_DIMS)
            return sts_scan_fail(s, s->at, "more than 8 dimensions");
        if (sts_scan_size(s, &t->shape[t->n_dims++])) return -1;
    }
    return 0;
}

static int read_range(sts_scan *s, size_t range[2])
{
    if (sts_scan_enter(s, '[') || sts_scan_more(s, ']') != 1 || sts_scan_size(s, &range[0]) ||
        sts_scan_more(s, ']') != 1 || sts_scan_size(s, &range[1]))
        return sts_scan_fail(s, s->at, "data_offsets must be two whole numbers");
    return sts_scan_more(s, ']') ? sts_scan_fail(s, s->at, "data_offsets must be two numbers") : 0;
}

/* One {"dtype", "shape", "data_offsets"}; all three must be there, and nothing else. */
static int read_fields(sts_scan *s, sts_tensor *t, size_t range[2])
{
    unsigned seen = 0;
    size_t at = s->at;
    if (sts_scan_enter(s, '{')) return -1;
    for (int more; (more = sts_scan_more(s, '}'));) {
        static const char *const field[] = {"dtype", "shape", "data_offsets"};
        sts_str key;
        size_t k = 0;
        if (more < 0 || sts_scan_key(s, &key)) return -1;
        while (k < 3 && (strlen(field[k]) != key.n || memcmp(field[k], key.s, key.n))) k++;
        if (k == 3) return sts_scan_fail(s, s->at, "unknown key of a tensor");
        seen |= 1u << k;
        if (k == 0 ? read_dtype(s, t) : k == 1 ? read_shape(s, t) : read_range(s, range)) return -1;
    }
    return seen == 7 ? 0 : sts_scan_fail(s, at, "dtype, shape or data_offsets is missing");
}

/* "__metadata__": texts by name. */
static int skip_metadata(sts_scan *s)
{
    size_t n = 0;
    if (sts_scan_enter(s, '{')) return -1;
    for (int more; (more = sts_scan_more(s, '}'));) {
        sts_str text;
        if (more < 0 || sts_scan_key(s, &text) || sts_scan_text(s, &text)) return -1;
        if (++n > STS_MAX_TENSORS) return sts_scan_fail(s, s->at, "more than 100,000 entries");
    }
    return 0;
}

static int read_tensor(sts_scan *s, sts_weights *w, sts_str name, size_t data)
{
    sts_tensor t = {.file = (int)w->n_files, .record = -1};
    size_t range[2] = {0, 0};
    if (w->n >= STS_MAX_TENSORS) return sts_scan_fail(s, s->at, "more than 100,000 tensors");
    if (name.n > STS_TENSOR_NAME) return sts_scan_fail(s, s->at, "a name of more than 512 bytes");
    char *copy = sts_arena_text(&w->arena, name.s, name.n), whose[160] = "tensor ";
    if (!copy) return sts_fail_memory(s->err, s->name);
    t.name = copy;
    sts_quote(whose + 7, sizeof whose - 7, name.s, name.n);
    if (read_fields(s, &t, range)) return sts_fail_prefix(s->err, whose);
    if (sts_tensor_measure(&t, s->name, s->err)) return -1;
    if (range[0] > range[1] || range[1] - range[0] != t.bytes)
        return sts_fail(s->err, STS_MODEL, "%s: tensor %s: data_offsets [%zu, %zu] do not fit "
                        "its shape, which takes %zu bytes", s->name, t.name, range[0], range[1],
                        t.bytes);
    t.offset = data + range[0];
    return sts_weights_push(w, &t, s->name, s->err);
}

static int read_header(sts_scan *s, sts_weights *w, size_t data)
{
    if (s->n == 0 || s->text[0] != '{') return sts_scan_fail(s, 0, "the header must begin with {");
    if (sts_scan_enter(s, '{')) return -1;
    for (int more; (more = sts_scan_more(s, '}'));) {
        sts_str key;
        if (more < 0 || sts_scan_key(s, &key)) return -1;
        bool meta = key.n == 12 && !memcmp(key.s, "__metadata__", 12);
        if (meta ? skip_metadata(s) : read_tensor(s, w, key, data)) return -1;
    }
    return sts_scan_end(s);
}

static int by_offset(const void *a, const void *b)
{
    const sts_tensor *x = a, *y = b;
    if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
    return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* Puts v[n] into the order of the file; their ranges must tile [data, end). */
static int check_tiles(sts_tensor *v, size_t n, uint64_t data, uint64_t end, const char *path,
                       sts_err *err)
{
    if (n) qsort(v, n, sizeof *v, by_offset);
    uint64_t at = data;
    for (size_t i = 0; i < n; i++) {
        unsigned long long starts = v[i].offset - data, expected = at - data;
        if (v[i].offset < at)
            return sts_fail(err, STS_MODEL, "%s: tensor %s: starts at byte %llu of the data, "
                            "within the tensor before it, which ends at byte %llu", path,
                            v[i].name, starts, expected);
        if (v[i].offset > at)
            return sts_fail(err, STS_MODEL, "%s: tensor %s: starts at byte %llu of the data, but "
                            "the tensor before it ends at byte %llu; there must be no gap", path,
                            v[i].name, starts, expected);
        at += v[i].bytes;
        if (at > end)
            return sts_fail(err, STS_MODEL, "%s: tensor %s: ends after the end of the file: the "
                            "file is truncated (is the download complete?) or its header is wrong",
                            path, v[i].name);
    }
    if (at == end) return 0;
    return sts_fail(err, STS_MODEL, "%s: %llu bytes after the last tensor", path,
                    (unsigned long long)(end - at));
}

/* The header's length, checked; -1 on a fault. */
static int64_t header_length(int fd, const char *path, uint64_t size, sts_err *err)
{
    unsigned char b[8];
    ssize_t k = sts_read_all(fd, b, 8);
    if (k < 0) return sts_fail_errno(err, path, "cannot read");
    if (k < 8)
        return sts_fail(err, STS_MODEL, "%s: %d bytes, not a safetensors file", path, (int)k);
    uint64_t n = 0;
    for (int i = 8; i--;) n = n << 8 | b[i];
    if (n > STS_SAFETENSORS_HEADER)
        return sts_fail(err, STS_MODEL, "%s: byte 0: a header of %llu bytes, over the limit of 100 "
                        "MB: not a safetensors file", path, (unsigned long long)n);
    if (n > size - 8)
        return sts_fail(err, STS_MODEL, "%s: byte 0: a header of %llu bytes in a file of %llu",
                        path, (unsigned long long)n, (unsigned long long)size);
    return (int64_t)n;
}

static int parse(sts_weights *w, int fd, const char *path, sts_err *err)
{
    struct stat st;
    if (sts_sys.fstat(fd, &st)) return sts_fail_errno(err, path, "cannot stat");
    uint64_t size = (uint64_t)st.st_size;
    int64_t length = header_length(fd, path, size, err);
    if (length < 0) return -1;
    size_t n = (size_t)length, first = w->n;
    char *text = sts_realloc(NULL, n + 1, 1);
    if (!text) return sts_fail_memory(err, path);
    ssize_t k = sts_read_all(fd, text, n);
    sts_scan s = sts_scan_start(text, n, path, STS_MODEL, err);
    int rc = k < 0 ? sts_fail_errno(err, path, "cannot read")
             : (size_t)k < n
                 ? sts_fail(err, STS_MODEL, "%s: truncated: it ends within its header", path)
                             : read_header(&s, w, 8 + n);
    sts_scan_done(&s);
    sts_free(text);
    sts_tensor *v = w->n > first ? w->v + first : NULL;
    return rc ? rc : check_tiles(v, w->n - first, 8 + n, size, path, err);
}

int sts_safetensors_open(sts_weights *w, const char *path, sts_err *err)
{
    if (sts_grow(&w->file, w->n_files, &w->cap_files, sizeof *w->file))
        return sts_fail_memory(err, path);
    int fd = sts_file_open(path, STS_MODEL, err);
    if (fd < 0) return -1;
    char *copy = sts_strdup(path);
    int rc = copy ? parse(w, fd, path, err) : sts_fail_memory(err, path);
    w->file[w->n_files++] = (sts_weights_file){.path = copy, .fd = fd};
    return rc;
}

int sts_safetensors_read(const sts_weights_file *f, uint64_t offset, void *out, size_t bytes,
                         sts_err *err)
{
    if (sts_sys.seek(f->fd, (off_t)offset, SEEK_SET) < 0)
        return sts_fail_errno(err, f->path, "cannot seek");
    for (size_t done = 0; done < bytes;) {
        size_t want = bytes - done < CHUNK ? bytes - done : CHUNK;
        ssize_t k = sts_read_all(f->fd, (char *)out + done, want);
        if (k < 0) return sts_fail_errno(err, f->path, "cannot read");
        if ((size_t)k < want)
            return sts_fail(err, STS_MODEL, "%s: became shorter while it was read", f->path);
        done += want;
    }
    return 0;
}

/* ---- writing ---- */

static int by_width(const void *a, const void *b)
{
    const sts_tensor_out *x = *(sts_tensor_out *const *)a, *y = *(sts_tensor_out *const *)b;
    if (x->dtype->bits != y->dtype->bits) return x->dtype->bits > y->dtype->bits ? -1 : 1;
    return (x > y) - (x < y); /* else as they came */
}

static sts_json *tensor_json(const sts_tensor_out *t, size_t offset)
{
    sts_json *o = sts_json_new_object();
    if (!o || !sts_json_add_string(o, "dtype", t->dtype->name)) goto fail;
    sts_json *shape = sts_json_add_array(o, "shape");
    for (int i = 0; shape && i < t->n_dims; i++)
        if (!sts_json_push(shape, sts_json_new_number((double)t->shape[i]))) goto fail;
    sts_json *range = shape ? sts_json_add_array(o, "data_offsets") : NULL;
    if (!range || !sts_json_push(range, sts_json_new_number((double)offset)) ||
        !sts_json_push(range, sts_json_new_number((double)(offset + t->bytes))))
        goto fail;
    return o;
fail:
    sts_json_free(o);
    return NULL;
}

/* The header as text, or NULL when memory is out. */
static char *header_text(sts_tensor_out *const *v, size_t n)
{
    sts_json *header = sts_json_new_object(), *meta = NULL;
    char *text = NULL;
    size_t offset = 0;
    if (header) meta = sts_json_add_object(header, "__metadata__");
    bool ok = meta && sts_json_add_string(meta, "format", "pt");
    for (size_t i = 0; ok && i < n; i++) {
        sts_json *o = tensor_json(v[i], offset);
        ok = o && sts_json_add(header, v[i]->name, o);
        if (o && !ok) sts_json_free(o);
        offset += v[i]->bytes;
    }
    if (ok) text = sts_json_compact(header);
    sts_json_free(header);
    return text;
}

/* Length, header and the spaces that make it a multiple of 8. */
static int write_header(sts_writer *f, const char *text, sts_err *err)
{
    size_t n = strlen(text), padded = (n + 7) & ~(size_t)7;
    unsigned char length[8];
    for (int i = 0; i < 8; i++) length[i] = (unsigned char)(padded >> 8 * i);
    const sts_str part[] = {{(const char *)length, 8}, {text, n}, {"        ", padded - n}};
    for (size_t i = 0; i < 3; i++)
        if (sts_writer_write(f, part[i].s, part[i].n, err)) return -1;
    return 0;
}

int sts_safetensors_write(const char *path, sts_tensor_out *v, size_t n, mode_t mode,
                          sts_err *err)
{
    sts_tensor_out **order = sts_alloc(n, sizeof *order);
    for (size_t i = 0; order && i < n; i++) order[i] = &v[i];
    if (order) qsort(order, n, sizeof *order, by_width);
    char *text = order ? header_text(order, n) : NULL;
    sts_writer *f = text ? sts_writer_open(path, err) : NULL;
    if (!text) sts_fail_memory(err, path);
    int rc = f ? sts_writer_narrow(f, mode, err) : -1;
    if (!rc) rc = write_header(f, text, err);
    for (size_t i = 0; !rc && i < n; i++)
        rc = sts_writer_write(f, order[i]->data, order[i]->bytes, err);
    sts_free(text);
    sts_free(order);
    if (!rc) return sts_writer_commit(f, err);
    sts_writer_abort(f);
    return -1;
}
