/* test_pickle.c - pickles that ask for anything, numbers of every length, and the limits. */
#include "core/mem.h"
#include "format/pickle.h"
#include "pickle_help.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

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
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\7K\3\x86K\0K\0\x86" HOOKS "tR"), NULL),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\6K\7K\3\x86K\0K\0\x86" HOOKS "tR"),
      "beyond its storage"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3K\1\x86" HOOKS "NtR"), NULL),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3K\1\x86" HOOKS "}" TEXT("\3", "neg")
          "\x88stR"), "negated"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3K\1\x86" HOOKS "\x88tR"), "negated"),
    P(ONE(REBUILD "(" STORAGE("0", "\6") "K\0K\2K\3\x86K\3K\1\x86K\1}tR"), "requires_grad"),
    P(ONE("ctorch._utils\n_rebuild_parameter\n" TENSOR "\x85R"), "with other arguments"),
    P(ONE("ctorch._utils\n_rebuild_parameter\n" TENSOR "K\1}\x87R"), "with other arguments"),
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
    P("\x80\2ctorch._utils\n_rebuild_parameter\nK\1\x88}\x87R.", "without a tensor"),
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
