/* analyzer.h - for `make lint`: clang's analyzer reads one file at a time: this says
 * that whoever fails returns -1. */
#include "core/err.h"

#define sts_fail(...) ((void)(sts_fail)(__VA_ARGS__), -1)
#define sts_fail_memory(err, what) ((void)(sts_fail_memory)(err, what), -1)
#define sts_fail_errno(err, path, what) ((void)(sts_fail_errno)(err, path, what), -1)
#define sts_fail_prefix(err, prefix) ((void)(sts_fail_prefix)(err, prefix), -1)
