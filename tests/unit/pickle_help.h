/* pickle_help.h - pickles for tests, in pieces. */
#ifndef PICKLE_HELP_H
#define PICKLE_HELP_H

#include <stddef.h>

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

#endif
