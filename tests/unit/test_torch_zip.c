/* test_torch_zip.c - PyTorch archives made in memory: good ones, a table of tricks, and every byte
 * changed. */
#include "core/file.h"
#include "core/mem.h"
#include "format/torch_zip.h"
#include "pickle_help.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

static char dir[32], path[64];

static void setup(void)
{
    strcpy(dir, "/tmp/stsfit-test-XXXXXX");
    cr_assert(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/pytorch_model.bin", dir);
}

static void teardown(void)
{
    cr_assert(!sts_dir_remove(dir, NULL));
}

TestSuite(torch_zip, .init = setup, .fini = teardown);

static const float numbers[6] = {1, 2, 3, 4, 5, 6};
static const char good_pickle[] = ONE(TENSOR);

typedef struct record {
    const char *name;
    const void *bytes;
    size_t n;
    int method; /* 0: stored; -k: stored, with a claim of k bytes more than there are */
} record;

/* A zip archive of these records, by hand: libzip would refuse to make some of them. */
static size_t make_zip(unsigned char *out, const record *v, size_t n)
{
    size_t at = 0, central = 0;
    unsigned char dirs[4096];
    for (size_t i = 0; i < n; i++) {
        unsigned char h[46] = {'P', 'K', 1, 2, 20, 0, 20};
        uint32_t crc = (uint32_t)crc32(0, v[i].bytes, (uInt)v[i].n), size = (uint32_t)v[i].n;
        bool boasts = v[i].method < 0;
        uint16_t length = (uint16_t)strlen(v[i].name), method = boasts ? 0 : (uint16_t)v[i].method;
        uint32_t offset = (uint32_t)at;
        memcpy(h + 10, &method, 2), memcpy(h + 16, &crc, 4), memcpy(h + 20, &size, 4);
        if (boasts) size += (uint32_t)-v[i].method;
        memcpy(h + 24, &size, 4), memcpy(h + 28, &length, 2), memcpy(h + 42, &offset, 4);
        memcpy(out + at, "PK\3\4", 4);
        memcpy(out + at + 4, h + 6, 26);
        at += 30;
        memcpy(out + at, v[i].name, length);
        at += length;
        if (v[i].n) memcpy(out + at, v[i].bytes, v[i].n);
        at += v[i].n;
        memcpy(dirs + central, h, 46);
        memcpy(dirs + central + 46, v[i].name, length);
        central += 46u + length;
    }
    unsigned char end[22] = {'P', 'K', 5, 6};
    uint16_t count = (uint16_t)n;
    uint32_t size = (uint32_t)central, offset = (uint32_t)at;
    memcpy(end + 8, &count, 2), memcpy(end + 10, &count, 2);
    memcpy(end + 12, &size, 4), memcpy(end + 16, &offset, 4);
    memcpy(out + at, dirs, central);
    memcpy(out + at + central, end, 22);
    return at + central + 22;
}

/* The same with a record of the format's version, as PyTorch wants one. */
static size_t whole_zip(unsigned char *out, const record *v, size_t n)
{
    record all[8];
    memcpy(all, v, n * sizeof *v);
    all[n] = (record){"m/version", "3\n", 2, 0};
    return make_zip(out, all, n + 1);
}

static void put_file(const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    cr_assert(f && fwrite(bytes, 1, n, f) == n && !fclose(f));
}

static int open_it(sts_weights *w, sts_err *err)
{
    *w = (sts_weights){0};
    *err = (sts_err){0};
    int rc = sts_weights_add(w, path, err);
    return rc ? rc : sts_weights_sort(w, err);
}

#define PKL(name) {name, good_pickle, sizeof good_pickle - 1, 0}
#define DATA {"m/data/0", numbers, 24, 0}
#define L64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define LONG_NAME L64 L64 L64 L64 L64
/* A tensor, its parts as pickle: storage key, how many elements that has, sizes and strides. */
#define MADE_OF(key, numel, sizes, strides)                                                        \
    REBUILD "((" TEXT("\7", "storage") "ctorch\nFloatStorage\n" key TEXT("\3", "cpu") numel        \
        "tQ" "K\0" sizes strides HOOKS "tR"
#define TENSORS(name, tensor) TEXT("\1", name) tensor "s"
#define MADE(tensors) {"m/data.pkl", "\x80\2}" tensors ".", sizeof("\x80\2}" tensors ".") - 1, 0}
#define KEY0 TEXT("\1", "0")
#define SIX "K\6"
#define SHAPED(key, numel) TENSORS("w", MADE_OF(key, numel, "K\2K\3\x86", "K\3K\1\x86"))
#define TO62 "\x8a\10\0\0\0\0\0\0\0\x40"
#define TO53 "\x8a\7\0\0\0\0\0\0\x20"
#define BIG(name) TENSORS(name, MADE_OF(KEY0, "M\350\3", "M\350\3\x85", "K\1\x85")) /* 1000 */
#define BIG_DATA {"m/data/0", thousand, sizeof thousand, 0}
static const float thousand[1000];
static const struct {
    record v[4];
    size_t n;
    const char *says; /* NULL: good */
} archives[] = {
    {{PKL("m/data.pkl"), DATA}, 2, NULL},
    {{PKL("m/data.pkl"), DATA, {"m/byteorder", "little", 6, 0}}, 3, NULL},
    {{PKL("m/data.pkl"), DATA, {"m/byteorder", "little\0", 7, 0}}, 3, "must be \"little\""},
    {{PKL("m/data.pkl"), DATA, {"m/byteorder", "big", 3, 0}}, 3, "big-endian"},
    {{PKL("m/data.pkl")}, 1, "data/0 is missing"},
    {{DATA}, 1, "no data.pkl"},
    {{PKL("data.pkl"), DATA}, 2, "no data.pkl"},
    {{PKL("m/data.pkl"), DATA, PKL("n/data.pkl")}, 3, "second data.pkl"},
    {{PKL("m/data.pkl"), DATA, DATA}, 3, "exists"},
    {{PKL("m/data.pkl"), {"m/data/0", numbers, 20, 0}}, 2, "should have 6 elements"},
    {{PKL("m/data.pkl"), {"m/data/0", numbers, 23, 0}}, 2, "should have 6 elements"},
    {{PKL("m/data.pkl"), DATA, {"/etc/passwd", "x", 1, 0}}, 3, "absolute"},
    {{PKL("m/data.pkl"), DATA, {"m/../../x", "x", 1, 0}}, 3, "leads outside"},
    {{PKL("m/data.pkl"), DATA, {"m\\x", "x", 1, 0}}, 3, "absolute"},
    {{PKL("m/data.pkl"), DATA, {"m/\1", "x", 1, 0}}, 3, "not text"},
    {{PKL("m/data.pkl"), DATA, {"m/\xff", "x", 1, 0}}, 3, "not text"},
    {{PKL("m/data.pkl"), {"m/data/0", "x", 1, 8}}, 2, "compressed"},
    {{PKL("m/data.pkl"), DATA, {"C:/x", "x", 1, 0}}, 3, "absolute"},
    {{PKL("m/data.pkl"), DATA, {"..", "x", 1, 0}}, 3, "leads outside"},
    {{PKL("m/data.pkl"), DATA, {"x", "x", 1, 0}}, 3, "folder of data.pkl"},
    {{PKL("m/data.pkl"), DATA, {"M/DATA.PKL", "x", 1, 0}}, 3, "folder of data.pkl"},
    {{PKL("m/data.pkl"), DATA, {"m/..x", "x", 1, 0}}, 3, NULL},
    {{PKL("m/data.pkl"), DATA, {"m/byteorder", "little-endian", 13, 0}}, 3, "must be \"little\""},
    {{PKL(LONG_NAME "/data.pkl"), DATA}, 2, "its name is too long"},
    {{PKL("m/data.pkl"), {"m/data/0", numbers, 24, 8}}, 2, "compressed"},
    {{PKL("m/data.pkl"), DATA, {"m/constants.pkl", "x", 1, 0}}, 3, "TorchScript"},
    {{PKL("m/data.pkl"), {"m/data/0", numbers, 24, -8}}, 2, "compressed"},
    {{MADE(SHAPED(KEY0, SIX)), DATA}, 2, NULL},
    {{MADE(SHAPED(TEXT("\3", "0\0x"), SIX)), DATA}, 2,
     "its record data/0\\x00x is missing"},
    {{MADE(SHAPED("X\x80\2\0\0" LONG_NAME LONG_NAME, SIX)),
      {"m/data/" L64 L64 L64 "nnnnnnnn", numbers, 24, 0}}, 2, "is missing"},
    {{MADE(SHAPED("X\x80\2\0\0" LONG_NAME LONG_NAME, SIX)),
      {"m/data/" LONG_NAME LONG_NAME, numbers, 24, 0}}, 2, "is missing"},
    {{MADE(SHAPED("X\x40\1\0\0" LONG_NAME, SIX)),
      {"m/data/" LONG_NAME, numbers, 24, 0}}, 2, NULL},
    {{MADE(SHAPED(KEY0, TO62)), DATA}, 2,
     "should have 4611686018427387904 elements"},
    {{MADE(TENSORS("w", MADE_OF(KEY0, TO62, TO53 "M\0\2\x86", "K\0K\0\x86"))), DATA}, 2,
     "its shape overflows"},
    {{MADE(BIG("u") BIG("v") BIG("w")), BIG_DATA}, 2, NULL}, /* three of one storage */
    {{{"m/data.pkl",
       "\x80\2"
       "cos\nsystem\n.",
       14, 0},
      DATA},
     2,
     "os.system"},
};

Test(torch_zip, table)
{
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++) {
        unsigned char buf[8192];
        sts_weights w;
        sts_err err;
        put_file(buf, whole_zip(buf, archives[i].v, archives[i].n));
        int rc = open_it(&w, &err);
        const char *says = archives[i].says;
        if (!says) cr_assert(!rc, "archive %zu refused: %s", i, err.text);
        else
            cr_assert(rc && err.code == STS_MODEL && strstr(err.text, says) &&
                          strstr(err.text, path),
                      "archive %zu (%s): %s", i, says, rc ? err.text : "accepted");
        sts_weights_done(&w);
    }
}

Test(torch_zip, versions)
{
    static const struct { const char *name, *text, *says; } v[] = {
        {"m/version", "1", NULL},         {"m/version", "10\n", NULL},
        {"m/.data/version", "3\n", NULL}, {"m/versions", "3\n", "record version is missing"},
        {"m/version", "0\n", "1 to 10"},  {"m/version", "11\n", "1 to 10"},
        {"m/version", "", "1 to 10"},     {"m/version", "3 4\n", "1 to 10"},
        {"m/version", "three", "1 to 10"}, {"m/version", "00000003", "1 to 10"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        unsigned char buf[8192];
        record r[] = {PKL("m/data.pkl"), DATA, {v[i].name, v[i].text, strlen(v[i].text), 0}};
        sts_weights w;
        sts_err err;
        put_file(buf, make_zip(buf, r, 3));
        int rc = open_it(&w, &err);
        cr_assert(v[i].says ? rc && strstr(err.text, v[i].says) : !rc, "%zu: %s", i, err.text);
        sts_weights_done(&w);
    }
}

/* Bytes before the archive, and a second end in its comment: other readers see another one. */
Test(torch_zip, ends)
{
    static const char plain[] = "made by hand", second[] = "x PK\5\6 x";
    unsigned char buf[8192] = "", *zip = buf + 64;
    size_t n = whole_zip(zip, archives[0].v, 2);
    for (int i = 0; i < 3; i++) {
        const char *comment = i == 2 ? second : plain;
        size_t more = i ? strlen(comment) : 0;
        sts_weights w;
        sts_err err;
        zip[n - 2] = (unsigned char)more;
        memcpy(zip + n, comment, more);
        put_file(i ? zip : buf, n + more + (i ? 0 : 64));
        int rc = open_it(&w, &err);
        if (i == 1) cr_assert(!rc, "%s", err.text);
        else cr_assert(rc && err.code == STS_MODEL, "%d: taken", i);
        cr_assert(i != 2 || strstr(err.text, "second end"), "%s", err.text);
        sts_weights_done(&w);
    }
}

static void add_to(unsigned char *at, uint32_t more)
{
    uint32_t x;
    memcpy(&x, at, 4);
    x += more;
    memcpy(at, &x, 4);
}

/* Bytes before the archive that its directory knows of: libzip takes it, other readers do not. */
Test(torch_zip, begins_late)
{
    unsigned char buf[8192] = "", *zip = buf + 64, *entry;
    size_t n = whole_zip(zip, archives[0].v, 2);
    uint32_t directory;
    sts_weights w;
    sts_err err;
    memcpy(&directory, zip + n - 6, 4);
    for (entry = zip + directory; entry < zip + n - 22; entry += 46 + entry[28])
        add_to(entry + 42, 64);
    add_to(zip + n - 6, 64);
    put_file(buf, n + 64);
    cr_assert(open_it(&w, &err) && err.code == STS_MODEL);
    cr_assert(strstr(err.text, "byte 0: not the start of an archive"), "%s", err.text);
    sts_weights_done(&w);
}

/* What looks like the locator of 64-bit numbers in a comment, and leads past the end: nothing to a
 * good archive, and to one without an end no failure of the machine. */
Test(torch_zip, locator_past_the_end)
{
    unsigned char buf[8192];
    size_t n = whole_zip(buf, archives[0].v, 2);
    sts_weights w;
    sts_err err;
    memset(buf + n, 0xff, 20);
    memcpy(buf + n, "PK\6\7", 4);
    buf[n - 2] = 20;
    put_file(buf, n + 20);
    cr_assert(!open_it(&w, &err), "%s", err.text);
    sts_weights_done(&w);
    buf[n - 22] = 'x';
    put_file(buf, n + 20);
    cr_assert(open_it(&w, &err) && err.code == STS_MODEL, "%d %s", err.code, err.text);
    sts_weights_done(&w);
}

/* A claim of 200,000 entries is refused before one of them is read. */
Test(torch_zip, many_claimed)
{
    static const unsigned char locator[20] = {'P', 'K', 6, 7}, end[22] = {'P', 'K', 5, 6};
    unsigned char buf[56 + 20 + 22 + 9] = {'P', 'K', 6, 6};
    for (int many = 0; many < 2; many++) { /* 200,000 or none; a comment behind or not */
        sts_weights w;
        sts_err err;
        memset(buf + 98, 0, 9);
        memcpy(buf + 56, locator, 20), memcpy(buf + 76, end, 22);
        memcpy(buf + 32, many ? "\x40\x0d\3" : "\0\0\0", 3);
        buf[96] = many ? 9 : 0;
        put_file(buf, many ? 107 : 98);
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL, "%d: %s", many, err.text);
        cr_assert(!many == !strstr(err.text, "inconsistent"), "%d: %s", many, err.text);
        sts_weights_done(&w);
    }
}

/* Numbers come out in row-major order whatever the strides. */
Test(torch_zip, strides)
{
    static const struct { const char *p; size_t n; float want[6]; } v[] = {
        {ONE(TENSOR), sizeof(ONE(TENSOR)) - 1, {1, 2, 3, 4, 5, 6}},
#define TURNED ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\1K\2\x86" HOOKS "tR")
        {TURNED, sizeof(TURNED) - 1, {1, 3, 5, 2, 4, 6}},
#define PART ONE(REBUILD "(" STORAGE("0", "\6") "K\2K\2K\2\x86K\2K\1\x86" HOOKS "tR")
        {PART, sizeof(PART) - 1, {3, 4, 5, 6}},
#define COLUMN ONE(REBUILD "(" STORAGE("0", "\6") "K\1K\2K\1\x86K\3K\1\x86" HOOKS "tR")
        {COLUMN, sizeof(COLUMN) - 1, {2, 5}},
#define SCALAR ONE(REBUILD "(" STORAGE("0", "\6") "K\4))" HOOKS "tR")
        {SCALAR, sizeof(SCALAR) - 1, {5}},
#define NONE_ ONE(REBUILD "(" STORAGE("0", "\6") "K\4K\0\x85K\1\x85" HOOKS "tR")
        {NONE_, sizeof(NONE_) - 1, {0}},
#define THREE ONE(REBUILD "(" STORAGE("0", "\6") "K\1K\2K\1K\2\x87K\3K\7K\1\x87" HOOKS "tR")
        {THREE, sizeof(THREE) - 1, {2, 3, 5, 6}},
#define SPREAD ONE(REBUILD "(" STORAGE("0", "\6") "K\1K\2K\3\x86K\0K\0\x86" HOOKS "tR")
        {SPREAD, sizeof(SPREAD) - 1, {2, 2, 2, 2, 2, 2}},
#define OVERLAP ONE(REBUILD "(" STORAGE("0", "\6") "K\1K\2K\3\x86K\1K\1\x86" HOOKS "tR")
        {OVERLAP, sizeof(OVERLAP) - 1, {2, 3, 4, 3, 4, 5}},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        unsigned char buf[8192];
        record r[] = {{"m/data.pkl", v[i].p, v[i].n, 0}, DATA};
        sts_weights w;
        sts_err err;
        float x[6] = {0};
        put_file(buf, whole_zip(buf, r, 2));
        cr_assert(!open_it(&w, &err), "%zu: %s", i, err.text);
        cr_assert(!sts_weights_read(&w, sts_weights_find(&w, "w"), x, &err), "%s", err.text);
        for (int k = 0; k < 6; k++) cr_assert_eq(x[k], v[i].want[k], "%zu: element %d", i, k);
        sts_weights_done(&w);
    }
}

/* Archives of one record, with these pickles: opened, or refused in these words. */
static void open_pickles(const pickle *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char buf[8192];
        record r[] = {{"m/data.pkl", v[i].p, v[i].n, 0}, DATA};
        sts_weights w;
        sts_err err;
        put_file(buf, whole_zip(buf, r, 2));
        int rc = open_it(&w, &err);
        cr_assert(v[i].says ? rc && strstr(err.text, v[i].says) : !rc, "%zu: %s", i, err.text);
        sts_weights_done(&w);
    }
}

Test(torch_zip, names)
{
    static const pickle v[] = {
        P("\x80\2}" TEXT("\2", "\xc3\xa9") TENSOR "s.", NULL),
        P("\x80\2}" TEXT("\14", "__metadata_x") TENSOR "s.", NULL),
        P("\x80\2}" TEXT("\14", "__metadata__") TENSOR "s.", "not a name"),
        P("\x80\2}" TEXT("\2", "\xff\xfe") TENSOR "s.", "not a name"),
        P("\x80\2}" TEXT("\2", "a\0") TENSOR "s.", "not a name"),
        P("\x80\2}" TEXT("\0", "") TENSOR "s.", "not a name"),
        P("\x80\2}X\0\2\0\0" L64 L64 L64 L64 L64 L64 L64 L64 TENSOR "s.", NULL),
        P("\x80\2}X\1\2\0\0x" L64 L64 L64 L64 L64 L64 L64 L64 TENSOR "s.", "not a name"),
    };
    open_pickles(v, sizeof v / sizeof *v);
}

/* Views that take more than the file is worth: one of strides of zero, and a sum that wraps. */
Test(torch_zip, views)
{
#define SIZES(a, b) "K\0" a b "\x86K\0K\0\x86"
#define VIEW(sizes) REBUILD "(" STORAGE("0", "\6") sizes HOOKS "tR"
#define LARGE VIEW(SIZES("J\0\0\0\2", "K\1"))
#define LIMIT VIEW(SIZES("J\0\0\0\1", "K\1")) /* 64 MB */
#define HUGE_ VIEW(SIZES("J\0\0\0\100", "J\0\0\0\100"))
    static const pickle v[] = {
        P(ONE(LIMIT), NULL), P(ONE(LARGE), "twice as large"), P(ONE(HUGE_), "overflows"),
        P("\x80\2}" TEXT("\1", "w") LIMIT "s" TEXT("\1", "v") LIMIT "s.", "twice as large"),
    };
    open_pickles(v, sizeof v / sizeof *v);
}

/* Strides that need more of the memory than there is; what is no file in the place of one. */
Test(torch_zip, cannot)
{
    unsigned char buf[8192];
    record r[] = {{"m/data.pkl", TURNED, sizeof(TURNED) - 1, 0}, DATA};
    sts_weights w;
    sts_err err;
    float x[6];
    put_file(buf, whole_zip(buf, r, 2));
    cr_assert(!open_it(&w, &err), "%s", err.text);
    sts_mem_fail(1, true);
    int rc = sts_weights_read(&w, sts_weights_find(&w, "w"), x, &err);
    sts_mem_fail(0, false);
    cr_assert(rc && err.code == STS_FAILED, "%d %s", err.code, err.text);
    sts_weights_done(&w);
    for (int pipe = 0; pipe < 2; pipe++) { /* of which none may be waited for */
        cr_assert(!remove(path) && !(pipe ? mkfifo(path, 0600) : mkdir(path, 0700)));
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL &&
                      strstr(err.text, "not a regular file"), "%d %s", err.code, err.text);
        sts_weights_done(&w);
    }
}

/* What is not a zip archive at all. */
Test(torch_zip, other_files)
{
    static const pickle files[] = {
        P("\x80\2\x8a\12l\374\234F\371 j\250P\31.", "PyTorch 1.6"),
        P("", "zip archive"),
        P("hello, this is no archive at all, just text", "zip archive"),
        P("version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        P("PK\3\4", "zip archive"),
        P("\x80\3", "zip archive"),
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        sts_weights w;
        sts_err err;
        put_file(files[i].p, files[i].n);
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL && strstr(err.text, files[i].says),
                  "%zu: %s", i, err.text);
        sts_weights_done(&w);
    }
}

/* Each byte of an archive takes other values, and each length: an error, or the very same numbers;
 * a changed number is caught by the CRC. */
Test(torch_zip, every_byte)
{
    unsigned char buf[4096];
    size_t n = whole_zip(buf, archives[0].v, 2), accepted = 0;
    for (size_t i = 0; i < n; i++) {
        static const unsigned char change[] = {1, 0x80, 0xff, 0x0a};
        for (size_t k = 0; k < sizeof change; k++) {
            sts_weights w;
            sts_err err;
            float x[6];
            buf[i] ^= change[k];
            put_file(buf, n);
            if (open_it(&w, &err)) {
                cr_assert_eq(err.code, STS_MODEL, "byte %zu: %s", i, err.text);
            } else {
                accepted++;
                cr_assert(w.n == 1 && w.v->count == 6, "byte %zu", i);
                cr_assert(!sts_weights_read(&w, w.v, x, &err) && !memcmp(x, numbers, 24),
                          "byte %zu", i);
            }
            sts_weights_done(&w);
            buf[i] ^= change[k];
        }
    }
    cr_assert(accepted < n, "%zu changes went unnoticed", accepted);
    for (size_t k = 0; k < n; k++) {
        sts_weights w;
        sts_err err;
        put_file(buf, k);
        cr_assert(open_it(&w, &err) && err.code == STS_MODEL, "cut to %zu bytes", k);
        sts_weights_done(&w);
    }
}

Test(torch_zip, failing_allocations)
{
    unsigned char buf[4096];
    put_file(buf, whole_zip(buf, archives[0].v, 2));
    size_t nth = 1;
    for (bool done = false; !done; nth++) {
        sts_weights w = {0};
        sts_err err = {0};
        float x[6];
        sts_mem_fail(nth, nth % 2);
        int rc = sts_weights_open(&w, dir, &err);
        if (!rc) rc = sts_weights_read(&w, w.v, x, &err);
        sts_mem_fail(0, false);
        sts_weights_done(&w);
        cr_assert(!rc || err.code == STS_FAILED, "allocation %zu: %s", nth, err.text);
        done = !rc;
    }
    cr_assert(nth > 10, "only %zu allocations", nth);
}
