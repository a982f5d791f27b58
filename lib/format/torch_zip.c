/* torch_zip.c - PyTorch archives through libzip. Everything is checked before a tensor is
 * believed: names, sizes against the file's, storage sizes against records, CRCs. */
#include "format/torch_zip.h"

#include "core/file.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/sys.h"
#include "format/pickle.h"
#include "format/zip_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define PIECE ((size_t)1 << 16)

typedef struct entry {
    const char *name; /* libzip's */
    zip_uint64_t index;
    size_t size;
} entry;

typedef struct archive {
    zip_t *zip;
    const char *path;
    sts_err *err;
    entry *v; /* by name */
    size_t n;
    char root[256]; /* with its slash */
} archive;

static int fail(const archive *a, const char *record, const char *what)
{
    return sts_fail(a->err, STS_MODEL, "%s: record %.300s: %s", a->path, record, what);
}

/* ---- the directory of the archive ---- */

/* Is it UTF-8 of characters from `least` on? */
static bool is_text(const char *s, size_t n, utf8proc_int32_t least)
{
    utf8proc_int32_t cp;
    for (size_t i = 0; i < n;) {
        utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s + i,
                                              (utf8proc_ssize_t)(n - i), &cp);
        if (k <= 0 || cp < least) return false;
        i += (size_t)k;
    }
    return true;
}

/* Names that could lead outside a directory, or that are not text, are refused. */
static const char *name_fault(const char *name)
{
    size_t n = strlen(name);
    if (!n) return "has no name";
    if (*name == '/' || strchr(name, '\\') || (n > 1 && name[1] == ':')) return "an absolute name";
    if (sts_path_climbs(name)) return "its name leads outside";
    return is_text(name, n, 0x20) ? NULL : "its name is not text";
}

static int add_entry(archive *a, zip_uint64_t index, uint64_t file_size, uint64_t *total)
{
    zip_stat_t s;
    const zip_uint64_t all = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                             ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(a->zip, index, ZIP_FL_ENC_RAW, &s) || (s.valid & all) != all)
        return sts_fail(a->err, STS_MODEL, "%s: entry %llu of the archive is damaged", a->path,
                        (unsigned long long)index);
    const char *fault = name_fault(s.name);
    if (fault) return fail(a, s.name, fault);
    if (s.encryption_method != ZIP_EM_NONE) return fail(a, s.name, "is encrypted");
    if (s.comp_method != ZIP_CM_STORE || s.size != s.comp_size)
        return fail(a, s.name, "is compressed, which torch.save never does; save it again with it");
    *total += s.size;
    if (s.size > file_size || *total > file_size)
        return fail(a, s.name, "the records claim to be larger than the file");
    a->v[a->n++] = (entry){s.name, index, (size_t)s.size};
    return 0;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const entry *)x)->name, ((const entry *)y)->name);
}

static int list_entries(archive *a, uint64_t file_size)
{
    zip_int64_t n = zip_get_num_entries(a->zip, 0);
    if (n < 0 || n > STS_ZIP_ENTRIES)
        return sts_fail(a->err, STS_MODEL, "%s: more than 100,000 records", a->path);
    a->v = sts_alloc((size_t)n + 1, sizeof *a->v);
    if (!a->v) return sts_fail_memory(a->err, a->path);
    uint64_t total = 0;
    for (zip_int64_t i = 0; i < n; i++)
        if (add_entry(a, (zip_uint64_t)i, file_size, &total)) return -1;
    qsort(a->v, a->n, sizeof *a->v, by_name);
    for (size_t i = 1; i < a->n; i++)
        if (!strcmp(a->v[i - 1].name, a->v[i].name))
            return fail(a, a->v[i].name, "occurs twice");
    return 0;
}

/* The record ROOT/folder name, or NULL. */
static const entry *find(const archive *a, const char *folder, sts_str name)
{
    char full[600];
    size_t n = strlen(a->root) + strlen(folder);
    if (name.n >= sizeof full - n || memchr(name.s, 0, name.n)) return NULL;
    snprintf(full, sizeof full, "%s%s%.*s", a->root, folder, (int)name.n, name.s);
    entry key = {.name = full};
    return bsearch(&key, a->v, a->n, sizeof key, by_name);
}

static const entry *find_own(const archive *a, const char *name)
{
    return find(a, name, (sts_str){"", 0});
}

static int find_root(archive *a)
{
    for (size_t i = 0; i < a->n; i++) {
        const char *slash = strchr(a->v[i].name, '/');
        if (!slash || strcmp(slash, "/data.pkl")) continue;
        size_t n = (size_t)(slash - a->v[i].name) + 1;
        if (*a->root) return fail(a, a->v[i].name, "a second data.pkl");
        if (n >= sizeof a->root) return fail(a, a->v[i].name, "its name is too long");
        memcpy(a->root, a->v[i].name, n);
    }
    if (!*a->root)
        return sts_fail(a->err, STS_MODEL, "%s: a zip archive, but not one of torch.save (no "
                        "data.pkl)", a->path);
    if (find_own(a, "constants.pkl"))
        return sts_fail(a->err, STS_MODEL, "%s: a TorchScript program, not weights", a->path);
    for (size_t i = 0; i < a->n; i++)
        if (strncmp(a->v[i].name, a->root, strlen(a->root)))
            return fail(a, a->v[i].name, "does not lie in the folder of data.pkl");
    return 0;
}

/* Readers that look for the start or the end of an archive elsewhere would find another one. */
static int check_ends(const archive *a)
{
    unsigned char head[4] = "";
    int fd = sts_file_open(a->path, STS_MODEL, a->err), n = 0;
    if (fd < 0) return -1;
    ssize_t k = sts_read_all(fd, head, sizeof head);
    sts_sys.close(fd);
    if (k < 0) return sts_fail_errno(a->err, a->path, "cannot read");
    if (memcmp(head, "PK\3\4", 4))
        return sts_fail(a->err, STS_MODEL, "%s: byte 0: not the start of an archive", a->path);
    const char *comment = zip_get_archive_comment(a->zip, &n, ZIP_FL_ENC_RAW);
    for (int i = 0; comment && i + 4 <= n; i++)
        if (!memcmp(comment + i, "PK\5\6", 4))
            return sts_fail(a->err, STS_MODEL, "%s: a second end of the archive in its comment",
                            a->path);
    return 0;
}

/* ---- reading records ---- */

static int read_failed(const archive *a, const char *name, zip_file_t *f)
{
    zip_error_t *e = f ? zip_file_get_error(f) : zip_get_error(a->zip);
    sts_fail(a->err, sts_zip_failed(e) ? STS_FAILED : STS_MODEL,
             "%s: record %.300s: cannot be read: %s", a->path, name, zip_error_strerror(e));
    if (f) zip_fclose(f);
    return -1;
}

/* Skips `skip` bytes and reads n; the rest is not read. */
static int read_part(const archive *a, zip_uint64_t index, const char *name, uint64_t skip,
                     void *out, size_t n)
{
    zip_file_t *f = zip_fopen_index(a->zip, index, 0);
    if (!f) return read_failed(a, name, NULL);
    if (skip && zip_fseek(f, (zip_int64_t)skip, SEEK_SET)) return read_failed(a, name, f);
    for (size_t done = 0; done < n;) {
        zip_int64_t k = zip_fread(f, (char *)out + done, n - done);
        if (k <= 0) return read_failed(a, name, f);
        done += (size_t)k;
    }
    zip_fclose(f);
    return 0;
}

/* Reads every record to its end: libzip compares the CRC there. */
static int check_crcs(const archive *a)
{
    unsigned char *buf = sts_alloc(PIECE, 1);
    if (!buf) return sts_fail_memory(a->err, a->path);
    int rc = 0;
    for (size_t i = 0; i < a->n && !rc; i++) {
        zip_file_t *f = zip_fopen_index(a->zip, a->v[i].index, 0);
        size_t got = 0;
        zip_int64_t k = f ? 1 : -1;
        while (k > 0) {
            k = zip_fread(f, buf, PIECE);
            if (k > 0) got += (size_t)k;
        }
        if (k < 0) rc = read_failed(a, a->v[i].name, f);
        else zip_fclose(f);
        if (!rc && got != a->v[i].size) rc = fail(a, a->v[i].name, "is cut off");
    }
    sts_free(buf);
    return rc;
}

/* ---- tensors ---- */

/* A record of a few bytes as text; what does not fit, or holds a NUL, is "". */
static int read_short(const archive *a, const entry *e, char text[8])
{
    memset(text, 0, 8);
    if (e->size >= 8) return 0;
    if (read_part(a, e->index, e->name, 0, text, e->size)) return -1;
    if (strlen(text) < e->size) *text = 0;
    return 0;
}

static int check_byte_order(const archive *a)
{
    char order[8];
    const entry *e = find_own(a, "byteorder");
    if (!e) return 0; /* older than PyTorch 2.1: the machine's, which is little */
    if (read_short(a, e, order)) return -1;
    if (!strcmp(order, "little")) return 0;
    if (strcmp(order, "big")) return fail(a, e->name, "must be \"little\"");
    return fail(a, e->name, "big-endian numbers are not supported; save it again on a "
                            "little-endian machine");
}

/* PyTorch reads the versions 1 to 10 of its format, and none without a number. */
static int check_version(const archive *a)
{
    char text[8], *end;
    const entry *e = find_own(a, ".data/version");
    if (!e) e = find_own(a, "version");
    if (!e) return sts_fail(a->err, STS_MODEL, "%s: its record version is missing", a->path);
    if (read_short(a, e, text)) return -1;
    long version = strtol(text, &end, 10);
    if (version >= 1 && version <= 10 && (!*end || !strcmp(end, "\n"))) return 0;
    return fail(a, e->name, "not a version of the format from 1 to 10");
}

/* The elements of its record from a tensor's first to its last; its count is not 0. */
static size_t span(const sts_tensor *t)
{
    size_t n = 1;
    for (int d = 0; d < t->n_dims; d++) n += (t->shape[d] - 1) * t->stride[d];
    return n;
}

/* Takes what reading a tensor costs off *left: thousands of views may share one record. */
static bool afford(const sts_tensor *t, uint64_t *left)
{
    uint64_t across = t->count ? span(t) * (t->dtype->bits / 8) : 0;
    uint64_t cost = across > t->bytes ? across : t->bytes;
    if (cost > *left) return false;
    *left -= cost;
    return true;
}

/* A name that a safetensors file, as which the model will be saved, can have. */
static bool is_name(sts_str s)
{
    return s.n && s.n <= STS_TENSOR_NAME && is_text(s.s, s.n, 1) &&
           (s.n != 12 || memcmp(s.s, "__metadata__", 12));
}

static int add_tensor(sts_weights *w, const archive *a, const sts_pickle_tensor *p, uint64_t *left)
{
    char shown[256], key[256];
    sts_quote(shown, sizeof shown, p->name.s, p->name.n);
    sts_tensor t = p->t;
    t.file = (int)w->n_files;
    if (!is_name(p->name))
        return sts_fail(a->err, STS_MODEL, "%s: tensor \"%s\": not a name", a->path, shown);
    char *name = sts_arena_text(&w->arena, p->name.s, p->name.n);
    if (!name) return sts_fail_memory(a->err, a->path);
    t.name = name;
    if (sts_tensor_measure(&t, a->path, a->err)) return -1;
    const entry *e = find(a, "data/", p->storage);
    size_t bytes;
    if (!e)
        return sts_fail(a->err, STS_MODEL, "%s: tensor %s: its record data/%s is missing", a->path,
                        shown, sts_quote(key, sizeof key, p->storage.s, p->storage.n));
    if (!sts_dtype_bytes(t.dtype, p->numel, &bytes) || bytes != e->size)
        return sts_fail(a->err, STS_MODEL, "%s: tensor %s: its storage should have %zu elements of "
                        "%s, but the record %s has %zu bytes", a->path, shown, p->numel,
                        t.dtype->name, e->name, e->size);
    t.record = (int64_t)e->index;
    if (!afford(&t, left))
        return sts_fail(a->err, STS_MODEL, "%s: tensor %s: the tensors up to it are more than "
                        "twice as large as the file", a->path, shown);
    return sts_weights_push(w, &t, a->path, a->err);
}

static int read_tensors(sts_weights *w, const archive *a, uint64_t file_size)
{
    const entry *e = find_own(a, "data.pkl");
    if (e->size > STS_PICKLE_MAX) return fail(a, e->name, "is larger than 64 MB");
    unsigned char *pickle = sts_realloc(NULL, e->size, 1);
    if (!pickle) return sts_fail_memory(a->err, a->path);
    sts_arena arena = {0};
    sts_pickle_tensor *v;
    size_t n;
    uint64_t left = 2 * file_size + STS_VIEWS_FREE;
    int rc = read_part(a, e->index, e->name, 0, pickle, e->size);
    if (!rc) rc = sts_pickle_read(pickle, e->size, a->path, &arena, &v, &n, a->err);
    for (size_t i = 0; !rc && i < n; i++) rc = add_tensor(w, a, &v[i], &left);
    sts_arena_free(&arena);
    sts_free(pickle);
    return rc;
}

/* Is it of the format from before PyTorch 1.6, which is not an archive? */
static bool ancient(const char *path)
{
    unsigned char head[2] = "";
    int fd = sts_file_open(path, STS_MODEL, NULL);
    ssize_t n = fd < 0 ? 0 : sts_read_all(fd, head, sizeof head);
    if (fd >= 0) sts_sys.close(fd);
    return n == 2 && head[0] == 0x80 && head[1] == 2;
}

static int not_a_zip(const char *path, zip_error_t *e, sts_err *err)
{
    if (sts_zip_failed(e))
        return sts_fail(err, STS_FAILED, "%s: cannot read: %s", path, zip_error_strerror(e));
    if (ancient(path))
        return sts_fail(err, STS_MODEL, "%s: was written in the format from before PyTorch 1.6; "
                        "load it there and write it with torch.save or save_pretrained", path);
    return sts_fail(err, STS_MODEL, "%s: not a PyTorch zip archive, or a damaged one: %s", path,
                    zip_error_strerror(e));
}

int sts_torch_zip_open(sts_weights *w, const char *path, sts_err *err)
{
    int64_t size = sts_file_size(path);
    if (size < 0) return sts_fail_errno(err, path, "cannot stat");
    if (sts_grow(&w->file, w->n_files, &w->cap_files, sizeof *w->file))
        return sts_fail_memory(err, path);
    archive a = {.path = path, .err = err};
    zip_error_t e;
    zip_error_init(&e);
    a.zip = sts_zip_open(path, STS_ZIP_ENTRIES, &e);
    if (!a.zip) not_a_zip(path, &e, err);
    zip_error_fini(&e);
    if (!a.zip) return -1;
    char *copy = sts_strdup(path);
    int rc = copy ? 0 : sts_fail_memory(err, path);
    if (!rc) rc = list_entries(&a, (uint64_t)size);
    if (!rc) rc = find_root(&a);
    if (!rc) rc = check_ends(&a);
    if (!rc) rc = check_crcs(&a);
    if (!rc) rc = check_byte_order(&a);
    if (!rc) rc = check_version(&a);
    if (!rc) rc = read_tensors(w, &a, (uint64_t)size);
    sts_free(a.v);
    w->file[w->n_files++] = (sts_weights_file){.path = copy, .fd = -1, .zip = a.zip};
    return rc;
}

/* Copies elements of `width` bytes in row-major order from a strided source. */
static void gather(unsigned char *out, const unsigned char *from, const sts_tensor *t)
{
    size_t width = t->dtype->bits / 8, at[STS_TENSOR_DIMS] = {0}, src = 0;
    for (size_t i = 0; i < t->count; i++) {
        memcpy(out + i * width, from + src * width, width);
        for (int d = t->n_dims - 1; d >= 0; d--) { /* the next index, as an odometer */
            src += t->stride[d];
            if (++at[d] < t->shape[d]) break;
            src -= t->stride[d] * t->shape[d];
            at[d] = 0;
        }
    }
}

static bool contiguous(const sts_tensor *t)
{
    size_t want = 1;
    for (int d = t->n_dims - 1; d >= 0; d--) {
        if (t->shape[d] != 1 && t->stride[d] != want) return false;
        want *= t->shape[d];
    }
    return true;
}

int sts_torch_zip_read(const sts_weights_file *f, const sts_tensor *t, void *out, sts_err *err)
{
    archive a = {.zip = f->zip, .path = f->path, .err = err};
    size_t width = t->dtype->bits / 8;
    zip_uint64_t index = (zip_uint64_t)t->record;
    if (!t->count) return 0;
    if (contiguous(t)) return read_part(&a, index, t->name, t->offset * width, out, t->bytes);
    unsigned char *buf = sts_realloc(NULL, span(t), width);
    if (!buf) return sts_fail_memory(err, t->name);
    int rc = read_part(&a, index, t->name, t->offset * width, buf, span(t) * width);
    if (!rc) gather(out, buf, t);
    sts_free(buf);
    return rc;
}

void sts_torch_zip_close(struct zip *z)
{
    if (z) zip_discard(z);
}
