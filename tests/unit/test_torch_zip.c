/* test_torch_zip.c - PyTorch archives made in memory: good ones, a table of tricks, pickles that
 * ask for anything, and every byte changed. */
#include "core/file.h"
#include "core/mem.h"
#include "model/pickle.h"
#include "model/torch_zip.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

/* ---- pickles ---- */

#define TEXT(n, s) "X" n "\0\0\0" s
#define STORAGE(key, numel)                                                                        \
    "(" TEXT("\7", "storage") "ctorch\nFloatStorage\n" TEXT("\1", key) TEXT("\3", "cpu") "K" numel \
                                                                                         "tQ"
#define REBUILD "ctorch._utils\n_rebuild_tensor_v2\n"
#define HOOKS "\x89" "ccollections\nOrderedDict\n)R"
/* A tensor [2, 3], row-major, at element 0 of storage "0" of 6 elements. */
#define TENSOR REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3K\1\x86" HOOKS "tR"
#define ONE(tensor) "\x80\2}" TEXT("\1", "w") tensor "s."

typedef struct pickle {
    const char *p;
    size_t n;
    const char *says; /* NULL: good */
} pickle;

#define P(bytes, says) {bytes, sizeof(bytes) - 1, says}
static const pickle pickles[] = {
    P(ONE(TENSOR), NULL),
    P("\x80\2}.", NULL),
    P("\x80\2ccollections\nOrderedDict\n)R(" TEXT("\1", "w") TENSOR "u.", NULL),
    P("\x80\2}q\0(" TEXT("\1", "w") "ctorch._utils\n_rebuild_parameter\n" TENSOR "\x88"
                                    "ccollections\nOrderedDict\n)R\x87Ru.",
      NULL),
    P("\x80\2}" TEXT("\1", "w") TENSOR "s}" TEXT("\1", "v") "K\1sb.", NULL),
    P("", "ends within"),
    P("\x80", "ends within"),
    P("\x80\4}.", "protocol"),
    P("\x80\2}", "ends within"),
    P("\x80\2}.x", "behind its end"),
    P("\x80\2.", "dictionary"),
    P("\x80\2K\1.", "dictionary"),
    P("\x80\2}}.", "dictionary of tensors"),
    P("\x80\2}" TEXT("\1", "w") "K\1s.", "not a tensor"),
    P("\x80\2}" TEXT("\1", "w") "}s.", "not a tensor"),
    P("\x80\2}K\1" TENSOR "s.", "a text as the key"),
    P("\x80\2}(" TEXT("\1", "w") "u.", "without a value"),
    P("\x80\2"
      "cos\nsystem\n(X\2\0\0\0lstR.",
      "os.system"),
    P("\x80\2"
      "cposix\nsystem\n.",
      "posix.system"),
    P("\x80\2"
      "cbuiltins\neval\n.",
      "builtins.eval"),
    P("\x80\2"
      "ctorch\nload\n.",
      "torch.load"),
    P("\x80\2"
      "ctorch.storage\n_load_from_bytes\n.",
      "_load_from_bytes"),
    P("\x80\2"
      "ccollections\nOrderedDict",
      "without an end"),
    P("\x80\2"
      "ccollections\nOrderedDict\n(K\1tR.",
      "with arguments"),
    P("\x80\2(cos\nsystem\no.", "os.system"),
    P("\x80\2(ios\nsystem\n.", "INST"),
    P("\x80\2)\x81.", "NEWOBJ"),
    P("\x80\2\x8c\2osX\0\0\0\0\x93.", "0x8c"),
    P("\x80\2X\0\0\0\0X\0\0\0\0\x93.", "STACK_GLOBAL"),
    P("\x80\2"
      "ctorch\nFloatStorage\n)R.",
      "storage class"),
    P("\x80\2P0\n.", "PERSID"),
    P("\x80\2\x82\1.", "EXT1"),
    P("\x80\2K\1K\1R.", "expected a tuple"),
    P("\x80\2K\1)R.", "expected a name"),
    P("\x80\2)Q.", "not a storage"),
    P("\x80\2(K\1K\1K\1K\1K\1tQ.", "not a storage"),
    P("\x80\2u.", "no mark"),
    P("\x80\2t.", "no mark"),
    P("\x80\2\x86.", "empty stack"),
    P("\x80\2s.", "empty stack"),
    P("\x80\2(\x85.", "mark within"),
    P("\x80\2h\0.", "never put"),
    P("\x80\2q\0.", "nothing to remember"),
    P("\x80\2}q\1.", "out of order"),
    P("\x80\2}r\377\377\377\377.", "out of order"),
    P("\x80\2X\377\377\377\377a.", "beyond the end"),
    P("\x80\2X\5\0\0\0a.", "beyond the end"),
    P("\x80\2\x8a\11\0\0\0\0\0\0\0\0\0.", "64 bits"),
    P("\x80\2]a.", "no list"),
    P("\x80\2}b.", "attributes"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\1K\2K\3\x86K\3K\1\x86" HOOKS "tR"),
      "beyond its storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\5") "K\0K\2K\3\x86K\3K\1\x86" HOOKS "tR"),
      "beyond its storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\4K\1\x86" HOOKS "tR"),
      "beyond its storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\7K\3\x86K\0K\0\x86" HOOKS "tR"),
      "beyond its storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3\x85" HOOKS "tR"), "as many strides"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "J\377\377\377\377K\2K\3\x86K\3K\1\x86" HOOKS "tR"),
      "offset"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0J\377\377\377\377\x85K\1\x85" HOOKS "tR"),
      "out of range"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0J\377\377\377\177J\377\377\377\177\x86K\1K\1\x86" HOOKS
                                         "tR"),
      "beyond its storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "tR"), "other arguments"),
    P(ONE(REBUILD "(K\1K\0K\2\x85K\1\x85" HOOKS "tR"), "expected a storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\6K\1\x85" HOOKS "tR"), "a tuple of sizes"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0(K\1K\1K\1K\1K\1K\1K\1K\1K\1tK\1\x85" HOOKS "tR"),
      "8 dimensions"),
    /* what weights may hold besides: every opcode and number that is taken */
    P("\x80\3}.", NULL),
    P("\x80\2}q\0q\0j\0\0\0\0b.", NULL),
    P("\x80\2}" TEXT("\1", "w") TENSOR "s}" "U\1v" "](K\1NG\0\0\0\0\0\0\0\0eK\2asb.", NULL),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "\x8a\1\2\x8a\0\x8a\1\3\x86\x8a\1\3\x8a\10\1\0\0\0\0\0\0\0"
          "\x86" HOOKS "}tR"), NULL),
    P("\x80", "ends within"), P("\x80\2K", "ends within"), P("\x80\2M\1", "ends within"),
    P("\x80\2X\1", "ends within"), P("\x80\2G\1", "ends within"), P("\x80\2\x8a", "ends within"),
    P("\x80\2\x8a\2\1", "ends within"), P("\x80\2}q", "ends within"),
    P("\x80\2}r\0\0", "ends within"), P("\x80\2}q\0h", "ends within"),
    P("\x80\2U\5ab", "beyond the end"), P("\x80\2ctorch\nFloat", "without an end"),
    P("\x80\2R.", "expected a tuple, found nothing"),
    P("\x80\2}" TEXT("\1", "w") "(s.", "mark within a dictionary"),
    P("\x80\2K\1" TEXT("\1", "w") "K\1s.", "expected a dictionary, found"),
    P("\x80\2(" TEXT("\1", "w") "K\1u.", "expected a dictionary, found nothing"),
    P("\x80\2e.", "no mark"), P("\x80\2(e.", "expected a list, found nothing"),
    P("\x80\2K\1(e.", "expected a list"), P("\x80\2K\1K\1a.", "no list"),
    P("\x80\2K\1b.", "expected a dictionary"), P("\x80\2K\1}b.", "to give attributes to"),
    P("\x80\2ccollections\nCounter\n.", "collections.Counter"),
    P("\x80\2ctorch._utils\n_rebuild_sparse_tensor\n.", "_rebuild_sparse_tensor"),
    P("\x80\2ctorch._utils\n_rebuild_parameter\n)R.", "without a tensor"),
    P("\x80\2ctorch._utils\n_rebuild_parameter\nK\1\x85R.", "without a tensor"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3K\1\x86" HOOKS "}}tR"),
      "other arguments"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "NK\2K\3\x86K\3K\1\x86" HOOKS "tR"), "expected an offset"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2N\x86K\3K\1\x86" HOOKS "tR"), "a whole number"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86N" HOOKS "tR"), "a tuple of sizes"),
#define HUGE_ "\x8a\7\0\0\0\0\0\0\40" /* 2^53 */
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0\x8a\10\1\0\0\0\0\0\40\0\x85K\1\x85" HOOKS "tR"),
      "out of range"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0" HUGE_ HUGE_ "\x86K\1K\1\x86" HOOKS "tR"),
      "a shape that overflows"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0" HUGE_ "\x85" HUGE_ "\x85" HOOKS "tR"),
      "strides that overflow"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "\x8a\10\377\377\377\377\377\377\377\177" HUGE_ "K\2\x86"
          "M\0\4" HUGE_ "\x86" HOOKS "tR"), "strides that overflow"),
#define NO_STORAGE(id) P("\x80\2(" id "tQ.", "not a storage")
    NO_STORAGE("K\1ctorch\nFloatStorage\n" TEXT("\1", "0") TEXT("\1", "c") "K\1"),
    NO_STORAGE(TEXT("\6", "module") "ctorch\nFloatStorage\n" TEXT("\1", "0") TEXT("\1", "c") "K\1"),
    NO_STORAGE(TEXT("\7", "storage") "K\1" TEXT("\1", "0") TEXT("\1", "c") "K\1"),
    NO_STORAGE(TEXT("\7", "storage") "ccollections\nOrderedDict\n" TEXT("\1", "0")
               TEXT("\1", "c") "K\1"),
    NO_STORAGE(TEXT("\7", "storage") "ctorch\nFloatStorage\nK\0" TEXT("\1", "c") "K\1"),
    NO_STORAGE(TEXT("\7", "storage") "ctorch\nFloatStorage\n" TEXT("\1", "0") "NK\1"),
    NO_STORAGE(TEXT("\7", "storage") "ctorch\nFloatStorage\n" TEXT("\1", "0") TEXT("\1", "c") "N"),
    NO_STORAGE(TEXT("\7", "storage") "ctorch\nFloatStorage\n" TEXT("\1", "0") TEXT("\1", "c")
               "J\377\377\377\377"),
    P("\x80\2K\1Q.", "expected a tuple"),
};

Test(pickle, table)
{
    for (size_t i = 0; i < sizeof pickles / sizeof *pickles; i++) {
        sts_arena arena = {0};
        sts_err err = {0};
        sts_pickle_tensor *v;
        size_t n;
        unsigned char *exact = sts_alloc(pickles[i].n, 1); /* so that reading on is seen */
        if (pickles[i].n) memcpy(exact, pickles[i].p, pickles[i].n);
        int rc = sts_pickle_read(exact, pickles[i].n, "f", &arena, &v, &n, &err);
        const char *says = pickles[i].says;
        if (!says) cr_assert(!rc, "pickle %zu refused: %s", i, err.text);
        else
            cr_assert(rc && err.code == STS_MODEL && strstr(err.text, says), "pickle %zu (%s): %s",
                      i, says, rc ? err.text : "accepted");
        sts_arena_free(&arena);
        sts_free(exact);
    }
}

/* Loops of instructions that would fill the memory. */
Test(pickle, bounds)
{
    static const struct { const char *piece; size_t n; const char *says; } v[] = {
        {"N", 1, "65,536"}, {"(", 1, "65,536"}, {")", 1, "65,536"}, {"}", 1, "65,536"},
        {"K\1\x85", 3, "65,536"}, {"h\0", 2, "65,536"},
    };
    size_t size = 4 << 20;
    unsigned char *p = sts_alloc(size, 1);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        sts_arena arena = {0};
        sts_err err = {0};
        sts_pickle_tensor *t;
        size_t n;
        memcpy(p, "\x80\2Nq\0", 5);
        for (size_t at = 5; at + v[i].n <= size; at += v[i].n) memcpy(p + at, v[i].piece, v[i].n);
        cr_assert(sts_pickle_read(p, size, "f", &arena, &t, &n, &err));
        cr_assert(strstr(err.text, v[i].says), "%zu: %s", i, err.text);
        sts_arena_free(&arena);
    }
    sts_free(p);
}

static int read_text(const char *text, size_t n, sts_pickle_tensor *first, size_t *n_v,
                     sts_err *err)
{
    sts_arena arena = {0};
    sts_pickle_tensor *v;
    int rc = sts_pickle_read((const unsigned char *)text, n, "f", &arena, &v, n_v, err);
    if (!rc && *n_v) *first = v[0];
    sts_arena_free(&arena);
    return rc;
}

/* LONG1 of each length, with its sign: as an offset it must lie within the storage. */
Test(pickle, numbers)
{
    static const struct { const char *long1; size_t n; int64_t offset; } v[] = {
        {"\x8a\0", 2, 0}, {"\x8a\1\5", 3, 5}, {"\x8a\2\5\0", 4, 5}, {"\x8a\1\377", 3, -1},
        {"\x8a\2\0\200", 4, -1}, {"\x8a\10\5\0\0\0\0\0\0\0", 10, 5},
        {"\x8a\10\377\377\377\377\377\377\377\377", 10, -1},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        static const char head[] = "\x80\2}" TEXT("\1", "w") REBUILD "(" STORAGE("0", "\6");
        static const char tail[] = "))" HOOKS "tRs.";
        char text[256];
        memcpy(text, head, sizeof head - 1);
        memcpy(text + sizeof head - 1, v[i].long1, v[i].n);
        memcpy(text + sizeof head - 1 + v[i].n, tail, sizeof tail - 1);
        sts_err err = {0};
        sts_pickle_tensor t = {0};
        size_t n;
        int rc = read_text(text, sizeof head + sizeof tail - 2 + v[i].n, &t, &n, &err);
        if (v[i].offset < 0) cr_assert(rc && strstr(err.text, "offset"), "%zu: %s", i, err.text);
        else cr_assert(!rc && (int64_t)t.t.offset == v[i].offset, "%zu: %s", i, err.text);
    }
}

/* Long names are shown in part. */
Test(pickle, long_names)
{
    char text[1024], long_[301];
    memset(long_, 'n', 300), long_[300] = 0;
    sts_err err = {0};
    sts_pickle_tensor t;
    size_t n;
    int k = snprintf(text, sizeof text, "\x80\2c%s\n%s\n.", long_, long_);
    cr_assert(read_text(text, (size_t)k, &t, &n, &err) && strlen(err.text) < 300, "%s", err.text);
    k = snprintf(text, sizeof text, "\x80\2}T....%sNs.", long_);
    memcpy(text + 4, (unsigned char[]){300 & 255, 300 >> 8, 0, 0}, 4);
    cr_assert(read_text(text, (size_t)k, &t, &n, &err) && strstr(err.text, "is None") &&
                  strlen(err.text) < 300, "%s", err.text);
}

/* A pickle of `head`, `n` times `piece`, and `tail`. */
static char *repeat(const char *head, size_t n_head, const char *piece, size_t n_piece, size_t n,
                    const char *tail, size_t *size)
{
    *size = n_head + n * n_piece + strlen(tail);
    char *text = sts_alloc(*size + 1, 1);
    memcpy(text, head, n_head);
    for (size_t i = 0; i < n; i++) memcpy(text + n_head + i * n_piece, piece, n_piece);
    strcpy(text + n_head + n * n_piece, tail);
    return text;
}

/* The limits of what is remembered, of what is built, and of tensors. */
Test(pickle, limits)
{
    size_t size, n;
    sts_err err = {0};
    sts_pickle_tensor t;
    char *text = sts_alloc((size_t)5 * ((1 << 21) + 1) + 3, 1), *p = text;
    memcpy(p, "\x80\2N", 3), p += 3;
    for (uint32_t i = 0; i <= 1 << 21; i++, p += 5) *p = 'r', memcpy(p + 1, &i, 4);
    cr_assert(read_text(text, (size_t)(p - text), &t, &n, &err) &&
                  strstr(err.text, "out of order"));
    sts_free(text);
    /* a tuple of 60,000 values again and again: nothing is taken off but by the next */
    char *big = repeat("(", 1, "h\0", 2, 60000, "t", &size);
    size_t whole;
    text = repeat("\x80\2Nq\0", 5, big, size, 200, ".", &whole);
    cr_assert(read_text(text, whole, &t, &n, &err) && strstr(err.text, "too large for a list"),
              "%s", err.text);
    sts_free(big), sts_free(text);
    static const char head[] = "\x80\2}" TEXT("\1", "w") TENSOR "q\0s";
    static const char piece[] = TEXT("\1", "w") "h\0s";
    text = repeat(head, sizeof head - 1, piece, sizeof piece - 1, 99999, ".", &size);
    cr_assert(!read_text(text, size, &t, &n, &err) && n == 100000, "%s", err.text);
    sts_free(text);
    text = repeat(head, sizeof head - 1, piece, sizeof piece - 1, 100000, ".", &size);
    cr_assert(read_text(text, size, &t, &n, &err) && strstr(err.text, "100,000 tensors"), "%s",
              err.text);
    sts_free(text);
}

/* ---- archives ---- */

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
    int method; /* 0: stored */
} record;

/* A zip archive of these records, by hand: libzip would refuse to make some of them. */
static size_t make_zip(unsigned char *out, const record *v, size_t n)
{
    size_t at = 0, central = 0;
    unsigned char dirs[4096];
    for (size_t i = 0; i < n; i++) {
        unsigned char h[46] = {'P', 'K', 1, 2, 20, 0, 20};
        uint32_t crc = (uint32_t)crc32(0, v[i].bytes, (uInt)v[i].n), size = (uint32_t)v[i].n;
        uint16_t length = (uint16_t)strlen(v[i].name), method = (uint16_t)v[i].method;
        uint32_t offset = (uint32_t)at;
        memcpy(h + 10, &method, 2), memcpy(h + 16, &crc, 4), memcpy(h + 20, &size, 4);
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
static const struct {
    record v[4];
    size_t n;
    const char *says; /* NULL: good */
} archives[] = {
    {{PKL("m/data.pkl"), DATA}, 2, NULL},
    {{PKL("m/data.pkl"), DATA, {"m/byteorder", "little", 6, 0}, {"m/version", "3\n", 2, 0}},
     4,
     NULL},
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
    {{PKL("m/data.pkl"), DATA, {"m/..x", "x", 1, 0}}, 3, NULL},
    {{PKL("m/data.pkl"), DATA, {"m/byteorder", "little-endian", 13, 0}}, 3, "must be \"little\""},
    {{PKL(LONG_NAME "/data.pkl"), DATA}, 2, "its name is too long"},
    {{PKL("m/data.pkl"), {"m/data/0", numbers, 24, 8}}, 2, "compressed"},
    {{PKL("m/data.pkl"), DATA, {"m/constants.pkl", "x", 1, 0}}, 3, "TorchScript"},
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
        put_file(buf, make_zip(buf, archives[i].v, archives[i].n));
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
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        unsigned char buf[8192];
        record r[] = {{"m/data.pkl", v[i].p, v[i].n, 0}, DATA};
        sts_weights w;
        sts_err err;
        float x[6] = {0};
        put_file(buf, make_zip(buf, r, 2));
        cr_assert(!open_it(&w, &err), "%zu: %s", i, err.text);
        cr_assert(!sts_weights_read(&w, sts_weights_find(&w, "w"), x, &err), "%s", err.text);
        for (int k = 0; k < 6; k++) cr_assert_eq(x[k], v[i].want[k], "%zu: element %d", i, k);
        sts_weights_done(&w);
    }
}

/* Strides that need more of the memory than there is; what is no file in the place of one. */
Test(torch_zip, cannot)
{
    unsigned char buf[8192];
    record r[] = {{"m/data.pkl", TURNED, sizeof(TURNED) - 1, 0}, DATA};
    sts_weights w;
    sts_err err;
    float x[6];
    put_file(buf, make_zip(buf, r, 2));
    cr_assert(!open_it(&w, &err), "%s", err.text);
    sts_mem_fail(1, true);
    int rc = sts_weights_read(&w, sts_weights_find(&w, "w"), x, &err);
    sts_mem_fail(0, false);
    cr_assert(rc && err.code == STS_FAILED, "%d %s", err.code, err.text);
    sts_weights_done(&w);
    for (int pipe = 0; pipe < 2; pipe++) { /* of which none may be waited for */
        cr_assert(!remove(path) && !(pipe ? mkfifo(path, 0600) : mkdir(path, 0700)));
        cr_assert(open_it(&w, &err) && err.code == STS_FAILED &&
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
    size_t n = make_zip(buf, archives[0].v, 2), accepted = 0;
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
    put_file(buf, make_zip(buf, archives[0].v, 2));
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
