/* analyzer.h - for `make lint`: clang's analyzer reads one file at a time: this says
 * that whoever fails returns -1, and that an array which grew is there. */
#include "core/err.h"
#include "core/mem.h"

#define sts_fail(...) ((void)(sts_fail)(__VA_ARGS__), -1)
#define sts_fail_memory(err, what) ((void)(sts_fail_memory)(err, what), -1)
#define sts_fail_errno(err, path, what) ((void)(sts_fail_errno)(err, path, what), -1)
#define sts_fail_prefix(err, prefix) ((void)(sts_fail_prefix)(err, prefix), -1)
#define sts_grow(array, n, cap, size) ((sts_grow)(array, n, cap, size) || !*(array) ? -1 : 0)
